"""``rules compile`` and ``rules version``: one file for a rulebook, and which law it is."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from lexloci.law.compiled import load_compiled
from lexloci.rulebook.book import FOLDER, bundled_rulebook

BOOK = bundled_rulebook()
SAMPLE = Path(__file__).parents[1] / "law" / "rulebook_sample"
REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "output.md"


@pytest.fixture
def compiled(call, tmp_path):
    """The invented rulebook, compiled by the command."""
    file = tmp_path / "sample.json"
    assert call("rules", "compile", SAMPLE, "-o", file).code == 0
    return file


def test_version_says_version_digest_rules_and_age_of_the_rulebook_in_use(call):
    said = call("rules", "version")
    assert said.out.splitlines() == [
        f"rulebook  {BOOK.version}",
        f"digest    {BOOK.digest[:12]}",
        f"rules     {len(BOOK.rules)}",
        f"reviewed  {BOOK.reviewed}, too old {BOOK.limit_days} days later",
    ]
    assert (said.code, said.err) == (0, "")


def test_the_json_holds_the_whole_digest_and_only_what_the_reference_explains(call):
    form = call("rules", "version", "--json").json
    assert form["digest"] == BOOK.digest
    assert (form["rulebook"], form["rule_count"]) == (BOOK.version, len(BOOK.rules))
    assert (form["reviewed"], form["limit_days"]) == (str(BOOK.reviewed), BOOK.limit_days)
    reference = REFERENCE.read_text(encoding="utf-8").partition("## Version of a rulebook")[2].partition("\n## ")[0]
    cells = re.findall(r"^\| (`[^|]*) \|", reference, re.MULTILINE)
    assert {name for cell in cells for name in re.findall(r"`(\w+)`", cell)} == set(form)


def test_the_package_s_rulebook_is_compiled_where_no_folder_is_named(call, tmp_path):
    file = tmp_path / "book.json"
    said = call("rules", "compile", "--output", file, "--json")
    assert (said.code, said.err) == (0, f"wrote {file}\n")
    assert said.json["digest"] == BOOK.digest
    assert load_compiled(file) == BOOK


def test_a_folder_and_what_was_compiled_from_it_are_the_same_law(call, compiled):
    of_file, of_folder = (call("rules", "version", place, "--json") for place in (compiled, SAMPLE))
    assert of_file.json == of_folder.json
    assert of_file.json["digest"] != BOOK.digest


def test_a_compiled_rulebook_is_replaced_by_another(call, compiled):
    assert call("rules", "compile", FOLDER, "-o", compiled).code == 0
    assert load_compiled(compiled) == BOOK


def test_a_file_that_is_something_else_is_never_overwritten(call, tmp_path):
    file = tmp_path / "thesis.json"
    file.write_text("{}")
    said = call("rules", "compile", SAMPLE, "-o", file)
    assert (said.code, said.out) == (1, "")
    assert said.err.strip() == f"{file}: is there already, and is no compiled rulebook; remove it, or name another file"
    assert file.read_text() == "{}"


def test_a_rulebook_that_does_not_compile_leaves_the_file_as_it_was(call, compiled, tmp_path):
    before = compiled.read_bytes()
    folder = tmp_path / "broken"
    shutil.copytree(SAMPLE, folder)
    rule = folder / "aa" / "rules" / "court_case.yaml"
    rule.write_text(rule.read_text(encoding="utf-8").replace("outcome:", "outcom:"), encoding="utf-8")
    said = call("rules", "compile", folder, "-o", compiled)
    assert said.code == 1
    assert "aa/rules/court_case.yaml" in said.err
    assert compiled.read_bytes() == before


def test_writing_leaves_nothing_behind_but_the_file(compiled):
    assert [path.name for path in compiled.parent.iterdir()] == [compiled.name]


@pytest.mark.parametrize("place", ["none/book.json", "."])
def test_a_place_that_cannot_be_written_is_told_in_one_line(call, tmp_path, place):
    said = call("rules", "compile", SAMPLE, "-o", tmp_path / place)
    assert (said.code, said.out, said.err.count("\n")) == (1, "", 1)


def test_a_damaged_file_is_told_in_one_line(call, compiled):
    compiled.write_bytes(compiled.read_bytes()[:-30])
    said = call("rules", "version", compiled)
    assert (said.code, said.out, said.err.count("\n")) == (1, "", 1)
    assert "was cut or changed" in said.err


def test_compile_asks_for_the_file_to_write(call):
    assert call("rules", "compile").code == 2
