"""Who a party may be: evidence per word, doubts, identifiers, decisions that hold until something changes."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from lexloci.parties.decisions import (
    Decisions,
    Record,
    append_decision,
    decision_on,
    entry_hash,
    party_hash,
    read_decisions,
)
from lexloci.parties.evidence import How, Meeting, meetings
from lexloci.parties.findings import Question, false_positives, find
from lexloci.parties.folding import ScreeningError
from lexloci.parties.listing import ListedParty
from lexloci.parties.lists import ListSet, PartyList

ENTRY = ListedParty(
    "EL",
    ("Quillfeather Photonics Co., Ltd.", "QFP"),
    "Entity",
    ("MY",),
    identifiers=(("Company Number", "X-12345", "MY"),),
)
OTHER = ListedParty("EL", ("Quillfeather Photonics Co., Ltd.",), "Entity", ("CN",))
LISTS = ListSet((PartyList("EL", "Entity List", date(2026, 7, 31), 30, True, 2, "", ""),), (ENTRY, OTHER))
ASKED = Question("Quilfeather Photonics", country="MY")
DAY = date(2026, 11, 29)


@pytest.mark.parametrize(
    ("asked", "listed", "expected"),
    [
        ("huawei tech", "huawei technologies", Meeting("tech", "technologies", How.SAME_MEANING)),
        ("khuavei", "huavei", Meeting("khuavei", "huavei", How.SAME_SOUND)),
        ("huawai", "huawei", Meeting("huawai", "huawei", How.TYPO)),
        ("j smith", "john smith", Meeting("j", "john", How.INITIAL)),
        ("sophgo ltd", "sophgo", Meeting("ltd", "", How.LEGAL_FORM)),
        ("sophgo dubai", "sophgo", Meeting("dubai", "", How.GENERAL)),
        ("sophgo", "sophgo zyxwor", Meeting("", "zyxwor", How.UNMET)),
        ("ymq", "yonder memory quartz", Meeting("ymq", "yonder memory quartz", How.ACRONYM)),
    ],
)
def test_each_word_tells_what_it_met_and_how(asked: str, listed: str, expected: Meeting) -> None:
    assert expected in meetings(asked, listed)


def test_no_word_meets_twice() -> None:
    met = meetings("michaela michelle", "michelle")
    assert sum(bool(meeting.listed) for meeting in met) == 1


def test_a_finding_names_entry_words_and_doubts() -> None:
    first, second = find([ASKED], lists=LISTS)[0]
    assert first.entry == ENTRY  # the country in common goes first; the names are the same
    assert second.entry == OTHER
    assert first.probability == second.probability
    assert Meeting("quilfeather", "quillfeather", How.SAME_SOUND) in first.meetings
    assert any("2 entries" in doubt for doubt in first.doubts)
    assert "the list gives addresses in CN only" in second.doubts
    assert 0 < first.probability < 1


def test_a_country_never_takes_a_candidate_away() -> None:
    assert {one.entry for one in find([replace(ASKED, country="BR")], lists=LISTS)[0]} == {ENTRY, OTHER}


@pytest.mark.parametrize("number", ["x12345", "X 12.345", "Ｘ－１２３４５"])
def test_an_identifier_finds_the_entry_under_any_name(number: str) -> None:
    found = find([Question("Another Name Altogether", identifiers=(number,))], lists=LISTS)[0]
    assert found[0].entry == ENTRY
    assert found[0].probability > 0.99


def test_aliases_are_screened_and_the_best_name_is_told() -> None:
    found = find([Question("Nobody Knows This", aliases=("QFP",))], lists=LISTS)[0]
    assert found[0].entry == ENTRY
    assert found[0].screened_name == "QFP"


def test_parties_are_answered_in_their_order() -> None:
    empty, found = find([Question(""), ASKED], lists=LISTS)
    assert empty == ()
    assert found


def test_the_rate_of_false_positives_falls_with_the_threshold() -> None:
    rates = [false_positives(step / 100).rate for step in range(1, 100)]
    assert rates == sorted(rates, reverse=True)
    assert false_positives(0.5).names > 1000
    assert false_positives(0.5).rate < 0.1


def test_a_decision_is_read_back_and_applies(tmp_path: Path) -> None:
    file = tmp_path / "decisions.jsonl"
    append_decision(file, decision_on(ASKED, ENTRY, is_match=False, reason="other owner", by="A. Officer", on=DAY))
    append_decision(file, decision_on(ASKED, OTHER, is_match=True, reason="same address", by="A. Officer", on=DAY))
    kept = read_decisions(file)
    assert str(kept.on(ASKED, ENTRY)) == "no match, by A. Officer on 2026-11-29: other owner"
    decided = kept.on(ASKED, OTHER)
    assert decided is not None
    assert decided.is_match


def test_the_last_decision_counts(tmp_path: Path) -> None:
    file = tmp_path / "decisions.jsonl"
    for is_match in (True, False):
        append_decision(file, decision_on(ASKED, ENTRY, is_match=is_match, reason="r", by="b", on=DAY))
    last = read_decisions(file).on(ASKED, ENTRY)
    assert last is not None
    assert not last.is_match
    assert len(file.read_text(encoding="utf-8").splitlines()) == 2


@pytest.mark.parametrize(
    ("question", "entry"),
    [
        (replace(ASKED, country="SG"), ENTRY),
        (replace(ASKED, aliases=("QP",)), ENTRY),
        (replace(ASKED, identifiers=("1",)), ENTRY),
        (ASKED, replace(ENTRY, names=(*ENTRY.names, "Quill Photonics"))),
        (ASKED, replace(ENTRY, countries=("MY", "SG"))),
        (ASKED, replace(ENTRY, licence_policy="Policy of denial")),
    ],
)
def test_a_decision_ends_when_party_or_entry_changes(question: Question, entry: ListedParty) -> None:
    kept = Decisions([decision_on(ASKED, ENTRY, is_match=False, reason="r", by="b", on=DAY)])
    assert kept.on(ASKED, ENTRY) is not None
    assert kept.on(question, entry) is None
    assert Record(kept, (entry,)).outdated(question, entry) is not None
    assert Record(kept, (ENTRY,)).outdated(ASKED, ENTRY) is None


def test_the_order_of_aliases_is_no_change() -> None:
    assert party_hash(Question("a", ("b", "c"))) == party_hash(Question("a", ("c", "b")))
    assert entry_hash(ENTRY) != entry_hash(OTHER)
    aliases = replace(ENTRY, names=(*ENTRY.names, "Alpha", "Beta"))
    assert entry_hash(aliases) != entry_hash(ENTRY)
    assert entry_hash(aliases) == entry_hash(replace(ENTRY, names=(*ENTRY.names, "Beta", "Alpha")))


@pytest.mark.parametrize(("reason", "by"), [("", "b"), ("r", " ")])
def test_a_decision_needs_a_reason_and_a_person(reason: str, by: str) -> None:
    with pytest.raises(ScreeningError, match="--reason"):
        decision_on(ASKED, ENTRY, is_match=True, reason=reason, by=by, on=DAY)


@pytest.mark.parametrize("line", ["{", "[]", '{"party": 1}', "null", json.dumps({"on": "soon"})])
def test_a_broken_line_is_named_and_nothing_is_guessed(tmp_path: Path, line: str) -> None:
    file = tmp_path / "decisions.jsonl"
    append_decision(file, decision_on(ASKED, ENTRY, is_match=True, reason="r", by="b", on=DAY))
    file.write_text(file.read_text(encoding="utf-8") + line + "\n", encoding="utf-8")
    with pytest.raises(ScreeningError, match=r"decisions\.jsonl:2"):
        read_decisions(file)


def test_no_file_is_no_decision(tmp_path: Path) -> None:
    assert read_decisions(tmp_path / "none").on(ASKED, ENTRY) is None
