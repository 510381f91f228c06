"""What a person decided holds until the party or the entry changes; a match forgotten so makes no party clear."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from lexloci.cli.asking import Asking
from lexloci.cli.main import app
from lexloci.cli.screen import _entry_of, _is_clear
from lexloci.model.errors import LexlociError
from lexloci.parties.decisions import (
    Decision,
    Decisions,
    Record,
    append_decision,
    decision_on,
    entry_id,
    read_decisions,
)
from lexloci.parties.events import EventKind, ListEvent
from lexloci.parties.findings import Finding, Question
from lexloci.parties.folding import ScreeningError
from lexloci.parties.listing import ListedParty, ListSet
from lexloci.parties.lists import PartyList, listed_parties

DAY = date(2026, 11, 29)
DECIDE = ("--reason", "seen", "--by", "A. Officer", "--on", "2026-11-29")
ONE = ListedParty("EL", ("Twin Gulls Ltd.",), "Entity", ("MY",))
OTHER = ListedParty("EL", ("Twin Gulls Ltd.",), "Entity", ("CN",))
ASKED = Question("Quiet Bakery", country="PT")


def run(*arguments: str, given: str | None = None) -> Result:
    """The command with arguments and standard input."""
    return CliRunner().invoke(app, list(arguments), input=given, env={"COLUMNS": "200"})


def decided(entry: ListedParty, question: Question = ASKED, *, is_match: bool = True) -> Decision:
    """A decision on a party and an entry."""
    return decision_on(question, entry, is_match=is_match, reason="seen", by="A. Officer", on=DAY)


def asking(decisions: list[Decision], *rows: ListedParty) -> Asking:
    """A screening against some rows with decisions on record."""
    lists = ListSet((PartyList("EL", "Entity List", DAY, 30, True, len(rows), "", ""),), rows)
    return Asking(DAY, DAY, 0.5, frozenset(), Decisions(decisions), lists)


@pytest.mark.parametrize(
    ("question", "row"),
    [
        (ASKED, ONE),
        (replace(ASKED, country="ES"), ONE),
        (replace(ASKED, aliases=("The Bakery",)), ONE),
        (ASKED, replace(ONE, names=("Twin Gulls Ltd.", "Gulls"))),
        (ASKED, replace(ONE, remarks="also in Penang")),
        (ASKED, ListedParty("EL", ("Renamed Gulls Ltd.",), "Entity", ("MY",))),
    ],
)
def test_a_match_is_not_clear_after_a_change_of_the_party_or_the_entry(question: Question, row: ListedParty) -> None:
    how = asking([decided(ONE)], row)
    assert not _is_clear(question, how.found(question, ()), how)


def test_a_match_that_a_change_ended_is_settled_by_the_next_decision() -> None:
    moved = replace(ASKED, country="ES")
    how = asking([decided(ONE), decided(ONE, moved, is_match=False)], ONE)
    assert _is_clear(moved, how.found(moved, ()), how)
    assert not _is_clear(ASKED, how.found(ASKED, ()), how)


def test_a_match_with_an_entry_that_left_the_list_under_its_name_is_told_and_can_be_decided_again(
    tmp_path: Path,
) -> None:
    file = tmp_path / "decisions.jsonl"
    append_decision(file, decided(ListedParty("EL", ("No Such Gull Ltd.",)), Question("Quiet Bakery")))
    answer = run("screen", "Quiet Bakery", "--decisions", str(file))
    assert answer.exit_code == 3
    assert "EL:No Such Gull Ltd., which the list in use does not have; decide again" in answer.stderr
    again = run("decide", "Quiet Bakery", "EL:No Such Gull Ltd.", "no-match", "--decisions", str(file), *DECIDE)
    assert again.exit_code == 0
    assert run("screen", "Quiet Bakery", "--decisions", str(file)).exit_code == 0


def test_a_decision_on_one_of_two_entries_of_a_name_says_nothing_of_the_other() -> None:
    record = Record(Decisions([decided(ONE, is_match=False)]), (ONE, OTHER))
    assert record.outdated(ASKED, OTHER) is None
    assert record.outdated(replace(ASKED, country="ES"), OTHER) is None
    assert record.outdated(replace(ASKED, country="ES"), ONE) is not None


def test_a_match_on_record_is_shown_first_and_what_is_no_match_last() -> None:
    """More findings than are shown would hide why a party is not clear."""
    rows = [replace(ONE, names=(f"Gull {number} Ltd.",)) for number in range(12)]
    likely = [Finding(row, 0.9, ASKED.name, row.name, (), ()) for row in rows]
    how = asking([decided(OTHER), decided(rows[0], is_match=False)], OTHER, *rows)
    found = [one.finding.entry for one in how.found(ASKED, likely)]
    assert found == [OTHER, *rows[1:], rows[0]]
    changed = replace(ASKED, aliases=("The Bakery",))
    assert how.found(changed, likely)[0].finding.entry == OTHER


def test_entries_of_one_name_are_told_apart_by_what_the_list_says_of_them(tmp_path: Path) -> None:
    file = str(tmp_path / "decisions.jsonl")
    refused = run("decide", "Quiet Bakery", "SDN:KIM, Yong Chol", "no-match", "--decisions", file, *DECIDE)
    told = re.findall(r"SDN:#\w{12} \((.*?)\)(?:,|$)", str(refused.exception))
    rows = {entry_id(row) for row in listed_parties() if (row.list_code, row.name) == ("SDN", "KIM, Yong Chol")}
    assert len(rows) > 1
    assert len(set(told)) == len(rows)


def test_of_two_entries_of_a_name_the_one_that_was_rewritten_is_told() -> None:
    gone = ListEvent(EventKind.REMOVED, DAY, DAY)
    before = replace(ONE, events=(gone,))
    lists = ListSet((PartyList("EL", "Entity List", DAY, 30, True, 1, "", ""),), (OTHER,), (before,))
    with pytest.raises(ScreeningError) as told:
        _entry_of("EL", ONE.name, lists)
    assert f"EL:{entry_id(before)} (Twin Gulls Ltd.; Entity; MY; taken off the list, or rewritten)" in str(told.value)
    assert f"EL:{entry_id(OTHER)} (Twin Gulls Ltd.; Entity; CN)" in str(told.value)


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ("EL", "EL: names no entry; write LIST:ENTRY, such as EL:Sugon"),
        ("EL: ", "names no entry; write LIST:ENTRY"),
        ("EL:Sugn", 'no entry of EL bears the name "Sugn"; did you mean EL:Sugon?'),
        ("EL:#", 'no entry of EL bears the name "#"; `lexloci lists show EL` shows its entries'),
    ],
)
def test_an_entry_that_is_none_is_told_with_the_mend(tmp_path: Path, entry: str, words: str) -> None:
    file = tmp_path / "decisions.jsonl"
    answer = run("decide", "Quiet Bakery", entry, "match", "--decisions", str(file), *DECIDE)
    assert words in str(answer.exception)
    assert not file.exists()


def test_one_of_two_entries_of_a_name_is_decided_by_its_id(tmp_path: Path) -> None:
    file = str(tmp_path / "decisions.jsonl")
    name = "SEMICONDUCTOR SYSTEMS INTL., INC."
    rows = [row for row in listed_parties() if row.list_code == "DPL" and name in row.names]
    assert len(rows) == 2
    refused = run("decide", name, f"DPL:{name}", "no-match", "--decisions", file, *DECIDE)
    assert isinstance(refused.exception, LexlociError)
    assert all(f"DPL:{entry_id(row)}" in str(refused.exception) for row in rows)
    for row in rows[:1]:
        assert run("decide", name, f"DPL:{entry_id(row)}", "no-match", "--decisions", file, *DECIDE).exit_code == 0
    told = json.loads(run("screen", name, "--list", "DPL", "--decisions", file, "--json").stdout)["candidates"]
    assert {one["entry_id"]: one["decision"][:8] for one in told if one["entry_id"] in map(entry_id, rows)} == {
        entry_id(rows[0]): "no match",
        entry_id(rows[1]): "",
    }


def test_a_file_without_a_last_end_of_line_is_appended_to_and_not_broken(tmp_path: Path) -> None:
    file = tmp_path / "decisions.jsonl"
    append_decision(file, decided(ONE))
    file.write_bytes(file.read_bytes().rstrip(b"\n"))
    append_decision(file, decided(OTHER))
    assert len(read_decisions(file).of(ASKED)) == 2


@pytest.mark.parametrize("odd", ["\u2028", "\x85", "\x0c", "\r\n", "\x1e", '"', "\u202e"])
def test_a_reason_may_hold_any_end_of_line(tmp_path: Path, odd: str) -> None:
    file = tmp_path / "decisions.jsonl"
    append_decision(file, replace(decided(ONE), reason=f"seen{odd}twice"))
    (kept,) = read_decisions(file).of(ASKED)
    assert kept.reason == f"seen{odd}twice"


def test_a_file_that_an_editor_marked_is_read(tmp_path: Path) -> None:
    file = tmp_path / "decisions.jsonl"
    append_decision(file, decided(ONE))
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    assert len(read_decisions(file).of(ASKED)) == 1


@pytest.mark.parametrize(
    "change", [{"is_match": None}, {"is_match": 0}, {"is_match": "no"}, {"party": 1}, {"entry_hash": None}, {"more": 1}]
)
def test_a_decision_of_another_form_is_refused_and_never_read_as_no_match(
    tmp_path: Path, change: dict[str, object]
) -> None:
    file = tmp_path / "decisions.jsonl"
    append_decision(file, decided(ONE))
    file.write_text(json.dumps(json.loads(file.read_text(encoding="utf-8")) | change) + "\n", encoding="utf-8")
    with pytest.raises(ScreeningError, match=r"decisions\.jsonl:1: this line is no decision"):
        read_decisions(file)


def test_half_a_character_is_refused_and_nothing_written(tmp_path: Path) -> None:
    file = tmp_path / "decisions.jsonl"
    answer = run("decide", "Sug\udcffon", "EL:Sugon", "match", "--decisions", str(file), *DECIDE)
    assert isinstance(answer.exception, ScreeningError)
    assert not file.exists()


def test_a_file_of_decisions_that_is_not_there_is_told(tmp_path: Path) -> None:
    answer = run("screen", "Quiet Bakery", "--decisions", str(tmp_path / "decisons.jsonl"))
    assert "there is no such file, so no decision is on record" in answer.stderr
