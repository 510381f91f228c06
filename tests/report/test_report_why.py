"""Why an answer is as it is, in HTML and in the terminal: nothing lost, nothing twice, nothing dangerous."""

from __future__ import annotations

import io
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from lexloci.model.citation import Citation
from lexloci.model.determination import FactRead, FindingStatus
from lexloci.model.fact import ABSENT, UNKNOWN
from lexloci.model.outcome import Outcome
from lexloci.report.finding_order import all_findings, own_findings, without
from lexloci.report.outcome_style import style_of
from lexloci.report.plain import plain
from lexloci.report.why_html import citation_html, why_html
from lexloci.report.why_text import why_text
from lexloci.report.why_words import duty_words, settled_words, value_words

PROMISED = (
    "permitted with duties",
    "Rule on placement",
    "1 Example Code placement",
    "No person may placement without a record.",
    "in force since 2025-01-01",
    "item.listed",
    "portfolio.yaml:12",
    "Where are its headquarters?",
    "Is renting a transfer?",
    "Open, no reading adopted",
    "Reading adopted by A. Officer, compliance on 2025-12-01, on the advice of Counsel LLP",
    "Keep the record for five years, 30 days ahead",
    "One forbids what the other requires",
    "tenant.red_flags_resolved = yes: A. Officer, 2026-01-02, on file 7",
    "Rule on signal",
    "Rule on exposure",
    "Rule on note",
    "another site",
    "Rule on near items, 1 Example Code near (example.near) fails on: item.near; read: item.near = no",
    "on the basis of text: licence required, presumption of denial",
    "party list of 2026-01-01: 14 days old, within its limit of 30 days",
    "price table of 2024-01-01: 745 days old, PAST ITS LIMIT of 365 days",
    "as of 2026-01-15, known at 2026-01-15, on the basis of enforcement, rulebook 2026.1",
)


class Reader(HTMLParser):
    """The words, links and tags of a piece of HTML; an unbalanced tag is an error."""

    def __init__(self):
        super().__init__()
        self.words, self.links, self.tags, self.open = [], [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name == "href"]
        if tag not in ("br", "meta"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)


def read(html):
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    return reader


def html_words(determination):
    return " ".join("".join(read(why_html(determination)).words).split())


def terminal_words(determination, width=4000):
    console = Console(file=io.StringIO(), width=width, color_system=None)
    console.print(why_text(determination))
    return console.file.getvalue()


@pytest.mark.parametrize("promised", PROMISED)
def test_the_html_shows(make, promised):
    assert promised in html_words(make.determination())


@pytest.mark.parametrize("promised", PROMISED)
def test_the_terminal_shows(make, promised):
    assert promised in terminal_words(make.determination())


def test_a_finding_of_a_leg_is_shown_once_at_its_leg(make):
    assert why_html(make.determination()).count("Rule on placement") == 1
    assert terminal_words(make.determination()).count("Rule on placement") == 1


def test_a_finding_that_no_leg_holds_stays_at_the_root(make):
    lone = make.finding("lone")
    answer = make.determination(findings=(lone,))
    assert own_findings(answer)[0] == lone
    assert "Rule on lone" in html_words(answer)


def test_what_only_a_leg_misses_is_shown_at_the_leg(make):
    answer = make.determination()
    own = replace(answer.missing[0], question="Who pays?")
    answer = replace(answer, legs=(replace(answer.legs[0], missing=(own,)),))
    assert "Who pays?" in html_words(answer)
    assert "Who pays?" in terminal_words(answer)


def test_the_statuses_of_findings_are_words_and_the_fired_come_first(make):
    mixed = [make.finding(f"f{place}", status=status) for place, status in enumerate(reversed(FindingStatus))]
    answer = make.determination(findings=tuple(mixed), legs=(), signals=(), exposures=(), notes=())
    assert [item.status for item in all_findings(answer)] == list(FindingStatus)
    shown = html_words(answer)
    assert all(status.value in shown for status in FindingStatus)


def test_among_equal_statuses_the_severest_comes_first(make):
    mild, hard = make.finding("a"), make.finding("b", outcome=Outcome.PROHIBITED)
    answer = make.determination(findings=(mild, hard), legs=(), signals=(), exposures=(), notes=())
    assert [item.rule for item in all_findings(answer)] == ["example.b", "example.a"]


def test_human_review_says_what_is_certain_and_what_is_possible(make):
    answer = make.determination(outcome=Outcome.HUMAN_REVIEW, certain=Outcome.PERMITTED, possible=Outcome.PROHIBITED)
    words = "certain: permitted; worst possible: prohibited"
    assert settled_words(answer) == words
    assert words in html_words(answer)
    assert words in terminal_words(answer)


def test_an_unknown_fact_is_marked_in_html(make):
    assert "class=unknown" in why_html(make.determination())


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (UNKNOWN, "unknown"),
        (ABSENT, "absent"),
        ("unknown", "“unknown”"),
        ("", "“”"),
        (True, "yes"),
        (False, "no"),
        (4800, "4,800"),
        (0.5, "0.5"),
        ("CN", "CN"),
    ],
)
def test_a_value_is_a_word_and_a_text_never_poses_as_unknown(value, words):
    assert value_words(value) == words


def test_a_duty_not_on_record_says_so(make):
    duty = make.determination().duties[0]
    assert "not on record" in duty_words(duty)
    assert "on record: file 9" in duty_words(replace(duty, on_record="file 9"))


def test_a_citation_links_to_its_source(make):
    assert "https://example.org/placement" in read(why_html(make.determination())).links


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//example.org", ""])
def test_a_citation_links_to_nothing_but_the_web(url):
    assert read(citation_html(Citation("Art. 1", url))).links == []


def test_a_leg_without_findings_says_that_no_rule_was_met(make):
    answer = make.determination()
    answer = replace(answer, findings=(), legs=(replace(answer.legs[0], findings=()),))
    assert "No rule was met" in html_words(answer)
    assert "no rule was met" in terminal_words(answer)


def test_without_keeps_order_and_drops_what_was_shown():
    assert without(["c", "a", "b", "a"], ["b"]) == ["c", "a"]


@settings(max_examples=40, deadline=None)
@given(words=st.text(min_size=1))
def test_hostile_words_open_no_tag_in_html(make, words):
    hostile = make.finding(title=words, reason=words, text=words, party=words, facts=(FactRead(words, words, words),))
    answer = make.determination(words, subject=words, findings=(hostile,))
    calm = make.determination("x", subject="x", findings=(make.finding(facts=(FactRead("x", "x", "x"),)),))
    assert read(why_html(answer)).tags == read(why_html(calm)).tags


@settings(max_examples=40, deadline=None)
@given(words=st.text())
def test_the_terminal_gets_no_escape_and_no_markup_from_names(make, words):
    shown = terminal_words(make.determination(subject=f"{words}\x1b[2J[red]name[/red]"))
    assert "\x1b" not in shown
    assert "[red]name[/red]" in shown


@pytest.mark.parametrize("outcome", list(Outcome))
def test_the_terminal_shows_glyph_and_word(make, outcome):
    shown = terminal_words(make.determination(outcome=outcome))
    assert f"{style_of(outcome).glyph} {outcome.value}" in shown


@pytest.mark.parametrize("name", ["阿里云", "شركة المثال", "“quoted” & <b>"])
def test_names_in_any_script_are_shown_whole(make, name):
    answer = make.determination(findings=(make.finding(party=name),))
    assert plain(name) in html_words(answer)
    assert plain(name) in terminal_words(answer)
