"""Random rulebooks and requests for them, over the small vocabulary of the tests of the law and two roles."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import strategies as st
from law_random import FLAGS, NUMBERS, TEXTS, named_conditions
from law_support import BEGIN, DAY, DEFINITIONS, NO_CITATION, PARAMETERS, SETS, condition, make_rule

from lexloci.law.export.selection import Selection, select
from lexloci.law.rule import Dated, EffectKind, FactType, Rule, Rulebook, Standing, Timeline, Turn
from lexloci.model.act import ActKind
from lexloci.model.citation import Verification
from lexloci.model.outcome import Outcome
from lexloci.model.portfolio import Basis

LATER = date(2031, 1, 1)
ROLES = ("consignee", "end_user")
_PARTY = {f"{role}.{name}": kind for role in (*ROLES, "party") for name, kind in (("on", "bool"), ("at", "country"))}
TYPES = {
    **dict.fromkeys(FLAGS, "bool"),
    **dict.fromkeys(NUMBERS, "number"),
    **dict.fromkeys(TEXTS, "text"),
    **_PARTY,
}
VOCABULARY = {name: FactType(name, kind, "?") for name, kind in TYPES.items()}
PERMITTED = Outcome.PERMITTED
_party_lines = st.sampled_from(
    ["party.on", "!party.on", 'party.at == "BB"', 'party.at != "BB"', "party.at in set.far", "!(party.at in set.late)"]
)
_other_lines = st.sampled_from(
    ["n.x < parameter.late", "n.y != parameter.late", "t.x in set.late", "!defined.late", 'consignee.at != "CC"']
)
_lines = st.one_of(named_conditions, _other_lines)
_turns = st.sampled_from(
    [
        (Turn(BEGIN, Standing.IN_FORCE, BEGIN),),
        (Turn(BEGIN, Standing.IN_FORCE, BEGIN),),
        (Turn(BEGIN, Standing.UNSETTLED, BEGIN),),
        (Turn(BEGIN, Standing.IN_FORCE, BEGIN), Turn(BEGIN, Standing.NOT_ENFORCED, BEGIN, Basis.ENFORCEMENT)),
        (Turn(BEGIN, Standing.IN_FORCE, BEGIN), Turn(LATER, Standing.NOT_IN_FORCE, BEGIN)),
        (Turn(LATER, Standing.IN_FORCE, BEGIN),),
    ]
)
_outcomes = st.sampled_from([outcome for outcome in Outcome if outcome is not Outcome.HUMAN_REVIEW])
_kinds = st.sampled_from([EffectKind.OUTCOME] * 4 + [EffectKind.PERMIT] * 3 + [EffectKind.NOTE, EffectKind.SIGNAL])
_levels = st.sampled_from([Verification.PRIMARY] * 4 + [Verification.RECALLED, Verification.UNPUBLISHED])


@st.composite
def _rule(draw: st.DrawFn, number: int) -> Rule:
    kind = draw(_kinds)
    for_any = draw(st.sampled_from([(), (), ROLES]))
    lines = st.one_of(_party_lines, _lines) if for_any else _lines
    permits = kind is EffectKind.PERMIT
    made = make_rule(
        f"r{number}",
        draw(st.lists(lines, max_size=2)),
        draw(st.sampled_from([PERMITTED, Outcome.PERMITTED_WITH_DUTIES]) if permits else _outcomes),
        unless=draw(st.lists(lines, max_size=1)),
        kind=kind,
        for_any=for_any,
        verification=draw(_levels),
        turns=draw(_turns),
        lifted_by=draw(st.sampled_from([(), (), ("licence",), ("licence", "waiver")])),
        body=draw(st.sampled_from(["aa", "aa", "bb"])),
    )
    return replace(made, review=draw(st.sampled_from(["", "", "", "who decides?"])))


@st.composite
def selections(draw: st.DrawFn) -> Selection:
    """A rulebook of a few rules, a counter-rule now and then, on one layer."""
    rules = [draw(_rule(number)) for number in range(draw(st.integers(0, 4)))]
    named = [rule.id for rule in rules]
    if rules and draw(st.booleans()):
        counter = make_rule("counter", draw(st.lists(_lines, max_size=1)), PERMITTED, kind=EffectKind.COUNTER)
        against = tuple(draw(st.lists(st.sampled_from(named), min_size=1, max_size=2)))
        rules.append(replace(counter, against=against, lifted_by=draw(st.sampled_from([(), ("waiver",)]))))
    return select(rulebook_of(rules), (ActKind.EXPORT, ActKind.USE), DAY, DAY, draw(st.sampled_from(list(Basis))))


def rulebook_of(rules: list[Rule]) -> Rulebook:
    """The rules with the parameters, sets and definitions of the tests of the law, and a later one of each."""
    late = (LATER, BEGIN)
    return Rulebook(
        "in memory",
        DAY,
        180,
        tuple(rules),
        {**DEFINITIONS, "late": Timeline("late", "later", (Dated(*late, (condition("f.a"),), NO_CITATION),))},
        {**PARAMETERS, "late": Timeline("late", "later", (Dated(*late, 3.0, NO_CITATION),))},
        {**SETS, "late": Timeline("late", "later", (Dated(*late, frozenset({"BB"}), NO_CITATION),))},
        {},
        VOCABULARY,
    )


_VALUES = {"bool": [True, False], "number": [-1, 5.0, 5, 7], "text": ["BB", "DD"], "country": ["BB", "CC", "DD"]}
_requests = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["export", "export", "export", "use"]),
        "on": st.just(DAY.isoformat()),
        "asked": st.sampled_from([["aa"], ["aa"], ["bb"], ["aa", "bb"], [], ["zz"]]),
        "roles": st.lists(st.sampled_from([*ROLES, "tenant"]), unique=True),
        "authorisations": st.sampled_from([[], [], ["licence"], ["waiver", "licence"], ["other"]]),
        "facts": st.fixed_dictionaries(
            {},
            optional={
                name: st.sampled_from([*_VALUES[kind], *_VALUES[kind], None, [1] if kind != "text" else 5])
                for name, kind in TYPES.items()
                if not name.startswith("party.")
            },
        ),
    }
)
_PYTHON = {"bool": bool, "number": (int, float), "text": str, "country": str}


def as_declared(request: dict[str, Any]) -> dict[str, Any]:
    """The request with each fact of another type than declared left unknown, as the exports have it.

    The reference differs in one corner: of a value of another type it says that it is not in an empty list.
    """
    facts = {
        name: value
        for name, value in request["facts"].items()
        if value is None or isinstance(value, _PYTHON[TYPES[name]])
    }
    roles = {name.partition(".")[0] for name in request["facts"]} & set(ROLES)
    return {**request, "facts": facts, "roles": sorted({*request["roles"], *roles})}


requests = st.lists(_requests, min_size=4, max_size=10)
