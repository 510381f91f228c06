"""Mutation testing of the law engine: of all small changes to its code, how many does a test notice?

``make mutate``, or ``python tools/mutate.py [FILE ...] [--sample N] [--record FILE]``. The mutants are those of the
operators of mutmut (tools/mutants.py); its runner is not used, because it asks the tests in no order, in a process
whose caches are full. Here the tests are collected once; they run once unchanged, to learn how long each takes and
which lines it reaches; then each mutant is put into a fork of the process that has only collected them, and the tests
that reach its lines are asked, the quickest and those that noticed its neighbours first, until one fails. A mutant is

- killed where a test fails, or the process dies;
- timeout where the tests take many times as long as they did;
- survived where all the tests that reach it pass;
- no tests where none reaches it.

Hypothesis draws ``--examples`` examples of each property at most, the same ones each time, and does not make a failing
one smaller. A test that does not pass unchanged is left out, and named in the record.
"""

from __future__ import annotations

import argparse
import gc
import os
import pickle
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import _lru_cache_wrapper
from importlib.metadata import version
from pathlib import Path
from typing import Any

import coverage
import hypothesis
import pytest

from mutants import Mutant, files_of, mutants_of, put_in
from mutation_record import KILLED, NO_TESTS, SURVIVED, TIMEOUT, record, scores_of, table, whole_score

ROOT = Path(__file__).resolve().parents[1]
LAW = ROOT / "src" / "lexloci" / "law"
TESTS = (
    "tests/law",
    "tests/law_compiled",
    "tests/law_analysis",
    "tests/law_export",
    "tests/rulebook",
)
EXCLUDED = {
    "src/lexloci/law/columns/kernel.py": "makes machine code while it is read, before a mutant can stand in it",
}
# Why most of the survivors that were read change nothing that a user could see.
SURVIVORS = (
    "zip(strict=True) without strict: what is zipped has one length by construction",
    "a shorter way left out (a sort before a search, a cache, an early return): the same answer, later",
    "a limit of steps, entries or bytes moved by one",
    "None, or another text, as the default of a look-up that always finds",
    "a name or place within a message that no test reads",
)
# What a fork ends with.
_PASSED, _FAILED, _UNMUTABLE = 0, 1, 77
_TIMED_OUT = (-signal.SIGPROF, -signal.SIGALRM)
_TIMES_AS_LONG, _AT_LEAST_S, _TIMES_THE_CLOCK, _MEMORY_BYTES = 5, 5, 60, 6 * 2**30


@dataclass
class Suite:
    """The tests: how long each takes, which reach a line of a file, which do not pass; and what collecting ran."""

    duration_s: dict[str, float] = field(default_factory=dict)
    reaching: dict[str, dict[int, set[str]]] = field(default_factory=dict)
    failing: list[str] = field(default_factory=list)
    at_collection: dict[str, set[int]] = field(default_factory=dict)


