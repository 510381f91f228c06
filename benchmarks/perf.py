"""Estimates against measurements, beside other programs and naive rules, on the same rows in one run.

    python benchmarks/perf.py [--training FILE] [--inference FILE] [--vtrain FILE] [--quick]

Without files the tables that ship are used, and every family of sources is predicted by a fit that has not seen it.
A file has the columns of the table that ships; its rows are predicted by the fit that ships, and those whose id it has
not seen are scored apart. ``--quick`` leaves out the left-out fits and the peers. See benchmarks/perf/README.md.
"""

# ruff: noqa: INP001 - a script

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.perf import part_inference, part_training


def main(arguments: list[str]) -> int:
    """Print each part; 0."""
    parser = argparse.ArgumentParser(prog="benchmarks/perf.py", description=__doc__.splitlines()[0])
    for name in ("training", "inference", "vtrain"):
        parser.add_argument(f"--{name}", type=Path, help=f"a further table in the columns of the {name} table")
    parser.add_argument("--quick", action="store_true", help="without the left-out fits and the peers")
    chosen = parser.parse_args(arguments)
    for given in (chosen.training, chosen.inference, chosen.vtrain):
        if given and not given.is_file():
            parser.error(f"{given}: there is no such file; name a CSV, or leave the option out")
    part_training.run(chosen.training, chosen.vtrain, quick=chosen.quick)
    part_inference.run(chosen.inference, quick=chosen.quick)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
