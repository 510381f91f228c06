"""The JSON forms: stable names, plain values, nothing lost."""

from __future__ import annotations

import json
import math
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lexloci.model.determination import Determination, FactRead, SourceAge
from lexloci.model.fact import ABSENT, UNKNOWN
from lexloci.model.outcome import Outcome
from lexloci.model.plan import Plan
from lexloci.report.json_form import comparison_json, determination_json, matrix_json, plan_json
from lexloci.report.matrix import Cell, Matrix

REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "output.md"


def strict(form):
    """The form as text; NaN and infinities are no JSON and raise."""
    return json.dumps(form, sort_keys=True, allow_nan=False, ensure_ascii=False)


def names_in(form):
    """Every field name in a form, at any depth."""
    if isinstance(form, dict):
        return set(form) | {name for value in form.values() for name in names_in(value)}
    if isinstance(form, list):
        return {name for value in form for name in names_in(value)}
    return set()


def all_forms(make):
    return (
        plan_json(make.plan()),
        determination_json(make.determination()),
        matrix_json(make.matrix()),
        comparison_json(make.comparison()),
    )


def test_every_form_survives_a_round_trip(make):
    for form in all_forms(make):
        assert json.loads(strict(form)) == form


def test_the_same_answer_gives_the_same_text_twice(make):
    assert [strict(form) for form in all_forms(make)] == [strict(form) for form in all_forms(make)]


def test_every_field_of_a_plan_is_in_its_form(make):
    assert {item.name for item in fields(Plan)} <= set(plan_json(make.plan()))


def test_every_field_of_a_determination_is_in_its_form(make):
    assert {item.name for item in fields(Determination)} == set(determination_json(make.determination()))


def test_a_placement_carries_where_when_what_and_its_duties(make):
    form = plan_json(make.plan())["placements"][3]
    assert form["workload"] == "serve"
    assert (form["site"], form["pool"], form["chips"]) == ("abudhabi", "ad-h100", 512)
    assert (form["start"], form["end"]) == ("2026-04-01", "2026-07-01")
    assert form["outcome"] == "licence required, case by case"
    assert form["conditional_on"] == ["licence of the example authority"]
    assert form["duties"][0]["lead_time_days"] == 30
    assert form["determination_id"] == "serve@ad-h100"


@pytest.mark.parametrize("name", ["duration_s", "tokens_per_s", "utilisation", "energy_kwh", "carbon_kg", "cost_usd"])
def test_an_estimate_carries_each_figure_with_its_interval(make, name):
    figure = plan_json(make.plan())["placements"][0]["estimate"][name]
    assert set(figure) == {"point", "low", "high"}
    assert figure["low"] <= figure["point"] <= figure["high"]


def test_the_objective_names_its_unit(make):
    form = plan_json(make.plan())
    assert form["unit"] == "USD"
    assert form["objective"] - form["bound"] == form["gap"] == 100_000.0


def test_a_bound_that_was_not_proved_is_null(make):
    form = plan_json(make.plan(bound=-math.inf, gap=math.nan))
    assert form["bound"] is None
    assert form["gap"] is None
    strict(form)


def test_an_unplaced_workload_says_why_and_what_each_pool_answered(make):
    form = plan_json(make.plan())["unplaced"][0]
    assert form["workload"] == "lost"
    assert "assessment" in form["why"]
    assert form["alternatives"][0]["outcome"] == "prohibited"
    assert form["alternatives"][0]["cost_usd"] is None


def test_the_sources_of_a_plan_are_named_once_each_and_say_whether_they_are_stale(make):
    form = plan_json(make.plan())["sources"]
    assert [(source["name"], source["is_stale"]) for source in form] == [("party list", False), ("price table", True)]


def test_a_source_that_only_a_leg_names_is_among_the_sources_of_the_plan(make):
    leg_source = SourceAge("leg list", date(2026, 1, 3), 12, 30)
    answer = make.determination()
    answer = replace(answer, legs=(replace(answer.legs[0], sources=(leg_source,)),))
    form = plan_json(make.plan(placements=(make.placement(determination=answer),)))
    assert "leg list" in [source["name"] for source in form["sources"]]


