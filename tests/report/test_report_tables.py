"""The tables of the terminal: every row, every word, no markup from names."""

from __future__ import annotations

import io
import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from lexloci.model.determination import Missing, MissingKind
from lexloci.model.outcome import Outcome
from lexloci.model.plan import Alternative
from lexloci.report.answer_line import _needs, answer_line
from lexloci.report.matrix import Cell, Matrix
from lexloci.report.tables import (
    comparison_table,
    determinations_table,
    matrix_table,
    next_best_table,
    plan_table,
    unplaced_table,
)


def shown(table, width=400):
    console = Console(file=io.StringIO(), width=width, color_system=None)
    console.print(table)
    return console.file.getvalue()


def line_with(text, word):
    return next(line for line in text.splitlines() if word in line)


@pytest.mark.parametrize("width", [80, 120, 400])
def test_each_placement_shows_its_dates_and_figures_uncut_at_any_width(make, width):
    text = shown(plan_table(make.plan(placements=(make.placement(cost_usd=123_456_789.0),))), width)
    for words in ("× 512", "2026-02-01", "2026-03-13", "123,456,789", "40.0", "(34.0–51.0)", "520", "260"):
        assert words in text
    assert "…" not in text


def test_each_placement_shows_workload_pool_and_outcome(make):
    lines = shown(plan_table(make.plan())).splitlines()
    first = next(place for place, line in enumerate(lines) if "train" in line)
    assert "◉ with duties" in lines[first]
    assert "johor-h200 × 512" in lines[first + 1]


@pytest.mark.parametrize("width", [80, 400])
def test_a_conditional_placement_is_marked_and_says_on_what(make, width):
    text = shown(plan_table(make.plan()), width)
    assert "* serve: conditional on licence of the example authority" in text
    assert text.count("conditional on") == 1
    assert shown(plan_table(make.plan()), 400).count("licence: case by case *") == 1


@pytest.mark.parametrize(("difference", "ending"), [(250_000.0, "250,000"), (-40_000.0, "-40,000 *")])
def test_the_next_best_place_says_by_how_much_it_is_dearer(make, difference, ending):
    plan = make.plan()
    taken = plan.placements[0]
    others = (
        Alternative("far-dearer", Outcome.PERMITTED, "lawful", taken.cost_usd + 9_000_000.0),
        Alternative("next-best", Outcome.PERMITTED, "lawful", taken.cost_usd + difference),
        Alternative("unlawful", Outcome.PROHIBITED, "no", None),
    )
    text = shown(next_best_table(replace(plan, placements=(replace(taken, alternatives=others),))))
    line = next(line for line in text.splitlines() if "next-best" in line)
    assert line.rstrip().endswith(ending)
    assert taken.pool in line


def test_a_workload_with_one_lawful_place_has_no_next_best(make):
    plan = make.plan()
    alone = replace(plan.placements[0], alternatives=())
    assert "none" in shown(next_best_table(replace(plan, placements=(alone,))))


def test_the_title_of_a_plan_names_cost_date_and_basis(make):
    text = shown(plan_table(make.plan()))
    assert "USD 5,728,400" in text
    assert "as of 2026-01-15, enforcement" in text


def test_a_workload_without_a_place_is_shown_with_every_answer(make):
    text = shown(unplaced_table(make.plan()))
    assert "important data may not leave" in line_with(text, "lost")
    assert "prohibited" in line_with(text, "johor-h200: no assessment on record")


def test_pools_that_answer_alike_share_a_line_that_never_wraps(make):
    long = "prohibited: " + "no assessment on record " * 20
    answers = [Alternative(pool, Outcome.PROHIBITED, long, None) for pool in ("one", "two")]
    other = Alternative("three", Outcome.PERMITTED, "full", None)
    unplaced = replace(make.plan().unplaced[0], alternatives=(*answers, other))
    lines = shown(unplaced_table(make.plan(unplaced=(unplaced,))), 80).splitlines()
    assert sum("no assessment" in line for line in lines) == 1
    line = line_with("\n".join(lines), "one, two: no assessment on record")
    assert line.rstrip().endswith("…")
    assert "permitted" in line_with("\n".join(lines), "three: full")


def test_a_workload_without_a_place_and_without_answers_is_still_shown(make):
    bare = replace(make.plan().unplaced[0], alternatives=())
    assert "lost" in shown(unplaced_table(make.plan(unplaced=(bare,))))


def test_the_matrix_shows_word_glyph_and_reason(make):
    answer = make.determination()
    cell = Cell(Outcome.HUMAN_REVIEW, Outcome.PROHIBITED, "headquarters unknown", answer)
    text = shown(matrix_table(Matrix({"w": "Work"}, {"p": "Pool"}, {("w", "p"): cell})))
    assert "? human review" in line_with(text, "p: headquarters unknown")
    assert "(worst: prohibited)" in text


def test_pools_with_the_same_answer_for_the_same_reason_share_a_line(make):
    answer = make.determination()
    cells = {
        ("w", pool): Cell(outcome, outcome, why, answer)
        for pool, outcome, why in (
            ("p", Outcome.PROHIBITED, "closed"),
            ("q", Outcome.PROHIBITED, "closed"),
            ("r", Outcome.PERMITTED, "closed"),
            ("s", Outcome.PROHIBITED, "listed"),
        )
    }
    text = shown(matrix_table(Matrix({"w": "Work"}, dict.fromkeys("pqrs", "Pool"), cells)))
    assert "prohibited" in line_with(text, "p, q: closed")
    assert "permitted" in line_with(text, "r: closed")
    assert "prohibited" in line_with(text, "s: listed")


