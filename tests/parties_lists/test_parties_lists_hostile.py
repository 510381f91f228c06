"""Truncated, shuffled, mis-encoded and hostile files: each is read whole or refused in a line, and no list is lost."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lexloci.parties.difference import difference
from lexloci.parties.importers.file import MAX_ELEMENTS, ListFile, Reading, UnreadableListError
from lexloci.parties.importers.formats import FORMATS, read_list
from lexloci.parties.listing import ListSet, PartyList
from lexloci.parties.quarantine import quarantined
from lexloci.parties.store import in_use
from lexloci.parties.update import Given, Update, update

NAMES = [one.name for one in FORMATS]
BY_LINES = ("csl-csv", "dpl", "1260h", "1260h-periods", "sdn-csv")
NOW = "2026-08-20T08:00:00+00:00"
DAY = date(2026, 8, 15)
KEYS = ("results", "source", "name", "addresses", "ids", "list_id", "raw", "entries", "tables")
EMPTY = ListSet((), ())
HOSTILE = {
    "nothing": b"",
    "blanks": b" \n\t ",
    "null bytes": b"\x00" * 64,
    "end of file mark": b"\x1a",
    "UTF-16": '{"results": []}'.encode("utf-16"),
    "deep JSON": b'{"results": ' + b"[" * 200_000,
    "deep JSON, closed": b'{"results": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "giant number": b'{"results": [], "total": ' + b"9" * 100_000 + b"}",
    "infinity": b'{"results": [1e999], "total": 1}',
    "no rows": b'{"results": [], "total": 0}',
    "rows of another kind": b'{"results": [1, "x", null, [], {}], "total": 5}',
    "names of another kind": b'{"results": [{"source": "Entity List (EL)", "name": {"x": []}}]}',
    "addresses of another kind": b'{"results": [{"source": "Entity List (EL)", "name": "X", "addresses": [7]}]}',
    "a bomb": b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">]>
<CONSOLIDATED_LIST dateGenerated="2026-02-27"><ENTITIES><ENTITY><FIRST_NAME>&d;</FIRST_NAME></ENTITY></ENTITIES>
</CONSOLIDATED_LIST>""",
    "a file of the system": b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]>
