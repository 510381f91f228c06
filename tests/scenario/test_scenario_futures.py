"""What becomes of a plan: nothing is foreseen, what is lost is paid, what may stay stays, no one beats foresight."""

from __future__ import annotations

from datetime import date

import pytest
from plan_support import AS_OF, job, placement, planned, small
from scenario_support import BANNED, DEARER, LATE, LOST, all_futures, busy, event, setup

from lexloci.model.act import Question
from lexloci.model.plan import Placement
from lexloci.model.record import Authorisation, Reading
from lexloci.plan.check import violations
from lexloci.scenario.bench import Bench
from lexloci.scenario.event import EventKind, Scenario
from lexloci.scenario.futures import NOTHING, Futures
from lexloci.scenario.remembering import Memory, RememberingJudge
from lexloci.scenario.simulate import PLANNED
from lexloci.scenario.supposed import supposed_rows
from lexloci.scenario.world import Listing, World, after


def futures(*events, portfolio=None) -> Futures:
    made = setup(*events, portfolio=portfolio)
    return Bench(made).futures(made.trials[PLANNED])


def trained() -> Placement:
    found = placement(planned(small()))
    assert found is not None
    return found


def test_without_events_the_plan_comes_to_what_it_costs() -> None:
    asked = futures(portfolio=small())
    plan = planned(small()).plan
    result = asked.follow(asked.plan(), NOTHING, NOTHING)
    assert (result.run_usd, result.lost_usd, result.unplaced, result.moved) == (plan.cost_usd, 0.0, 0, 0)
    assert result == asked.clairvoyant(NOTHING)


def test_work_that_a_lost_site_stops_is_paid_in_part_and_begins_again_elsewhere() -> None:
    asked = futures(LOST, portfolio=small())
    day = LOST.on[0]
    (slot,) = asked.plan().slots
    option = asked.problem(NOTHING).option_by_id[slot.option]
    assert (option.pool, slot.start_h < asked.hour_of(day) < slot.start_h + option.hours) == ("is", True)
    result = asked.follow(asked.plan(), NOTHING, frozenset({("lost", day)}))
    share = (asked.hour_of(day) - slot.start_h) / option.hours
    assert result.lost_usd == pytest.approx(option.usd * share)
    assert result.unplaced == 0
    assert result.spent_usd > asked.clairvoyant(frozenset({("lost", day)})).spent_usd


def test_an_outage_after_the_work_is_done_changes_nothing() -> None:
    end = trained().end
    late = event("lost", EventKind.SITE_LOST, "reykjavik", end, days=20)
    asked = futures(late, portfolio=small())
    assert asked.follow(asked.plan(), NOTHING, frozenset({("lost", end)})) == asked.clairvoyant(NOTHING)


def test_a_price_that_moves_is_not_paid_by_work_that_has_begun() -> None:
    asked = futures(DEARER, portfolio=small())
    happened = frozenset({("dearer", DEARER.on[0])})
    assert asked.follow(asked.plan(), NOTHING, happened).run_usd == planned(small()).plan.cost_usd


def test_a_price_that_moves_is_paid_by_work_that_begins_later() -> None:
    later = job(small(), "train", release=date(2026, 1, 20))
    asked = futures(DEARER, portfolio=later)
    happened = frozenset({("dearer", DEARER.on[0])})
    (slot,) = asked.plan().slots
    usual = asked.problem(NOTHING).option_by_id[slot.option].usd
    assert asked.follow(asked.plan(), NOTHING, happened).run_usd == pytest.approx(3 * usual)
    assert asked.clairvoyant(happened).run_usd < 3 * usual, "who knows it goes elsewhere"


def test_a_rule_that_begins_stops_work_on_its_day_and_not_before() -> None:
    ends = event("ends", EventKind.RULE_BEGINS, "small.iceland_ends_training", date(2026, 1, 9))
    asked = futures(ends, portfolio=small())
    result = asked.follow(asked.plan(), NOTHING, frozenset({("ends", date(2026, 1, 9))}))
    assert result.lost_usd > 0
    assert result.moved == 1


def test_a_rule_that_ends_is_no_bar_to_who_knows_it() -> None:
    closed = job(small(), "train", release=date(2026, 6, 2))
    free = event("free", EventKind.RULE_ENDS, "small.iceland_ends_training", date(2026, 5, 1))
    asked = futures(free, portfolio=closed)
    happened = frozenset({("free", date(2026, 5, 1))})
    pools = {option.pool for option in asked.problem(happened).options}
    assert "is" in pools
    assert "is" not in {option.pool for option in asked.problem(NOTHING).options}


