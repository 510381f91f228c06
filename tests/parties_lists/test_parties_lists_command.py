"""The command `lexloci lists`: shows, takes up, compares, and asks who decides."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from lexloci.parties.importers.file import ListFile


@pytest.fixture
def call(
    store: Path, run_main: Callable[..., tuple[int, str, str]], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[int, str, str]]:
    """Runs the command with a store of its own: exit code, standard output, standard error."""
    monkeypatch.setenv("COLUMNS", "200")  # no cell is wrapped
    return run_main


def test_show_tells_day_age_rows_scripts_licence_and_source_of_every_list(call) -> None:
    code, out, _ = call("lists", "show", "--known-at", "2026-08-31", "--json")
    found = {one["code"]: one for one in json.loads(out)}
    assert code == 0
    assert (found["EL"]["age_days"], found["EL"]["is_stale"], found["EL"]["parties"]) == (31, True, 3420)
    assert found["JP-EUL"]["is_stale"] is False
    assert found["CN-UEL"]["complete"] is False
    assert all(len(one["sha256"]) == 64 and one["licence"] and one["source"] for one in found.values())
    table = call("lists", "show", "--known-at", "2026-08-31")[1]
    assert "31 days, too old" in " ".join(table.split())


def test_show_a_list_tells_what_it_entails_and_each_party_on_a_day(call) -> None:
    out = json.loads(call("lists", "show", "1260H", "--as-of", "2025-10-08", "--json")[1])
    rows = {row["names"][0]: row for row in out["rows"]}
    assert rows["Baidu, Inc."]["listed"] is False
    assert "a letter says" in rows["Baidu, Inc."]["why"]
    assert rows["Tencent Holdings Limited"]["listed"] is True
    later = json.loads(call("lists", "show", "1260H", "--as-of", "2026-07-01", "--json")[1])
    rows = {row["names"][0]: row for row in later["rows"]}
    assert rows["Baidu, Inc."]["listed"] is True
    assert rows["Yangtze Memory Technologies Co. Ltd."]["listed"] == "unknown"
    entails = {one["acts"]: one for one in later["consequences"]}
    direct = entails["procurement by the Department of Defense, direct"]
    assert (direct["since"], direct["export_control"]) == ("2026-06-30", False)
    assert entails["procurement by the Department of Defense, indirect"]["since"] == "2027-06-30"
    assert "not yet" in call("lists", "show", "1260H", "--as-of", "2026-07-01")[1]
    assert call("lists", "show", "XX")[0] == 1


def test_update_takes_a_good_file_up_and_every_answer_names_it(call, write, files) -> None:
    first = files["un"].content.decode()
    code, out, _ = call("lists", "update", write(ListFile("first.xml", first.encode())))
    assert (code, "United Nations" in out) == (0, True)
    entity = "<ENTITY><DATAID>7</DATAID><FIRST_NAME>NEW WORKS</FIRST_NAME></ENTITY></ENTITIES>"
    second = first.replace("</ENTITIES>", entity).replace("2026-02-27", "2026-03-27")
    code, out, _ = call("lists", "update", write(ListFile("second.xml", second.encode())), "--json")
    told = json.loads(out)
    assert (code, told["status"], told["dated"]) == (0, "recorded", "2026-03-27")
    assert [one["name"] for one in told["differences"]["UN"]["added"]] == ["NEW WORKS"]
    code, out, _ = call("lists", "update", write(ListFile("second.xml", second.encode())))
    assert (code, "recorded before" in out) == (0, True)
    shown = json.loads(call("lists", "show", "--json")[1])
    assert next(one for one in shown if one["code"] == "UN")["source"] == "file second.xml"
    differs = json.loads(call("lists", "diff", "2026-02-27", "2026-03-27", "--json")[1])["UN"]
    assert {name: len(value) for name, value in differs.items()} == {"added": 1, "removed": 0, "amended": 0}
    assert "NEW WORKS" in call("lists", "diff", "2026-02-27", "current", "--list", "UN")[1]


def test_a_list_that_shrinks_is_set_aside_until_a_person_accepts_it(call, write, csl) -> None:
    rows = [csl.row(number, "UVL", "Unverified List") for number in range(4)]
    code, out, err = call("lists", "update", write(ListFile("first.json", csl.file(rows))))
    assert (code, out) == (1, "")
    assert "Unverified List: 222 of 222 parties would go (100%)" in err
    assert "the last good list stays in use" in err
    assert "222" in call("lists", "show")[1]
    waiting = json.loads(call("lists", "quarantine", "--json")[1])["waiting"]
    assert "may be accepted" in " ".join(call("lists", "quarantine")[1].split())
    decision = ("--by", "A. Person", "--reason", "a list of my own")
    code, out, err = call("lists", "quarantine", "--accept", waiting[0]["id"], *decision)
    assert (code, "Unverified List" in out) == (0, True)
    assert json.loads(call("lists", "quarantine", "--json")[1])["decisions"][0]["by"] == "A. Person"


def test_update_reads_standard_input(call, csl, monkeypatch: pytest.MonkeyPatch) -> None:
    import io

    content = csl.file([csl.row(1, "ZZZ", "List of Nobody")])
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    code, _, err = call("lists", "update", "-")
    assert code == 1
    assert "Entity List: all of its 3420 rows are missing" in err


def test_a_decision_needs_a_name_and_a_reason(call, write) -> None:
    assert call("lists", "update", write(ListFile("x.json", b'{"results": [')))[0] == 1
    number = json.loads(call("lists", "quarantine", "--json")[1])["waiting"][0]["id"]
    assert call("lists", "quarantine", "--drop", number)[0] == 2
    assert call("lists", "quarantine", "--drop", number, "--accept", number)[0] == 2
    code, _, err = call("lists", "quarantine", "--accept", number, "--by", "A", "--reason", "B")
    assert (code, "nobody can accept it" in err) == (1, True)
    assert call("lists", "quarantine", "--drop", number, "--by", "A", "--reason", "B")[0] == 0
    assert call("lists", "quarantine")[1] == "nothing lies aside\n"


def test_a_reason_may_hold_any_end_of_line_and_no_half_of_a_character(call, write) -> None:
    assert call("lists", "update", write(ListFile("a.txt", b"this is no list")))[0] != 0
    number = json.loads(call("lists", "quarantine", "--json")[1])["waiting"][0]["id"]
    code, _, err = call("lists", "quarantine", "--drop", number, "--by", "A", "--reason", "half \udcff")
    assert code == 1
    assert "half a character" in err
    assert "Traceback" not in err
    assert call("lists", "quarantine", "--drop", number, "--by", "A", "--reason", "one\u2028two\x85three")[0] == 0
    decided = json.loads(call("lists", "quarantine", "--json")[1])
    assert (decided["waiting"], decided["decisions"][0]["reason"]) == ([], "one\u2028two\x85three")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("update", "no-such-file"), "no-such-file cannot be read: No such file or directory"),
        (("update", "."), "cannot be read"),
        (("update", __file__, "--format", "el"), '"el" is no format; give --format one of csl-json, '),
        (("diff", "bundled", "2020-01-01"), "no list of 2020-01-01 is recorded or bundled"),
        (("diff", "bundled", "current", "--list", "XX"), "no list XX"),
        (("quarantine", "--drop", "zz", "--by", "A", "--reason", "B"), 'no file of the id "zz"'),
    ],
)
def test_mistakes_are_told_in_a_line(call, arguments: tuple[str, ...], words: str) -> None:
    code, out, err = call("lists", *arguments)
    assert (code, out) == (1, "")
    assert words in err
    assert err.count("\n") == 1
    assert call("lists", "quarantine")[1] == "nothing lies aside\n"


def test_a_name_in_brackets_is_no_markup_and_a_reversed_one_is_shown(call, write, csl) -> None:
    old = csl.file([csl.row(1)])
    new = csl.file([csl.row(1), csl.row(2, name="[bold]JSC\u202e [/red] X")])
    out = call("lists", "diff", write(ListFile("a.json", old)), write(ListFile("b.json", new)))[1]
    assert "[bold]JSC [/red] X" in out


def test_a_file_that_only_adds_is_compared_without_taking_anybody_off(call, write) -> None:
    text = (Path(__file__).with_name("samples") / "mofcom_2025-13.txt").read_text(encoding="utf-8")
    text = text.replace("（Leidos）", "（Sample New Works Inc.）").replace("莱多斯公司", "新样本公司")
    file = write(ListFile("announcement.txt", text.encode()))
    code, out, err = call("lists", "diff", "bundled", file, "--json")
    told = json.loads(out)["CN-ECL"]
    assert code == 0
    assert [one["name"] for one in told["added"]] == ["Sample New Works Inc."]
    assert told["removed"] == []
    assert err.endswith("announcement.txt holds a part of CN-ECL: who is not in it counts as unchanged\n")
    back = json.loads(call("lists", "diff", file, "bundled", "--json")[1])["CN-ECL"]
    assert back["added"] == []
    assert [one["name"] for one in back["removed"]] == ["Sample New Works Inc."]
