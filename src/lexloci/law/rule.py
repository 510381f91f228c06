"""What a rulebook is made of: rules, definitions, parameters, sets and contested points, all dated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any, Generic, TypeVar

from lexloci.law.expression import Expression, rename
from lexloci.law.frozen import FrozenMapping, frozen
from lexloci.law.seal import seal_of
from lexloci.model.act import ActKind
from lexloci.model.citation import Citation, Verification
from lexloci.model.outcome import Outcome
from lexloci.model.portfolio import Basis

T = TypeVar("T")


class Standing(StrEnum):
    """What a rule is on a day, on one layer of the law."""

    IN_FORCE = "in force"
    NOT_IN_FORCE = "not in force"
    STAYED = "stayed"
    NOT_ENFORCED = "not enforced"
    UNSETTLED = "unsettled"

    applies: bool  # whether a rule applies in this standing (an unsettled one may)


for _standing in Standing:
    # On the member itself: an answer asks it for each rule that it meets.
    _standing.applies = _standing in (Standing.IN_FORCE, Standing.UNSETTLED)


@dataclass(frozen=True, slots=True)
class Turn:
    """A day on which the standing of a rule changes, on one layer or on both (``layer`` None).

    ``published`` is the day on which it could be known; ``by`` says on whose word.
    """

    on: date
    standing: Standing
    published: date
    layer: Basis | None = None
    by: str = ""

    def __str__(self) -> str:
        layer = f" ({self.layer.value})" if self.layer else ""
        source = f", {self.by}" if self.by else ""
        return f"{self.standing.value} since {self.on.isoformat()}{layer}{source}"


class EffectKind(StrEnum):
    """How a rule counts when it fires.

    ``outcome`` counts with its outcome; ``permit`` is a sourced entry "not regulated" that lets its
    body of law speak; ``signal`` (unpublished guidance) and ``note`` (a consequence elsewhere) are
    shown apart; ``counter`` shows a conflict of laws with the rules that it names.
    """

    OUTCOME = "outcome"
    PERMIT = "permit"
    SIGNAL = "signal"
    NOTE = "note"
    COUNTER = "counter"


class Scope(StrEnum):
    """What decides whether a rule applies."""

    ITEM = "item"
    DATA = "data"
    PERSON = "person"
    PLACE = "place"

    @property
    def follows_the_thing(self) -> bool:
        """Whether the rule follows the item, the data or the place, whoever acts: no party can step out of it."""
        return self is not Scope.PERSON


@dataclass(frozen=True, slots=True)
class DutyRule:
    """A duty that a rule brings: its text, the kind of record that shows it done, its lead time."""

    text: str
    evidence: str = ""
    lead_time_days: int = 0


@dataclass(frozen=True, slots=True)
class Condition:
    """One line of a rule and its tree; ``line`` is where it stands in its file, from 1 (0: in none)."""

    text: str
    expression: Expression
    line: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Rule:
    """One provision of law as data.

    It fires on an act of one of its ``acts`` when every ``when`` line is true and no ``unless`` line
    is, on a day on which it stands. ``for_any`` names roles: the rule is asked once for each, its
    conditions say ``party.``. ``lifted_by`` are kinds of authorisation that lift it;
    ``not_subject_point`` is the contested point on which a party may plan as not subject to it, and
    ``not_subject_when`` must certainly hold for that;
    ``review`` makes it raise a question for a person instead of deciding.
    """

    id: str
    title: str
    authority: str
    body: str
    scope: Scope
    verification: Verification
    citation: Citation
    text: str
    acts: frozenset[ActKind]
    turns: tuple[Turn, ...]
    when: tuple[Condition, ...]
    unless: tuple[Condition, ...]
    kind: EffectKind
    outcome: Outcome
    reason: str
    for_any: tuple[str, ...] = ()
    lifted_by: tuple[str, ...] = ()
    duties: tuple[DutyRule, ...] = ()
    levers: tuple[str, ...] = ()
    review: str = ""
    not_subject_point: str = ""
    not_subject_when: tuple[Condition, ...] = ()
    against: tuple[str, ...] = ()
    lead_time_days: int = 0
    file: str = field(default="", compare=False)

    @cached_property
    def variants(self) -> Mapping[str, tuple[tuple[Condition, ...], tuple[Condition, ...]]]:
        """The ``when`` and ``unless`` lines for each role of ``for_any``, ``party.`` spelt out as the role."""
        return frozen({role: (_spelt(self.when, role), _spelt(self.unless, role)) for role in self.for_any})

    @property
    def text_sha256(self) -> str:
        """The seal of its text (lexloci.law.seal), as its file states it."""
        return seal_of(self.text)

    @cached_property
    def decides(self) -> bool:
        """Whether it decides by itself where it holds: its source was read, and it asks for no person's decision."""
        return self.verification.may_decide and not self.review

    @cached_property
    def lever_texts(self) -> tuple[str, ...]:
        """The lawful changes that would alter what it says: an authorisation to obtain, or what it names itself."""
        kinds = " or ".join(kind.replace("_", " ") for kind in self.lifted_by)
        return (*((f"obtain {kinds} ({self.citation.text})",) if kinds else ()), *self.levers)

    @cached_property
    def differs_by_layer(self) -> bool:
        """Whether its standing may differ between the text and its enforcement."""
        return any(turn.layer is not None for turn in self.turns)