class Driver:
    """A plugin of pytest that takes the place of its loop: asks the collected tests about each mutant."""

    def __init__(self, mutants: Sequence[Mutant], budget_s: float, examples: int, workers: int) -> None:
        self.mutants, self.budget_s, self.examples, self.workers = mutants, budget_s, examples, workers
        self.suite = Suite()
        self.results: dict[Mutant, str] = {}
        self.failed = False
        self._noticed: dict[str, Counter[str]] = defaultdict(Counter)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Notes that a test failed, in setting up too; pytest calls it."""
        self.failed = self.failed or report.failed

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Asks the tests about each mutant; pytest calls it once the tests are collected."""
        self._items = {item.nodeid: item for item in session.items}
        for item in session.items:
            _draw_at_most(item, self.examples)
        self.suite = self._run_unchanged()
        COVERAGE.stop()
        print(f"{len(self.suite.duration_s)} tests, {sum(self.suite.duration_s.values()):.0f} s", file=sys.stderr)
        self._run_all()
        return True

    def _run_unchanged(self) -> Suite:
        """Runs every test in a fork, and reads back what it learnt, so that this process stays as it was."""
        with tempfile.TemporaryDirectory() as folder:
            said = Path(folder) / "suite"
            child = os.fork()
            if child == 0:
                _be_silent()
                said.write_bytes(pickle.dumps(self._learn()))
                os._exit(0)
            os.waitpid(child, 0)
            if not said.exists():
                sys.exit("mutate: the tests end the process that runs them; run them with pytest to see why")
            return pickle.loads(said.read_bytes())  # type: ignore[no-any-return]  # noqa: S301 -- written just above

    def _learn(self) -> Suite:
        suite = Suite()
        # What the tests keep for each other, such as a sample that is loaded once, hides who needs it.
        kept = [one for one in _caches() if not one.__module__.startswith("lexloci.")]
        for name, item in self._items.items():
            _empty(kept)
            COVERAGE.switch_context(name)
            self.failed = False
            begun = time.process_time()
            item.ihook.pytest_runtest_protocol(item=item, nextitem=None)
            suite.duration_s[name] = time.process_time() - begun
            if self.failed:
                suite.failing.append(name)
        COVERAGE.stop()
        data = COVERAGE.get_data()
        for file in data.measured_files():
            path = Path(file).relative_to(ROOT).as_posix()
            contexts = data.contexts_by_lineno(file)
            suite.at_collection[path] = {line for line, names in contexts.items() if "" in names}
            suite.reaching[path] = {
                line: {name for name in names if name and name not in suite.failing} for line, names in contexts.items()
            }
        return suite

    def tests_of(self, mutant: Mutant) -> list[str]:
        """The tests that reach a mutant's lines, else its function's; first those likely to notice it soon."""
        reaching = self.suite.reaching.get(mutant.path, {})
        found: set[str] = set()
        for first, last in (mutant.lines, mutant.function_lines):
            found = found or set().union(*(reaching.get(line, set()) for line in range(first, last + 1)))
        noticed = self._noticed[mutant.path]
        return sorted(found, key=lambda name: (self.suite.duration_s[name] / (1 + noticed[name]), name))

    def _run_all(self) -> None:
        running: dict[int, tuple[Mutant, int]] = {}
        caches = _caches()
        gc.freeze()  # else each fork would copy what its collector looks at
        for number, mutant in enumerate(self.mutants):
            tests = self.tests_of(mutant)
            if not tests:
                self.results[mutant] = NO_TESTS
                print(f"{NO_TESTS}: {mutant.name}", flush=True)
                continue
            while len(running) >= self.workers:
                self._reap(running)
            reader, writer = os.pipe()
            child = os.fork()
            if child == 0:
                if self.suite.at_collection.get(mutant.path, set()) & set(range(*_body(mutant))):
                    _empty(caches)
                self._ask(mutant, tests, writer)
            os.close(writer)
            running[child] = (mutant, reader)
            if number % 50 == 0:
                counts = Counter(self.results.values())
                print(f"{number}/{len(self.mutants)} {mutant.path} {dict(counts)}", file=sys.stderr, flush=True)
        while running:
            self._reap(running)

    def _ask(self, mutant: Mutant, tests: Sequence[str], writer: int) -> None:
        """Puts a mutant into this fork, asks the tests, and ends; writes the test that noticed it."""
        _be_silent()
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
        try:
            put_in(mutant)
        except BaseException:  # noqa: BLE001 -- a change that is no Python at all says nothing about the tests
            os._exit(_UNMUTABLE)
        spent_s, self.failed = 0.0, False
        for name in tests:
            expected_s = self.suite.duration_s[name]
            if spent_s > self.budget_s:
                break
            limit_s = _AT_LEAST_S + _TIMES_AS_LONG * expected_s
            signal.setitimer(signal.ITIMER_PROF, limit_s)  # of this process's own time: the machine may be busy
            signal.setitimer(signal.ITIMER_REAL, _TIMES_THE_CLOCK * limit_s)
            self._items[name].ihook.pytest_runtest_protocol(item=self._items[name], nextitem=None)
            if self.failed:
                os.write(writer, name.encode())
                os._exit(_FAILED)
            spent_s += expected_s
        os._exit(_PASSED)

    def _reap(self, running: dict[int, tuple[Mutant, int]]) -> None:
        child, status = os.wait()
        mutant, reader = running.pop(child)
        name = os.read(reader, 2**16).decode()
        os.close(reader)
        code = os.waitstatus_to_exitcode(status)
        if code == _UNMUTABLE:
            print(f"left out, since it is no valid change: {mutant.name}", flush=True)
            return
        if name:
            self._noticed[mutant.path][name] += 1
        self.results[mutant] = SURVIVED if code == _PASSED else TIMEOUT if code in _TIMED_OUT else KILLED
        if code == _PASSED:
            print(f"{SURVIVED}: {mutant.name}", flush=True)


def _body(mutant: Mutant) -> tuple[int, int]:
    """The lines of the function after its first, which runs when the module is read."""
    first, last = mutant.function_lines
    return first + 1, last + 1


def _be_silent() -> None:
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)


def _caches() -> list[Any]:
    return [one for one in gc.get_objects() if isinstance(one, _lru_cache_wrapper)]


