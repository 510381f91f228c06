"""The determination of one act: the explained answer (``lexloci.law.explain``) in words, with citations."""

from __future__ import annotations

from collections.abc import Sequence

from lexloci.law.asked import facts_read, look_up
from lexloci.law.clauses import NearMiss as Near
from lexloci.law.explain import Explanation, LayerAnswer, explain
from lexloci.law.finding import fill, finding_of
from lexloci.law.on_record import NOTHING_ON_RECORD, OnRecord
from lexloci.law.rule import EffectKind, Rulebook
from lexloci.law.standing import describe
from lexloci.law.weigh import Weighed
from lexloci.law.wording import contested_of, duties_of, vouched_of
from lexloci.model.act import Act, Question, Role
from lexloci.model.determination import (
    Conflict,
    Determination,
    FactRead,
    FindingStatus,
    NearMiss,
    OtherLayer,
    SourceAge,
)
from lexloci.model.portfolio import Basis

_APART = (FindingStatus.SIGNAL, FindingStatus.NOTE)


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
    return in_words(explain(rulebook, act, question, on_record, sources, bodies))


def in_words(found: Explanation) -> Determination:
    """An explained answer as a determination."""
    act, question, answer, on_record = found.act, found.question, found.here, found.on_record
    findings = [finding_of(one, act, question.known_at, question.basis) for one in answer.weighed]
    said = list(zip(answer.weighed, findings, strict=True))
    met = [*(one.asked for one in answer.weighed), *found.ruled_out]
    other = OtherLayer(question.basis.other, found.there.outcome, _differences(found))
    return Determination(
        id=act.id,
        subject=act.leg,
        as_of=question.as_of,
        known_at=question.known_at,
        basis=question.basis,
        outcome=answer.outcome,
        certain=answer.certain,
        possible=answer.possible,
        findings=tuple([finding for one, finding in said if one.status not in _APART and not _is_idle(one)]),
        duties=duties_of(answer.weighed, act, on_record),
        missing=found.missing,
        contested=contested_of(found.rulebook, act, met, on_record),
        vouched=vouched_of(answer.weighed, facts_read(met), on_record),
        signals=tuple([finding for finding in findings if finding.status is FindingStatus.SIGNAL]),
        exposures=tuple([finding for one, finding in said if _is_exposure(one, on_record)]),
        notes=tuple([finding for finding in findings if finding.status is FindingStatus.NOTE]),
        conflicts=_conflicts(answer, act),
        levers=found.levers,
        rulebook=found.rulebook.version,
        sources=found.ages,
        other_layer=other,
        near_misses=tuple([_near_miss(one, act) for one in found.near_misses]),
    )


def _is_exposure(one: Weighed, on_record: OnRecord) -> bool:
    is_open = one.rule.authority in on_record.not_subject and one.status is FindingStatus.POSSIBLE
    return one.rule.kind is EffectKind.OUTCOME and (one.status is FindingStatus.EXPOSURE or is_open)


def _is_idle(one: Weighed) -> bool:
    """Whether the rule says nothing: a permission that may not hold, or a counter-rule (shown as a conflict)."""
    is_open_permit = one.rule.kind is EffectKind.PERMIT and one.status is FindingStatus.POSSIBLE
    return is_open_permit or one.rule.kind is EffectKind.COUNTER


def _conflicts(answer: LayerAnswer, act: Act) -> tuple[Conflict, ...]:
    return tuple(
        [
            Conflict(
                (finding.rule.id, counter.rule.id),
                fill(counter.rule.reason, act, counter.asked.role),
                (finding.rule.citation, counter.rule.citation),
            )
            for counter, finding in answer.conflicts
        ]
    )


def _near_miss(one: Near, act: Act) -> NearMiss:
    facts = [(name, look_up(act, name)) for name in one.facts]
    return NearMiss(
        rule=one.rule.id,
        title=one.rule.title,
        outcome=one.rule.outcome,
        citation=one.rule.citation,
        line=one.line,
        facts=tuple([FactRead(name, fact.value, fact.origin) for name, fact in facts]),
        party=act.parties.get(Role(one.role), "") if one.role else "",
    )


def _differences(found: Explanation) -> tuple[str, ...]:
    """For each rule that counts on one layer only: the leg, the rule, since when and on whose word."""
    here, there, act, known_at = found.here, found.there, found.act, found.question.known_at
    if here.outcome is there.outcome:
        return ()
    lines: list[str] = []
    ours = {(one.rule.id, one.status) for one in here.weighed}
    theirs = {(one.rule.id, one.status) for one in there.weighed}
    for one in (*here.weighed, *there.weighed):
        if (one.rule.id, one.status) in ours & theirs:
            continue
        text = describe(one.rule, act.on, known_at, Basis.TEXT)
        posture = describe(one.rule, act.on, known_at, Basis.ENFORCEMENT)
        lines.append(
            f"{act.leg}: {one.rule.title} ({one.rule.citation.text}): {one.outcome.value} by the one layer"
            f" only; text: {text}; enforcement: {posture}"
        )
    return tuple(dict.fromkeys(lines))
