"""The reference of the facts says what the rulebook asks."""

from __future__ import annotations

import re

import pytest

import build_facts_reference
from lexloci.model.act import ActKind, Role
from lexloci.plan.records import LISTINGS, UNLISTED
from lexloci.rulebook.book import bundled_rulebook


@pytest.fixture(scope="module")
def written():
    """The committed page."""
    return build_facts_reference.PAGE.read_text(encoding="utf-8")


def section(page, title):
    return page.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def rows(page, title):
    """The rows of a section's table, as cells."""
    found = re.findall(r"^\| (`.*) \|$", section(page, title), re.MULTILINE)
    return [row.split(" | ") for row in found]


def test_the_committed_page_is_what_the_rulebook_says(written):
    now = build_facts_reference.page(bundled_rulebook(), build_facts_reference.vocabulary())
    assert written == now, "out of date; run: .venv/bin/python tools/build_facts_reference.py"


def test_every_fact_of_the_vocabulary_is_on_the_page(written):
    things = {row[0].strip("`") for row in rows(written, "Facts about things")}
    attributes = {row[0].strip("`") for row in rows(written, "Facts about parties")}
    of_parties = {f"{role.value}.{name}" for role in Role for name in attributes}
    known = {name for name in bundled_rulebook().vocabulary if not name.startswith(("reading.", "party."))}
    assert things | of_parties == known


def test_every_role_and_kind_of_act_is_on_the_page(written):
    assert all(f"`{role.value}`" in section(written, "Facts about parties") for role in Role)
    assert [row[0] for row in rows(written, "Kinds of act")] == [f"`{kind.value}`" for kind in ActKind]


def test_the_page_says_what_unlisted_speaks_for(written):
    text = section(written, "How an attestation names a fact")
    assert UNLISTED in text
    assert all(f"`{name}`" in text for name in LISTINGS)


def test_each_kind_of_authorisation_names_exactly_the_rules_that_it_lifts(written):
    said = {row[0].strip("`"): set(re.findall(r"`([^`]+)`", row[1])) for row in rows(written, "Kinds of authorisation")}
    for rule in bundled_rulebook().rules:
        for kind in rule.lifted_by:
            assert rule.id in said[kind]
    for kind, rules in said.items():
        assert all(kind in bundled_rulebook().rule(rule).lifted_by for rule in rules)


def test_each_contested_point_has_all_its_options(written):
    text = section(written, "Contested points")
    for name, point in bundled_rulebook().points.items():
        part = text.partition(f"### `{name}`\n")[2].partition("\n### ")[0]
        assert point.question in part
        assert set(re.findall(r"^- `([^`]+)`: ", part, re.MULTILINE)) == set(point.options)


def test_a_bar_in_a_question_does_not_break_the_table():
    assert build_facts_reference._cell("a | b") == "a \\| b"
