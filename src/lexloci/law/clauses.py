"""What a program is made of: the clauses of the rules, their lines, and a slot for each fact that a line reads."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from lexloci.law.coding import Attribute, Relation, atoms, literals_of, relation_of
from lexloci.law.evaluate import Truth, Unknown, lines_of
from lexloci.law.expression import And, Compare, Expression, Flag, Literal, Not, Or
from lexloci.law.rule import Rule, Rulebook, Standing
from lexloci.law.specialise import days_of_change, publications_of, specialised_lines
from lexloci.law.standing import standing_at
from lexloci.model.portfolio import Basis

_RELATION = "relation "
_DRAFTS = "drafts"


@dataclass(frozen=True)
class LineVerdict:
    """What a line says for the codes of its facts: its truth, the facts that would settle it, the facts read."""

    truth: Truth
    unknown: Unknown
    read: tuple[str, ...]


@dataclass
class Line:
    """One line of conditions, with its verdict for all codes of its facts that were met so far (of one fact: its code).

    ``joined`` are its parts where it reads too many facts for that.
    """

    expression: Expression
    slots: tuple[int, ...]
    joined: Joined | None = None
    verdicts: dict[int | tuple[int, ...], LineVerdict] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Joined:
    """Lines joined by ``And``, ``Or`` or ``Not``."""

    kind: type[Expression]
    parts: tuple[Joined | Line, ...]


@dataclass(frozen=True)
class Clause:
    """A rule, for one role, from ``since`` until ``until``, where its lines and its standing stay the same.

    ``texts`` says for each line how the rule puts it.
    """

    rule: Rule
    role: str
    since: date
    until: date | None
    standing: Mapping[Basis, Standing]
    lines: tuple[Line, ...]
    texts: tuple[str, ...]

    def stands(self, layer: Basis) -> bool:
        """Whether it applies on a layer in its days."""
        return self.standing[layer].applies


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A rule, for one role, that fails by one line: that line as the rule puts it, and the facts that it names."""

    rule: Rule
    role: str
    line: str
    facts: tuple[str, ...]


@dataclass(frozen=True)
class Draft:
    """A clause whose lines are still expressions."""

    rule: Rule
    role: str
    since: date
    until: date | None
    standing: Mapping[Basis, Standing]
    lines: tuple[Expression, ...]
    texts: tuple[str, ...]


def drafts(rule: Rule, rulebook: Rulebook, known_at: date) -> tuple[Draft, ...]:
    """The clauses of a rule: for each role, the stretches of days in which it may apply; kept between publications."""
    kept = rulebook.kept.setdefault(_DRAFTS, {})
    days = kept.get(rule.id)
    if days is None:
        days = kept[rule.id] = sorted(set(_publications(rule, rulebook)))
    key = (rule.id, bisect_right(days, known_at))
    found: tuple[Draft, ...] | None = kept.get(key)
    if found is None:
        found = kept[key] = tuple(_drafts(rule, rulebook, known_at))
    return found


def _publications(rule: Rule, rulebook: Rulebook) -> Iterator[date]:
    yield from (turn.published for turn in rule.turns)
    yield from publications_of((*rule.when, *rule.unless), rulebook)


def _drafts(rule: Rule, rulebook: Rulebook, known_at: date) -> Iterator[Draft]:
    turns = {turn.on for turn in rule.turns if turn.published <= known_at}
    days = sorted(turns | set(days_of_change((*rule.when, *rule.unless), rulebook, known_at)))
    variants = rule.variants if rule.for_any else {"": (rule.when, rule.unless)}
    for role, (when, unless) in variants.items():
        last: Draft | None = None
        for day in days:
            standing = {layer: standing_at(rule, day, known_at, layer) for layer in Basis}
            written = [line.text for line in when] + [f"unless: {line.text}" for line in unless]
            lines = zip(specialised_lines(when, unless, rulebook, day, known_at), written, strict=True)
            flat = [(part, text) for line, text in lines for part in lines_of(line)]
            parts = tuple(part for part, _ in flat)
            if last is not None and (last.standing, last.lines) == (standing, parts):
                continue
            if last is not None and _may_apply(last):
                yield replace(last, until=day)
            last = Draft(rule, role, day, None, standing, parts, tuple(text for _, text in flat))
        if last is not None and _may_apply(last):
            yield last


def _may_apply(draft: Draft) -> bool:
    return any(standing.applies for standing in draft.standing.values())


def slots_of(lines: Iterable[Expression]) -> list[Attribute | Relation]:
    """A slot for each fact that is compared with literals, and for each two facts compared with each other."""
    literals: dict[str, list[Literal]] = {}
    flags: set[str] = set()
    relations: dict[str, Relation] = {}
    for atom in (atom for line in lines for atom in atoms(line)):
        relation = relation_of(atom)
        if relation is not None:
            relations[relation.name] = relation
            continue
        literals.setdefault(atom.fact, []).extend(literals_of(atom))
        if isinstance(atom, Flag):
            flags.add(atom.fact)
    attributes = [Attribute(name, values, is_flag=name in flags) for name, values in literals.items()]
    return [*attributes, *relations.values()]


def without_relations(expression: Expression) -> Expression:
    """The line with each comparison of two facts as a flag of its own."""
    match expression:
        case Not(part):
            return Not(without_relations(part))
        case And(parts):
            return And(tuple(without_relations(part) for part in parts))
        case Or(parts):
            return Or(tuple(without_relations(part) for part in parts))
        case Compare():
            relation = relation_of(expression)
            return expression if relation is None else Flag(name_in_line(relation))
    return expression


def name_in_line(slot: Attribute | Relation) -> str:
    """How a line without relations names a slot."""
    return _RELATION + slot.name if isinstance(slot, Relation) else slot.name
