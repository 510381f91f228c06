"""What a file must not lose though every party stays; two updates at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from lexloci.model.errors import LexlociError
from lexloci.parties.bundled import bundled
from lexloci.parties.importers.file import ListFile, UnreadableListError
from lexloci.parties.importers.formats import read_list
from lexloci.parties.listing import ListSet
from lexloci.parties.quarantine import quarantined
from lexloci.parties.status import status
from lexloci.parties.store import in_use, records
from lexloci.parties.update import Given, Update, update

NOW = "2026-08-30T08:00:00+00:00"
EMPTY = ListSet((), ())


def given(folder: Path, content: bytes, current: ListSet | None = None, now: str = NOW) -> Update:
    """A file of the Consolidated Screening List taken up after what is there."""
    return update(folder, ListFile("a.json", content), Given(), now, current or in_use(folder, EMPTY))


def reasons(done: Update) -> str:
    return "; ".join(done.quarantined.reasons) if done.quarantined else ""


@pytest.mark.parametrize(
    ("lost", "words"),
    [
        ({"alt_names": []}, "lose other names"),
        ({"addresses": []}, "lose countries"),
        ({"license_requirement": ""}, "lose the licence requirement"),
        ({"license_policy": None}, "lose the licence policy"),
        ({"type": "Vessel"}, "lose the kind of a party"),
    ],
)
@pytest.mark.parametrize(
    ("losers", "is_aside"), [(range(200), True), (range(70, 130), True), (range(180, 200), True), (range(9, 20), False)]
)
def test_a_list_whose_parties_lose_what_is_said_of_them_is_set_aside(
    tmp_path: Path, csl, lost: dict[str, object], words: str, losers: range, is_aside: bool
) -> None:
    rows = [csl.row(number, alt_names=[f"Other {number}"]) for number in range(200)]
    assert given(tmp_path, csl.file(rows)).quarantined is None
    later = [row | lost if number in losers else row for number, row in enumerate(rows)]
    done = given(tmp_path, csl.file(later, search_performed_at="2026-08-16T05:00:00Z"))
    assert (words in reasons(done)) is is_aside
    if done.quarantined:
        assert done.quarantined.acceptable
        assert in_use(tmp_path, EMPTY).list_of("EL").dated == date(2026, 8, 15)


@pytest.mark.parametrize(("kept", "is_aside"), [(range(2, 190), True), (range(1, 197), True), (range(2, 198), False)])
def test_a_file_that_ends_early_is_seen_beside_lawful_removals(
    tmp_path: Path, csl, kept: range, is_aside: bool
) -> None:
    """The party of number 199 has a row among the first too, which stays."""
    rows = [csl.row(199, license_policy="Another"), *(csl.row(number) for number in range(200))]
    assert given(tmp_path, csl.file(rows)).quarantined is None
    later = [rows[0], *(csl.row(number) for number in kept)]
    done = given(tmp_path, csl.file(later, search_performed_at="2026-08-16T05:00:00Z"))
    assert ("it seems cut off" in reasons(done)) is is_aside


@pytest.mark.parametrize("words", ["See ? 744.11 of the EAR", "See Â§ 744.11 of the EAR", "See \ufffd 744.11"])
def test_a_wrong_encoding_is_seen_in_the_words_of_licences_too(tmp_path: Path, csl, words: str) -> None:
    assert given(tmp_path, csl.file([csl.row(1, license_requirement="See § 744.11 of the EAR")])).quarantined is None
    later = csl.file([csl.row(1, license_requirement=words)], search_performed_at="2026-08-16T05:00:00Z")
    assert "1 texts of licences are spoilt by a wrong encoding" in reasons(given(tmp_path, later))


def test_a_transcription_in_a_wrong_encoding_is_doubted(files) -> None:
    spoilt = files["csl-tables"].content.replace(b'"Sample"', '"SociÃ©tÃ© X"'.encode())
    assert "1 names are spoilt" in read_list(ListFile("a.json", spoilt))[1].doubts[0]


@pytest.mark.parametrize(("renamed", "is_aside"), [(24, True), (20, False)])
def test_letters_replaced_in_most_names_of_a_short_list_are_seen(
    tmp_path: Path, csl, renamed: int, is_aside: bool
) -> None:
    def file(letters: Callable[[str], str], **more: str) -> bytes:
        own = {"code": "SDN", "title": "Specially Designated Nationals"}
        names = [letters(f"Sample Trader {n}") if n < renamed else f"Sample Trader {n}" for n in range(40)]
        return csl.file([csl.row(n, **own, name=name, entity_number=str(n)) for n, name in enumerate(names)], **more)

    assert given(tmp_path, file(str)).quarantined is None
    done = given(tmp_path, file(lambda name: name.replace("a", "а"), search_performed_at="2026-08-16T05:00:00Z"))
    assert ("would bear none of the names that they bear" in reasons(done)) is is_aside


def _table_of_1260h(edition: str, cell: str, *, aliases: bool = True) -> bytes:
    """The parties in use as a table of facts with one more edition."""
    lines = [f"name,{'aliases,' if aliases else ''}first_listed,{edition}"]
    for row in bundled().parties:
        if row.list_code == "1260H":
            others = f'"{"|".join(row.names[1:])}",' if aliases else ""
            lines.append(f'"{row.name}",{others}2021-06-03,{cell}')
    return ("\n".join(lines) + "\n").encode()


def test_an_extract_whose_parties_lose_what_is_said_of_them_is_set_aside(tmp_path: Path) -> None:
    assert given(tmp_path, _table_of_1260h("2026-08-01", "yes"), bundled()).quarantined is None
    done = given(tmp_path, _table_of_1260h("2026-08-02", "yes", aliases=False), bundled())
    assert "21 of 21 parties would lose other names: a column is empty" in reasons(done)


def test_a_file_that_ends_the_listing_of_most_parties_by_its_days_is_set_aside(tmp_path: Path) -> None:
    done = given(tmp_path, _table_of_1260h("2026-08-02", "no"), bundled())
    assert "would be listed no more by its days, more than changes in law explain" in reasons(done)
    assert done.quarantined is not None
    assert done.quarantined.acceptable


def test_a_term_that_runs_out_as_the_list_in_use_said_is_no_loss(tmp_path: Path) -> None:
    head = (
        "Name\tStreet_Address\tCity\tState\tCountry\tPostal_Code\tEffective_Date\tExpiration_Date\tStandard_Order\t"
        "Last_Update\tAction\tFR_Citation\n"
    )
    rows = [f"PARTY {n}\t\t\t\tCN\t\t01/01/2020\t08/15/2026\tY\t2020-01-01\t\t85 FR 1\n" for n in range(4)]
    content = (head + "".join(rows)).encode()

    def take(text: bytes, day: int) -> Update:
        file, dated = ListFile("dpl.txt", text), date(2026, 8, day)
        return update(tmp_path, file, Given(dated=dated), NOW, in_use(tmp_path, EMPTY))

    assert take(content, 1).quarantined is None
    assert take(content.replace(b"85 FR 1", b"85 FR 1 "), 20).quarantined is None
    ended = take(content.replace(b"08/15/2026", b"08/15/2021"), 21)
    assert ended.quarantined is None, "they had ended already"


def test_a_weak_alias_in_a_wrong_encoding_is_doubted(files) -> None:
    whole = files["sdn-csv"]
    assert read_list(whole)[1].doubts == ()
    spoilt = whole.content.replace(b"a.k.a. '", "a.k.a. 'SociÃ©tÃ© ".encode(), 1)
    assert "1 names are spoilt" in read_list(replace(whole, content=spoilt))[1].doubts[0]


def test_an_alias_or_two_may_go(tmp_path: Path, csl) -> None:
    rows = [csl.row(number, alt_names=[f"Other {number}"]) for number in range(3)]
    assert given(tmp_path, csl.file(rows)).quarantined is None
    later = [rows[0], *(row | {"alt_names": []} for row in rows[1:])]
    assert given(tmp_path, csl.file(later, search_performed_at="2026-08-16T05:00:00Z")).quarantined is None


@pytest.mark.parametrize("part", ["alt.csv", "add.csv"])
def test_a_file_beside_sdn_that_is_cut_at_the_end_of_a_line_is_seen(tmp_path: Path, part: str) -> None:
    def sdn(aliases: int) -> ListFile:
        lines = {
            "alt.csv": '{0},{0},"aka","Other {0}",-0- \r\n',
            "add.csv": '{0},{0},"Road","Town","Iran",-0- \r\n',
        }
        own = "".join(f'{n},"SAMPLE {n}",-0- ,"P"{",-0- " * 8}\r\n' for n in range(1, 201)).encode()
        beside = {
            name: "".join(line.format(n) for n in range(1, (aliases if name == part else 200) + 1)).encode()
            for name, line in lines.items()
        }
        return ListFile("sdn.csv", own, beside)

    def take(file: ListFile, day: int) -> Update:
        return update(tmp_path, file, Given("sdn-csv", date(2026, 8, day)), NOW, in_use(tmp_path, EMPTY))

    assert take(sdn(200), 1).quarantined is None
    assert "5 of 200 parties would lose" in reasons(take(sdn(195), 2))
    whole = sdn(200)
    cut = replace(whole, siblings={**whole.siblings, part: whole.siblings[part].rstrip()[:-2]})
    assert f"{part}: its last line has no end" in reasons(take(cut, 3))


def test_two_updates_at_once_never_take_the_later_one_back(tmp_path: Path, csl) -> None:
    first = [csl.row(number) for number in range(5)]
    assert given(tmp_path, csl.file(first)).quarantined is None
    before = in_use(tmp_path, EMPTY)
    newest = csl.file([*first, csl.row(5)], search_performed_at="2026-08-20T05:00:00Z")
    assert given(tmp_path, newest, before).quarantined is None
    older = csl.file(first, search_performed_at="2026-08-18T05:00:00Z")
    with pytest.raises(LexlociError, match="another update of Entity List was recorded meanwhile; give the file again"):
        given(tmp_path, older, before)
    assert len(records(tmp_path)) == 2
    assert in_use(tmp_path, EMPTY).list_of("EL").dated == date(2026, 8, 20)


def test_of_two_updates_that_are_written_at_once_the_second_is_told_to_come_again(
    tmp_path: Path, csl, monkeypatch: pytest.MonkeyPatch
) -> None:
    def one_more(folder: Path, _: object) -> None:
        (folder / "records" / "000001" / "of the other").mkdir(parents=True)

    monkeypatch.setattr("lexloci.parties.store._refuse_if_another_came_between", one_more)
    with pytest.raises(LexlociError, match="another update was recorded meanwhile; give the file again; nothing was"):
        given(tmp_path, csl.file([csl.row(1)]))


def test_a_folder_of_the_quarantine_that_is_spoilt_hides_no_other(tmp_path: Path) -> None:
    assert given(tmp_path, b"this is no list").quarantined is not None
    (tmp_path / "quarantine" / "abc").mkdir()
    with pytest.raises(LexlociError, match=r"abc: what lies aside there cannot be read .*; move this folder away, and"):
        quarantined(tmp_path)


def test_the_day_may_have_begun_elsewhere_already(tmp_path: Path, csl) -> None:
    content = csl.file([csl.row(1)], search_performed_at="2026-08-31T00:10:00+08:00")
    assert "later than today" in reasons(given(tmp_path, content, now="2026-08-30T09:30:00+00:00"))
    assert given(tmp_path, content, now="2026-08-30T16:10:00+00:00").quarantined is None


def test_rows_of_one_party_keep_each_its_own_past(tmp_path: Path, csl) -> None:
    """One row of a party that came on is dated by its citation, the other by the two snapshots alone."""
    own = [csl.row(1, federal_register_notice=""), csl.row(1, addresses=[])]
    for day, rows in (("10", []), ("20", own), ("25", own[::-1])):
        content = csl.file([csl.row(0), *rows], search_performed_at=f"2026-08-{day}T05:00:00Z")
        assert given(tmp_path, content).quarantined is None
    current = in_use(tmp_path, EMPTY)
    on = date(2025, 4, 1)  # 90 FR 14046 was printed on 2025-03-28
    values = {
        row.citation: status(row, "EL", on, on, current.lists[0]).value for row in current.parties if row.key[-1] == "1"
    }
    assert values == {"90 FR 14046": True, "": False}


@pytest.mark.parametrize("field", ["type", "entity_number", "name", "programs", "remarks"])
def test_half_a_character_is_refused_wherever_it_stands(tmp_path: Path, csl, field: str) -> None:
    value: Any = ["\ud800"] if field == "programs" else "\ud800"
    content = csl.file([csl.row(1, **{field: value})])
    assert "half of a character" in reasons(given(tmp_path, content))
    assert given(tmp_path, csl.file([csl.row(1, name="𠮷 Trading")])).quarantined is None


def test_a_row_that_is_wrong_is_told_by_its_number(csl) -> None:
    for more, words in (
        ({"start_date": "2026-02-30"}, "row 2: day is out of range"),
        ({"addresses": ["x"]}, "row 2: "),
    ):
        with pytest.raises(UnreadableListError, match=words):
            read_list(ListFile("a.json", csl.file([csl.row(1), csl.row(2, **more)])))


def test_tables_of_other_supplements_are_no_part_of_the_entity_list(entity_list: str) -> None:
    other = (
        "<table><tr><th>Country</th><th>Entity</th><th>Federal Register citation</th></tr>"
        "<tr><td>CHINA</td><td>Some End User, 1 Road, Beijing, China.</td><td>85 FR 83799</td></tr></table></body>"
    )
    whole = entity_list.replace("</body>", other)
    own, more = (read_list(ListFile("a.html", text.encode()))[1].rows for text in (entity_list, whole))
    assert more == own


def test_a_profile_of_sdn_advanced_that_stands_there_twice_replaces_no_other(advanced: str) -> None:
    start = advanced.index('<DistinctParty FixedRef="102">')
    end = advanced.index("</DistinctParty>", start) + len("</DistinctParty>")
    text = advanced.replace("</DistinctParties>", advanced[start:end].replace("Wei", "Other") + "</DistinctParties>")
    with pytest.raises(UnreadableListError, match="the profile 102 stands there twice"):
        read_list(ListFile("SDN_ADVANCED.XML", text.encode()))


def test_a_file_that_is_the_same_on_a_later_day_makes_its_list_younger(tmp_path: Path, files) -> None:
    """A file without a day that its publisher has not changed: what it says is so on the later day too."""

    def take(day: int) -> Update:
        given_day = Given("dpl", date(2026, 8, day))
        return update(tmp_path, files["dpl"], given_day, NOW, in_use(tmp_path, EMPTY))

    assert take(1).quarantined is None
    assert take(1).is_known
    assert not take(20).is_known
    current = in_use(tmp_path, EMPTY)
    assert current.list_of("DPL").dated == date(2026, 8, 20)
    assert {row.seen_on for row in current.parties} <= {None, date(2026, 8, 1)}
    assert take(10).is_known
    assert len(records(tmp_path)) == 2


def test_north_korea_is_not_south_korea(entity_list: str) -> None:
    text = entity_list.replace("<td>SINGAPORE</td>", "<td>KOREA, NORTH</td>").replace(
        ", 1 Raffles Place, Singapore.", ""
    )
    assert read_list(ListFile("a.html", text.encode()))[1].rows[-1].countries == ("KP",)
