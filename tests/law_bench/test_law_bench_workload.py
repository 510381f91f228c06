"""The invented rulebook and its rows have the shape that the benchmark says."""

from collections import Counter

import numpy as np
import pytest
from benchmarks.law import workload
from benchmarks.law.peers.numpy_masks import vector
from benchmarks.law.plain import plain_rules
from benchmarks.law.rows import acts_of, make_rows, plain_values, read_rows, write_rows
from benchmarks.law.workload import ATTRIBUTES, BY_NAME, CROSS_TESTS, make_rulebook

from lexloci.law.expression import Compare, Name, leaves, names, parse
from lexloci.law.rule import EffectKind, Standing
from lexloci.law.sound import refuse_unsound
from lexloci.model.fact import UNKNOWN
from lexloci.model.outcome import Outcome
from lexloci.model.portfolio import Basis


def _lines(rulebook):
    return [line for rule in rulebook.rules for line in (*rule.when, *rule.unless)]


def _compares_facts(leaf):
    return isinstance(leaf, Compare) and isinstance(leaf.operand, Name) and leaf.operand.name in BY_NAME


@pytest.mark.parametrize("times", [1, 10])
def test_32_rules_have_37_conjunctions_3_cross_tests_and_6_exceptions_and_so_on_tenfold(times):
    rulebook = make_rulebook(32 * times)
    assert len(rulebook.rules) == 32 * times
    assert sum(len(rule.conjunctions) for rule in plain_rules(rulebook)) == 37 * times
    crossing = [line for line in _lines(rulebook) if any(map(_compares_facts, leaves(line.expression)))]
    assert len(crossing) == 3 * times
    assert sum(len(rule.unless) for rule in rulebook.rules) == 6 * times
    assert Counter(rule.kind for rule in rulebook.rules) == {
        EffectKind.OUTCOME: 24 * times,
        EffectKind.PERMIT: 8 * times,
    }


def test_the_32_rules_read_all_24_attributes_and_compare_three_pairs():
    rulebook = make_rulebook(32)
    read = {name for line in _lines(rulebook) for name in names(line.expression)} & set(BY_NAME)
    assert len(ATTRIBUTES) == 24
    assert read == set(BY_NAME)
    pairs = {leaf for line in _lines(rulebook) for leaf in leaves(line.expression) if _compares_facts(leaf)}
    assert pairs == {parse(text) for text, _ in CROSS_TESTS}


def test_a_rule_has_five_and_a_half_comparisons_on_average():
    rules = make_rulebook(32).rules
    every = [leaf for rule in rules for line in (*rule.when, *rule.unless) for leaf in leaves(line.expression)]
    assert len(every) / len(rules) == pytest.approx(5.5, abs=0.05)


def test_every_rule_has_a_dated_window_some_are_closed_and_two_are_given_up_by_the_authority():
    rules = make_rulebook(32).rules
    assert all(rule.turns[0].standing is Standing.IN_FORCE for rule in rules)
    ends = Counter(turn.standing for rule in rules for turn in rule.turns[1:])
    assert ends[Standing.NOT_ENFORCED] == 2
    assert 8 <= ends[Standing.NOT_IN_FORCE] <= 24
    assert sum(rule.differs_by_layer for rule in rules) == 2
    assert {turn.layer for rule in rules for turn in rule.turns} == {None, Basis.ENFORCEMENT}


@pytest.mark.parametrize("rules", [32, 100, 320])
def test_the_rulebook_holds_together_as_one_that_is_read_must(rules):
    refuse_unsound(make_rulebook(rules))


def test_a_seed_gives_one_rulebook_and_another_seed_another():
    assert make_rulebook(32) == make_rulebook(32)
    assert make_rulebook(32) != make_rulebook(32, seed=33)


@pytest.mark.parametrize("rules", [32, 320, 960])
def test_outcomes_stay_mixed_at_every_size_and_several_rules_fire_at_times(rules):
    rulebook, rows = make_rulebook(rules), make_rows(4_000)
    answers = vector(rulebook, rows, 1).run()
    shares = np.bincount(answers, minlength=len(Outcome)) / len(rows)
    assert shares.min() > 0.04
    assert shares.max() < 0.5


