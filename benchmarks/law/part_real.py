"""Part f: the rulebook that the package ships. This engine beside its reference; the peers do not know this law."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from statistics import median, quantiles
from typing import Any

import numpy as np
from benchmarks.law.arena import SCRATCH, BenchmarkError
from benchmarks.law.measure import timed
from benchmarks.law.real_rows import RealRows, make_real_rows
from benchmarks.law.report import Report, Table, figure, times

from lexloci.law.columns import Coded, decide_columns
from lexloci.law.compiled import compile_rulebook, read_compiled
from lexloci.law.decide import decide
from lexloci.law.explain import LayerAnswer, ages_of, answers, explain
from lexloci.law.load import load_rulebook
from lexloci.law.on_record import NOTHING_ON_RECORD, OnRecord
from lexloci.law.reference import ask_all
from lexloci.law.rule import Rulebook
from lexloci.model.act import Act, ActKind, Question
from lexloci.model.outcome import Outcome
from lexloci.model.portfolio import Basis
from lexloci.rulebook.book import FOLDER, bundled_rulebook
from lexloci.rulebook.decided_cases import bundled_cases
from lexloci.rulebook.judge_cases import act_of, on_record_of

KIND = ActKind.EXPORT
BODIES = ("us",)
Asked = tuple[Act, Question, OnRecord, tuple[str, ...]]


def run(report: Report, rounds: int, rows: int, sample: int) -> None:
    """Times loading, the decided cases one by one, and random rows for one kind of act."""
    rulebook = bundled_rulebook()
    _load(report, rulebook, rounds)
    _cases(report, rulebook, rounds)
    _table(report, rulebook, rounds, rows, sample)


def _load(report: Report, rulebook: Rulebook, rounds: int) -> None:
    file = SCRATCH / "rulebook.compiled.json"
    file.write_bytes(compile_rulebook(rulebook))
    case = _asked(rulebook)[0]

    def first_answer() -> None:
        _fast(read_compiled(file.read_bytes(), file.name), *case)

    found = {
        "read its folders": median(timed(lambda: load_rulebook(FOLDER))[0] for _ in range(min(rounds, 3))),
        "read the compiled file": median(
            timed(lambda: read_compiled(file.read_bytes(), file.name))[0] for _ in range(rounds)
        ),
        "read the compiled file, and the first answer": median(timed(first_answer)[0] for _ in range(rounds)),
    }
    report.figures["real rulebook, load"] = found
    lines = tuple((name, figure(seconds * 1e3)) for name, seconds in found.items())
    title = f"The rulebook {rulebook.version}, {len(rulebook.rules)} rules: loading"
    report.add(Table(title, f"{file.stat().st_size / 1e6:.1f} MB compiled", ("step", "ms"), lines))


def _asked(rulebook: Rulebook) -> list[Asked]:
    return [
        (act_of(rulebook, case), Question(case.on, case.known_at, layer), on_record_of(case), case.bodies)
        for case in bundled_cases()
        for layer in case.expect
    ]


def _fast(rulebook: Rulebook, act: Act, question: Question, on_record: OnRecord, bodies: tuple[str, ...]) -> Outcome:
    return explain(rulebook, act, question, on_record, bodies=bodies).outcome


def _in_words(
    rulebook: Rulebook, act: Act, question: Question, on_record: OnRecord, bodies: tuple[str, ...]
) -> Outcome:
    return decide(rulebook, act, question, on_record, bodies=bodies).outcome


def _reference(
    rulebook: Rulebook, act: Act, question: Question, on_record: OnRecord, bodies: tuple[str, ...]
) -> Outcome:
    return _by_reference(rulebook, act, question, on_record, bodies).outcome


def _by_reference(
    rulebook: Rulebook, act: Act, question: Question, on_record: OnRecord, bodies: tuple[str, ...] | None
) -> LayerAnswer:
    asked = ask_all(rulebook, act, question.known_at, bodies)
    ages = () if act.closed else ages_of(rulebook, question.known_at)
    return answers(rulebook, act, question, on_record, asked, ages, bodies)[0]


def _cases(report: Report, rulebook: Rulebook, rounds: int) -> None:
    cases = _asked(rulebook)
    engines: dict[str, Callable[..., Outcome]] = {
        "lexloci explain": _fast,
        "lexloci decide, in words": _in_words,
        "lexloci reference": _reference,
    }
    given = {name: [engine(rulebook, *case) for case in cases] for name, engine in engines.items()}
    for name, outcomes in given.items():
        for case, outcome, expected in zip(cases, outcomes, given["lexloci reference"], strict=True):
            if outcome is not expected:
                raise BenchmarkError(f"{case[0].id}: {name} answers {outcome.value}, the reference {expected.value}")
    laps: dict[str, list[float]] = {name: [] for name in engines}
    for _ in range(rounds):
        for name, engine in engines.items():
            laps[name] += _laps(engine, rulebook, cases)
    found = {
        name: {"p50_us": median(several), "p99_us": quantiles(several, n=100)[98]} for name, several in laps.items()
    }
    report.figures["real rulebook, decided cases"] = found
    ours = found["lexloci explain"]["p50_us"]
    lines = tuple(
        (name, times(one["p50_us"] / ours), figure(one["p50_us"]), figure(one["p99_us"])) for name, one in found.items()
    )
    title = f"The rulebook {rulebook.version}: {len(bundled_cases())} decided cases, {len(cases)} answers"
    report.add(
        Table(title, "one at a time; the same outcomes", ("engine", "explain is faster by", "p50 us", "p99 us"), lines)
    )


def _laps(engine: Callable[..., Outcome], rulebook: Rulebook, cases: Sequence[Asked]) -> list[float]:
    clock = time.perf_counter_ns
    laps: list[float] = []
    for case in cases:
        begin = clock()
        engine(rulebook, *case)
        laps.append((clock() - begin) / 1e3)
    return laps


def _table(report: Report, rulebook: Rulebook, rounds: int, count: int, sample: int) -> None:
    rows = make_real_rows(rulebook, KIND, count)
    columns = {name: Coded(rows.codes[name], values) for name, values in rows.values.items()}
    found: dict[str, Any] = {}
    for engine in ("numpy", "numba"):

        def decided(engine: Any = engine) -> Any:
            return decide_columns(
                rulebook,
                KIND,
                columns,
                on=rows.on,
                known_at=rulebook.reviewed,
                basis=Basis.TEXT,
                asked=BODIES,
                engine=engine,
            )

        _refuse_reference(rulebook, rows, decided().outcome, sample, engine)
        laps = [timed(decided) for _ in range(rounds)]
        found[f"lexloci {engine}"] = {
            "per_s": count / median(lap[0] for lap in laps),
            "per_cpu_s": count / median(lap[1] for lap in laps),
        }
    report.figures["real rulebook, table"] = found
    lines = tuple((name, figure(one["per_cpu_s"] / 1e6), figure(one["per_s"] / 1e6)) for name, one in found.items())
    title = f"The rulebook {rulebook.version}: {count:,} random rows of {KIND.value}, {len(columns)} facts"
    note = f"one fact in ten unknown; {sample:,} rows compared with the reference"
    report.add(Table(title, note, ("engine", "M decisions per cpu-s", "M per s"), lines))


def _refuse_reference(rulebook: Rulebook, rows: RealRows, outcomes: Any, sample: int, engine: str) -> None:
    places = np.linspace(0, len(rows.on) - 1, sample).astype(int).tolist()
    for place, act in zip(places, rows.acts(places, BODIES), strict=True):
        question = Question(act.on, rulebook.reviewed, Basis.TEXT)
        expected = _by_reference(rulebook, act, question, NOTHING_ON_RECORD, None).outcome
        if list(Outcome)[outcomes[place]] is not expected:
            raise BenchmarkError(
                f"row {place} of the real rulebook: {engine} answers {outcomes[place]}, the reference {expected.value}"
            )
