"""The replay: each stretch is what a planner of that day would do, each bend has its rule, and shares add up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from math import isclose
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plan_support import AS_OF, job, pool, rulebook, serve, small, with_jobs, with_pools

from lexloci.case import read_portfolio
from lexloci.law.rule import Rulebook
from lexloci.model.errors import PlanError
from lexloci.model.outcome import Outcome
from lexloci.model.portfolio import Portfolio
from lexloci.model.record import Attestation, Authorisation
from lexloci.plan.planner import make_plan
from lexloci.report.replay_table import story
from lexloci.rulebook.book import bundled_rulebook
from lexloci.scenario.replay import as_asked_on, days_of_change, replay, shares_by_month, useful_operations
from lexloci.scenario.replay_types import NOWHERE, Place, Replay, Stretch

HISTORY = Path(__file__).parents[2] / "examples" / "replay" / "portfolio.yaml"
FIRST, UNTIL = AS_OF, date(2026, 12, 20)
DAYS = (date(2026, 2, 1), date(2026, 3, 20))


def without(book: Rulebook, *rules: str) -> Rulebook:
    """The rulebook without some of its rules."""
    assert set(rules) <= {rule.id for rule in book.rules}
    return replace(book, rules=tuple(rule for rule in book.rules if rule.id not in rules))


def year(portfolio: Portfolio, book: Rulebook | None = None) -> Replay:
    return replay(portfolio, book or rulebook(), FIRST, UNTIL)


def places_on(found: Replay, day: date) -> dict[str, str]:
    stretch = next(one for one in found.stretches if one.since <= day < one.until)
    return {workload: place.pool for workload, place in stretch.places.items()}


def test_on_every_day_the_story_is_what_a_planner_of_that_day_would_do() -> None:
    portfolio = with_jobs(pool(small(), "nz", held_since=date(2026, 3, 9)), serve("NO"))
    found = year(portfolio)
    for offset in range(0, (UNTIL - FIRST).days, 5):
        day = FIRST + timedelta(days=offset)
        asked = as_asked_on(portfolio, day)
        plan = make_plan(asked, rulebook()).plan
        fresh = {one.workload: one.pool for one in plan.placements} | {one.workload: "" for one in plan.unplaced}
        assert places_on(found, day) == fresh, day
    assert found.plans < found.days < (UNTIL - FIRST).days


def test_stretches_touch_and_fill_the_time() -> None:
    found = year(small())
    assert (found.stretches[0].since, found.stretches[-1].until) == (FIRST, UNTIL)
    assert all(one.until == other.since for one, other in zip(found.stretches, found.stretches[1:], strict=False))


def test_a_rule_that_begins_bends_the_way_and_is_named() -> None:
    bend = year(small()).bends[0]
    (move,) = bend.changes.moves
    assert (move.workload, move.before, move.after, move.rule) == ("train", "is", "nz", "small.iceland_ends_training")
    assert bend.on <= date(2026, 6, 1)


def test_without_the_rule_there_is_no_bend() -> None:
    found = year(small(), without(rulebook(), "small.iceland_ends_training"))
    assert all(move.rule != "small.iceland_ends_training" for bend in found.bends for move in bend.changes.moves)
    assert places_on(found, date(2026, 7, 1))["train"] == "is"


def test_without_the_other_pool_the_work_has_no_place() -> None:
    found = year(with_pools(small(), "is"))
    assert places_on(found, date(2026, 7, 1)) == {"train": ""}
    month = next(one for one in found.months if one.month == date(2026, 7, 1))
    assert (month.nowhere, month.offshore) == (1.0, 0.0)
    refusal = next(one for one in found.refusals if one.pool == "is")
    assert (refusal.outcome, refusal.rule) == (Outcome.PROHIBITED, "small.iceland_ends_training")


def test_chips_that_come_later_bend_the_way_on_their_day() -> None:
    later = pool(small(), "is", held_since=date(2026, 2, 3))
    bend = next(one for one in year(later).bends if one.on == date(2026, 2, 3))
    (move,) = bend.changes.moves
    assert (move.before, move.after, move.rule) == ("nz", "is", "")
    assert move.why == "is is there since 2026-02-03"


def test_chips_that_go_bend_the_way_on_their_day() -> None:
    ending = pool(small(), "is", available_until=date(2026, 4, 1))
    moves = [(bend.on, move.after) for bend in year(ending).bends for move in bend.changes.moves]
    assert moves[0][1] == "nz"
    assert moves[0][0] <= date(2026, 4, 1)


def test_work_is_asked_anew_with_the_same_time_before_its_deadline() -> None:
    portfolio = job(small(), "train", release=AS_OF + timedelta(days=10), deadline=AS_OF + timedelta(days=70))
    asked = as_asked_on(portfolio, date(2030, 5, 6)).workload_by_id["train"]
    assert (asked.release, asked.deadline) == (None, date(2030, 5, 6) + timedelta(days=60))
    assert as_asked_on(portfolio, date(2030, 5, 6)).horizon_until - date(2030, 5, 6) == portfolio.horizon_until - AS_OF


def test_the_day_by_which_work_must_end_comes_as_long_after_its_release() -> None:
    portfolio = job(small(), "train", must_end=AS_OF + timedelta(days=60))
    for day in (date(2022, 5, 6), date(2030, 5, 6)):
        assert as_asked_on(portfolio, day).workload_by_id["train"].must_end == day + timedelta(days=60)


def test_a_record_that_names_a_pool_which_is_not_there_says_the_same_as_on_any_other_day() -> None:
    """A licence for two pools counts in the one that is there; an attestation about one says nothing of the other."""
    in_chile = pool(pool(with_pools(small(), "nz", "cl"), "nz", site="santiago"), "cl", held_since=date(2026, 3, 9))
    held = Authorisation("L", "operating_licence", "Chile", "kiwi", ("nz", "cl"), date(2025, 1, 1))
    before, after = (places_on(year(replace(in_chile, authorisations=(held,))), day)["train"] for day in DAYS)
    assert (before, after) == ("nz", "nz")
    said = Attestation("workload.military_or_weapons_use", False, ("kiwi", "is"), "she", date(2025, 1, 1), "a file")
    later = pool(job(small(), "train", military_or_weapons_use=None), "is", held_since=date(2026, 3, 9))
    before, after = (places_on(year(replace(later, attestations=(said,))), day)["train"] for day in DAYS)
    assert (before, after) == ("", "is")


def test_a_day_on_which_something_is_published_is_looked_at_though_nothing_begins() -> None:
    days = days_of_change(small(), rulebook(), date(2020, 1, 1), UNTIL)
    published = {turn.published for rule in rulebook().rules for turn in rule.turns}
    assert {day for day in published if date(2020, 1, 1) < day < UNTIL} <= set(days)
    assert days[0] == date(2020, 1, 1)
    assert list(days) == sorted(set(days))


def test_a_story_without_a_day_is_refused() -> None:
    with pytest.raises(PlanError, match="no day lies from"):
        replay(small(), rulebook(), UNTIL, UNTIL)


@given(
    st.lists(
        st.tuples(st.integers(1, 90), st.lists(st.sampled_from(["IS", "NZ", NOWHERE]), min_size=2, max_size=2)),
        min_size=1,
        max_size=6,
    )
)
def test_the_shares_of_a_month_add_up_and_are_weighted_with_days(drawn: list[tuple[int, list[str]]]) -> None:
    portfolio = with_jobs(
        small(), replace(small().workloads[0], id="twice", tokens=2 * (small().workloads[0].tokens or 1))
    )
    names = [workload.id for workload in portfolio.workloads]
    stretches, day = [], AS_OF
    for days, countries in drawn:
        until = day + timedelta(days=days)
        places = {name: Place("", "", country) for name, country in zip(names, countries, strict=True)}
        stretches.append(Stretch(day, until, places, 0.0))
        day = until
    weights = [useful_operations(portfolio, workload) for workload in portfolio.workloads]
    for share in shares_by_month(portfolio, stretches):
        assert isclose(sum(share.by_country.values()), 1.0)
        inside = [AS_OF + timedelta(days=n) for n in range((day - AS_OF).days)]
        inside = [one for one in inside if one.replace(day=1) == share.month]
        for country, found in share.by_country.items():
            hits = [
                weight
                for one in inside
                for stretch in stretches
                if stretch.since <= one < stretch.until
                for name, weight in zip(names, weights, strict=True)
                if stretch.places[name].country == country
            ]
            assert isclose(found, sum(hits) / (len(inside) * sum(weights)))


# --- the example: one lab, in the months around the letter about the H20 ---------------------------


def some(portfolio: Portfolio) -> Portfolio:
    """The pre-training and the service of one lab, and the pools open to it, without its oldest."""
    names = ("alibaba-pretrain", "alibaba-serve-china")
    ours = [one for one in portfolio.pools if "alibaba" in (one.users or (one.holder,))]
    pools = tuple(one for one in ours if one.id != "alibaba-a100")
    return replace(portfolio, workloads=tuple(one for one in portfolio.workloads if one.id in names), pools=pools)


@pytest.fixture(scope="module")
def history() -> Portfolio:
    return some(read_portfolio(HISTORY))


@pytest.mark.slow
def test_pre_training_goes_offshore_when_the_lease_is_there_and_stops_for_the_red_flags(history: Portfolio) -> None:
    one_lease = replace(history, pools=tuple(one for one in history.pools if one.id != "singapore-h200"))
    found = replay(one_lease, bundled_rulebook(), date(2025, 1, 1), date(2025, 7, 1))
    assert places_on(found, date(2025, 2, 1))["alibaba-pretrain"] == "johor-h100"
    stopped = next(one for one in found.bends if one.on == date(2025, 5, 13))
    assert {move.rule for move in stopped.changes.moves} <= {rule.id for rule in bundled_rulebook().rules}
    assert places_on(found, date(2025, 6, 2))["alibaba-pretrain"] == "johor-h100"
    letter = next(one for one in found.refusals if one.pool == "alibaba-h20-order")
    assert (letter.on, letter.rule) == (date(2025, 6, 15), "us_ear.letter_h20")
    share = {one.month: one.offshore for one in found.months}
    assert share[date(2025, 1, 1)] == 0
    assert share[date(2025, 3, 1)] > 0.8


@pytest.mark.slow
def test_without_the_letter_the_new_h20_serve(history: Portfolio) -> None:
    days = (date(2025, 5, 18), date(2025, 5, 25))  # before Taiwan's own rule of June asks for a review
    history = replace(
        history, pools=tuple(one for one in history.pools if one.id not in ("alibaba-h800", "alibaba-a100"))
    )
    history = pool(history, "alibaba-h20", chips=256)  # too few for the demand
    history = pool(history, "alibaba-h20-order", held_since=date(2025, 5, 20))
    bound = replay(history, bundled_rulebook(), *days)
    free = replay(history, without(bundled_rulebook(), "us_ear.letter_h20"), *days)
    assert places_on(bound, date(2025, 5, 21))["alibaba-serve-china"] != "alibaba-h20-order"
    assert places_on(free, date(2025, 5, 21))["alibaba-serve-china"] == "alibaba-h20-order"
    assert not [one for one in free.refusals if one.pool == "alibaba-h20-order"]


@pytest.mark.slow
def test_without_the_lease_nothing_goes_offshore(history: Portfolio) -> None:
    days = (date(2025, 1, 20), date(2025, 2, 10))
    offshore = ("johor-h100", "singapore-h200")
    home = replace(history, pools=tuple(one for one in history.pools if one.id not in offshore))
    with_lease, at_home = (replay(one, bundled_rulebook(), *days) for one in (history, home))
    assert max(one.offshore for one in with_lease.months) > 0
    assert max(one.offshore for one in at_home.months) == 0


@pytest.mark.slow
def test_the_words_of_the_story_name_each_rule(history: Portfolio) -> None:
    found = replay(history, bundled_rulebook(), date(2024, 1, 20), date(2024, 2, 10))
    (words,) = story(found)[date(2024, 2, 1)]
    assert words.startswith("alibaba-h800-order may not be used: licence required, presumption of denial")
    assert "742.6(a)(6)(iii)" in words
