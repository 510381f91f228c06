"""Each contestant that needs no foreign package answers as the reference does."""

import pytest
from benchmarks.law.contestant import Answer
from benchmarks.law.peers import lexloci_engine, numpy_masks
from benchmarks.law.peers.lexloci_engine import by_reference, read
from benchmarks.law.plain import NO_RULE, by_severity, most_severe, plain_rules
from benchmarks.law.roster import SINGLE, VECTOR, asked_about
from benchmarks.law.rows import acts_of, make_rows
from benchmarks.law.workload import make_rulebook

from lexloci.model.outcome import Outcome

ROWS = 500
RULEBOOK = make_rulebook(32)


@pytest.fixture(scope="module")
def rows():
    return make_rows(ROWS, seed=7)


@pytest.fixture(scope="module")
def expected(rows):
    return [read(by_reference(RULEBOOK, act)) for act in acts_of(rows, range(ROWS))]


def _answers(single):
    return [single.read(single.decide(one)) for one in single.inputs]


@pytest.mark.parametrize("name", sorted(lexloci_engine.SINGLE))
def test_the_single_decisions_of_this_engine_agree_with_the_reference(name, rows, expected):
    assert _answers(lexloci_engine.SINGLE[name](RULEBOOK, rows)) == expected


def test_plain_masks_agree_with_the_reference(rows, expected):
    answers = numpy_masks.vector(RULEBOOK, rows, 1).run()
    assert answers.tolist() == [answer.outcome for answer in expected]


def test_plain_masks_give_the_same_in_chunks_of_any_size(rows, monkeypatch):
    whole = numpy_masks.vector(RULEBOOK, rows, 1).run()
    monkeypatch.setattr(numpy_masks, "CHUNK_ROWS", 7)
    assert (numpy_masks.vector(RULEBOOK, rows, 1).run() == whole).all()


def test_one_row_as_a_table_is_the_same_decision(rows, expected):
    single = numpy_masks.SINGLE["NumPy chunked masks"](RULEBOOK, rows)
    outcomes = [answer.outcome for answer in _answers(single)]
    assert 0 < len(outcomes) <= ROWS
    assert outcomes == [answer.outcome for answer in expected][: len(outcomes)]


@pytest.mark.parametrize("engine", ["numpy", "numba"])
@pytest.mark.parametrize("unknown_share", [0.0, 0.05])
def test_the_columns_of_this_engine_agree_with_the_reference(engine, unknown_share):
    if engine == "numba":
        pytest.importorskip("numba")
    table = make_rows(ROWS, seed=8, unknown_share=unknown_share)
    answers = lexloci_engine.vector(RULEBOOK, table, 1, engine=engine).run()
    wanted = [read(by_reference(RULEBOOK, act)).outcome for act in acts_of(table, range(ROWS))]
    assert answers.tolist() == wanted


@pytest.mark.parametrize("name", ["CEL, a bit a rule", "CEL, an expression a rule", "CEL, outcome alone"])
def test_cel_agrees_with_the_reference(name, rows, expected):
    pytest.importorskip("cel_expr_python")
    from benchmarks.law.peers import cel_expressions

    answers = _answers(cel_expressions.SINGLE[name](RULEBOOK, rows))
    if name.endswith("alone"):
        assert answers == [Answer(answer.outcome) for answer in expected]
    else:
        assert answers == expected


def test_the_alternatives_of_a_rule_say_together_what_its_condition_says(rows):
    from benchmarks.law.peers.numpy_masks import compiled
    from benchmarks.law.plain import fold

    def holds(tree):
        test = fold(
            tree,
            compiled,
            lambda parts: lambda row: _all(part(row) for part in parts),
            lambda parts: lambda row: ~_all(~part(row) for part in parts),
            lambda part: lambda row: ~part(row),
        )
        return test(rows.columns)

    for rule in plain_rules(RULEBOOK):
        alternatives = [_all(holds(part) for part in conjunction) for conjunction in rule.conjunctions]
        assert (~_all(~alternative for alternative in alternatives) == holds(rule.condition)).all()


def _all(masks):
    whole = True
    for mask in masks:
        whole = whole & mask
    return whole


def test_the_most_severe_rule_decides_and_none_is_human_review():
    assert most_severe([1, 5, 3]) == 5
    assert most_severe([]) == NO_RULE == list(Outcome).index(Outcome.HUMAN_REVIEW)


def test_rules_come_by_severity_the_most_severe_first():
    groups = by_severity(plain_rules(RULEBOOK))
    assert [severity for severity, _ in groups] == sorted(
        {rule.severity for rule in plain_rules(RULEBOOK)}, reverse=True
    )
    assert sum(len(rules) for _, rules in groups) == 32


def test_the_roster_begins_with_this_engine_and_names_every_form_of_the_modules_at_hand():
    assert SINGLE[0].is_ours
    assert VECTOR[0].is_ours
    for module, singles, vectors in ((lexloci_engine, SINGLE, VECTOR), (numpy_masks, SINGLE, VECTOR)):
        assert {one.name for one in singles if one.module == module.__name__} == set(module.SINGLE)
        assert {one.name for one in vectors if one.module == module.__name__} == set(module.VECTOR)


def test_contestants_that_are_too_slow_are_left_out_of_large_rulebooks():
    names = {one.name for one in asked_about(SINGLE, 960)}
    assert "lexloci explain" in names
    assert "DuckDB CASE" not in names