def test_a_pair_that_was_not_asked_is_never_shown_as_permitted(make):
    unasked = Cell(Outcome.PERMITTED, Outcome.PERMITTED, "does not fit the memory")
    matrix = Matrix({"w": "Work"}, {"p": "Pool", "q": "Other"}, {("w", "p"): unasked})
    text = shown(matrix_table(matrix))
    assert "p: does not fit the memory" in line_with(text, "not asked")
    assert text.count("not asked") == 2
    assert "permitted" not in text


def test_pools_that_were_not_asked_stand_last(make):
    cell = Cell(Outcome.PERMITTED, Outcome.PERMITTED, "", make.determination())
    text = shown(matrix_table(Matrix({"w": "Work"}, {"p": "Pool", "q": "Other"}, {("w", "q"): cell})))
    assert text.index("permitted") < text.index("not asked")


def test_the_matrix_looks_up_its_cells(make):
    matrix = make.matrix()
    assert matrix.cell("train", "ad-h100") is None
    assert matrix.cell("train", "johor-h200").reason == "planned"


def test_a_comparison_shows_outcomes_before_moves_and_the_change_of_cost(make):
    text = shown(comparison_table(make.comparison()))
    assert text.index("Answers that changed") < text.index("Work that moved: pool, cost USD")
    assert "(+567,900)" in text
    assert "licence needed from 2026-04-01" in text


def test_a_workload_that_loses_its_place_has_no_cost_there(make):
    lost = replace(make.comparison().moves[0], after="", cost_after=None)
    assert "no place, —" in shown(comparison_table(make.comparison(moves=(lost,))))


def test_a_comparison_without_a_difference_says_so(make):
    assert "nothing moved" in shown(comparison_table(make.comparison(moves=(), outcome_changes=())))


def test_changes_by_one_rule_are_told_once_with_all_that_they_meet(make):
    change = make.comparison().outcome_changes[0]
    changes = (change, replace(change, workload="other"), replace(change, pool="elsewhere"))
    text = shown(comparison_table(make.comparison(outcome_changes=changes)))
    assert text.count(change.rule) == 1
    assert f"{change.pool}: {change.workload}, other" in text
    assert f"elsewhere: {change.workload}" in text


def test_each_act_shows_outcome_worst_case_and_what_is_missing(make):
    review = make.determination("a1", outcome=Outcome.HUMAN_REVIEW, possible=Outcome.PROHIBITED)
    text = shown(determinations_table([review, make.determination("a2")]))
    assert "needs facts tenant.headquarters" in line_with(text, "a1")
    assert "(worst: prohibited)" in text
    assert "duties of example.keep; rests on readings of example.adopted" in line_with(text, "a2")


def test_a_refusal_is_told_with_the_rule_that_fired_and_its_citation(make):
    refused = make.finding("denial", outcome=Outcome.PROHIBITED)
    answer = make.determination(outcome=Outcome.PROHIBITED, findings=(make.finding(), refused))
    assert answer_line(answer) == "Rule on denial (1 Example Code denial)"


def test_what_a_review_waits_for_is_told_by_kind(make):
    waits = (
        Missing(MissingKind.FACT, "a.b", "?"),
        Missing(MissingKind.READING, "x.point", "?"),
        Missing(MissingKind.FACT, "c.d", "?"),
        Missing(MissingKind.NOT_MODELLED, "id: use", "?"),
    )
    answer = make.determination(outcome=Outcome.HUMAN_REVIEW, missing=waits)
    assert answer_line(answer) == "needs facts a.b, c.d; readings x.point; law that is not modelled: id: use"


def test_a_fact_about_one_party_in_several_roles_is_named_once():
    waits = tuple(
        Missing(MissingKind.FACT, name, "?", about)
        for name, about in (
            ("holder.sdn_list", "operator"),
            ("purchaser.sdn_list", "operator"),
            ("tenant.sdn_list", "lab"),
            ("item.class", ""),
        )
    )
    assert _needs(waits) == "needs facts party.sdn_list of operator, tenant.sdn_list, item.class"


def test_what_is_permitted_without_duties_needs_no_words(make):
    assert answer_line(make.determination(outcome=Outcome.PERMITTED, duties=(), contested=())) == ""


def test_a_permission_says_on_which_readings_it_rests(make):
    permitted = make.determination(outcome=Outcome.PERMITTED, duties=())
    assert answer_line(permitted) == "rests on readings of example.adopted"


@settings(max_examples=30, deadline=None)
@given(name=st.text(alphabet=st.characters(exclude_categories=("Cs",))))
def test_names_bring_no_markup_and_no_escape(make, name):
    hostile = f"[bold]{name}\x1b]8;;http://x\x07"
    plan = make.plan(name=hostile, placements=(make.placement(hostile),))
    labels = make.comparison(before_label=hostile, after_label=hostile)
    acts = determinations_table([make.determination(hostile, subject=hostile)])
    for table in (plan_table(plan), unplaced_table(plan), comparison_table(labels), acts):
        assert "\x1b" not in shown(table)
    assert "[bold]" in shown(plan_table(plan))


@pytest.mark.parametrize("module", ["tables", "why_text", "json_form", "matrix", "html"])
def test_importing_the_room_loads_no_heavy_library(module):
    code = (
        f"import sys, lexloci.report.{module}; "
        "print([name for name in ('rich', 'pydantic', 'ortools', 'numpy', 'yaml') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
