"""The section of the report that shows each workload in each pool, every cell linked to its why."""

from __future__ import annotations

from lexloci.model.determination import Determination
from lexloci.model.outcome import Outcome
from lexloci.model.plan import Plan
from lexloci.report.answer_line import answer_brief
from lexloci.report.html_why import Anchors
from lexloci.report.matrix import Cell, Matrix
from lexloci.report.outcome_style import badge_html, css_class, style_of
from lexloci.report.plain import escape, name_html


def matrix_section(matrix: Matrix, plan: Plan, anchors: Anchors) -> str:
    """The section with the matrix; a pair that was not asked says so."""
    planned = {(placement.workload, placement.pool) for placement in plan.placements}
    head = "".join(f'<th scope="col">{name_html(name)}</th>' for name in matrix.columns.values())
    rows = "".join(_row(workload, matrix, planned, anchors) for workload in matrix.rows)
    return (
        '<section id="matrix"><h2>Each workload in each pool</h2>'
        "<p>What the law answers, and what decided; each answer opens in full below. "
        "A pool that is not open to a party was not asked.</p>"
        f'{_filter()}<div class="scroll">'
        f'<table class="matrix cards"><thead><tr><th scope="col">workload</th>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div></section>"
    )


def _row(workload: str, matrix: Matrix, planned: set[tuple[str, str]], anchors: Anchors) -> str:
    cells = "".join(
        _cell(matrix.cell(workload, pool), name, anchors, planned=(workload, pool) in planned)
        for pool, name in matrix.columns.items()
    )
    return f'<tr><th scope="row">{name_html(matrix.rows[workload])}</th>{cells}</tr>'


def _cell(cell: Cell | None, pool: str, anchors: Anchors, *, planned: bool) -> str:
    if cell is None:
        return f'<td class="not-asked" data-label="{escape(pool)}"><small>not asked</small></td>'
    if cell.determination is None:
        return f'<td class="not-asked" data-label="{escape(pool)}"><small>not asked: {escape(cell.reason)}</small></td>'
    badge = f'<a href="#{anchors.of(cell.determination)}">{badge_html(cell.outcome, short=True)}</a>'
    worst = (
        f"<small>worst possible: {style_of(cell.possible).word}</small>" if cell.possible is not cell.outcome else ""
    )
    mark = '<small class="planned-word">planned here</small>' if planned else ""
    return (
        f'<td data-label="{escape(pool)}"{" class=planned" if planned else ""}>{badge}{mark}{worst}'
        f"<small>{escape(_reason(cell, cell.determination))}</small></td>"
    )


def _reason(cell: Cell, determination: Determination) -> str:
    """What decided, in a few words; a reason that is not the law's own (memory, distance) as it stands."""
    is_law = not cell.reason or cell.reason.startswith(cell.outcome.value)
    return answer_brief(determination) if is_law else cell.reason


def _filter() -> str:
    options = "".join(f'<option value="{css_class(outcome)}">{outcome.value}</option>' for outcome in Outcome)
    return (
        '<form class="filter" hidden><label>Workload <input type="search" autocomplete="off"></label> '
        f'<label>with an answer <select><option value="">of any kind</option>{options}</select></label></form>'
    )
