"""The door of the benchmark of estimates: both parts take further files, and what they name exists."""

from __future__ import annotations

import csv
import gzip
import importlib.util
import io
import re
from pathlib import Path

import pytest
from benchmarks.perf import part_inference

ROOT = Path(__file__).parents[2]
DATA = ROOT / "src" / "lexloci" / "perf" / "data"


@pytest.fixture(scope="module")
def door():
    spec = importlib.util.spec_from_file_location("bench_perf", ROOT / "benchmarks" / "perf.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def further(tmp_path):
    """A file of five rows of a table that ships, under new names; the second on a chip that nobody makes."""

    def written(table, kept):
        rows = list(csv.DictReader(io.StringIO(gzip.decompress((DATA / table).read_bytes()).decode("utf-8"))))
        chosen = [row | {"id": f"new{place}"} for place, row in enumerate([r for r in rows if kept(r)][:5])]
        chosen[1]["chip"] = "Zeus-1"
        path = tmp_path / table.removesuffix(".gz")
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(chosen)
        return str(path)

    return written


@pytest.mark.slow
def test_both_parts_score_the_rows_of_further_files_and_name_those_that_they_cannot_read(door, further, capsys):
    training = further("training_configurations.csv.gz", lambda row: row["step_time_s"] and row["arch"] == "dense")
    inference = further("serving_rows.csv.gz", lambda row: row["family"] == "trtllm-overview")
    assert door.main(["--training", training, "--inference", inference, "--quick"]) == 0
    said = capsys.readouterr().out
    assert said.count("not read: new1: ") == 1
    assert 'not read: row "new1": chip "Zeus-1" is not in the catalogue' in said
    assert "TRAINING: 4 configurations, 4 with a step time" in said
    assert "SERVING: 4 points, 4 of them never fitted" in said
    assert said.count("rows that the fit has not seen") >= 2
    assert "nan" not in said
    assert "its family left out" not in said


@pytest.mark.parametrize(
    "content", [b"", b"id,model\n", bytes(range(256)), b"\x1f\x8bbroken", b'id\n"' + b"a" * 200_000]
)
def test_a_file_that_holds_no_rows_of_serving_is_told_in_a_line(content, tmp_path, capsys):
    path = tmp_path / "odd.csv"
    path.write_bytes(content)
    part_inference.run(path, quick=True)
    said = capsys.readouterr().out.splitlines()
    assert said[-1] == "SERVING: no row that can be read states what was measured (value_per_chip)"
    assert all(line.startswith(f"not read: {path}: ") for line in said[:-1])


@pytest.mark.parametrize("option", ["--training", "--inference", "--vtrain"])
def test_a_file_that_is_not_there_is_told_in_a_line(door, option, capsys):
    with pytest.raises(SystemExit) as caught:
        door.main([option, "absent.csv"])
    assert caught.value.code == 2
    assert "absent.csv: there is no such file" in capsys.readouterr().err


def test_every_script_and_file_of_requirements_that_is_named_exists():
    parts = ROOT / "benchmarks" / "perf"
    texts = [
        path.read_text(encoding="utf-8") for path in [*parts.glob("*.py"), *parts.glob("*.sh"), parts / "README.md"]
    ]
    texts.append((ROOT / "Makefile").read_text(encoding="utf-8"))
    named = {name for text in texts for name in re.findall(r"benchmarks/perf/([\w.-]+\.(?:sh|txt))", text)}
    assert "setup.sh" in named
    assert "requirements-aiconfigurator.txt" in named
    assert [name for name in sorted(named) if not (parts / name).is_file()] == []


def test_each_peer_is_looked_for_where_the_script_makes_its_environment():
    from benchmarks.perf import peer_aiconfigurator, peer_llm_analysis

    script = (ROOT / "benchmarks" / "perf" / "setup.sh").read_text(encoding="utf-8")
    made = set(re.findall(r"^peer (\S+) ", script, re.MULTILINE))
    for python in (peer_aiconfigurator.PYTHON, peer_llm_analysis.PYTHON):
        assert python.relative_to(ROOT / "build" / "bench-perf").parts[0] in made