def _spelt(conditions: tuple[Condition, ...], role: str) -> tuple[Condition, ...]:
    return tuple(replace(condition, expression=rename(condition.expression, "party", role)) for condition in conditions)


@dataclass(frozen=True, slots=True)
class Dated(Generic[T]):
    """A value of a parameter, set or definition from a day on."""

    since: date
    published: date
    value: T
    citation: Citation


@dataclass(frozen=True)
class Timeline(Generic[T]):
    """The values that one name had through time, in order of ``since``."""

    id: str
    meaning: str
    versions: tuple[Dated[T], ...]
    unit: str = ""
    file: str = field(default="", compare=False)

    def at(self, on: date, known_at: date) -> Dated[T] | None:
        """The version that counts on a day, as published by ``known_at``; None before the first."""
        found = None
        for version in self.versions:
            if version.since <= on and version.published <= known_at:
                found = version
        return found


@dataclass(frozen=True, slots=True)
class Point:
    """A contested point: the question that the sources leave open, and its named options."""

    id: str
    question: str
    options: Mapping[str, str]
    citation: Citation
    file: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "options", frozen(self.options))


@dataclass(frozen=True, slots=True)
class FactType:
    """A name of the vocabulary: its type, its closed domain if it has one, the question that asks for it."""

    name: str
    type: str
    question: str
    domain: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RulebookSource:
    """A rulebook of another package that was added: its name and version, and its age as a rulebook's own."""

    name: str
    version: str
    reviewed: date
    limit_days: int


@dataclass(frozen=True, eq=False)
class Rulebook:
    """All rules of one version; nothing in it can be changed, and two of the same content are equal.

    ``reviewed`` and ``limit_days`` are those of the first part of ``version``; ``sources`` are the rulebooks of
    other packages that were added to it, whose names and versions follow in ``version``.
    Equal ones have the same ``digest``; where something stands (fields with ``compare=False``) is no content.
    """

    version: str
    reviewed: date
    limit_days: int
    rules: tuple[Rule, ...]
    definitions: Mapping[str, Timeline[tuple[Condition, ...]]]
    parameters: Mapping[str, Timeline[float]]
    sets: Mapping[str, Timeline[frozenset[str]]]
    points: Mapping[str, Point]
    vocabulary: Mapping[str, FactType]
    sources: tuple[RulebookSource, ...] = ()

    def __post_init__(self) -> None:
        for each in fields(self):
            value = getattr(self, each.name)
            if isinstance(value, Mapping):
                object.__setattr__(self, each.name, frozen(value))

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of the content in its canonical form (lexloci.law.canonical), 64 hexadecimal digits."""
        from lexloci.law.canonical import canonical_form, digest_of

        return digest_of(canonical_form(self)[0])

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Rulebook):
            return NotImplemented
        return self is other or self.digest == other.digest

    def __hash__(self) -> int:
        return int(self.digest[:15], 16)

    def __getstate__(self) -> dict[str, object]:
        """What is pickled: the fields, and nothing that was worked out from them."""
        return {each.name: getattr(self, each.name) for each in fields(self)}

    @cached_property
    def rules_by_act(self) -> Mapping[ActKind, tuple[Rule, ...]]:
        """For each kind of act, the rules that speak about it, in their order."""
        return frozen({kind: tuple(rule for rule in self.rules if kind in rule.acts) for kind in ActKind})

    def rule(self, rule_id: str) -> Rule:
        """The rule with an id; KeyError where there is none."""
        return self._by_id[rule_id]

    @cached_property
    def kept(self) -> dict[str, Any]:
        """What the engine worked out of it and keeps for the next question: no content, and gone with the rulebook."""
        return {}

    @cached_property
    def _by_id(self) -> FrozenMapping[str, Rule]:
        return frozen({rule.id: rule for rule in self.rules})
