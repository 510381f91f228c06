from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lexloci.model.estimate import Range
from lexloci.model.workload import WorkloadKind
from lexloci.perf import ChipsNeeded, chips_needed, estimate
from lexloci.perf.copying import WIRE_BYTES_PER_PAYLOAD_BYTE, Streams, copy_cost_usd, copy_duration_s, start_s


def _copy(make_job, **fields):
    return make_job("llama3-405b", chips=0, kind=WorkloadKind.COPY, **fields)


def test_eighty_terabytes_take_18_hours_at_10_gigabits_a_second():
    assert copy_duration_s(80e12, 10.0, None).low / 3600 == pytest.approx(17.8, abs=0.05)
    assert copy_duration_s(80e12, 10.0, None).point / 3600 == pytest.approx(18.7, abs=0.05)


def test_a_full_path_is_reached_in_a_few_round_trips():
    # 10 Gbit/s at 100 ms holds 125 MB in flight; ten segments doubled 14 times exceed that
    assert start_s(10.0, 100.0) == pytest.approx(0.1 * 15)
    assert start_s(0.001, 1.0) == pytest.approx(0.001)


@given(volume=st.floats(1, 1e16), gbps=st.floats(0.01, 1e4), round_trip_ms=st.floats(0, 1000))
def test_no_copy_beats_its_path_and_the_start_never_costs_more_than_half_a_minute(volume, gbps, round_trip_ms):
    duration = copy_duration_s(volume, gbps, round_trip_ms)
    ideal = volume * 8 / (gbps * 1e9)
    assert duration.low == pytest.approx(ideal)
    assert ideal * WIRE_BYTES_PER_PAYLOAD_BYTE <= duration.point <= ideal * WIRE_BYTES_PER_PAYLOAD_BYTE + 30


@given(volume=st.floats(1e6, 1e15), gbps=st.floats(0.01, 1e4))
def test_twice_the_volume_takes_twice_the_time_and_money(volume, gbps):
    one, two = (copy_duration_s(size, gbps, None) for size in (volume, 2 * volume))
    assert two.point == pytest.approx(2 * one.point)
    assert copy_cost_usd(2 * volume, 0.05) == pytest.approx(2 * copy_cost_usd(volume, 0.05))


def test_a_copy_moves_the_weights_unless_a_volume_is_stated(make_job):
    weights = estimate(_copy(make_job, gbps=10.0, usd_per_gb=0.02))
    assert weights.cost_usd.point == pytest.approx(2 * 405.85 * 0.02)
    stated = estimate(_copy(make_job, gbps=10.0, usd_per_gb=0.02, bytes=1e12))
    assert stated.cost_usd.point == pytest.approx(20.0)
    assert stated.duration_s.low == pytest.approx(800.0)
    assert stated.feasible
    assert stated.chips == 0
    assert stated.tokens_per_s.point == stated.energy_kwh.point == 0


@pytest.mark.parametrize(("fields", "says"), [({"usd_per_gb": 0.1}, "gbps"), ({"gbps": 1.0}, "usd_per_gb")])
def test_a_path_without_bandwidth_or_price_gives_no_estimate(make_job, fields, says):
    answer = estimate(_copy(make_job, **fields))
    assert not answer.feasible
    assert says in answer.reason


def test_what_is_not_counted_is_said(make_job):
    said = " ".join(estimate(_copy(make_job, gbps=1.0, usd_per_gb=0.1)).warnings)
    assert "energy of the network" in said
    assert "round trip not stated" in said
    known = estimate(_copy(make_job, gbps=1.0, usd_per_gb=0.1, round_trip_ms=34.0))
    assert "round trip" not in " ".join(known.warnings)


@pytest.mark.parametrize("sent", [Streams(4, window_bytes=4e6), Streams(loss=1e-4)])
def test_a_copy_that_windows_or_loss_hold_back_needs_its_round_trip(make_job, sent):
    path = {"gbps": 10.0, "usd_per_gb": 0.1, "sent": sent}
    unknown = estimate(_copy(make_job, **path))
    assert not unknown.feasible
    assert "the round trip of the path is not stated" in unknown.reason
    known = estimate(_copy(make_job, **path, round_trip_ms=100.0))
    assert known.duration_s.point > estimate(_copy(make_job, gbps=10.0, usd_per_gb=0.1)).duration_s.point


def test_a_round_trip_that_only_the_distance_says_widens_a_copy_that_it_holds_back(make_job):
    path = {"gbps": 10.0, "usd_per_gb": 0.1, "sent": Streams(loss=1e-4), "round_trip_ms": 100.0}
    stated = estimate(_copy(make_job, **path)).duration_s
    by_distance = estimate(_copy(make_job, **path, round_trip_estimated=Range(100.0, 70.0, 170.0))).duration_s
    assert by_distance.point == stated.point
    assert by_distance.low == pytest.approx(0.7 * stated.low, rel=0.01)
    assert by_distance.high == pytest.approx(1.7 * stated.high, rel=0.01)


def test_a_copy_needs_no_chips(make_job):
    needed = chips_needed(_copy(make_job))
    assert isinstance(needed, ChipsNeeded)
    assert needed.chips == 0
