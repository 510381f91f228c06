"""The Entity List as its table is printed (Supplement No. 4 to 15 CFR Part 744): as HTML, XML or CSV, cells in prose.

Columns: country, entity, license requirement, license review policy, Federal Register citation; a cell of the
country may stand empty where it is the one above. The entity's cell reads "NAME, a.k.a., the following N aliases:
-A; -B. ADDRESS; and ADDRESS.", or "NAME, ADDRESS." Footnotes stand raised behind the section that
they belong to. A list of {"name", "raw"} in JSON is read as such cells too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from typing import Final

from lexloci.parties.importers.countries import code_of, codes_of
from lexloci.parties.importers.file import (
    MAX_CELL,
    ListFile,
    Reading,
    UnreadableListError,
    checked,
    csv_rows,
    encoding_doubts,
    end_doubts,
    json_of,
    plain,
    text_of,
)
from lexloci.parties.importers.repair import names_of, party_key, tidy, unique
from lexloci.parties.listing import ListedParty

MAX_LETTERS: Final = 32 * 2**20  # the whole of Part 744 has about 6 million
COLUMNS: Final = ("country", "entity", "license requirement", "license review policy", "federal register citation")
ALIASES: Final = re.compile(
    r",? *(?:[afn]\.k\.a\.,?|also known as) *the following (?P<count>[\w-]+) alias(?:es)?"
    r" *: *(?P<names>.*)$",
    re.IGNORECASE | re.DOTALL,
)
DASH: Final = re.compile(r"(?:^|[;,.] *(?:and )?) *[-–—] *")
END_OF_ALIASES: Final = re.compile(r"(?<![A-Z])(?<!\bCo)(?<!\bLtd)(?<!\bInc)(?<!\bCorp)(?<!\bNo)(?<!\bSt)\. +(?=\S)")
# A part of a cell that begins an address: a number, or a word that no name of a party begins with.
ADDRESS: Final = re.compile(
    r"^(?:and )?(?:\d|no\. ?\d|p\.? ?o\.? box|(?:room|rm|suite|unit|floor|flat|block|building|bldg|plot)\b|"
    r"[\w. -]+ (?:road|rd|street|st|avenue|ave|district|highway|boulevard|lane|zone|province|city|floor|building)\b)",
    re.IGNORECASE,
)
LONGEST_WORD: Final = 40  # letters beside a point in which it is looked what the point ends
LONGEST_BEGINNING: Final = 200  # letters in which an address shows that it is one
NUMBERED: Final = re.compile(r"^(?:\d|no\. ?\d|p\.? ?o\.? box)", re.IGNORECASE)
LONGEST_INITIAL: Final = 2  # letters, as "Yu"
ABBREVIATED: Final = re.compile(r"pvt|pte|sdn|tech|sci|univ|inst|intl|mfg|n\.?a", re.IGNORECASE)
SHORTENED: Final = re.compile(r"\b(?:Co|Ltd|Inc|Corp|Bhd|Pte|Pvt)$", re.IGNORECASE)
LEGAL_FORM: Final = re.compile(
    r"^(?:ltd|inc|llc|l\.l\.c|co|corp|corporation|limited|s\.?a|gmbh|jsc|fze?|plc)\b\.?", re.IGNORECASE
)
_WORDS: Final = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
eighteen nineteen twenty
"""
NUMBERS: Final = {word: number for number, word in enumerate(_WORDS.split())}


def read_entity_list(file: ListFile) -> Reading:
    """The list; it does not state its day. UnreadableListError where no table of these columns is in the file."""
    doubts: list[str] = []
    rows = [row for cells in _cells(file.content) if (row := _party(cells, doubts)) is not None]
    if any(cells for cells in doubts):
        doubts = [f"{len(doubts)} rows do not have as many aliases as they say, such as {doubts[0]}"]
    ends = () if file.content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"[", b"<") else end_doubts(file.content)
    return Reading(checked(rows), ("EL",), None, (*doubts, *ends, *encoding_doubts(rows)), {"EL": "Entity List"})


def _cells(content: bytes) -> Iterator[tuple[str, str, str, str, str]]:
    """The five cells of each row, with the country of the row above where its own is empty."""
    text = text_of(content)
    start = text.lstrip()[:1]
    if start == "[":
        for one in json_of(content):
            yield "", tidy(plain(one["raw"])), "", "", ""
        return
    table = _html_rows(text) if start == "<" else [(False, record) for _, record in csv_rows(content)]
    country, is_known, is_found = "", False, False
    for is_header, record in table:
        cells = [tidy(cell) for cell in record]
        if tuple(cell.casefold() for cell in cells) == COLUMNS:
            is_known = is_found = True
        elif is_header and len(cells) > 1:  # of another table, as the whole of Part 744 has them
            is_known = False
        elif is_known and len(cells) == len(COLUMNS):
            country = cells[0] or country
            yield country, cells[1], cells[2], cells[3], cells[4]
        elif is_known and any(cells) and len(cells) > 1:
            raise UnreadableListError(f"a row of the table has {len(cells)} cells instead of 5: its form has changed")
    if not is_found:
        raise UnreadableListError(f"no table in it has the columns {', '.join(COLUMNS)}: its form has changed")


