"""Exports of random rulebooks answer random requests as the reference does."""

from __future__ import annotations

from export_engines import Cedar, Cel, Rego
from export_oracle import in_the_way, is_placeable, reference, shown
from export_random import as_declared, requests, selections
from hypothesis import HealthCheck, given, settings

from lexloci.model.errors import RulebookError

SETTINGS = settings(max_examples=90, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


@SETTINGS
@given(selections(), requests)
def test_cel_answers_as_the_reference(selection, asked):
    engine = Cel(selection)
    for request in asked:
        assert shown(selection, engine.ask(request)) == reference(selection, as_declared(request)), request


@SETTINGS
@given(selections(), requests)
def test_rego_answers_as_the_reference(selection, asked):
    engine = Rego(selection)
    for request in asked:
        assert shown(selection, engine.ask(request)) == reference(selection, as_declared(request)), request


@SETTINGS
@given(selections(), requests)
def test_cedar_permits_what_may_be_placed_and_names_the_rules_in_the_way(selection, asked):
    try:
        engine = Cedar(selection)
    except RulebookError:
        return  # two numbers are compared: refused, see test_law_export_cedar.py
    rules = {one.id for one in selection.rules}
    for request, decision in zip(asked, engine.ask_all(asked), strict=True):
        expected = reference(selection, as_declared(request))
        assert decision.allows is is_placeable(expected), request
        assert decision.ids & rules == in_the_way(selection, expected), request
