"""Intervals hold their point, what is less known is less sure, and they hold the rows that they should."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lexloci.perf.efficiency import fitted
from lexloci.perf.left_out import between_generations, by_fold, by_generation, spread_of, stated_s, widened
from lexloci.perf.machine import Generation
from lexloci.perf.training_interval import Query, Spread, covered_runs, spreads, support_of
from lexloci.perf.training_rows import training_rows

KINDS = ("dense", "mixture")


@given(st.floats(-1, 1), st.floats(-1, 1), st.floats(-1, 1), st.floats(1e-3, 1e6))
def test_an_interval_holds_its_point(one, two, three, seconds):
    low, middle, high = sorted((one, two, three))
    found = Spread(middle, low, high).around(seconds)
    assert found.low <= found.point <= found.high


def test_a_further_error_is_added_in_squares():
    assert widened(Spread(0.0, -3.0, 4.0), 0.0) == Spread(0.0, -3.0, 4.0)
    assert widened(Spread(1.0, -2.0, 4.0), 4.0) == Spread(1.0, -4.0, 6.0)


def test_how_far_generations_are_off_is_the_range_of_one_more():
    rows = [row for row in training_rows() if row.step_s]
    names = sorted({by_generation(row) for row in rows})
    off = {name: (0.1 if place % 2 else -0.1) for place, name in enumerate(names)}
    predicted = np.array([row.step_s / np.exp(off[by_generation(row)]) for row in rows])
    rng = np.random.default_rng(7)  # the oracle: many draws of as many generations and one more from one distribution
    draws = rng.normal(size=(200_000, len(names) + 1))
    seen, one_more = draws[:, :-1], draws[:, -1]
    times = np.quantile(np.abs(one_more - seen.mean(axis=1)) / seen.std(axis=1, ddof=1), 0.9)
    assert between_generations(rows, predicted) == pytest.approx(times * np.std(list(off.values()), ddof=1), rel=0.02)
    with pytest.raises(ValueError, match="one generation"):
        between_generations(rows[:1], predicted[:1])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("layout", ["stated", "searched"])
def test_a_new_generation_is_less_sure_than_a_known_one(kind, layout):
    known, new = (spreads()[f"{kind} {layout} {place}"] for place in ("known", "new"))
    assert new.low < known.low < 0 < known.high < new.high


@pytest.mark.parametrize("kind", KINDS)
def test_the_interval_holds_85_to_97_percent_of_the_published_rows(kind):
    rows = [row for row in training_rows() if row.step_s and row.is_mixture == (kind == "mixture")]
    spread = spreads()[f"{kind} stated known"]
    error = np.log(np.array([row.step_s for row in rows]) / stated_s(rows, fitted()))
    held = (spread.low <= error) & (error <= spread.high)
    assert 0.85 <= held.mean() <= 0.97


def test_an_interval_of_half_the_width_would_not_hold_them():
    rows = [row for row in training_rows() if row.step_s and not row.is_mixture]
    spread = spreads()["dense stated known"]
    error = np.log(np.array([row.step_s for row in rows]) / stated_s(rows, fitted()))
    assert ((spread.low / 2 <= error) & (error <= spread.high / 2)).mean() < 0.85


def test_the_nearest_run_is_of_the_same_generation_and_size():
    found = support_of(Query(Generation.HOPPER, is_mixture=False, parameters=405e9, chips=16384.0))
    assert found.nearest.id == "llama3-405b-16k"
    assert "2407.21783" in found.told
    assert found.warnings == ()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"generation": Generation.OTHER}, "no measurement of this chip's generation"),
        ({"parameters": 1e13}, "parameters lie outside the published"),
        ({"chips": 1e6}, "chips lie outside the published"),
    ],
)
def test_what_lies_outside_the_rows_is_told_and_less_sure(changes, says):
    plain = {"generation": Generation.HOPPER, "is_mixture": False, "parameters": 70e9, "chips": 512.0}
    inside, outside = support_of(Query(**plain)), support_of(Query(**(plain | changes)))
    assert any(says in warning for warning in outside.warnings)
    assert outside.spread.high - outside.spread.low >= inside.spread.high - inside.spread.low


def test_the_covered_runs_are_the_published_rows_with_a_time():
    timed = {row.id for row in training_rows() if row.step_s}
    assert {run.id for run in covered_runs()} == timed
    assert {by_fold(row) for row in training_rows()} == {f"fold {n}" for n in range(4)}


def test_a_spread_is_the_quantiles_of_the_errors_with_families_weighing_alike():
    rows = [row for row in training_rows() if row.family == "internevo"]
    predicted = np.array([row.step_s for row in rows]) / np.exp(np.linspace(-0.2, 0.2, len(rows)))
    found = spread_of(rows, predicted)
    assert found.middle == pytest.approx(0.0, abs=0.01)
    assert found.low == pytest.approx(-0.18, abs=0.01)
    assert found.high == pytest.approx(0.18, abs=0.01)
