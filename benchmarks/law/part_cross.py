"""Part c: every combination of sites, chips, parties, jobs and days, not enumerated. No peer here does that."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from math import prod
from random import Random
from statistics import median
from typing import Any

import numpy as np
from benchmarks.law.arena import BenchmarkError
from benchmarks.law.measure import timed
from benchmarks.law.peers.lexloci_engine import by_reference, columns_of, read
from benchmarks.law.report import Report, Table, figure
from benchmarks.law.rows import make_rows
from benchmarks.law.workload import ATTRIBUTES, BODY, FIRST_DAY, KIND, KNOWN_AT, LAST_DAY, make_rulebook

from lexloci.law.columns import Coded
from lexloci.law.cross import CrossAnswer, decide_cross
from lexloci.law.rule import Rulebook
from lexloci.model.outcome import Outcome
from lexloci.model.portfolio import Basis

LEAST_PER_S = 1e9
ENTITIES = {
    "sites": (100, ("site", "departure")),
    "chips": (50, ("item", "chip")),
    "parties": (200, ("customer", "parent", "deal", "supply")),
    "jobs": (50, ("work", "dataset")),
}
DAYS = 48
PART = (slice(0, 10), slice(0, 5), slice(0, 20), slice(0, 5), slice(0, 5))  # small enough to count one by one


def run(report: Report, rules: int, rounds: int, sample: int) -> None:
    """Times the numbers of combinations by outcome, and the outcomes of a part one by one; checks both."""
    rulebook = make_rulebook(rules)
    entities, days = _entities(), _days()
    answer = _decided(rulebook, entities, days)
    shape = answer.shape
    _refuse_wrong_counts(rulebook, entities, days, answer)
    _refuse_reference(rulebook, answer, sample)
    one_job = (*(slice(None) for _ in range(3)), 0, slice(None))
    steps: dict[str, tuple[int, Callable[[], Any]]] = {
        "how many have each outcome": (prod(shape), lambda: _decided(rulebook, entities, days).counts()),
        "the outcome of each, for one job": (
            prod(shape) // shape[3],
            lambda: _decided(rulebook, entities, days).outcomes(*one_job),
        ),
    }
    found: dict[str, dict[str, float]] = {}
    for name, (count, ask) in steps.items():
        laps = [timed(ask) for _ in range(rounds)]
        wall, cpu = median(lap[0] for lap in laps), median(lap[1] for lap in laps)
        found[name] = {"combinations": count, "wall_s": wall, "per_s": count / wall, "per_cpu_s": count / cpu}
    report.figures["cross product"] = found
    report.add(_table(found, shape, sample))
    per_s = found["how many have each outcome"]["per_s"]
    what = f"cross product of {prod(shape) / 1e9:.1f}e9 combinations, by outcome"
    report.target(what, f">= {LEAST_PER_S:.0e} /s", f"{per_s:.1e} /s", is_met=per_s >= LEAST_PER_S)


def _table(found: Mapping[str, Mapping[str, float]], shape: Sequence[int], sample: int) -> Table:
    names = [*ENTITIES, "days"]
    lines = tuple(
        (
            name,
            f"{one['combinations']:,.0f}",
            f"{one['per_s']:.1e}",
            f"{one['per_cpu_s']:.1e}",
            figure(one["wall_s"] * 1e3),
        )
        for name, one in found.items()
    )
    title = "Cross product of " + ", ".join(f"{count} {name}" for count, name in zip(shape, names, strict=True))
    note = f"from tables to answers, plan included; {sample:,} combinations compared with the reference"
    return Table(title, note, ("question", "combinations", "per s", "per cpu-s", "ms"), lines)


def _entities() -> dict[str, dict[str, Any]]:
    """A table for each entity, with the attributes whose first word is its own."""
    found: dict[str, dict[str, Any]] = {}
    for place, (entity, (count, words)) in enumerate(ENTITIES.items()):
        columns = columns_of(make_rows(count, seed=10 + place))
        found[entity] = {name: column for name, column in columns.items() if name.partition(".")[0] in words}
    if sorted(name for some in found.values() for name in some) != sorted(one.name for one in ATTRIBUTES):
        raise BenchmarkError("cross: the entities do not hold every attribute once")
    return found


def _days() -> list[date]:
    step = (LAST_DAY - FIRST_DAY).days // DAYS
    return [FIRST_DAY + timedelta(days=step * number) for number in range(DAYS)]


def _decided(rulebook: Rulebook, entities: Mapping[str, Mapping[str, Any]], days: Sequence[date]) -> CrossAnswer:
    return decide_cross(rulebook, KIND, entities, on=days, known_at=KNOWN_AT, basis=Basis.TEXT, asked=(BODY,))


def _refuse_wrong_counts(
    rulebook: Rulebook, entities: Mapping[str, Mapping[str, Any]], days: Sequence[date], answer: CrossAnswer
) -> None:
    """The counts add up to the product; and those of a part are what counting its outcomes one by one gives."""
    if sum(answer.counts().values()) != prod(answer.shape):
        raise BenchmarkError(f"cross: the counts do not add up to {prod(answer.shape)}")
    small = {
        entity: {name: _cut(column, part) for name, column in some.items()}
        for (entity, some), part in zip(entities.items(), PART, strict=False)
    }
    counted = _decided(rulebook, small, days[PART[-1]]).counts()
    one_by_one = np.bincount(answer.outcomes(*PART).ravel(), minlength=len(Outcome)).tolist()
    if [counted[outcome] for outcome in Outcome] != one_by_one:
        raise BenchmarkError(f"cross: a part counts {counted}, and its outcomes one by one {one_by_one}")


def _cut(column: Any, part: slice) -> Any:
    return Coded(column.codes[part], column.values) if isinstance(column, Coded) else column[part]


def _refuse_reference(rulebook: Rulebook, answer: CrossAnswer, sample: int) -> None:
    """Compares random combinations with the reference evaluator."""
    random = Random(5)
    for _ in range(sample):
        place = [random.randrange(count) for count in answer.shape]
        expected = read(by_reference(rulebook, answer.act(*place))).outcome
        found = list(Outcome).index(answer.outcome(*place))
        if found != expected:
            raise BenchmarkError(f"cross: combination {place} answers {found}, the reference {expected}")
