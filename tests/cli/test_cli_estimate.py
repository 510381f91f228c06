"""``estimate``: one job, all jobs, a table of rows, the picture, and what is refused."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

TOP = Path(__file__).resolve().parents[2]
EXAMPLE = TOP / "examples" / "southeast-asia" / "portfolio.yaml"
JOB = "bytedance-serve-sea@singapore-h200"
HELD_OUT = TOP / "benchmarks" / "perf" / "trtllm_overview_held_out.csv"


def test_one_job_says_its_figures_its_support_and_its_assumptions(call):
    said = call("estimate", EXAMPLE, JOB)
    assert (said.code, said.err) == (0, "")
    for words in ("bytedance-serve-sea", "singapore-h200 ×", "nearest published run: ", "90 %", "first token within"):
        assert words in said.out


def test_json_holds_every_interval_around_its_point_and_the_price_of_a_million_tokens(call):
    (one,) = call("estimate", EXAMPLE, JOB, "--json").json
    assert one["feasible"] is True
    for name in ("duration_s", "tokens_per_s", "energy_kwh", "carbon_kg", "cost_usd", "usd_per_million_tokens"):
        assert one[name]["low"] <= one[name]["point"] <= one[name]["high"]
    tokens = one["tokens_per_s"]["point"] * one["duration_s"]["point"]
    assert one["usd_per_million_tokens"]["point"] == pytest.approx(1e6 * one["cost_usd"]["point"] / tokens)


def test_more_chips_serve_more_and_cost_more(call):
    few, many = (call("estimate", EXAMPLE, JOB, "--chips", chips, "--json").json[0] for chips in (512, 1024))
    assert many["tokens_per_s"]["point"] > few["tokens_per_s"]["point"]
    assert many["cost_usd"]["point"] > few["cost_usd"]["point"]


def test_the_picture_is_svg_with_memory_step_and_roofline(call, tmp_path):
    target = tmp_path / "picture.svg"
    assert call("estimate", EXAMPLE, JOB, "--svg", target).code == 0
    root = ET.parse(target).getroot()
    words = " ".join(text.strip() for text in root.itertext())
    for part in ("weights", "cache of users", "generating", "reading prompts", "Roofline of one chip"):
        assert part in words


def _inside(target):
    """Every text of a picture ends within its width, at six pixels a letter of ten points."""
    root = ET.parse(target).getroot()
    width = float(root.get("width"))
    texts = [one for one in root.iter("{http://www.w3.org/2000/svg}text") if one.get("font-size") == "10"]
    assert texts
    return all(float(one.get("x")) + 6.0 * len(one.text) <= width for one in texts)


def test_the_picture_of_training_has_its_memory_its_step_and_two_points_below_the_roof(call, tmp_path):
    target, other = tmp_path / "picture.svg", tmp_path / "layouts.svg"
    job = (EXAMPLE, "alibaba-pretrain@johor-h100", "--chips", 2048)
    assert call("estimate", *job, "--svg", target).code == 0
    words = " ".join(text.strip() for text in ET.parse(target).getroot().itertext())
    for part in ("optimiser", "activations", "matrix products", "whole step", "Roofline of one chip", "80.0 GB"):
        assert part in words
    assert call("layouts", *job, "--svg", other).code == 0
    assert other.read_text(encoding="utf-8") == target.read_text(encoding="utf-8")
    step_s = call("layouts", *job, "--json").json["best"][0]["step_s"]["point"]
    assert f"One step, {step_s:.1f} s" in words
    assert _inside(target)


def test_the_legend_of_a_service_stays_within_the_picture(call, tmp_path):
    assert call("estimate", EXAMPLE, JOB, "--svg", tmp_path / "picture.svg").code == 0
    assert _inside(tmp_path / "picture.svg")
    said = call("estimate", EXAMPLE, "alibaba-home@johor-h100", "--svg", tmp_path / "copy.svg")
    assert said.code == 1
    assert "nothing to draw" in said.err
    assert not (tmp_path / "copy.svg").exists()


def test_all_jobs_of_a_portfolio_are_told_and_those_without_a_figure_end_with_3(call, records):
    said = call("estimate", records[1])
    assert said.code in {0, 3}
    assert "each workload on each pool" in said.out


def test_a_table_of_rows_is_predicted_row_by_row_with_intervals(call):
    lines = HELD_OUT.read_text(encoding="utf-8").splitlines()[:6]
    said = call("estimate", "-", stdin="\n".join(lines) + "\n")
    assert said.code == 0
    rows = list(csv.DictReader(io.StringIO(said.out)))
    assert len(rows) == 5
    for row in rows:
        assert 0 < float(row["low"]) <= float(row["predicted"]) <= float(row["high"])
        assert float(row["error"]) == pytest.approx(float(row["predicted"]) / float(row["measured"]) - 1, abs=1e-3)
    as_json = call("estimate", "-", "--json", stdin="\n".join(lines) + "\n").out.splitlines()
    assert [json.loads(line)["id"] for line in as_json] == [row["id"] for row in rows]


def test_a_row_that_cannot_be_read_says_why_and_the_others_are_predicted(call):
    lines = HELD_OUT.read_text(encoding="utf-8").splitlines()[:3]
    said = call(
        "estimate", "-", stdin="\n".join([lines[0], lines[1], lines[2].replace("RTX PRO 6000", "Zeus 1")]) + "\n"
    )
    assert said.code == 3
    good, bad = csv.DictReader(io.StringIO(said.out))
    assert good["predicted"]
    assert not bad["predicted"]
    assert "not in the catalogue" in bad["notes"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((EXAMPLE, "nothing"), "write WORKLOAD@POOL"),
        ((EXAMPLE, "nobody@singapore-h200"), 'there is no workload "nobody"'),
        ((EXAMPLE, "bytedance-serve-sea@nowhere"), 'there is no pool "nowhere"'),
        ((EXAMPLE, "--chips", "8"), "name it as WORKLOAD@POOL"),
        ((HELD_OUT, JOB), "this is a table of rows"),
    ],
)
def test_a_wrong_call_is_one_line_that_says_how_to_mend_it(call, arguments, says):
    said = call("estimate", *arguments)
    assert said.code == 1
    assert says in said.err
    assert said.err.count("\n") == 1


def test_a_table_that_is_no_csv_is_one_line_and_nothing_is_printed(call, tmp_path):
    table = tmp_path / "table.csv"
    header = "model,params_total_b,chip,chips,weight_precision,phase,in_len,value_per_chip"
    table.write_text(f"{header}\n{'9' * 200_000}\n", encoding="utf-8")
    for said in (call("estimate", table), call("calibrate", table, "--output", tmp_path / "kept.json")):
        assert said.code == 1
        assert "CSV file (field larger than field limit" in said.err
        assert said.err.count("\n") == 1
        assert said.out == ""
    assert not (tmp_path / "kept.json").exists()


def test_lengths_whose_name_no_file_can_have_are_a_mistake_in_the_portfolio(call, tmp_path):
    path = _served(tmp_path)
    text = path.read_text(encoding="utf-8").replace("lengths: azure-2023-conversation", f"lengths: {'long' * 200}")
    path.write_text(text, encoding="utf-8")
    said = call("estimate", path, JOB)
    assert said.code == 1
    assert "workloads[12].demand.lengths: " in said.err
    assert "write one of azure-2023-code, " in said.err
    assert said.err.count("\n") == 1


def test_a_table_with_other_columns_is_refused_with_what_it_lacks(call):
    said = call("estimate", "-", stdin="id,kind\n1,x\n")
    assert said.code == 1
    assert said.err


def _served(tmp_path, of_demand="", of_workload=""):
    """The example with one service's demand in requests."""
    text = EXAMPLE.read_text(encoding="utf-8")
    begin = text.index("{id: bytedance-serve-sea")
    line = text[begin : text.index("\n", begin)]
    old = "output_tokens_per_s: 30000, input_tokens_per_output_token: 3, tokens_per_s_per_user: 10"
    assert old in line
    asked = f"requests_per_s: 100, lengths: azure-2023-conversation, tokens_per_s_per_user: 10{of_demand}"
    changed = line.replace(old, asked).replace("days: 180", f"days: 180{of_workload}")
    path = tmp_path / "portfolio.yaml"
    path.write_text(text.replace(line, changed), encoding="utf-8")
    return path


