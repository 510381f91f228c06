"""The bundled lists: complete, dated, traceable, and refused when altered."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from lexloci.model.errors import CatalogueError
from lexloci.parties import lists as room


@pytest.fixture
def copied_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the bundled files that a test may spoil."""
    shutil.copytree(room.DATA, tmp_path / "data")
    monkeypatch.setattr(room, "DATA", tmp_path / "data")
    _forget()
    yield tmp_path / "data"
    monkeypatch.undo()
    _forget()


def _forget() -> None:
    for cached in (room.lists, room.listed_parties, room._index):
        cached.cache_clear()


def test_every_party_of_the_snapshot_is_bundled() -> None:
    counts = Counter(party.list_code for party in room.listed_parties())
    assert sum(counts.values()) - counts["1260H"] == 25921
    assert (counts["EL"], counts["SDN"], counts["MEU"], counts["UVL"], counts["DPL"], counts["CMIC"]) == (
        (3420, 19181, 70, 222, 1596, 68)
    )
    assert counts == {known.code: known.parties for known in room.lists()}


def test_every_list_has_its_day_its_limit_and_its_source() -> None:
    codes = [known.code for known in room.lists()]
    assert len(codes) == len(set(codes)) == 13
    for known in room.lists():
        assert known.limit_days == (400 if known.code == "1260H" else 30)  # one edition a year
        assert known.dated == (date(2026, 6, 8) if known.code == "1260H" else date(2026, 7, 31))
        assert known.source.count("https://") == 1
        assert known.citation
        assert known.title


def test_only_the_1260h_extract_says_nothing_by_absence() -> None:
    assert [known.code for known in room.lists() if not known.complete] == ["1260H"]


def test_age_counts_to_the_day_of_knowledge_and_never_below_zero() -> None:
    entity_list = room.list_of("EL")
    assert entity_list.age_at(date(2026, 8, 30)).age_days == 30
    assert not entity_list.age_at(date(2026, 8, 30)).is_stale
    assert entity_list.age_at(date(2026, 8, 31)).is_stale
    assert entity_list.age_at(date(2024, 1, 1)).age_days == 0


def test_an_unknown_code_is_refused_with_the_codes_there_are() -> None:
    with pytest.raises(CatalogueError, match=r'"XX".*EL.*1260H'):
        room.list_of("XX")


def test_rows_keep_the_words_of_the_entry() -> None:
    row = next(party for party in room.listed_parties() if party.name == "Inspur Taiwan")
    assert row.list_code == "EL"
    assert row.countries == ("TW",)
    assert row.licence_policy == "Policy of denial"
    assert row.licence_requirement.endswith("744.11 of the EAR)4")
    assert row.citation == "90 FR 14046"


def test_no_row_is_nameless_and_no_parent_stands_in_front_of_an_affiliate() -> None:
    for party in room.listed_parties():
        assert all(name.strip() == name and name for name in party.names)
        assert "Affiliated Entity:" not in party.name
        assert "Subordinate Institution" not in party.name


def test_an_altered_file_is_refused(copied_data: Path) -> None:
    with (copied_data / room.EXTRACT_1260H).open("a", encoding="utf-8") as file:
        file.write("Somebody,,,no,no,no,,,\n")
    with pytest.raises(CatalogueError, match="not the one that was released"):
        room.listed_parties()


def test_a_missing_file_is_refused(copied_data: Path) -> None:
    (copied_data / room.SCREENING).unlink()
    with pytest.raises(CatalogueError, match="cannot be read"):
        room.listed_parties()


def test_a_malformed_index_is_refused(copied_data: Path) -> None:
    (copied_data / "index.json").write_text("{", encoding="utf-8")
    with pytest.raises(CatalogueError, match="not JSON"):
        room.lists()


def test_a_malformed_row_is_refused_and_not_skipped(copied_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bad = "name,aliases,first_listed,2024-01-31,2025-01-07,2026-06-08,unsettled_from,proposals,note\nX,,,maybe,,,,,\n"
    original = room.read
    monkeypatch.setattr(room, "read", lambda name: bad.encode() if name == room.EXTRACT_1260H else original(name))
    with pytest.raises(CatalogueError, match="malformed"):
        room.listed_parties()


def test_every_data_file_is_described() -> None:
    text = (room.DATA / "SOURCES.md").read_text(encoding="utf-8")
    named = json.loads((room.DATA / "index.json").read_text(encoding="utf-8"))["sha256"]
    files = {path.name for path in room.DATA.iterdir()} - {"SOURCES.md", "index.json"}
    assert set(named) | {"LICENSE.screening-list.txt"} == files
    assert all(f"`{name}`" in text for name in files)
