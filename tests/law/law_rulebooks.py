"""Random rulebooks and acts that use everything the language has, for what must agree with the reference."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random

from hypothesis import strategies as st
from law_random import DOMAIN, FLAGS, OUTCOMES, named_conditions
from law_support import NO_CITATION, condition, make_rule

from lexloci.law.rule import Dated, EffectKind, Point, Rule, Rulebook, Standing, Timeline, Turn
from lexloci.model.act import Act, ActKind, Role
from lexloci.model.citation import Verification
from lexloci.model.fact import ABSENT, UNKNOWN, Fact
from lexloci.model.portfolio import Basis

FIRST = date(2029, 1, 1)
DAYS = tuple(FIRST + timedelta(days=30 * month) for month in range(10))
days = st.sampled_from(DAYS)
ROLES = ("consignee", "end_user")
_STANDINGS = (Standing.IN_FORCE, Standing.NOT_IN_FORCE, Standing.STAYED, Standing.NOT_ENFORCED, Standing.UNSETTLED)
_party_lines = st.sampled_from(
    ["party.listed", "!party.listed", 'party.headquarters in ["BB", "CC"]', "party.headquarters != site.country"]
)
_reading_lines = st.sampled_from(['reading.aa.point == "wide"', 'reading.aa.point != "narrow"'])


@st.composite
def _timelines(draw, name, values):
    since = sorted(draw(st.sets(days, min_size=1, max_size=3)))
    versions = tuple(
        Dated(day, draw(st.sampled_from((day, FIRST, DAYS[-1]))), draw(values), NO_CITATION) for day in since
    )
    return {name: Timeline(name, name, versions)}


@st.composite
def _turns(draw):
    on = sorted(draw(st.lists(days, min_size=1, max_size=4)))
    layers = st.sampled_from((None, None, *Basis))
    turns = [Turn(on[0], Standing.IN_FORCE, draw(days), by="x")]
    turns += [Turn(day, draw(st.sampled_from(_STANDINGS)), draw(days), draw(layers)) for day in on[1:]]
    return tuple(turns)


@st.composite
def rules(draw, number: int) -> Rule:
    """A rule of any effect, with dated turns on the layers, roles, exceptions, readings, licences and reviews."""
    kind = draw(st.sampled_from([EffectKind.OUTCOME] * 4 + [EffectKind.PERMIT, EffectKind.SIGNAL, EffectKind.NOTE]))
    asks_roles = draw(st.booleans())
    lines = st.one_of(named_conditions, _reading_lines, *([_party_lines] * 2 if asks_roles else []))
    rule = make_rule(
        f"r{number}",
        draw(st.lists(lines, max_size=4)),
        draw(OUTCOMES) if kind is EffectKind.OUTCOME else draw(st.sampled_from(list(OUTCOMES.elements[:2]))),
        unless=draw(st.lists(lines, max_size=2)),
        kind=kind,
        for_any=draw(st.sampled_from([ROLES, ROLES[:1]])) if asks_roles else (),
        verification=draw(st.sampled_from([Verification.PRIMARY] * 3 + [Verification.RECALLED])),
        turns=draw(_turns()),
        lifted_by=draw(st.sampled_from([(), (), ("aa_licence",)])),
        body=draw(st.sampled_from(["aa", "aa", "bb"])),
    )
    return replace(rule, review=draw(st.sampled_from(["", "", "ask somebody"])))


@st.composite
def rulebooks(draw, most: int = 6) -> Rulebook:
    """A rulebook with dated parameters, sets and definitions, and counter-rules against some of its rules."""
    found = [draw(rules(number)) for number in range(draw(st.integers(0, most)))]
    if found and draw(st.booleans()):
        counter = make_rule("counter", draw(st.lists(named_conditions, max_size=1)), kind=EffectKind.COUNTER, body="bb")
        found.append(replace(counter, against=(draw(st.sampled_from(found)).id,)))
    lines = st.lists(st.sampled_from(["f.a", "!f.b", "f.a || f.b", "n.x >= parameter.limit"]), min_size=1, max_size=2)
    return Rulebook(
        version="2030.1.1",
        reviewed=FIRST,
        limit_days=100_000,
        rules=tuple(found),
        definitions=draw(_timelines("both", lines.map(lambda texts: tuple(map(condition, texts))))),
        parameters=draw(_timelines("limit", st.sampled_from((5.0, 6.5, 7.0)))),
        sets=draw(_timelines("far", st.sampled_from((frozenset({"BB"}), frozenset({"BB", "CC"}), frozenset())))),
        points={"aa.point": Point("aa.point", "?", {"wide": "w", "narrow": "n"}, NO_CITATION)},
        vocabulary={},
    )


_ODD = ("odd", 3, True, float("nan"), date(2030, 1, 1))


def some_acts(random: Random, count: int, *, may_be_odd: bool = True) -> list[Act]:
    """Acts on any day, with unknown, absent, unstated and (``may_be_odd``) wrongly typed facts."""
    return [_act(random, may_be_odd=may_be_odd and random.random() < 0.5) for _ in range(count)]


def _act(random: Random, *, may_be_odd: bool) -> Act:
    values = {**DOMAIN, "site.country": ("BB", "DD"), "reading.aa.point": ("wide", "narrow")}
    for role in ROLES:
        values |= {f"{role}.listed": (False, True), f"{role}.headquarters": ("BB", "CC", "DD")}
    facts: dict[str, Fact] = {}
    for name, options in values.items():
        unusual = [None, UNKNOWN, ABSENT, *(_ODD if may_be_odd else ())]
        value = random.choice([*options, *options, *options, *unusual])
        if value is not None:
            facts[name] = Fact(value, f"about {name}")
    parties = {Role(role): f"{role}-party" for role in ROLES if random.random() < 0.5}
    if not parties:
        facts = {name: fact for name, fact in facts.items() if name.partition(".")[0] not in ROLES}
    asked = random.choice([("aa",), ("aa", "bb"), (), ("cc",)])
    closed = random.random() < 0.5
    return Act("act", ActKind.EXPORT, "leg", random.choice(DAYS), facts, asked, parties, closed=closed)


randoms = st.integers(0, 2**32).map(Random)
vouched = st.sets(st.sampled_from((*FLAGS, "reading.aa.point", "site.country", "end_user.listed"))).map(frozenset)
bodies = st.sampled_from((None, None, ("aa",), ("bb", "aa"), ()))
