from __future__ import annotations

import csv
import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lexloci.model.errors import LexlociError
from lexloci.perf.multi_site import (
    INTELLECT_BYTES_PER_PARAMETER,
    Exchange,
    across_sites,
    all_reduce_s,
    inner_steps_for,
    phases,
)

FAILURES = Path(__file__).parents[2] / "src" / "lexloci" / "perf" / "data" / "failures.csv.gz"
PHASE_S = 38 * 60.0


@pytest.mark.parametrize(("all_reduce", "published"), [(103.0, 0.957), (382.0, 0.856), (469.0, 0.830)])
def test_intellect_1_trains_the_share_of_the_time_that_was_published_within_three_points(all_reduce, published):
    # arXiv:2412.01152, table 2: 112 H100, 100 inner steps in 38 minutes; United States, with Europe, whole world
    found = phases(PHASE_S, all_reduce, 10e9 * INTELLECT_BYTES_PER_PARAMETER, 14, Exchange())
    assert found.utilisation == pytest.approx(published, abs=0.03)


def test_intellect_1_s_exchanges_follow_from_links_that_its_report_calls_usual():
    # 10 billion parameters in 8 bits over 14 nodes: 103 s is a slowest link of 1.5 Gbit/s, 469 s one of 0.33 Gbit/s;
    # the report tells of 500 Mbit/s to 4 Gbit/s between its nodes (section 3)
    assert all_reduce_s(10e9, 14, 4.0, 30.0) < 103 < all_reduce_s(10e9, 14, 0.5, 30.0)
    assert all_reduce_s(10e9, 14, 0.5, 300.0) < 469 < all_reduce_s(10e9, 14, 0.25, 300.0)


def test_the_table_of_failures_that_ships_holds_the_same_row():
    with gzip.open(FAILURES, "rt", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if "INTELLECT" in row["source_run"]]
    assert "103 / 382 / 469 s per 38-min" in rows[0]["notes"]


def test_one_site_exchanges_nothing_and_loses_nothing():
    found = across_sites(70e9, 1, 10.0, 1.0, 200.0, Exchange())
    assert (found.utilisation, found.exchange_s, found.bytes_per_exchange) == (1.0, 0.0, 0.0)


@given(
    parameters=st.floats(1e8, 1e12),
    sites=st.integers(2, 64),
    step_s=st.floats(0.1, 100),
    gbps=st.floats(0.1, 1000),
    trip_ms=st.floats(0, 500),
    steps=st.integers(1, 2000),
    overlap=st.floats(0, 1),
    size=st.floats(0.125, 4),
)
def test_seldom_small_and_hidden_exchanges_never_cost_more(
    parameters, sites, step_s, gbps, trip_ms, steps, overlap, size
):
    found = across_sites(parameters, sites, step_s, gbps, trip_ms, Exchange(size, steps, overlap))
    assert 0.0 < found.utilisation <= 1.0
    assert 0.0 <= found.exposed_s <= found.exchange_s
    for better in (
        across_sites(parameters, sites, step_s, gbps, trip_ms, Exchange(size, steps * 2, overlap)),
        across_sites(parameters, sites, step_s, gbps, trip_ms, Exchange(size / 2, steps, overlap)),
        across_sites(parameters, sites, step_s, gbps, trip_ms, Exchange(size, steps, 1.0)),
    ):
        assert better.utilisation >= found.utilisation * (1 - 1e-9)
    faster = across_sites(parameters, sites, step_s, gbps * 2, trip_ms, Exchange(size, steps, overlap))
    assert faster.exchange_s <= found.exchange_s + 1.001 * trip_ms / 1000  # a faster path takes one doubling more
    dear = across_sites(parameters, sites, step_s, gbps, trip_ms, Exchange(size, steps, overlap, 1.1))
    assert dear.useful_share == pytest.approx(found.utilisation / 1.1)


@given(share=st.floats(0.05, 0.99), gbps=st.floats(0.1, 100), trip_ms=st.floats(0, 400))
def test_the_fewest_inner_steps_keep_the_share_and_one_less_does_not(share, gbps, trip_ms):
    steps = inner_steps_for(share, 10e9, 8, 20.0, gbps, trip_ms, Exchange(1.0))

    def utilisation(count):
        return across_sites(10e9, 8, 20.0, gbps, trip_ms, Exchange(1.0, count)).utilisation

    assert utilisation(steps) >= share * (1 - 1e-9)
    assert steps == 1 or utilisation(steps - 1) < share


@pytest.mark.parametrize(
    "wrong", [{"bytes_per_parameter": 0.0}, {"inner_steps": 0}, {"overlap": 1.5}, {"token_penalty": 0.9}]
)
def test_an_exchange_that_cannot_be_is_refused_by_name(wrong):
    with pytest.raises(LexlociError, match=next(iter(wrong))):
        Exchange(**wrong)


def test_a_share_of_all_the_time_cannot_be_asked():
    with pytest.raises(LexlociError, match="more than 0 and less than 1"):
        inner_steps_for(1.0, 10e9, 8, 20.0, 1.0, 100.0, Exchange())
