from __future__ import annotations

import json
from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest

import fit_serving
from lexloci.perf.serving_efficiency import FIGURES, FIT_FILE, ServingEfficiency, fitted_efficiency, slots
from lexloci.perf.serving_fitting import fit_values
from lexloci.perf.serving_interval import LEVELS, asked_of_row, interval, support_of
from lexloci.perf.serving_machine import Host, ServingGeneration, Stack, Tuning
from lexloci.perf.serving_prediction import predicted


def _by_family(rows, errors):
    found = {}
    for row, error in zip(rows, np.abs(errors), strict=True):
        found.setdefault(row.family, []).append(float(error))
    return {name: sum(values) / len(values) for name, values in found.items()}


def test_error_averaged_over_families_is_at_most_15_percent_on_the_rows_that_were_fitted(shipped, errors_of):
    assert len(shipped) == 294
    assert np.mean(list(_by_family(shipped, errors_of(shipped)).values())) <= 0.15


def test_tensorrt_llm_points_are_within_12_percent_on_average(shipped, errors_of):
    assert _by_family(shipped, errors_of(shipped))["trtllm-overview"] <= 0.12


def test_rows_that_the_fit_has_not_seen_are_within_12_percent_on_average(held_out, errors_of):
    found = _by_family(held_out, errors_of(held_out))
    assert max(found.values()) <= 0.12


def test_dense_rows_of_a_later_release_that_the_fit_has_not_seen_are_within_12_percent_on_average(held_out, errors_of):
    rows = [row for row in held_out if row.family == "trtllm-overview-1.2" and not row.is_mixture]
    assert len(rows) >= 20
    assert np.mean(np.abs(errors_of(rows))) <= 0.12


def test_no_measured_configuration_is_declared_out_of_memory(shipped, held_out):
    speeds = predicted([*shipped, *held_out], fitted_efficiency())
    assert (speeds > 0).all()


def test_the_intervals_hold_their_share_of_rows_that_were_not_fitted(held_out, errors_of):
    inside = []
    for row, error in zip(held_out, errors_of(held_out), strict=True):
        support = support_of(asked_of_row(row))
        inside.append(support.low <= 1.0 / (1.0 + error) <= support.high)
    assert 0.85 <= np.mean(inside) <= 0.95


def test_every_fitted_figure_is_listed_with_what_was_believed_and_the_rows_that_speak_for_it():
    stored = json.loads(FIT_FILE.read_text(encoding="utf-8"))
    for figure, key in slots():
        entry = stored["figures"][figure.name][key]
        assert entry["value"] > 0
        assert entry["believed"] == figure.prior
        assert entry["rows"] >= 0
    assert stored["made_by"] == "tools/fit_serving.py"


def test_figures_are_keyed_on_chips_hosts_software_and_kinds_alone():
    allowed = {each.name.lower() for kind in (ServingGeneration, Host, Stack, Tuning) for each in kind}
    assert {key for figure in FIGURES for key in figure.keys} <= allowed | {"all", "dense", "mixture"}


def test_shares_of_a_peak_never_pass_it():
    beyond = ServingEfficiency.of(np.full(len(slots()), 7.0))
    for figure in FIGURES:
        assert beyond.figures[figure.name].max() <= figure.most


def test_intervals_only_widen_from_level_to_level():
    stored = json.loads(FIT_FILE.read_text(encoding="utf-8"))["intervals"]
    for mode in ("load", "limits", "phase"):
        for mixture in (False, True):
            found = [interval(stored, level, mode, is_mixture=mixture) for level in range(len(LEVELS))]
            for (low, high), (next_low, next_high) in pairwise(found):
                assert next_low <= low <= 1.0 <= high <= next_high


@pytest.mark.parametrize("arguments", [["no-such-folder"], ["--check", "--rows", "table.csv"], ["--figures"]])
def test_the_command_of_the_fit_refuses_a_wrong_call_before_it_works(arguments, capsys):
    with pytest.raises(SystemExit) as caught:
        fit_serving.main(arguments)
    assert caught.value.code == 2
    assert "error: " in capsys.readouterr().err.splitlines()[-1]


def _rows_of(family, count, mode="load", is_mixture=True):
    return [SimpleNamespace(id=f"{family}{n}", family=family, mode=mode, is_mixture=is_mixture) for n in range(count)]


def test_an_end_of_an_interval_leaves_a_twentieth_out_and_one_large_source_does_not_set_it():
    errors = np.linspace(-1.0, 1.0, 101)
    found = fit_serving._quantiles(errors, _rows_of("a", 101))
    assert found == (pytest.approx(-0.9, abs=0.01), pytest.approx(0.9, abs=0.01))
    rows = [*_rows_of("a", 60), *_rows_of("b", 6000)]
    found = fit_serving._quantiles(np.concatenate([errors[:60], np.zeros(6000)]), rows)
    assert found == (pytest.approx(-0.89, abs=0.02), pytest.approx(0.07, abs=0.02))
    twice = fit_serving._quantiles(np.concatenate([errors[:60], np.zeros(6000)] * 2), rows * 2)
    assert twice == pytest.approx(found, abs=0.02)


@pytest.mark.parametrize(("sources", "share"), [(0, 0.0), (1, 1 / 2), (2, 2 / 3), (3, 3 / 4)])
def test_an_interval_is_its_own_the_more_the_more_sources_speak_for_it(sources, share):
    own = [row for place in range(sources) for row in _rows_of(f"own{place}", 40)]
    other = _rows_of("other", 4000, mode="phase")
    errors = np.concatenate([np.tile(np.linspace(-0.1, 0.1, 40), sources), np.linspace(-1.0, 1.0, 4000)])
    wide = fit_serving._quantiles(errors, [*own, *other])
    if not sources:
        own, errors = _rows_of("few", 3), np.concatenate([np.zeros(3), errors])
    found = fit_serving._cell([*own, *other], errors, "load", is_mixture=True)
    narrow = fit_serving._quantiles(errors[: len(own)], own)
    for end in range(2):
        assert found[end] == pytest.approx(share * narrow[end] + (1 - share) * wide[end], abs=0.06)


def test_where_a_chip_and_software_were_measured_half_of_the_errors_are_of_models_that_were(shipped):
    folds, models = fit_serving.LEFT_OUT[0]
    of_model = {}
    for row in shipped:
        of_model.setdefault(models(row), set()).add(folds(row))
    counts = [len(found) for found in of_model.values()]
    assert max(counts) == 4
    assert len({fold for found in of_model.values() for fold in found}) == 4


@pytest.mark.slow
def test_a_second_fit_gives_the_same_figures_and_a_fit_on_false_measurements_others(shipped):
    few = shipped[::6]
    believed = np.array([figure.prior for figure, _ in slots()])
    once = fit_values(few, believed)
    np.testing.assert_allclose(once, fit_values(few, believed), rtol=0)
    from dataclasses import replace

    halved = [replace(row, tokens_per_s_per_chip=row.tokens_per_s_per_chip / 2) for row in few]
    slower = fit_values(halved, believed)
    ratio = predicted(few, ServingEfficiency.of(slower)) / predicted(few, ServingEfficiency.of(once))
    assert 0.4 < np.median(ratio) < 0.7


def test_without_measurements_the_fit_keeps_what_was_believed():
    believed = np.array([figure.prior for figure, _ in slots()])
    np.testing.assert_array_equal(fit_values([], believed), believed)
