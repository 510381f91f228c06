"""The audit names what must be read again, in the order in which it stops deciding, whatever day it is."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from lexloci.law.compiled import compile_rulebook, read_compiled
from lexloci.law.rule import RulebookSource
from lexloci.model.citation import Verification
from lexloci.report.audit_table import audit_json, audit_tables
from lexloci.rulebook.audit import AuditedSource, audited_law, in_order, last_day
from lexloci.rulebook.book import FOLDER, bundled_rulebook
from lexloci.rulebook.instruments import bundled_instruments, load_instruments

RULEBOOK = bundled_rulebook()
LAW = audited_law(RULEBOOK, bundled_instruments())


def source(name="one", until=date(2026, 3, 1), level=Verification.PRIMARY, to_confirm=()):
    return AuditedSource("instrument", name, f"title of {name}", "founders", date(2026, 1, 1), "a place", level, until,
                         ("a.rule",), to_confirm)  # fmt: skip


def printed(parts):
    console = Console(width=160, file=io.StringIO())
    for part in parts:
        console.print(part)
    return " ".join(console.file.getvalue().split())


def test_every_instrument_is_audited_with_what_rests_on_it():
    by_id = {one.id: one for one in LAW}
    assert by_id.keys() == {one.id for one in bundled_instruments()}
    assert {name for one in LAW for name in one.holds} >= {rule.id for rule in RULEBOOK.rules}
    assert set(by_id["US-16-H200-RULE"].holds) >= {"us_ear.h200_rule", "h200_tpp", "china_and_macau"}


def test_no_source_of_law_decides_longer_than_its_rulebook():
    end = last_day(RULEBOOK.reviewed, RULEBOOK.limit_days)
    assert min(one.until for one in LAW) >= end
    assert all(one.until == last_day(one.on, RULEBOOK.limit_days) for one in LAW)


def test_a_source_decides_on_its_last_day_and_not_on_the_next():
    one = source(until=date(2026, 3, 1))
    assert not one.is_past(date(2026, 3, 1))
    assert one.is_past(date(2026, 3, 2))


@given(st.dates(), st.integers(0, 40_000))
def test_the_last_day_is_as_many_days_later_as_the_limit_and_never_overflows(day, limit_days):
    end = last_day(day, limit_days)
    assert end == date.max or end - day == timedelta(days=limit_days)


@given(st.lists(st.dates(), max_size=8), st.dates())
def test_what_is_past_comes_before_what_is_not(days, known_at):
    ordered = in_order(source(str(place), day) for place, day in enumerate(days))
    past = [one.is_past(known_at) for one in ordered]
    assert past == sorted(past, reverse=True)
    assert [one.until for one in ordered] == sorted(days)


@pytest.mark.parametrize(
    ("level", "to_confirm", "is_to_be_confirmed"),
    [
        (Verification.PRIMARY, (), False),
        (Verification.QUOTED, (), False),
        (Verification.SECONDARY, (), True),
        (Verification.RECALLED, (), True),
        (Verification.UNPUBLISHED, (), True),
        (None, (), False),
        (Verification.PRIMARY, ("a.rule",), True),
    ],
)
def test_what_nobody_saw_is_to_be_confirmed(level, to_confirm, is_to_be_confirmed):
    assert source(level=level, to_confirm=to_confirm).is_to_be_confirmed is is_to_be_confirmed


def test_every_rule_whose_text_was_not_seen_is_listed_to_be_confirmed():
    listed = {name for one in LAW for name in one.to_confirm}
    weak = {rule.id for rule in RULEBOOK.rules if rule.verification not in (Verification.PRIMARY, Verification.QUOTED)}
    assert weak
    assert {name for name in listed if "." in name and name not in RULEBOOK.points} == weak


def test_an_added_rulebook_that_says_nothing_of_its_sources_is_audited_as_a_whole():
    added = replace(RULEBOOK, sources=(RulebookSource("lexloci-zz", "2026.03.01", date(2026, 2, 1), 90),))
    last = audited_law(added, bundled_instruments())[-1]
    assert (last.kind, last.id, last.on, last.until) == (
        "rulebook",
        "lexloci-zz",
        date(2026, 2, 1),
        date(2026, 5, 2),
    )
    assert "no instruments.yaml" in last.where


def test_a_compiled_rulebook_is_audited_like_its_folders():
    compiled = read_compiled(compile_rulebook(RULEBOOK), "compiled")
    assert audited_law(compiled, load_instruments(compiled, FOLDER)) == LAW


def test_the_table_shows_what_is_past_first_and_what_comes_next():
    sources = in_order([source("late", date(2026, 5, 1)), source("early", date(2026, 2, 1))])
    said = printed(audit_tables(sources, date(2026, 3, 1)))
    assert "1 of 2 sources are past their review date on 2026-03-01" in said
    assert "title of early" in said
    assert "title of late" not in said
    assert "next: late decide until 2026-05-01" in said


def test_where_nothing_is_past_the_table_says_so():
    said = printed(audit_tables([source()], date(2026, 3, 1)))
    assert "none of 1 sources is past its review date on 2026-03-01" in said


def test_where_all_is_past_nothing_decides():
    said = printed(audit_tables([source()], date(2026, 3, 2)))
    assert "no source decides any more" in said


def test_the_table_of_what_is_to_be_confirmed_names_the_rules():
    weak = source("weak", level=Verification.SECONDARY, to_confirm=tuple(f"a.rule_{n}" for n in range(8)))
    said = printed(audit_tables([weak, source("strong")], date(2026, 1, 2)))
    assert "to be confirmed: 1 sources hold something" in said
    assert "a.rule_5 and 2 more" in said


def test_the_json_has_every_source_with_all_names():
    names = tuple(f"a.rule_{n}" for n in range(8))
    (form,) = audit_json([source("weak", level=Verification.SECONDARY, to_confirm=names)], date(2026, 3, 2))
    assert form["to_confirm"] == list(names)
    assert (form["level"], form["is_past"], form["until"]) == ("secondary", True, "2026-03-01")