def test_a_listing_closes_what_the_party_took_part_in() -> None:
    listed = event("listed", EventKind.PARTY_LISTED, "kiwi", date(2026, 1, 6), list="entity_list")
    made = setup(listed, portfolio=small())
    world = after(made.world, made.scenario, frozenset({("listed", date(2026, 1, 6))}))
    assert [one.party for one in world.listings] == ["kiwi"]
    assert made.world.listings == ()


@pytest.mark.parametrize("events", [(LOST, DEARER), (LOST, LATE, BANNED)])
def test_no_plan_without_foresight_is_cheaper_than_the_one_that_knows_it_all(events) -> None:
    asked = futures(*events)
    plan = asked.plan()
    for happened in all_futures(Scenario("", events)):
        followed, known = asked.follow(plan, NOTHING, happened), asked.clairvoyant(happened)
        assert followed.cost_usd >= known.cost_usd - 0.01, happened


@pytest.mark.parametrize("events", [(LOST, DEARER, LATE, BANNED)])
def test_every_plan_that_knows_its_future_keeps_all_conditions_of_it(events) -> None:
    asked = futures(*events)
    for happened in all_futures(Scenario("", events)):
        assert not violations(asked.problem(happened), asked.plan(happened)), happened


def test_mended_plans_keep_all_conditions_of_their_future() -> None:
    asked = futures(LOST, LATE)
    for happened in all_futures(Scenario("", (LOST, LATE))):
        asked.follow(asked.plan(), NOTHING, happened)
    assert asked._mended
    for (known, hour, _, _), taken in asked._mended.items():
        problem = asked.problem(known)
        for name, (option, start) in taken.items():
            if start >= hour:
                windows = problem.start_intervals(problem.option_by_id[option.id])
                assert any(first <= start < last for first, last in windows), name


def test_the_law_is_asked_only_about_what_an_event_of_law_touches() -> None:
    asked = futures(LOST, DEARER, BANNED)
    asked.problem(NOTHING)
    first = asked.memory.asked
    asked.problem(frozenset({("lost", LOST.on[0]), ("dearer", DEARER.on[0])}))
    assert asked.memory.asked == first
    asked.problem(frozenset({("banned", BANNED.on[0])}))
    assert first <= asked.memory.asked <= 2 * first


def test_a_listing_is_seen_on_its_day_between_two_days_of_change_and_the_memory_is_asked() -> None:
    day = date(2026, 1, 20)
    made = setup(portfolio=small())
    question = Question(AS_OF, AS_OF, small().basis)
    memory = Memory()
    for listings, cuts in (((), set()), ((Listing("maker", "entity_list", day),), {day})):
        judge = RememberingJudge(
            small(), made.world.rulebook, question, supposed_rows(small(), listings), memory=memory
        )
        workload, where = small().workloads[0], small().pool_by_id["is"]
        segments = judge.segments(workload, where, AS_OF, date(2026, 2, 20))
        assert {one.start for one in segments} >= cuts
        facts = {on: judge._facts_about("maker", on).facts["entity_list"].value for on in (AS_OF, day)}
        assert (facts[AS_OF] is True, facts[day] is True) == (False, bool(listings))
    assert memory.asked > 0
    assert memory.at_hand > 0


def test_records_end_on_their_day() -> None:
    reading = Reading("small.meaning", "wide", "she", AS_OF, "he")
    held = Authorisation("permit-1", "permit", "office", "kiwi", ("is",), AS_OF)
    portfolio = busy()
    changed = type(portfolio)(**{**portfolio.__dict__, "readings": (reading,), "authorisations": (held,)})
    day = date(2026, 3, 4)
    events = (
        event("falls", EventKind.READING_FALLS, "small.meaning", day),
        event("gone", EventKind.LICENCE_LOST, "permit-1", day),
    )
    made = World(changed, setup().world.rulebook, {})
    world = after(made, Scenario("", events), frozenset({("falls", day), ("gone", day)}))
    assert (world.portfolio.readings[0].until, world.portfolio.authorisations[0].until) == (day, day)
    assert (made.portfolio.readings[0].until, made.portfolio.authorisations[0].until) == (None, None)
