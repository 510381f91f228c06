"""The way between sites: a link wins, tables and distance fill what it leaves open, nothing is guessed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from plan_support import changed, copy_to, placement, planned, small, why_unplaced, with_jobs, with_pools

from lexloci.cli.estimates import chip_of
from lexloci.model.portfolio import Portfolio
from lexloci.model.site import Link
from lexloci.model.workload import Exchange, TrainingMethod
from lexloci.perf import estimate
from lexloci.perf.egress import egress_price
from lexloci.perf.multi_site import all_reduce_s, phases
from lexloci.plan.paths import data_moves, estimate_copy, estimate_over_sites, moves_told, path_between
from lexloci.plan.shares import job_spec

REGIONS = {"auckland": "aws:ap-southeast-2", "reykjavik": "aws:eu-north-1"}
PLACES = {"auckland": (-36.85, 174.76), "reykjavik": (64.15, -21.94)}


def with_link(**fields: object) -> Portfolio:
    """The small portfolio with one link between Auckland and Reykjavik."""
    portfolio = small()
    others = tuple(link for link in portfolio.links if set(link.between) != {"auckland", "reykjavik"})
    return replace(portfolio, links=(*others, Link(("auckland", "reykjavik"), **fields)))  # type: ignore[arg-type]


def in_clouds(portfolio: Portfolio, regions: dict[str, str] = REGIONS) -> Portfolio:
    """The portfolio with the cloud regions of two sites."""
    for site, region in regions.items():
        portfolio = changed(portfolio, "sites", site, cloud_region=region)
    return portfolio


def placed(portfolio: Portfolio) -> Portfolio:
    """The portfolio with the coordinates of two sites."""
    for site, (north, east) in PLACES.items():
        portfolio = changed(portfolio, "sites", site, latitude=north, longitude=east)
    return portfolio


def test_what_a_link_states_wins_over_tables_and_distance() -> None:
    path = path_between(
        placed(in_clouds(with_link(gbps=1, round_trip_ms=250, usd_per_gb=0.05))), "auckland", "reykjavik"
    )
    assert (path.gbps, path.round_trip_ms, path.usd_per_gb, path.notes) == (1, 250, 0.05, ())


def test_a_price_that_no_link_states_is_the_published_one_of_the_region_that_the_data_leaves() -> None:
    portfolio = in_clouds(with_link(gbps=1))
    there, back = path_between(portfolio, "auckland", "reykjavik"), path_between(portfolio, "reykjavik", "auckland")
    for path, (one, other) in ((there, ("auckland", "reykjavik")), (back, ("reykjavik", "auckland"))):
        published = egress_price(REGIONS[one], REGIONS[other])
        assert published is not None
        assert path.usd_per_gb == published.usd_per_gb
        assert "as published in 20" in path.notes[0]
    assert there.usd_per_gb != back.usd_per_gb


def test_a_round_trip_that_no_link_states_follows_from_the_distance() -> None:
    path = path_between(placed(with_link(gbps=1)), "auckland", "reykjavik")
    assert path.round_trip_ms is not None
    assert 170 < path.round_trip_ms < 500  # 17,400 km: 170 ms in straight fibre
    assert "by their distance" in path.notes[0]


def test_a_bandwidth_is_never_guessed_and_a_way_that_no_list_has_says_so() -> None:
    portfolio = with_jobs(with_pools(placed(in_clouds(with_link())), "nz"), copy_to("reykjavik"))
    assert "bandwidth of the path is not stated" in why_unplaced(planned(portfolio), "home")
    unknown = in_clouds(with_link(gbps=1), REGIONS | {"reykjavik": "aws:atlantis-1"})
    job, pool = unknown.workloads[0], unknown.pool_by_id["nz"]
    found = estimate_copy(unknown, job, pool, chip_of(unknown, pool), "reykjavik", 1e9)
    assert not found.feasible
    assert "no list of prices that ships has the way from aws:ap-southeast-2 to aws:atlantis-1" in found.reason


def test_a_copy_in_a_plan_takes_the_published_price_and_the_time_of_its_streams() -> None:
    slow = {"gbps": 10, "round_trip_ms": 300, "window_bytes": 1e6}
    portfolio = with_jobs(with_pools(in_clouds(with_link(**slow)), "nz"), copy_to("reykjavik"))
    copy = placement(planned(portfolio), "home")
    assert copy is not None
    published = egress_price(REGIONS["auckland"], REGIONS["reykjavik"])
    assert published is not None
    assert copy.cost_usd == pytest.approx(2.0 * published.usd_per_gb)
    # 1 MB in each round trip of 0.3 s is 0.027 Gbit/s: 2 GB take 10 minutes
    assert copy.estimate.duration_s.point == pytest.approx(2e9 / (1e6 / 0.3) * 1538 / 1460, rel=0.02)
    assert any("1 streams reach 0.0267 of 10 Gbit/s" in note for note in copy.estimate.warnings)
    many = with_jobs(with_pools(in_clouds(with_link(**slow, streams=50)), "nz"), copy_to("reykjavik"))
    faster = placement(planned(many), "home")
    assert faster is not None
    assert faster.estimate.duration_s.point < copy.estimate.duration_s.point / 30


def test_bringing_a_dataset_is_told_with_its_time_and_price() -> None:
    portfolio = small()
    job = replace(portfolio.workloads[0], datasets=("manuals",))
    there, here = portfolio.pool_by_id["is"], portfolio.pool_by_id["nz"]
    ((dataset, moved),) = data_moves(portfolio, job, there, chip_of(portfolio, there))
    assert dataset.id == "manuals"
    (told,) = moves_told(portfolio, job, there, chip_of(portfolio, there))
    assert told.startswith("bringing manuals from auckland to reykjavik: ")
    assert f"{moved.cost_usd.point:,.0f} USD" in told
    assert moves_told(portfolio, job, here, chip_of(portfolio, here)) == ()


# -- training over sites -------------------------------------------------------------------------------------------


def _over_two(portfolio: Portfolio, **job: object):
    workload = replace(portfolio.workloads[0], **job)  # type: ignore[arg-type]
    pools = [portfolio.pool_by_id[name] for name in ("nz", "is")]
    return [job_spec(portfolio, workload, pool, chip_of(portfolio, pool), pool.chips) for pool in pools]


def test_two_sites_are_as_fast_as_both_while_they_train_and_pay_for_what_they_exchange() -> None:
    portfolio, exchange = small(), Exchange(1.0, 50)
    jobs = _over_two(portfolio, exchange=exchange)
    found = estimate_over_sites(portfolio, jobs)
    assert found.feasible, found.reason
    assert (found.pool, found.chips) == ("nz+is", 32)
    alone = [estimate(job) for job in jobs]
    share = phases(1.0, 0.0, 1.0, 2, exchange).utilisation
    assert share == 1.0
    step_s = _step_s(jobs[0], alone[0].tokens_per_s.point)
    taken = all_reduce_s(1e9, 2, 1.0, 250.0)
    kept = 50 * step_s / (50 * step_s + taken)
    assert f"{kept:.1%} of the time trains" in found.warnings
    both = sum(one.tokens_per_s.point for one in alone)
    assert found.tokens_per_s.point == pytest.approx(kept * both, rel=0.01)
    hours = found.duration_s.point / 3600
    exchanges = 1e11 / (2 * _batch(jobs[0]) * 50)
    assert found.cost_usd.point == pytest.approx(16 * hours * (3.0 + 2.0) + exchanges * 2 * 1.0 * 0.05)


def _batch(job) -> float:
    from lexloci.perf.training import batch_tokens

    return batch_tokens(job)


def _step_s(job, useful: float) -> float:
    from lexloci.perf.goodput import goodput

    return _batch(job) * goodput(job.model.parameters, job.chips) / useful


def test_tokens_that_the_method_needs_more_take_longer_and_seldom_exchanges_less_time() -> None:
    portfolio = small()

    def days(exchange: Exchange, **job: object) -> float:
        return estimate_over_sites(portfolio, _over_two(portfolio, exchange=exchange, **job)).duration_s.point

    assert days(Exchange(token_penalty=1.2)) == pytest.approx(1.2 * days(Exchange()))
    assert days(Exchange(inner_steps=500)) < days(Exchange(inner_steps=10))
    assert days(Exchange(inner_steps=10, overlap=1.0)) < days(Exchange(inner_steps=10))
    assert days(Exchange(inner_steps=10), batch_sequences=64) > days(Exchange(inner_steps=10), batch_sequences=4096)
    tune = {"method": TrainingMethod.LORA}
    assert days(Exchange(inner_steps=1), **tune) < days(Exchange(inner_steps=1))


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({}, "auckland and reykjavik have no link with a bandwidth; state gbps under links"),
        ({"gbps": 1}, "have no round trip; state round_trip_ms under links, or latitude and longitude of both"),
        ({"gbps": 1, "round_trip_ms": 250}, "have no price of moving data; state usd_per_gb under links"),
    ],
)
def test_sites_without_a_way_between_them_are_refused_with_what_to_state(fields: dict[str, object], says: str) -> None:
    portfolio = with_link(**fields)
    found = estimate_over_sites(portfolio, _over_two(portfolio))
    assert not found.feasible
    assert says in found.reason


def test_pools_of_one_site_are_not_two_sites() -> None:
    portfolio = small()
    jobs = _over_two(portfolio)
    assert "are pools of one site" in estimate_over_sites(portfolio, [jobs[0], jobs[0]]).reason
