"""The foreign end user list of Japan's Ministry of Economy, Trade and Industry: its workbook, or its table as CSV.

Columns, each headed in Japanese and English: number, country or region, company or organization, other names (each
behind "・"), kinds of weapons of mass destruction, conventional weapons. A name may have its Japanese or Chinese form
in brackets. Numbers run without a gap. The list does not date its parties, and the file not itself.
Source of the form: the edition of 2025-09-29 (meti.go.jp/policy/anpo/20250929_4.xlsx, sheet ユーザーリスト), as public
importers read it (github.com/opensanctions/opensanctions, datasets/jp/meti_eul); the file itself was not at hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from lexloci.parties.importers.countries import code_of
from lexloci.parties.importers.file import (
    ListFile,
    Reading,
    UnreadableListError,
    checked,
    csv_rows,
    encoding_doubts,
    end_doubts,
    shown,
)
from lexloci.parties.importers.registry import TITLES
from lexloci.parties.importers.repair import names_of, party_key, tidy
from lexloci.parties.importers.workbook import rows_of_sheet
from lexloci.parties.listing import ListedParty

CODE: Final = "JP-EUL"
SHEET: Final = "ユーザーリスト"
HEADS: Final = (
    ("no",),
    ("国名", "country"),
    ("企業名", "company"),
    ("別名", "also known"),
    ("懸念区分", "wmd"),
    ("通常兵器", "conventional"),
)
ANOTHER: Final = re.compile(r"(?:^|\n)\s*[・･]")  # a name goes on in the next line where that has no point before it
FEWEST_COLUMNS: Final = 5  # the editions before 2025-09-29 have no conventional weapons


def read_meti(file: ListFile) -> Reading:
    """The list. UnreadableListError where its table is cut off or has other columns."""
    is_workbook = file.content.startswith(b"PK")
    table = rows_of_sheet(file.content, SHEET) if is_workbook else (cells for _, cells in csv_rows(file.content))
    rows = [_party(cells) for cells in _numbered(table)]
    doubts = (*encoding_doubts(rows), *(() if is_workbook else end_doubts(file.content)))
    return Reading(checked(rows), (CODE,), None, doubts, {CODE: TITLES[CODE]})


def _numbered(table: Iterable[list[str]]) -> Iterator[list[str]]:
    """The records below the header, whose numbers run from 1."""
    columns, last = 0, 0
    for cells in table:
        if not columns:
            columns = _columns(cells)
            continue
        record = [*cells, *[""] * (columns - len(cells))][:columns]
        if not any(cell.strip() for cell in record):
            continue
        number = record[0].strip()
        if not number.isdecimal() or int(number) != last + 1:
            raise UnreadableListError(f'number "{shown(number, 20)}" follows number {last}: parties are missing')
        last += 1
        yield record
    if not columns:
        raise UnreadableListError(f"no row has the columns {', '.join(heads[-1] for heads in HEADS)}")


def _columns(cells: list[str]) -> int:
    """How many columns the table has where the row is its header; 0 where it is not. Refused with others."""
    told = [cell.casefold() for cell in cells]
    if not told or tidy(told[0]).rstrip(".") not in HEADS[0]:
        return 0
    known = sum(any(head in cell for head in heads) for cell, heads in zip(told, HEADS, strict=False))
    if known < FEWEST_COLUMNS or known != len([cell for cell in told if cell.strip()]):
        raise UnreadableListError(f"its header has changed: it now is {shown(', '.join(map(tidy, cells)), 150)}")
    return known


def _party(record: list[str]) -> ListedParty:
    number, country, name, others, *concerns = record
    names = names_of(tidy(name), map(tidy, ANOTHER.split(others)), CODE)
    if not tidy(name) or not names:
        raise ValueError(f"number {number} has no name")
    places = (code_of(tidy(part)) for part in country.splitlines())
    return ListedParty(
        CODE,
        names,
        "Entity",
        tuple(dict.fromkeys(code for code in places if code))[:1],
        key=party_key(names[0]),
        remarks="; ".join(text for one in concerns if (text := tidy(one))),
    )
