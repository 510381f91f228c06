"""Runs contestants side by side, each in a process of its own, in turns (A B A B), and compares their answers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.law.roster import Contestant

REPOSITORY = Path(__file__).parents[2]
BUILD = REPOSITORY / "build" / "bench-law"
SCRATCH = BUILD / "scratch"
"""Rows and answers, removed at the end."""
LOGS = BUILD / "logs"
_THREAD_LIMITS = (
    "POLARS_MAX_THREADS",
    "NUMBA_NUM_THREADS",
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "RAYON_NUM_THREADS",
)


class BenchmarkError(Exception):
    """The benchmark cannot go on: a contestant failed, or answers differ."""


class Process:
    """A contestant's process (``worker.py``)."""

    def __init__(self, kind: str, contestant: Contestant, rules: int, folder: Path, threads: int) -> None:
        self.contestant = contestant
        name = contestant.name.replace(" ", "-").replace(",", "")
        self.log = LOGS / f"{kind}-{rules}-{threads}-{name}.log"
        command = [sys.executable, "-m", "benchmarks.law.worker", kind, contestant.module, contestant.name]
        environment = {**os.environ, **dict.fromkeys(_THREAD_LIMITS, str(threads)), "PYTHONHASHSEED": "0"}
        self.process = subprocess.Popen(  # noqa: S603 - our own worker
            [*command, str(rules), str(folder), str(threads)],
            cwd=REPOSITORY,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.log.open("w", encoding="utf-8"),
            text=True,
        )
        self.stdin: Any = self.process.stdin
        self.stdout: Any = self.process.stdout

    def answer(self) -> Any:
        """The next line that the process says."""
        line = self.stdout.readline()
        if not line:
            last = self.log.read_text(encoding="utf-8").strip().splitlines()[-1:] or ["no message"]
            raise BenchmarkError(f"{self.contestant.name} failed: {last[0]} (all of it in {self.log})")
        return json.loads(line)

    def ask(self, command: str, *values: Any) -> Any:
        """What the process answers to a command."""
        self.stdin.write(json.dumps([command, *values]) + "\n")
        self.stdin.flush()
        return self.answer()

    def end(self) -> None:
        """Ends the process; it has nothing to save."""
        self.process.kill()
        self.process.communicate()


@contextmanager
def processes(
    kind: str, contestants: Sequence[Contestant], rules: int, folder: Path, threads: int = 1
) -> Iterator[list[Process]]:
    """A process for each contestant, loaded one after the other so that they do not disturb each other."""
    started: list[Process] = []
    try:
        for contestant in contestants:
            started.append(Process(kind, contestant, rules, folder, threads))
            started[-1].answer()
        yield started
    finally:
        for process in started:
            process.end()


def in_turns(started: Sequence[Process], rounds: int, command: str, *values: Any) -> dict[str, list[Any]]:
    """The answers of every contestant to a command, round by round; every second round goes backwards."""
    found: dict[str, list[Any]] = {process.contestant.name: [] for process in started}
    for number in range(rounds):
        for process in started if number % 2 == 0 else reversed(started):
            found[process.contestant.name].append(process.ask(command, *values))
    return found


def refuse_difference(name: str, ours: Iterable[Any], theirs: Iterable[Any], other: str) -> int:
    """The number of rows compared; BenchmarkError at the first on which two contestants answer differently."""
    count = 0
    for place, (mine, yours) in enumerate(zip(ours, theirs, strict=False)):
        if mine != yours:
            raise BenchmarkError(f"row {place}: {name} answers {yours}, {other} answers {mine}; no ratio is printed")
        count += 1
    return count
