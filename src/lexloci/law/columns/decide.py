"""The answers of the law for a table of acts of one kind: columns of facts in, outcomes and firing rules out.

Every row has the answer that ``lexloci.law.explain`` gives for its act, and can be explained by it. A
fact that no column gives is unknown, or absent where its role does not take part, as in an act
(``lexloci.law.asked``); unknown facts are values like others, and never lower severity.

Each clause of the rules is a bit (``lexloci.law.program``). The facts that are alike in all rows are
settled first, so that only columns on which something still depends are read; a row then is a few
looks into tables and an AND (``columns_plan``, ``columns_run``). The memory needed does not grow with
the rows, but for what is handed back.

::

    columns = {"site.country": Coded(codes, ("MY", "SG")), "chip.total_processing_performance": performance}
    answer = decide_columns(rulebook, ActKind.EXPORT, columns, on=day, known_at=day, basis=Basis.TEXT, asked=("us",))
    OUTCOMES[answer.outcome[0]]  # of the first row; answer.explain_row(0) says why
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from lexloci.law.asked import role_in, silence
from lexloci.law.columns.input import (
    Coded,
    Column,
    checked_columns,
    checked_days,
    checked_roles,
    rows_of,
    value_at,
)
from lexloci.law.columns.layout import Weighing, Words
from lexloci.law.columns.plan import Plan, plan_of
from lexloci.law.columns.run import BLOCK, Decided, Worker, ends
from lexloci.law.columns.slots import MOST_PAIRS, Slots
from lexloci.law.columns.table import MOST_ENTRIES
from lexloci.law.columns.tally import OUTCOMES, Severities
from lexloci.law.explain import Explanation, ages_of, explain
from lexloci.law.on_record import NOTHING_ON_RECORD, OnRecord
from lexloci.law.program import Program, program_of
from lexloci.law.rule import Rulebook
from lexloci.law.tables import Epoch
from lexloci.model.act import Act, ActKind, Question, Role
from lexloci.model.errors import LexlociError
from lexloci.model.fact import Fact
from lexloci.model.portfolio import Basis

__all__ = ["OUTCOMES", "Coded", "Column", "ColumnAnswer", "decide_columns"]
Engine = Literal["numpy", "numba"]
Ends = Callable[[NDArray[np.int64]], tuple[int, int]]
WorkerOf = Callable[[Plan, NDArray[np.int64] | None], Any]
_FEWEST_ENTRIES = 1 << 10


@dataclass(frozen=True)
class Asking:
    """What is asked about every row of a table, and what counts for all of them."""

    rulebook: Rulebook
    kind: ActKind
    known_at: date
    basis: Basis
    asked: tuple[str, ...]
    roles: frozenset[str]
    closed: bool
    on_record: OnRecord

    def act(self, row: str, on: date, facts: Mapping[str, Fact]) -> Act:
        """The act of a row."""
        parties = {Role(role): role for role in sorted(self.roles)}
        return Act(row, self.kind, row, on, facts, self.asked, parties, closed=self.closed)

    def explain(self, act: Act) -> Explanation:
        """The explained answer for the act of a row."""
        return explain(self.rulebook, act, Question(act.on, self.known_at, self.basis), self.on_record)

    @cached_property
    def program(self) -> Program:
        """The rules for this kind of act."""
        return program_of(self.rulebook, self.kind, self.known_at)

    def weighing(self, *, firing: bool) -> Weighing:
        """On what the rows are weighed."""
        is_stale = not self.closed and any(age.is_stale for age in ages_of(self.rulebook, self.known_at))
        return Weighing(self.basis, frozenset(self.on_record.authorisations), self.asked, is_stale, firing)

    def slots(self, columns: Mapping[str, Column], most_pairs: int = MOST_PAIRS) -> Slots:
        """The slots of the rules for some columns; a fact that none gives is unknown or absent, as in an act."""
        given = {
            name: columns[name] if name in columns else silence(name, self.roles, is_closed=self.closed).value
            for name in self.program.names
        }
        return Slots(self.program, given, most_pairs)


def asking_of(  # noqa: PLR0913 -- all of it is the question, by name
    rulebook: Rulebook,
    kind: ActKind,
    names: Collection[str],
    *,
    known_at: date,
    basis: Basis,
    asked: Sequence[str],
    parties: Collection[str],
    closed: bool,
    on_record: OnRecord,
) -> Asking:
    """What is asked about a table with columns of these names; LexlociError for what a table cannot be asked."""
    if on_record.not_subject:
        raise LexlociError(
            f"columns: a record of being not subject to {', '.join(sorted(on_record.not_subject))} depends on each"
            " act's facts; leave it out, or decide those acts one by one (lexloci.law.decide)"
        )
    roles = checked_roles(parties) | {role for role in map(role_in, names) if role}
    return Asking(rulebook, kind, known_at, basis, tuple(asked), roles, closed, on_record)


@dataclass(frozen=True, eq=False)
class ColumnAnswer:
    """The outcome of every row, as a place in ``OUTCOMES``: settled, certain, and the worst possible.

    With ``firing``, the clauses of each row as bits of 64-bit words, in the order of ``program.clauses``: those that
    stand on the layer and hold (``certain_clauses``) or may hold.
    """

    asking: Asking
    columns: Mapping[str, Column]
    on: date | NDArray[np.datetime64]
    outcome: Severities
    certain: Severities
    possible: Severities
    certain_clauses: Words | None = None
    possible_clauses: Words | None = None

    def __len__(self) -> int:
        return len(self.outcome)

    @property
    def program(self) -> Program:
        """The rules whose clauses the bits are."""
        return self.asking.program

    def row(self, place: int) -> Act:
        """The act of a row."""
        place = range(len(self))[place]
        on = self.on if isinstance(self.on, date) else self.on[place].astype(object)
        facts = {name: Fact(value_at(column, place), f"row {place}") for name, column in self.columns.items()}
        return self.asking.act(f"row {place}", on, facts)

    def explain_row(self, place: int) -> Explanation:
        """The explained answer for a row."""
        return self.asking.explain(self.row(place))

    def rules(self, place: int) -> tuple[str, ...]:
        """The rules of which a clause holds in a row, in the order of the rulebook; LexlociError without ``firing``."""
        if self.certain_clauses is None:
            raise LexlociError("columns: the rules that fire were not asked for; call decide_columns(..., firing=True)")
        words = self.certain_clauses[place].tolist()
        held = [
            self.program.clauses[bit] for bit in range(len(self.program.clauses)) if words[bit // 64] >> bit % 64 & 1
        ]
        return tuple(dict.fromkeys(clause.rule.id for clause in held))


def decide_columns(  # noqa: PLR0913 -- all of it is the question, by name
    rulebook: Rulebook,
    kind: ActKind,
    columns: Mapping[str, Column],
    *,
    on: date | NDArray[np.datetime64],
    known_at: date,
    basis: Basis,
    asked: Sequence[str],
    parties: Collection[str] = frozenset(),
    closed: bool = False,
    on_record: OnRecord = NOTHING_ON_RECORD,
    engine: Engine = "numpy",
    threads: int = 1,
    firing: bool = False,
) -> ColumnAnswer:
    """The outcome of every row of a table of acts, as ``lexloci.law.explain`` would give it.

    ``columns`` by fact: truth values, numbers (nan: unknown), ``Coded`` values, or one value for all rows. ``on`` is
    one day, or a day a row. ``asked`` are the bodies of law that must speak; ``parties`` the roles that take part
    beside those that a column is about. ``closed``: what no column gives is absent. Adopted readings are facts
    (``reading.x``). ``firing`` also gives the clauses that hold. LexlociError for columns that do not fit.
    """
    asking = asking_of(
        rulebook,
        kind,
        columns,
        known_at=known_at,
        basis=basis,
        asked=asked,
        parties=parties,
        closed=closed,
        on_record=on_record,
    )
    given, days = checked_columns(rulebook, columns), checked_days(on)
    rows = rows_of(given, days)
    ends_of, worker = _engine(engine)
    epochs = _epochs(asking.program, days, ends_of)
    entries = max(_FEWEST_ENTRIES, min(MOST_ENTRIES, rows // 8))
    plan = plan_of(asking.program, asking.slots(given), epochs, asking.roles, asking.weighing(firing=firing), entries)
    decided = _empty(rows, plan)
    _run(plan, None if isinstance(days, date) else days.view(np.int64), decided, worker, threads)
    return ColumnAnswer(
        asking,
        given,
        days,
        decided.outcome,
        decided.certain,
        decided.possible,
        decided.certain_clauses,
        decided.possible_clauses,
    )


def _epochs(program: Program, days: date | NDArray[np.datetime64], ends_of: Ends) -> Sequence[Epoch]:
    """The stretches of days in which the rows are."""
    if isinstance(days, date):
        return (program.epoch_at(days),)
    first, last = _first_and_last(days, ends_of)
    since = program.days
    return [program.epoch_at(day) for day in since[bisect_right(since, first) - 1 : bisect_right(since, last)]]


def _first_and_last(days: NDArray[np.datetime64], ends_of: Ends) -> tuple[date, date]:
    if not len(days):
        return date.min, date.min
    least, most = ends_of(days.view(np.int64))
    begins = np.datetime64("1970-01-01", "D")
    first, last = ((begins + np.timedelta64(int(one), "D")).astype(object) for one in (least, most))
    if not isinstance(first, date) or not isinstance(last, date):
        wrong = np.flatnonzero((days < np.datetime64(date.min)) | (days > np.datetime64(date.max)) | np.isnat(days))
        raise LexlociError(f"on: row {int(wrong[0])} has no day from 0001-01-01 to 9999-12-31; leave such rows out")
    return first, last


def _empty(rows: int, plan: Plan) -> Decided:
    outcome, certain, possible = (np.empty(rows, np.uint8) for _ in range(3))
    words = plan.layout.firing_words
    if not words:
        return Decided(outcome, certain, possible, None, None)
    return Decided(outcome, certain, possible, np.empty((rows, words), np.uint64), np.empty((rows, words), np.uint64))


def _run(plan: Plan, days: NDArray[np.int64] | None, out: Decided, worker: WorkerOf, threads: int) -> None:
    """Decides all rows, with a worker for each thread."""
    rows = len(out.outcome)
    share = -(-rows // max(threads, 1) // BLOCK) * BLOCK
    parts = [(start, min(start + share, rows)) for start in range(0, rows, share)] if rows else []
    if len(parts) < 2:
        for start, stop in parts:
            worker(plan, days).decide(start, stop, out)
        return
    with ThreadPoolExecutor(len(parts)) as pool:
        done = [pool.submit(worker(plan, days).decide, start, stop, out) for start, stop in parts]
        for one in done:
            one.result()


def _engine(engine: Engine) -> tuple[Ends, WorkerOf]:
    """What reads the days and what decides rows; LexlociError for an engine that is not there."""
    if engine == "numpy":
        return ends, Worker
    if engine != "numba":
        raise LexlociError(f"engine: {engine!r} is none; give numpy or numba")
    try:
        from lexloci.law.columns.just_in_time import Worker as NumbaWorker
        from lexloci.law.columns.just_in_time import ends as numba_ends
    except ModuleNotFoundError as error:
        raise LexlociError("engine: Numba is not installed; install lexloci[fast], or give numpy") from error
    return numba_ends, NumbaWorker
