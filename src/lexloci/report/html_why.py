"""The section of the report that says why: for every placement, every workload without a place, every cell."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from lexloci.model.determination import Determination
from lexloci.model.plan import Alternative, Placement, Plan, Unplaced
from lexloci.report.answer_line import answer_brief
from lexloci.report.figures import usd
from lexloci.report.matrix import Matrix
from lexloci.report.names import Names
from lexloci.report.next_best import next_best
from lexloci.report.outcome_style import badge_html
from lexloci.report.plain import escape, name_html
from lexloci.report.told import Told, digest
from lexloci.report.why_html import why_html


@dataclass(slots=True)
class Anchors:
    """Gives each answer its place in the page; the same answer has one place, two answers never share one."""

    by_answer: dict[Determination, str] = field(default_factory=dict)

    def of(self, determination: Determination) -> str:
        """The anchor of an answer, from its id; numbered where two different answers have the same id."""
        if determination not in self.by_answer:
            stem = f"why-{digest(determination.id)}"
            taken = set(self.by_answer.values())
            number, anchor = 1, stem
            while anchor in taken:
                number += 1
                anchor = f"{stem}-{number}"
            self.by_answer[determination] = anchor
        return self.by_answer[determination]

    def of_unplaced(self, unplaced: Unplaced) -> str:
        """The anchor of a workload without a place."""
        return f"unplaced-{digest(unplaced.workload)}"


def why_section(plan: Plan, matrix: Matrix, names: Names, anchors: Anchors, told: Told) -> str:
    """The section with the answers in full: the plan's first, then every other one that the matrix asked."""
    shown: set[str] = set()
    planned = "".join(_placement(placement, names, anchors, shown, told) for placement in plan.placements)
    unplaced = "".join(_unplaced(row, names, anchors) for row in plan.unplaced)
    others = "".join(_other_answers(workload, matrix, anchors, shown, told) for workload in matrix.rows)
    return (
        '<section id="why"><h2>Why</h2><p>Each answer opens into its legs, the rules asked, what they read and who '
        f"says so.</p><h3>The plan</h3>{planned or '<p>No workload has a place.</p>'}{unplaced}"
        f"{f'<h3>Every other pair that was asked</h3>{others}' if others else ''}</section>"
    )


def _placement(placement: Placement, names: Names, anchors: Anchors, shown: set[str], told: Told) -> str:
    anchor = anchors.of(placement.determination)
    title = f"{name_html(names.workload(placement.workload))} at {name_html(names.site(placement.site))}"
    if anchor in shown:
        return f'<article><h4>{title}</h4><p>Same answer as <a href="#{anchor}">above</a>.</p></article>'
    shown.add(anchor)
    estimate = placement.estimate
    rests = [words for words in (estimate.support, *estimate.warnings) if words]
    basis = "".join(f"<li>{escape(words)}</li>" for words in rests)
    best = next_best(placement)
    other = f"<p>Next best: {name_html(names.pool(best.pool))}: {escape(best.why)}.</p>" if best else ""
    brief = answer_brief(placement.determination)
    said = f"<p>{escape(brief)}</p>" if brief else ""
    return (
        f'<article id="{anchor}"><h4>{badge_html(placement.outcome)} {title}</h4>{said}{other}'
        f"<details><summary>the answer in full</summary>{why_html(placement.determination, told)}</details>"
        f"{f'<details><summary>what the estimate rests on</summary><ul>{basis}</ul></details>' if basis else ''}"
        f"{_alternatives('why not elsewhere', placement.alternatives, names)}</article>"
    )


def _unplaced(unplaced: Unplaced, names: Names, anchors: Anchors) -> str:
    return (
        f'<article id="{anchors.of_unplaced(unplaced)}"><h4>{name_html(names.workload(unplaced.workload))}: no place'
        f"</h4><p>{escape(unplaced.why)}</p>"
        f"{_alternatives('what each pool answered', unplaced.alternatives, names)}</article>"
    )


def _other_answers(workload: str, matrix: Matrix, anchors: Anchors, shown: set[str], told: Told) -> str:
    found = []
    for pool, name in matrix.columns.items():
        cell = matrix.cell(workload, pool)
        if cell is None or cell.determination is None or anchors.of(cell.determination) in shown:
            continue
        anchor = anchors.of(cell.determination)
        shown.add(anchor)
        found.append(
            f'<article id="{anchor}"><h4>{badge_html(cell.outcome, short=True)} {name_html(matrix.rows[workload])} in '
            f"{name_html(name)}</h4><p>{escape(cell.reason)}</p><details><summary>the answer in full</summary>"
            f"{why_html(cell.determination, told)}</details></article>"
        )
    return "".join(found)


def _alternatives(title: str, alternatives: Iterable[Alternative], names: Names) -> str:
    rows = "".join(
        f'<tr><th scope="row">{name_html(names.pool(alternative.pool))}</th>'
        f"<td>{badge_html(alternative.outcome, short=True)}</td><td>{escape(alternative.why)}</td>"
        f'<td class="figure">{usd(alternative.cost_usd)}</td></tr>'
        for alternative in alternatives
    )
    if not rows:
        return ""
    head = '<th scope="col">pool</th><th scope="col">outcome</th><th scope="col">why not</th>'
    head += '<th scope="col" class="figure">cost, USD</th>'
    return (
        f'<details><summary>{title}</summary><div class="scroll"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div></details>"
    )
