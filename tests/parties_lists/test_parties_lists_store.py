"""A user's own lists: taken up whole, dated from one snapshot to the next, set aside and decided on, on record."""

from __future__ import annotations

import gzip
import hashlib
import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lexloci.model.errors import CatalogueError, InputError, LexlociError
from lexloci.model.fact import UNKNOWN, Value
from lexloci.parties import lists as room
from lexloci.parties import store as storage
from lexloci.parties.bundled import bundled
from lexloci.parties.importers.file import ListFile
from lexloci.parties.listing import ListedParty, ListSet, PartyList
from lexloci.parties.quarantine import decide, decisions, find, quarantined
from lexloci.parties.status import status
from lexloci.parties.store import in_use, records
from lexloci.parties.update import Given, Update, accept, update

EMPTY = ListSet((), ())
NOW = "2026-09-30T08:00:00+00:00"
FIRST, SECOND, THIRD = date(2026, 8, 10), date(2026, 8, 20), date(2026, 8, 30)


@pytest.fixture
def take(tmp_path: Path, csl):
    """Takes up a snapshot of UVL of these rows; the list does not date them."""

    def taken(day: date, *rows: dict[str, object], code: str = "UVL", base: ListSet = EMPTY) -> Update:
        content = csl.file(list(rows), search_performed_at=f"{day}T05:00:00Z")
        file = ListFile(f"{day}.json", content)
        return update(tmp_path / "s", file, Given(), NOW, in_use(tmp_path / "s", base))

    return taken


def rows(csl, *numbers: int, **more: object) -> list[dict[str, object]]:
    return [csl.row(number, "UVL", "Unverified List", federal_register_notice="", **more) for number in numbers]


def values(folder: Path, name: str, days: list[date], known_at: date | None = None, code: str = "UVL") -> list[Value]:
    """Whether the party is on the list on each day: listed by one row is listed, open by one is open."""
    current = in_use(folder, EMPTY)
    which = current.list_of(code)
    own = [row for row in (*current.parties, *current.past) if row.list_code == code and row.name == name]
    found = []
    for day in days:
        told = {status(row, code, day, known_at or date(2027, 1, 1), which).value for row in own}
        found.append(True if True in told else UNKNOWN if UNKNOWN in told else False)
    return found


def test_successive_snapshots_date_who_came_who_went_and_who_stayed(tmp_path: Path, take, csl) -> None:
    for day, numbers in ((FIRST, (1, 2, 3)), (SECOND, (2, 3, 4)), (THIRD, (2, 3, 4))):
        assert take(day, *rows(csl, *numbers)).quarantined is None
    folder = tmp_path / "s"
    days = [FIRST - timedelta(1), FIRST, FIRST + timedelta(1), SECOND - timedelta(1), SECOND, THIRD]
    assert values(folder, "Sample Party 1", days) == [UNKNOWN, True, UNKNOWN, UNKNOWN, False, False]
    assert values(folder, "Sample Party 2", days) == [UNKNOWN, True, True, True, True, True]
    assert values(folder, "Sample Party 4", days) == [False, False, UNKNOWN, UNKNOWN, True, True]
    # What was known before the second snapshot does not hold what it tells.
    early = SECOND - timedelta(5)
    assert values(folder, "Sample Party 1", [FIRST, SECOND], known_at=FIRST) == [True, True]
    assert values(folder, "Sample Party 4", [SECOND], known_at=early) == [UNKNOWN]
    assert [one.dated for one in records(folder)] == [FIRST, SECOND, THIRD]
    assert [row.name for row in in_use(folder, EMPTY).past] == ["Sample Party 1"]


