from __future__ import annotations

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lexloci.model.errors import CatalogueError, LexlociError
from lexloci.perf import latency
from lexloci.perf.copying import Streams, copy_duration_s, reached_gbps
from lexloci.perf.egress import egress_price
from lexloci.perf.latency import FIBRE_KM_PER_MS, detour, great_circle_km, measured_trips, round_trip_ms

SINGAPORE, SHANGHAI, FRANKFURT, RIYADH = (1.35, 103.82), (31.23, 121.47), (50.11, 8.68), (24.71, 46.68)


def test_great_circles_agree_with_published_distances():
    # distances of geodesy tables: London Heathrow to New York JFK 5,540 km, Singapore to Shanghai about 3,800 km
    assert great_circle_km((51.47, -0.4543), (40.6413, -73.7781)) == pytest.approx(5540, rel=0.005)
    assert great_circle_km(SINGAPORE, SHANGHAI) == pytest.approx(3810, rel=0.02)
    assert great_circle_km(SINGAPORE, SINGAPORE) == 0
    assert great_circle_km((0, 0), (0, 180)) == pytest.approx(20015, rel=0.001)


def test_no_measured_round_trip_is_faster_than_light_in_fibre():
    trips = measured_trips()
    assert len(trips) > 300
    for trip in trips:
        assert trip.round_trip_ms > 2 * trip.distance_km / FIBRE_KM_PER_MS, trip


def test_the_interval_holds_nine_tenths_of_the_measured_round_trips():
    fitted = detour()
    inside = [
        fitted.low * point <= trip.round_trip_ms <= fitted.high * point
        for trip in measured_trips()
        for point in [2 * trip.distance_km / FIBRE_KM_PER_MS * fitted.factor + fitted.fixed_ms]
    ]
    assert sum(inside) / len(inside) == pytest.approx(0.9, abs=0.02)
    assert 1.0 < fitted.factor < 2.5


@given(north=st.floats(-90, 90), east=st.floats(-180, 180), north_2=st.floats(-90, 90), east_2=st.floats(-180, 180))
def test_round_trips_are_finite_symmetric_and_never_faster_than_light(north, east, north_2, east_2):
    there = round_trip_ms((north, east), (north_2, east_2))
    back = round_trip_ms((north_2, east_2), (north, east))
    assert there.point == pytest.approx(back.point)
    direct = 2 * great_circle_km((north, east), (north_2, east_2)) / FIBRE_KM_PER_MS
    assert direct * (1 - 1e-9) <= there.low <= there.point <= there.high < 1000


def test_places_far_apart_take_longer():
    assert round_trip_ms(SINGAPORE, FRANKFURT).point > round_trip_ms(SINGAPORE, RIYADH).point
    assert round_trip_ms(SINGAPORE, RIYADH).point > round_trip_ms(SINGAPORE, SHANGHAI).point


def test_a_small_window_holds_a_stream_back_and_more_streams_help():
    # 64 KiB a round trip of 100 ms: 5.24 Mbit/s, whatever the line (the classic limit of TCP without scaling)
    assert reached_gbps(10.0, 100.0, Streams(1, 65536.0)) == pytest.approx(0.00524288)
    assert reached_gbps(10.0, 100.0, Streams(64, 65536.0)) == pytest.approx(64 * 0.00524288)
    assert reached_gbps(0.001, 100.0, Streams(64, 65536.0)) == 0.001
    assert reached_gbps(10.0, None, Streams(1, 1.0)) == 10.0


def test_loss_holds_a_stream_back_as_mathis_and_others_say():
    # MSS 1,460 bytes, 100 ms, loss 1e-4: 1460 x 8 / 0.1 x 1.22 / 0.01 = 14.2 Mbit/s
    assert reached_gbps(10.0, 100.0, Streams(1, inf, 1e-4)) == pytest.approx(0.01425, rel=0.001)


@given(
    volume=st.floats(1e6, 1e15),
    gbps=st.floats(0.01, 1000),
    trip=st.floats(0.1, 500),
    streams=st.integers(1, 512),
    loss=st.floats(0, 0.1),
    window=st.floats(1e4, 1e9),
)
def test_no_limit_of_a_connection_makes_a_copy_faster_and_more_streams_never_slow_it(
    volume, gbps, trip, streams, loss, window
):
    free = copy_duration_s(volume, gbps, trip)
    held = copy_duration_s(volume, gbps, trip, Streams(streams, window, loss))
    more = copy_duration_s(volume, gbps, trip, Streams(streams * 2, window, loss))
    assert held.low >= free.low * (1 - 1e-9)
    assert more.low <= held.low * (1 + 1e-9)


@pytest.mark.parametrize("wrong", [(0, 1e6, 0.0), (1, 0.0, 0.0), (1, 1e6, 1.0), (1, 1e6, -0.1)])
def test_streams_that_cannot_be_are_refused_in_one_line(wrong):
    with pytest.raises(LexlociError, match="cannot be"):
        Streams(*wrong)


def test_published_egress_prices_are_found_with_their_source_and_unknown_pairs_are_none():
    newest = egress_price("gcp:us-east1", "gcp:asia-east1")
    assert newest is not None
    assert (newest.usd_per_gb, newest.source) == (0.08, "hpe-2025")
    older = egress_price("aws:us-east-2", "azure:eastus")
    assert older is not None
    assert (older.usd_per_gb, older.source) == (0.09, "skyplane-2022")
    assert egress_price("aws:us-east-2", "moon:tranquillity") is None


def test_a_damaged_table_is_one_line_that_says_how_to_mend_it(monkeypatch, tmp_path):
    broken = tmp_path / "trips.csv.gz"
    broken.write_bytes(b"not gzip")
    monkeypatch.setattr(latency, "TABLE", broken)
    with pytest.raises(CatalogueError, match="reinstall lexloci"):
        measured_trips.__wrapped__()
