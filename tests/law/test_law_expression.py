"""The language of conditions: what it accepts means what CEL means by it, and the rest is refused with a caret."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from law_random import NAMES, completions, conditions
from law_support import situation

from lexloci.law.evaluate import evaluate
from lexloci.law.expression import And, Compare, ConditionError, Flag, Member, Name, Not, Or, names, parse, rename
from lexloci.model.errors import RulebookError
from lexloci.model.fact import UNKNOWN

ACCEPTED = {
    "a.b": Flag("a.b"),
    "!a.b": Not(Flag("a.b")),
    "! a.b": Not(Flag("a.b")),
    "!(a.b)": Not(Flag("a.b")),
    "a.b == 1": Compare("a.b", "==", 1),
    "a.b != -1.5": Compare("a.b", "!=", -1.5),
    "a.b < 1e26": Compare("a.b", "<", 1e26),
    "a.b<=c.d": Compare("a.b", "<=", Name("c.d")),
    "a.b > parameter.p": Compare("a.b", ">", Name("parameter.p")),
    "a.b >= 9223372036854775807": Compare("a.b", ">=", 2**63 - 1),
    "a.b == true": Compare("a.b", "==", True),
    'a.b == "x"': Compare("a.b", "==", "x"),
    'a.b == "华为 && (c)"': Compare("a.b", "==", "华为 && (c)"),
    r'a.b == "say \"no\" \\ "': Compare("a.b", "==", 'say "no" \\ '),
    'a.b in ["x", "y"]': Member("a.b", ("x", "y")),
    "a.b in []": Member("a.b", ()),
    "a.b in set.s": Member("a.b", Name("set.s")),
    "a && b && c": And((Flag("a"), Flag("b"), Flag("c"))),
    "a || b && c": Or((Flag("a"), And((Flag("b"), Flag("c"))))),
    "(a || b) && c": And((Or((Flag("a"), Flag("b"))), Flag("c"))),
    "a && (b && c)": And((Flag("a"), And((Flag("b"), Flag("c"))))),
    "item.class == 1": Compare("item.class", "==", 1),
    "import.exempt_use && from.country == 1 && not.is": And(
        (Flag("import.exempt_use"), Compare("from.country", "==", 1), Flag("not.is"))
    ),
}
REFUSED = {
    "": 0,
    "a &&": 4,
    "a b": 2,
    "a && && b": 5,
    "(a": 2,
    "a)": 1,
    "a == b == c": 7,
    "a < 1 < 2": 6,
    "!a == 1": 3,
    "!a in [1]": 3,
    "!!a": 1,
    "!1": 1,
    "(a) == 1": 4,
    "a == (b)": 5,
    "1 == a": 0,
    '"x" == a': 0,
    "true": 0,
    "a == null": 5,
    "a == 'x'": 5,
    'a == "x" "y"': 9,
    'a == r"x"': 6,
    'a == b"x"': 6,
    r'a == "\d"': 5,
    'a == "x': 5,
    "a == 0x10": 6,
    "a == 1_000": 6,
    "a == 1.": 6,
    "a == +1": 5,
    "a == --1": 5,
    "a == 1e999": 5,
    "a == 9223372036854775808": 5,
    "a in [1,]": 8,
    "a in [[1]]": 6,
    "a in [b]": 6,
    "a in 1": 5,
    "a not in [1]": 2,
    "a # && b": 2,
    "a // b": 2,
    "a & b": 2,
    "a | b": 2,
    "a = 1": 2,
    "a === 1": 4,
    "a + 1 == 2": 2,
    "a ? b : c": 2,
    "a.": 1,
    ".a": 0,
    "a..b": 1,
    "a.1": 1,
    "a[0]": 1,
    "f(a)": 1,
    "a.in": 0,
    "ａ": 0,
    "é": 0,
    "a\u00a0b": 1,
    "a; b": 1,
    "a == 1 if b else c": 7,
}
WHY = {
    "a b": "goes on here: join conditions with && or ||",
    "a == b == c": "compares what cannot be compared here: join conditions with && or ||",
    "a == b in [1]": "compares what cannot be compared here: join conditions with && or ||",
    "!a == 1": "negates only the name: put the comparison in parentheses",
    "!a in [1]": "negates only the name: put the comparison in parentheses",
    "1 == a": "needs the name of a fact here",
    "a.in": "needs the name of a fact here",
    "a == null": "needs a number, a text in double quotes, true or false here",
    "(a": "needs ) here",
    "a in [1 2]": "needs , here",
    "a == 9223372036854775808": "has too large a number: write it as 1.0e30",
    "a == -9223372036854775808": "has too large a number: write it as 1.0e30",
    "a == 1e999": "has too large a number: write it as 1.0e30",
    "a == 'x'": "has ', which is outside the language: write double quotes",
    "a & b": "has &, which is outside the language",
    "(" * 51 + "a": "nests deeper than 50 here",
}


@pytest.mark.parametrize(("text", "tree"), ACCEPTED.items())
def test_a_condition_is_read_as_its_tree(text, tree):
    assert parse(text) == tree


@pytest.mark.parametrize(("text", "column"), REFUSED.items())
def test_what_is_outside_the_language_is_refused_with_a_caret_under_it(text, column):
    with pytest.raises(RulebookError) as caught:
        parse(text)
    why, shown, caret = str(caught.value).split("\n")
    assert why.startswith("the condition ")
    assert shown == f"  {text}"
    assert caret == " " * (2 + column) + "^"


@pytest.mark.parametrize(("text", "why"), WHY.items())
def test_a_refusal_says_what_to_write(text, why):
    with pytest.raises(ConditionError) as caught:
        parse(text)
    assert caught.value.why == f"the condition {why}"


def test_fifty_parentheses_within_each_other_are_read_and_any_number_side_by_side():
    assert parse("(" * 50 + "a" + ")" * 50) == Flag("a")
    assert parse("!(" * 50 + "a" + ")" * 50) != Flag("a")
    with pytest.raises(ConditionError):
        parse("(" * 51 + "a" + ")" * 51)
    assert parse(" && ".join(["(a)"] * 200)) == And((Flag("a"),) * 200)


@given(st.text(alphabet="ab.!&|()[]=<>\"\\ ,0159-einx#'", max_size=25))
@example("(" * 5000)
@example("!(" * 5000)
@example("9" * 5000)
def test_any_text_is_read_or_refused_and_nothing_else_happens(text):
    try:
        tree = parse(text)
    except RulebookError:
        return
    assert all(isinstance(name, str) for name in names(tree))


@pytest.fixture(scope="module")
def cel_environment():
    cel = pytest.importorskip("cel_expr_python.cel")
    return cel.NewEnv(variables=dict.fromkeys(NAMES, cel.Type.DYN))


def test_every_condition_means_what_cel_means_by_it(cel_environment):
    compared = {True: 0, False: 0}

    every = list(completions(dict.fromkeys(NAMES, UNKNOWN)))

    @settings(max_examples=400)
    @given(conditions, st.integers(0, 35))
    def compare(text, first):
        ours, theirs = parse(text), cel_environment.compile(text)
        for values in every[first::36]:
            truth, unknown = evaluate(ours, situation(values))
            assert unknown == frozenset()
            assert truth is theirs.eval(data=values).value()
            compared[bool(truth)] += 1

    compare()
    assert min(compared.values()) > 700  # both answers were met often


@given(conditions)
def test_redundant_parentheses_change_nothing_in_what_is_read(text):
    assert parse(f"({text})") == parse(text)
    assert list(names(parse(f"!({text})"))) == list(names(parse(text)))


def test_names_come_in_order_with_operands():
    assert list(names(parse("a.x && !(b.y == c.z) || d.w in set.s"))) == ["a.x", "b.y", "c.z", "d.w", "set.s"]


def test_rename_replaces_the_whole_prefix_and_nothing_else():
    tree = parse('party.a && !party.b || partys.c == party.d || x.party == "party.e" || party.f in set.party')
    expected = parse('user.a && !user.b || partys.c == user.d || x.party == "party.e" || user.f in set.party')
    assert rename(tree, "party", "user") == expected
