"""Utilisation by each convention, against the table that publishes both."""

from __future__ import annotations

import pytest

from lexloci.perf.layout import Layout, Recompute
from lexloci.perf.mfu import utilisation
from lexloci.perf.shape import Shape


@pytest.mark.parametrize(
    ("layers", "hidden", "heads", "ranks", "batch", "step_s", "mfu", "hfu"),
    [
        # arXiv:2205.05198, table 5: selective recomputation; step time, MFU and HFU of 22B, 175B, 530B and 1T on A100
        (48, 6144, 64, (8, 1), 4, 1.10, 41.5, 43.7),
        (96, 12288, 96, (8, 8), 64, 13.75, 51.4, 52.8),
        (105, 20480, 128, (8, 35), 280, 37.83, 56.0, 57.0),
        (128, 25600, 160, (8, 64), 512, 71.49, 56.3, 57.0),
    ],
)
def test_mfu_and_hfu_are_those_that_megatron_published(layers, hidden, heads, ranks, batch, step_s, mfu, hfu):
    each = hidden / heads
    shape = Shape(layers, hidden, heads, heads, each, 4.0 * hidden, 51200.0, gated=0.0, tied=1.0, value_dim=each)
    layout = Layout(ranks[0], ranks[1], 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0, 1.0, float(Recompute.SELECTIVE))
    found = utilisation(shape, layout, 2048.0, batch, step_s, 312e12)
    assert 100.0 * float(found.mfu_full) == pytest.approx(mfu, abs=0.4)
    # The paper's HFU adds attention in both passes; what is computed again is its forward pass alone.
    assert hfu - 1.5 <= 100.0 * float(found.hfu_full) <= hfu
    assert float(found.mfu_causal) < float(found.mfu_full) < float(found.hfu_full)