class _Table(HTMLParser):
    """Collects the cells of the rows of all tables, as pieces; entities of HTML are decoded, none can be declared."""

    ROWS: Final = ("tr", "row")
    CELLS: Final = ("td", "th", "ent", "ched")
    HEADS: Final = ("th", "ched")

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[list[str]]] = []
        self.others: set[int] = set()
        """The rows with a cell that is no head of a column."""
        self.is_in_cell = False

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag in self.ROWS:
            self.rows.append([])
        elif tag in self.CELLS and self.rows:
            self.rows[-1].append([])
            self.is_in_cell = True
            if tag not in self.HEADS:
                self.others.add(len(self.rows) - 1)
        elif tag in ("br", "p", "div", "li") and self.is_in_cell:
            self.rows[-1][-1].append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in (*self.CELLS, *self.ROWS):
            self.is_in_cell = False

    def handle_data(self, data: str) -> None:
        if self.is_in_cell:
            self.rows[-1][-1].append(data)


def _html_rows(text: str) -> list[tuple[bool, list[str]]]:
    """The rows of all tables, each with whether it is a header."""
    if len(text) > MAX_LETTERS:
        raise UnreadableListError(f"it has {len(text)} letters; the table has no more than {MAX_LETTERS}")
    table = _Table()
    table.feed(text)
    table.close()
    if not re.search(r"</(?:html|table|gpotable|div\d?|ecfr)\s*>\s*$", text[-1000:], re.IGNORECASE):
        raise UnreadableListError("its last element has no end: it seems cut off")
    rows = [["".join(pieces) for pieces in row] for row in table.rows]
    longest = max((len(cell) for row in rows for cell in row), default=0)
    if longest > MAX_CELL:
        raise UnreadableListError(f"a cell has {longest} letters; no cell has more than {MAX_CELL}")
    return [(place not in table.others, row) for place, row in enumerate(rows)]


def _party(cells: tuple[str, str, str, str, str], doubts: list[str]) -> ListedParty | None:
    country, entity, requirement, policy, citation = cells
    if not entity:
        return None
    first, aliases, address, is_as_stated = parts_of(entity)
    if not is_as_stated:
        doubts.append(f'"{first[:60]}"')
    names = names_of(first, aliases, "EL")
    if not names:
        raise ValueError(f'the cell "{entity[:60]}" names nobody')
    stated = code_of(country) or code_of(country.rpartition(",")[0])
    last = [piece.rsplit(",", 1)[-1].strip(" .0123456789") for piece in re.split(r"; and |; ", address)]
    countries = unique([stated or "", *codes_of(last)])
    return ListedParty("EL", names, "", countries, requirement, policy, citation, party_key(names[0]))


def parts_of(entity: str) -> tuple[str, list[str], str, bool]:
    """Name, aliases and address of a cell, and whether it has as many aliases as it says.

    >>> parts_of("Academy, a.k.a., the following one alias: -AMMS. 27 Taiping Road, Beijing, China.")
    ('Academy', ['AMMS'], '27 Taiping Road, Beijing, China', True)
    """
    match = ALIASES.search(entity)
    if match is None:
        name, address = _name_and_address(entity)
        return name, [], address, True
    listed, address = _aliases_and_address(match["names"])
    count = NUMBERS.get((match["count"] or "").casefold())
    if count is None and (match["count"] or "").isdigit():
        count = int(match["count"])
    return entity[: match.start()].strip(" ,"), listed, address, count is None or count == len(listed)


def _aliases_and_address(text: str) -> tuple[list[str], str]:
    """The aliases, each behind a dash, and the address behind the point that ends the last of them."""
    pieces = [piece for piece in DASH.split(text) if piece.strip(" .;")]
    if not pieces:
        return [], ""
    last, address = pieces[-1], ""
    ends = [one for one in END_OF_ALIASES.finditer(last) if not _is_within_name(*_beside(one))]
    if not ends:  # "... Co., Ltd. No. 5 Road": the point belongs to both
        points = [one for one in re.finditer(r"\. +", last) if not LEGAL_FORM.match(_beside(one)[1])]
        ends = [one for one in points if NUMBERED.match(_beside(one)[1])] or [
            one for one in points if ADDRESS.match(_beside(one)[1])
        ]
    if ends:
        last, address = last[: ends[0].start()], last[ends[0].end() :]
    names = [re.sub(r"[;,] *(?:and)?$", "", piece.strip()).strip(" ;") for piece in pieces[:-1]]
    last = re.sub(r"[;,] *(?:and)?$", "", last.strip()).strip(" ;.")
    names.append(f"{last}." if SHORTENED.search(last) else last)  # the point that ends the aliases is its own too
    return [name for name in names if name.strip(" .")], address.strip(" .")


def _beside(point: re.Match[str]) -> tuple[str, str]:
    """What stands before and behind a point, as far as it matters: whole cells would take hours."""
    text = point.string
    before = text[max(0, point.start() - LONGEST_WORD) : point.start()]
    return before, text[point.end() : point.end() + LONGEST_BEGINNING]


def _is_within_name(before: str, after: str) -> bool:
    """Whether a point shortens a word or a first name in an alias ("Pvt. Ltd", "Yu. A. Osipyan"), and ends no alias."""
    word = before.rsplit(" ", 1)[-1]
    return len(word) <= LONGEST_INITIAL or ABBREVIATED.fullmatch(word) is not None or bool(LEGAL_FORM.match(after))


def _name_and_address(text: str) -> tuple[str, str]:
    """A cell without aliases: the name ends where a part begins an address; the parts are set off by commas."""
    parts = text.strip().rstrip(".").split(", ")
    for place, part in enumerate(parts[1:], 1):
        if ADDRESS.match(part) and not LEGAL_FORM.match(part):
            return ", ".join(parts[:place]), ", ".join(parts[place:])
    return (", ".join(parts[:-1]), parts[-1]) if len(parts) > 1 and code_of(parts[-1]) else (", ".join(parts), "")
