"""The answers as JSON: plain dicts with stable, documented field names (docs/reference/output.md).

Outcomes are their words, dates ISO 8601. A fact has a ``state`` (known, unknown, absent) beside its
``value``, so that the text "unknown" and an unknown fact stay apart. A figure that is not finite is
null, because JSON has no word for it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date
from typing import Any

from lexloci.model.citation import Citation
from lexloci.model.determination import (
    Contested,
    Determination,
    Duty,
    FactRead,
    Finding,
    Missing,
    NearMiss,
    OtherLayer,
    SourceAge,
    Vouched,
)
from lexloci.model.estimate import Estimate, Range
from lexloci.model.fact import NoValue, Value
from lexloci.model.plan import Alternative, Contract, Placement, Plan, Unplaced
from lexloci.report.matrix import Matrix
from lexloci.report.source_list import sources_of
from lexloci.scenario.compare_types import Comparison

JsonObject = dict[str, Any]


def plan_json(plan: Plan) -> JsonObject:
    """Which workload runs where, when, at what cost, as a dict that ``json.dumps`` takes.

    Field names and units: docs/reference/output.md. Placements and unplaced keep the plan's order.
    """
    return {
        "name": plan.name,
        "as_of": plan.as_of.isoformat(),
        "known_at": plan.known_at.isoformat(),
        "basis": plan.basis.value,
        "rulebook": plan.rulebook,
        "placements": [_placement(placement) for placement in plan.placements],
        "unplaced": [_unplaced(unplaced) for unplaced in plan.unplaced],
        "unit": plan.unit,
        "objective": _figure(plan.objective),
        "bound": _figure(plan.bound),
        "gap": _figure(plan.gap),
        "cost_usd": _figure(plan.cost_usd),
        "contracts": [_contract(contract) for contract in plan.contracts],
        "levels": [{"unit": one.unit, "value": _figure(one.value), "bound": _figure(one.bound)} for one in plan.levels],
        "assumptions": list(plan.assumptions),
        "solver_status": plan.solver_status,
        "sources": [_source(source) for source in sources_of(placement.determination for placement in plan.placements)],
    }


def _contract(contract: Contract) -> JsonObject:
    return {
        "pool": contract.pool,
        "kind": contract.kind,
        "chips": contract.chips,
        "start": contract.start.isoformat(),
        "end": contract.end.isoformat() if contract.end else None,
        "cost_usd": _figure(contract.usd),
    }


def determination_json(determination: Determination) -> JsonObject:
    """What the law answers for an act or a placement, with all that it rests on, as a dict.

    Field names: docs/reference/output.md. ``legs`` holds the same form again, one for each act.
    """
    other = determination.other_layer
    return {
        "id": determination.id,
        "subject": determination.subject,
        "as_of": determination.as_of.isoformat(),
        "known_at": determination.known_at.isoformat(),
        "basis": determination.basis.value,
        "rulebook": determination.rulebook,
        "outcome": determination.outcome.value,
        "certain": determination.certain.value,
        "possible": determination.possible.value,
        "findings": _findings(determination.findings),
        "duties": [_duty(duty) for duty in determination.duties],
        "missing": [_missing(missing) for missing in determination.missing],
        "contested": [_contested(point) for point in determination.contested],
        "vouched": [_vouched(vouched) for vouched in determination.vouched],
        "signals": _findings(determination.signals),
        "exposures": _findings(determination.exposures),
        "notes": _findings(determination.notes),
        "conflicts": [
            {
                "rules": list(conflict.rules),
                "text": conflict.text,
                "citations": [_citation(citation) for citation in conflict.citations],
            }
            for conflict in determination.conflicts
        ],
        "levers": list(determination.levers),
        "near_misses": [_near_miss(near) for near in determination.near_misses],
        "other_layer": None if other is None else _other_layer(other),
        "sources": [_source(source) for source in determination.sources],
        "legs": [determination_json(leg) for leg in determination.legs],
    }


def matrix_json(matrix: Matrix) -> JsonObject:
    """What each workload may do in each pool, as a dict; a pair that was not asked has no cell, or a null outcome."""
    return {
        "workloads": [{"id": workload, "name": name} for workload, name in matrix.rows.items()],
        "pools": [{"id": pool, "name": name} for pool, name in matrix.columns.items()],
        "cells": [
            {
                "workload": workload,
                "pool": pool,
                "outcome": None if cell.determination is None else cell.outcome.value,
                "possible": None if cell.determination is None else cell.possible.value,
                "reason": cell.reason,
                "determination": None if cell.determination is None else determination_json(cell.determination),
            }
            for (workload, pool), cell in matrix.cells.items()
        ],
    }


def comparison_json(comparison: Comparison) -> JsonObject:
    """What differs between two plans, as a dict; a workload without a place has null there."""
    return {
        "before_label": comparison.before_label,
        "after_label": comparison.after_label,
        "moves": [
            {
                "workload": move.workload,
                "before": move.before or None,
                "after": move.after or None,
                "cost_before_usd": _optional_figure(move.cost_before),
                "cost_after_usd": _optional_figure(move.cost_after),
                "why": move.why,
                "rule_id": move.rule or None,
            }
            for move in comparison.moves
        ],
        "outcome_changes": [
            {
                "workload": change.workload,
                "pool": change.pool,
                "before": change.before.value,
                "after": change.after.value,
                "rule": change.rule,
                "rule_id": change.rule_id or None,
            }
            for change in comparison.outcome_changes
        ],
        "cost_before_usd": _figure(comparison.before.cost_usd),
        "cost_after_usd": _figure(comparison.after.cost_usd),
        "energy_before_kwh": _figure(comparison.before.energy_kwh),
        "energy_after_kwh": _figure(comparison.after.energy_kwh),
        "carbon_before_kg": _figure(comparison.before.carbon_kg),
        "carbon_after_kg": _figure(comparison.after.carbon_kg),
        "unplaced_before": comparison.before.unplaced,
        "unplaced_after": comparison.after.unplaced,
        "gone": list(comparison.gone),
    }


def _placement(placement: Placement) -> JsonObject:
    return {
        "workload": placement.workload,
        "site": placement.site,
        "pool": placement.pool,
        "chips": placement.chips,
        "start": placement.start.isoformat(),
        "end": placement.end.isoformat(),
        "outcome": placement.outcome.value,
        "pauses": [{"start": start.isoformat(), "end": end.isoformat()} for start, end in placement.pauses],
        "also": [{"pool": one.pool, "site": one.site, "chips": one.chips} for one in placement.also],
        "cost_usd": _figure(placement.cost_usd),
        "conditional_on": list(placement.conditional_on),
        "duties": [_duty(duty) for duty in placement.determination.duties],
        "exposures": [finding.rule for finding in placement.determination.exposures],
        "conflicts": [list(conflict.rules) for conflict in placement.determination.conflicts],
        "estimate": estimate_form(placement.estimate),
        "determination_id": placement.determination.id,
        "alternatives": _alternatives(placement.alternatives),
    }


def _unplaced(unplaced: Unplaced) -> JsonObject:
    return {
        "workload": unplaced.workload,
        "why": unplaced.why,
        "alternatives": _alternatives(unplaced.alternatives),
    }


def _alternatives(alternatives: Iterable[Alternative]) -> list[JsonObject]:
    return [
        {
            "pool": alternative.pool,
            "outcome": alternative.outcome.value,
            "why": alternative.why,
            "cost_usd": _optional_figure(alternative.cost_usd),
        }
        for alternative in alternatives
    ]


def estimate_form(estimate: Estimate) -> JsonObject:
    """An estimate with its ranges, support and warnings."""
    return {
        "feasible": estimate.feasible,
        "reason": estimate.reason,
        "duration_s": range_form(estimate.duration_s),
        "tokens_per_s": range_form(estimate.tokens_per_s),
        "utilisation": range_form(estimate.utilisation),
        "utilisation_of": estimate.utilisation_of,
        "shares_of_peak": {name: range_form(share) for name, share in estimate.shares_of_peak},
        "busy": range_form(estimate.busy),
        "energy_kwh": range_form(estimate.energy_kwh),
        "carbon_kg": range_form(estimate.carbon_kg),
        "cost_usd": range_form(estimate.cost_usd),
        "support": estimate.support,
        "warnings": list(estimate.warnings),
    }


def _findings(findings: Iterable[Finding]) -> list[JsonObject]:
    return [
        {
            "rule": finding.rule,
            "title": finding.title,
            "authority": finding.authority,
            "status": finding.status.value,
            "outcome": finding.outcome.value,
            "reason": finding.reason,
            "citation": _citation(finding.citation),
            "verification": finding.verification.value,
            "text": finding.text,
            "facts": [_fact(fact) for fact in finding.facts],
            "leg": finding.leg,
            "on": finding.on.isoformat(),
            "history": finding.history,
            "party": finding.party,
        }
        for finding in findings
    ]


def _near_miss(near: NearMiss) -> JsonObject:
    return {
        "rule": near.rule,
        "title": near.title,
        "outcome": near.outcome.value,
        "citation": _citation(near.citation),
        "line": near.line,
        "facts": [_fact(fact) for fact in near.facts],
        "party": near.party,
    }


def _fact(fact: FactRead) -> JsonObject:
    return {"name": fact.name, **_value(fact.value), "origin": fact.origin}


def _citation(citation: Citation) -> JsonObject:
    return {"text": citation.text, "url": citation.url}


def _duty(duty: Duty) -> JsonObject:
    return {
        "text": duty.text,
        "rule": duty.rule,
        "leg": duty.leg,
        "on_record": duty.on_record,
        "lead_time_days": duty.lead_time_days,
    }


def _missing(missing: Missing) -> JsonObject:
    return {
        "kind": missing.kind.value,
        "name": missing.name,
        "question": missing.question,
        "about": missing.about,
        "leg": missing.leg,
        "rules": list(missing.rules),
    }


def _contested(point: Contested) -> JsonObject:
    return {
        "point": point.point,
        "question": point.question,
        "options": [{"id": option, "text": text} for option, text in point.options],
        "leg": point.leg,
        "reading": point.reading,
        "adopted_by": point.adopted_by,
        "on": None if point.on is None else point.on.isoformat(),
        "adviser": point.adviser,
    }


def _vouched(vouched: Vouched) -> JsonObject:
    return {
        "name": vouched.name,
        **_value(vouched.value),
        "by": vouched.by,
        "on": vouched.on.isoformat(),
        "evidence": vouched.evidence,
    }


def _other_layer(other: OtherLayer) -> JsonObject:
    return {
        "basis": other.basis.value,
        "outcome": other.outcome.value,
        "differences": list(other.differences),
    }


def _source(source: SourceAge) -> JsonObject:
    return {
        "name": source.name,
        "dated": source.dated.isoformat(),
        "age_days": source.age_days,
        "limit_days": source.limit_days,
        "is_stale": source.is_stale,
    }


def _value(value: Value) -> JsonObject:
    if isinstance(value, NoValue):
        return {"state": value.value, "value": None}
    if isinstance(value, date):
        return {"state": "known", "value": value.isoformat()}
    if isinstance(value, float):
        return {"state": "known", "value": _figure(value)}
    return {"state": "known", "value": value}


def range_form(interval: Range) -> JsonObject:
    """An interval: point, low and high."""
    return {"point": _figure(interval.point), "low": _figure(interval.low), "high": _figure(interval.high)}


def _figure(figure: float) -> float | None:
    return figure if math.isfinite(figure) else None


def _optional_figure(figure: float | None) -> float | None:
    return None if figure is None else _figure(figure)