@pytest.mark.parametrize("outcome", list(Outcome))
def test_outcomes_are_their_words(make, outcome):
    form = determination_json(make.determination(outcome=outcome, certain=outcome, possible=outcome))
    assert {form["outcome"], form["certain"], form["possible"]} == {outcome.value}


@pytest.mark.parametrize(
    ("value", "form"),
    [
        (UNKNOWN, {"state": "unknown", "value": None}),
        (ABSENT, {"state": "absent", "value": None}),
        ("unknown", {"state": "known", "value": "unknown"}),
        (True, {"state": "known", "value": True}),
        (4800, {"state": "known", "value": 4800}),
        (2.5, {"state": "known", "value": 2.5}),
        (date(2026, 1, 2), {"state": "known", "value": "2026-01-02"}),
    ],
)
def test_an_unknown_fact_is_never_mistaken_for_a_text(make, value, form):
    read = make.finding(facts=(FactRead("a.fact", value, "line 3"),))
    shown = determination_json(make.determination(findings=(read,)))["findings"][0]["facts"][0]
    assert shown == {"name": "a.fact", **form, "origin": "line 3"}


def test_a_finding_carries_its_citation_text_and_history(make):
    form = determination_json(make.determination("supply"))["legs"][0]["findings"][0]
    assert form["citation"] == {"text": "1 Example Code supply", "url": "https://example.org/supply"}
    assert form["verification"] == "primary text seen"
    assert form["on"] == "2026-02-01"
    assert form["history"] == "in force since 2025-01-01"


def test_a_contested_point_says_who_read_it_when_and_on_whose_advice(make):
    still_open, adopted = determination_json(make.determination())["contested"]
    assert (still_open["reading"], still_open["on"]) == ("", None)
    assert (adopted["reading"], adopted["adopted_by"], adopted["on"], adopted["adviser"]) == (
        "no",
        "A. Officer, compliance",
        "2025-12-01",
        "Counsel LLP",
    )


def test_an_answer_without_another_layer_has_null_there(make):
    assert determination_json(make.determination(other_layer=None))["other_layer"] is None
    assert determination_json(make.determination())["other_layer"]["basis"] == "text"


def test_a_cell_without_a_determination_has_no_outcome(make):
    permitted = Cell(Outcome.PERMITTED, Outcome.PERMITTED, "does not fit the memory")
    form = matrix_json(Matrix({"w": "W"}, {"p": "P"}, {("w", "p"): permitted}))["cells"][0]
    assert form["outcome"] is None
    assert form["possible"] is None
    assert form["reason"] == "does not fit the memory"


def test_a_workload_that_loses_its_place_has_null_after(make):
    lost = replace(make.comparison().moves[0], after="", cost_after=None)
    form = comparison_json(make.comparison(moves=(lost,)))["moves"][0]
    assert (form["before"], form["after"], form["cost_after_usd"]) == ("johor-h200", None, None)


def test_every_field_name_is_in_the_reference_page_and_no_other(make):
    page, _, of_rules = REFERENCE.read_text(encoding="utf-8").partition("\n## Run of cases\n")
    assert of_rules, "the forms of the rules are tried with their command"
    documented = {
        name
        for line in page.splitlines()
        if line.startswith("| `")
        for name in line.split("|")[1].replace("`", "").replace(",", " ").split()
    }
    used = set().union(*(names_in(form) for form in all_forms(make)))
    assert used == documented


@given(words=st.text(), figure=st.floats())
def test_any_name_and_any_figure_gives_valid_json(make, words, figure):
    vouched = replace(make.determination().vouched[0], value=figure)
    form = determination_json(make.determination(words, subject=words, vouched=(vouched,)))
    assert json.loads(strict(form)) == form