def test_an_amended_entry_keeps_its_old_words_until_the_day_of_the_new_ones(tmp_path: Path, take, csl) -> None:
    take(FIRST, *rows(csl, 1, 2, license_policy="Case-by-case"))
    done = take(SECOND, *rows(csl, 1, license_policy="Policy of denial"), *rows(csl, 2, license_policy="Case-by-case"))
    assert done.differences
    assert [one.what for one in done.differences["UVL"].amended] == [("licence policy",)]
    folder = tmp_path / "s"
    current = in_use(folder, EMPTY)
    which = current.list_of("UVL")
    own = [row for row in (*current.parties, *current.past) if row.name == "Sample Party 1"]
    for day, words in (
        (FIRST, {"Case-by-case"}),
        (SECOND - timedelta(1), {"Case-by-case"}),
        (SECOND, {"Policy of denial"}),
    ):
        in_force = {row.licence_policy for row in own if status(row, "UVL", day, SECOND, which).value is True}
        assert in_force == words
    assert values(folder, "Sample Party 1", [FIRST, SECOND - timedelta(1), SECOND]) == [True, True, True]


def test_a_citation_dates_who_came_and_the_list_in_use_ages(tmp_path: Path, take, csl) -> None:
    take(FIRST, csl.row(1))
    take(SECOND, csl.row(1), csl.row(2, federal_register_notice="90 FR 14046"))
    current = in_use(tmp_path / "s", EMPTY)
    row = next(one for one in current.parties if one.name == "Sample Party 2")
    assert status(row, "EL", date(2025, 3, 28), SECOND, current.list_of("EL")).value is True
    assert current.list_of("EL").age_at(SECOND + timedelta(31)).is_stale
    assert not current.list_of("EL").age_at(SECOND + timedelta(30)).is_stale


def test_the_bundled_lists_stay_for_what_no_file_renewed_and_where_they_are_newer(tmp_path: Path, take, csl) -> None:
    base = bundled()
    assert take(date(2026, 8, 1), *rows(csl, 1), base=EMPTY).quarantined is None
    current = in_use(tmp_path / "s", base)
    assert current.list_of("UVL").parties == 1
    assert current.list_of("EL") == base.list_of("EL")
    assert sum(row.list_code == "UVL" for row in current.parties) == 1
    assert len(current.lists) == len(base.lists)
    older = tmp_path / "older"
    file = ListFile("x.json", csl.file(rows(csl, 1), search_performed_at="2026-07-01T00:00:00Z"))
    assert update(older, file, Given(), NOW, EMPTY).quarantined is None
    assert in_use(older, base).list_of("UVL").parties == 222


def test_a_file_that_replaces_a_transcription_is_not_under_its_licence(tmp_path: Path, take, csl) -> None:
    before = PartyList("UVL", "Unverified List", FIRST, 30, True, 1, "", "x", licence="transcription MIT")
    take(SECOND, *rows(csl, 1), base=ListSet((before,), ()))
    after = in_use(tmp_path / "s", EMPTY).list_of("UVL")
    assert (after.licence, after.source) == ("as its publisher states", f"file {SECOND}.json")


def test_the_same_file_twice_changes_nothing(tmp_path: Path, take, csl) -> None:
    take(FIRST, *rows(csl, 1))
    assert take(FIRST, *rows(csl, 1)).is_known
    assert len(records(tmp_path / "s")) == 1


def test_a_file_without_a_day_asks_for_it_and_one_with_another_day_refuses(tmp_path: Path, csl, files) -> None:
    with pytest.raises(InputError, match=r"csl.csv does not say of which day it is; give --dated"):
        update(tmp_path, files["csl-csv"], Given(), NOW, EMPTY)
    with pytest.raises(InputError, match=r"says that it is of 2026-08-15, and --dated says 2026-08-10"):
        update(tmp_path, files["csl-json"], Given(None, FIRST), NOW, EMPTY)
    assert not list(tmp_path.iterdir())


