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

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from lexloci.law.evaluate import RuleVerdict, Situation, ask
from lexloci.law.on_record import OnRecord
from lexloci.law.rule import Condition, EffectKind, Rule, Rulebook, Standing
from lexloci.law.settle import Atom
from lexloci.law.standing import describe, standing_at
from lexloci.model.act import Act, Role
from lexloci.model.citation import Verification
from lexloci.model.determination import FactRead, Finding, FindingStatus, MissingKind
from lexloci.model.fact import ABSENT, UNKNOWN, Fact
from lexloci.model.outcome import Outcome
from lexloci.model.portfolio import Basis

NOT_SUBJECT = "not_subject"
_PREFIXES = {role.value for role in Role}


@dataclass(frozen=True)
class Asked:
    """A rule asked about an act (for one role where it names several), and what its conditions say."""

    rule: Rule
    verdict: RuleVerdict
    role: str
    may_be_not_subject: bool = True


@dataclass(frozen=True)
class Weighed:
    """A rule's finding, how it would be settled, and the authorisation that lifts it."""

    asked: Asked
    finding: Finding
    alternatives: tuple[frozenset[Atom], ...] = ()
    lifted_by: str = ""

    @property
    def rule(self) -> Rule:
        """The rule behind the finding."""
        return self.asked.rule

    @property
    def is_certain(self) -> bool:
        """Whether its conditions hold on what is known, and it decides: fired, lifted or set aside."""
        decides = self.finding.status in (FindingStatus.FIRED, FindingStatus.LIFTED, FindingStatus.EXPOSURE)
        return decides and self.asked.verdict.truth is True


def look_up(act: Act, name: str) -> Fact:
    """A fact of the act: stated, else absent (its role is not in the act, or the case is closed), else unknown."""
    fact = act.facts.get(name)
    if fact is not None:
        return fact
    if name.startswith("reading."):
        # A contested point stays open in a closed case too: no silence settles what the sources leave open.
        return Fact(UNKNOWN, "no reading adopted")
    prefix = name.partition(".")[0]
    if prefix in _PREFIXES and prefix not in _roles(act):
        return Fact(ABSENT, f"the act has no {prefix.replace('_', ' ')}")
    return Fact(ABSENT, "closed case") if act.closed else Fact(UNKNOWN, "not stated")


def _roles(act: Act) -> set[str]:
    return {role.value for role in act.parties} | {name.partition(".")[0] for name in act.facts} & _PREFIXES


def ask_all(rulebook: Rulebook, act: Act, known_at: date, bodies: Iterable[str] | None) -> list[Asked]:
    """Every rule for this kind of act that may stand on the day, with what its conditions say; known at ``known_at``.

    A rule for several roles: the first role for which it is true, else every role for which it is
    open, else the last for which it is false.
    """
    wanted = None if bodies is None else set(bodies)
    asked: list[Asked] = []
    for rule in rulebook.rules_by_act.get(act.kind, ()):
        if wanted is not None and rule.body not in wanted:
            continue
        if not any(standing_at(rule, act.on, known_at, layer).applies for layer in Basis):
            continue
        asked.extend(_ask_roles(rulebook, rule, act, known_at))
    return asked


def _ask_roles(rulebook: Rulebook, rule: Rule, act: Act, known_at: date) -> list[Asked]:
    still_open: list[Asked] = []
    ruled_out: list[Asked] = []
    for role, when, unless in _variants(rule, act):
        situation = Situation(rulebook, lambda name: look_up(act, name), act.on, known_at)
        one = Asked(rule, ask(when, unless, situation), role, _may_be_not_subject(rulebook, rule, act, known_at))
        if one.verdict.truth is True:
            return [one]
        (still_open if one.verdict.truth is None else ruled_out).append(one)
    return still_open or ruled_out


def _may_be_not_subject(rulebook: Rulebook, rule: Rule, act: Act, known_at: date) -> bool:
    """Whether the rule's own condition for setting it aside certainly holds; true where it names none."""
    if not rule.not_subject_when:
        return True
    situation = Situation(rulebook, lambda name: look_up(act, name), act.on, known_at)
    return ask(rule.not_subject_when, (), situation).truth is True


def _variants(rule: Rule, act: Act) -> Iterator[tuple[str, tuple[Condition, ...], tuple[Condition, ...]]]:
    if not rule.for_any:
        yield "", rule.when, rule.unless
        return
    present = _roles(act)
    for role in rule.for_any:
        if role in present:
            yield role, *rule.variants[role]


