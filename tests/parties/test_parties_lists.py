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
from lexloci.parties import bundled as room
from lexloci.parties.lists import list_of, listed_parties, lists


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
    for cached in (room.bundled, room.bundled_lists, room._index):
        cached.cache_clear()


def test_every_party_of_the_snapshot_is_bundled() -> None:
    counts = Counter(party.list_code for party in listed_parties())
    own = ("1260H", "CN-ECL", "CN-UEL", "CN-AL", "JP-EUL")
    assert sum(counts.values()) - sum(counts[code] for code in own) == 25921
    assert [counts[code] for code in own] == [34, 139, 61, 40, 835]
    assert (counts["EL"], counts["SDN"], counts["MEU"], counts["UVL"], counts["DPL"], counts["CMIC"]) == (
        (3420, 19181, 70, 222, 1596, 68)
    )
    assert counts == {known.code: known.parties for known in lists()}


def test_every_list_has_its_day_its_limit_and_its_source() -> None:
    codes = [known.code for known in lists()]
    assert len(codes) == len(set(codes)) == 17
    dated = {"1260H": date(2026, 6, 8), "JP-EUL": date(2025, 9, 29)}
    for known in lists():
        assert known.limit_days == (400 if known.code in ("1260H", "JP-EUL") else 30)
        snapshot = date(2026, 7, 19) if known.code.startswith("CN-") else date(2026, 7, 31)
        assert known.dated == dated.get(known.code, snapshot)
        assert known.source.count("https://") == 1
        assert len(known.sha256) == 64
        assert known.licence
        assert known.citation
        assert known.title


def test_an_extract_and_a_list_that_names_groups_say_nothing_by_absence() -> None:
    assert [known.code for known in lists() if not known.complete] == ["1260H", "CN-UEL"]


def test_names_in_han_and_japanese_script_are_kept_beside_the_english_ones() -> None:
    rows = {name: party for party in listed_parties() for name in party.names if party.list_code[:2] in ("CN", "JP")}
    assert rows["斯巴鲁株式会社"] is rows["SUBARU Corporation"]
    assert rows["高麗航空"] is rows["Air Koryo"]
    assert rows["TechInsights"].list_code == "CN-UEL"
    assert rows["Abascience Tech Co. Ltd"].countries == ("CN",)  # the record holds it behind the country
    scripts = {known.code: known.scripts for known in lists()}
    assert "Hani" in scripts["CN-ECL"]
    assert {"Hani", "Latn"} <= set(scripts["JP-EUL"])
    assert scripts["EL"] == ("Latn",)
    throughout = {known.code: set(known.scripts_throughout) for known in lists()}
    assert throughout["SDN"] == {"Latn"}
    assert throughout["CN-ECL"] == {"Hani", "Latn"}
    assert throughout["CN-UEL"] == {"Hani"}
    assert throughout["JP-EUL"] == set()  # four parties stand there in Japanese alone, most in English alone


def test_age_counts_to_the_day_of_knowledge_and_never_below_zero() -> None:
    entity_list = list_of("EL")
    assert entity_list.age_at(date(2026, 8, 30)).age_days == 30
    assert not entity_list.age_at(date(2026, 8, 30)).is_stale
    assert entity_list.age_at(date(2026, 8, 31)).is_stale
    assert entity_list.age_at(date(2024, 1, 1)).age_days == 0


def test_an_unknown_code_is_refused_with_the_codes_there_are() -> None:
    with pytest.raises(CatalogueError, match=r'"XX".*EL.*1260H'):
        list_of("XX")


def test_rows_keep_the_words_of_the_entry() -> None:
    row = next(party for party in listed_parties() if party.name == "Inspur Taiwan")
    assert row.list_code == "EL"
    assert row.countries == ("TW",)
    assert row.licence_policy == "Policy of denial"
    assert row.licence_requirement.endswith("744.11 of the EAR)4")
    assert row.citation == "90 FR 14046"


def test_no_row_is_nameless_and_no_parent_stands_in_front_of_an_affiliate() -> None:
    for party in listed_parties():
        assert all(name.strip() == name and name for name in party.names)
        assert "Affiliated Entity:" not in party.name
        assert "Subordinate Institution" not in party.name


def test_an_altered_file_is_refused(copied_data: Path) -> None:
    with (copied_data / room.EXTRACT_1260H).open("a", encoding="utf-8") as file:
        file.write("Somebody,,,no,no,no,,,\n")
    with pytest.raises(CatalogueError, match="not the one that was released"):
        room.bundled()


def test_a_missing_file_is_refused(copied_data: Path) -> None:
    (copied_data / room.SCREENING).unlink()
    with pytest.raises(CatalogueError, match="cannot be read"):
        room.bundled()


def test_a_malformed_index_is_refused(copied_data: Path) -> None:
    (copied_data / "index.json").write_text("{", encoding="utf-8")
    with pytest.raises(CatalogueError, match="not JSON"):
        room.bundled_lists()


def test_a_malformed_row_is_refused_and_not_skipped(copied_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bad = "name,aliases,first_listed,2024-01-31,2025-01-07,2026-06-08,note\nX,,,maybe,,,\n"
    original = room.read
    monkeypatch.setattr(room, "read", lambda name: bad.encode() if name == room.EXTRACT_1260H else original(name))
    with pytest.raises(CatalogueError, match="malformed"):
        room.bundled()


def test_every_data_file_is_described() -> None:
    text = (room.DATA / "SOURCES.md").read_text(encoding="utf-8")
    named = json.loads((room.DATA / "index.json").read_text(encoding="utf-8"))["sha256"]
    files = {path.name for path in room.DATA.iterdir()} - {"SOURCES.md", "index.json"}
    assert set(named) | {"LICENSE.screening-list.txt"} == files
    assert all(f"`{name}`" in text for name in files)


@pytest.mark.parametrize("codes", [(), ("EL",), ("JP-EUL",), ("1260H", "CN-ECL", "CN-UEL", "CN-AL")])
def test_bundled_rows_besides_some_lists_are_the_others_as_they_stand(codes: tuple[str, ...]) -> None:
    found = room.bundled_besides(frozenset(codes))
    assert found.lists == room.bundled().lists
    assert found.parties == tuple(row for row in room.bundled().parties if row.list_code not in codes)


def test_a_bundled_file_whose_lists_are_all_replaced_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    whole = room.read
    monkeypatch.setattr(room, "read", lambda name: (asked.append(name), whole(name))[1])
    own = frozenset(one.code for one in room.bundled().lists) - {"1260H", "CN-ECL", "CN-UEL", "CN-AL", "JP-EUL"}
    assert {row.list_code for row in room.bundled_besides(own).parties} == {
        "1260H",
        "CN-ECL",
        "CN-UEL",
        "CN-AL",
        "JP-EUL",
    }
    assert "screening-list.json.gz" not in asked
    assert "meti.json.gz" in asked
