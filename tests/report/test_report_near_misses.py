"""Rules that one line alone keeps out: told once, the most severe first, at the leg that they belong to."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.console import Console

from lexloci.model.citation import Citation
from lexloci.model.determination import FactRead, NearMiss
from lexloci.model.fact import UNKNOWN
from lexloci.model.outcome import Outcome
from lexloci.report.json_form import determination_json
from lexloci.report.near_misses import MOST_SHOWN, NOTE, TITLE, at_most, near_miss_lines
from lexloci.report.why_html import why_html
from lexloci.report.why_text import why_text


def near(name="ban", outcome=Outcome.PROHIBITED, *, role="consignee", line="party.listed", value=False):
    facts = (FactRead(f"{role}.listed", value, "list of 2026-01-01"),)
    return NearMiss(f"example.{name}", f"Rule {name}", outcome, Citation(f"Code {name}"), line, facts, role)


def text(determination):
    paper = io.StringIO()
    Console(file=paper, width=200, color_system=None).print(why_text(determination))
    return paper.getvalue()


@pytest.fixture
def answer(make):
    """An answer whose leg has as many near misses as are given."""

    def with_near(*found):
        whole = make.determination(near_misses=())
        return replace(whole, legs=(replace(whole.legs[0], near_misses=found),))

    return with_near


def test_the_same_line_asked_for_several_parties_is_told_once():
    lines = near_miss_lines([near(role="consignee"), near(role="end_user"), near(role="consignee")])
    words = "prohibited: Rule ban, Code ban (example.ban) fails on: party.listed; read: "
    assert lines == [f"{words}consignee.listed = no, end_user.listed = no"]


def test_the_most_severe_comes_first_and_a_permission_last():
    found = [near("permit", Outcome.PERMITTED), near("mild", Outcome.LICENCE_CASE_BY_CASE), near("ban"), near("also")]
    assert [line.partition(",")[0] for line in near_miss_lines(found)] == [
        "prohibited: Rule also",
        "prohibited: Rule ban",
        "licence required",
        "permitted: Rule permit",
    ]


def test_what_was_read_is_told_and_nothing_where_nothing_was():
    assert near_miss_lines([near(value=UNKNOWN)])[0].endswith("read: consignee.listed = unknown")
    assert near_miss_lines([replace(near(), facts=())])[0].endswith("fails on: party.listed")


@pytest.mark.parametrize(("count", "rest"), [(MOST_SHOWN, None), (MOST_SHOWN + 1, 1), (MOST_SHOWN + 5, 5)])
def test_the_terminal_shows_some_and_counts_the_rest(answer, count, rest):
    shown = text(answer(*(near(f"ban{number}") for number in range(count))))
    assert f"{TITLE} ({NOTE})" in shown
    assert shown.count("fails on: party.listed") == MOST_SHOWN
    assert ("more (--json has all)" in shown) is (rest is not None)
    assert rest is None or f"and {rest} more (--json has all)" in shown
    assert at_most(["a"]) == ["a"]


def test_html_folds_them_whole_at_their_leg(answer):
    page = why_html(answer(*(near(f"ban{number}") for number in range(MOST_SHOWN + 3))))
    folded = page[page.index('<details class="leg"') :]
    assert f"<summary>One condition away ({MOST_SHOWN + 3})</summary>" in folded
    assert folded.count("fails on: party.listed") == MOST_SHOWN + 3
    assert NOTE.capitalize() in folded


def test_an_answer_without_near_misses_has_no_such_part(answer):
    assert TITLE not in text(answer())
    assert TITLE.capitalize() not in why_html(answer())


def test_html_shows_those_of_an_answer_without_legs(make):
    bare = replace(make.determination(), legs=(), near_misses=(near(),))
    assert "One condition away (1)" in why_html(bare)
    assert "fails on: party.listed" in text(bare)


def test_a_name_in_them_is_made_harmless(answer):
    odd = replace(near(line='party.name == "<b>\x1b[31m"'), title="<script>")
    page = why_html(answer(odd))
    assert "<script>" not in page
    assert "<b>" not in page
    assert "\x1b" not in text(answer(odd))


def test_json_has_all_of_them_whole(answer):
    found = tuple(near(f"ban{number}") for number in range(MOST_SHOWN + 3))
    form = determination_json(answer(*found))
    assert form["near_misses"] == []
    assert len(form["legs"][0]["near_misses"]) == MOST_SHOWN + 3
    assert form["legs"][0]["near_misses"][0] == {
        "rule": "example.ban0",
        "title": "Rule ban0",
        "outcome": "prohibited",
        "citation": {"text": "Code ban0", "url": ""},
        "line": "party.listed",
        "facts": [{"name": "consignee.listed", "state": "known", "value": False, "origin": "list of 2026-01-01"}],
        "party": "consignee",
    }
