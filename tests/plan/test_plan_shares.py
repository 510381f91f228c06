"""Estimates are worked out once for what is the same, and told as if each had been asked alone."""

from __future__ import annotations

from dataclasses import fields, replace
from random import Random
from typing import ClassVar

import pytest
from plan_large import example, large_portfolio
from plan_support import small

from lexloci.model.site import Pool
from lexloci.model.workload import Workload, WorkloadKind
from lexloci.perf.estimate import TOO_FAR
from lexloci.plan.shares import OF_POOL, OF_WORKLOAD, KeptEstimates, chip_of, estimates_of


def alone(portfolio, workload, pool):
    """What is said of a workload in a pool that are asked by themselves."""
    return estimates_of(portfolio, workload, pool, chip_of(portfolio, pool))


def varied(seed):
    """A portfolio whose jobs and pools lack something here and there: power, prices, demand, tokens, room."""
    random, base = Random(seed), large_portfolio(10, 5, 365, seed)
    jobs = tuple(
        replace(
            one,
            tokens=random.choice((one.tokens, one.tokens, None, 1e300)),
            demand=random.choice((one.demand, one.demand, None)),
            max_chips=random.choice((None, None, 8)),
        )
        for one in base.workloads
    )
    pools = tuple(
        replace(
            one,
            usd_per_chip_hour=random.choice((one.usd_per_chip_hour, 2.0, None)),
            power_included=random.choice((True, False)),
            chips=random.choice((one.chips, 4, 16)),
        )
        for one in base.pools
    )
    return replace(base, workloads=jobs, pools=pools)


@pytest.mark.parametrize("seed", range(4))
def test_what_is_kept_is_told_as_if_it_were_asked_alone(seed):
    portfolio = varied(seed)
    kept = KeptEstimates(portfolio)
    for pool in portfolio.pools:
        for workload in portfolio.workloads:
            expected = alone(portfolio, workload, pool)
            assert kept.of(workload, pool) == expected
            refused = "" if any(one.feasible for one in expected) else expected[0].reason
            assert kept.refusal(workload, pool) == refused


def test_a_refusal_for_too_many_tokens_is_none_for_fewer():
    portfolio = small()
    kept = KeptEstimates(portfolio)
    dear = replace(portfolio.pools[0], usd_per_chip_hour=1e12)
    jobs = [
        replace(portfolio.workloads[0], id=f"job-{place}", tokens=tokens)
        for place, tokens in enumerate((1e9, 1e308, 1e9, 1e308))
    ]
    assert [kept.refusal(job, dear) for job in jobs] == ["", TOO_FAR, "", TOO_FAR]


def test_jobs_that_differ_in_who_asks_and_when_share_their_estimates():
    portfolio = small()
    job, pool = portfolio.workloads[0], portfolio.pools[0]
    kept = KeptEstimates(portfolio)
    for number in range(5):
        other = replace(job, id=f"job-{number}", name="another", usd_per_day_late=float(number), datasets=())
        (told, *_) = kept.of(other, replace(pool, id=f"pool-{number}", holder="another"))
        assert (told.workload, told.pool) == (other.id, f"pool-{number}")
    assert kept.asked == 1
    kept.of(replace(job, id="more", max_chips=8), pool)
    assert kept.asked == 2


def test_whether_a_job_has_a_share_is_asked_once_for_jobs_of_other_sizes():
    portfolio, pool = small(), small().pools[0]
    kept = KeptEstimates(portfolio)
    for number in range(9, 0, -1):
        assert kept.refusal(replace(portfolio.workloads[0], id=f"job-{number}", tokens=number * 1e9), pool) == ""
    assert kept.asked == 1


class Watched:
    """Writes down which fields are read."""

    seen: ClassVar[set[str]]

    def __getattribute__(self, name):
        type(self).seen.add(name)
        return super().__getattribute__(name)


class WatchedWorkload(Watched, Workload):
    seen: ClassVar[set[str]] = set()


class WatchedPool(Watched, Pool):
    seen: ClassVar[set[str]] = set()


def test_no_estimate_is_made_from_a_field_that_is_not_among_those_that_tell_jobs_and_pools_apart():
    for portfolio in (example(), *map(varied, range(3))):
        for pool in portfolio.pools:
            for job in portfolio.workloads:
                if job.kind is WorkloadKind.COPY:
                    continue
                copied = WatchedPool(**{one.name: getattr(pool, one.name) for one in fields(Pool)})
                asks = WatchedWorkload(**{one.name: getattr(job, one.name) for one in fields(Workload)})
                chip = chip_of(portfolio, pool)
                WatchedPool.seen.clear()
                WatchedWorkload.seen.clear()
                estimates_of(portfolio, asks, copied, chip)
                read = WatchedWorkload.seen & {one.name for one in fields(Workload)}
                assert read <= {"id", *OF_WORKLOAD}
                assert WatchedPool.seen & {one.name for one in fields(Pool)} <= {"id", *OF_POOL}
