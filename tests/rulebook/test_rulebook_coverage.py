"""The page of what is modelled is what the instruments say, and gives a reason for each silence and each overlap."""

from __future__ import annotations

import re

import pytest

import build_coverage_reference as builder
from lexloci.model.portfolio import Basis
from lexloci.report.coverage_table import coverage_json, folder_title
from lexloci.rulebook.analyse import Analysis
from lexloci.rulebook.book import bundled_rulebook
from lexloci.rulebook.decided_cases import RULEBOOK_FOLDER, bundled_cases
from lexloci.rulebook.instruments import bundled_instruments

PAGE = builder.PAGE.read_text(encoding="utf-8")
RULEBOOK = bundled_rulebook()
INSTRUMENTS = bundled_instruments()
FOLDERS = {path.parent.name for path in RULEBOOK_FOLDER.glob("*/rules")}
REASONS = builder.reasons()
ANALYSIS = Analysis(RULEBOOK, Basis.TEXT, RULEBOOK.reviewed, None, lambda parts, _: parts)


def test_the_committed_page_is_what_the_instruments_say():
    now = builder.page(RULEBOOK, INSTRUMENTS, REASONS)
    assert now == PAGE, "out of date; run: .venv/bin/python tools/build_coverage_reference.py"


def test_every_rule_and_every_instrument_of_every_body_is_on_the_page():
    named = set(re.findall(r"`([a-z0-9_]+\.[a-z0-9_]+)`", PAGE))
    assert {rule.id for rule in RULEBOOK.rules} <= named
    assert [one.id for one in INSTRUMENTS if f"| {one.id}: " not in PAGE] == []


def test_every_folder_of_the_rulebook_is_counted_on_the_page():
    rows = re.findall(r"^\| `([a-z_]+)` \| [^|]+ \| ([0-9 |]+) \| [0-9-]{10} \|$", PAGE, re.MULTILINE)
    counts = {folder: sum(int(one) for one in numbers.split(" | ")) for folder, numbers in rows}
    assert counts.keys() == FOLDERS
    assert counts == {folder: sum(one.folder == folder for one in INSTRUMENTS) for folder in FOLDERS}


def test_every_folder_tells_a_lawyer_what_it_models():
    for folder in FOLDERS:
        assert len((RULEBOOK_FOLDER / folder / "README.md").read_text(encoding="utf-8")) > 300


def test_a_table_of_the_page_has_the_same_cells_in_every_row():
    for table in re.findall(r"(?:^\|.*\|\n)+", PAGE, re.MULTILINE):
        assert len({len(re.findall(r"(?<!\\)\|", row)) for row in table.splitlines()}) == 1


def test_a_policy_target_is_on_the_page_and_is_no_law():
    section = PAGE.partition("## Policy targets")[2].partition("\n## ")[0]
    assert "no duty, and no rule reads them" in section
    assert "> 70 percent | 2027" in section
    assert "> 90 percent | 2030" in section


@pytest.fixture(scope="module")
def gaps():
    """Each body and kind of act with a gap; whether the body has rules for others of the kind."""
    return {(gap.body, gap.kind.value): gap.has_rules for gap in ANALYSIS.gaps()}


def test_every_gap_that_the_analysis_finds_has_its_reason_on_the_page(gaps):
    explained = {(body, kind) for one in REASONS["holes"] for body in one["bodies"] for kind in one["kinds"]}
    assert {one for one, has_rules in gaps.items() if has_rules} - explained == set()
    assert explained - gaps.keys() == set(), "these have a reason and are no gap any more"


def test_every_kind_of_act_without_a_rule_has_its_reason_on_the_page(gaps):
    silent = {(body, kind.value) for body, kinds in builder.kinds_without_rule(RULEBOOK).items() for kind in kinds}
    assert {one for one, has_rules in gaps.items() if not has_rules} <= silent
    assert {body for body, _ in silent} == {body for one in REASONS["silent"] for body in one["bodies"]}


def test_no_overlap_and_no_conflict_is_unexplained():
    found = ANALYSIS.overlaps()
    assert {one.rules[1] for one in found if not one.is_conflict} == REASONS["overlaps"].keys()
    assert {one.rules[0] for one in found if one.is_conflict} == REASONS["conflicts"].keys()


def test_a_bar_in_a_text_does_not_break_the_table():
    assert builder._cell("a | b") == "a \\| b"


def test_the_json_counts_what_the_rulebook_holds():
    form = coverage_json(RULEBOOK, bundled_cases(), INSTRUMENTS)
    assert sum(one["rules"] for one in form["folders"]) == len(RULEBOOK.rules)
    assert sum(one["cases"] for one in form["folders"]) == len(bundled_cases())
    assert sum(sum(one["statuses"].values()) for one in form["folders"]) == len(form["instruments"])
    assert all(sum(one["levels"].values()) == one["rules"] == sum(one["effects"].values()) for one in form["folders"])
    assert {one["folder"] for one in form["folders"]} == FOLDERS


def test_a_folder_of_another_package_has_no_title_here():
    assert folder_title("us_ear").startswith("Export Administration Regulations")
    assert folder_title("zz_law") == ""
