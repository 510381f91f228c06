"""The commands screen and decide, as a user meets them."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from lexloci.cli.asking import Asking
from lexloci.cli.main import app
from lexloci.cli.screen import SHOWN, _is_clear
from lexloci.model.errors import LexlociError
from lexloci.parties.decisions import Decisions, decision_on
from lexloci.parties.findings import Finding, Question
from lexloci.parties.lists import current_lists, listed_parties

DECIDE = ("--reason", "no relation", "--by", "A. Officer", "--on", "2026-11-29")


def run(*arguments: str, given: str | None = None) -> Result:
    """The command with arguments and standard input."""
    return CliRunner().invoke(app, list(arguments), input=given, env={"COLUMNS": "200"})


def test_a_listed_name_exits_3_and_tells_why_word_by_word() -> None:
    answer = run("screen", "北京智谱华章科技有限公司")
    assert answer.exit_code == 3
    assert "zhipu = zhipu (same)" in answer.stdout
    assert "of 1" in answer.stderr
    assert "ordinary companies" in answer.stderr


def test_an_ordinary_name_exits_0() -> None:
    assert run("screen", "Meta Platforms, Inc.", "--country", "US").exit_code == 0


def test_json_has_lists_words_and_standing_on_the_day() -> None:
    answer = json.loads(run("screen", "Sophgo Technologies Ltd.", "--json", "--list", "EL").stdout)
    first = answer["candidates"][0]
    assert first["list"] == "EL"
    assert first["listed"] == "listed"
    assert {"asked": "sophgo", "listed": "sophgo", "how": "same"} in first["words"]
    assert 0 < first["probability"] < 1
    assert not answer["is_clear"]
    before = json.loads(
        run("screen", "Sophgo Technologies Ltd.", "--json", "--list", "EL", "--as-of", "2020-01-01").stdout
    )
    assert before["candidates"][0]["listed"] == "not listed"


def test_a_file_streams_out_row_by_row(tmp_path: Path) -> None:
    file = tmp_path / "parties.csv"
    file.write_text(
        "id,name,country\na,Sophgo Technologies,CN\nb,Meta Platforms,US\nc,,\nd,\0\x01,\n", encoding="utf-8"
    )
    answer = run("screen", str(file))
    assert answer.exit_code == 3
    rows = list(csv.DictReader(io.StringIO(answer.stdout)))
    assert {row["id"] for row in rows} == {"a"}
    assert rows[0]["list"] == "EL"
    assert "of 2 rows nobody knows whether they are clear: no name of it can be read" in answer.stderr
    assert answer.stderr.splitlines()[0].endswith(": c, d")
    assert run("screen", "-", given="name\nMeta Platforms\n").exit_code == 0


def test_json_of_a_file_has_a_line_for_each_party() -> None:
    answer = run("screen", "-", "--json", given="name,aliases\nNobody Such,Sugon|YMTC\nMeta Platforms,\n")
    lines = [json.loads(line) for line in answer.stdout.splitlines()]
    assert [line["is_clear"] for line in lines] == [False, True]


def test_a_party_without_a_name_is_not_clear() -> None:
    assert run("screen", "-", given="name\nMeta Platforms\n \n").exit_code == 3
    assert run("screen", "\u200b").exit_code == 3
    assert run("screen", "\U00012000\U00012001").exit_code == 3  # cuneiform, which nothing here reads
    line = run("screen", "-", "--json", given="name\n''\n").stdout
    assert json.loads(line)["is_clear"] is False


@pytest.mark.parametrize(
    ("arguments", "given", "says"),
    [
        (("screen", "-"), "title\nx\n", "no column name"),
        (("screen", "-"), "", "no column name; the table is empty"),
        (("screen", "-"), "title\n", "no column name; there are title"),
        (("screen", "-"), "name,name\nSugon,Meta Platforms\n", "two columns name"),
        (("screen", "-"), 'name\n"Meta Platforms\nSugon\n', "not CSV (unexpected end of data)"),
        (("screen", "missing.csv"), None, "missing.csv"),
        (("screen", "Sugon", "--list", "XX"), None, "XX"),
        (("screen", "A" * 5000), None, "letters"),
        (("screen", "-"), "name\n" + "A" * 5000 + "\n", "letters"),
    ],
)
def test_bad_input_is_one_line(arguments: tuple[str, ...], given: str | None, says: str) -> None:
    answer = run(*arguments, given=given)
    assert isinstance(answer.exception, LexlociError)
    assert says in str(answer.exception)
    assert "\n" not in str(answer.exception)


def test_a_wrong_encoding_is_one_line(tmp_path: Path) -> None:
    file = tmp_path / "parties.csv"
    file.write_bytes("name\n浪潮\n".encode("utf-16"))
    answer = run("screen", str(file))
    assert isinstance(answer.exception, LexlociError)
    assert "UTF-8" in str(answer.exception)


def test_a_decision_of_no_match_clears_and_a_change_of_the_party_brings_it_back(tmp_path: Path) -> None:
    file = str(tmp_path / "decisions.jsonl")
    asked = ("screen", "Sophgo Technologies", "--list", "EL", "--decisions", file)
    first = run(*asked, "--json")
    assert first.exit_code == 3
    for entry in {one["entry"] for one in json.loads(first.stdout)["candidates"] if one["probability"] >= 0.5}:
        done = run("decide", "Sophgo Technologies", f"EL:{entry}", "no-match", "--decisions", file, *DECIDE)
        assert done.exit_code == 0, done.exception
    assert run(*asked).exit_code == 0
    assert "no match, by A. Officer" in run(*asked, "--json").stdout
    assert run(*asked, "--country", "CN").exit_code == 3


def test_a_match_on_record_exits_3_below_the_threshold(tmp_path: Path) -> None:
    file = str(tmp_path / "decisions.jsonl")
    assert run("decide", "Sugon Office", "EL:Sugon", "match", "--decisions", file, *DECIDE).exit_code == 0
    assert run("screen", "Sugon Office", "--threshold", "1", "--decisions", file).exit_code == 3


def test_a_match_on_record_counts_in_a_file_too(tmp_path: Path) -> None:
    file = str(tmp_path / "decisions.jsonl")
    assert run("screen", "-", "--threshold", "1", given="name\nSugon Office\n").exit_code == 0
    assert run("decide", "Sugon Office", "EL:Sugon", "match", "--decisions", file, *DECIDE).exit_code == 0
    answer = run("screen", "-", "--threshold", "1", "--decisions", file, given="name\nSugon Office\n")
    assert answer.exit_code == 3
    (row,) = csv.DictReader(io.StringIO(answer.stdout))
    assert (row["entry"], row["decision"][:5]) == ("Sugon", "match")


def test_a_match_on_record_that_no_name_tells_is_not_clear(tmp_path: Path) -> None:
    file = str(tmp_path / "decisions.jsonl")
    assert run("screen", "Quiet Bakery").exit_code == 0
    assert run("decide", "Quiet Bakery", "EL:Sugon", "match", "--decisions", file, *DECIDE).exit_code == 0
    assert run("screen", "Quiet Bakery", "--decisions", file).exit_code == 3
    assert run("screen", "Quiet Bakery", "--list", "SDN", "--decisions", file).exit_code == 0
    answer = run("screen", "-", "--decisions", file, given="name\nQuiet Bakery\nMeta Platforms\n")
    assert answer.exit_code == 3
    (row,) = csv.DictReader(io.StringIO(answer.stdout))
    assert (row["entry"], row["why_not_certain"][:17]) == ("Sugon", "a match on record")


def test_who_is_left_undecided_beyond_those_shown_is_not_clear_and_comes_first() -> None:
    question = Question("Some Name")
    entries = [party for party in listed_parties() if party.list_code == "EL"][: SHOWN + 2]
    decided = [
        decision_on(question, one, is_match=False, reason="r", by="b", on=date(2026, 8, 1)) for one in entries[:-1]
    ]
    how = Asking(date(2026, 8, 1), date(2026, 8, 1), 0.5, frozenset(), Decisions(decided), current_lists())
    found = how.found(question, [Finding(one, 0.9, "Some Name", one.name, (), ()) for one in entries])
    assert not _is_clear(question, found, how)
    assert found[0].finding.entry is entries[-1]


def test_an_entry_that_is_not_there_is_refused_and_nothing_written(tmp_path: Path) -> None:
    file = tmp_path / "decisions.jsonl"
    answer = run("decide", "X", "EL:Sugonn", "match", "--decisions", str(file), *DECIDE)
    assert "did you mean EL:Sugon" in str(answer.exception)
    assert not file.exists()


@pytest.mark.parametrize("form", [(), ("--json",)])
def test_a_file_on_several_cores_prints_what_it_prints_on_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: tuple[str, ...]
) -> None:
    monkeypatch.setattr("lexloci.cli.screen.BATCH", 4)
    file = tmp_path / "parties.csv"
    names = ["Sugon", "Meta Platforms", "", "浪潮集团", "Moore Thraeds", "Huawei Cloud Malaysia", "Quiet Bakery"] * 6
    file.write_text("name\n" + "\n".join(f'"{name}"' for name in names) + "\n", encoding="utf-8")
    answers = []
    for cores in (1, 2):
        monkeypatch.setattr("lexloci.parties.in_order.cores", lambda cores=cores: cores)
        answers.append(run("screen", str(file), *form))
    one, two = answers
    assert (one.stdout, one.stderr, one.exit_code) == (two.stdout, two.stderr, two.exit_code)
    assert one.exit_code == 3


@pytest.mark.parametrize("name", ["Sugon [/]", "[red]Sugon", "Sugon\x1b[31m", "Su\u202egon"])
def test_a_name_that_reads_as_markup_is_shown_as_it_is(name: str) -> None:
    answer = run("screen", name)
    assert answer.exit_code in (0, 3), answer.exception
    assert "\x1b" not in answer.stdout
    assert "\u202e" not in answer.stdout


@pytest.mark.parametrize(
    ("names", "why"),
    [
        (("هواوي",), "Arab"),
        (("ファーウェイ",), "Kana"),
        (("화웨이 테크놀로지",), "Hang"),
        (("หัวเว่ย",), "Thai"),
        (("\u13bbUAWEI",), "Cherokee"),
        (("화웨이 Co., Ltd.",), "Hang"),
        (("🦊🦊",), "none holds a letter"),
        (("360",), "none holds a letter"),
        (("",), "none holds a letter"),
        (("هواوي", "Quiet Bakery"), ""),
        (("Тихая пекарня",), ""),
        (("浪花面包店",), ""),
        (("Quirrel トヨタ",), ""),
        (("Café Noël ™", ), ""),
    ],
)  # fmt: skip
def test_of_a_name_in_letters_that_are_not_read_well_nobody_knows_that_it_is_clear(
    names: tuple[str, ...], why: str
) -> None:
    answer = run("screen", names[0], *(f"--alias={name}" for name in names[1:]), "--json")
    assert why in json.loads(answer.stdout)["why_unknown"]
    assert answer.exit_code == (3 if why else 0)
    assert ("nobody knows whether it is clear" in answer.stderr) == bool(why)


def test_what_the_law_holds_possible_by_rule_is_told_beside() -> None:
    answer = json.loads(run("screen", "Yangtze Memory", "--json").stdout)
    assert {"EL", "1260H"} <= {one["list"] for one in answer["possible_by_rule"]}
    assert "possible to determine and plan, by rule: EL:Yangtze Memory" in run("screen", "Yangtze Memory").stdout
    assert json.loads(run("screen", "Yangtze Memory", "--list", "SDN", "--json").stdout)["possible_by_rule"] == []


def test_options_of_a_name_are_refused_beside_a_file(tmp_path: Path) -> None:
    file = tmp_path / "parties.csv"
    file.write_text("name\nQuiet Bakery\n", encoding="utf-8")
    assert run("screen", str(file), "--alias", "Sugon").exit_code == 2
    assert run("screen", "Sugon", "--country", "China").exit_code == 2


@pytest.mark.parametrize("name", ["partys.tsv", "parties.xlsx", "./no/parties.txt"])
def test_a_file_that_is_not_there_is_no_name(name: str) -> None:
    answer = run("screen", name)
    assert isinstance(answer.exception, LexlociError)
    assert "No such file" in str(answer.exception)


def test_initials_are_not_told_to_be_the_same_name() -> None:
    (first, *_) = json.loads(run("screen", "TMP", "--list", "SDN", "--json").stdout)["candidates"]
    assert first["why_not_certain"][0] == "initials alone: tmp"
