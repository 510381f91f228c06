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

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from lexloci.law.asked import Asked, look_up
from lexloci.law.evaluate import RuleVerdict, Situation, ask
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
_IN_FORCE = Standing.IN_FORCE
_APART = (EffectKind.SIGNAL, EffectKind.NOTE)
_DECIDES = (FindingStatus.FIRED, FindingStatus.LIFTED, FindingStatus.EXPOSURE)
_IN_THE_WAY = (FindingStatus.FIRED, FindingStatus.POSSIBLE)
_SET_ASIDE = (FindingStatus.LIFTED, FindingStatus.EXPOSURE)


@dataclass(slots=True)
class Weight:
    """How a rule counts: its status, its outcome, what would settle it, the authorisation that lifts it.

    ``counted`` is the outcome that joins the answer, with its severity: a duty where an authorisation or a reading sets
    the rule aside. ``is_certain`` says whether its conditions hold on what is known, and it decides: fired, lifted or
    set aside. ``levers`` are the lawful changes that would alter what it says, where it stands in the way.
    Not frozen, as all that may be made anew for each rule of each answer: freezing doubles what making costs.
    """

    status: FindingStatus
    outcome: Outcome
    alternatives: tuple[frozenset[Atom], ...]
    lifted_by: str
    counted: Outcome
    severity: int
    is_certain: bool
    levers: tuple[str, ...]


@dataclass(slots=True)
class Weighed:
    """An asked rule, and how it counts."""

    asked: Asked
    weight: Weight

    @property
    def rule(self) -> Rule:
        """The rule that counts."""
        return self.asked.rule

    @property
    def status(self) -> FindingStatus:
        """What it did in the answer."""
        return self.weight.status

    @property
    def outcome(self) -> Outcome:
        """What it says itself."""
        return self.weight.outcome

    @property
    def alternatives(self) -> tuple[frozenset[Atom], ...]:
        """What would settle it: any one of these."""
        return self.weight.alternatives

    @property
    def lifted_by(self) -> str:
        """The kind of authorisation that lifts it, if one does."""
        return self.weight.lifted_by

    @property
    def is_certain(self) -> bool:
        """Whether its conditions hold on what is known, and it decides."""
        return self.weight.is_certain

    @property
    def counted(self) -> Outcome:
        """The outcome that joins the answer."""
        return self.weight.counted


@dataclass(frozen=True, slots=True)
class Weights:
    """How a rule counts on each layer whose conditions hold, where nothing is on record; None: it does not stand."""

    text: Weight | None
    enforcement: Weight | None


def weights_of(rule: Rule, standing: Mapping[Basis, Standing]) -> Weights:
    """How a rule in some standing counts where it holds and nothing is on record."""
    asked = Asked(rule, RuleVerdict(True, (), {}), "", standing)
    return Weights(_weight_alone(asked, Basis.TEXT), _weight_alone(asked, Basis.ENFORCEMENT))


def weigh(
    rulebook: Rulebook, asked: Asked, act: Act, known_at: date, layer: Basis, on_record: OnRecord
) -> Weighed | None:
    """An asked rule with how it counts on a layer; None where it does not."""
    weight = weight_of(rulebook, asked, act, known_at, layer, on_record)
    return None if weight is None else Weighed(asked, weight)


def weight_of(
    rulebook: Rulebook, asked: Asked, act: Act, known_at: date, layer: Basis, on_record: OnRecord
) -> Weight | None:
    """How an asked rule counts on a layer; None where its conditions are false or it does not stand there."""
    alone, rule = _weight_alone(asked, layer), asked.rule
    if alone is None or rule.kind in _APART:
        return alone
    for kind in rule.lifted_by:
        if kind in on_record.authorisations:
            return _made(asked, FindingStatus.LIFTED, rule.outcome, alone.alternatives, kind)
    if rule.authority not in on_record.not_subject or rule.kind is EffectKind.PERMIT:
        return alone
    not_subject = _not_subject(rule, on_record, may_be=_may_be_not_subject(rulebook, rule, act, known_at))
    if not_subject is True:
        return _made(asked, FindingStatus.EXPOSURE, rule.outcome, alone.alternatives)
    return _made(asked, FindingStatus.POSSIBLE, rule.outcome, (frozenset((not_subject,)), *alone.alternatives))


def _weight_alone(asked: Asked, layer: Basis) -> Weight | None:
    """How an asked rule counts where nothing is on record."""
    rule = asked.rule
    standing = asked.standing[layer]
    truth = asked.verdict.truth
    if truth is False or not standing.applies:
        return None
    if rule.kind is EffectKind.SIGNAL:
        return _made(asked, FindingStatus.SIGNAL, rule.outcome)
    if rule.kind is EffectKind.NOTE:
        return _made(asked, FindingStatus.NOTE, rule.outcome) if truth else None
    alternatives = _own_questions(rule, standing)
    if truth is None:
        alternatives = (*[frozenset(map(_atom, line)) for line in asked.verdict.open_lines], *alternatives)
    if alternatives:
        return _made(asked, FindingStatus.POSSIBLE, rule.outcome, alternatives)
    return _made(asked, FindingStatus.FIRED, rule.outcome if rule.decides else Outcome.PERMITTED_WITH_DUTIES)


def _made(
    asked: Asked,
    status: FindingStatus,
    outcome: Outcome,
    alternatives: tuple[frozenset[Atom], ...] = (),
    lifted_by: str = "",
) -> Weight:
    counted = Outcome.PERMITTED_WITH_DUTIES if status in _SET_ASIDE else outcome
    is_certain = asked.verdict.truth is True and status in _DECIDES
    levers = asked.rule.lever_texts if status in _IN_THE_WAY and not outcome.is_placeable else ()
    return Weight(status, outcome, alternatives, lifted_by, counted, counted.severity, is_certain, levers)


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
