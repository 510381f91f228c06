"""The words of an answer: duties, missing things, contested points, vouchers, levers and conflicts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from lexloci.law.asked import Asked
from lexloci.law.on_record import OnRecord
from lexloci.law.rule import EffectKind, Rulebook
from lexloci.law.settle import Atom
from lexloci.law.weigh import Weighed
from lexloci.model.act import Act
from lexloci.model.determination import (
    Contested,
    Duty,
    FindingStatus,
    Missing,
    MissingKind,
    Vouched,
)
from lexloci.model.fact import Fact
from lexloci.model.outcome import Outcome
from lexloci.model.record import Authorisation

_ORDER = {kind: place for place, kind in enumerate(MissingKind)}
_BINDING = (FindingStatus.FIRED, FindingStatus.LIFTED)


def duties_of(weighed: Sequence[Weighed], act: Act, on_record: OnRecord) -> tuple[Duty, ...]:
    """What is to be done: the duties of the rules that fired or were lifted, and what readings and licences ask."""
    duties: list[Duty] = []
    for one in weighed:
        only_a_duty = one.outcome is Outcome.PERMITTED_WITH_DUTIES and one.status is FindingStatus.POSSIBLE
        if one.status in _BINDING or only_a_duty:
            for duty in one.rule.duties:
                kept = on_record.held(duty.evidence)
                shown = ", ".join(f"{held.kind} {held.id} of {held.granted.isoformat()}" for held in kept)
                duties.append(Duty(duty.text, one.rule.id, act.leg, shown, duty.lead_time_days))
        if one.lifted_by:
            for held in on_record.held(one.lifted_by):
                texts = held.conditions or (f"keep to the terms of {held.kind} {held.id}",)
                duties.extend(Duty(text, one.rule.id, act.leg, held.id) for text in texts)
        if one.status is FindingStatus.EXPOSURE:
            duties.append(Duty("keep the advice behind the reading on record", one.rule.id, act.leg))
        is_permit = one.rule.kind is EffectKind.PERMIT and one.status is FindingStatus.FIRED
        if is_permit and not one.rule.verification.may_decide:
            text = f"confirm the source of {one.rule.id} ({one.rule.verification.value}) before relying on it"
            duties.append(Duty(text, one.rule.id, act.leg))
    return tuple(dict.fromkeys(duties))


def missing_of(
    rulebook: Rulebook, act: Act, atoms: Collection[Atom], weighed: Sequence[Weighed]
) -> tuple[Missing, ...]:
    """Each open thing as a question, with the rules that wait for it."""
    found: list[Missing] = []
    for atom in sorted(atoms, key=_place) if len(atoms) > 1 else atoms:
        kind, name = atom
        waiting: list[str] = []
        for one in weighed:
            for alternative in one.weight.alternatives:
                if atom in alternative:
                    waiting.append(one.rule.id)
                    break
        about = _about(act, name) if kind is MissingKind.FACT else ""
        found.append(Missing(kind, name, _question(rulebook, kind, name), about, act.leg, tuple(waiting)))
    return tuple(found)


def _place(atom: Atom) -> tuple[int, str]:
    return _ORDER[atom[0]], atom[1]


def _about(act: Act, fact: str) -> str:
    prefix = fact.partition(".")[0]
    return next((party for role, party in act.parties.items() if role.value == prefix), "")


def _question(rulebook: Rulebook, kind: MissingKind, name: str) -> str:
    match kind:
        case MissingKind.FACT:
            known = rulebook.vocabulary.get(name)
            return known.question if known else f"{name} has no version for so early a day: find its history"
        case MissingKind.READING:
            return rulebook.points[name].question
        case MissingKind.VERIFICATION:
            rule = rulebook.rule(name)
            return f"read the primary text of {rule.citation.text}: it is on the level '{rule.verification.value}' here"
        case MissingKind.DECISION:
            rule = rulebook.rule(name)
            return rule.review or f"decide how {rule.title} bears on this case, and record who decided"
        case MissingKind.NOT_MODELLED:
            return f"{name} is not modelled: find the law, or record that it does not regulate this"
        case MissingKind.STALE:
            return f"{name} is past its limit of age: fetch a newer one"


def contested_of(rulebook: Rulebook, act: Act, asked: Sequence[Asked], on_record: OnRecord) -> tuple[Contested, ...]:
    """The contested points that the answer met, with the reading adopted on each.

    A rule that is ruled out shows the points on which a reading helped to rule it out.
    """
    met: dict[str, None] = {}
    for one in asked:
        for name, fact in one.verdict.read.items():
            is_met = one.verdict.truth is not False or isinstance(fact.value, str)
            if name.startswith("reading.") and is_met:
                met[name[8:]] = None
        if one.verdict.truth is False:
            continue
        if one.rule.not_subject_point and one.rule.authority in on_record.not_subject:
            met[one.rule.not_subject_point] = None
    return tuple(_contested(rulebook, point, act, on_record) for point in met)


def _contested(rulebook: Rulebook, point_id: str, act: Act, on_record: OnRecord) -> Contested:
    point = rulebook.points[point_id]
    reading = on_record.readings.get(point_id)
    options = tuple(point.options.items())
    if reading is None:
        return Contested(point_id, point.question, options, act.leg)
    return Contested(
        point_id, point.question, options, act.leg, reading.option, reading.adopted_by, reading.on, reading.adviser
    )


def vouched_of(weighed: Sequence[Weighed], read: Mapping[str, Fact], on_record: OnRecord) -> tuple[Vouched, ...]:
    """The attestations and authorisations that the answer rests on."""
    found = [
        Vouched(name, read[name].value, attestation.by, attestation.on, attestation.evidence)
        for name, attestation in on_record.attestations.items()
        if name in read
    ]
    used = {one.lifted_by for one in weighed if one.lifted_by}
    used |= {duty.evidence for one in weighed if one.status in _BINDING for duty in one.rule.duties}
    found += [_authorisation(held) for kind in sorted(used) for held in on_record.held(kind)]
    return tuple(found)


def _authorisation(held: Authorisation) -> Vouched:
    until = f" until {held.until.isoformat()}" if held.until else ""
    return Vouched(held.kind, held.id, held.authority, held.granted, f"held by {held.holder}{until}")


def levers_of(weighed: Sequence[Weighed]) -> tuple[str, ...]:
    """Lawful changes that would alter the outcome: an authorisation to obtain, or what the rule itself names."""
    levers: list[str] = []
    for one in weighed:
        levers += one.weight.levers
    return tuple(dict.fromkeys(levers)) if len(levers) > 1 else tuple(levers)
