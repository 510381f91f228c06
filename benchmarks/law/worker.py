"""The process of one contestant: it loads the rules and the rows once, then does what it is told, line by line.

    python -m benchmarks.law.worker single|vector MODULE NAME RULES ROWS_FOLDER THREADS

Each line on standard input is a JSON list of a command and its arguments, each answer a line of JSON.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any, TextIO

import numpy as np
from benchmarks.law.contestant import MakeSingle, MakeVector
from benchmarks.law.measure import timed_decisions, timed_run
from benchmarks.law.rows import Rows, read_rows
from benchmarks.law.workload import make_rulebook

from lexloci.law.rule import Rulebook

WARM_UP_ROWS = 1_000
CHECKED_PART = 5  # one row in so many is checked


class SingleWorker:
    """The first rows are decided to check the answers and to warm up, the others against the clock."""

    def __init__(self, make: MakeSingle, rulebook: Rulebook, rows: Rows) -> None:
        self.single = make(rulebook, rows)
        first = len(self.single.inputs) // CHECKED_PART
        self.checked, self.timed = self.single.inputs[:first], self.single.inputs[first:]
        self.place = 0

    def answers(self, seconds: float) -> list[tuple[int, list[str] | None]]:
        """The answers to the first rows, as many as are decided in the time; at least ten."""
        found: list[tuple[int, list[str] | None]] = []
        end = time.perf_counter() + seconds
        for one in self.checked:
            answer = self.single.read(self.single.decide(one))
            found.append((answer.outcome, None if answer.fired is None else sorted(answer.fired)))
            if len(found) >= 10 and time.perf_counter() > end:
                break
        return found

    def laps(self, seconds: float, most: int) -> dict[str, Any]:
        """How long decisions take, on rows that were not decided before while there are any."""
        laps = timed_decisions(self.single, self.timed, self.place, seconds, most)
        self.place += laps.decisions
        return asdict(laps)


class VectorWorker:
    """Warms up on a few rows, then decides the table as often as told."""

    def __init__(self, make: MakeVector, rulebook: Rulebook, rows: Rows, threads: int) -> None:
        timed_run(make(rulebook, rows.first(WARM_UP_ROWS), threads))
        self.vector = make(rulebook, rows, threads)

    def run(self, file: str = "") -> dict[str, Any]:
        """How long the table takes and how much memory; the answers go to a file where one is named."""
        run, answers = timed_run(self.vector)
        if file:
            np.save(file, answers)
        return asdict(run)


def main(arguments: list[str], stdin: TextIO, stdout: TextIO) -> int:
    """Serves until standard input ends."""
    kind, module, name, rules, folder, threads = arguments
    if threads == "1":
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    peer, rulebook, rows = importlib.import_module(module), make_rulebook(int(rules)), read_rows(Path(folder))
    worker: Any
    if kind == "single":
        worker = SingleWorker(peer.SINGLE[name], rulebook, rows)
    else:
        worker = VectorWorker(peer.VECTOR[name], rulebook, rows, int(threads))
    del rows
    print(json.dumps("ready"), file=stdout, flush=True)
    for line in stdin:
        command, *values = json.loads(line)
        print(json.dumps(getattr(worker, command)(*values)), file=stdout, flush=True)
    return 0


if __name__ == "__main__":
    own_stdout = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what an engine prints goes to standard error
    raise SystemExit(main(sys.argv[1:], sys.stdin, own_stdout))
