from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lexloci.model.errors import CatalogueError, LexlociError
from lexloci.model.workload import Model
from lexloci.perf import served_shape, serving_rows
from lexloci.perf.served_shape import known_shapes, shape_in_portfolio, shape_named, shape_of_parts
from lexloci.perf.serving_batch import NO_LIMIT
from lexloci.perf.serving_interval import asked_of_row, support_of
from lexloci.perf.serving_machine import Host, ServingGeneration, Tuning
from lexloci.perf.serving_names import chip_named, precision_named, software_named
from lexloci.perf.serving_rows import requests_of_run, serving_row

RAW = {
    "id": "r", "family": "f", "model": "Llama 3.3 70B", "params_total_b": "70.6", "params_active_b": "", "chip": "H100",
    "chips": "8", "scaleup_domain": "8", "weight_precision": "fp8", "kv_precision": "", "phase": "end-to-end",
    "scenario": "Offline", "in_len": "294", "out_len": "294.4", "concurrency": "", "batch_per_chip": "", "tp": "",
    "pp": "", "ep": "", "mtp": "", "value_per_chip": "3000", "slo": "", "date": "2025-09", "source": "paper",
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"chip": "Zeus-1"}, 'chip "Zeus-1" is not in the catalogue'),
        ({"weight_precision": "ternary"}, "none of bf16"),
        ({"in_len": ""}, "in_len is not stated"),
        ({"chips": "eight"}, 'chips "eight" is no number'),
        ({"model": "  "}, "model is not stated"),
        ({"value_per_chip": "fast"}, 'value_per_chip "fast" is no number'),
        ({"value_per_chip": "0"}, 'value_per_chip "0" is no number'),
        ({"value_per_chip": "nan"}, 'value_per_chip "nan" is no number'),
        ({"phase": "generation"}, "none of end-to-end, prefill, decode"),
        ({"out_len": ""}, "out_len is less than one token, or not stated"),
        ({"params_active_b": "700"}, "params_active_b is more than params_total_b"),
        ({"tp": "8", "pp": "2"}, "tp x pp is more than chips"),
        ({"slo": "soon"}, "names no TPOT"),
        ({"slo": "TTFT<=2s"}, "names no TPOT"),
    ],
)
def test_a_row_that_cannot_be_read_is_one_line_that_names_it(change, says):
    with pytest.raises(LexlociError) as caught:
        serving_row(RAW | change)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_row_without_a_measurement_is_read_and_only_predicted():
    assert serving_row(RAW | {"value_per_chip": ""}).tokens_per_s_per_chip is None


def test_limits_and_their_absence():
    limited = serving_row(RAW | {"slo": "TTFT<=450ms TPOT<=40ms p99", "scenario": "Interactive"})
    assert (limited.first_s, limited.each_s, limited.mode) == (0.45, 0.04, "limits")
    free = serving_row(RAW)
    assert (free.first_s, free.each_s, free.mode) == (NO_LIMIT, NO_LIMIT, "load")


def test_software_is_known_however_its_name_is_written():
    assert [software_named(name) for name in ("vllm 0.11", "SGLANG", "TensorRT 10", "own, v1", "")] == [
        "vLLM", "SGLang", "TensorRT-LLM", "own", ""
    ]  # fmt: skip
    held = [serving_row(RAW | {"framework": name, "scenario": ""}).precision for name in ("vllm", "vLLM")]
    assert [float(one.cache_bytes) for one in held] == [2.0, 2.0]


def test_tuned_submissions_are_told_from_default_options_by_scenario_and_date():
    assert serving_row(RAW).tuning is Tuning.TUNED_2025
    assert serving_row(RAW | {"date": "2024-08"}).tuning is Tuning.TUNED_2024
    assert serving_row(RAW | {"scenario": "Offline max load"}).tuning is Tuning.DEFAULT
    assert serving_row(RAW | {"phase": "decode", "concurrency": "64"}).tuning is Tuning.APART


def test_a_copy_lies_where_it_is_stated_else_on_powers_of_two_of_the_domain():
    assert serving_row(RAW | {"tp": "2", "pp": "4"}).copies == ((2, 4),)
    assert serving_row(RAW).copies == ((1, 1), (2, 1), (4, 1), (8, 1))
    assert serving_row(RAW | {"ep": "2-4", "phase": "prefill"}).copies == ((4, 1),)


def test_runs_at_greatest_load_have_the_requests_of_their_protocol():
    # docs/source/performance/perf-overview.md of TensorRT-LLM 1.0: input, output, number of requests
    published = {
        (128, 128): 30000, (128, 2048): 3000, (128, 4096): 1500, (1000, 2000): 1500, (2048, 128): 3000,
        (2048, 2048): 1500, (5000, 500): 1500, (1000, 1000): 3000, (500, 2000): 3000, (20000, 2000): 1000,
    }  # fmt: skip
    for (prompt, answer), requests in published.items():
        assert requests_of_run(prompt + answer) == requests


@pytest.mark.parametrize(
    ("name", "id", "packages"),
    [
        ("H200-SXM-141GB-MaxQ", "h200-sxm", 1), ("H200-NVL-141GB", "h200-nvl", 1), ("GB200", "gb200", 1),
        ("MI355X 288GB HBM3e", "mi355x", 1), ("RTX PRO 6000 Blackwell Server Edition", "rtx-pro-6000-server", 1),
        ("Ascend-910B(800I A2)", "ascend-910b3", 1), ("Ascend-300I-Duo(310P x2)", "ascend-310p", 2),
        ("h100-sxm", "h100-sxm", 1),
    ],
)  # fmt: skip
def test_chips_are_known_by_the_names_that_tables_use(name, id, packages):
    chip, count = chip_named(name)
    assert (chip.id, count) == (id, packages)


