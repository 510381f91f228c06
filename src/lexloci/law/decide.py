"""The answer for one act: the certain and the worst possible outcome, why, and what would settle it.

The steps: ask every rule for this kind of act; weigh each on the layer that governs and on the
other; join the outcomes by the most severe; where a body of law that was asked is silent, where a
list is too old, or where two authorities pull apart, the worst stays possible. Nothing here knows
what any rule is about.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from lexloci.law.on_record import NOTHING_ON_RECORD, OnRecord
from lexloci.law.rule import EffectKind, Rulebook
from lexloci.law.settle import Atom, shortest
from lexloci.law.standing import describe, standing_at
from lexloci.law.weigh import Asked, Weighed, ask_all, facts_read, weigh
from lexloci.law.wording import conflicts_of, contested_of, duties_of, levers_of, missing_of, vouched_of
from lexloci.model.act import Act, Question
from lexloci.model.determination import (
    Conflict,
    Determination,
    FindingStatus,
    Missing,
    MissingKind,
    OtherLayer,
    SourceAge,
)
from lexloci.model.outcome import Outcome, join, settle
from lexloci.model.portfolio import Basis


@dataclass(frozen=True)
class _Answer:
    """The outcome on one layer, and the open questions behind it."""

    certain: Outcome
    possible: Outcome
    weighed: tuple[Weighed, ...]
    ruled_out: tuple[Asked, ...]
    open_atoms: tuple[tuple[Outcome, tuple[frozenset[Atom], ...]], ...]
    conflicts: tuple[Conflict, ...]

    @property
    def outcome(self) -> Outcome:
        return settle(self.certain, self.possible)


def decide(
    rulebook: Rulebook,
    act: Act,
    question: Question,
    on_record: OnRecord = NOTHING_ON_RECORD,
    sources: Sequence[SourceAge] = (),
    bodies: Sequence[str] | None = None,
) -> Determination:
    """The determination of one act on the layer of ``question.basis``, with the other layer shown.

    ``sources`` are the lists and tables that its facts came from; a stale one keeps the worst
    possible. ``bodies`` restricts the bodies of law that are asked (test cases).
    """
    asked = ask_all(rulebook, act, question.known_at, bodies)
    ages = (*sources, *_rulebook_age(rulebook, act, question))

    def answer(layer: Basis) -> _Answer:
        weighed = [weigh(one, act, question.known_at, layer, on_record) for one in asked]
        ruled_out = [
            one
            for one in asked
            if one.verdict.truth is False and standing_at(one.rule, act.on, question.known_at, layer).applies
        ]
        return _answer(act, [one for one in weighed if one is not None], ruled_out, ages, bodies)

    here = answer(question.basis)
    layers_differ = any(one.rule.differs_by_layer for one in asked)
    there = answer(question.basis.other) if layers_differ else here
    other = OtherLayer(question.basis.other, there.outcome, _differences(here, there, act, question))
    return _determination(rulebook, act, question, on_record, ages, here, other)


def _rulebook_age(rulebook: Rulebook, act: Act, question: Question) -> tuple[SourceAge, ...]:
    if act.closed:
        return ()
    name = f"rulebook {rulebook.version}"
    return (SourceAge.at(question.known_at, name, rulebook.reviewed, rulebook.limit_days),)


def _answer(
    act: Act,
    weighed: list[Weighed],
    ruled_out: list[Asked],
    ages: Sequence[SourceAge],
    bodies: Sequence[str] | None,
) -> _Answer:
    """Joins the weighed rules of one layer."""
    counting = [one for one in weighed if one.rule.kind in (EffectKind.OUTCOME, EffectKind.PERMIT)]
    certain = join(_counted_outcome(one) for one in counting if one.is_certain)
    open_atoms = [(_counted_outcome(one), one.alternatives) for one in counting if not one.is_certain]
    open_atoms += [(Outcome.PROHIBITED, way_out) for way_out in _silent(act, counting, bodies)]
    conflicts, undecided = conflicts_of(weighed)
    apart: list[Atom] = [(MissingKind.STALE, age.name) for age in ages if age.is_stale]
    apart += [(MissingKind.DECISION, counter) for counter in undecided]
    open_atoms += [(Outcome.PROHIBITED, (frozenset((atom,)),)) for atom in apart]
    possible = join([certain, *(outcome for outcome, _ in open_atoms)])
    return _Answer(certain, possible, tuple(weighed), tuple(ruled_out), tuple(open_atoms), conflicts)


def _counted_outcome(one: Weighed) -> Outcome:
    """The outcome of a rule; a duty where an authorisation or a reading sets it aside."""
    if one.finding.status in (FindingStatus.LIFTED, FindingStatus.EXPOSURE):
        return Outcome.PERMITTED_WITH_DUTIES
    return one.finding.outcome


def _silent(act: Act, counting: Sequence[Weighed], bodies: Sequence[str] | None) -> list[tuple[frozenset[Atom], ...]]:
    """For each body of law that was asked and says nothing certain, what would make it speak.

    That is what an open permission or duty of the body still asks, or a finding that waits only for a
    decision; where it has neither, its law is not modelled. Nobody asked is silence too.
    """
    asked = act.asked if bodies is None else bodies
    if not asked and not any(one.is_certain for one in counting):
        return [_not_modelled(act.kind.value)]
    silent: list[tuple[frozenset[Atom], ...]] = []
    for body in asked:
        own = [one for one in counting if one.rule.body == body]
        if not any(one.is_certain for one in own):
            speaking = tuple(way for one in own for way in _ways_to_speak(one))
            silent.append(speaking or _not_modelled(f"{body}: {act.kind.value}"))
    return silent


def _not_modelled(name: str) -> tuple[frozenset[Atom], ...]:
    return (frozenset(((MissingKind.NOT_MODELLED, name),)),)


def _ways_to_speak(one: Weighed) -> tuple[frozenset[Atom], ...]:
    if one.asked.verdict.truth is True:
        return one.alternatives
    return (frozenset[Atom]().union(*one.alternatives),) if _counted_outcome(one).is_placeable else ()


def _differences(here: _Answer, there: _Answer, act: Act, question: Question) -> tuple[str, ...]:
    """For each rule that counts on one layer only: the leg, the rule, since when and on whose word."""
    if here.outcome is there.outcome:
        return ()
    lines: list[str] = []
    ours = {(one.rule.id, one.finding.status) for one in here.weighed}
    theirs = {(one.rule.id, one.finding.status) for one in there.weighed}
    for one in (*here.weighed, *there.weighed):
        if (one.rule.id, one.finding.status) in ours & theirs:
            continue
        text = describe(one.rule, act.on, question.known_at, Basis.TEXT)
        posture = describe(one.rule, act.on, question.known_at, Basis.ENFORCEMENT)
        lines.append(
            f"{act.leg}: {one.rule.title} ({one.rule.citation.text}): {one.finding.outcome.value} by the one layer"
            f" only; text: {text}; enforcement: {posture}"
        )
    return tuple(dict.fromkeys(lines))


def _determination(
    rulebook: Rulebook,
    act: Act,
    question: Question,
    on_record: OnRecord,
    ages: Sequence[SourceAge],
    answer: _Answer,
    other: OtherLayer,
) -> Determination:
    findings = [one.finding for one in answer.weighed]
    apart = (FindingStatus.SIGNAL, FindingStatus.NOTE)
    met = [*(one.asked for one in answer.weighed), *answer.ruled_out]
    return Determination(
        id=act.id,
        subject=act.leg,
        as_of=question.as_of,
        known_at=question.known_at,
        basis=question.basis,
        outcome=answer.outcome,
        certain=answer.certain,
        possible=answer.possible,
        findings=tuple(one.finding for one in answer.weighed if one.finding.status not in apart and not _is_idle(one)),
        duties=duties_of(answer.weighed, on_record),
        missing=_missing(rulebook, act, answer),
        contested=contested_of(rulebook, act, met, on_record),
        vouched=vouched_of(answer.weighed, facts_read(met), on_record),
        signals=tuple(finding for finding in findings if finding.status is FindingStatus.SIGNAL),
        exposures=tuple(
            one.finding
            for one in answer.weighed
            if one.rule.kind is EffectKind.OUTCOME
            and (
                one.finding.status is FindingStatus.EXPOSURE
                or (one.rule.authority in on_record.not_subject and one.finding.status is FindingStatus.POSSIBLE)
            )
        ),
        notes=tuple(finding for finding in findings if finding.status is FindingStatus.NOTE),
        conflicts=answer.conflicts,
        levers=levers_of(answer.weighed),
        rulebook=rulebook.version,
        sources=tuple(ages),
        other_layer=other,
    )


def _is_idle(one: Weighed) -> bool:
    """Whether the rule says nothing: a permission that may not hold, or a counter-rule (shown as a conflict)."""
    is_open_permit = one.rule.kind is EffectKind.PERMIT and one.finding.status is FindingStatus.POSSIBLE
    return is_open_permit or one.rule.kind is EffectKind.COUNTER


def _missing(rulebook: Rulebook, act: Act, answer: _Answer) -> tuple[Missing, ...]:
    """The shortest list that settles a human review; empty when the answer is decided."""
    if answer.outcome is not Outcome.HUMAN_REVIEW:
        return ()
    decided = max(answer.certain.severity, Outcome.PERMITTED_WITH_DUTIES.severity)
    in_the_way = [alternatives for outcome, alternatives in answer.open_atoms if outcome.severity > decided]
    atoms = shortest(in_the_way)
    return missing_of(rulebook, act, atoms, answer.weighed)


def join_legs(
    determination_id: str,
    subject: str,
    question: Question,
    legs: Sequence[Determination],
    rulebook_version: str,
) -> Determination:
    """The determination of a placement from those of its acts: the most severe, all duties, all that is missing."""
    certain = join(leg.certain for leg in legs)
    possible = join(leg.possible for leg in legs)
    outcome = settle(certain, possible)
    others = [leg.other_layer for leg in legs if leg.other_layer is not None]
    other = OtherLayer(
        question.basis.other,
        _joined_outcome([layer.outcome for layer in others]),
        tuple(line for layer in others for line in layer.differences),
    )
    open_legs = [leg for leg in legs if leg.possible.severity > certain.severity]
    return Determination(
        id=determination_id,
        subject=subject,
        as_of=question.as_of,
        known_at=question.known_at,
        basis=question.basis,
        outcome=outcome,
        certain=certain,
        possible=possible,
        findings=tuple(finding for leg in legs for finding in leg.findings),
        duties=tuple(dict.fromkeys(duty for leg in legs for duty in leg.duties)),
        missing=_united([leg.missing for leg in open_legs]) if outcome is Outcome.HUMAN_REVIEW else (),
        contested=tuple({(point.point, point.reading): point for leg in legs for point in leg.contested}.values()),
        vouched=tuple(dict.fromkeys(one for leg in legs for one in leg.vouched)),
        signals=tuple(finding for leg in legs for finding in leg.signals),
        exposures=tuple(finding for leg in legs for finding in leg.exposures),
        notes=tuple({finding.rule: finding for leg in legs for finding in leg.notes}.values()),
        conflicts=tuple(dict.fromkeys(conflict for leg in legs for conflict in leg.conflicts)),
        levers=tuple(dict.fromkeys(lever for leg in legs for lever in leg.levers)),
        rulebook=rulebook_version,
        sources=tuple({source.name: source for leg in legs for source in leg.sources}.values()),
        other_layer=other,
        legs=tuple(legs),
    )


def _joined_outcome(outcomes: Sequence[Outcome]) -> Outcome:
    """The most severe; human review where a leg is under review and no other leg is prohibited."""
    decided = join(outcome for outcome in outcomes if outcome is not Outcome.HUMAN_REVIEW)
    if Outcome.HUMAN_REVIEW in outcomes and decided is not Outcome.PROHIBITED:
        return Outcome.HUMAN_REVIEW
    return decided


def _united(lists: Sequence[tuple[Missing, ...]]) -> tuple[Missing, ...]:
    """One entry for each thing that is missing, with the legs and rules that ask for it."""
    united: dict[tuple[MissingKind, str, str], Missing] = {}
    for missing in (one for several in lists for one in several):
        key = (missing.kind, missing.name, missing.about)
        known = united.get(key)
        united[key] = (
            missing if known is None else replace(known, rules=tuple(dict.fromkeys((*known.rules, *missing.rules))))
        )
    return tuple(united.values())


def both_layers(text: Determination, enforcement: Determination) -> Determination:
    """The answer for a bare act, judged on both layers: human review where they differ.

    The findings are those of the enforcement layer; the other layer says why, since when, on whose word.
    """
    if text.outcome is enforcement.outcome:
        return enforcement
    question = f"which layer governs: by the text {text.outcome.value}, as enforced {enforcement.outcome.value}?"
    missing = Missing(MissingKind.DECISION, "basis", question, leg=text.subject)
    return replace(
        enforcement,
        outcome=Outcome.HUMAN_REVIEW,
        certain=min(text.certain, enforcement.certain, key=lambda outcome: outcome.severity),
        possible=join([text.possible, enforcement.possible]),
        missing=(*enforcement.missing, missing),
    )
