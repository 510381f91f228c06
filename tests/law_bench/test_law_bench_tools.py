"""The clock, the processes, the comparison of answers and the tables of the benchmark do what they say."""

import io
import json

import numpy as np
import pytest
from benchmarks.law import part_single
from benchmarks.law.arena import BenchmarkError, refuse_difference
from benchmarks.law.contestant import Answer, Single, Vector
from benchmarks.law.measure import timed_decisions, timed_run
from benchmarks.law.report import Report, Table, as_markdown, as_text, figure, times
from benchmarks.law.roster import Contestant
from benchmarks.law.rows import make_rows, write_rows
from benchmarks.law.worker import main

TABLE = Table("Title", "a note", ("engine", "us"), (("one", "1.0"), ("another", "12")))


def test_decisions_are_taken_in_turn_around_the_list_at_least_five_times():
    seen = []
    single = Single([1, 2, 3], seen.append, lambda _: Answer(0))
    laps = timed_decisions(single, single.inputs, 2, 0.0, 100)
    assert laps.decisions == len(seen) >= 5
    assert seen[:4] == [3, 1, 2, 3]
    assert 0 <= laps.p50_us <= laps.p99_us


def test_no_more_decisions_are_taken_than_allowed():
    single = Single([1, 2], lambda one: one, lambda _: Answer(0))
    assert timed_decisions(single, single.inputs, 0, 60.0, 7).decisions == 7


def test_a_table_is_prepared_before_the_clock_starts():
    steps = []

    def run():
        steps.append("run")
        return np.ones(50_000_000, dtype=np.uint8)[:3].copy()

    measured, answers = timed_run(Vector(run, lambda: steps.append("prepare")))
    assert steps == ["prepare", "run"]
    assert answers.tolist() == [1, 1, 1]
    assert measured.wall_s > 0
    assert measured.peak_bytes is None or measured.peak_bytes >= 0  # how much is seen depends on the machine


def _served(kind, module, name, folder, *lines):
    out = io.StringIO()
    text = "".join(json.dumps(line) + "\n" for line in lines)
    assert main([kind, module, name, "32", str(folder), "2"], io.StringIO(text), out) == 0
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_a_process_answers_and_times_single_decisions(tmp_path):
    write_rows(make_rows(60), tmp_path)
    module = "benchmarks.law.peers.lexloci_engine"
    ready, answers, laps = _served("single", module, "lexloci explain", tmp_path, ["answers", 60.0], ["laps", 0.0, 100])
    assert ready == "ready"
    assert len(answers) == 12
    assert all(0 <= outcome <= 6 and isinstance(fired, list) for outcome, fired in answers)
    assert laps["decisions"] >= 5


def test_a_process_decides_a_table_and_keeps_the_answers(tmp_path):
    write_rows(make_rows(60), tmp_path)
    file = tmp_path / "answers.npy"
    module = "benchmarks.law.peers.numpy_masks"
    ready, run = _served("vector", module, "NumPy chunked masks", tmp_path, ["run", str(file)])
    assert ready == "ready"
    assert set(run) == {"wall_s", "cpu_s", "peak_bytes"}
    assert np.load(file).shape == (60,)


class _Said:
    """A process that has one answer for everything."""

    def __init__(self, name, answers, tells="rules", *, tells_all=True):
        self.contestant = Contestant(name, name, "none", tells, tells_all=tells_all)
        self.answers = answers

    def ask(self, command, *values):
        return self.answers


def test_equal_answers_are_counted_and_fewer_rows_are_allowed():
    ours = _Said("ours", [[5, ["a", "b"]], [6, []], [1, ["c"]]])
    few = _Said("few", [[5, ["a", "b"]]])
    assert part_single.compared([ours, few], 1.0) == {"ours": 3, "few": 1}


@pytest.mark.parametrize(
    "theirs", [_Said("theirs", [[4, ["a", "b"]]]), _Said("theirs", [[5, ["a"]]]), _Said("theirs", [[4, None]], "")]
)
def test_another_outcome_or_another_rule_stops_the_benchmark_before_any_ratio(theirs):
    with pytest.raises(BenchmarkError, match=r"row 0: theirs answers .* no ratio is printed"):
        part_single.compared([_Said("ours", [[5, ["a", "b"]]]), theirs], 1.0)


@pytest.mark.parametrize("theirs", [_Said("theirs", [[5, None]], ""), _Said("theirs", [[5, ["a"]]], tells_all=False)])
def test_rules_are_compared_only_where_all_are_told(theirs):
    assert part_single.compared([_Said("ours", [[5, ["a", "b"]]]), theirs], 1.0)["theirs"] == 1


def test_the_first_row_that_differs_is_named():
    assert refuse_difference("b", [1, 2], [1, 2, 3], "a") == 2
    with pytest.raises(BenchmarkError, match="row 1: b answers 3, a answers 2"):
        refuse_difference("b", [1, 2], [1, 3], "a")


def test_a_table_is_laid_out_in_columns():
    assert as_text(TABLE).splitlines() == [
        "Title",
        "(a note)",
        "engine    us",
        "-" * 12,
        "one      1.0",
        "another   12",
    ]


def test_a_table_in_markdown_has_as_many_cells_in_every_line():
    lines = as_markdown(TABLE).splitlines()
    assert lines[:4] == ["### Title", "", "A note.", ""]
    assert {line.count("|") for line in lines[4:]} == {3}


@pytest.mark.parametrize(("value", "words"), [(0.5, "0.50"), (12.34, "12.3"), (1234.5, "1,234")])
def test_figures_have_three_digits(value, words):
    assert figure(value) == words


@pytest.mark.parametrize(("ratio", "words"), [(0.5, "0.50 x"), (1.999, "2.00 x"), (12.34, "12.3 x"), (250.4, "250 x")])
def test_ratios_are_times(ratio, words):
    assert times(ratio) == words


def test_the_report_tells_each_target_met_or_not_and_writes_both_files(tmp_path, capsys):
    report = Report({"processor": "one"})
    report.add(TABLE)
    report.target("fast", "<= 1 us", "2 us", is_met=False)
    report.target("small", "<= 1 MiB", "0 MiB", is_met=True)
    data, text = report.write(tmp_path)
    assert [row[-1] for row in report.targets_table().rows] == ["not met", "met"]
    assert json.loads(data.read_text())["targets"][0]["measured"] == "2 us"
    assert "| fast | <= 1 us | 2 us | not met |" in text.read_text()
    assert "Title" in capsys.readouterr().out
