"""How long the operators of a transformer take on one chip.

Matrix products: operations over the peak that the generation reaches, times what is lost to tiles that are not
full and to waves that do not fill the units, and to the ramp of short inner products; never faster than the
memory can bring the operands. Attention: operations over its own reachable share, with a ramp for short
sequences. The rest (norms, activations, rotations, residuals, casts): bytes over the memory's bandwidth.
"""

from __future__ import annotations

import numpy as np

from lexloci.perf.shape import Numbers

TILE_ROWS = 128.0
TILE_COLUMNS = 128.0
"""Tile that one unit computes; 128 x 128 is what the kernels for A100 start from (CUTLASS, efficient GEMM)."""

INNER_RAMP = 160.0
"""Inner length whose time a tile spends on filling its pipeline and writing its result."""

MEMORY_SHARE = 0.85
"""Of the data sheet's bandwidth that streaming kernels reach (BabelStream on A100 and H100: 85 to 92 %)."""


def matrix_s(
    rows: Numbers,
    columns: Numbers,
    inner: Numbers,
    flop_per_s: Numbers,
    bytes_per_s: Numbers,
    units: Numbers,
    operand_bytes: Numbers = 2.0,
    copies: Numbers = 1.0,
) -> Numbers:
    """Time of ``copies`` matrix products (rows x inner) x (inner x columns) run together, in seconds."""
    tiles = np.ceil(rows / TILE_ROWS) * np.ceil(columns / TILE_COLUMNS) * copies
    waves = np.ceil(tiles / units)
    # A wave that is not full: kernels split the inner product or choose smaller tiles and save half of the loss.
    filled = tiles / units
    waves = 0.5 * (waves + np.maximum(filled, 1.0))
    tile_flop = 2.0 * TILE_ROWS * TILE_COLUMNS * (inner + INNER_RAMP)
    computed = waves * units * tile_flop / flop_per_s
    moved = copies * ((rows + columns) * inner * operand_bytes + rows * columns * 2.0)
    return np.maximum(computed, moved / (MEMORY_SHARE * bytes_per_s))


def training_matrix_s(
    rows: Numbers,
    columns: Numbers,
    inner: Numbers,
    flop_per_s: Numbers,
    bytes_per_s: Numbers,
    units: Numbers,
    operand_bytes: Numbers = 2.0,
    copies: Numbers = 1.0,
) -> tuple[Numbers, Numbers]:
    """Time of a matrix product in the forward pass and of its two in the backward pass, in seconds."""
    rest = (flop_per_s, bytes_per_s, units, operand_bytes, copies)
    forward = matrix_s(rows, columns, inner, *rest)
    for_inputs = matrix_s(rows, inner, columns, *rest)
    for_weights = matrix_s(inner, columns, rows, *rest)
    return forward, for_inputs + for_weights


def streamed_s(volume_bytes: Numbers, bytes_per_s: Numbers) -> Numbers:
    """Time to stream a volume through the memory of a chip, in seconds."""
    return volume_bytes / (MEMORY_SHARE * bytes_per_s)
