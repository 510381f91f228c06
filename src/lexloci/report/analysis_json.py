"""What the analysis of a rulebook found, as JSON (docs/reference/output.md)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lexloci.law.analysis.difference import Difference
from lexloci.law.analysis.firing import Patterns
from lexloci.law.analysis.gaps import Gap
from lexloci.law.analysis.invariants import Proof
from lexloci.law.analysis.overlaps import Overlap
from lexloci.law.analysis.rule_states import DeadRule, RedundantRule
from lexloci.law.analysis.witness import Witness


def witness_json(witness: Witness) -> dict[str, Any]:
    """An act that shows something, with the answer of the reference; what it does not state is absent."""
    act, determination = witness.act, witness.determination
    return {
        "kind": act.kind.value,
        "on": act.on.isoformat(),
        "known_at": witness.question.known_at.isoformat(),
        "basis": witness.question.basis.value,
        "bodies": list(witness.bodies),
        "facts": {name: fact.value for name, fact in act.facts.items()},
        "parties": [role.value for role in act.parties],
        "outcome": determination.outcome.value,
        "certain": determination.certain.value,
        "possible": determination.possible.value,
        "rules": [finding.rule for finding in determination.findings],
    }


def gap_json(gap: Gap, reason: str) -> dict[str, Any]:
    """A gap, and why it is there; no reason is empty."""
    return {
        "kind": gap.kind.value,
        "body": gap.body,
        "body_has_rules": gap.has_rules,
        "reason": reason,
        "witness": witness_json(gap.witness),
    }


def dead_json(dead: DeadRule) -> dict[str, Any]:
    """A dead rule."""
    return {"rule": dead.rule, "contradiction": list(dead.contradiction)}


def redundant_json(redundant: RedundantRule) -> dict[str, Any]:
    """A redundant rule."""
    return {"rule": redundant.rule, "by": list(redundant.by)}


def overlap_json(overlap: Overlap, reason: str) -> dict[str, Any]:
    """An overlap."""
    return {
        "rules": list(overlap.rules),
        "reason": reason,
        "bodies": list(overlap.bodies),
        "kinds": [kind.value for kind in overlap.kinds],
        "is_conflict": overlap.is_conflict,
        "witness": witness_json(overlap.witness),
    }


def proof_json(proof: Proof) -> dict[str, Any]:
    """An invariant with what came of it."""
    return {
        "invariant": proof.invariant.id,
        "title": proof.invariant.title,
        "says": proof.invariant.says,
        "holds": proof.holds,
        "is_empty": proof.is_empty,
        "seconds": round(proof.seconds, 3),
        "counterexample": witness_json(proof.counterexample) if proof.counterexample else None,
    }


def difference_json(difference: Difference) -> dict[str, Any]:
    """A difference, with the answers of both sides."""
    return {
        "kind": difference.kind.value,
        "bodies": list(difference.bodies),
        "before": witness_json(difference.before),
        "after": witness_json(difference.after),
        "changed": [{"rule": one.rule, "before": one.before, "after": one.after} for one in difference.rules],
    }


def patterns_json(patterns: Patterns, witnesses: Mapping[frozenset[str], Witness]) -> dict[str, Any]:
    """The firing patterns of a body of law for a kind of act."""
    return {
        "kind": patterns.kind.value,
        "body": patterns.body,
        "found": len(patterns.found),
        "is_complete": patterns.is_complete,
        "exercised": [sorted(pattern) for pattern in patterns.exercised],
        "uncovered": [
            {"rules": sorted(pattern), "witness": witness_json(witnesses[pattern]) if pattern in witnesses else None}
            for pattern in patterns.uncovered
        ],
    }
