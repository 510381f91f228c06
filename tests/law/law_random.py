"""Random conditions, facts and rules for the engine's properties, over one small vocabulary."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping

from hypothesis import strategies as st
from law_support import PERMIT, make_rule

from lexloci.law.rule import EffectKind, Rule
from lexloci.model.citation import Verification
from lexloci.model.fact import ABSENT, UNKNOWN, Value
from lexloci.model.outcome import Outcome

FLAGS = ("f.a", "f.b", "f.c")
NUMBERS = ("n.x", "n.y")
TEXTS = ("t.x", "t.y")
NAMES = (*FLAGS, *NUMBERS, *TEXTS)
DOMAIN: Mapping[str, tuple[Value, ...]] = {
    **dict.fromkeys(FLAGS, (False, True)),
    **dict.fromkeys(NUMBERS, (-1, 5.0, 7)),
    **dict.fromkeys(TEXTS, ("BB", "DD")),
}
COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")

_numbers = st.sampled_from(["-1", "5", "5.0", "6.5", "7", "1e1"])
_texts = st.sampled_from(['"BB"', '"CC"', '"DD"'])
_lists = st.one_of(
    st.tuples(st.sampled_from(NUMBERS), st.lists(_numbers, max_size=3)),
    st.tuples(st.sampled_from(TEXTS), st.lists(_texts, max_size=3)),
).map(lambda pair: f"{pair[0]} in [{', '.join(pair[1])}]")
_leaves = st.one_of(
    st.sampled_from(FLAGS),
    st.sampled_from(FLAGS).map(lambda name: f"!{name}"),
    st.builds(
        "{} {} {}".format,
        st.sampled_from(NUMBERS),
        st.sampled_from(COMPARISONS),
        st.one_of(_numbers, st.sampled_from(NUMBERS)),
    ),
    st.builds("{} {} {}".format, st.sampled_from(TEXTS), st.sampled_from(("==", "!=")), _texts),
    st.builds(
        "{} {} {}".format, st.sampled_from(FLAGS), st.sampled_from(("==", "!=")), st.sampled_from(("true", "false"))
    ),
    st.just("t.x == t.y"),
    _lists,
)
_named_leaves = st.sampled_from(
    [
        "n.x >= parameter.limit",
        "n.y < parameter.limit",
        "t.x in set.far",
        "!(t.y in set.far)",
        "defined.both",
        "!defined.both",
    ]
)


def _join(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    several = st.lists(children, min_size=2, max_size=3)
    return st.one_of(
        several.map(" && ".join),
        several.map(" || ".join),
        several.map(lambda parts: f"({' || '.join(parts)})"),
        children.map(lambda part: f"!({part})"),
        children.map(lambda part: f"({part})"),
    )


conditions = st.recursive(_leaves, _join, max_leaves=7)
"""Texts that read facts alone, so that CEL can judge them too."""
named_conditions = st.recursive(st.one_of(_leaves, _named_leaves), _join, max_leaves=6)
"""Texts that also read a parameter, a set and a definition."""


def facts(values: Mapping[str, tuple[Value, ...]]) -> st.SearchStrategy[dict[str, Value]]:
    return st.fixed_dictionaries({name: st.sampled_from(options) for name, options in values.items()})


total_facts = facts(DOMAIN)
partial_facts = facts({name: (*options, UNKNOWN, UNKNOWN) for name, options in DOMAIN.items()})
gappy_facts = facts({name: (*options, UNKNOWN, ABSENT) for name, options in DOMAIN.items()})


def completions(values: Mapping[str, Value], names: frozenset[str] | None = None) -> Iterator[dict[str, Value]]:
    """Every way of stating the unknown facts (of ``names`` alone, where given)."""
    unknown = [name for name, value in values.items() if value is UNKNOWN and (names is None or name in names)]
    for chosen in itertools.product(*(DOMAIN[name] for name in unknown)):
        yield {**values, **dict(zip(unknown, chosen, strict=True))}


OUTCOMES = st.sampled_from([outcome for outcome in Outcome if outcome is not Outcome.HUMAN_REVIEW])


@st.composite
def rule_sets(draw: st.DrawFn) -> tuple[Rule, ...]:
    """Some rules of one body of law, which mostly has a permission too."""
    rules = [
        make_rule(
            f"r{number}",
            draw(st.lists(named_conditions, max_size=2)),
            draw(OUTCOMES),
            unless=draw(st.lists(named_conditions, max_size=1)),
            verification=draw(st.sampled_from([Verification.PRIMARY, Verification.PRIMARY, Verification.RECALLED])),
            lifted_by=draw(st.sampled_from([(), (), ("aa_licence",)])),
        )
        for number in range(draw(st.integers(0, 3)))
    ]
    if draw(st.booleans()):
        rules.append(PERMIT)
    elif draw(st.booleans()):
        lines = [draw(named_conditions)]
        rules.append(make_rule("permit", lines, Outcome.PERMITTED, kind=EffectKind.PERMIT))
    return tuple(rules)
