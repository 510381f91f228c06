"""Robust plans: regret is never below zero, foresight is never beaten, leases and waiting are worth what they are."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plan_support import job, small
from scenario_support import BANNED, DEARER, LATE, LOST, event, setup

from lexloci.model.portfolio import Portfolio
from lexloci.model.record import Attestation, Authorisation
from lexloci.scenario.bench import Bench, Setup, Trial
from lexloci.scenario.event import EventKind, Offer
from lexloci.scenario.futures import NOTHING
from lexloci.scenario.keep import Kept
from lexloci.scenario.robust import NONE, WAIT, Robust, Strategy, robust
from lexloci.scenario.simulate import draw

ICELAND = Offer("iceland", ("is",), usd=100.0, source="assumption: a test", usd_later=150.0)
CLOSES = event("closes", EventKind.RULE_BEGINS, "small.iceland_ends_training", date(2026, 1, 15), odds=0.5)


def run(made: Setup, samples: int = 60, **more) -> Robust:
    with Kept(None, "") as kept:
        return robust(made, samples, kept=kept, **more)


def of(found: Robust, lease: str) -> Strategy:
    return next(one for one in found.strategies if one.lease == lease and one.ignores_events)


@pytest.fixture(scope="module")
def several() -> Robust:
    return run(setup(LOST, DEARER, LATE, BANNED), 80, candidates=4)


def test_regret_is_never_below_zero_and_foresight_is_never_beaten(several: Robust) -> None:
    for one in several.strategies:
        assert 0 <= one.mean_regret <= one.greatest_regret
        assert one.cost.mean >= several.foresight_mean - 1e-6
        assert one.cost.mean - several.foresight_mean == pytest.approx(one.mean_regret, abs=1e-6)


def test_the_best_by_each_measure_is_the_best_of_all(several: Robust) -> None:
    assert several.least_mean.cost.mean == min(one.cost.mean for one in several.strategies)
    assert several.least_cvar.cost.cvar == min(one.cost.cvar for one in several.strategies)
    assert several.least_regret.greatest_regret == min(one.greatest_regret for one in several.strategies)
    assert several.ignoring in several.strategies
    assert several.least_mean.cost.mean <= several.ignoring.cost.mean


def test_the_plan_that_ignores_events_costs_what_the_simulation_says() -> None:
    made = setup(LOST, DEARER)
    found = run(made, 50, seed=4, candidates=2)
    bench = Bench(made)
    costs = [bench.work(("planned", future)).cost_usd for future in draw(made, 50, 4)]
    assert found.ignoring.cost.mean == pytest.approx(math.fsum(costs) / 50)


def test_a_plan_for_a_future_that_is_sure_has_no_regret() -> None:
    sure = replace(LOST, probability=1.0, on=LOST.on[:1])
    found = run(setup(sure, portfolio=small()), 10, candidates=1)
    prepared = next(one for one in found.strategies if one.made_for)
    assert prepared.greatest_regret == pytest.approx(0.0, abs=0.01)
    assert found.ignoring.mean_regret > 0
    assert found.least_mean == prepared


def test_a_lease_that_nothing_needs_is_worth_less_than_nothing() -> None:
    dear = replace(ICELAND, usd=1e6, usd_later=None)
    found = run(setup(DEARER, portfolio=small(), offers=(dear,)), 10, candidates=0)
    assert found.worth_of_leases["iceland"] < 0
    assert found.least_mean.lease == NONE
    assert found.worth_of_waiting is None


def test_a_lease_is_worth_what_it_saves_less_its_price() -> None:
    quiet = replace(DEARER, probability=0.0)
    cheap = replace(ICELAND, usd=1.0, usd_later=None)
    found = run(setup(quiet, portfolio=small(), offers=(cheap,)), 5, candidates=0)
    costs = {one.lease: one.cost.mean for one in found.strategies}
    assert found.worth_of_leases["iceland"] == pytest.approx(costs[NONE] - costs["iceland"])
    bench = Bench(replace(setup(quiet, portfolio=small()), trials={"all": Trial(), "less": Trial(without=("is",))}))
    saved = bench.work(("less", NOTHING)).cost_usd - bench.work(("all", NOTHING)).cost_usd
    assert found.worth_of_leases["iceland"] == pytest.approx(saved - 1.0)
    assert saved > 1.0


def test_who_waits_signs_only_where_it_turned_out_well() -> None:
    later = job(small(), "train", release=date(2026, 1, 20))
    made = setup(CLOSES, portfolio=later, offers=(ICELAND,), decide_by=date(2026, 1, 18))
    found = run(made, 40, candidates=0)
    open_cost, none = ICELAND.usd_later, of(found, NONE)
    drawn = draw(made, 40, 1)
    bench = Bench(replace(made, trials={"all": Trial(), "less": Trial(without=("is",))}))
    cheap, dear = (bench.work((name, NOTHING)).cost_usd for name in ("all", "less"))
    expected = [dear if future else min(dear, cheap + (open_cost or 0.0)) for future in drawn]
    waits = of(found, WAIT)
    assert waits.cost.mean == pytest.approx(math.fsum(expected) / 40)
    assert waits.cost.mean < none.cost.mean
    assert found.worth_of_waiting == pytest.approx(
        min(one.cost.mean for one in found.strategies if one.lease != WAIT) - waits.cost.mean
    )
    assert found.worth_of_waiting > 0


def test_who_waits_cannot_have_what_was_needed_before() -> None:
    made = setup(CLOSES, portfolio=small(), offers=(replace(ICELAND, usd_later=0.0),), decide_by=date(2026, 12, 1))
    found = run(made, 10, candidates=0)
    assert of(found, WAIT).cost.mean == pytest.approx(of(found, NONE).cost.mean)


@settings(max_examples=12, deadline=None)
@given(
    st.lists(st.sampled_from([LOST, DEARER, LATE, BANNED]), min_size=1, max_size=3, unique_by=lambda one: one.id),
    st.integers(0, 5),
    st.integers(0, 3),
)
def test_whatever_may_happen_regret_and_order_hold(events: list, seed: int, candidates: int) -> None:
    found = run(setup(*events, portfolio=small(), offers=(ICELAND,)), 12, seed=seed, candidates=candidates)
    means = [one.cost.mean for one in found.strategies]
    assert means == sorted(means)
    assert all(one.greatest_regret >= one.mean_regret >= 0 for one in found.strategies)
    assert {one.lease for one in found.strategies} == {NONE, "iceland"}
    more = run(setup(*events, portfolio=small(), offers=(ICELAND,)), 12, seed=seed, candidates=candidates + 2)
    assert more.least_mean.cost.mean <= found.least_mean.cost.mean + 1e-6


def test_the_same_question_gives_the_same_answer_from_what_was_kept(tmp_path) -> None:
    made, path = setup(LOST, DEARER), tmp_path / "kept.jsonl"
    with Kept(path, made.digest()) as kept:
        first = robust(made, 30, kept=kept, candidates=2)
    with Kept(path, made.digest()) as kept:
        again = robust(made, 30, kept=kept, candidates=2)
    assert (again.worked_out, replace(again, worked_out=0)) == (0, replace(first, worked_out=0))


def late_pools(portfolio: Portfolio) -> list[set[str | None]]:
    """The pools open in February once a rule has ended: where the lease of Iceland is not signed, and where it is.

    The world without the lease is asked first about the new state of the law.
    """
    ends = event("ends", EventKind.RULE_ENDS, "small.norway_ban", date(2026, 1, 20))
    bench = Bench(setup(ends, portfolio=portfolio))
    happened, hour = frozenset({("ends", ends.on[0])}), 24 * 40
    problems = [bench.futures(one).problem(happened) for one in (Trial(without=("is",)), Trial())]
    return [
        {one.pool for one in problem.options if any(first <= hour < last for first, last in one.windows_h)}
        for problem in problems
    ]


def in_chile(covers: tuple[str, ...], chips: int | None = None) -> Portfolio:
    """All pools in Chile and the tenant's own, with a licence of it."""
    held = Authorisation("L", "operating_licence", "Chile", "kiwi", covers, date(2025, 1, 1), chips=chips)
    pools = tuple(replace(one, site="santiago", holder="kiwi", users=("kiwi",)) for one in small().pools)
    return replace(small(), pools=pools, authorisations=(held,))


def test_a_lease_that_is_not_signed_changes_nothing_that_is_on_record() -> None:
    """A licence that names its pool still names the others, and one for so many chips is shared by as many pools."""
    assert late_pools(in_chile(("nz", "is"))) == [{"nz"}, {"nz", "is"}]
    assert late_pools(in_chile(("train",), chips=48)) == [{"nz", "cl"}, {"nz", "is", "cl"}]
    assert late_pools(in_chile(("train",), chips=47)) == [set(), set()]


def test_what_is_attested_of_a_party_in_a_pool_that_is_not_leased_holds_in_no_other() -> None:
    said = Attestation("workload.military_or_weapons_use", False, ("kiwi", "is"), "she", date(2025, 1, 1), "a file")
    portfolio = replace(job(small(), "train", military_or_weapons_use=None), attestations=(said,))
    assert late_pools(portfolio) == [set(), {"is"}]