def test_a_person_accepts_what_was_set_aside_and_it_is_recorded(tmp_path: Path, take, csl) -> None:
    folder = tmp_path / "s"
    take(FIRST, *rows(csl, *range(100)))
    aside = take(SECOND, *rows(csl, *range(40))).quarantined
    assert aside
    assert in_use(folder, EMPTY).list_of("UVL").parties == 100
    entry = find(folder, aside.id[:5])
    done = accept(folder, entry, by="A. Person", reason="notice read", recorded=NOW, current=in_use(folder, EMPTY))
    assert done.lists[0].parties == 40
    assert records(folder)[-1].accepted["by"] == "A. Person"
    assert "60 of 100 parties would go" in records(folder)[-1].accepted["doubts"]
    assert quarantined(folder) == ()
    assert [(one["decision"], one["by"], one["reason"]) for one in decisions(folder)] == [
        ("accepted", "A. Person", "notice read")
    ]
    with pytest.raises(LexlociError, match="no file of the id"):
        find(folder, aside.id)


def test_what_cannot_be_read_can_be_dropped_and_not_accepted(tmp_path: Path) -> None:
    aside = update(tmp_path, ListFile("x.json", b'{"results": ['), Given(), NOW, EMPTY).quarantined
    assert aside
    with pytest.raises(LexlociError, match="nobody can accept it"):
        accept(tmp_path, aside, by="A", reason="B", recorded=NOW, current=EMPTY)
    decide(tmp_path, aside, "dropped", by="A", reason="cut off", recorded=NOW)
    assert quarantined(tmp_path) == ()
    assert decisions(tmp_path)[0]["decision"] == "dropped"


def test_an_old_file_of_the_quarantine_is_not_accepted_over_a_newer_list(tmp_path: Path, take, csl) -> None:
    folder = tmp_path / "s"
    take(FIRST, *rows(csl, *range(100)))
    aside = take(SECOND, *rows(csl, *range(40))).quarantined
    assert aside
    take(THIRD, *rows(csl, *range(100)))
    with pytest.raises(LexlociError, match="a newer Unverified List, of 2026-08-30, was recorded meanwhile"):
        accept(folder, aside, by="A", reason="B", recorded=NOW, current=in_use(folder, EMPTY))


