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


def test_a_table_with_other_columns_is_refused_with_what_it_lacks(call):
    said = call("estimate", "-", stdin="id,kind\n1,x\n")
    assert said.code == 1
    assert said.err