def weigh(asked: Asked, act: Act, known_at: date, layer: Basis, on_record: OnRecord) -> Weighed | None:
    """How an asked rule counts on a layer; None where its conditions are false or it does not stand there."""
    rule = asked.rule
    standing = standing_at(rule, act.on, known_at, layer)
    if asked.verdict.truth is False or not standing.applies:
        return None
    finding = _finding(asked, act, describe(rule, act.on, known_at, layer))
    if rule.kind is EffectKind.SIGNAL:
        return Weighed(asked, replace(finding, status=FindingStatus.SIGNAL))
    if rule.kind is EffectKind.NOTE:
        return Weighed(asked, replace(finding, status=FindingStatus.NOTE)) if asked.verdict.truth else None
    alternatives = _alternatives(asked, standing)
    held = next((kind for kind in rule.lifted_by if kind in on_record.authorisations), "")
    if held:
        return Weighed(asked, replace(finding, status=FindingStatus.LIFTED), alternatives, held)
    not_subject = None if rule.kind is EffectKind.PERMIT else _not_subject(asked, on_record)
    if not_subject is True:
        return Weighed(asked, replace(finding, status=FindingStatus.EXPOSURE), alternatives)
    if not_subject is not None:
        alternatives = (frozenset((not_subject,)), *alternatives)
    if _is_recalled_permit(asked, standing):
        return Weighed(asked, replace(finding, outcome=Outcome.PERMITTED_WITH_DUTIES))
    if alternatives:
        return Weighed(asked, replace(finding, status=FindingStatus.POSSIBLE), alternatives)
    return Weighed(asked, finding)


def _is_recalled_permit(asked: Asked, standing: Standing) -> bool:
    """Whether it is a permission that holds but for its recalled source."""
    rule = asked.rule
    holds = asked.verdict.truth is True and standing is Standing.IN_FORCE and not rule.review
    return holds and rule.kind is EffectKind.PERMIT and rule.verification is Verification.RECALLED


def _alternatives(asked: Asked, standing: Standing) -> tuple[frozenset[Atom], ...]:
    """What would settle the rule: each open line, and its own open question."""
    lines = [frozenset(_atom(name) for name in line) for line in asked.verdict.open_lines]
    rule = asked.rule
    own: list[Atom] = []
    if rule.review:
        own.append((MissingKind.DECISION, rule.id))
    elif not rule.verification.may_decide:
        own.append((MissingKind.VERIFICATION, rule.id))
    if standing is Standing.UNSETTLED:
        own.append((MissingKind.VERIFICATION, rule.id))
    return (*lines, *(frozenset((atom,)) for atom in own))


def _atom(name: str) -> Atom:
    if name.startswith("reading."):
        return MissingKind.READING, name[8:]
    return MissingKind.FACT, name


def _not_subject(asked: Asked, on_record: OnRecord) -> Atom | Literal[True] | None:
    """True: set aside; an atom: what would set it aside; None: the party records nothing."""
    rule = asked.rule
    if rule.authority not in on_record.not_subject:
        return None
    if not rule.scope.follows_the_thing:
        return True
    if not rule.not_subject_point or not asked.may_be_not_subject:
        return MissingKind.DECISION, rule.id
    reading = on_record.readings.get(rule.not_subject_point)
    if reading is not None and reading.option == NOT_SUBJECT:
        return True
    return MissingKind.READING, rule.not_subject_point


def _finding(asked: Asked, act: Act, history: str) -> Finding:
    rule = asked.rule
    read = asked.verdict.read
    party = act.parties.get(Role(asked.role), "") if asked.role else ""
    return Finding(
        rule=rule.id,
        title=rule.title,
        authority=rule.authority,
        status=FindingStatus.FIRED,
        outcome=rule.outcome,
        reason=fill(rule.reason, act, asked.role),
        citation=rule.citation,
        verification=rule.verification,
        text=rule.text,
        facts=tuple(FactRead(name, fact.value, fact.origin) for name, fact in read.items()),
        leg=act.leg,
        on=act.on,
        history=history,
        party=party,
    )


def fill(reason: str, act: Act, role: str) -> str:
    """The reason with each ``{fact}`` replaced by its value; ``{party.x}`` means the role that met the rule."""
    pieces: list[str] = []
    for part in reason.replace("{", "\0{").replace("}", "}\0").split("\0"):
        if part.startswith("{") and part.endswith("}"):
            name = part[1:-1]
            name = f"{role}.{name[6:]}" if role and name.startswith("party.") else name
            pieces.append(_words(look_up(act, name)))
        else:
            pieces.append(part)
    return "".join(pieces)


def _words(fact: Fact) -> str:
    value = fact.value
    if value is UNKNOWN or value is ABSENT:
        return "(not stated)"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        # Never rounded to a whole number: a figure just below a limit must not read as the limit.
        return f"{value:,.4f}".rstrip("0").rstrip(".") if abs(value) < 1e15 else f"{value:.4g}"
    return value.isoformat() if isinstance(value, date) else str(value)


def facts_read(asked: Iterable[Asked]) -> Mapping[str, Fact]:
    """Every fact that these rules have read."""
    read: dict[str, Fact] = {}
    for one in asked:
        read.update(one.verdict.read)
    return read