@pytest.mark.parametrize(
    ("weights", "cache", "expected"),
    [
        ("fp8", "", (1.0, 1.0, 1.0)), ("fp4", "", (0.5625, 0.5625, 1.0)), ("bf16", "", (2.0, 2.0, 2.0)),
        ("w8a8", "", (1.0, 1.0, 2.0)), ("bf16 attn + fp8 moe", "", (2.0, 1.0, 1.0)), ("fp8", "fp16", (1.0, 1.0, 2.0)),
        ("fp8 attn + nvfp4 moe", "", (1.0, 0.5625, 1.0)), ("mxfp4", "", (0.5625, 0.5625, 1.0)),
    ],
)  # fmt: skip
def test_precisions_are_read_as_tables_write_them(weights, cache, expected):
    found = precision_named(weights, cache)
    assert (found.always_bytes, found.expert_bytes, found.cache_bytes) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"framework": "SGLang", "scenario": ""}, 2.0), ({"framework": "vLLM 0.11", "scenario": ""}, 2.0),
        ({"framework": "vLLM 0.11", "scenario": "Server"}, 1.0), ({"framework": "SGLang", "kv_precision": "fp8"}, 1.0),
        ({"framework": "TensorRT-LLM v1.0"}, 1.0), ({"model": "GPT-OSS 20B"}, 2.0),
        ({"model": "GPT-OSS 20B", "chip": "B200"}, 1.0),
    ],
)  # fmt: skip
def test_a_cache_that_is_not_stated_has_the_bits_of_its_software_and_of_what_the_chip_computes_in(change, expected):
    plain = RAW | {"weight_precision": "fp8", "kv_precision": "", "framework": "", "chip": "H100"}
    assert serving_row(plain | change).precision.cache_bytes == expected


def test_a_model_whose_experts_are_published_in_four_bits_has_all_else_in_sixteen():
    found = serving_row(RAW | {"weight_precision": "fp4", "model": "GPT-OSS 20B"}).precision
    assert (found.always_bytes, found.expert_bytes) == (2.0, 0.53125)


def test_the_parts_of_a_shape_add_up_to_the_parameters_that_were_stated():
    for row in known_shapes().values():
        total = float(row["parameters_b"]) * 1e9
        used = total * (0.4 + 0.6 * float(row["active_experts"]) / float(row["experts"])) if row["experts"] else total
        shape = shape_of_parts(row, total, used)
        assert shape.parameters == pytest.approx(total)
        assert shape.vocabulary + shape.always + shape.active_experts * shape.expert == pytest.approx(used)
        assert row["source"]


def test_published_shapes_hold_their_published_parameters():
    # dense: 12 L H^2-like counts from the shape itself, without the feed-forward widths, stay below the total
    llama = known_shapes()["llama318b"]
    shape = shape_of_parts(llama, 8.03e9, 8.03e9)
    assert shape.vocabulary == 2 * 128256 * 4096
    assert shape.layers * shape.cache_elements == 32 * 2 * 8 * 128
    deepseek, known = shape_named("DeepSeek-R1", 671e9, 37e9)
    assert known
    assert deepseek.cache_elements == 512 + 64


def test_few_tokens_touch_few_experts_and_many_touch_all():
    shape, _ = shape_named("deepseek-v3", 671e9, 37e9)
    assert float(shape.experts_touched(1.0)) == pytest.approx(8 / 256)
    assert float(shape.experts_touched(2000.0)) == pytest.approx(1.0)


def test_a_portfolios_model_takes_its_published_shape_only_where_name_and_figures_agree():
    known = Model("deepseek-v3", "DeepSeek V3", 671e9, active_parameters=37e9)
    assert float(np.asarray(shape_in_portfolio(known).latent)) == 1
    assert float(np.asarray(shape_in_portfolio(replace(known, parameters=300e9)).latent)) == 0
    assert float(np.asarray(shape_in_portfolio(replace(known, layers=40, hidden=7168)).latent)) == 0


def test_a_chip_of_an_unmeasured_generation_is_wider_than_a_measured_one_and_says_so():
    measured = asked_of_row(serving_row(RAW))
    novel = replace(measured, generation=int(ServingGeneration.OTHER), vendor="Moore Threads")
    near, far = support_of(measured), support_of(novel)
    assert far.high / far.low > near.high / near.low
    assert any("interval widened" in warning for warning in far.warnings)
    assert not near.warnings
    assert near.nearest.split()[0]


def test_sizes_far_outside_what_was_measured_are_told_and_widened():
    inside = asked_of_row(serving_row(RAW))
    outside = support_of(replace(inside, prompt_tokens=5e6))
    assert "outside the published" in outside.warnings[0]
    assert outside.high >= support_of(inside).high


def test_grace_hosts_are_known_by_the_chip():
    assert serving_row(RAW | {"chip": "GB200"}).machine.host == Host.GRACE
    assert serving_row(RAW | {"chip": "B200"}).machine.host == Host.X86


def test_missing_or_damaged_tables_are_one_line_that_says_how_to_mend_it(monkeypatch, tmp_path):
    broken = tmp_path / "rows.csv.gz"
    broken.write_bytes(b"not gzip")
    monkeypatch.setattr(serving_rows, "SERVING_TABLE", broken)
    with pytest.raises(CatalogueError, match="reinstall lexloci"):
        serving_rows.shipped_serving_rows.__wrapped__()
    monkeypatch.setattr(served_shape, "SHAPES_TABLE", tmp_path / "none.csv")
    with pytest.raises(CatalogueError, match="reinstall lexloci"):
        known_shapes.__wrapped__()