def test_the_share_of_rows_on_which_a_line_holds_is_what_the_generator_reckons(monkeypatch):
    reckoned = []
    original = workload._line

    def noted(*arguments):
        reckoned.append(original(*arguments))
        return reckoned[-1]

    monkeypatch.setattr(workload, "_line", noted)
    rulebook = make_rulebook(64)
    rows = make_rows(20_000, seed=5)
    for text, share in {*reckoned, *CROSS_TESTS}:
        assert _share(rulebook, rows, text) == pytest.approx(share, abs=0.02), text


def _share(rulebook, rows, text):
    """The share of the rows on which a condition holds, by the plain masks."""
    from benchmarks.law.peers.numpy_masks import compiled
    from benchmarks.law.plain import fold

    from lexloci.law.specialise import specialise

    tree = specialise(parse(text), _with_all_names(rulebook), workload.KNOWN_AT, workload.KNOWN_AT)
    test = fold(tree, compiled, lambda parts: parts[0], lambda parts: parts[0], lambda part: lambda row: ~part(row))
    return float(test(rows.columns).mean())


def _with_all_names(rulebook):
    """The rulebook with the limits and sets that no rule happens to read, too."""
    from dataclasses import replace
    from random import Random

    every = workload._Names(Random(f"32/{len(rulebook.rules)}"))
    return replace(rulebook, parameters=every.parameters, sets=every.sets)


def test_a_seed_gives_one_table_of_rows_and_another_seed_another():
    one, same, other = make_rows(500), make_rows(500), make_rows(500, seed=9)
    assert all((one.columns[name] == same.columns[name]).all() for name in one.columns)
    assert (one.on == same.on).all()
    assert any((one.columns[name] != other.columns[name]).any() for name in one.columns)


def test_numbers_are_whole_and_exact_in_32_bits():
    rows = make_rows(5_000)
    numbers = [rows.columns[one.name] for one in ATTRIBUTES if one.type == "number"]
    assert all((column == column.astype(np.float32)).all() for column in numbers)
    assert all((column == np.floor(column)).all() for column in numbers)


def test_days_lie_between_the_first_and_the_last():
    rows = make_rows(5_000)
    assert rows.day(0) == rows.on[0].astype(object)
    assert rows.on.min() >= np.datetime64(workload.FIRST_DAY)
    assert rows.on.max() <= np.datetime64(workload.LAST_DAY)


def test_rows_come_back_from_their_folder_as_they_were(tmp_path):
    rows = make_rows(100, unknown_share=0.2)
    write_rows(rows, tmp_path)
    back = read_rows(tmp_path)
    assert (back.on == rows.on).all()
    assert all((back.columns[name] == column).all() for name, column in rows.columns.items())
    assert all((back.unknown[name] == mask).all() for name, mask in rows.unknown.items())


def test_an_unknown_cell_is_a_fact_that_the_act_does_not_state():
    rows = make_rows(2_000, unknown_share=0.05)
    acts = acts_of(rows, range(len(rows)))
    unstated = sum(len(ATTRIBUTES) - len(act.facts) for act in acts)
    assert unstated / (len(acts) * len(ATTRIBUTES)) == pytest.approx(0.05, abs=0.01)
    name = next(name for name in rows.columns if rows.unknown[name][0] or name not in acts[0].facts)
    assert rows.value(name, 0) is UNKNOWN


def test_an_act_says_what_its_row_says():
    rows = make_rows(50)
    for place, (act, plain) in enumerate(zip(acts_of(rows, range(50)), plain_values(rows), strict=True)):
        assert act.on == rows.day(place)
        assert {name.replace(".", "_"): fact.value for name, fact in act.facts.items()} == {
            name: value for name, value in plain.items() if name != "day"
        }
        assert plain["day"] == (act.on - workload.date(1970, 1, 1)).days


def test_the_first_rows_are_a_table_of_their_own():
    rows = make_rows(100, unknown_share=0.5)
    few = rows.first(7)
    assert len(few) == 7
    assert all((few.columns[name] == rows.columns[name][:7]).all() for name in rows.columns)
    assert all(len(mask) == 7 for mask in few.unknown.values())
