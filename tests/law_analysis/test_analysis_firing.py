"""Every set of rules that fires together is found, the smallest first, and those of no decided case are told."""

from __future__ import annotations

from analysis_random import DAY, book, encoding_of, every_act
from hypothesis import given, settings
from hypothesis import strategies as st
from law_random import named_conditions
from law_support import make_rule

from lexloci.law.analysis.firing import fired, patterns, witness_of
from lexloci.model.act import ActKind
from lexloci.model.portfolio import Basis
from lexloci.rulebook.book import bundled_rulebook
from lexloci.rulebook.case_patterns import patterns_of_cases
from lexloci.rulebook.decided_cases import bundled_cases

KIND = ActKind.EXPORT
READ = ("f.a", "f.b", "n.x", "t.x")
_small = named_conditions.filter(lambda text: not any(name in text for name in ("f.c", "n.y", "t.y")))
RULES = [
    make_rule("a", ["f.a"]),
    make_rule("b", ["f.b"]),
    make_rule("c", ["f.a", "!(f.b)"]),
    make_rule("d", ["n.x in []"]),
]
A_B, A_C, B = (frozenset(f"aa.{name}" for name in names) for names in ("ab", "ac", "b"))


def found(rules=RULES, cases=(), most=9):
    return patterns(encoding_of(book(rules)), KIND, "aa", cases, most)


def test_the_sets_of_rules_that_fire_together_are_found_smallest_first():
    one = found()
    assert (one.found[0], set(one.found)) == (B, {A_B, A_C, B})
    assert one.is_complete


def test_the_search_stops_at_the_limit_and_says_so():
    one = found(most=2)
    assert (len(one.found), one.is_complete) == (2, False)
    assert found(most=3).is_complete


def test_patterns_of_a_case_are_covered_and_the_others_are_not():
    one = found(cases=[B, frozenset({"aa.zzz"})])
    assert (one.exercised, set(one.uncovered)) == ((B,), {A_B, A_C})


def test_the_example_of_a_pattern_makes_exactly_its_rules_fire():
    encoding = encoding_of(book(RULES))
    witness = witness_of(encoding, KIND, "aa", A_C)
    assert {name: fact.value for name, fact in witness.act.facts.items()} == {"f.a": True}
    assert fired(encoding.rulebook, witness.act, DAY, Basis.TEXT, "aa") == A_C


def test_a_body_without_rules_has_no_pattern():
    one = patterns(encoding_of(book(RULES)), KIND, "bb", (), 5)
    assert (one.found, one.is_complete) == ((), True)


@settings(max_examples=40)
@given(st.lists(_small, min_size=1, max_size=3))
def test_no_act_that_can_be_written_down_has_a_pattern_that_was_not_found(lines):
    drawn = [make_rule(f"r{place}", [line]) for place, line in enumerate(lines)]
    rulebook = book(drawn)
    written = {fired(rulebook, act, DAY, Basis.TEXT, "aa") for act in every_act(READ)} - {frozenset()}
    assert written <= set(found(drawn).found)


def test_the_decided_cases_exercise_patterns_of_the_rulebook():
    exercised = patterns_of_cases(bundled_rulebook(), bundled_cases(), Basis.TEXT)
    prohibited = frozenset({"cn_data.core_data", "cn_data.export_regime"})
    assert prohibited in exercised[ActKind.DATA_EXPORT, "cn"]
