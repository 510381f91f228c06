"""Calendars of bare acts and of placements: each day as the door that asks about one day answers it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from plan_support import AS_OF, pool, rulebook, small

from lexloci.case.acts_file import ActInput
from lexloci.law.calendar_days import FOREVER, Window
from lexloci.model.act import ActKind
from lexloci.model.errors import InputError, LexlociError
from lexloci.model.outcome import Outcome
from lexloci.model.party import Party
from lexloci.model.portfolio import Basis
from lexloci.model.record import Attestation, Authorisation
from lexloci.parties.facts import facts_about, listing_days
from lexloci.parties.lists import list_of
from lexloci.plan.calendar import (
    calendar_of_bare_act,
    calendar_of_placement,
    window_of_act,
    window_of_placement,
)
from lexloci.plan.planner import judge_for
from lexloci.plan.questions import determine_act, open_pairs
from lexloci.rulebook.book import bundled_rulebook

INSPUR = {
    "chip": "h100-sxm",
    "site.country": "MY",
    "operator.name": "Sample Data Centre Sdn Bhd",
    "provider.name": "Sample Data Centre Sdn Bhd",
    "tenant.name": "Inspur Group",
    "tenant.headquarters": "CN",
    "tenant.ultimate_parent_headquarters": "CN",
}
RENTS = ActInput("rents", ActKind.REMOTE_ACCESS, date(2025, 6, 1), INSPUR, "acts.yaml", 3, basis=Basis.ENFORCEMENT)
LISTING = date(2023, 2, 26)  # 88 FR 13675 of 2023-03-06, perhaps in force up to 8 days earlier


def placement(portfolio, name, workload="train", first=None, until=None):
    judge = judge_for(portfolio, rulebook())
    job, place = portfolio.workload_by_id[workload], portfolio.pool_by_id[name]
    window = window_of_placement(judge, job, place, first, until)
    return judge, window, calendar_of_placement(judge, job, place, window)


def told(intervals):
    return [
        (one.since, one.determination.outcome, [(change.rule, change.what) for change in one.begins])
        for one in intervals
    ]


def key(determination):
    findings = frozenset((one.rule, one.status, one.party) for one in determination.findings)
    return determination.outcome, determination.certain, determination.possible, findings


def test_a_start_on_each_day_is_judged_as_the_plan_judges_it():
    judge, window, found = placement(small(), "is")
    assert (window.first, window.until) == (AS_OF, date(2026, 12, 31))
    assert told(found) == [
        (AS_OF, Outcome.PERMITTED, []),
        (date(2026, 6, 1), Outcome.PROHIBITED, [("small.iceland_ends_training", "begins to count")]),
    ]
    assert found[1].begins[0].why == "in force since 2026-06-01, invented"
    job, place = judge.portfolio.workloads[0], judge.portfolio.pool_by_id["is"]
    for one in found:
        for number in range((one.until - one.since).days):
            on_day = judge_for(small(), rulebook()).placement(job, place, one.since + timedelta(days=number))
            assert key(on_day) == key(one.determination)


def test_law_published_after_the_day_of_knowledge_begins_nothing():
    assert [one.since for one in placement(small(), "nz")[2]] == [AS_OF, date(2026, 5, 1)]
    later = replace(small(), known_at=date(2026, 8, 20))
    judge = judge_for(later, rulebook())
    assert date(2026, 9, 1) in judge.breakpoints


def test_a_licence_that_ends_ends_an_interval():
    held = Authorisation("L1", "operating_licence", "Chile", "kiwi", ("cl",), date(2026, 1, 1), date(2026, 7, 1))
    found = placement(replace(small(), authorisations=(held,)), "cl")[2]
    assert told(found) == [
        (AS_OF, Outcome.PERMITTED_WITH_DUTIES, []),
        (
            date(2026, 7, 1),
            Outcome.LICENCE_CASE_BY_CASE,
            [("small.chile_operating_licence", "counts for certain")],
        ),
    ]
    assert found[1].begins[0].why == ("operating_licence L1 of Chile no longer counts, held by kiwi until 2026-07-01")


def test_an_attestation_that_ends_is_named_by_its_fact():
    unstated = replace(small(), workloads=(replace(small().workloads[0], military_or_weapons_use=None),))
    said = Attestation(
        "workload.military_or_weapons_use", False, ("train",), "officer", date(2026, 1, 1), "file 1", date(2026, 4, 1)
    )
    found = placement(replace(unstated, attestations=(said,)), "nz", until=date(2026, 5, 1))[2]
    assert [one.since for one in found] == [AS_OF, date(2026, 4, 1)]
    assert found[1].determination.outcome is Outcome.HUMAN_REVIEW
    (why,) = {change.why.partition(" (")[0] for change in found[1].begins}
    assert why == "workload.military_or_weapons_use is unknown, was no"


def test_a_window_of_a_placement_lies_within_the_days_on_which_it_can_start():
    late = pool(small(), "nz", available_from=date(2026, 2, 1), available_until=date(2026, 10, 1))
    assert placement(late, "nz")[1].first == date(2026, 2, 1)
    assert placement(late, "nz")[1].until == date(2026, 10, 1)
    with pytest.raises(
        LexlociError, match=r"^train cannot start in nz on 2026-01-31, before 2026-02-01: .*move --from$"
    ):
        placement(late, "nz", first=date(2026, 1, 31))
    with pytest.raises(LexlociError, match=r"^nz is gone from 2026-10-01 on, before 2026-10-02; move --until$"):
        placement(late, "nz", until=date(2026, 10, 2))
    with pytest.raises(LexlociError, match="on no day from 2026-02-01 until before 2026-01-31; move"):
        placement(late, "nz", until=date(2026, 1, 31))


def test_the_pairs_of_a_portfolio_are_those_that_are_determined():
    assert [(job.id, place.id) for job, place in open_pairs(small())] == [
        ("train", "nz"),
        ("train", "is"),
        ("train", "cl"),
    ]


def test_an_act_changes_on_the_day_on_which_its_party_may_be_listed():
    found = calendar_of_bare_act(RENTS, bundled_rulebook(), Window(date(2023, 1, 1), date(2023, 11, 1)))
    assert [one.since for one in found] == [date(2023, 1, 1), LISTING]
    (change,) = found[1].begins
    assert (change.rule, change.what) == ("us_lists.entity_list_other_role", "may count")
    assert change.why.startswith("tenant.entity_list is unknown, was no (Entity List of 2026-07-31")


def test_an_act_is_answered_on_each_day_as_by_determine():
    window = Window(LISTING - timedelta(days=12), LISTING + timedelta(days=12))
    found = calendar_of_bare_act(RENTS, bundled_rulebook(), window)
    for one in found:
        for number in range((one.until - one.since).days):
            day = one.since + timedelta(days=number)
            asked = determine_act(replace(RENTS, on=day), bundled_rulebook(), as_of=day, known_at=day)
            assert key(asked) == key(one.determination)


def test_lists_are_too_old_on_the_day_after_their_limit_where_each_day_knows_its_own():
    dated = list_of("EL").dated
    window = Window(dated, dated + timedelta(days=40))
    stale = calendar_of_bare_act(RENTS, bundled_rulebook(), window)[-1]
    assert (stale.since - dated).days == 31
    assert {change.what for change in stale.begins} == {"is past its limit of age"}
    assert "Entity List" in {change.title for change in stale.begins}
    fixed = calendar_of_bare_act(RENTS, bundled_rulebook(), replace(window, known_at=dated))
    assert [one.since for one in fixed] == [dated]


def test_the_days_of_the_lists_are_all_that_change_what_is_known_of_a_party():
    party = Party("tenant", "Inspur Group", headquarters="CN")
    days = listing_days(party)
    assert LISTING in days
    values = None
    for number in range(400):
        day = date(2023, 1, 1) + timedelta(days=number)
        facts = facts_about(party, small(), day, day).facts
        known = {name: fact.value for name, fact in facts.items()}
        assert values in (None, known) or day in days, day
        values = known
    assert not listing_days(replace(party, generic=True))


def test_a_placement_is_cut_on_the_days_on_which_a_citation_lists_a_party():
    party = Party("tenant", "Inspur Group", headquarters="CN")
    listed = replace(small(), as_of=date(2023, 1, 1), known_at=date(2025, 1, 1), parties=(*small().parties, party))
    assert LISTING in judge_for(listed, rulebook()).breakpoints


def test_a_closed_case_asks_no_list():
    closed = replace(RENTS, given="closed", authority=("us",))
    found = calendar_of_bare_act(closed, bundled_rulebook(), Window(date(2023, 1, 1), FOREVER))
    whys = [change.why for one in found for change in one.begins]
    assert whys
    assert not [why for why in whys if "entity_list" in why or "days old" in why]


def test_the_row_states_its_layer_and_its_day_of_knowledge_unless_asked_otherwise():
    stated = replace(RENTS, known_at=date(2025, 1, 1))
    assert window_of_act(stated, Window()) == Window(known_at=date(2025, 1, 1), basis=Basis.ENFORCEMENT)
    asked = Window(known_at=date(2024, 1, 1), basis=Basis.TEXT)
    assert window_of_act(stated, asked) == asked


def test_a_wrong_fact_is_told_by_line():
    wrong = replace(RENTS, facts={**INSPUR, "tenant.seat": "CN"})
    with pytest.raises(InputError, match=r"acts.yaml:3 tenant.seat: is no fact of the vocabulary"):
        calendar_of_bare_act(wrong, bundled_rulebook(), Window())
