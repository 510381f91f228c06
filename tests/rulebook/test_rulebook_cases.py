"""The decided cases beside the rules: the bundled rulebook answers each as its source does."""

from __future__ import annotations

import pytest

from lexloci.model.outcome import Outcome
from lexloci.model.portfolio import Basis
from lexloci.rulebook.book import bundled_rulebook
from lexloci.rulebook.decided_cases import DecidedCase, bundled_cases
from lexloci.rulebook.judge_cases import agrees, answer

RULEBOOK = bundled_rulebook()
CASES = bundled_cases()
QUESTIONS = [(case, layer) for case in CASES for layer in case.expect]


@pytest.mark.parametrize(("case", "layer"), QUESTIONS, ids=[f"{case.id}-{layer.value}" for case, layer in QUESTIONS])
def test_a_decided_case_gets_its_answer(case: DecidedCase, layer: Basis):
    found = answer(RULEBOOK, case, layer)
    explained = "\n".join(f"  {one.rule} {one.status.value}: {one.outcome.value}" for one in found.findings)
    missing = ", ".join(one.name for one in found.missing)
    assert agrees(found.outcome, case.expect[layer]), f"{found.outcome.value}\n{explained}\n  missing: {missing}"


@pytest.mark.parametrize("case", [case for case in CASES if case.missing is not None], ids=lambda case: case.id)
def test_a_human_review_names_exactly_what_would_settle_it(case: DecidedCase):
    layers = [layer for layer, words in case.expect.items() if words == Outcome.HUMAN_REVIEW.value]
    assert layers, "a case that says what is missing expects human review"
    for layer in layers:
        assert {one.name for one in answer(RULEBOOK, case, layer).missing} == set(case.missing or ())


@pytest.mark.parametrize("case", [case for case in CASES if case.signals or case.notes], ids=lambda case: case.id)
def test_signals_and_notes_are_shown_apart_and_decide_nothing(case: DecidedCase):
    for layer in case.expect:
        found = answer(RULEBOOK, case, layer)
        assert set(case.signals) <= {one.rule for one in found.signals}
        assert set(case.notes) <= {one.rule for one in found.notes}
        apart = set(case.signals) | set(case.notes)
        assert not apart & {one.rule for one in found.findings}


@pytest.mark.parametrize("case", [case for case in CASES if case.duties], ids=lambda case: case.id)
def test_duties_come_from_the_rules_that_the_case_names(case: DecidedCase):
    for layer in case.expect:
        assert set(case.duties) <= {duty.rule for duty in answer(RULEBOOK, case, layer).duties}


def test_the_ids_of_the_cases_are_unique():
    ids = [case.id for case in CASES]
    assert sorted(set(ids)) == sorted(ids)


def test_every_case_asks_on_both_layers_of_the_law():
    assert [case.id for case in CASES if set(case.expect) != set(Basis)] == []
