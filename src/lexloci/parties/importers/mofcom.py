"""An announcement of China's Ministry of Commerce that puts parties on one of its three lists, as text or as its page.

It names its list ("列入出口管制管控名单"), its number and its day ("【发文日期】2025年03月04日", or the day under the
signature), how many parties ("15家"), and the parties: numbered behind "附件" as "1. 莱多斯公司（Leidos）", perhaps
with branches behind a dash, "地址：" and "邮编："; or within the sentence "决定将 ... 列入". It adds to its list and
says nothing of those who are on it already. A word that suspends or ends measures is no list and is refused.
Source of the form: the announcements 2023-1 to 2025-10 of the Unreliable Entity List Mechanism and the Ministry's
2025-1, -13, -35, -51 and 2026-11, as kept in github.com/ammitto/data-cn (reference-docs).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from html.parser import HTMLParser
from typing import Final

from lexloci.parties.events import EventKind, ListEvent
from lexloci.parties.importers.countries import code_of
from lexloci.parties.importers.file import (
    MAX_CELL,
    ListFile,
    Reading,
    UnreadableListError,
    checked,
    encoding_doubts,
    shown,
    text_of,
)
from lexloci.parties.importers.registry import DESCRIBED, TITLES, country_before, with_latin_core
from lexloci.parties.importers.repair import names_of, party_key, tidy
from lexloci.parties.listing import ListedParty

CODE_OF_NAME: Final = {"出口管制管控名单": "CN-ECL", "关注名单": "CN-AL", "不可靠实体清单": "CN-UEL"}
DECISION: Final = re.compile(rf"决定(?:于[^将。]{{0,12}})?将((?:(?!决定)[^。])+?)列入({'|'.join(CODE_OF_NAME)})")
ENDS: Final = re.compile(r"暂停|移出|移除|停止(?![。；])")  # "应当立即停止。" is what an addition asks of exporters
_DAY: Final = r"(\d{4})年(\d{1,2})月(\d{1,2})日"
NUMBER: Final = re.compile(r"【发布文号】\s*(\S+)")
ISSUED: Final = re.compile(rf"【发文日期】\s*{_DAY}")
SIGNED: Final = re.compile(_DAY)
BEGINS: Final = re.compile(rf"(?:本公告自|决定于){_DAY}")
COUNT: Final = re.compile(r"(?<!\d)(\d{1,6})家[^，。；]{0,12}?(?:实体|企业|公司|机构)")
ITEM: Final = re.compile(r"(\d{1,3})\s*[.．、]\s*(\S.*)")
BRANCH: Final = re.compile(r"[-－–—]\s*(\S.*)")
ADDRESS: Final = re.compile(r"地\s*址\s*[:：]\s*(\S.*)")
POSTCODE: Final = re.compile(r"邮\s*编\s*[:：]")
NAMED: Final = re.compile(
    r"\s*(?P<own>[^（(]+?)\s*[（(](?P<latin>.+?)[)）](?=及其|以及|等|、|和|及|$)(?:、|和|以及|及(?!其))?"
)
REST: Final = re.compile(
    "(?:及其|等).*"
)  # what may follow the parties of a sentence: their branches, how many they are
COUNTED: Final = re.compile(r"等\d+家")  # "and others, 15 in all", perhaps with "(see annex)" behind it
OWN_AND_LATIN: Final = re.compile(r"(?P<own>[^（(]+?)\s*[（(](?P<latin>.+)[)）](?P<rest>[^（）()]*)")
LONGEST_DECISION: Final = 10_000  # letters; those of 2023 to 2026 have less than 1,000
BRANCHES: Final = "分支机构"
_BLOCKS: Final = frozenset(("p", "div", "br", "li", "tr", "td", "h1", "h2", "h3", "h4", "title", "table"))


@dataclass
class _Item:
    """One party as it is printed, with the branches that the announcement names under it."""

    names: tuple[str, ...]
    stands_for_more: bool = False
    branches: list[str] = field(default_factory=list)
    address: str = ""


def read_mofcom(file: ListFile) -> Reading:
    """The parties that the announcement adds. UnreadableListError where it is cut off, or adds nobody to one list."""
    text = text_of(file.content)
    printed = _page_lines(text) if text.lstrip().startswith("<") else text.splitlines()
    if sum(map(len, printed)) > MAX_CELL:
        raise UnreadableListError(f"it has more than {MAX_CELL} letters: no announcement has")
    lines = [line for one in printed if (line := tidy(one))]
    flat = re.sub(r"\s+", "", "".join(lines))
    code = _code_of(flat)
    issued, doubts = _issued(lines)
    items = _items(lines)
    _check_count(flat, items)
    number = NUMBER.search("\n".join(lines))
    event = ListEvent(EventKind.ADDED, issued, _begins(flat, issued), citation=number[1] if number else "")
    rows = [row for item in items for row in _rows(item, code, event)]
    found = (*doubts, *_end_of(text, lines), *encoding_doubts(rows))
    groups = (code,) if any(item.stands_for_more for item in items) else ()
    return Reading(checked(rows), (code,), issued, found, {code: TITLES[code]}, extracts=groups, adds_to=(code,))


def _code_of(flat: str) -> str:
    """The list that the announcement adds to."""
    decisions = DECISION.findall(flat)
    codes = {CODE_OF_NAME[name] for _, name in decisions}
    if (not codes and ENDS.search(flat)) or any(ENDS.search(whom) for whom, _ in decisions):
        raise UnreadableListError(
            "it suspends or ends measures, and adds nobody: give a register of all parties after it (format registry)"
        )
    if len(codes) != 1:
        names = "、".join(CODE_OF_NAME)
        raise UnreadableListError(f'"决定将 ... 列入" stands in it for {len(codes)} of {names}, and not for one')
    return codes.pop()


def _issued(lines: Sequence[str]) -> tuple[date, tuple[str, ...]]:
    """The day of the announcement, and a doubt where its head and its signature differ."""
    head = ISSUED.search("\n".join(lines))
    signed = [match for line in lines if (match := SIGNED.fullmatch(line.strip("（）() ")))]
    days = [date(int(one[1]), int(one[2]), int(one[3])) for one in ([head] if head else []) + signed]
    if not days:
        raise UnreadableListError("it does not say of which day it is: 【发文日期】 or a line with its day is missing")
    other = next((day for day in days if day != days[0]), None)
    return days[0], () if other is None else (f"it says that it is of {days[0]}, and of {other}",)


def _end_of(text: str, lines: Sequence[str]) -> tuple[str, ...]:
    """A doubt where the last line is a party and has no end."""
    is_open = bool(ITEM.fullmatch(lines[-1])) and not text.endswith(("\n", ">"))
    return ("its last line has no end: it seems cut off",) if is_open else ()


def _begins(flat: str, issued: date) -> date:
    """From which day it counts: one that it names ("自2025年4月10日12时01分起"), else its own."""
    match = BEGINS.search(flat)
    return date(int(match[1]), int(match[2]), int(match[3])) if match else issued


def _items(lines: Sequence[str]) -> list[_Item]:
    """The parties that stand numbered, else those in the sentence; refused where it names others than are numbered."""
    numbered, named = _numbered(lines), _in_a_sentence("".join(lines))
    known = {name for item in numbered for name in item.names}
    other = next((item for item in named if known.isdisjoint(item.names)), None)
    if numbered and other:
        raise UnreadableListError(f'"{shown(other.names[0], 60)}" in its decision is not among what it numbers')
    return numbered or named


def _numbered(lines: Sequence[str]) -> list[_Item]:
    """The parties that stand numbered, each with what stands under it; none where nothing is numbered."""
    items: list[_Item] = []
    for line in lines:
        if match := ITEM.fullmatch(line):
            if int(match[1]) != len(items) + 1:
                raise UnreadableListError(f"number {match[1]} follows number {len(items)}: parties are missing")
            items.append(_item(match[2]))
        elif items and (match := BRANCH.fullmatch(line)):
            items[-1].branches.append(match[1])
        elif items and (match := ADDRESS.match(line)):
            items[-1].address = POSTCODE.split(match[1])[0]
    return items


def _item(text: str) -> _Item:
    """A party such as "莱多斯公司（Leidos）", its Latin name first: so the registers of the list have it."""
    if len(re.findall("[（(]", text)) != len(re.findall("[）)]", text)):
        raise UnreadableListError(f'"{shown(text, 60)}" has a bracket without its other: it seems cut off')
    match = OWN_AND_LATIN.fullmatch(text)
    if match is None:
        return _Item((text,))
    return _Item((match["latin"], match["own"]), BRANCHES in match["rest"])


def _in_a_sentence(text: str) -> list[_Item]:
    """The parties between "决定将" and "列入", each with its Latin name in brackets; refused where one has none."""
    match = DECISION.search(text)
    if match is None:
        return []
    whom = COUNTED.split(match[1])[0]
    if len(whom) > LONGEST_DECISION:
        raise UnreadableListError(f"its decision names parties in {len(whom)} letters: no sentence is as long")
    rest = NAMED.sub("", whom).strip()
    owns = [one["own"] for one in NAMED.finditer(whom)]
    unnamed = next((one for one in owns if "、" in one), "" if not owns or REST.fullmatch(rest) else rest)
    if unnamed:
        raise UnreadableListError(f'"{shown(unnamed, 60)}" in its decision has a name without its other in brackets')
    named = [_Item((one["latin"], DESCRIBED.sub("", one["own"]))) for one in NAMED.finditer(whom)]
    if named and (BRANCHES in match[1] or re.search(r"等外国实体$", match[1])):
        named[-1].stands_for_more = True
    return named


def _check_count(flat: str, items: Sequence[_Item]) -> None:
    """Its own count, where it states one, is that of the parties that it names."""
    if not items:
        raise UnreadableListError("it names no party: neither numbered, nor in brackets before 列入; perhaps cut off")
    stated = COUNT.search(flat)
    if stated and int(stated[1]) != len(items):
        raise UnreadableListError(f"it says that it names {stated[1]} parties and names {len(items)}: it seems cut off")


def _rows(item: _Item, code: str, event: ListEvent) -> list[ListedParty]:
    """The row of the party, and one for each branch that is named under it."""
    country = country_before(item.address) or code_of(item.address.rsplit(",", 1)[-1].strip(" .（("))
    rows = []
    for printed in (item.names, *((one,) for one in item.branches)):
        names = with_latin_core(names_of(printed[0], printed[1:], code))
        if not names:
            raise ValueError(f'"{shown(printed[0])}" is no name')
        rows.append(
            ListedParty(
                code,
                names,
                "Entity",  # 实体
                countries=(country,) if country else (),
                citation=event.citation,
                key=party_key(names[0]),
                events=(event,),
            )
        )
    return [row for place, row in enumerate(rows) if row.key not in {one.key for one in rows[:place]}]


class _Page(HTMLParser):
    """The text of a page with a line for each block; scripts and styles are left out."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[list[str]] = [[]]
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self.hidden += tag in ("script", "style")
        if tag in _BLOCKS:
            self.lines.append([])

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in ("script", "style") and self.hidden > 0
        if tag in _BLOCKS:
            self.lines.append([])

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            first, *rest = data.split("\n")
            self.lines[-1].append(first)
            self.lines += [[one] for one in rest]


def _page_lines(text: str) -> list[str]:
    page = _Page()
    page.feed(text)
    page.close()
    if not re.search(r"</(?:html|body|div)\s*>\s*$", text[-1000:], re.IGNORECASE):
        raise UnreadableListError("its last element has no end: it seems cut off")
    return ["".join(pieces) for pieces in page.lines]
