"""Every export of the package's rulebook answers as the reference does, on thousands of requests."""

from __future__ import annotations

from collections import Counter
from datetime import date
from functools import cache

import pytest
from export_engines import Cedar, Cel, Rego
from export_oracle import in_the_way, is_placeable, reference, shown
from export_requests import requests_for

from lexloci.law.export.selection import select
from lexloci.model.act import ActKind
from lexloci.model.outcome import Outcome
from lexloci.model.portfolio import Basis
from lexloci.rulebook.book import bundled_rulebook

DAY = date(2026, 11, 22)
EVERY_KIND = [kind for kind in ActKind if bundled_rulebook().rules_by_act.get(kind)]
REQUESTS = 64


@cache
def selection_of(*kinds, basis=Basis.TEXT):
    return select(bundled_rulebook(), kinds, DAY, DAY, basis)


@cache
def asked(kind, basis=Basis.TEXT):
    """The requests of one kind of act, each with the reference's answer."""
    selection = selection_of(kind, basis=basis)
    requests = requests_for(selection, 100 + list(ActKind).index(kind), REQUESTS)
    return [(request, reference(selection, request)) for request in requests]


@pytest.mark.parametrize("kind", EVERY_KIND, ids=str)
@pytest.mark.parametrize("engine", [Cel, Rego])
def test_an_engine_answers_as_the_reference(engine, kind):
    selection = selection_of(kind)
    running = engine(selection)
    for request, expected in asked(kind):
        assert shown(selection, running.ask(request)) == expected, request


@pytest.mark.parametrize("kind", EVERY_KIND, ids=str)
def test_cedar_permits_what_may_be_placed_and_names_the_rules_in_the_way(kind):
    selection = selection_of(kind)
    decisions = Cedar(selection).ask_all([request for request, _ in asked(kind)])
    rules = {one.id for one in selection.rules}
    for (request, expected), decision in zip(asked(kind), decisions, strict=True):
        assert decision.allows is is_placeable(expected), request
        assert decision.ids & rules == in_the_way(selection, expected), request
        assert decision.allows or decision.ids, request


@pytest.mark.parametrize("only", ["permit", "forbid"])
def test_the_permits_of_cedar_alone_and_its_forbids_alone_say_the_same(only):
    for kind in EVERY_KIND:
        decisions = Cedar(selection_of(kind), only).ask_all([request for request, _ in asked(kind)])
        for (request, expected), decision in zip(asked(kind), decisions, strict=True):
            assert decision.allows is is_placeable(expected), request


def test_the_requests_meet_every_outcome_that_matters():
    met = Counter(expected.outcome for kind in EVERY_KIND for _, expected in asked(kind))
    assert sum(met.values()) >= 1000
    assert set(met) == {outcome.value for outcome in Outcome}, met


@pytest.mark.parametrize("engine", [Cel, Rego])
def test_one_export_of_all_kinds_answers_as_the_reference(engine):
    selection = selection_of()
    running = engine(selection)
    for request in requests_for(selection, 7, 60):
        assert shown(selection, running.ask(request)) == reference(selection, request), request


def test_one_cedar_export_of_all_kinds_answers_as_the_reference():
    selection = selection_of()
    requests = requests_for(selection, 8, 200)
    for request, decision in zip(requests, Cedar(selection).ask_all(requests), strict=True):
        assert decision.allows is is_placeable(reference(selection, request)), request


@pytest.mark.parametrize("engine", [Cel, Rego])
def test_the_layer_that_is_enforced_answers_as_the_reference(engine):
    kind = ActKind.EXPORT
    selection = selection_of(kind, basis=Basis.ENFORCEMENT)
    running = engine(selection)
    answers = asked(kind, Basis.ENFORCEMENT)
    for request, expected in answers:
        assert shown(selection, running.ask(request)) == expected, request
    assert [expected for _, expected in answers] != [reference(selection_of(kind), request) for request, _ in answers]
