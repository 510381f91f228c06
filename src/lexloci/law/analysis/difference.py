"""Is there an act that two days, or two versions of a rulebook, answer differently? A witness, or a proof of none.

Answers of bodies of law join. Each body is compared by itself, by what is certain and what is possible: where that is
the same for each, and so are the conflicts between them, no joint answer differs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from lexloci.law.analysis.clock import Clock
from lexloci.law.analysis.encode import Encoding
from lexloci.law.analysis.logic import Term, conjunction, differ, disjunction, negation
from lexloci.law.analysis.space import FactSpace
from lexloci.law.analysis.witness import Found, UnconfirmedError, Witness, act_of, find
from lexloci.law.decide import decide
from lexloci.law.rule import EffectKind, Rulebook
from lexloci.model.act import ActKind, Question
from lexloci.model.determination import Determination
from lexloci.model.outcome import Outcome
from lexloci.model.portfolio import Basis


@dataclass(frozen=True)
class Side:
    """One of the two that are compared: a rulebook, and the days on which it is asked."""

    rulebook: Rulebook
    clock: Clock

    def days(self, found: Found) -> tuple[date, date]:
        """Its own days where they are fixed, else those that were found."""
        on = self.clock.on if isinstance(self.clock.on, date) else found.on
        known_at = self.clock.known_at if isinstance(self.clock.known_at, date) else found.known_at
        return on, known_at


@dataclass(frozen=True)
class RuleChange:
    """A rule that counts in one answer and not, or otherwise, in the other: its status and outcome in each."""

    rule: str
    before: str
    after: str


@dataclass(frozen=True)
class Difference:
    """An act that both sides answer differently, and the rules behind it."""

    kind: ActKind
    bodies: tuple[str, ...]
    before: Witness
    after: Witness
    rules: tuple[RuleChange, ...]


def groups(before: Rulebook, after: Rulebook, kind: ActKind) -> tuple[tuple[str, ...], ...]:
    """The bodies of law to compare for a kind of act: each by itself, and those that a counter-rule sets together.

    Only a body of which the answer weighs otherwise, or a conflict of two, can change a joint answer.
    """
    rules = [rule for book in (before, after) for rule in book.rules if kind in rule.acts]
    body_of = {rule.id: rule.body for rule in rules}
    bodies = [(body,) for body in sorted({rule.body for rule in rules})]
    against = {
        tuple(sorted({rule.body, *(body_of[other] for other in rule.against if other in body_of)}))
        for rule in rules
        if rule.kind is EffectKind.COUNTER
    }
    return (*bodies, *sorted(group for group in against if len(group) > 1))


def differences(
    before: Side, after: Side, space: FactSpace, layer: Basis, kind: ActKind, bodies: Sequence[str], most: int
) -> Iterator[Difference]:
    """Acts of a kind that both sides answer differently, each for other rules; none is a proof that there is none.

    At most ``most``: first those that both sides decide, then other outcomes, then human review of which what is
    certain or possible is not the same. For several bodies only what a conflict between them changes is looked for.
    """
    space = space.fresh()
    one = Encoding(before.rulebook, space, before.clock, layer)
    two = Encoding(after.rulebook, space, after.clock, layer)
    answers = one.answer(kind, bodies), two.answer(kind, bodies)
    goal = answers[0].weighs_otherwise(answers[1])
    if len(bodies) > 1:
        goal = conjunction((goal, differ(*(side.conflict(side.rules(kind, bodies)) for side in (one, two)))))
    decided = conjunction(negation(answer.review) for answer in answers)
    wishes = (decided, answers[0].differs(answers[1]), True)
    for _ in range(most if goal is not False else 0):
        tries = (find(space, before.clock, conjunction((goal, wish))) for wish in wishes)
        found = next((each for each in tries if each is not None), None)
        if found is None:
            return
        difference = _difference(before, after, layer, kind, bodies, found)
        yield difference
        goal = conjunction((goal, negation(_same_change(one, two, [change.rule for change in difference.rules]))))


def _difference(
    before: Side, after: Side, layer: Basis, kind: ActKind, bodies: Sequence[str], found: Found
) -> Difference:
    one, two = (_witness(side, found, layer, kind, bodies) for side in (before, after))
    if _weight(one.determination) == _weight(two.determination):
        raise UnconfirmedError(f"difference for {', '.join(bodies)}: {kind.value}")
    first, second = _counted(one.determination), _counted(two.determination)
    changes = tuple(
        RuleChange(rule, first.get(rule, ""), second.get(rule, ""))
        for rule in sorted({*first, *second})
        if first.get(rule) != second.get(rule)
    )
    return Difference(kind, tuple(bodies), one, two, changes)


def _witness(side: Side, found: Found, layer: Basis, kind: ActKind, bodies: Sequence[str]) -> Witness:
    on, known_at = side.days(found)
    act = replace(act_of(found, kind, bodies), on=on)
    question = Question(max(on, known_at), known_at, layer)
    return Witness(act, question, tuple(bodies), decide(side.rulebook, act, question, bodies=tuple(bodies)))


def _weight(determination: Determination) -> tuple[int, int]:
    """What of an answer counts in a joint one: what is certain, from a licence on, and what is possible."""
    certain = determination.certain.severity
    is_licence = certain >= Outcome.LICENCE_PRESUMED_APPROVED.severity
    return (certain if is_licence else 0), determination.possible.severity


def _counted(determination: Determination) -> dict[str, str]:
    """For each rule in an answer how it counts, in words; a conflict by its counter-rule."""
    counted = {one.rule: f"{one.status.value}: {one.outcome.value}" for one in determination.findings}
    return counted | {conflict.rules[1]: f"against {conflict.rules[0]}" for conflict in determination.conflicts}


def _same_change(one: Encoding, two: Encoding, rules: Sequence[str]) -> Term:
    """Whether all these rules count otherwise on the other side; true, which ends the search, for none."""
    return conjunction(_changes(one, two, rule) for rule in rules)


def _changes(one: Encoding, two: Encoding, rule_id: str) -> Term:
    first, second = ({rule.id: rule for rule in side.rulebook.rules}.get(rule_id) for side in (one, two))
    may = (one.may_fire(first) if first else False, two.may_fire(second) if second else False)
    certain = (one.is_certain(first) if first else False, two.is_certain(second) if second else False)
    same_weight = first is not None and second is not None and first.outcome is second.outcome
    return disjunction((differ(*may), differ(*certain), False if same_weight else disjunction(may)))
