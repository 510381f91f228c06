"""What holds for every rulebook and every act: an unknown fact never lowers severity, and the rest of the promises."""

from __future__ import annotations

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st
from law_random import completions, partial_facts, rule_sets, total_facts
from law_support import DAY, PERMIT, QUESTION, held, make_act, make_rule, make_rulebook, not_subject

from lexloci.law.decide import decide
from lexloci.law.expression import names
from lexloci.law.on_record import NOTHING_ON_RECORD
from lexloci.law.rule import Scope, Standing, Turn
from lexloci.model.determination import FindingStatus, MissingKind
from lexloci.model.fact import UNKNOWN
from lexloci.model.outcome import Outcome
from lexloci.model.portfolio import Basis

MOST_COMPLETIONS = 40
records = st.sampled_from([NOTHING_ON_RECORD, held("aa_licence"), not_subject()])


def ask(rules, values, record=NOTHING_ON_RECORD):
    return decide(make_rulebook(rules), make_act(values), QUESTION, record)


def read_by(rules):
    lines = [line for rule in rules for line in (*rule.when, *rule.unless)]
    return frozenset(name for line in lines for name in names(line.expression)) | {"f.a", "f.b"}


@settings(max_examples=200)
@given(rule_sets(), partial_facts, records)
def test_an_unknown_fact_never_lowers_severity(rules, values, record):
    partial = ask(rules, values, record)
    for number, completed in enumerate(completions(values, read_by(rules))):
        if number == MOST_COMPLETIONS:
            break
        whole = ask(rules, completed, record)
        assert partial.certain.severity <= whole.certain.severity
        assert whole.possible.severity <= partial.possible.severity
        if partial.outcome is not Outcome.HUMAN_REVIEW:
            # Decided, but for a duty that the fact may turn out not to bring.
            assert whole.outcome.severity <= partial.outcome.severity
            assert whole.outcome is partial.outcome or partial.outcome is Outcome.PERMITTED_WITH_DUTIES


@settings(max_examples=150)
@given(rule_sets(), partial_facts, records)
def test_certain_is_never_above_possible_and_missing_is_empty_unless_under_review(rules, values, record):
    found = ask(rules, values, record)
    assert found.certain.severity <= found.possible.severity
    assert (found.outcome is Outcome.HUMAN_REVIEW) == bool(found.missing)
    if found.outcome is not Outcome.HUMAN_REVIEW:
        assert found.outcome is found.possible
    assert len({(one.kind, one.name) for one in found.missing}) == len(found.missing)


@settings(max_examples=100)
@given(rule_sets(), total_facts)
def test_with_every_fact_known_only_sources_decisions_and_silence_stay_open(rules, values):
    found = ask(rules, values)
    assert {one.kind for one in found.missing} <= {MissingKind.VERIFICATION, MissingKind.NOT_MODELLED}


@settings(max_examples=120)
@given(rule_sets(), rule_sets(), partial_facts, records)
def test_another_rule_never_lowers_what_is_certain_nor_what_is_possible_where_a_permission_speaks(
    rules, more, values, record
):
    permit = make_rule("permit_all", outcome=Outcome.PERMITTED, kind=PERMIT.kind)  # an id that no drawn rule has
    named = tuple(
        make_rule(f"more{number}", [], rule.outcome, kind=rule.kind, lifted_by=rule.lifted_by)
        for number, rule in enumerate(more)
    )
    before, after = ask((*rules, permit), values, record), ask((*rules, permit, *named), values, record)
    assert before.certain.severity <= after.certain.severity
    assert before.possible.severity <= after.possible.severity


@settings(max_examples=100)
@given(rule_sets(), partial_facts, records, st.randoms(use_true_random=False))
def test_the_answer_does_not_depend_on_the_order_of_the_rules(rules, values, record, random):
    shuffled = list(rules)
    random.shuffle(shuffled)
    one, other = ask(rules, values, record), ask(shuffled, values, record)
    assert (one.outcome, one.certain, one.possible) == (other.outcome, other.certain, other.possible)
    assert len(one.missing) == len(other.missing)
    assert set(one.findings) == set(other.findings)
    assert set(one.duties) == set(other.duties)


PLAIN = st.sampled_from(["f.a", "defined.both", "n.x > 5", 't.x == "BB"', "f.b && f.c", "f.b || n.y == 7"])
EXCUSE = st.sampled_from(['t.y == "DD" || n.y < 0', 't.y == "DD"', "n.y < 0"])
HARMLESS = {"f.a": False, "f.b": False, "f.c": False, "n.x": -1, "n.y": -1, "t.x": "DD", "t.y": "DD"}


@settings(max_examples=200)
@given(
    st.lists(st.tuples(st.lists(PLAIN, min_size=1, max_size=3), st.lists(EXCUSE, max_size=1)), min_size=1, max_size=4),
    st.sets(st.sampled_from(sorted(HARMLESS)), min_size=1),
)
def test_the_list_of_missing_facts_suffices_and_none_is_shorter(lines, unknown):
    rules = [PERMIT, *(make_rule(f"r{place}", when, unless=unless) for place, (when, unless) in enumerate(lines))]
    stated = {name: UNKNOWN for name in HARMLESS if name in unknown}
    worst = {"f.a": True, "f.b": True, "f.c": True, "n.x": 7, "n.y": 7, "t.x": "BB", "t.y": "BB"}
    values = {**worst, **stated}
    found = ask(rules, values)
    asked = {one.name for one in found.missing}
    assert asked <= unknown
    if found.outcome is not Outcome.HUMAN_REVIEW:
        return
    settled = {**values, **{name: HARMLESS[name] for name in asked}}
    assert ask(rules, settled).outcome is Outcome.PERMITTED
    for fewer in itertools.combinations(sorted(unknown), len(asked) - 1):
        less = {**values, **{name: HARMLESS[name] for name in fewer}}
        assert ask(rules, less).outcome is Outcome.HUMAN_REVIEW


@given(st.sampled_from(Standing), st.sampled_from(Standing), st.sampled_from(Basis), st.sampled_from([True, UNKNOWN]))
def test_each_layer_is_judged_by_its_own_standing_and_shown_beside_the_other(text, enforced, basis, fact):
    turns = (Turn(DAY, text, DAY, Basis.TEXT), Turn(DAY, enforced, DAY, Basis.ENFORCEMENT))
    rulebook = make_rulebook([PERMIT, make_rule("r", ["f.a"], turns=turns)])
    question = type(QUESTION)(DAY, DAY, basis)
    found = decide(rulebook, make_act({"f.a": fact}), question)
    expected = {
        layer: Outcome.PERMITTED
        if not standing.applies
        else Outcome.PROHIBITED
        if standing is Standing.IN_FORCE and fact is True
        else Outcome.HUMAN_REVIEW
        for layer, standing in ((Basis.TEXT, text), (Basis.ENFORCEMENT, enforced))
    }
    assert found.outcome is expected[basis]
    assert found.other_layer.outcome is expected[basis.other]
    if expected[basis] is not expected[basis.other]:
        assert found.other_layer.differences


@given(st.sampled_from([Scope.ITEM, Scope.DATA]), st.sampled_from([True, UNKNOWN]))
def test_a_record_of_being_not_subject_never_makes_a_rule_of_the_thing_placeable(scope, fact):
    rules = [PERMIT, make_rule("r", ["f.a"], scope=scope)]
    found = ask(rules, {"f.a": fact}, not_subject())
    assert (found.outcome, found.possible) == (Outcome.HUMAN_REVIEW, Outcome.PROHIBITED)
    assert [one.status for one in found.exposures] == [FindingStatus.POSSIBLE]
