"""Whatever the portfolio: no traceback, nothing unlawful in a plan, and a fact left out never opens a door."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import lru_cache
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plan_random import forgetful, random_portfolio
from plan_support import AS_OF, rulebook, unlawful_days

from lexloci.law.rule import Rulebook
from lexloci.model.outcome import Outcome
from lexloci.model.portfolio import Portfolio
from lexloci.model.workload import WorkloadKind
from lexloci.plan.options import earliest_start
from lexloci.plan.planner import Planned, judge_for, make_plan
from lexloci.rulebook.book import bundled_rulebook

SEEDS = st.integers(0, 2**32)
INVENTED = ("NZ", "IS", "CL", "NO", "FR", "JP")
REAL = ("MY", "SG", "CN", "AE", "US", "FR", "JP")
REAL_CHIPS = ("toy", "h100-sxm", "h20", "ascend-910c")


@lru_cache(maxsize=1)
def _real_rules() -> Rulebook:
    return bundled_rulebook()


def invented(seed: int) -> Portfolio:
    return random_portfolio(seed, INVENTED, ("toy",))


def real(seed: int) -> Portfolio:
    portfolio = random_portfolio(seed, REAL, REAL_CHIPS)
    return replace(portfolio, readings=(), authorisations=())


def outcomes(portfolio: Portfolio, book: Rulebook) -> dict[tuple[str, str], Outcome]:
    """The law's answer for every workload in every pool, all on one day."""
    judge = judge_for(portfolio, book)
    return {
        (job.id, pool.id): judge.placement(job, pool, AS_OF + timedelta(days=60)).outcome
        for job in portfolio.workloads
        if job.kind is not WorkloadKind.COPY
        for pool in portfolio.pools
    }


def opened(before: Portfolio, after: Portfolio, book: Rulebook) -> list[tuple[str, str]]:
    """The placements that only the second portfolio permits."""
    was, now = outcomes(before, book), outcomes(after, book)
    return [key for key in was if now[key].is_placeable and not was[key].is_placeable]


def keeps_its_promises(made: Planned, book: Rulebook) -> None:
    plan, portfolio = made.plan, made.portfolio
    assert unlawful_days(made, book) == []
    assert plan.objective >= plan.bound - 1e-6
    assert plan.cost_usd == pytest.approx(sum(one.cost_usd for one in plan.placements))
    named = [one.workload for one in plan.placements] + [one.workload for one in plan.unplaced]
    assert sorted(named) == sorted(job.id for job in portfolio.workloads)
    assert all(one.why for one in plan.unplaced)
    for place in plan.placements:
        job, pool = portfolio.workload_by_id[place.workload], portfolio.pool_by_id[place.pool]
        assert place.conditional_on or place.outcome.is_placeable
        assert place.end <= portfolio.horizon_until
        if job.kind is not WorkloadKind.COPY:
            assert place.start >= earliest_start(portfolio, job, pool)
            others = {one.pool.id for one in made.answers[job.id]} - {pool.id}
            assert {one.pool for one in place.alternatives} == others
            assert all(one.why for one in place.alternatives)


@settings(max_examples=60)
@given(SEEDS)
@pytest.mark.slow
def test_a_plan_keeps_its_promises_under_an_invented_law(seed: int) -> None:
    book = rulebook()
    keeps_its_promises(make_plan(invented(seed), book, time_limit_s=5), book)


@settings(max_examples=30)
@given(SEEDS)
@pytest.mark.slow
def test_under_assumed_licences_what_is_not_conditional_is_lawful(seed: int) -> None:
    book = rulebook()
    keeps_its_promises(make_plan(invented(seed), book, assume_granted=True, time_limit_s=5), book)


@settings(max_examples=20)
@given(SEEDS)
@pytest.mark.slow
def test_a_plan_keeps_its_promises_under_the_bundled_law(seed: int) -> None:
    keeps_its_promises(make_plan(real(seed), _real_rules(), time_limit_s=5), _real_rules())


@settings(max_examples=100)
@given(SEEDS, SEEDS)
@pytest.mark.slow
def test_a_fact_left_out_never_turns_a_refusal_into_a_permission(seed: int, choice: int) -> None:
    stated = invented(seed)
    assert opened(stated, forgetful(Random(choice), stated), rulebook()) == []


@settings(max_examples=40)
@given(SEEDS, SEEDS)
@pytest.mark.slow
def test_a_fact_left_out_never_turns_a_refusal_of_the_bundled_law_into_a_permission(seed: int, choice: int) -> None:
    stated = real(seed)
    assert opened(stated, forgetful(Random(choice), stated), _real_rules()) == []


def test_the_random_portfolios_are_worth_asking_about() -> None:
    """Both kinds of answer are common, so that the properties above are not empty."""
    seen = [outcome for seed in range(60) for outcome in outcomes(invented(seed), rulebook()).values()]
    assert sum(outcome.is_placeable for outcome in seen) > len(seen) / 10
    assert sum(not outcome.is_placeable for outcome in seen) > len(seen) / 10
