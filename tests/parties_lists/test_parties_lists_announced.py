"""Announcements of China's Ministry of Commerce, METI's workbook and 1260H by periods are read as they are printed."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from lexloci.model.fact import UNKNOWN
from lexloci.parties.bundled import bundled
from lexloci.parties.events import Confidence, EventKind
from lexloci.parties.importers.file import ListFile, UnreadableListError
from lexloci.parties.importers.formats import read_list
from lexloci.parties.listing import ListedParty, ListSet, PartyList
from lexloci.parties.status import status
from lexloci.parties.store import in_use
from lexloci.parties.update import Given, Update, update

EMPTY = ListSet((), ())
NOW = "2026-09-20T08:00:00+00:00"
SAMPLES = Path(__file__).with_name("samples")
NUMBERED, SENTENCE = "mofcom_2025-13.txt", "mofcom_2025-8_unreliable.txt"


def text_of(name: str) -> str:
    return (SAMPLES / name).read_text(encoding="utf-8")


def read(text: str) -> tuple[ListedParty, ...]:
    return read_list(ListFile("announcement.txt", text.encode()))[1].rows


def of_day(code: str, day: date) -> list[ListedParty]:
    """The bundled rows of a list that were added on a day: another transcription of the same announcements."""
    own = (row for row in bundled().parties if row.list_code == code)
    return [row for row in own if row.events and row.events[0].published == day]


@pytest.mark.parametrize(
    ("name", "code", "day", "begins"),
    [
        (NUMBERED, "CN-ECL", date(2025, 3, 4), date(2025, 3, 4)),
        (SENTENCE, "CN-UEL", date(2025, 4, 9), date(2025, 4, 10)),  # "自2025年4月10日12时01分起实施"
    ],
)
def test_an_announcement_names_whom_another_transcription_of_it_has(
    name: str, code: str, day: date, begins: date
) -> None:
    form, reading = read_list(ListFile(name, text_of(name).encode()))
    assert (form.name, reading.codes, reading.adds_to, reading.dated) == ("mofcom", (code,), (code,), day)
    assert not reading.doubts
    assert {frozenset(row.names) for row in reading.rows} == {frozenset(row.names) for row in of_day(code, day)}
    assert {(event.published, event.effective_from) for row in reading.rows for event in row.events or ()} == {
        (day, begins)
    }


def test_the_page_of_an_announcement_is_read_as_its_text() -> None:
    lines = "".join(f"<p>{line.replace('&', '&amp;')}</p>" for line in text_of(NUMBERED).splitlines())
    page = f"<!DOCTYPE html><html><head><style>p {{}}</style><script>'停止'</script></head><body>{lines}</body></html>"
    assert read(page) == read(text_of(NUMBERED))
    with pytest.raises(UnreadableListError, match="its last element has no end"):
        read(page[:-20])


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("15. 宇航环境公司（Aero Vironment）\n", "", "it says that it names 15 parties and names 14"),
        ("7. 红色六方案公司（Red Six Solutions）\n", "", "number 8 follows number 6"),
        ("（Leidos）", "（Leidos", "has a bracket without its other"),
        ("公告2025年第13号\n【发文日期】2025年03月04日", "", "it says that it is of"),
        ("决定将莱多斯公司等15家美国实体列入", "决定暂停将莱多斯公司等15家美国实体列入", "suspends or ends measures"),
        ("决定将莱多斯公司等15家", "决定将甲公司（A）列入关注名单，决定将莱多斯公司等15家", "and not for one"),
        ("家美国实体列入出口管制管控名单（见附件）", "家美国实体列", "and not for one"),
    ],
)  # fmt: skip
def test_an_announcement_that_is_not_whole_is_refused(old: str, new: str, why: str) -> None:
    text = text_of(NUMBERED)
    assert old in text or "发文日期" in old
    if "发文日期" in old:
        text = text.replace("2025年03月04日", "2025年03月05日")
        assert why in read_list(ListFile("x.txt", text.encode()))[1].doubts[0]
        return
    with pytest.raises(UnreadableListError, match=why):
        read(text.replace(old, new))


@pytest.mark.parametrize(
    "whom", ["甲公司（Alpha Inc.）和乙公司", "甲公司、乙公司（Beta Inc.）", "甲公司（A）、乙公司等"]
)
def test_a_party_of_a_sentence_without_brackets_is_not_passed_over(whom: str) -> None:
    text = f"【发文日期】2026年07月24日\n决定将{whom}列入不可靠实体清单，并采取以下措施。\n"
    with pytest.raises(UnreadableListError, match=r"has a name without its other in brackets"):
        read(text)
    with pytest.raises(UnreadableListError, match="is not among what it numbers"):
        read(text.replace(whom, "甲公司（Alpha Inc.）") + "1. 禁止上述企业从事进出口活动；\n2. 禁止投资。\n")
    both = read("【发文日期】2026年07月24日\n决定将甲公司（A）以及乙公司（B）等外国实体列入不可靠实体清单。\n")
    assert [row.names for row in both] == [("A", "甲公司"), ("B", "乙公司")]


def test_an_annex_that_the_sentence_names_in_brackets_is_no_party() -> None:
    text = text_of(NUMBERED)
    where = "家美国实体列入出口管制管控名单（见附件）"
    assert where in text
    assert read(text.replace(where, "家美国实体（见附件）列入出口管制管控名单")) == read(text)


def test_a_word_that_suspends_measures_is_no_list() -> None:
    text = (
        "问：在不可靠实体清单方面有什么考虑？\n答：不可靠实体清单工作机制于2025年4月4日将11家美国实体列入"
        "不可靠实体清单。中方决定自2025年8月12日起，继续暂停4月4日公告相关措施90天。\n"
    )
    with pytest.raises(UnreadableListError, match="it suspends or ends measures, and adds nobody"):
        read(text)


def test_branches_and_addresses_under_a_party_are_read() -> None:
    text = (
        "【发文日期】2026年07月24日\n决定将甲公司等外国实体列入不可靠实体清单，并采取以下措施。\n附\n"
        "1. 甲公司（Alpha Inc.）及其分支机构\n   -Alpha Europe Limited\n   -Alpha Japan KK\n"
        "2.乙株式会社（Beta Co., Ltd.）\n地址：日本东京都港区1-1\n邮编：108-0075\n"
        "3.丙公司（Gamma a.s. (Praha)）\n地址：Areal 1450/1, Koprivnice, Czech Republic\n邮编：74221\n"
        "4.丁研究所\n"
    )
    found = read(text)
    assert [row.names for row in found] == [
        ("Alpha Inc.", "甲公司"), ("Alpha Europe Limited",), ("Alpha Japan KK",), ("Beta Co., Ltd.", "乙株式会社"),
        ("Gamma a.s. (Praha)", "丙公司"), ("丁研究所",),
    ]  # fmt: skip
    assert [row.countries for row in found] == [(), (), (), ("JP",), ("CZ",), ()]
    assert read_list(ListFile("x.txt", text.encode()))[1].extracts == ("CN-UEL",)


def added(folder: Path, text: str, base: ListSet) -> Update:
    return update(folder, ListFile("announcement.txt", text.encode()), Given(), NOW, in_use(folder, base))


def of_2026(text: str) -> str:
    return text.replace("2025年3月4日", "2026年8月3日").replace("2025年03月04日", "2026年08月03日")


def test_an_announcement_adds_to_its_list_which_stays_whole_and_of_its_day(tmp_path: Path) -> None:
    base = bundled()
    before = base.list_of("CN-ECL")
    rows = [row for row in base.parties if row.list_code == "CN-ECL"]
    text = (
        of_2026(text_of(NUMBERED))
        .replace("（Leidos）", "（Sample New Works Inc.）")
        .replace("莱多斯公司", "新样本公司")
    )
    done = added(tmp_path, text, base)
    assert done.quarantined is None
    assert done.differences
    found = done.differences["CN-ECL"]
    assert [party[0].name for party in found.added] == ["Sample New Works Inc."]
    assert not found.removed
    now = in_use(tmp_path, base)
    after = now.list_of("CN-ECL")
    assert (after.dated, after.complete, after.parties) == (before.dated, before.complete, len(rows) + 1)
    assert after.licence == f"{before.licence}; added files as its publisher states"
    assert after.source == f"{before.source}; file announcement.txt"
    assert not now.past
    new = next(row for row in now.parties if row.name == "Sample New Works Inc.")
    days = (date(2026, 8, 2), date(2026, 8, 3))
    assert [status(new, "CN-ECL", day, date(2026, 9, 1), after).value for day in days] == [False, True]
    again = next(row for row in now.parties if row.list_code == "CN-ECL" and row.name == "Skydio, Inc.")
    assert status(again, "CN-ECL", date(2025, 6, 1), date(2025, 6, 1), after).value is True  # its past is kept


def test_an_announcement_older_than_the_list_is_set_aside_and_one_without_a_list_before_is_an_extract(
    tmp_path: Path,
) -> None:
    done = added(tmp_path, text_of(NUMBERED), bundled())
    assert done.quarantined is not None
    assert "older than the list in use" in done.quarantined.reasons[0]
    assert not done.quarantined.acceptable
    assert added(tmp_path / "new", text_of(NUMBERED), EMPTY).quarantined is None
    own = in_use(tmp_path / "new", EMPTY).list_of("CN-ECL")
    assert (own.complete, own.dated) == (False, date(2025, 3, 4))


def test_metis_workbook_is_read_with_names_in_brackets_and_wrapped_aliases(files: dict[str, ListFile]) -> None:
    first, second, third = read_list(files["meti"])[1].rows
    assert first.names == ("Sample Front", "The World Sample Front against Everybody", "SF")
    assert (first.countries, first.remarks) == (("AF",), "生物、化学 B,C; CW")
    assert second.names == ("Sample 14th Research Institute", "SRI 14", "見本電子研究所", "見本研究所")
    assert (second.countries, third.countries) == (("CN",), ("RU",))
    assert third.names == ("Sample・Works OJSC", '"Sample" Enterprise JSC')


def test_metis_table_as_csv_is_the_same_list(files: dict[str, ListFile], meti_rows) -> None:
    import csv

    out = io.StringIO()
    csv.writer(out).writerows(meti_rows)
    form, reading = read_list(ListFile("list.csv", out.getvalue().encode("utf-8-sig")))
    assert form.name == "meti"
    assert reading.rows == read_list(files["meti"])[1].rows


def test_a_workbook_of_every_bundled_party_gives_the_same_parties(meti_workbook, meti_rows) -> None:
    own = [row for row in bundled().parties if row.list_code == "JP-EUL"]
    table = [
        (number, "", row.name, "\n".join(f"・{alias}" for alias in row.names[1:]), "", "")
        for number, row in enumerate(own, 1)
    ]
    rows = read_list(ListFile("x.xlsx", meti_workbook([meti_rows[0], *table])))[1].rows
    assert [row.key for row in rows] == [row.key for row in own]
    assert all(set(row.names) <= set(again.names) for row, again in zip(own, rows, strict=True))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda rows: rows[:2] + rows[3:], 'number "3" follows number 1'),
        (lambda rows: [rows[0][:3], *rows[1:]], "its header has changed"),
        (lambda rows: [(*rows[0], "Remarks"), *rows[1:]], "its header has changed"),
        (lambda rows: rows[1:], "no row has the columns"),
        (lambda rows: [rows[0], (1, "China", "", "・A", "", "")], "number 1 has no name"),
        (lambda rows: rows[:1], "it holds no party"),
    ],
)
def test_a_workbook_of_another_form_is_refused(change, why: str, meti_workbook, meti_rows) -> None:
    with pytest.raises(UnreadableListError, match=why):
        read_list(ListFile("x.xlsx", meti_workbook(change(list(meti_rows)))))


def zipped(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in parts.items():
            book.writestr(name, content)
    return out.getvalue()


def unzipped(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return {name: book.read(name) for name in book.namelist()}


def with_shared_strings(content: bytes) -> dict[str, bytes]:
    """The parts of a workbook with its strings kept apart, as Excel keeps them, each with how it is read."""
    parts = unzipped(content)
    strings: list[bytes] = []

    def apart(match: re.Match[bytes]) -> bytes:
        first, rest = match[1][:3], match[1][3:]
        runs = b'<r><t xml:space="preserve">' + first + b'</t></r><r><t xml:space="preserve">' + rest + b"</t></r>"
        strings.append(b"<si>" + runs + b'<rPh sb="0" eb="1"><t>SANPURU</t></rPh></si>')
        return b't="s"><v>%d</v>' % (len(strings) - 1)

    inline = re.compile(rb't="inlineStr"><is><t[^>]*>([^<]*)</t></is>')
    parts["xl/worksheets/sheet2.xml"] = inline.sub(apart, parts["xl/worksheets/sheet2.xml"])
    parts["xl/sharedStrings.xml"] = b"<sst>" + b"".join(strings) + b"</sst>"
    assert len(strings) > 10
    return parts


def test_strings_kept_apart_are_read_without_how_they_are_read(files: dict[str, ListFile]) -> None:
    apart = zipped(with_shared_strings(files["meti"].content))
    assert read_list(ListFile("x.xlsx", apart))[1].rows == read_list(files["meti"])[1].rows


@pytest.mark.slow
@pytest.mark.parametrize("part", ["xl/sharedStrings.xml", "xl/workbook.xml", "xl/worksheets/sheet2.xml"])
def test_a_hostile_workbook_is_refused_in_a_line(part: str, files: dict[str, ListFile]) -> None:
    parts = with_shared_strings(files["meti"].content)
    bomb = b'<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;">]><sst><si><t>&b;</t></si></sst>'
    for content in (bomb, b"", b"<sst>", b"\xff\xfe<", b'<sheetData><row><c r="ZZZ1"><v>1</v></c></row></sheetData>'):
        with pytest.raises(UnreadableListError) as refused:
            read_list(ListFile("x.xlsx", zipped({**parts, part: content})), "meti")
        assert "\n" not in str(refused.value)
    large = {**parts, part: b" " * (513 * 2**20)}
    with pytest.raises(UnreadableListError, match="unpacks to more than"):
        read_list(ListFile("x.xlsx", zipped(large)))


def test_what_is_no_workbook_and_a_pdf_say_what_to_give() -> None:
    with pytest.raises(UnreadableListError, match=r"it has no part xl/workbook\.xml"):
        read_list(ListFile("x.zip", zipped({"a.txt": b"x"})))
    with pytest.raises(UnreadableListError, match=r"it is a PDF, which is not read: give METI's list as its workbook"):
        read_list(ListFile("x.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"))


@pytest.mark.parametrize(
    "text",
    [
        "DEPARTMENT OF DEFENSE\n\nNotice of Availability of Designation of Chinese Military Companies\n\nAGENCY: ...\n",
        '{"title": "Notice of Designation of Chinese Military Company", "document_number": "2024-24723"}',
        "<html><title>Entities identified in accordance with Section 1260H</title><p>X</p></html>",
    ],
)
def test_a_notice_about_1260h_says_what_to_give_instead(text: str) -> None:
    with pytest.raises(UnreadableListError, match=r"which is not read: give its parties as a table \(1260h or"):
        read_list(ListFile("notice", text.encode()))


def known(rows: Iterable[ListedParty], name: str, day: date) -> object:
    row = next(row for row in rows if row.name == name)
    which = PartyList("1260H", "1260H", date(2026, 6, 8), 180, True, 3, "", "")
    return status(row, "1260H", day, date(2026, 9, 1), which).value


def test_1260h_by_periods_joins_the_rows_of_a_party_and_doubts_the_withdrawn_notice(
    files: dict[str, ListFile],
) -> None:
    reading = read_list(files["1260h-periods"])[1]
    assert reading.dated == date(2026, 6, 8)
    assert [row.names for row in reading.rows] == [
        ("Sample Chips Co., Ltd.", "SCC", "Beijing Sample"), ("Sample Drones Corporation",),
        ("Sample Cloud Inc.", "Older Cloud Inc."),
    ]  # fmt: skip
    chips = reading.rows[0]
    assert [(one.kind, one.confidence) for one in chips.events or ()][-1] == (EventKind.REMOVED, Confidence.UNSETTLED)
    days = (date(2022, 10, 4), date(2022, 10, 5), date(2026, 2, 16), date(2026, 2, 17))
    assert [known(reading.rows, chips.name, day) for day in days] == [False, True, True, UNKNOWN]
    drones = [known(reading.rows, "Sample Drones Corporation", day) for day in (date(2025, 1, 6), date(2025, 1, 7))]
    assert drones == [True, False]
    assert reading.rows[1].remarks == "under Sample Group"


def test_a_1260h_listing_that_goes_on_in_another_row_goes_on_whichever_stands_first(files: dict[str, ListFile]) -> None:
    head, *lines = files["1260h-periods"].content.decode().splitlines()
    rows = [
        "Sample Chips,Sample Chips,,,,,2024-01-31,2025-01-07,",
        "Sample Chips,Sample Chips,,,,,2025-01-07,,",
        *lines,
    ]
    for ordered in (rows, rows[::-1]):
        content = "\n".join((head, *ordered, "")).encode()
        found = read_list(replace(files["1260h-periods"], content=content))[1].rows
        days = (date(2025, 1, 6), date(2025, 1, 7))
        assert [known(found, "Sample Chips", day) for day in days] == [True, True]


def test_1260h_that_is_cut_to_one_edition_or_ends_before_it_begins_is_refused(files: dict[str, ListFile]) -> None:
    whole = files["1260h-periods"]
    head = b"\n".join(whole.content.split(b"\n")[:2]) + b"\n"
    with pytest.raises(UnreadableListError, match="all its rows begin on one day"):
        read_list(replace(whole, content=head))
    with pytest.raises(UnreadableListError, match="ends on 2023-01-07, before it begins"):
        read_list(replace(whole, content=whole.content.replace(b"2024-01-31,2025-01-07", b"2024-01-31,2023-01-07")))
