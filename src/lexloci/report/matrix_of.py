"""The matrix of answers from what the planner or the law was asked."""

from __future__ import annotations

from collections.abc import Sequence

from lexloci.model.portfolio import Portfolio
from lexloci.plan.options import PoolAnswer, why_unlawful
from lexloci.plan.planner import Planned
from lexloci.plan.questions import PlacementAnswer
from lexloci.report.answer_line import answer_line
from lexloci.report.matrix import Cell, Matrix
from lexloci.report.names import Names


def matrix_of_plan(planned: Planned) -> Matrix:
    """What each pool answered to each workload when the plan was made; copies have no row."""
    cells = {
        (workload, answer.pool.id): _cell_of(answer)
        for workload, answers in planned.answers.items()
        for answer in answers
    }
    return _matrix(planned.portfolio, cells)


def matrix_of_answers(portfolio: Portfolio, answers: Sequence[PlacementAnswer]) -> Matrix:
    """The law's answers alone, for the earliest start of each workload in each pool."""
    cells = {}
    for answer in answers:
        determination = answer.determination
        reason = answer_line(determination)
        cells[answer.workload.id, answer.pool.id] = Cell(
            determination.outcome, determination.possible, reason, determination
        )
    return _matrix(portfolio, cells)


def _cell_of(answer: PoolAnswer) -> Cell:
    determination = answer.segments[0].determination
    reason = answer.why_not or why_unlawful(answer.segments[0])
    return Cell(determination.outcome, determination.possible, reason, determination)


def _matrix(portfolio: Portfolio, cells: dict[tuple[str, str], Cell]) -> Matrix:
    rows = {one.id: one.name for one in portfolio.workloads if any(key[0] == one.id for key in cells)}
    names = Names(portfolio)
    columns = {one.id: names.pool(one.id) for one in portfolio.pools}
    return Matrix(rows, {pool: name for pool, name in columns.items() if any(key[1] == pool for key in cells)}, cells)
