"""``lexloci rules chips`` and ``rules atlas``: the classes of the chips, and the whole question."""

from __future__ import annotations

import csv
import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from lexloci.cli import rule_atlas
from lexloci.model.outcome import Outcome
from lexloci.report.svg_atlas import PANELS
from lexloci.rulebook.book import bundled_rulebook

TOP = Path(__file__).resolve().parents[2]
OUTPUT = (TOP / "docs" / "reference" / "output.md").read_text(encoding="utf-8")
ATLAS = ("rules", "atlas", "--basis", "enforcement")
SVG = "{http://www.w3.org/2000/svg}"


def documented(title):
    section = OUTPUT.partition(f"\n## {title}\n")[2].partition("\n## ")[0]
    return {
        name for cell in re.findall(r"^\| (`[^|]*) \|", section, re.MULTILINE) for name in re.findall(r"`(\w+)`", cell)
    }


def names_in(form):
    if isinstance(form, dict):
        counted = {"counts", "sources"}
        return set(form) | {name for key, value in form.items() if key not in counted for name in names_in(value)}
    return {name for one in form for name in names_in(one)} if isinstance(form, list) else set()


def left_by(folder):
    return sorted(path.name for path in folder.iterdir())


def test_chips_without_a_day_are_classed_on_the_day_of_the_newest_source(call):
    form = call("rules", "chips", "--json").json
    assert form["as_of"] == bundled_rulebook().reviewed.isoformat()
    assert len(form["chips"]) == 99
    (h100,) = [one for one in form["chips"] if one["id"] == "h100-sxm"]
    assert (h100["class"], h100["possible"], h100["open_facts"]) == ("3A090.a", ["3A090.a"], [])
    assert "2026-11" in h100["sources"]["for_data_centres"]


def test_the_table_of_chips_says_what_is_open_and_what_note_2_does(call):
    said = call("rules", "chips", "--as-of", "2024-06-01")
    assert said.code == 0
    assert "47 3A090.a, 4 3A090.b, 8 not 3A090, 40 human review" in said.out
    (tpu,) = [line for line in said.out.splitlines() if "tpu-v3" in line]
    assert "3A090.a or 3A090.b or not 3A090: ask density" in tpu
    assert "General Prohibition 10" not in said.out
    assert "General Prohibition 10" in call("rules", "chips", "--as-of", "2025-05-13").out


def test_every_field_of_the_chips_and_of_the_atlas_is_in_the_reference_and_no_other(call):
    assert names_in(call("rules", "chips", "--json").json) == documented("Classes of the chips")
    assert names_in(call(*ATLAS, "--json").json) == documented("Atlas")


def test_the_atlas_asks_for_a_layer_of_the_law(call):
    said = call("rules", "atlas")
    assert said.code == 2
    assert "--basis" in said.err


def test_the_atlas_says_what_it_takes_as_stated_and_counts_every_outcome(call):
    said = call(*ATLAS)
    assert said.code == 0
    assert "taken as stated:" in said.out
    assert "none is trained" in said.out
    assert all(outcome.value in said.out for outcome in Outcome)
    assert "combinations" in said.out


def test_table_json_and_picture_tell_the_same(call, tmp_path):
    table, same, picture = tmp_path / "a.csv", tmp_path / "a.json", tmp_path / "a.svg"
    said = call(*ATLAS, "-o", table, "--svg", picture, "--json")
    assert call(*ATLAS, "-o", same).code == 0
    assert json.loads(same.read_text(encoding="utf-8")) == said.json
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    written = [
        (box["chips"], box["sites"], box["headquarters"], one["since"], one["until"], one["outcome"])
        for box in said.json["boxes"]
        for one in box["intervals"]
    ]
    assert written == [
        (
            row["chips"].split(),
            row["sites"].split(),
            row["headquarters"].split(),
            row["since"],
            row["until"],
            row["outcome"],
        )
        for row in rows
    ]
    assert {row["basis"] for row in rows} == {"enforcement"}
    assert left_by(tmp_path) == ["a.csv", "a.json", "a.svg"]


def test_the_picture_has_a_panel_a_title_and_words_for_everything_it_shows(call, tmp_path):
    first, second = tmp_path / "a.svg", tmp_path / "b.svg"
    call(*ATLAS, "--svg", first)
    call(*ATLAS, "--svg", second)
    assert first.read_bytes() == second.read_bytes()
    root = ET.fromstring(first.read_text(encoding="utf-8"))
    assert root.get("role") == "img"
    assert root.find(f"{SVG}title").text
    panels = [one for one in root.iter(f"{SVG}g") if one.get("class") == "panel"]
    assert len(panels) == len(PANELS)
    rows = [one for one in root.iter(f"{SVG}g") if one.get("class") == "row"]
    description = root.find(f"{SVG}desc").text
    for row in rows:
        words = row.find(f"{SVG}title").text
        assert words in description
        assert words.count(" until ") == len(list(row.iter(f"{SVG}rect")))
    named = " ".join(row.find(f"{SVG}title").text for row in rows[:20])
    assert "h200-sxm" in named
    legend = next(one for one in root.iter(f"{SVG}g") if one.get("class") == "head")
    shown = {text.text for text in legend.iter(f"{SVG}text")}
    assert {outcome.value for outcome in Outcome} <= shown


@pytest.mark.parametrize("stop", [KeyboardInterrupt, OSError(28, "No space left on device")])
def test_a_stop_leaves_the_old_table_and_nothing_half_written(call, monkeypatch, tmp_path, stop):
    table = tmp_path / "a.csv"
    table.write_text("old\n", encoding="utf-8")

    def stopped(_):
        yield ("x",) * 9
        raise stop

    monkeypatch.setattr(rule_atlas, "atlas_rows", stopped)
    said = call(*ATLAS, "-o", table)
    assert said.code == (130 if stop is KeyboardInterrupt else 1)
    assert said.err.endswith("stopped\n") is (stop is KeyboardInterrupt)
    assert table.read_text(encoding="utf-8") == "old\n"
    assert left_by(tmp_path) == ["a.csv"]
    assert "Traceback" not in said.err


@pytest.mark.parametrize(
    ("name", "why"), [("a.txt", "name a file that ends with .csv or .json"), ("none/a.csv", "cannot be written")]
)
def test_a_file_that_cannot_be_written_is_told_in_a_line(call, tmp_path, name, why):
    said = call(*ATLAS, "-o", tmp_path / name)
    assert said.code == 1
    assert why in said.err
    assert left_by(tmp_path) == []


def test_messages_go_to_standard_error(call, tmp_path):
    said = call(*ATLAS, "-o", tmp_path / "a.csv", "--json")
    assert "wrote" in said.err
    assert json.loads(said.out)
