"""The parts without peers check what they time: the cross product, the analysis, the rows of the real rulebook."""

import numpy as np
import pytest
from benchmarks.law import part_analysis, part_cross
from benchmarks.law.arena import BenchmarkError
from benchmarks.law.contestant import Answer
from benchmarks.law.real_rows import make_real_rows, values_told_apart
from benchmarks.law.report import Report

from lexloci.model.act import ActKind
from lexloci.model.fact import ABSENT, UNKNOWN
from lexloci.rulebook.book import bundled_rulebook

KIND = ActKind.EXPORT


def test_a_hundred_rules_answer_the_questions_of_the_analysis_as_they_were_made_to():
    pytest.importorskip("z3")
    report = Report({})
    part_analysis.run(report, 1)
    assert len(report.tables[0].rows) == len(report.targets) == 6


def test_a_wrong_proof_stops_the_benchmark(monkeypatch):
    pytest.importorskip("z3")
    monkeypatch.setattr(part_analysis, "_differ_by_day", lambda *arguments: False)
    with pytest.raises(BenchmarkError, match="two days that differ, with an act: answered False and not True"):
        part_analysis.run(Report({}), 1)


def test_the_cross_product_has_over_1e9_combinations_and_agrees_with_the_reference():
    report = Report({})
    part_cross.run(report, 32, rounds=1, sample=50)
    found = report.figures["cross product"]["how many have each outcome"]
    assert found["combinations"] == 100 * 50 * 200 * 50 * 48 > 1e9


def test_a_combination_that_the_reference_answers_otherwise_stops_the_benchmark(monkeypatch):
    monkeypatch.setattr(part_cross, "by_reference", lambda rulebook, act: None)
    monkeypatch.setattr(part_cross, "read", lambda answer: Answer(99))
    with pytest.raises(BenchmarkError, match="the reference 99"):
        part_cross.run(Report({}), 32, rounds=1, sample=5)


def test_the_rows_of_the_real_rulebook_hold_every_fact_that_its_rules_read_for_the_kind():
    rulebook = bundled_rulebook()
    values = values_told_apart(rulebook, KIND)
    assert {"chip.total_processing_performance", "site.country", "end_user.headquarters"} <= set(values)
    assert not any(name.startswith(("defined.", "parameter.", "set.", "party.")) for name in values)
    assert all(known[:2] == (UNKNOWN, ABSENT) and 3 <= len(known) < 256 for known in values.values())


def test_a_limit_is_met_exactly_and_from_both_sides():
    rulebook = bundled_rulebook()
    known = set(values_told_apart(rulebook, KIND)["chip.total_processing_performance"])
    limits = [version.value for version in rulebook.parameters["tpp_a_alone"].versions]
    assert all({limit - 1, limit, limit + 1} <= known for limit in limits)


def test_real_rows_are_the_same_for_a_seed_and_one_cell_in_ten_is_unknown():
    rulebook = bundled_rulebook()
    one, same = make_real_rows(rulebook, KIND, 3_000), make_real_rows(rulebook, KIND, 3_000)
    assert all((one.codes[name] == same.codes[name]).all() for name in one.codes)
    cells = np.concatenate(list(one.codes.values()))
    assert (cells == 0).mean() == pytest.approx(0.10, abs=0.01)
    assert (cells == 1).mean() == pytest.approx(0.05, abs=0.01)
    assert one.on.max() <= np.datetime64(rulebook.reviewed)


def test_an_act_of_real_rows_states_every_fact_as_its_row_has_it():
    rows = make_real_rows(bundled_rulebook(), KIND, 20)
    for place, act in enumerate(rows.acts(range(20), ("us",))):
        assert {name: fact.value for name, fact in act.facts.items()} == {
            name: values[rows.codes[name][place]] for name, values in rows.values.items()
        }
        assert act.kind is KIND