def test_a_demand_in_requests_with_real_lengths_and_own_limits_is_estimated(call, tmp_path):
    plain = call("estimate", _served(tmp_path), JOB, "--json").json[0]
    assert any("requests as in azure-2023-conversation" in note for note in plain["warnings"])
    hurried = call("estimate", _served(tmp_path, ", max_first_token_s: 1"), JOB, "--json").json[0]
    assert any("first token within 1 s" in note for note in hurried["warnings"])
    apart = call("estimate", _served(tmp_path, "", ", prompts_apart: true"), JOB, "--json").json[0]
    assert any("prompts are read on" in note for note in apart["warnings"])
    drafted = call("estimate", _served(tmp_path, "", ", drafting: [1.2, 1.5, 1.9]"), JOB, "--json").json[0]
    for one in (plain, hurried, apart, drafted):
        assert one["feasible"]
        assert one["tokens_per_s"]["point"] >= 100 * 206


def test_users_whose_link_is_not_stated_are_as_far_as_their_coordinates_say(call, tmp_path):
    path = _served(tmp_path, ", latitude: 1.35, longitude: 103.82")
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if "between: [South-East Asia, singapore]" not in line]
    assert len(kept) == len(lines) - 1
    path.write_text("".join(kept), encoding="utf-8")
    said = call("estimate", path, JOB, "--json").json[0]
    assert any("round trip from South-East Asia not stated" in note for note in said["warnings"]), said