def _empty(caches: Iterable[Any]) -> None:
    for one in caches:
        one.cache_clear()


def _draw_at_most(item: Any, examples: int) -> None:
    """Sets how many examples a property draws, and that a failing one is not made smaller."""
    function = getattr(item, "function", None)
    own = getattr(function, _SETTINGS, None)
    if own is not None:
        setattr(function, _SETTINGS, hypothesis.settings(own, max_examples=min(own.max_examples, examples), **_SEARCH))


# Where hypothesis keeps what ``@settings`` says of one test: it has no public way to change it.
_SETTINGS = "_hypothesis_internal_use_settings"
_SEARCH: dict[str, Any] = {
    "phases": (hypothesis.Phase.explicit, hypothesis.Phase.generate),
    "derandomize": True,
    "database": None,
    "deadline": None,
    "suppress_health_check": list(hypothesis.HealthCheck),
}
COVERAGE = coverage.Coverage(data_file=None, include=[f"{LAW}/*"], config_file=False)


def chosen(files: Iterable[Path], sample: int, seed: int) -> tuple[list[Mutant], dict[str, int]]:
    """The mutants that are asked about, and how many each file has: all, or a random ``sample`` of each file's."""
    asked: list[Mutant] = []
    whole: dict[str, int] = {}
    for file in files:
        found = mutants_of(file, ROOT)
        path = file.relative_to(ROOT).as_posix()
        if path in EXCLUDED:
            continue
        whole[path] = len(found)
        if sample and len(found) > sample:
            found = sorted(random.Random(f"{seed}:{path}").sample(found, sample), key=lambda one: one.number)
        asked += found
    return asked, whole


def _commit() -> str:
    def git(*arguments: str) -> str:
        return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()  # noqa: S607

    changed = git("status", "--porcelain", "--", "src/lexloci/law", "tests")
    return git("rev-parse", "HEAD") + (" and changes that are not in it" if changed else "")


def main(arguments: Sequence[str]) -> int:
    """Runs the mutants and prints the score of each file; 1 where it is below ``--least`` per cent."""
    parser = argparse.ArgumentParser(description="How many small changes to the law engine does a test notice?")
    parser.add_argument("files", nargs="*", type=Path, default=[LAW], help="files or folders (default: the law engine)")
    parser.add_argument("--sample", type=int, default=0, help="so many mutants of each file, drawn at random; 0: all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--examples", type=int, default=40, help="examples that a property draws at most")
    parser.add_argument("--budget", type=float, default=40.0, help="seconds of tests for a mutant at most")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--tests", nargs="*", default=TESTS)
    parser.add_argument("--record", type=Path, help="write the score here")
    parser.add_argument("--least", type=float, default=0.0, help="the score in per cent that is asked for")
    options = parser.parse_args(arguments)

    os.chdir(ROOT)
    os.environ["HYPOTHESIS_PROFILE"] = "mutate"
    hypothesis.settings.register_profile("mutate", max_examples=options.examples, **_SEARCH)
    mutants, whole = chosen(files_of([file.resolve() for file in options.files]), options.sample, options.seed)
    driver = Driver(mutants, options.budget, options.examples, options.workers)
    COVERAGE.start()
    pytest.main(
        [
            "-q",
            "--continue-on-collection-errors",
            "--disable-warnings",
            "-p",
            "no:cacheprovider",
            "-s",
            "-p",
            "no:xdist",
            *options.tests,
        ],
        plugins=[driver],
    )
    return _report(driver, whole, options)


def _report(driver: Driver, whole: dict[str, int], options: argparse.Namespace) -> int:
    """Prints the table, writes the survivors and the record; 1 where the score is too low, or nothing was asked."""
    results: dict[str, list[str]] = defaultdict(list)
    for mutant, result in driver.results.items():
        results[mutant.path].append(result)
    scores = scores_of(results, whole)
    print(table(scores))
    if options.record:
        about = {
            "date": time.strftime("%Y-%m-%d"),
            "commit": _commit(),
            "operators": f"mutmut {version('mutmut')}",
            "sample_of_each_file": options.sample or "all",
            "seed": options.seed,
            "examples_of_each_property": options.examples,
            "seconds_of_tests_for_each_mutant": options.budget,
            "tests": list(options.tests),
            "excluded": [f"{path}: {why}" for path, why in EXCLUDED.items()],
            "survivors_that_change_nothing": list(SURVIVORS),
            "tests_left_out_because_they_fail_unchanged": driver.suite.failing,
        }
        options.record.write_text(record(scores, about), encoding="utf-8")
    return int(not driver.results or whole_score(scores)[0] < options.least)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
