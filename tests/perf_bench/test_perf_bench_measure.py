"""The script that measures a device: it refuses in a line where it cannot, and what it writes calibrates."""

from __future__ import annotations

import csv
import sys
from types import SimpleNamespace

import pytest
from benchmarks.perf import measure
from benchmarks.perf.measured_model import (
    SIZES,
    EightBits,
    in_eight_bits,
    no_eight_bits,
    training_step,
    weights_of,
)

from lexloci.perf.calibrating import calibrate, calibrate_serving
from lexloci.perf.measured_runs import read_measured_runs
from lexloci.perf.measured_serving import read_measured_serving
from lexloci.perf.row_estimates import row_estimates


def _rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _stand_in(capability, **more):
    """PyTorch with a device, as far as the script asks it."""
    cuda = SimpleNamespace(
        is_available=lambda: True,
        get_device_name=lambda: "Device",
        empty_cache=lambda: None,
        get_device_capability=lambda: capability,
    )
    eight = {"_scaled_mm": None, "float8_e4m3fn": None, "version": SimpleNamespace(hip=None)}
    return SimpleNamespace(**({"cuda": cuda, "__version__": "9"} | eight | more))


@pytest.mark.parametrize(
    ("torch", "says"),
    [
        (_stand_in((8, 0)), "no FP8 (E4M3) arithmetic"),
        (_stand_in((9, 4), version=SimpleNamespace(hip="6.2")), "no FP8 (E4M3) arithmetic"),
        (SimpleNamespace(), "has no FP8 products"),
    ],
)
def test_fp8_is_left_out_in_a_line_where_the_device_or_pytorch_lacks_it(torch, says):
    assert says in no_eight_bits(torch, "cuda")
    assert "on an accelerator alone" in no_eight_bits(torch, "cpu")
    assert no_eight_bits(_stand_in((8, 9)), "cuda") == ""


def test_without_pytorch_or_an_accelerator_it_says_so_in_one_line_and_writes_nothing(tmp_path, monkeypatch, capsys):
    target = tmp_path / "runs.csv"
    blind = SimpleNamespace(cuda=SimpleNamespace(is_available=lambda: False))
    for torch, says in ((None, "PyTorch is not installed"), (blind, "sees no accelerator")):
        monkeypatch.setitem(sys.modules, "torch", torch)
        assert measure.main(["--chip", "h100-sxm", "--training", str(target)]) == 1
        said = capsys.readouterr()
        assert says in said.err
        assert (said.out, said.err.count("\n")) == ("", 1)
        assert not target.exists()


def test_nothing_asked_is_a_wrong_call(capsys):
    with pytest.raises(SystemExit) as end:
        measure.main(["--chip", "h100-sxm"])
    assert end.value.code == 2
    assert "name a file with --training or --serving" in capsys.readouterr().err


def test_what_a_device_gave_is_written_after_the_prediction_and_calibrates(tmp_path, monkeypatch, capsys):
    # a device is stood in for: it takes a tenth longer than a step of half a second, whatever is asked
    monkeypatch.setitem(sys.modules, "torch", _stand_in(capability=(9, 0)))
    for name in ("training_step", "prompt_step", "token_step"):
        monkeypatch.setattr(measure, name, lambda *_: None)
    monkeypatch.setattr(measure, "seconds_of", lambda *_: 0.55)
    trained, served = tmp_path / "training.csv", tmp_path / "serving.csv"
    asked = ["--chip", "h100-sxm", "--date", "2026-05", "--training", str(trained), "--serving", str(served)]
    assert measure.main(asked) == 0
    lines = capsys.readouterr().out.splitlines()
    for before, after in zip(lines[::2], lines[1::2], strict=True):
        assert "predicted" in before
        assert "measured" in after
        assert before.partition(":")[0] == after.partition(":")[0]
    runs = read_measured_runs(trained.read_text(encoding="utf-8"), trained.name)
    assert {row.step_s for row in runs} == {0.55}
    assert [one.kind for one in calibrate(runs, trained.name)] == ["dense", "mixture"]
    measured = read_measured_serving(served.read_text(encoding="utf-8"), served.name)
    assert {row.phase for row in measured} == {"prefill", "decode"}
    written = {(row["weight_precision"], row["kv_precision"], row["phase"]) for row in _rows(served)}
    assert written == {(bits, "bf16", phase) for bits in ("bf16", "fp8") for phase in ("prefill", "decode")}
    assert {(float(row.precision.always_bytes), float(row.precision.cache_bytes)) for row in measured} == {
        (2.0, 2.0),
        (1.0, 2.0),
    }
    assert len({row.id for row in measured}) == len(measured)
    assert [one.kind for one in calibrate_serving(measured, served.name)] == ["dense", "mixture"]
    rows = _rows(trained)
    assert all(one["predicted"] and one["error"] for one in row_estimates(rows, list(rows[0])))


def test_the_models_fit_the_chip_that_they_are_named_for():
    sizes = {name: SIZES[name].parameters for name in measure.TRAINED}
    assert sizes["dense-0.7b"] == pytest.approx(0.7e9, rel=0.1)
    assert sizes["dense-2b"] == pytest.approx(2.4e9, rel=0.1)
    assert sizes["mixture-2b"] == pytest.approx(1.8e9, rel=0.1)
    assert all(16 * parameters < 60e9 for parameters in sizes.values())
    assert SIZES["dense-8b"].parameters == pytest.approx(8.03e9, rel=0.01)


def test_a_step_on_a_processor_learns_and_its_rows_are_no_measurement(tmp_path):
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    for name in ("tiny", "tiny-mixture"):
        sizes = SIZES[name]
        held = weights_of(torch, sizes, "cpu", torch.float32)
        assert sum(one.numel() for one in held.values()) == sizes.parameters
        step = training_step(torch, sizes, "cpu")
        losses = [step() for _ in range(12)]
        assert losses[-1] < losses[0]
    trained, served = tmp_path / "training.csv", tmp_path / "serving.csv"
    asked = ["--chip", "h100-sxm", "--device", "cpu", "--models", "tiny", "tiny-mixture"]
    assert measure.main([*asked, "--training", str(trained), "--serving", str(served)]) == 0
    assert {row["chip"] for row in (*_rows(trained), *_rows(served))} == {"cpu"}
    assert {row["weight_precision"] for row in _rows(served)} == {"bf16"}


def test_a_matrix_in_eight_bits_is_near_the_one_that_it_was_made_of():
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    held = in_eight_bits(torch, weights_of(torch, SIZES["tiny-mixture"], "cpu", torch.bfloat16))
    assert isinstance(held["0.qkv"], EightBits)
    assert not isinstance(held["0.router"], EightBits)
    assert len(held["1.up"]) == SIZES["tiny-mixture"].experts
    matrix = torch.randn(32, 16)
    eight = EightBits.of(torch, matrix)
    assert (eight.values.float() * eight.scale - matrix).abs().max() <= matrix.abs().max() / 16
