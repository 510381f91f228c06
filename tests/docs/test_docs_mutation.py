"""The score of the mutation tests is counted as its record says, and a mutant really stands where it was put."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from mutation_record import KILLED, NO_TESTS, SURVIVED, TIMEOUT, FileScore, record, scores_of, table, whole_score

ROOT = Path(__file__).parents[2]
MODULE = Path("src/mutated_house/door.py")
KEPT = ROOT / "tests" / "law" / "mutation_score.toml"


def test_a_mutant_counts_as_noticed_where_a_test_fails_or_never_ends_and_not_where_none_reaches_it():
    results = {"a.py": [KILLED, KILLED, TIMEOUT, SURVIVED], "b.py": [NO_TESTS]}
    one, other = scores_of(results, {"b.py": 1, "a.py": 4, "empty.py": 0})
    assert one == FileScore("a.py", mutants=4, killed=2, timeout=1, survived=1, no_tests=0)
    assert (one.asked, one.score_percent, other.score_percent) == (4, 75.0, 0.0)


def test_a_score_is_rounded_down():
    assert FileScore("a.py", 3, 2, 0, 1, 0).score_percent == 66.6


def test_the_whole_weighs_each_file_by_its_mutants():
    small, large = FileScore("a.py", 10, 0, 0, 10, 0), FileScore("b.py", 90, 90, 0, 0, 0)
    assert whole_score([small, large]) == (90.0, 0.0)
    sampled = FileScore("b.py", 90, 20, 0, 0, 0)
    assert whole_score([small, sampled])[0] == 90.0


def test_a_sample_has_an_interval_and_a_whole_has_none():
    # 0.5 * 0.5 / 99 of a hundred out of a thousand: 1.96 * sqrt(0.9 * 0.25 / 99) is 9.35 per cent.
    assert whole_score([FileScore("a.py", 1000, 50, 0, 50, 0)]) == (50.0, 9.4)
    assert whole_score([FileScore("a.py", 100, 50, 0, 50, 0)]) == (50.0, 0.0)


def test_the_record_reads_back_as_the_table_says():
    scores = [FileScore("a.py", 4, 2, 1, 1, 0), FileScore("b.py", 1, 0, 0, 0, 1)]
    kept = tomllib.loads(record(scores, {"commit": "abc", "tests": ["tests/law"]}))
    assert (kept["commit"], kept["tests"], kept["score_percent"]) == ("abc", ["tests/law"], 60.0)
    assert [(one["path"], one["killed"], one["no_tests"]) for one in kept["file"]] == [("a.py", 2, 0), ("b.py", 0, 1)]
    assert kept["killed"] + kept["timeout"] + kept["survived"] + kept["no_tests"] == kept["mutants"] == 5
    assert table(scores).splitlines()[-1] == "whole: 60.0 %"


def test_the_score_that_is_kept_is_ninety_per_cent_or_more_and_names_its_commit():
    kept = tomllib.loads(KEPT.read_text(encoding="utf-8"))
    assert kept["score_percent"] >= 90.0
    assert len(kept["commit"].split()[0]) == 40
    assert kept["asked"] == kept["killed"] + kept["timeout"] + kept["survived"] + kept["no_tests"]


@pytest.fixture
def house(tmp_path, monkeypatch):
    """A package of one module, of which mutants are made."""
    pytest.importorskip("mutmut", reason="the mutants need the extra: pip install 'lexloci[mutate]'")
    package = tmp_path / "src" / "mutated_house"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "door.py").write_text(
        "class Door:\n"
        "    @property\n"
        "    def is_wide(self):\n"
        "        return self.width() > 5\n\n"
        "    def width(self, least=3):\n"
        "        return least + 1\n\n\n"
        "class Gate(Door):\n"
        "    def width(self):\n"
        "        return super().width(least=7)\n"
    )
    monkeypatch.syspath_prepend(tmp_path / "src")
    return tmp_path


def test_each_mutant_changes_one_function_where_it_stands(house):
    from mutated_house.door import Door, Gate

    from mutants import mutants_of, put_in

    found = {(one.function, one.before, one.after): one for one in mutants_of(house / MODULE, house)}
    door, gate = Door(), Gate()
    assert (door.width(), door.is_wide, gate.width()) == (4, False, 8)
    put_in(found["Door.width", "least + 1", "least - 1"])
    assert (door.width(), gate.width()) == (2, 6)
    put_in(found["Door.width", "3", "4"])
    assert (door.width(), gate.width()) == (5, 8)
    put_in(found["Door.is_wide", "> 5", ">= 5"])
    assert door.is_wide
    put_in(found["Gate.width", "7", "8"])
    assert gate.width() == 9
