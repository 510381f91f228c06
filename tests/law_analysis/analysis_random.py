"""Random rulebooks with all that the engine knows (roles, readings, layers, conflicts, early days), and total acts."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from hypothesis import strategies as st
from law_random import FLAGS, NUMBERS, OUTCOMES, TEXTS, named_conditions
from law_support import BEGIN, DEFINITIONS, NO_CITATION, PARAMETERS, SETS, condition, make_rule

from lexloci.law.analysis import clock
from lexloci.law.analysis.encode import Encoding
from lexloci.law.analysis.space import space_of
from lexloci.law.rule import Dated, EffectKind, FactType, Point, Rulebook, Standing, Timeline, Turn
from lexloci.model.act import Act, ActKind, Role
from lexloci.model.citation import Verification
from lexloci.model.fact import ABSENT, Fact, Value
from lexloci.model.outcome import Outcome
from lexloci.model.portfolio import Basis

MIDDLE = date(2029, 7, 1)
DAY = date(2030, 1, 1)
EARLY = date(2028, 1, 1)
DAYS = (EARLY, BEGIN, date(2029, 6, 30), MIDDLE, DAY)
PARTY = ("consignee", "end_user")
VOCABULARY: Mapping[str, FactType] = {
    name: FactType(name, kind, "?", domain)
    for names, kind, domain in (
        (FLAGS, "bool", ()),
        (NUMBERS, "number", ()),
        (TEXTS, "country", ()),
        ([f"{role}.seat" for role in (*PARTY, "party")], "country", ()),
        (["s.class"], "text", ("chip", "tool", "other")),
    )
    for name in names
}
POINT = Point("aa.reach", "?", {"wide": "far", "narrow": "near"}, NO_CITATION)
DOMAIN: Mapping[str, tuple[Value, ...]] = {
    **dict.fromkeys(FLAGS, (False, True, ABSENT)),
    **dict.fromkeys(NUMBERS, (-1, 5.0, 7, ABSENT)),
    **dict.fromkeys(TEXTS, ("BB", "DD", "EE", ABSENT)),
    **dict.fromkeys([f"{role}.seat" for role in PARTY], ("BB", "CC", "FF", ABSENT)),
    "s.class": ("chip", "tool", "other", ABSENT),
    "reading.aa.reach": ("wide", "narrow", ABSENT),
}
_more_leaves = st.sampled_from(
    [
        'reading.aa.reach == "wide"',
        'reading.aa.reach != "narrow"',
        'reading.aa.reach in ["wide"]',
        's.class in ["chip", "tool"]',
        's.class != "chip"',
        "t.x in set.moved",
        "n.x > parameter.moved",
        "n.y != parameter.moved",
        "defined.moved",
        "!(defined.moved)",
    ]
)
_party_leaves = st.sampled_from(['party.seat == "BB"', "party.seat in set.moved", "party.seat != t.x", "f.a"])
_lines = st.one_of(
    named_conditions,
    _more_leaves,
    st.tuples(named_conditions, _more_leaves).map(lambda pair: f"({pair[0]}) || {pair[1]}"),
    st.tuples(_more_leaves, _more_leaves).map(" && ".join),
)
_turns = st.sampled_from(
    [
        (Turn(BEGIN, Standing.IN_FORCE, BEGIN),),
        (Turn(BEGIN, Standing.IN_FORCE, BEGIN), Turn(MIDDLE, Standing.STAYED, BEGIN, Basis.ENFORCEMENT)),
        (Turn(BEGIN, Standing.IN_FORCE, MIDDLE), Turn(MIDDLE, Standing.UNSETTLED, MIDDLE)),
        (Turn(MIDDLE, Standing.IN_FORCE, BEGIN), Turn(MIDDLE, Standing.NOT_ENFORCED, DAY, Basis.ENFORCEMENT)),
    ]
)
_levels = st.sampled_from([Verification.PRIMARY, Verification.PRIMARY, Verification.RECALLED])


def _moved(one, two, since=BEGIN):
    return (Dated(since, since, one, NO_CITATION), Dated(MIDDLE, MIDDLE, two, NO_CITATION))


def book(rules, *, far=("BB",), version="in memory") -> Rulebook:
    """The rules over the vocabulary, with a parameter, a set and a definition that change in the middle of 2029."""
    definition = ((condition("f.a"), condition("t.x != t.y")), (condition("n.x < 6.5"),))
    return Rulebook(
        version,
        DAY,
        180,
        tuple(rules),
        {**DEFINITIONS, "moved": Timeline("moved", "?", _moved(*definition))},
        {**PARAMETERS, "moved": Timeline("moved", "?", _moved(5.0, 6.0))},
        {**SETS, "moved": Timeline("moved", "?", _moved(frozenset(far), frozenset(("BB", "DD"))))},
        {POINT.id: POINT},
        VOCABULARY,
    )


@st.composite
def rules(draw, most=4):
    """Rules of two bodies of law, of every effect."""
    found = []
    for number in range(draw(st.integers(1, most))):
        for_any = draw(st.sampled_from([(), (), PARTY]))
        kind = draw(st.sampled_from([EffectKind.OUTCOME] * 3 + [EffectKind.PERMIT] * 2 + list(EffectKind)))
        lines = st.one_of(_lines, _party_leaves) if for_any else _lines
        rule = make_rule(
            f"r{number}",
            draw(st.lists(lines, max_size=2)),
            draw(OUTCOMES) if kind is EffectKind.OUTCOME else Outcome.PERMITTED,
            unless=draw(st.lists(lines, max_size=1)),
            kind=kind,
            for_any=for_any,
            verification=draw(_levels),
            turns=draw(_turns),
            body=draw(st.sampled_from(["aa", "aa", "bb"])),
        )
        review = draw(st.sampled_from(["", "", "", "ask"]))
        against = tuple(other.id for other in found[:1]) if kind is EffectKind.COUNTER else ()
        found.append(replace(rule, review=review, against=against))
    return found


total_facts = st.fixed_dictionaries({name: st.sampled_from(options) for name, options in DOMAIN.items()})


def act_with(values: Mapping[str, Value], on: date = DAY, asked: tuple[str, ...] = ("aa",)) -> Act:
    """A closed act that states what is not absent; an end user is a party of it whatever is stated of him."""
    facts = {name: Fact(value) for name, value in values.items() if value is not ABSENT}
    return Act("act", ActKind.EXPORT, "leg", on, facts, asked, {Role.END_USER: "someone"}, closed=True)


def every_act(names, on: date = DAY, asked: tuple[str, ...] = ("aa",)):
    """Every closed act that states these facts in any way, or not at all: the oracle of what the solver says."""
    for chosen in itertools.product(*(DOMAIN[name] for name in names)):
        yield act_with(dict(zip(names, chosen, strict=True)), on, asked)


def encoding_of(rulebook, clocks=None, layer=Basis.TEXT, conditions=()) -> Encoding:
    """The rulebook on a day, as known on it."""
    return Encoding(rulebook, space_of([rulebook], conditions), clocks or clock.fixed(DAY, DAY), layer)
