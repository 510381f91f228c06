"""What the reference says of a request, in the words of the engines."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from export_engines import Answer

from lexloci.law.decide import decide
from lexloci.law.export.selection import Selection
from lexloci.law.on_record import OnRecord
from lexloci.law.rule import EffectKind
from lexloci.model.act import Act, ActKind, Question, Role
from lexloci.model.determination import Determination, FindingStatus
from lexloci.model.fact import ABSENT, Fact
from lexloci.model.outcome import Outcome
from lexloci.model.record import Authorisation


def act_of(request: Mapping[str, Any]) -> Act:
    facts = {name: Fact(ABSENT if value is None else value) for name, value in request["facts"].items()}
    parties = {Role(role): f"the {role}" for role in request["roles"]}
    on = date.fromisoformat(request["on"])
    return Act("act", ActKind(request["kind"]), "leg", on, facts, tuple(request["asked"]), parties)


def determination(selection: Selection, request: Mapping[str, Any]) -> Determination:
    act = act_of(request)
    held = {kind: Authorisation(kind, kind, "office", "holder", (), act.on) for kind in request["authorisations"]}
    question = Question(act.on, selection.epoch.known_at, selection.epoch.basis)
    return decide(selection.rulebook, act, question, OnRecord(authorisations=held))


def reference(selection: Selection, request: Mapping[str, Any]) -> Answer:
    found = determination(selection, request)
    by_status = {
        status: frozenset(one.rule for one in found.findings if one.status is status) for status in FindingStatus
    }
    return Answer(
        found.outcome.value,
        found.certain.value,
        found.possible.value,
        by_status[FindingStatus.FIRED],
        by_status[FindingStatus.LIFTED],
        by_status[FindingStatus.POSSIBLE],
    )


def shown(selection: Selection, answer: Answer) -> Answer:
    """An engine's answer with the rules that a determination shows: no counter-rule, no open permission."""
    kinds = {one.id: one.rule.kind for one in selection.rules}
    counting = {rule for rule, kind in kinds.items() if kind is not EffectKind.COUNTER}
    outcomes = {rule for rule, kind in kinds.items() if kind is EffectKind.OUTCOME}
    return Answer(
        answer.outcome,
        answer.certain,
        answer.possible,
        answer.fired & counting,
        answer.lifted & counting,
        answer.open & outcomes,
    )


def in_the_way(selection: Selection, answer: Answer) -> frozenset[str]:
    """The ids of the rules by which the reference would not place the act."""
    severe = {one.id for one in selection.rules if one.counts and one.rule.outcome.severity > 1}
    return (answer.fired | answer.open) & severe


def is_placeable(answer: Answer) -> bool:
    return Outcome(answer.outcome).is_placeable if answer.outcome != Outcome.HUMAN_REVIEW.value else False
