"""The invented rulebook that every contestant of the benchmark judges by, made from a seed.

For each 32 rules there are 37 conjunctions (five rules have two alternatives), 3 rules that compare a fact with
another fact, 6 rules with an exception, 8 sourced permissions and 2 rules whose enforcement was given up; every rule
has a dated window, half of them closed. All rules read the same 24 attributes. Lines are added to a rule until it is
expected to fire on a fixed share of the random rows (``rows.py``) that shrinks with the number of rules, so that the
outcomes stay mixed at 32, 320 and 960 rules alike. A rule of the 32 has 5.5 comparisons on average; one of the rulebook
that the package ships has 5.4 (2026-11-22). The law in it is invented; only its shape is real.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from lexloci.law.expression import names as names_in
from lexloci.law.expression import parse
from lexloci.law.rule import (
    Condition,
    Dated,
    DutyRule,
    EffectKind,
    FactType,
    Rule,
    Rulebook,
    Scope,
    Standing,
    Timeline,
    Turn,
)
from lexloci.model.act import ActKind
from lexloci.model.citation import Citation, Verification
from lexloci.model.outcome import Outcome
from lexloci.model.portfolio import Basis

KIND = ActKind.EXPORT
BODY = "aa"
FIRST_DAY = date(2023, 1, 1)
LAST_DAY = date(2026, 12, 31)
KNOWN_AT = date(2027, 1, 1)
RULES_FIRING_PER_ROW = 4.0  # expected while all of them are in force; windows leave about half
COUNTRIES = tuple(letter * 2 for letter in "ABCDEFGHJKLMNPQRSTUV")


@dataclass(frozen=True)
class Attribute:
    """A fact that the rules read: closed texts with the share of each among the rows, or numbers over ``decades``."""

    name: str
    type: str
    values: tuple[bool | str, ...] = ()
    shares: tuple[float, ...] = ()
    decades: float = 0.0


def _skewed(count: int, ratio: float) -> tuple[float, ...]:
    weights = [ratio**place for place in range(count)]
    return tuple(weight / sum(weights) for weight in weights)


def _text(name: str, *values: str) -> Attribute:
    return Attribute(name, "text", values, _skewed(len(values), 0.7))


def _country(name: str) -> Attribute:
    return Attribute(name, "country", COUNTRIES, _skewed(len(COUNTRIES), 0.85))


def _flag(name: str, share: float) -> Attribute:
    return Attribute(name, "bool", (False, True), (1.0 - share, share))


def _number(name: str, decades: float) -> Attribute:
    return Attribute(name, "number", decades=decades)


ATTRIBUTES = (
    _text("item.class", "accelerator", "memory stack", "logic circuit", "weights", "technology", "other"),
    _text("work.kind", "pre-train", "continue", "fine-tune", "post-train", "serve", "copy"),
    _text("dataset.category", "public", "general", "personal", "important", "core"),
    _text("supply.tenure", "rented", "owned", "leased"),
    _text("deal.purpose", "training", "contract", "research", "service", "resale", "return", "other"),
    _text("site.tier", "one", "two", "three", "four"),
    _country("site.country"),
    _country("departure.country"),
    _country("customer.headquarters"),
    _country("parent.headquarters"),
    _country("dataset.origin"),
    _country("chip.designer_country"),
    _flag("chip.for_data_centres", 0.7),
    _flag("customer.listed", 0.2),
    _flag("customer.red_flags", 0.3),
    _flag("deal.to_order", 0.4),
    _flag("dataset.consent", 0.6),
    _flag("site.state_funded", 0.3),
    _number("chip.performance", 5.0),
    _number("chip.density", 2.0),
    _number("chip.memory_gb_per_s", 4.0),
    _number("dataset.persons", 7.0),
    _number("dataset.sensitive_persons", 6.0),
    _number("work.training_exaflop", 7.0),
)
BY_NAME: Mapping[str, Attribute] = {attribute.name: attribute for attribute in ATTRIBUTES}

# Each with its share of the rows (tests/law_bench holds the figures to what the rows show).
CROSS_TESTS = (
    ("customer.headquarters != parent.headquarters", 0.92),
    ("site.country == dataset.origin", 0.08),
    ("dataset.sensitive_persons >= dataset.persons", 0.43),
)
TWO_ALTERNATIVES = frozenset((3, 9, 16, 22, 29))
WITH_CROSS_TEST = {5: 0, 14: 1, 26: 2}
WITH_EXCEPTION = frozenset((1, 7, 11, 18, 24, 31))
GIVEN_UP = frozenset((4, 20))
_EFFECTS = (
    *((EffectKind.OUTCOME, Outcome.PROHIBITED),) * 7,
    *((EffectKind.OUTCOME, Outcome.LICENCE_PRESUMED_DENIED),) * 5,
    *((EffectKind.OUTCOME, Outcome.LICENCE_CASE_BY_CASE),) * 4,
    *((EffectKind.OUTCOME, Outcome.LICENCE_PRESUMED_APPROVED),) * 3,
    *((EffectKind.OUTCOME, Outcome.PERMITTED_WITH_DUTIES),) * 5,
    *((EffectKind.PERMIT, Outcome.PERMITTED),) * 8,
)
_NO_CITATION = Citation("an invented act", "")
_LONG_AGO = date(2000, 1, 1)
Line = tuple[str, float]


def make_rulebook(rules: int, seed: int = 32) -> Rulebook:
    """The rulebook of that many rules; the same for the same seed."""
    random = Random(f"{seed}/{rules}")
    names = _Names(random)
    made = tuple(_rule(random, names, place, rules) for place in range(rules))
    read = {name for rule in made for line in (*rule.when, *rule.unless) for name in names_in(line.expression)}
    return Rulebook(
        version="2027.01.01",
        reviewed=KNOWN_AT,
        limit_days=180,
        rules=made,
        definitions={},
        parameters={name: line for name, line in names.parameters.items() if f"parameter.{name}" in read},
        sets={name: line for name, line in names.sets.items() if f"set.{name}" in read},
        points={},
        vocabulary={one.name: _fact_type(one) for one in ATTRIBUTES},
    )


def _fact_type(attribute: Attribute) -> FactType:
    domain = tuple(str(value) for value in attribute.values) if attribute.type == "text" else ()
    return FactType(attribute.name, attribute.type, f"What is {attribute.name}?", domain)


class _Names:
    """The named limits and sets of the rulebook, with the share of rows at or above a limit and in a set."""

    def __init__(self, random: Random) -> None:
        self.parameters: dict[str, Timeline[float]] = {}
        self.sets: dict[str, Timeline[frozenset[str]]] = {}
        self.limits: dict[str, list[Line]] = {}
        self.groups: list[str] = []
        for one in ATTRIBUTES:
            if one.type == "number":
                self.limits[one.name] = [self._limit(one, number, random) for number in range(3)]
        for number in range(8):
            name = f"group_{number}"
            members = frozenset(random.sample(COUNTRIES, random.randint(2, 9)))
            self.sets[name] = Timeline(name, "countries", (Dated(_LONG_AGO, _LONG_AGO, members, _NO_CITATION),))
            self.groups.append(name)

    def _limit(self, attribute: Attribute, number: int, random: Random) -> Line:
        value = float(math.floor(10.0 ** (attribute.decades * random.uniform(0.15, 0.85))))
        name = f"{attribute.name.replace('.', '_')}_{number}"
        self.parameters[name] = Timeline(name, "a limit", (Dated(_LONG_AGO, _LONG_AGO, value, _NO_CITATION),))
        return f"parameter.{name}", 1.0 - math.log10(value) / attribute.decades


def _rule(random: Random, names: _Names, place: int, rules: int) -> Rule:
    kind, outcome = _EFFECTS[(place * 11) % 32]
    target = RULES_FIRING_PER_ROW / rules
    shape = place % 32
    if shape in TWO_ALTERNATIVES:
        sides = [_lines(random, names, target / 2) for _ in range(2)]
        texts = [" || ".join(f"({' && '.join(side)})" for side in sides)]
    else:
        cross = WITH_CROSS_TEST.get(shape)
        texts = _lines(random, names, target, () if cross is None else (CROSS_TESTS[cross],))
    exceptions = [_line(random, names, random.choice(ATTRIBUTES))[0]] if shape in WITH_EXCEPTION else []
    is_licence = outcome.is_licence
    return Rule(
        id=f"{BODY}.rule_{place:03d}",
        title=f"invented rule {place}",
        authority=f"{BODY}_office",
        body=BODY,
        scope=Scope.ITEM,
        verification=Verification.PRIMARY,
        citation=Citation(f"invented act, section {place}"),
        text="an invented text",
        acts=frozenset((KIND,)),
        turns=_turns(random, is_given_up=shape in GIVEN_UP),
        when=tuple(_condition(text) for text in texts),
        unless=tuple(_condition(text) for text in exceptions),
        kind=kind,
        outcome=outcome,
        reason="{item.class} of {chip.performance} goes to {customer.headquarters} (invented).",
        lifted_by=(f"{BODY}_licence",) if is_licence else (),
        duties=(DutyRule("keep the record"),) if outcome is Outcome.PERMITTED_WITH_DUTIES else (),
        levers=("choose another site",) if outcome is Outcome.PROHIBITED else (),
    )


def _turns(random: Random, *, is_given_up: bool) -> tuple[Turn, ...]:
    days = (LAST_DAY - FIRST_DAY).days
    begins = FIRST_DAY + timedelta(days=random.randint(-days // 2, days // 2))
    turns = [Turn(begins, Standing.IN_FORCE, begins, by="the office")]
    if is_given_up:
        day = begins + timedelta(days=random.randint(100, days // 2))
        turns.append(Turn(day, Standing.NOT_ENFORCED, day, Basis.ENFORCEMENT, by="a notice"))
    elif random.random() < 0.5:
        ends = begins + timedelta(days=random.randint(200, days))
        turns.append(Turn(ends, Standing.NOT_IN_FORCE, begins, by="the office"))
    return tuple(turns)


def _lines(random: Random, names: _Names, target: float, first: Sequence[Line] = ()) -> list[str]:
    """Three or four lines over different attributes, and more until they hold together on the ``target`` share at most.

    A line that would make the first ones hold on fewer rows is turned into its contrary where that is wider.
    """
    lines = list(first)
    least = random.choice((3, 4, 4))
    for attribute in random.sample(ATTRIBUTES, len(ATTRIBUTES)):
        together = math.prod(share for _, share in lines)
        if len(lines) >= least and together <= target:
            break
        if any(attribute.name in text for text, _ in lines):
            continue
        line = _line(random, names, attribute)
        is_too_narrow = len(lines) < least and together * line[1] < target
        lines.append(_wider(line) if is_too_narrow else line)
    return [text for text, _ in lines]


def _wider(line: Line) -> Line:
    """The line, or its contrary where that holds on more rows."""
    text, share = line
    if share >= 0.5:
        return line
    contrary = text[2:-1] if text.startswith("!(") else text[1:] if text.startswith("!") else f"!({text})"
    return contrary, 1.0 - share


def _line(random: Random, names: _Names, attribute: Attribute) -> Line:
    """A condition on one attribute and the share of the rows on which it holds."""
    name = attribute.name
    if attribute.type == "bool":
        wanted = random.random() < 0.6
        return (name if wanted else f"!{name}"), attribute.shares[wanted]
    if attribute.type == "number":
        limit, above = random.choice(names.limits[name])
        return (f"{name} >= {limit}", above) if random.random() < 0.6 else (f"{name} < {limit}", 1.0 - above)
    share = dict(zip(attribute.values, attribute.shares, strict=True))
    if attribute.type == "country" and random.random() < 0.7:
        group = random.choice(names.groups)
        inside = sum(share[member] for member in names.sets[group].versions[0].value)
        text = f"{name} in set.{group}"
        return (text, inside) if random.random() < 0.6 else (f"!({text})", 1.0 - inside)
    if random.random() < 0.3:
        value = random.choice(attribute.values[:3])
        return f'{name} != "{value}"', 1.0 - share[value]
    chosen = random.sample(attribute.values, random.randint(1, min(3, len(attribute.values) - 1)))
    if len(chosen) == 1:
        return f'{name} == "{chosen[0]}"', share[chosen[0]]
    listed = ", ".join(f'"{value}"' for value in chosen)
    return f"{name} in [{listed}]", sum(share[value] for value in chosen)


def _condition(text: str) -> Condition:
    return Condition(text, parse(text))