<CONSOLIDATED_LIST dateGenerated="2026-02-27"><ENTITY><FIRST_NAME>&f;</FIRST_NAME></ENTITY></CONSOLIDATED_LIST>""",
    "a document type": b"""<!DOCTYPE Sanctions SYSTEM "http://example.org/x.dtd"><Sanctions/>""",
    "an entity that nobody declared": b"<CONSOLIDATED_LIST dateGenerated='2026-02-27'>&x;</CONSOLIDATED_LIST>",
    "deep XML": b'<CONSOLIDATED_LIST dateGenerated="2026-02-27">' + b"<ENTITIES>" * 100_000,
    "another encoding stated": b'<?xml version="1.0" encoding="UTF-7"?><CONSOLIDATED_LIST dateGenerated="2026-01-01"/>',
    "an open quotation": b'name,first_listed,on_2026-06-08\n"X,2021-06-03,yes\n' + b"y," * 100_000,
    "a field without end": b'1,"' + b"x" * 1_000_000 + b'",-0- ',
    "days that are none": b"name,first_listed,on_2026-06-08\nX,2026-99-99,yes\n",
    "numbers of another script": '١٢,"X",-0- \n'.encode(),
    "a page of an error": b"<html><head><title>503</title></head><body>license requirement</body></html>",
    "zip": b"PK\x03\x04" + bytes(range(256)),
}


def asked(file: ListFile, name: str | None = None) -> Reading | None:
    """What was read, or None where it was refused; anything else fails the test."""
    try:
        return read_list(file, name)[1]
    except UnreadableListError as error:
        text = str(error)
        assert text
        assert "\n" not in text
        assert text.isprintable()
        assert len(text) < 400
        return None


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_file_is_refused_in_one_line_by_every_importer(name: str, what: str) -> None:
    assert asked(ListFile("x.csv", HOSTILE[what], {"alt.csv": HOSTILE[what]}), name) is None
    assert asked(ListFile("x", HOSTILE[what])) is None


@pytest.mark.parametrize("name", NAMES)
def test_a_file_that_is_cut_anywhere_gives_no_party_that_the_whole_has_not(
    name: str, files: dict[str, ListFile]
) -> None:
    whole = files[name]
    names = {row.name for row in read_list(whole)[1].rows}
    cuts = random.Random(7).choices(range(len(whole.content)), k=150) + [len(whole.content) - 1 - n for n in range(20)]
    for cut in cuts:
        reading = asked(replace(whole, content=whole.content[:cut]), name)
        if reading is not None and not reading.doubts:
            read = {row.name for row in reading.rows}
            assert read <= names  # a file of lines that is cut between two of them: the store sees what is lost


@pytest.mark.parametrize(
    "name", [name for name in NAMES if name not in ("csl-csv", "dpl", "1260h", "1260h-periods", "sdn-csv")]
)
def test_json_and_xml_that_is_cut_is_refused(name: str, files: dict[str, ListFile]) -> None:
    content = files[name].content.rstrip()
    for cut in range(1, len(content), max(1, len(content) // 120)):
        assert asked(replace(files[name], content=content[:cut]), name) is None


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_mutated_files_raise_nothing_else(name: str, files: dict[str, ListFile], data: st.DataObject) -> None:
    content = bytearray(files[name].content)
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(content) - 1))
        what = data.draw(st.sampled_from(["flip", "drop", "twice", "insert"]))
        piece = data.draw(st.sampled_from(["\u202e", "\u200b", "\x00", "А", '"', "<", "]", "\ud7ff", "9" * 50, "\n"]))
        if what == "flip":
            content[place] ^= 1 << data.draw(st.integers(0, 7))
        elif what == "drop":
            del content[place : place + data.draw(st.integers(1, 400))]
        elif what == "twice":
            content[place:place] = content[place : place + 300]
        else:
            content[place:place] = piece.encode()
        content = content or bytearray(b"x")
    reading = asked(replace(files[name], content=bytes(content)), name)
    for row in reading.rows if reading else ():
        for party in (*row.names, *row.weak_names):
            assert party
            assert "\u202e" not in party
            assert "\u200b" not in party
            assert "\x00" not in party


@settings(max_examples=200)
@given(st.binary(max_size=400), st.sampled_from([None, *NAMES]))
def test_bytes_of_any_kind_raise_nothing_else(content: bytes, name: str | None) -> None:
    asked(ListFile("sdn.csv", content, {"alt.csv": content}), name)


@pytest.mark.slow
@settings(max_examples=100)
@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=9),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
        max_leaves=20,
    )
)
def test_json_of_any_shape_raises_nothing_else(value: object) -> None:
    for name in ("csl-json", "csl-tables", "registry", "entity-list"):
        asked(ListFile("x.json", json.dumps(value).encode()), name)


@pytest.mark.slow
def test_a_party_with_a_million_aliases_is_refused(csl, files: dict[str, ListFile]) -> None:
    many = [f"A{number}" for number in range(1_000_000)]
    with pytest.raises(UnreadableListError, match="a list of 1000000 texts; a party has no more than 2000"):
        read_list(ListFile("x.json", csl.file([csl.row(1, alt_names=many)])))
    with pytest.raises(UnreadableListError, match="a cell has 7888889 letters"):
        read_list(ListFile("x.json", csl.file([csl.row(1, alt_names=[";".join(many)])])))
    alias = "".join(f'10278,{number},"aka","B{number}",-0- \n' for number in range(20_000))
    siblings = {**files["sdn-csv"].siblings, "alt.csv": alias.encode()}
    with pytest.raises(UnreadableListError, match="has 20002 names; no party has more than 2000"):
        read_list(replace(files["sdn-csv"], siblings=siblings))
    element = "<ENTITY_ALIAS><ALIAS_NAME>A</ALIAS_NAME></ENTITY_ALIAS>" * 60_000
    xml = files["un"].content.decode().replace("<ENTITY_ALIAS>", element + "<ENTITY_ALIAS>", 1)
    with pytest.raises(UnreadableListError, match="a party has more than 100000 elements"):
        read_list(ListFile("x.xml", xml.encode()))


def test_a_name_without_end_is_refused_and_what_nobody_sees_is_left_out(csl) -> None:
    row = csl.row(1, name="\u202eHua\u200bwei\u2066 ", alt_names=["\u200b\u202e", "Ｈｕａｗｅｉ"])
    assert read_list(ListFile("x.json", csl.file([row])))[1].rows[0].names == ("Huawei", "Ｈｕａｗｅｉ")
    with pytest.raises(UnreadableListError, match="a name has 10000 letters"):
        read_list(ListFile("x.json", csl.file([csl.row(1, name="x" * 10_000)])))


@pytest.mark.parametrize("name", ["csl-csv", "dpl", "1260h", "sdn-csv"])
def test_rows_in_another_order_are_the_same_list(name: str, files: dict[str, ListFile]) -> None:
    whole = files[name]
    lines = whole.content.decode("utf-8-sig").splitlines(keepends=True)
    head, rest = (lines[:1], lines[1:]) if name != "sdn-csv" else ([], lines)
    random.Random(3).shuffle(rest)
    shuffled = replace(whole, content="".join((*head, *rest)).encode())
    assert difference(read_list(whole)[1].rows, read_list(shuffled)[1].rows).is_empty


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_the_store_keeps_its_list_whatever_is_given_next(name: str, files: dict[str, ListFile], tmp_path: Path) -> None:
    given_day = Given(name, None if asked(files[name], name).dated else DAY)  # type: ignore[union-attr]
    first = update(tmp_path, files[name], given_day, NOW, EMPTY)
    assert first.quarantined is None
    kept = in_use(tmp_path, EMPTY)
    assert kept.parties
    for content in (*HOSTILE.values(), files[name].content[: len(files[name].content) // 2].rstrip(b"\n")):
        done = update(tmp_path, replace(files[name], content=content), Given(name, DAY), NOW, kept)
        assert done.quarantined is not None
    now = in_use(tmp_path, EMPTY)
    assert (now.lists, now.parties, now.past) == (kept.lists, kept.parties, kept.past)
    assert len(quarantined(tmp_path)) == len({bytes(one) for one in HOSTILE.values()}) + 1


def losing(folder: Path, count: int, keep: list[int], csl, code: str = "EL") -> Update:
    """A list of so many parties, then a later file that keeps only some of them."""
    first = ListFile("a.json", csl.file([csl.row(number, code) for number in range(count)]))
    assert update(folder, first, Given(), NOW, EMPTY).quarantined is None
    later = csl.file([csl.row(number, code) for number in keep], search_performed_at="2026-08-16T05:00:00Z")
    return update(folder, ListFile("b.json", later), Given(), NOW, in_use(folder, EMPTY))


def test_the_list_that_lost_a_quarter_of_its_rows_in_2019_is_set_aside(tmp_path: Path, csl) -> None:
    order = random.Random(1).sample(range(686), 515)
    done = losing(tmp_path, 686, order, csl, "DTC")
    assert done.quarantined is not None
    assert "171 of 686 parties would go (25%)" in done.quarantined.reasons[0]
    assert done.quarantined.acceptable


def test_a_twentieth_may_go_and_is_told(tmp_path: Path, csl) -> None:
    done = losing(tmp_path, 200, [number for number in range(200) if number % 20], csl)
    assert done.quarantined is None
    assert done.differences
    assert len(done.differences["EL"].removed) == 10


def test_a_file_that_ends_early_at_the_end_of_a_line_is_set_aside(tmp_path: Path, csl) -> None:
    done = losing(tmp_path, 200, list(range(190)), csl)
    assert done.quarantined is not None
    assert (
        "10 of 200 parties would go, and nothing is left of the last 10: it seems cut off"
        in done.quarantined.reasons[0]
    )


def test_a_list_that_is_missing_from_a_file_of_many_is_set_aside(tmp_path: Path, csl) -> None:
    both = [csl.row(1), csl.row(2, "SDN", "Specially Designated Nationals")]
    assert update(tmp_path, ListFile("a.json", csl.file(both)), Given(), NOW, EMPTY).quarantined is None
    later = csl.file([csl.row(1)], search_performed_at="2026-08-16T05:00:00Z")
    done = update(tmp_path, ListFile("b.json", later), Given(), NOW, in_use(tmp_path, EMPTY))
    assert done.quarantined is not None
    assert done.quarantined.reasons == ("Specially Designated Nationals: all of its 1 rows are missing",)


def test_an_older_file_and_one_of_the_future_are_set_aside_for_good(tmp_path: Path, csl) -> None:
    assert isinstance(losing(tmp_path, 3, [0, 1, 2], csl).lists[0], PartyList)
    for day, words in (("2026-08-01", "older than the list in use of 2026-08-16"), ("2026-09-01", "later than today")):
        file = ListFile(f"{day}.json", csl.file([csl.row(9)], search_performed_at=f"{day}T05:00:00Z"))
        done = update(tmp_path, file, Given(), NOW, in_use(tmp_path, EMPTY))
        assert done.quarantined is not None
        assert words in done.quarantined.reasons[0]
        assert not done.quarantined.acceptable


@pytest.mark.parametrize(
    ("change", "is_set_aside"),
    [
        (lambda name: name.replace("a", "а"), True),  # Cyrillic
        (lambda name: name.encode().decode("latin-1").replace("e", "Ã©"), True),
        (lambda name: f"\u202e{name[:3]}\u200b{name[3:]}", False),  # nobody sees it, and it is left out
        (str.upper, False),
    ],
)
def test_letters_replaced_in_most_names_are_set_aside_though_no_party_is_gone(
    change, is_set_aside: bool, tmp_path: Path, csl
) -> None:
    def rows(letters) -> list[dict[str, object]]:
        own = {"code": "SDN", "title": "Specially Designated Nationals"}
        return [csl.row(n, **own, name=letters(f"Sample Trader {n}"), entity_number=str(n)) for n in range(200)]

    assert update(tmp_path, ListFile("a.json", csl.file(rows(str))), Given(), NOW, EMPTY).quarantined is None
    later = csl.file(rows(change), search_performed_at="2026-08-16T05:00:00Z")
    done = update(tmp_path, ListFile("b.json", later), Given(), NOW, in_use(tmp_path, EMPTY))
    assert (done.quarantined is not None) is is_set_aside
    if done.quarantined:
        assert "200 of 200 parties would bear none of the names that they bear (100%)" in "".join(
            done.quarantined.reasons
        )
        assert done.quarantined.acceptable


def test_a_missing_field_and_a_cut_are_told_in_words(csl) -> None:
    row = {name: value for name, value in csl.row(1).items() if name != "name"}
    with pytest.raises(UnreadableListError, match="JSON is: row 1: the field 'name' is missing"):
        read_list(ListFile("x.json", csl.file([row])))
    with pytest.raises(UnreadableListError, match=r"Unterminated string.*; it seems cut off"):
        read_list(ListFile("x.json", csl.file([csl.row(1)])[:-40]))


@pytest.mark.slow
def test_a_list_of_many_parties_side_by_side_is_not_one_party_of_many_elements(advanced: str, files) -> None:
    """The official file has some 19,000 parties; the limit of elements is of each alone."""
    start = advanced.index('<DistinctParty FixedRef="101">')
    one = advanced[start : advanced.index("</DistinctParty>", start) + len("</DistinctParty>")]
    entry = '<SanctionsEntry ID="{0}" ProfileID="{0}" ListID="1550"/>'
    numbers = range(1000, 7000)
    many = "".join(one.replace('"101"', f'"{number}"') for number in numbers)
    text = advanced.replace("<DistinctParties>", f"<DistinctParties>{many}")
    text = text.replace("<SanctionsEntries>", "<SanctionsEntries>" + "".join(map(entry.format, numbers)))
    assert many.count("<") // 2 > MAX_ELEMENTS
    assert len(read_list(ListFile("SDN_ADVANCED.XML", text.encode()))[1].rows) == len(numbers) + 2
    entity = "<ENTITY><DATAID>{0}</DATAID><FIRST_NAME>SAMPLE {0}</FIRST_NAME><ENTITY_ALIAS/></ENTITY>"
    people = "".join(entity.format(number) for number in range(30_000))
    xml = files["un"].content.decode().replace("<ENTITIES>", f"<ENTITIES>{people}")
    assert len(read_list(ListFile("un.xml", xml.encode()))[1].rows) == 30_002
