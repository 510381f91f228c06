"""The cells of a sheet of an .xlsx workbook as texts, read safely: sizes are bounded, XML has no entities.

A workbook is a ZIP file of XML parts (ECMA-376). Read are the names of the sheets, the shared strings and the cells;
formulas count as the value that was last computed; what shows how a name is read (``rPh``) is left out.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Final
from xml.etree.ElementTree import Element

from lexloci.parties.importers.file import MAX_BYTES, UnreadableListError
from lexloci.parties.importers.xml_source import elements, plain_name

MAX_PARTS: Final = 1000  # files inside the workbook; METI's has about a dozen
MAX_COLUMNS: Final = 200
_CELL: Final = re.compile(r"([A-Z]{1,3})\d+")
_BREAK: Final = re.compile(r"_x000D_")


def rows_of_sheet(content: bytes, sheet: str) -> Iterator[list[str]]:
    """The rows of the first sheet whose name holds ``sheet``, else of the first one; empty cells are "".

    UnreadableListError where the file is cut off, no workbook, or larger than any list.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            yield from _rows(parts, sheet)
    # zipfile raises NotImplementedError for a way of packing that it does not know, RuntimeError for a locked file
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise UnreadableListError(f"it is no whole workbook ({str(error)[:60]}): it seems cut off") from None


def _rows(parts: zipfile.ZipFile, sheet: str) -> Iterator[list[str]]:
    names = parts.infolist()
    if len(names) > MAX_PARTS or sum(one.file_size for one in names) > MAX_BYTES:
        raise UnreadableListError("it unpacks to more than any workbook of a list has")
    shared = [_text(one) for one in elements(_part(parts, "xl/sharedStrings.xml"), frozenset(("si",)))]
    for row in elements(_part(parts, _path_of(parts, sheet)), frozenset(("row",))):
        cells: dict[int, str] = {}
        for cell in row:
            if plain_name(cell.tag) == "c":
                cells[_column(cell.get("r"), len(cells))] = _value(cell, shared)
        yield [cells.get(place, "") for place in range(max(cells, default=-1) + 1)]


def _part(parts: zipfile.ZipFile, name: str) -> bytes:
    """A part of the workbook; an empty element where it has none, as one without shared strings."""
    try:
        with parts.open(name) as part:
            content = part.read(MAX_BYTES + 1)
    except KeyError:
        if name == "xl/sharedStrings.xml":
            return b"<sst/>"
        raise UnreadableListError(f"it is no workbook of sheets: it has no part {name[:60]}") from None
    if len(content) > MAX_BYTES:
        raise UnreadableListError("it unpacks to more than any workbook of a list has")
    return content


def _path_of(parts: zipfile.ZipFile, sheet: str) -> str:
    """Where the sheet lies in the workbook."""
    found = [(one.get("name", ""), _relation(one)) for one in elements(
        _part(parts, "xl/workbook.xml"), frozenset(("sheet",)))]  # fmt: skip
    if not found:
        raise UnreadableListError("it is a workbook without a sheet")
    wanted = next((number for name, number in found if sheet in name), found[0][1])
    for one in elements(_part(parts, "xl/_rels/workbook.xml.rels"), frozenset(("Relationship",))):
        if one.get("Id") == wanted:
            target = one.get("Target", "")
            return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
    raise UnreadableListError("its sheet is not where the workbook says")


def _relation(sheet: Element) -> str:
    return next((value for name, value in sheet.attrib.items() if plain_name(name) == "id" and name != "id"), "")


def _column(place: str | None, following: int) -> int:
    """The number of a cell's column, 0 for A; the following one where the cell does not say."""
    match = _CELL.fullmatch(place or "")
    number = following + 1
    if match:
        number = 0
        for letter in match[1]:
            number = number * 26 + ord(letter) - ord("A") + 1
    if number > MAX_COLUMNS:
        raise UnreadableListError(f"a row has more than {MAX_COLUMNS} columns: no list has")
    return number - 1


def _value(cell: Element, shared: list[str]) -> str:
    """The text of a cell: of the shared strings, written in it, or a number as it stands."""
    value = next((child.text or "" for child in cell if plain_name(child.tag) == "v"), "")
    if cell.get("t") == "s":
        return shared[int(value)]
    if cell.get("t") == "inlineStr":
        return "".join(_text(child) for child in cell if plain_name(child.tag) == "is")
    return value.removesuffix(".0")


def _text(element: Element) -> str:
    """The letters of a string with its runs; not those that show how it is read."""
    own = "".join(
        _text(child) if plain_name(child.tag) == "r" else (child.text or "")
        for child in element
        if plain_name(child.tag) in ("t", "r")
    )
    return _BREAK.sub("", own)
