"""The score of a mutation run: by file and whole, as a table to read and as a record to keep."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

KILLED, SURVIVED, TIMEOUT, NO_TESTS = "killed", "survived", "timeout", "no tests"
# The two-sided 95 % point of the normal distribution.
_Z_95 = 1.959964


@dataclass(frozen=True)
class FileScore:
    """How the mutants of one file fared: how many it has, and of those that were asked about, how many of each kind."""

    path: str
    mutants: int
    killed: int
    timeout: int
    survived: int
    no_tests: int

    @property
    def asked(self) -> int:
        """The mutants that were asked about: all, or a sample."""
        return self.killed + self.timeout + self.survived + self.no_tests

    @property
    def noticed(self) -> float:
        """The share that a test noticed, by failing or by never ending; 1 where there is no mutant."""
        return (self.killed + self.timeout) / self.asked if self.asked else 1.0

    @property
    def score_percent(self) -> float:
        """The share that a test noticed, in per cent, rounded down to a tenth."""
        return math.floor(1000 * self.noticed) / 10


def scores_of(results: Mapping[str, Sequence[str]], whole: Mapping[str, int]) -> list[FileScore]:
    """The score of each file, from what became of its mutants and from how many it has; by path."""
    found = []
    for path in sorted(whole):
        count = Counter(results.get(path, ()))
        # What a sample leaves out stays in; what is no valid change of the program is in neither number.
        found.append(FileScore(path, whole[path], count[KILLED], count[TIMEOUT], count[SURVIVED], count[NO_TESTS]))
    return [one for one in found if one.mutants]


def whole_score(scores: Sequence[FileScore]) -> tuple[float, float]:
    """The score of all files in per cent, each weighted by its mutants, and half of its 95 % interval.

    The half is 0 where every mutant was asked about: the variance of a stratified sample without replacement
    (Cochran, Sampling Techniques, 3rd edition, 1977, section 5.4), on the normal distribution.
    """
    strata = [one for one in scores if one.asked]
    total = sum(one.mutants for one in strata)
    if not total:
        return 100.0, 0.0
    mean = sum(one.mutants * one.noticed for one in strata) / total
    variance = sum(
        (one.mutants / total) ** 2
        * (1 - one.asked / one.mutants)
        * one.noticed
        * (1 - one.noticed)
        / max(one.asked - 1, 1)
        for one in strata
    )
    return math.floor(1000 * mean) / 10, math.ceil(1000 * _Z_95 * math.sqrt(variance)) / 10


def table(scores: Sequence[FileScore]) -> str:
    """The scores as lines of text: a line for each file, then the whole."""
    width = max([len(one.path) for one in scores], default=4)
    lines = [f"{'file':{width}} mutants asked killed timeout survived no tests  score"]
    lines += [
        f"{one.path:{width}} {one.mutants:7} {one.asked:5} {one.killed:6} {one.timeout:7} {one.survived:8}"
        f" {one.no_tests:8} {one.score_percent:5.1f} %"
        for one in scores
    ]
    score, half = whole_score(scores)
    lines.append(f"whole: {score:.1f} %" + (f" +- {half:.1f}" if half else ""))
    return "\n".join(lines)


def record(scores: Sequence[FileScore], about: Mapping[str, object]) -> str:
    """The record of a run as TOML: what it is about, the whole score, and the score of each file."""
    score, half = whole_score(scores)
    lines = ["# Written by `make mutate` (CONTRIBUTING.md, tools/mutate.py): do not edit.", ""]
    # A text or a list of texts is the same in JSON and in TOML.
    lines += [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in about.items()]
    lines += [f"score_percent = {score}", f"score_95_percent_interval = [{score - half:.1f}, {score + half:.1f}]"]
    for kind in ("mutants", "asked", "killed", "timeout", "survived", "no_tests"):
        lines.append(f"{kind} = {sum(getattr(one, kind) for one in scores)}")
    for one in scores:
        lines += ["", "[[file]]", f'path = "{one.path}"', f"score_percent = {one.score_percent}"]
        lines += [
            f"{kind} = {getattr(one, kind)}"
            for kind in ("mutants", "asked", "killed", "timeout", "survived", "no_tests")
        ]
    return "\n".join(lines) + "\n"
