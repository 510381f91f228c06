"""The report: one HTML file that needs no network and no script, for a screen, a phone or paper.

Its Content-Security-Policy forbids every request; only a reader's click on a citation leaves the file.
Whatever a user named is escaped. Nothing is computed here: a missing answer is shown as missing.
"""

from __future__ import annotations

import base64
import hashlib
from importlib.resources import files
from typing import Final

from lexloci.model.plan import Plan
from lexloci.model.portfolio import Portfolio
from lexloci.plan.late import days_late, late_work
from lexloci.report.figures import usd
from lexloci.report.html_matrix import matrix_section
from lexloci.report.html_plan import gantt_section, map_section, plan_section
from lexloci.report.html_rest import comparison_section, sources_section
from lexloci.report.html_rules import rules_section
from lexloci.report.html_why import Anchors, why_section
from lexloci.report.matrix import Matrix
from lexloci.report.names import Names
from lexloci.report.outcome_style import outcome_css
from lexloci.report.plain import escape, name_html
from lexloci.report.source_list import sources_of
from lexloci.report.told import Told
from lexloci.scenario.compare_types import Comparison

NOT_LEGAL_ADVICE: Final = (
    "This report is not legal advice. It applies a rulebook to facts that its author stated; "
    "have counsel check what you rely on."
)
_BASIS_WORDS: Final = {
    "text": "text: what the code says",
    "enforcement": "enforcement: the posture that the authority announced",
}


def report_html(plan: Plan, portfolio: Portfolio, matrix: Matrix, comparison: Comparison | None) -> str:
    """The whole report on a plan as one self-contained HTML page.

    ``comparison`` is None where no second date or event was asked for; the page then says so.
    """
    script = _resource("report.js")
    anchors = Anchors()
    names, told = Names(portfolio), Told()
    sections = (
        map_section(plan, portfolio),
        gantt_section(plan, portfolio),
        plan_section(plan, names, anchors),
        matrix_section(matrix, plan, anchors),
        why_section(plan, matrix, names, anchors, told),
        rules_section(told),
        comparison_section(comparison, names),
        sources_section(plan, matrix, portfolio),
    )
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_policy(script)}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="referrer" content="no-referrer"><meta name="generator" content="lexloci">'
        f"<title>{escape(plan.name)}, {plan.as_of}</title>"
        f"<style>{_resource('report.css')}{outcome_css()}</style></head><body>"
        f"{_head(plan, portfolio, matrix)}<main>{''.join(sections)}</main>{_foot(plan)}"
        f"<script>{script}</script></body></html>\n"
    )


def _head(plan: Plan, portfolio: Portfolio, matrix: Matrix) -> str:
    clock = (
        ("as of", plan.as_of.isoformat()),
        ("known at", plan.known_at.isoformat()),
        ("basis", _BASIS_WORDS[plan.basis.value]),
        ("rulebook", plan.rulebook),
    )
    links = (
        ("map", "Map"),
        ("time", "Time"),
        ("plan", "Plan"),
        ("matrix", "Matrix"),
        ("why", "Why"),
        ("rules", "Rules"),
        ("date", "What the date does"),
        ("sources", "Sources"),
    )
    return (
        f'<header><p class="kicker">lexloci: where each workload may lawfully run</p><h1>{name_html(plan.name)}</h1>'
        f'<dl class="clock">{_terms(clock)}</dl>{_figures(plan)}{_warnings(plan, portfolio, matrix)}'
        f'<nav aria-label="Sections">{"".join(f"<a href=#{to}>{words}</a>" for to, words in links)}</nav></header>'
    )


def _terms(pairs: tuple[tuple[str, str], ...]) -> str:
    return "".join(f"<div><dt>{term}</dt><dd>{escape(words)}</dd></div>" for term, words in pairs)


def _figures(plan: Plan) -> str:
    total = len(plan.placements) + len(plan.unplaced)
    conditional = sum(bool(placement.conditional_on) for placement in plan.placements)
    condition = f"; {conditional} conditional on a licence" if conditional else ""
    figures = (
        (f"{len(plan.placements)} of {total}", f"workloads with a place{condition}"),
        (f"USD {usd(plan.cost_usd)}", "cost of the plan"),
        (f"USD {usd(plan.objective)}", f"cost, late days and work left out; no plan is below {usd(plan.bound)}"),
        (f"USD {usd(plan.gap)}", f"gap to that bound ({plan.solver_status})"),
    )
    terms = "".join(f"<div><dt>{escape(term)}</dt><dd>{words}</dd></div>" for words, term in figures)
    return f'<dl class="figures">{terms}</dl>'


def _warnings(plan: Plan, portfolio: Portfolio, matrix: Matrix) -> str:
    answers = [placement.determination for placement in plan.placements]
    answers += [cell.determination for cell in matrix.cells.values() if cell.determination is not None]
    stale = [source for source in sources_of(answers) if source.is_stale]
    words = []
    if plan.unplaced:
        total = len(plan.placements) + len(plan.unplaced)
        words.append(f"Without a place in this plan: {len(plan.unplaced)} of {total} workloads.")
    words += [f"Assumption: {one}." for one in plan.assumptions]
    late = late_work(plan, portfolio)
    if late:
        named = (f"{Names(portfolio).workload(workload)} ({days_late(days)})" for workload, days in late.items())
        words.append(f"After its deadline: {', '.join(named)}.")
    if any(placement.conditional_on for placement in plan.placements):
        words.append("Some placements count on licences that are not yet granted; they are hatched below.")
    if stale:
        words.append(f"Past their limit of age: {', '.join(source.name for source in stale)}.")
    return f'<p class="warning" role="note">{escape(" ".join(words))}</p>' if words else ""


def _foot(plan: Plan) -> str:
    return (
        f"<footer><p><strong>{NOT_LEGAL_ADVICE}</strong></p><p>Rulebook {escape(plan.rulebook)}; as of {plan.as_of}, "
        f"known at {plan.known_at}, basis {plan.basis.value}. Intervals are 90 % intervals.</p></footer>"
    )


def _policy(script: str) -> str:
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _resource(name: str) -> str:
    return files("lexloci.report").joinpath(name).read_text(encoding="utf-8")
