"""Every official format is recognised by its content and read as it is published."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from html import escape

import pytest

from lexloci.model.errors import LexlociError
from lexloci.parties.bundled import bundled
from lexloci.parties.importers.entity_list_table import parts_of
from lexloci.parties.importers.file import ListFile, UnreadableListError
from lexloci.parties.importers.formats import FORMATS, format_of, read_list
from lexloci.parties.lists import ListedParty

NAMES = [one.name for one in FORMATS]


def rows(file: ListFile) -> dict[str, ListedParty]:
    """The rows of a file by their first names."""
    return {row.name: row for row in read_list(file)[1].rows}


@pytest.mark.parametrize("name", NAMES)
def test_a_file_is_recognised_by_its_content_whatever_its_name(name: str, files: dict[str, ListFile]) -> None:
    assert format_of(replace(files[name], name="download.bin")).name == name
    assert read_list(files[name])[0].name == name
    assert format_of(files[name], name).name == name


def test_a_format_that_does_not_exist_is_refused_with_those_that_do(files: dict[str, ListFile]) -> None:
    with pytest.raises(LexlociError, match=r'"pdf" is no format; give --format one of csl-json, .*sdn-csv'):
        format_of(files["un"], "pdf")


def test_sdn_joins_its_four_files_and_tells_weak_aliases_apart(files: dict[str, ListFile]) -> None:
    found = {row.key: row for row in read_list(files["sdn-csv"])[1].rows}
    assert len(found) == 17
    hesa = found["11195"]
    assert hesa.name == "IRAN AIRCRAFT MANUFACTURING INDUSTRIAL COMPANY"
    assert "HESA TRADE CENTER" in hesa.names
    assert "HESA" in hesa.weak_names
    assert "HESA" not in hesa.names
    assert hesa.programmes == ("NPWMD", "IFSR", "IRAN-CON-ARMS-EO")
    assert hesa.countries == ("IR",)
    assert ("National ID No.", "10100722073", "Iran") in hesa.identifiers
    suex = found["33151"]  # its remarks overflow into SDN_COMMENTS.CSV
    assert "SUCCESSFUL EXCHANGE" in suex.weak_names
    assert any(number == "5299007NTWCC3U23WM81" for _, number, _ in suex.identifiers)
    assert (found["15102"].kind, found["11195"].kind, found["20540"].kind) == ("Individual", "Entity", "Aircraft")


def test_sdn_without_its_aliases_is_refused(files: dict[str, ListFile]) -> None:
    with pytest.raises(UnreadableListError, match=r"aliases are missing: put alt.csv and add.csv beside it"):
        read_list(replace(files["sdn-csv"], siblings={}))
    alone = {name: content for name, content in files["sdn-csv"].siblings.items() if name == "alt.csv"}
    assert any("add.csv" in one for one in read_list(replace(files["sdn-csv"], siblings=alone))[1].doubts)


def test_a_part_of_sdn_is_told_from_the_list(files: dict[str, ListFile]) -> None:
    for name in ("alt.csv", "add.csv", "sdn_comments.csv"):
        with pytest.raises(UnreadableListError, match=r"name SDN.CSV"):
            read_list(ListFile(name, files["sdn-csv"].siblings[name]))


def test_sdn_advanced_has_original_scripts_weak_aliases_days_and_owners(files: dict[str, ListFile]) -> None:
    reading = read_list(files["sdn-advanced"])[1]
    company, person = reading.rows
    assert reading.dated == date(2026, 8, 14)
    assert company.names == ("SHENZHEN MADE UP LTD", "深圳虚构有限公司")
    assert company.weak_names == ("SMU",)
    assert (company.key, company.kind, company.countries, company.programmes) == ("101", "Entity", ("CN",), ("NPWMD",))
    assert company.identifiers == (("Registration Number", "91440300", "CN"),)
    assert company.relations == (("Owned or Controlled By", "102"),)
    assert company.events
    assert company.events[0].effective_from == date(2025, 3, 4)
    assert (person.names, person.kind, person.events) == (("SAMPLE, Wei",), "Individual", None)


def test_sdn_advanced_reads_every_edition_of_its_namespace(advanced: str) -> None:
    other = advanced.replace("http://www.un.org/sanctions/1.0", "https://example.org/ADVANCED_XML")
    assert len(read_list(ListFile("x.xml", other.encode()))[1].rows) == 2


def test_the_united_nations_list(files: dict[str, ListFile]) -> None:
    reading = read_list(files["un"])[1]
    person, company = reading.rows
    assert (reading.dated, reading.codes) == (date(2026, 2, 27), ("UN",))
    assert person.names == ("SAMPLE PERSON", "شخص نموذجي", "S. Person")
    assert person.weak_names == ("The Sample",)
    assert (person.countries, person.programmes, person.key) == (("RW",), ("DRC",), "7000001")
    assert ("Passport", "P1", "") in person.identifiers
    assert company.names == ("SAMPLE TRADING CORPORATION", "STC")
    assert company.countries == ("KP",)


def test_the_denied_persons_list_has_the_days_of_its_orders(files: dict[str, ListFile]) -> None:
    ash = rows(files["dpl"])["I. ASH"]
    assert ash.events
    assert [(event.kind.value, event.effective_from) for event in ash.events] == [
        ("added", date(2003, 6, 19)),
        ("removed", date(2056, 6, 29)),
    ]
    assert ash.citation.startswith("68 F.R. 38290 6/27/03")


def test_the_table_of_the_entity_list_keeps_aliases_countries_and_footnotes(files: dict[str, ListFile]) -> None:
    found = rows(files["entity-list"])
    first = found["Sample Computing Co., Ltd."]
    assert first.names == ("Sample Computing Co., Ltd.", "SCC", "Sample Computers")
    assert first.countries == ("CN", "HK")
    assert first.licence_requirement == "For all items subject to the EAR. (See §§ 734.9(e)1 and 744.11 of the EAR)"
    assert found["Second Institute"].countries == ("CN",)
    assert found["Third Pte. Ltd."].countries == ("SG",)
    assert read_list(files["entity-list"])[1].doubts == ()


def test_cells_of_the_entity_list_alone(entity_list: str) -> None:
    from pathlib import Path

    sample = Path(__file__).with_name("samples") / "entity_list.json"
    found = rows(ListFile("x.json", sample.read_bytes()))
    assert found["Academy of Military Medical Sciences"].names[1:] == ("AMMS",)
    assert "Academy of Military Medical Sciences, Institute of Basic Medicine" in found
    assert all(row.countries == ("CN",) for row in found.values())
    short = entity_list.replace("two aliases", "three aliases")
    assert "1 rows do not have as many aliases" in read_list(ListFile("x.html", short.encode()))[1].doubts[0]


@pytest.mark.parametrize(
    ("cell", "parts"),
    [
        ("A Co., Ltd., 1 Road, X, China.", ("A Co., Ltd.", [], "1 Road, X, China")),
        ("A Institute, Room 5, X, China.", ("A Institute", [], "Room 5, X, China")),
        ("A, Inc., China.", ("A, Inc.", [], "China")),
        (
            "A, a.k.a., the following one alias: -B Co., Ltd. No. 8 Some Road, X.",
            ("A", ["B Co., Ltd."], "No. 8 Some Road, X"),
        ),
        (
            "A, a.k.a., the following one alias: -B Pvt. Ltd. 1 Some Road, X.",
            ("A", ["B Pvt. Ltd."], "1 Some Road, X"),
        ),
        (
            "A, a.k.a., the following one alias: -Yu. A. Nobody Institute. 1 Some Road, X.",
            ("A", ["Yu. A. Nobody Institute"], "1 Some Road, X"),
        ),
        (
            "A, a.k.a., the following one alias: -I. Tec Trading FZE. 1 Some Road, X.",
            ("A", ["I. Tec Trading FZE"], "1 Some Road, X"),
        ),
    ],
)
def test_names_and_addresses_of_a_cell(cell: str, parts: tuple[str, list[str], str]) -> None:
    assert parts_of(cell)[:3] == parts


def test_the_consolidated_list_as_csv_in_both_headers(files: dict[str, ListFile]) -> None:
    old = read_list(files["csl-csv"])[1]
    assert len(old.rows) == 115
    assert {"EL", "SDN", "DPL", "UVL", "SSI", "DTC", "ISN"} <= set(old.codes)
    new = read_list(ListFile("c.csv", files["csl-csv"].siblings["consolidated.csv"]))[1]
    by_name = {row.name: row for row in new.rows}
    cetc = by_name["China Electronics Technology Group Corporation 13th Research Institute"]
    assert cetc.names[1] == "CETC 13"
    assert cetc.list_code == "EL"
    assert cetc.events
    assert cetc.events[0].effective_from == date(2018, 8, 1)  # printed as 87 FR 37423 elsewhere, for 83 FR 37423
    bank = by_name["SME BANK"]
    assert "JSC SME BANK" in bank.names
    assert bank.key == "18283"
    assert ("Public Registration Number", "1027739108649", "") in bank.identifiers
    assert not any(kind.startswith("Website") for kind, _, _ in bank.identifiers)
    assert by_name["Academy of Aerospace Solid Propulsion Technology"].list_code == "MEU"


def test_the_consolidated_list_as_json(files: dict[str, ListFile], csl) -> None:
    reading = read_list(files["csl-json"])[1]
    assert (len(reading.rows), reading.dated, reading.codes) == (5, date(2026, 8, 15), ("EL",))
    row = csl.row(
        1,
        name="Huawei Technologies Co., Ltd. (Huawei). Affiliated Entity: Xi?an Works",
        alt_names=["One;Two", "THREE."],
        start_date="2019-05-21",
        ids=[{"type": "Unified Social Credit Code (USCC)", "number": "914", "country": "CN"}],
        entity_number=7,
    )
    party = read_list(ListFile("x.json", csl.file([row])))[1].rows[0]
    assert party.names == ("Xi'an Works", "One", "Two", "THREE.")
    assert (party.key, party.kind, party.countries) == ("7", "", ("CN",))
    assert party.identifiers == (("Unified Social Credit Code (USCC)", "914", "CN"),)


def test_a_file_of_json_that_lost_rows_is_refused(csl) -> None:
    with pytest.raises(UnreadableListError, match="says it has 9 rows and holds 1"):
        read_list(ListFile("x.json", csl.file([csl.row(1)], total=9)))


def test_the_table_of_1260h_is_an_extract_with_open_cells(files: dict[str, ListFile]) -> None:
    reading = read_list(files["1260h"])[1]
    assert (reading.dated, reading.extracts) == (date(2026, 6, 8), ("1260H",))
    huawei, megvii = reading.rows
    assert huawei.names == ("Huawei", "HWI")
    assert [event.effective_from.year for event in huawei.events or ()] == [2021, 2025, 2026]  # each edition settles it
    assert {event.confidence.value for event in megvii.events or ()} == {"unsettled"}


def test_the_registry_of_mofcom_has_both_names_and_the_day(files: dict[str, ListFile]) -> None:
    reading = read_list(files["registry"])[1]
    assert (reading.dated, reading.codes) == (date(2026, 8, 15), ("CN-ECL",))
    assert reading.rows[0].names == ("Sample Works 0", "样本工厂0")
    assert reading.rows[0].countries == ("JP",)


def test_a_header_that_lost_a_column_is_refused_and_one_that_gained_one_is_a_doubt(files: dict[str, ListFile]) -> None:
    text = files["dpl"].content.decode()
    with pytest.raises(UnreadableListError, match="header has changed: the columns FR_Citation are missing"):
        read_list(ListFile("d.txt", text.replace("FR_Citation", "Citation").encode()))
    lines = [line + "\tx" for line in text.strip().splitlines()]
    wider = "\n".join(lines).replace("\tx", '\t"New"', 1) + "\n"
    assert "its header has changed" in read_list(ListFile("d.txt", wider.encode()))[1].doubts[0]


def test_a_file_in_another_encoding_is_refused_or_doubted(csl) -> None:
    row = csl.row(1, name="Société Générale")
    plain = json.dumps({"total": 1, "results": [row]}, ensure_ascii=False)
    with pytest.raises(UnreadableListError, match="no UTF-8: a wrong encoding"):
        read_list(ListFile("x.json", plain.encode("latin-1")))
    with pytest.raises(UnreadableListError, match="UTF-16"):
        read_list(ListFile("x.json", plain.encode("utf-16")), "csl-json")
    twice = plain.encode().decode("cp1252").encode()
    assert "spoilt by a wrong encoding" in read_list(ListFile("x.json", twice))[1].doubts[0]
    assert read_list(ListFile("x.json", b"\xef\xbb\xbf" + plain.encode()))[1].doubts == ()


NUMBERS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]


def as_cell(party: ListedParty) -> str:
    """The cell of a party as the table prints one: aliases behind dashes, a point that ends them, the address."""
    first, *aliases = party.names
    if not aliases:
        return f"{first}, 12 Some Road, City."
    many = NUMBERS[len(aliases)] if len(aliases) < len(NUMBERS) else str(len(aliases))
    listed = "; ".join(f"\u2014{alias}" for alias in aliases).removesuffix(".")
    return f"{first}, a.k.a., the following {many} alias{'es' * (len(aliases) > 1)}: {listed}. 12 Some Road, City."


def test_the_whole_entity_list_as_its_table_is_the_list_that_comes_with_lexloci() -> None:
    own = [party for party in bundled().parties if party.list_code == "EL"]
    cells = [("CHINA", as_cell(one), one.licence_requirement, one.licence_policy, one.citation) for one in own]
    head = ("Country", "Entity", "License requirement", "License review policy", "Federal Register citation")
    table = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in (head, *cells))
    read = read_list(ListFile("supplement.html", f"<html><table>{table}</table></html>".encode()))[1].rows
    assert len(read) == len(own) == 3420
    names = [({name.rstrip(".") for name in a.names}, {name.rstrip(".") for name in b.names})
             for a, b in zip(own, read, strict=True)]  # fmt: skip
    assert sum(a == b for a, b in names) > 3350  # the others have a point or a bracket within a name
    assert sum(a.key != b.key for a, b in zip(own, read, strict=True)) <= 3
