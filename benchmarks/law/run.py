"""Runs the benchmark of the law engine: ``make bench-law``, or

    build/bench-law/venv/bin/python -m benchmarks.law.run [--quick] [--part NAME ...]

Prints tables (ratios first, then absolute figures of this machine) and the targets, met or not; writes
``build/bench-law/result.json`` and ``result.md``. Ends with 0 whether or not the targets are met, with 1 where a
contestant fails or answers differently: then no ratio is printed.
"""

# ruff: noqa: T201 - a script, which speaks by printing

from __future__ import annotations

import argparse
import os
import platform
import shutil
import sys
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.law import part_analysis, part_cross, part_real, part_single, part_vector
from benchmarks.law.arena import BUILD, LOGS, REPOSITORY, SCRATCH, BenchmarkError
from benchmarks.law.report import Report, as_text

REQUIREMENTS = Path(__file__).parent / "requirements.txt"
RULES = 32
SIZES = (32, 320, 960)
PARTS = ("single", "vector", "cross", "analysis", "real")


def main(arguments: list[str]) -> int:
    """Prints the benchmark."""
    parser = argparse.ArgumentParser(prog="bench-law", description="the law engine beside its peers")
    parser.add_argument("--quick", action="store_true", help="1e5 rows and few rounds, below 90 s")
    parser.add_argument("--part", action="append", choices=PARTS, help="only this part; may be given several times")
    options = parser.parse_args(arguments)
    for folder in (SCRATCH, LOGS):
        folder.mkdir(parents=True, exist_ok=True)
    started = time.perf_counter()
    report = Report(machine())
    print(", ".join(f"{name} {value}" for name, value in report.machine.items()))
    try:
        for part in options.part or PARTS:
            _PART[part](report, quick=options.quick)
    except BenchmarkError as error:
        print(f"bench-law: {error}", file=sys.stderr)
        return 1
    finally:
        shutil.rmtree(SCRATCH)
    print("\n" + as_text(report.targets_table()))
    files = report.write(BUILD)
    names = " and ".join(str(file.relative_to(REPOSITORY)) for file in files)
    print(f"\n{time.perf_counter() - started:.0f} s; written to {names}")
    return 0


def machine() -> dict[str, Any]:
    """What it runs on: processor, cores, Python, and the versions of the contestants."""
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    processor = next((line.partition(": ")[2] for line in lines if line.startswith("model name")), platform.machine())
    packages = [line.partition("==")[0] for line in REQUIREMENTS.read_text(encoding="utf-8").split() if "==" in line]
    found = {"processor": processor, "cores": len(os.sched_getaffinity(0)), "Python": platform.python_version()}
    return found | {name: version(name) for name in ("lexloci", *packages)}


def _single(report: Report, *, quick: bool) -> None:
    effort = part_single.Effort(0.5, 0.1, 3) if quick else part_single.Effort(2.0, 0.25, 5)
    part_single.run(report, SCRATCH, SIZES[:2] if quick else SIZES, effort)


def _vector(report: Report, *, quick: bool) -> None:
    rounds, sample = (3, 500) if quick else (5, 2_000)
    part_vector.run(report, SCRATCH, 100_000, RULES, rounds, sample, is_final=False)
    if quick:
        part_vector.run_unknown(report, SCRATCH, 100_000, RULES, rounds, sample)
        return
    part_vector.run(report, SCRATCH, 10_000_000, RULES, 4, sample, is_final=True)
    part_vector.run_unknown(report, SCRATCH, 1_000_000, RULES, rounds, sample)
    part_vector.grow(report, SCRATCH, 100_000, SIZES, 3, 300)


def _cross(report: Report, *, quick: bool) -> None:
    part_cross.run(report, RULES, rounds=3 if quick else 7, sample=300 if quick else 2_000)


def _analysis(report: Report, *, quick: bool) -> None:
    part_analysis.run(report, rounds=1 if quick else 3)


def _real(report: Report, *, quick: bool) -> None:
    part_real.run(report, rounds=3 if quick else 5, rows=10_000 if quick else 1_000_000, sample=100 if quick else 1_000)


_PART = {"single": _single, "vector": _vector, "cross": _cross, "analysis": _analysis, "real": _real}

if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
