"""Reads one rule from its file: every key, its turns, its duties and the seal of its text."""

from __future__ import annotations

from datetime import date

from lexloci.law.dated_file import conditions, published
from lexloci.law.node import Node
from lexloci.law.rule import DutyRule, EffectKind, Rule, Scope, Standing, Turn
from lexloci.law.seal import seal_of
from lexloci.law.turn_check import contradictions
from lexloci.model.act import ActKind, Role
from lexloci.model.citation import Citation, Verification
from lexloci.model.outcome import Outcome
from lexloci.model.portfolio import Basis

VERIFICATIONS = {level.name.lower(): level for level in Verification}
_OUTCOMES = {outcome.value: outcome for outcome in Outcome if outcome is not Outcome.HUMAN_REVIEW}
_SCOPES = {scope.value: scope for scope in Scope}
_ACTS = {act.value: act for act in ActKind}
_EFFECTS = {kind.value: kind for kind in EffectKind}
_ROLES = {role.value: role for role in Role}
_LAYERS = {basis.value: basis for basis in Basis}
_STANDINGS = {standing.value: standing for standing in Standing}
_ALWAYS_KNOWN = date(1900, 1, 1)


def supposed_from(day: date) -> Turn:
    """The turn of a bill or a draft that is supposed to be law from a day on: whoever supposes it knows it."""
    return Turn(day, Standing.IN_FORCE, _ALWAYS_KNOWN, None, "supposed for this answer: a scenario, no law")


def rule_of(node: Node, rule_id: str, released: date, supposed: Turn | None = None) -> Rule:
    """The rule in a file of the rulebook released on a day; ``rule_id`` is what the place of the file makes its id.

    A bill or a draft has no ``turns`` in its file: ``supposed`` is its only one.
    """
    node.name = rule_id
    if node.text("id") not in (rule_id, ""):
        node.refuse(f"id {node.text('id')} does not match its file", f"write {rule_id}", "id")
    kind = node.choice("effect", _EFFECTS, EffectKind.OUTCOME)
    needs_outcome = node.data.get("effect", EffectKind.OUTCOME.value) == EffectKind.OUTCOME.value
    rule = Rule(
        id=rule_id,
        title=node.text("title"),
        authority=node.text("authority"),
        body=node.text("body"),
        scope=node.choice("scope", _SCOPES),
        verification=node.choice("verification", VERIFICATIONS),
        citation=Citation(node.text("citation"), node.text("url")),
        text=_sealed_text(node),
        acts=frozenset(node.choices("acts", _ACTS)),
        turns=_turns(node, released) if supposed is None else (supposed,),
        when=conditions(node),
        unless=conditions(node, "unless"),
        kind=kind,
        outcome=node.choice("outcome", _OUTCOMES, None if needs_outcome else Outcome.PERMITTED),
        reason=node.text("reason"),
        for_any=tuple(role.value for role in node.choices("for_any", _ROLES)),
        lifted_by=node.texts("lifted_by"),
        duties=tuple(_duty(item) for item in node.children("duties")),
        levers=node.texts("levers"),
        review=node.optional("review"),
        not_subject_point=node.optional("not_subject_point"),
        not_subject_when=conditions(node, "not_subject_when"),
        against=node.texts("against"),
        lead_time_days=node.days("lead_time_days", 0, 0),
        file=node.source.file,
    )
    node.refuse_the_rest()
    if not node.data.get("acts"):
        node.refuse("names no kind of act", "list the acts that it speaks about", "acts")
    if kind is EffectKind.PERMIT and not rule.outcome.is_placeable:
        node.refuse(f"permits, and has the outcome {rule.outcome.value}", "write effect: outcome", "outcome")
    return rule


def _sealed_text(node: Node) -> str:
    """The quoted text, which its seal shows to be the one that was compared with its source."""
    text, stated = node.text("text"), node.text("text_sha256")
    if text and stated and stated != seal_of(text):
        mend = "check it against the source, then run tools/seal_texts.py"
        node.refuse("text_sha256: the quoted text was changed", mend, "text")
    return text


def _turns(node: Node, released: date) -> tuple[Turn, ...]:
    """The turns of the rule's standing; contradictions among them are sought where each is read without a mistake."""
    known = len(node.mistakes or ())
    turns = tuple(_turn(item, released) for item in node.children("turns"))
    if len(node.mistakes or ()) > known:
        return turns
    if not turns:
        node.refuse("has no turns", "say since when it is in force, and when that was published", "turns")
    for place, what, mend in contradictions(turns):
        node.refuse(what, mend, "turns", place)
    return turns


def _turn(item: Node, released: date) -> Turn:
    layer = item.choice("layer", _LAYERS) if item.has("layer") else None
    standing = item.choice("standing", _STANDINGS)
    turn = Turn(item.day("on"), standing, published(item, released), layer, item.text("by"))
    item.refuse_the_rest()
    return turn


def _duty(item: Node) -> DutyRule:
    duty = DutyRule(item.text("text"), item.optional("evidence"), item.days("lead_time_days", 0, 0))
    item.refuse_the_rest()
    return duty
