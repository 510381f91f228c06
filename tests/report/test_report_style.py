"""Outcomes are told apart without colour and can be read; names do no harm; figures are rounded right."""

from __future__ import annotations

import itertools
import unicodedata
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lexloci.model.estimate import Range
from lexloci.model.outcome import Outcome
from lexloci.report import figures
from lexloci.report.outcome_style import (
    PAPER,
    STYLES,
    badge_html,
    css_class,
    mark_svg,
    outcome_css,
    strictest,
    style_of,
)
from lexloci.report.plain import escape, plain, shortened, text_width, wrapped


def luminance(colour):
    """Relative luminance, WCAG 2.2."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_contrast_oracle_knows_black_on_white():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


def test_every_outcome_has_a_style():
    assert set(STYLES) == set(Outcome)


@pytest.mark.parametrize("outcome", list(Outcome))
def test_every_outcome_can_be_read_on_paper_and_on_its_tint(outcome):
    style = style_of(outcome)
    assert contrast(style.colour, PAPER) >= 4.5
    assert contrast(style.colour, style.tint) >= 4.5


@pytest.mark.parametrize("part", ["word", "short", "glyph", "shape", "colour", "tint"])
def test_no_two_outcomes_share_a_word_a_shape_or_a_colour(part):
    assert len({getattr(style, part) for style in STYLES.values()}) == len(Outcome)


@pytest.mark.parametrize("outcome", [outcome for outcome in Outcome if outcome.is_licence])
def test_a_short_word_never_reads_as_a_licence_granted(outcome):
    assert "presumed" in style_of(outcome).short or "case by case" in style_of(outcome).short


@pytest.mark.parametrize("outcome", list(Outcome))
def test_a_badge_shows_shape_and_word(outcome):
    badge = ET.fromstring(badge_html(outcome))
    assert badge.find(".//path").get("d") == style_of(outcome).shape
    assert outcome.value in "".join(badge.itertext())


@pytest.mark.parametrize("outcome", list(Outcome))
def test_a_badge_takes_its_colour_from_the_sheet(outcome):
    assert css_class(outcome) in badge_html(outcome)
    assert f".{css_class(outcome)}{{color:{style_of(outcome).colour}" in outcome_css()


def test_a_mark_stands_where_it_was_put():
    assert "translate(12.0 34.5)" in ET.fromstring(mark_svg(Outcome.PROHIBITED, 12, 34.5, 8)).get("transform")


def test_the_strictest_of_nothing_is_nothing():
    assert strictest([]) is None


@pytest.mark.parametrize(("one", "other"), list(itertools.combinations([o for o in Outcome if o.is_placeable], 2)))
def test_human_review_is_shown_above_what_is_allowed(one, other):
    assert strictest([one, Outcome.HUMAN_REVIEW, other]) is Outcome.HUMAN_REVIEW


def test_prohibited_is_shown_above_human_review():
    assert strictest([Outcome.HUMAN_REVIEW, Outcome.PROHIBITED, Outcome.PERMITTED]) is Outcome.PROHIBITED


@given(st.text())
def test_a_plain_text_holds_no_control_and_no_direction_override(text):
    shown = plain(text)
    assert len(shown) == len(text)
    assert not any(unicodedata.category(character) in ("Cc", "Cs") for character in shown)
    assert not set(shown) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@given(st.text())
def test_an_escaped_text_is_one_text_in_xml_as_content_and_as_attribute(text):
    element = ET.fromstring(f'<a b="{escape(text)}">{escape(text)}</a>')
    assert list(element) == []
    assert (element.text or "") == plain(text)
    assert element.get("b") == plain(text)


@pytest.mark.parametrize("text", ["阿里云", "شركة", "חברה", "Ünïcødé", "東京", "서울", "Москва"])
def test_letters_of_every_script_stay(text):
    assert plain(text) == text


@given(st.text(max_size=80), st.integers(min_value=20, max_value=400))
def test_a_shortened_text_fits_its_width(text, width):
    assert text_width(shortened(text, 12, width), 12) <= width


@given(st.text(max_size=200), st.integers(min_value=1, max_value=3))
def test_a_wrapped_text_has_no_more_lines_than_asked_and_each_fits(text, lines):
    found = wrapped(text, 12, 150, lines)
    assert len(found) <= lines
    assert all(text_width(line, 12) <= 150 for line in found)


def test_a_wrapped_text_that_fits_loses_no_word():
    assert " ".join(wrapped("no pool has the chips in time", 12, 120, 5)) == "no pool has the chips in time"


@pytest.mark.parametrize(
    ("figure", "words"),
    [
        (0, "0"),
        (1234567, "1,230,000"),
        (999.6, "1,000"),
        (38.04, "38.0"),
        (0.01234, "0.0123"),
        (-5.678, "-5.68"),
        (float("inf"), "—"),
        (float("nan"), "—"),
    ],
)
def test_figures_have_three_significant_digits(figure, words):
    assert figures.significant(figure) == words


def test_units_are_converted_with_the_interval():
    day = Range(86400.0, 43200.0, 172800.0)
    assert figures.days(day) == "1.00 (0.500–2.00)"
    assert figures.megawatt_hours(Range(2500, 2000, 3000)) == "2.50 (2.00–3.00)"
    assert figures.tonnes(Range(2500, 2000, 3000)) == "2.50 (2.00–3.00)"
    assert figures.percent(Range(0.38, 0.31, 0.44)) == "38.0 (31.0–44.0)"


def test_a_figure_without_spread_shows_no_interval():
    assert figures.interval(Range(5, 5, 5)) == "5.00"


def test_money_that_is_not_known_is_a_dash_and_never_zero():
    assert figures.usd(None) == figures.usd(float("nan")) == "—"
    assert figures.usd_change(None, 5) == figures.usd_change(5, float("inf")) == "—"
    assert figures.usd(1234.6) == "1,235"
    assert figures.usd_change(10, 4) == "-6"
    assert figures.usd_change(4, 10) == "+6"
