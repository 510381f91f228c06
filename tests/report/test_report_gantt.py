"""The bars over time: where they start and end, what they say, and who has none."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lexloci.model.outcome import Outcome
from lexloci.report.outcome_style import style_of
from lexloci.report.svg_gantt import gantt_svg, month_ticks

SVG = "{http://www.w3.org/2000/svg}"


def drawn(plan, portfolio):
    return ET.fromstring(gantt_svg(plan, portfolio))


def rows(picture):
    return [group for group in picture.iter(f"{SVG}g") if group.get("class") == "row"]


def by_class(picture, name):
    return [node for node in picture.iter() if node.get("class") == name]


def words(node):
    return " ".join("".join(text.itertext()) for text in node.iter(f"{SVG}text"))


def bar(row):
    return by_class(row, "bar")[0].find(f"{SVG}rect")


def test_every_workload_has_a_row_in_the_order_of_the_portfolio(make):
    found = [words(row) for row in rows(drawn(make.plan(), make.portfolio()))]
    names = [workload.name for workload in make.portfolio().workloads]
    assert len(found) == len(names)
    assert all(row.startswith(name[:20]) for row, name in zip(found, names, strict=True))


def test_place_and_chips_stand_beneath_the_name(make):
    assert "Johor A · 512 × h200" in words(rows(drawn(make.plan(), make.portfolio()))[0])


def test_a_bar_has_the_share_of_the_axis_that_its_days_have(make):
    first, second, *_ = rows(drawn(make.plan(), make.portfolio()))
    days = (date(2026, 3, 13) - date(2026, 2, 1)).days, (date(2026, 4, 1) - date(2026, 2, 10)).days
    assert float(bar(first).get("width")) / float(bar(second).get("width")) == pytest.approx(
        days[0] / days[1], rel=0.01
    )


def test_bars_start_in_the_order_of_their_dates(make):
    starts = [float(bar(row).get("x")) for row in rows(drawn(make.plan(), make.portfolio()))[:4]]
    assert starts == sorted(starts)


def test_a_bar_carries_the_shape_and_the_word_of_its_outcome(make):
    row = rows(drawn(make.plan(), make.portfolio()))[1]
    assert style_of(Outcome.PERMITTED).shape in [path.get("d") for path in row.iter(f"{SVG}path")]
    assert "permitted" in words(row)


def test_only_a_conditional_bar_is_hatched_and_it_says_on_what(make):
    picture = drawn(make.plan(), make.portfolio())
    hatched = [
        "url(#gantt-hatch-" in "".join(rect.get("fill") for rect in row.iter(f"{SVG}rect")) for row in rows(picture)
    ]
    assert hatched == [False, False, False, True, False]
    title = by_class(rows(picture)[3], "bar")[0].find(f"{SVG}title").text
    assert "conditional on licence of the example authority" in title


def test_a_short_conditional_bar_still_shows_that_it_is_conditional(make):
    short = make.placement(conditional_on=("licence X",), start=date(2026, 2, 1), end=date(2026, 2, 2))
    row = rows(drawn(make.plan(placements=(short,), unplaced=()), make.portfolio()))[0]
    assert "*" in words(row)


def test_a_workload_without_a_place_says_why(make):
    row = rows(drawn(make.plan(), make.portfolio()))[4]
    assert by_class(row, "bar") == []
    assert by_class(row, "no-place")[0].find(f"{SVG}title").text == make.plan().unplaced[0].why
    assert "important data may not leave" in words(row)


def test_the_day_of_the_plan_is_marked(make):
    assert words(by_class(drawn(make.plan(), make.portfolio()), "as-of")[0]) == "as of 2026-01-15"


def test_a_deadline_is_marked_on_its_row(make):
    first, second, *_ = rows(drawn(make.plan(), make.portfolio()))
    assert by_class(first, "deadline")[0].find(f"{SVG}title").text == "deadline 2026-05-01"
    assert by_class(second, "deadline") == []


def test_a_plan_without_workloads_is_still_a_picture(make):
    picture = drawn(make.plan(placements=(), unplaced=()), make.portfolio(workloads=()))
    assert rows(picture) == []


def test_ticks_are_firsts_of_months_and_name_the_year_once(make):
    found = [node.text for node in by_class(drawn(make.plan(), make.portfolio()), "tick")]
    assert found == ["Feb 2026", "Mar", "Apr", "May", "Jun", "Jul"]


@given(st.dates(date(2000, 1, 1), date(2050, 1, 1)), st.integers(0, 20_000))
def test_ticks_lie_in_the_span_and_are_few(first, span):
    last = date.fromordinal(first.toordinal() + span)
    ticks = month_ticks(first, last)
    assert len(ticks) <= 14
    assert all(first <= tick <= last and tick.day == 1 for tick in ticks)
    assert ticks == sorted(set(ticks))


@settings(max_examples=30, deadline=None)
@given(name=st.text(), why=st.text())
def test_any_name_gives_well_formed_svg(make, name, why):
    jobs = (make.workload("train", name), make.workload("lost", name))
    lost = replace(make.plan().unplaced[0], why=why)
    picture = drawn(make.plan(unplaced=(lost,)), make.portfolio(workloads=jobs))
    ids = [node.get("id") for node in picture.iter() if node.get("id")]
    assert len(ids) == len(set(ids))
