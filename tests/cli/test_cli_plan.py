"""``plan`` and ``compare``: answers, exit codes, the report and its file."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from lexloci.case import template

TOP = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def documented():
    """The field names of the reference of the output, by section."""
    text = (TOP / "docs/reference/output.md").read_text(encoding="utf-8")
    sections = re.split(r"^#+ (.*)$", text, flags=re.MULTILINE)
    parts = zip(sections[1::2], sections[2::2], strict=True)
    names = {title: set(re.findall(r"`(\w+)`", body)) for title, body in parts}
    rows = re.findall(r"^\| ((?:`\w+`(?:, )?)+) \|", "".join(sections[2::2]), re.MULTILINE)
    return names, {name for row in rows for name in re.findall(r"\w+", row)}


# Fields whose keys are no fields: the names of conventions.
BY_NAME = {"shares_of_peak"}


def keys_of(value):
    """Every field in a JSON value, at any depth."""
    if isinstance(value, dict):
        return set(value).union(*(keys_of(list(one.values()) if key in BY_NAME else one) for key, one in value.items()))
    return set().union(*(keys_of(one) for one in value)) if isinstance(value, list) else set()


def test_a_plan_with_a_place_for_all_ends_with_0(call, records):
    said = call("plan", records[1])
    assert (said.code, said.err) == (0, "")
    for words in ("tune", "johor-h100 × ", "◉ with duties", "gap 0 (optimal)", "basis enforcement", "not legal advice"):
        assert words in said.out


def test_a_plan_that_leaves_work_without_a_place_ends_with_3_and_says_why(call, records):
    said = call("plan", records[0])
    assert said.code == 3
    for words in ("Without a place", "tune: no pool is lawful", "? human review"):
        assert words in said.out


def test_the_json_of_a_plan_has_the_documented_fields(call, records, documented):
    sections, names = documented
    plan = call("plan", records[1], "--json").json
    assert set(plan) <= sections["Plan"]
    assert {"placements", "unplaced", "objective", "bound", "gap", "cost_usd", "solver_status", "sources"} <= set(plan)
    assert keys_of(plan) <= names
    (placement,) = plan["placements"]
    assert (placement["workload"], placement["pool"], placement["outcome"]) == (
        "tune",
        "johor-h100",
        "permitted with duties",
    )


def test_the_json_of_an_answer_has_the_documented_fields(call, records, documented):
    _, names = documented
    assert keys_of(call("determine", records[0], "--json").json) <= names


def test_the_json_of_a_comparison_has_the_documented_fields(call, records, documented):
    sections, names = documented
    comparison = call("compare", records[1], "2025-11-15", "2025-12-01", "--json").json
    assert set(comparison) <= sections["Comparison"]
    assert keys_of(comparison) <= names
    (change,) = comparison["outcome_changes"]
    assert (change["before"], change["after"]) == ("human review", "permitted with duties")
    (move,) = comparison["moves"]
    assert (move["before"], move["after"]) == (None, "johor-h100")


def test_a_comparison_tells_what_changed_and_ends_with_0(call, records):
    said = call("compare", records[1], "2025-11-15", "2025-12-01")
    assert said.code == 0
    for words in (
        "as of 2025-11-15 → as of 2025-12-01",
        "Answers that changed",
        "Work that moved",
        "tune: no place, —",
    ):
        assert words in said.out


def test_two_days_alike_say_that_nothing_moved(call, records):
    assert "nothing moved" in call("compare", records[1], "2025-12-01", "2025-12-01").out


def test_a_plan_is_read_from_standard_input(call, records):
    said = call("plan", "-", "--json", stdin=records[1].read_text(encoding="utf-8"))
    assert (said.code, len(said.json["placements"])) == (0, 1)


def test_what_init_writes_is_checked_without_mistakes_and_planned(call, tmp_path):
    first = call("init")
    assert (first.code, first.out) == (0, template())
    file = tmp_path / "first.yaml"
    file.write_text(first.out, encoding="utf-8")
    checked = call("check", file)
    assert (checked.code, checked.out, checked.err) == (0, f"{file}: no mistakes\n", "")
    planned = call("plan", file, "--json")
    assert planned.code in (0, 3)
    assert planned.code == (3 if planned.json["unplaced"] else 0)


def test_init_writes_a_file_once_and_never_over_another(call, tmp_path):
    file = tmp_path / "first.yaml"
    first = call("init", file)
    assert (first.code, first.out, file.read_text(encoding="utf-8")) == (0, "", template())
    file.write_text("mine", encoding="utf-8")
    second = call("init", file)
    assert (second.code, second.out) == (1, "")
    assert second.err.startswith(f"{file}: exists already")
    assert file.read_text(encoding="utf-8") == "mine"


def test_the_report_is_written_whole_and_told_on_standard_error(call, records, tmp_path):
    report = tmp_path / "deep" / "report.html"
    said = call("plan", records[1], "--json", "--report", report)
    assert (said.code, said.err) == (0, f"report: {report}\n")
    assert [one.name for one in report.parent.iterdir()] == ["report.html"]
    assert report.read_text(encoding="utf-8").rstrip().endswith("</html>")
    assert said.json["placements"]


def test_a_report_that_cannot_be_written_leaves_nothing_behind(call, records, tmp_path):
    (tmp_path / "report.html").mkdir()
    (tmp_path / "file").touch()
    for path in (tmp_path / "report.html", tmp_path / "file" / "report.html"):
        said = call("plan", records[1], "--report", path)
        assert said.code == 1
        assert said.err.startswith(f"{path}: the report cannot be written: ")
        assert len(said.err.splitlines()) == 1
    assert sorted(one.name for one in tmp_path.iterdir()) == ["file", "report.html"]


def test_a_horizon_before_the_day_of_the_plan_is_an_error(call, records):
    said = call("plan", records[1], "--as-of", "2030-01-01")
    assert (said.code, said.out) == (1, "")
    assert "horizon_until 2026-06-01 is not after as_of 2030-01-01" in said.err


@pytest.mark.parametrize("columns", ["80", "120"])
def test_output_keeps_to_the_width_that_the_environment_names(call, records, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", columns)
    plans = call("plan", records[1]).out.splitlines()[:-1]
    for lines in (plans, *(call("determine", file).out.splitlines() for file in records)):
        assert lines
        assert max(len(line) for line in lines) <= int(columns)
        assert not any("…" in line for line in lines)
