"""The last sections of the report: what the date does, and what the answers rest on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lexloci.model.plan import Plan
from lexloci.model.portfolio import Portfolio
from lexloci.report.changes import changes_by_rule
from lexloci.report.figures import usd, usd_change
from lexloci.report.matrix import Matrix
from lexloci.report.names import Names
from lexloci.report.outcome_style import badge_html
from lexloci.report.plain import escape, name_html
from lexloci.report.source_list import sources_of
from lexloci.scenario.compare_types import Comparison, Move


def comparison_section(comparison: Comparison | None, names: Names) -> str:
    """The section on what differs at another date or after an event: outcomes first, then moves and cost."""
    if comparison is None:
        body = "<p>No second date or event was asked for.</p>"
    else:
        before, after = escape(comparison.before_label), escape(comparison.after_label)
        change = usd_change(comparison.before.cost_usd, comparison.after.cost_usd)
        costs = f"cost USD {usd(comparison.before.cost_usd)} against {usd(comparison.after.cost_usd)} ({change})"
        body = (
            "<p>The same portfolio, planned as if made on either day, by the law known on that day.</p>"
            f"<p><strong>{before}</strong> against <strong>{after}</strong>: {costs}.</p>"
            f"{_outcomes(comparison, names)}{_moves(comparison, names)}"
        )
    return f'<section id="date"><h2>What the date does</h2>{body}</section>'


def sources_section(plan: Plan, matrix: Matrix, portfolio: Portfolio) -> str:
    """The section on the lists and tables used with their ages, and the sources that the portfolio names."""
    answers = [placement.determination for placement in plan.placements]
    answers += [cell.determination for cell in matrix.cells.values() if cell.determination is not None]
    rows = "".join(
        f'<tr><th scope="row">{escape(source.name)}</th><td>{source.dated}</td>'
        f'<td class="figure">{source.age_days}</td><td class="figure">{source.limit_days}</td>'
        f"<td>{'<span class=stale>past its limit</span>' if source.is_stale else 'within its limit'}</td></tr>"
        for source in sources_of(answers)
    )
    headings = (("list or table", ""), ("dated", ""), ("age, days", "figure"), ("limit, days", "figure"), ("state", ""))
    table = _table(headings, rows) if rows else "<p>The answers name no list or table.</p>"
    named = "".join(f"<li>{escape(key)}: {escape(words)}</li>" for key, words in portfolio.sources.items())
    portfolio_list = f"<h3>Sources that the portfolio names</h3><ul>{named}</ul>" if named else ""
    return (
        f'<section id="sources"><h2>Sources and their age</h2><p>Age counts to {plan.known_at}.</p>{table}'
        f"{portfolio_list}</section>"
    )


def _outcomes(comparison: Comparison, names: Names) -> str:
    if not comparison.outcome_changes:
        return "<p>No answer of the law differs.</p>"
    rows = "".join(
        f"<tr><td>{badge_html(before, short=True)}</td><td>{badge_html(after, short=True)}</td>"
        f'<th scope="row">{escape(rule)}</th><td>{_met(pools, names)}</td></tr>'
        for (before, after, rule), pools in changes_by_rule(comparison.outcome_changes).items()
    )
    headings = (
        (comparison.before_label, ""),
        (comparison.after_label, ""),
        ("rule behind it", ""),
        ("pools and workloads that it meets", ""),
    )
    return f"<h3>Answers that differ</h3>{_table(headings, rows)}"


def _met(pools: Mapping[str, Sequence[str]], names: Names) -> str:
    items = "".join(
        f"<li>{name_html(names.pool(pool))}<small>{'; '.join(name_html(names.workload(one)) for one in workloads)}"
        "</small></li>"
        for pool, workloads in pools.items()
    )
    return f'<ul class="met">{items}</ul>'


def _moves(comparison: Comparison, names: Names) -> str:
    if not comparison.moves:
        return "<p>No workload moves.</p>"
    rows = "".join(_move(move, names) for move in comparison.moves)
    headings = (
        ("workload", ""),
        (comparison.before_label, ""),
        (comparison.after_label, ""),
        ("cost before, USD", "figure"),
        ("cost after, USD", "figure"),
        ("why", ""),
    )
    return f"<h3>Workloads that move</h3>{_table(headings, rows)}"


def _move(move: Move, names: Names) -> str:
    before = name_html(names.pool(move.before)) if move.before else "no place"
    after = name_html(names.pool(move.after)) if move.after else "no place"
    return (
        f'<tr><th scope="row">{name_html(names.workload(move.workload))}</th><td>{before}</td><td>{after}</td>'
        f'<td class="figure">{usd(move.cost_before)}</td><td class="figure">{usd(move.cost_after)}</td>'
        f"<td>{escape(move.why)}</td></tr>"
    )


def _table(headings: tuple[tuple[str, str], ...], rows: str) -> str:
    head = "".join(f'<th scope="col" class="{kind}">{escape(words)}</th>' for words, kind in headings)
    return f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'
