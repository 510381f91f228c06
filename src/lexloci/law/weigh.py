"""How does each rule count for an act on one layer of the law: fired, possible, lifted, exposure, signal or note?

Invariants (docs/explanation/answers.md):
- a rule whose conditions are unknown, whose source is only recalled, whose standing is unsettled or
  which asks for a person's decision is possible, never certain; a recalled permission lets its body
  of law speak, with the duty to confirm it;
- an authorisation lifts a rule, and its conditions become duties; it makes no open rule certain;
- a party's record of being not subject never lowers a rule that follows the item or the data: the
  finding becomes possible, and is set aside as an exposure only under the reading named for that rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from lexloci.law.asked import Asked, look_up
from lexloci.law.evaluate import Situation, ask
from lexloci.law.on_record import OnRecord
from lexloci.law.rule import EffectKind, Rule, Rulebook, Standing
from lexloci.law.settle import Atom
from lexloci.model.act import Act
from lexloci.model.citation import Verification
from lexloci.model.determination import FindingStatus, MissingKind
from lexloci.model.outcome import Outcome
from lexloci.model.portfolio import Basis

NOT_SUBJECT = "not_subject"
# Names of their own, because a member is looked up in its class for each rule of each answer.
_SIGNAL, _NOTE, _FIRED, _IN_FORCE = EffectKind.SIGNAL, EffectKind.NOTE, FindingStatus.FIRED, Standing.IN_FORCE
_DECIDES = (FindingStatus.FIRED, FindingStatus.LIFTED, FindingStatus.EXPOSURE)
_SET_ASIDE = (FindingStatus.LIFTED, FindingStatus.EXPOSURE)


@dataclass(slots=True)
class Weighed:
    """How an asked rule counts: its status, its outcome, what would settle it, the authorisation that lifts it.

    Not frozen, as all that is made anew for each rule of each answer: freezing doubles what making costs.
    """

    asked: Asked
    status: FindingStatus
    outcome: Outcome
    alternatives: tuple[frozenset[Atom], ...] = ()
    lifted_by: str = ""

    @property
    def rule(self) -> Rule:
        """The rule that counts."""
        return self.asked.rule

    @property
    def is_certain(self) -> bool:
        """Whether its conditions hold on what is known, and it decides: fired, lifted or set aside."""
        return self.asked.verdict.truth is True and self.status in _DECIDES

    @property
    def counted(self) -> Outcome:
        """The outcome that joins the answer: a duty where an authorisation or a reading sets the rule aside."""
        return Outcome.PERMITTED_WITH_DUTIES if self.status in _SET_ASIDE else self.outcome


def weigh(
    rulebook: Rulebook, asked: Asked, act: Act, known_at: date, layer: Basis, on_record: OnRecord
) -> Weighed | None:
    """How an asked rule counts on a layer; None where its conditions are false or it does not stand there."""
    rule = asked.rule
    standing = asked.standing[layer]
    truth = asked.verdict.truth
    if truth is False or not standing.applies:
        return None
    if rule.kind is _SIGNAL:
        return Weighed(asked, FindingStatus.SIGNAL, rule.outcome)
    if rule.kind is _NOTE:
        return Weighed(asked, FindingStatus.NOTE, rule.outcome) if truth else None
    alternatives = _own_questions(rule, standing)
    if truth is None:
        alternatives = (*[frozenset(map(_atom, line)) for line in asked.verdict.open_lines], *alternatives)
    for kind in rule.lifted_by:
        if kind in on_record.authorisations:
            return Weighed(asked, FindingStatus.LIFTED, rule.outcome, alternatives, kind)
    if on_record.not_subject and rule.authority in on_record.not_subject and rule.kind is not EffectKind.PERMIT:
        not_subject = _not_subject(rule, on_record, may_be=_may_be_not_subject(rulebook, rule, act, known_at))
        if not_subject is True:
            return Weighed(asked, FindingStatus.EXPOSURE, rule.outcome, alternatives)
        alternatives = (frozenset((not_subject,)), *alternatives)
    if alternatives:
        return Weighed(asked, FindingStatus.POSSIBLE, rule.outcome, alternatives)
    return Weighed(asked, _FIRED, rule.outcome if rule.decides else Outcome.PERMITTED_WITH_DUTIES)


def _own_questions(rule: Rule, standing: Standing) -> tuple[frozenset[Atom], ...]:
    """What the rule itself leaves open, whatever the facts are; a recalled permission leaves a duty to confirm it."""
    if standing is _IN_FORCE and (rule.decides or _is_recalled_permit(rule)):
        return ()
    own: list[Atom] = []
    if rule.review:
        own.append((MissingKind.DECISION, rule.id))
    elif not rule.verification.may_decide:
        own.append((MissingKind.VERIFICATION, rule.id))
    if standing is Standing.UNSETTLED:
        own.append((MissingKind.VERIFICATION, rule.id))
    return tuple([frozenset((atom,)) for atom in own])


def _is_recalled_permit(rule: Rule) -> bool:
    return rule.kind is EffectKind.PERMIT and rule.verification is Verification.RECALLED and not rule.review


def _atom(name: str) -> Atom:
    if name.startswith("reading."):
        return MissingKind.READING, name[8:]
    return MissingKind.FACT, name


def _not_subject(rule: Rule, on_record: OnRecord, *, may_be: bool) -> Atom | Literal[True]:
    """True: the party's record sets the rule aside; an atom: what would set it aside."""
    if not rule.scope.follows_the_thing:
        return True
    if not rule.not_subject_point or not may_be:
        return MissingKind.DECISION, rule.id
    reading = on_record.readings.get(rule.not_subject_point)
    if reading is not None and reading.option == NOT_SUBJECT:
        return True
    return MissingKind.READING, rule.not_subject_point


def _may_be_not_subject(rulebook: Rulebook, rule: Rule, act: Act, known_at: date) -> bool:
    """Whether the rule's own condition for setting it aside certainly holds; true where it names none."""
    if not rule.not_subject_when:
        return True
    situation = Situation(rulebook, lambda name: look_up(act, name), act.on, known_at)
    return ask(rule.not_subject_when, (), situation).truth is True
