"""The answer for a placement from those of its acts, and for a bare act from both layers of the law."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lexloci.model.act import Question
from lexloci.model.determination import Determination, Missing, MissingKind, OtherLayer
from lexloci.model.outcome import Outcome, join, settle


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
