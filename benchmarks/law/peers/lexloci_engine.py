"""lexloci: the explained single decision, the columns, and beside them the reference that both must agree with."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from benchmarks.law.contestant import Answer, Answers, Single, Vector
from benchmarks.law.rows import Rows, acts_of
from benchmarks.law.workload import BODY, BY_NAME, KIND, KNOWN_AT

from lexloci.law.columns import Coded, Engine, decide_columns
from lexloci.law.decide import decide
from lexloci.law.explain import LayerAnswer, ages_of, answers, explain
from lexloci.law.on_record import NOTHING_ON_RECORD
from lexloci.law.reference import ask_all
from lexloci.law.rule import Rulebook
from lexloci.model.act import Act, Question
from lexloci.model.determination import Determination, FindingStatus
from lexloci.model.fact import UNKNOWN, Value
from lexloci.model.outcome import Outcome
from lexloci.model.portfolio import Basis

NUMBER_OF = {outcome: number for number, outcome in enumerate(Outcome)}


def question_of(act: Act) -> Question:
    """An act is judged on its own day, by the law known after all of it, on the text."""
    return Question(act.on, KNOWN_AT, Basis.TEXT)


def asked_of(rows: Rows) -> list[tuple[Act, Question]]:
    """The acts of all rows, each with what is asked about it."""
    return [(act, question_of(act)) for act in acts_of(rows, range(len(rows)))]


def by_reference(rulebook: Rulebook, act: Act) -> LayerAnswer:
    """The answer by the plain evaluator, which asks every rule line by line; on the text."""
    asked = ask_all(rulebook, act, KNOWN_AT, None)
    ages = ages_of(rulebook, KNOWN_AT)
    return answers(rulebook, act, question_of(act), NOTHING_ON_RECORD, asked, ages, None)[0]


def read(answer: LayerAnswer) -> Answer:
    """The outcome and the rules that fired."""
    fired = frozenset(one.rule.id for one in answer.weighed if one.is_certain)
    return Answer(NUMBER_OF[answer.outcome], fired)


def single(rulebook: Rulebook, rows: Rows) -> Single:
    """``explain`` of acts whose facts are stated, each with its question; all of the answer is made in the call."""
    return Single(asked_of(rows), lambda one: explain(rulebook, one[0], one[1]), lambda found: read(found.here))


def in_words(rulebook: Rulebook, rows: Rows) -> Single:
    """``decide``: the explanation put into words, as people read it."""

    def read_words(found: Determination) -> Answer:
        fired = frozenset(one.rule for one in found.findings if one.status is FindingStatus.FIRED)
        return Answer(NUMBER_OF[found.outcome], fired)

    return Single(asked_of(rows), lambda one: decide(rulebook, one[0], one[1]), read_words)


def reference(rulebook: Rulebook, rows: Rows) -> Single:
    """The reference on the same acts."""
    return Single(acts_of(rows, range(len(rows))), partial(by_reference, rulebook), read)


def columns_of(rows: Rows) -> dict[str, Any]:
    """The columns as ``decide_columns`` takes them: codes with their values, truth values, numbers."""
    columns: dict[str, Any] = {}
    for name, column in rows.columns.items():
        unknown = rows.unknown.get(name)
        attribute = BY_NAME[name]
        if attribute.type == "number":
            columns[name] = column if unknown is None else np.where(unknown, np.nan, column)
        elif attribute.type == "bool" and unknown is None:
            columns[name] = column
        else:
            values: tuple[Value, ...] = (*attribute.values, UNKNOWN)
            codes = column.astype(np.uint8)
            columns[name] = Coded(
                codes if unknown is None else np.where(unknown, np.uint8(len(values) - 1), codes), values
            )
    return columns


def vector(rulebook: Rulebook, rows: Rows, threads: int, *, engine: Engine) -> Vector:
    """``decide_columns`` with NumPy or with Numba, from columns to outcomes."""
    columns = columns_of(rows)

    def run() -> Answers:
        return decide_columns(
            rulebook,
            KIND,
            columns,
            on=rows.on,
            known_at=KNOWN_AT,
            basis=Basis.TEXT,
            asked=(BODY,),
            engine=engine,
            threads=threads,
        ).outcome

    return Vector(run)


SINGLE = {"lexloci explain": single, "lexloci decide, in words": in_words, "lexloci reference": reference}
VECTOR = {"lexloci NumPy": partial(vector, engine="numpy"), "lexloci Numba": partial(vector, engine="numba")}