@pytest.mark.parametrize(
    ("states", "says"),
    [
        ("method: lora", "LoRA: adapters of at most 1% of the weights"),
        ("precision: fp8", "trained in FP8 with software of 2026"),
        ("batch_sequences: 32", "32 sequences a step"),
    ],
)
def test_how_a_workload_trains_is_told_and_moves_its_estimate(call, tmp_path, states, says):
    plain, changed = tmp_path / "plain.yaml", tmp_path / "changed.yaml"
    text = call("init").out
    plain.write_text(text, encoding="utf-8")
    changed.write_text(text.replace("    kind: fine-tune", f"    {states}\n    kind: fine-tune", 1), encoding="utf-8")
    job = ("tune-assistant@johor-h100", "--chips", 16, "--json")
    before, after = (call("estimate", path, *job).json[0] for path in (plain, changed))
    assert any(says in note for note in after["warnings"])
    assert after["tokens_per_s"]["point"] != before["tokens_per_s"]["point"]


def test_reinforcement_tells_the_shares_of_generating_and_training(call, tmp_path):
    path = tmp_path / "reinforced.yaml"
    rollouts = "rollouts: {prompt_tokens: 500, answer_tokens: 2000}"
    text = call("init").out.replace("    kind: fine-tune", f"    kind: post-train\n    {rollouts}", 1)
    path.write_text(text, encoding="utf-8")
    (one,) = call("estimate", path, "tune-assistant@johor-h100", "--chips", 16, "--json").json
    assert any(note.startswith("the chips generate for ") and "and train for" in note for note in one["warnings"])
    path.write_text(text.replace("2000}", "2000, chip_share: 0.5}"), encoding="utf-8")
    (split,) = call("estimate", path, "tune-assistant@johor-h100", "--chips", 16, "--json").json
    assert any(note.startswith("8 chips generate while 8 train; ") for note in split["warnings"])


def test_a_copy_is_estimated_from_each_site_and_uses_no_chips(call):
    (one,) = call("estimate", EXAMPLE, "alibaba-home@johor-h100", "--json").json
    assert (one["chips"], one["usd_per_million_tokens"]) == (0, None)
    assert one["cost_usd"]["point"] == pytest.approx(1e12 * 2 / 1e9 * 0.08)  # 2 TB at the link's 0.08 USD/GB
    assert one["duration_s"]["point"] > 2e12 * 8 / 10e9
    said = call("estimate", EXAMPLE, "alibaba-home@johor-h100")
    assert "a copy from johor-h100" in said.out
    assert "uses no chips" in call("estimate", EXAMPLE, "alibaba-home@johor-h100", "--chips", 8).err


def test_one_training_over_pools_at_two_sites_tells_what_the_exchange_costs(call):
    name = "alibaba-pretrain@johor-h100+alibaba-h800"
    (one,) = call("estimate", EXAMPLE, name, "--json").json
    assert one["feasible"]
    assert (one["pool"], one["chips"]) == ("johor-h100+alibaba-h800", 8192 + 2048)
    assert any("2 sites exchange every 100 steps" in note for note in one["warnings"])
    assert any(note.startswith("exchange not stated: 4 bytes a parameter") for note in one["warnings"])
    assert "of the time trains" in call("estimate", EXAMPLE, name).out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("alibaba-pretrain@johor-h100+nowhere",), 'there is no pool "nowhere"'),
        ((JOB + "+johor-h100",), "does not train; only training is spread over sites"),
        (("alibaba-pretrain@johor-h100+alibaba-h800", "--chips", "8"), "--chips and --svg are for one pool"),
    ],
)
def test_a_wrong_call_over_sites_is_one_line(call, arguments, says):
    said = call("estimate", EXAMPLE, *arguments)
    assert said.code == 1
    assert says in said.err
    assert said.err.count("\n") == 1


def test_training_prints_both_conventions_of_mfu_and_hfu_by_name(call):
    said = call("estimate", EXAMPLE, "alibaba-pretrain@johor-h100", "--chips", 2048)
    text = " ".join(said.out.split())
    for name in ("MFU, causal", "MFU, full", "HFU, full"):
        assert name in text
    (one,) = call("estimate", EXAMPLE, "alibaba-pretrain@johor-h100", "--chips", 2048, "--json").json
    shares = one["shares_of_peak"]
    assert shares["MFU, causal attention"] == one["utilisation"]
    assert shares["MFU, causal attention"]["point"] < shares["MFU, full attention"]["point"]
