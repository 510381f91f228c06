"""``layouts``: the best layouts of a job, one that is asked for, why others cannot be, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "southeast-asia" / "portfolio.yaml"
JOB = "alibaba-pretrain@johor-h100"


def test_the_best_layouts_come_in_order_with_memory_by_part(call):
    said = call("layouts", EXAMPLE, JOB, "--chips", 2048)
    assert (said.code, said.err) == (0, "")
    for words in (
        "1: tensor",
        "2: tensor",
        "3: tensor",
        "activations",
        "90 %",
        "nearest published run: ",
        "layouts on at",
    ):
        assert words in said.out


def test_json_holds_ranks_times_and_memory_that_adds_up(call):
    found = call("layouts", EXAMPLE, JOB, "--chips", 2048, "--keep", 5, "--json").json
    assert (found["workload"], found["pool"], found["chips"]) == (*JOB.split("@"), 2048)
    assert len(found["best"]) == 5
    points = [one["step_s"]["point"] for one in found["best"]]
    assert points == sorted(points)
    for one in found["best"]:
        ranks = one["layout"]
        assert one["chips"] == ranks["tensor"] * ranks["pipeline"] * ranks["data"] * ranks["context"] <= 2048
        parts = {name: used for name, used in one["memory_gb"].items() if name != "total"}
        assert sum(parts.values()) == pytest.approx(one["memory_gb"]["total"])
        assert one["memory_gb"]["total"] <= found["memory_gb"] == pytest.approx(80)


def test_eight_bits_are_faster_and_named_and_four_need_a_chip_that_has_them(call):
    sixteen, eight = (
        call("layouts", EXAMPLE, JOB, "--chips", 2048, "--json", *more).json for more in ((), ("--precision", "fp8"))
    )
    assert eight["best"][0]["step_s"]["point"] < sixteen["best"][0]["step_s"]["point"]
    said = call("layouts", EXAMPLE, JOB, "--precision", "nvfp4")
    assert said.code == 1
    assert "states no fp4_tflops, which nvfp4 needs; state it under chips" in said.err
    assert said.err.count("\n") == 1
    assert '--precision: "int3" is none of bf16' in call("layouts", EXAMPLE, JOB, "--precision", "int3").err


def test_without_a_layout_that_fits_the_answer_is_3_with_those_nearest_to_fitting(call):
    said = call("layouts", EXAMPLE, JOB, "--chips", 128)
    assert said.code == 3
    assert "no layout: a chip needs at least" in said.out
    assert "too large: tensor" in said.out
    assert call("layouts", EXAMPLE, JOB, "--chips", 128, "--json").json["best"] == []


def test_a_layout_that_is_asked_for_stands_beside_the_best(call):
    best = call("layouts", EXAMPLE, JOB, "--chips", 2048, "--json").json["best"][0]
    names = ("tensor", "pipeline", "context", "data", "expert", "virtual_stages", "micro_batch")
    text = ",".join(f"{name}={best['layout'][name]:g}" for name in names)
    said = call("layouts", EXAMPLE, JOB, "--chips", 2048, "--layout", text, "--json")
    assert said.code == 0
    assert said.json["stated"]["layout"] == best["layout"]
    assert said.json["stated"]["memory_gb"] == best["memory_gb"]


def test_a_layout_that_cannot_be_says_why_and_ends_with_3(call):
    said = call("layouts", EXAMPLE, JOB, "--chips", 2048, "--layout", "tensor=7")
    assert said.code == 3
    assert "as asked: tensor 7, pipeline 1, context 1, data 292" in said.out
    assert "no: 7 tensor ranks do not divide 48 heads" in said.out
    words = call(
        "layouts", EXAMPLE, JOB, "--chips", 2048, "--layout", "pipeline=2, sharding=zero1, recompute=full", "--json"
    )
    stated = words.json["stated"]
    assert (stated["layout"]["sharding"], stated["layout"]["recompute"]) == (1.0, 2.0)
    assert "GB and has 80 GB" in stated["reason"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((JOB, "--layout", "tensor=0"), 'tensor "0" is no whole number from 1 on; write tensor=2'),
        ((JOB, "--layout", "tensor=1e9"), 'tensor "1e9" is no whole number'),
        ((JOB, "--layout", "rows=2"), '"rows" is none of tensor, pipeline'),
        ((JOB, "--layout", "recompute=some"), 'recompute "some" is none of none, selective, full'),
        ((JOB, "--chips", "9000"), "9000 chips are asked and at most 8192 may be used"),
        (("alibaba-serve-sea@johor-h100",), "does not train; ask `lexloci estimate`"),
        (("nobody@johor-h100",), 'there is no workload "nobody"'),
        (("alibaba-pretrain",), "names no job; write WORKLOAD@POOL"),
    ],
)
def test_what_cannot_be_asked_is_one_line(call, arguments, says):
    said = call("layouts", EXAMPLE, *arguments)
    assert (said.code, said.out) == (1, "")
    assert says in said.err
    assert said.err.count("\n") == 1