def test_an_update_that_stops_half_way_leaves_the_old_list(
    tmp_path: Path, take, csl, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "s"
    take(FIRST, *rows(csl, 1, 2))

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", stop)
        with pytest.raises(KeyboardInterrupt):
            take(SECOND, *rows(csl, 1, 2, 3))
    assert in_use(folder, EMPTY).list_of("UVL").dated == FIRST
    assert [one.name for one in (folder / "records").iterdir()] == ["000001"]
    assert take(SECOND, *rows(csl, 1, 2, 3)).quarantined is None


@pytest.mark.parametrize("name", ["record.json", "UVL.json.gz"])
def test_a_record_that_was_altered_is_refused(name: str, tmp_path: Path, take, csl) -> None:
    folder = tmp_path / "s"
    take(FIRST, *rows(csl, 1, 2))
    file = folder / "records" / "000001" / name
    file.write_bytes(file.read_bytes()[:-9])
    with pytest.raises(CatalogueError, match="a recorded list is spoilt"):
        in_use(folder, EMPTY)


def test_rows_that_were_exchanged_are_refused(tmp_path: Path, take, csl) -> None:
    folder = tmp_path / "s"
    take(FIRST, *rows(csl, 1, 2))
    take(SECOND, *rows(csl, 1, 3))
    first, second = (folder / "records" / name / "UVL.json.gz" for name in ("000001", "000002"))
    second.write_bytes(first.read_bytes())
    with pytest.raises(CatalogueError, match="are not those that were written"):
        in_use(folder, EMPTY)


def test_all_answers_are_of_the_stored_lists_once_they_are_read_again(store: Path, csl) -> None:
    assert room.list_of("UVL").parties == 222
    file = ListFile("x.json", csl.file(rows(csl, 1), search_performed_at="2026-08-20T00:00:00Z"))
    update(store, file, Given(), NOW, EMPTY)
    assert room.list_of("UVL").parties == 222  # one run answers by one set of lists
    room.forget()
    assert room.list_of("UVL").parties == 1
    assert next(one for one in room.lists() if one.code == "UVL").dated == SECOND
    assert [row.name for row in room.listed_parties() if row.list_code == "UVL"] == ["Sample Party 1"]


def test_a_record_names_its_file_sum_format_and_moment(tmp_path: Path, take, csl) -> None:
    take(FIRST, *rows(csl, 1))
    form = json.loads((tmp_path / "s" / "records" / "000001" / "record.json").read_text(encoding="utf-8"))
    assert (form["file"], form["format"], form["dated"], form["recorded"]) == (
        "2026-08-10.json",
        "csl-json",
        "2026-08-10",
        NOW,
    )
    assert len(form["sha256"]) == 64
    assert form["lists"][0]["sha256"] == form["sha256"]


@pytest.mark.slow
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(snapshots=st.lists(st.frozensets(st.integers(0, 7), min_size=4), min_size=1, max_size=5))
def test_the_store_agrees_with_its_snapshots_on_their_days(
    snapshots: list[frozenset[int]], tmp_path_factory: pytest.TempPathFactory, csl
) -> None:
    folder = tmp_path_factory.mktemp("lists")
    days = [FIRST + timedelta(10 * place) for place in range(len(snapshots))]
    taken = []
    for day, numbers in zip(days, snapshots, strict=True):
        file = ListFile("x.json", csl.file(rows(csl, *sorted(numbers)), search_performed_at=f"{day}T00:00:00Z"))
        done = update(folder, file, Given(), "2027-01-01T00:00:00+00:00", in_use(folder, EMPTY))
        if done.quarantined is None and not done.is_known:
            taken.append((day, numbers))
    for day, numbers in taken:
        for number in range(8):
            assert values(folder, f"Sample Party {number}", [day]) == [number in numbers]


def test_a_name_in_a_script_of_some_entries_only_is_not_cleared(store: Path, files) -> None:
    from lexloci.model.party import Party
    from lexloci.model.portfolio import Basis, Portfolio
    from lexloci.parties.facts import facts_about

    party = Party("x", "另一家虚构公司", headquarters="CN")
    portfolio = Portfolio("", SECOND, Basis.TEXT, THIRD, parties=(party,))
    update(store, files["sdn-advanced"], Given(), NOW, EMPTY)  # one of its two parties has a name in Han script
    room.forget()
    assert room.list_of("SDN").scripts == ("Hani", "Latn")
    assert room.list_of("SDN").scripts_throughout == ("Latn",)
    fact = facts_about(party, portfolio, SECOND, SECOND).facts["sdn_list"]
    assert fact.value is UNKNOWN
    assert "state an alias in Latin script" in fact.origin
    room.forget()


def test_of_older_records_the_ended_rows_alone_are_read(
    tmp_path: Path, take, csl, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day, numbers in ((FIRST, (1, 2, 3)), (SECOND, (2, 3, 4)), (THIRD, (2, 3, 4))):
        assert take(day, *rows(csl, *numbers)).quarantined is None
    asked: list[tuple[str, str]] = []
    whole = storage._read

    def read(record: storage.Record, name: str) -> list[ListedParty]:
        asked.append((record.folder.name, name))
        return whole(record, name)

    monkeypatch.setattr(storage, "_read", read)
    found = in_use(tmp_path / "s", EMPTY)
    assert asked == [("000002", "UVL.past"), ("000003", "UVL")]
    assert [row.name for row in found.past] == ["Sample Party 1"]


def test_a_record_of_another_form_is_spoilt_and_not_misread(tmp_path: Path, take, csl) -> None:
    take(FIRST, *rows(csl, 1))
    folder = tmp_path / "s" / "records" / "000001"
    content = gzip.compress(b'{"rows": [], "past": []}')
    (folder / "UVL.json.gz").write_bytes(content)
    form = json.loads((folder / "record.json").read_text(encoding="utf-8"))
    form["files"]["UVL"] = hashlib.sha256(content).hexdigest()
    (folder / "record.json").write_text(json.dumps(form), encoding="utf-8")
    with pytest.raises(CatalogueError, match="it is of an older form"):
        in_use(tmp_path / "s", EMPTY)
