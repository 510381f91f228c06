"""OFAC's SDN list as SDN.CSV with ALT.CSV, ADD.CSV and SDN_COMMENTS.CSV beside it; none has a header.

SDN: number, name, type, programmes, title, call sign, vessel type, tonnage, gross tonnage, flag, owner, remarks.
ALT: number, number of the alias, kind, alias, remarks. ADD: number, number of the address, street, place, country,
remarks. SDN_COMMENTS: number, remarks that did not fit. ``-0-`` stands for nothing. Weak aliases stand in
quotation marks in the remarks: ``a.k.a. 'BNC'``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePath
from typing import Final

from lexloci.parties.importers.countries import codes_of
from lexloci.parties.importers.file import (
    ListFile,
    Reading,
    UnreadableListError,
    checked,
    csv_rows,
    encoding_doubts,
    end_doubts,
)
from lexloci.parties.importers.repair import tidy, unique
from lexloci.parties.listing import ListedParty

NOTHING: Final = "-0-"
WEAK: Final = re.compile(r"\b[afn]\.k\.a\. '((?:(?!\b[afn]\.k\.a\. ').)+?)'(?=[;.]|$)")
IDENTIFIER: Final = re.compile(
    r"^(?:alt\. )?(?P<kind>[A-Z][\w./() -]*?(?:No\.|Number|ID|Code|Passport|BIC|IMO|MMSI|Address - \w+)(?: \(\w+\))?)"
    r" (?P<number>[\w./:-]*\d[\w./:-]*)(?: \((?P<country>[^)]+)\))?"
)
KINDS: Final = {"": "Entity", "individual": "Individual", "vessel": "Vessel", "aircraft": "Aircraft"}
PARTS: Final = ("alt", "add", "sdn_comments")


def siblings_of(name: str) -> dict[str, str]:
    """The names of the files that belong to an SDN.CSV, by part: the same name with another part in it."""
    base = PurePath(name).name
    match = re.search("sdn", base, re.IGNORECASE)
    if match is None:
        return {}
    big = match[0].isupper()
    return {part: base[: match.start()] + (part.upper() if big else part) + base[match.end() :] for part in PARTS}


def read_sdn_csv(file: ListFile) -> Reading:
    """The SDN list. UnreadableListError where a file is malformed, or the aliases are not beside it."""
    names = siblings_of(file.name)
    if names.get("alt", "ALT.CSV") not in file.siblings:
        raise UnreadableListError(
            f"its aliases are missing: put {names.get('alt', 'ALT.CSV')} and {names.get('add', 'ADD.CSV')} beside it"
        )
    part = {key: file.siblings[name] for key, name in names.items() if name in file.siblings}
    numbers: set[str] = set()
    aliases: dict[str, list[str]] = {}
    for number, _, _, alias, _ in _records(part["alt"], 5, names["alt"]):
        aliases.setdefault(number, []).append(alias)
    places: dict[str, list[str]] = {}
    for number, _, _, _, country, _ in _records(part.get("add", b""), 6, names["add"]):
        places.setdefault(number, []).append(country)
    more: dict[str, list[str]] = {}
    for number, text in _records(part.get("sdn_comments", b""), 2, names["sdn_comments"]):
        more.setdefault(number, []).append(text)
    rows = []
    for record in _records(file.content, 12, file.name):
        number, remarks = record[0], " ".join((record[11], *more.get(record[0], ())))
        if number in numbers:
            raise UnreadableListError(f"the number {number} stands there twice")
        numbers.add(number)
        rows.append(_party(record, remarks, aliases.get(number, []), places.get(number, [])))
    doubts = list(encoding_doubts(rows))
    strays = len(set(aliases) - numbers)
    if strays:
        doubts.append(
            f"{strays} parties of {names['alt']} are not in it: it seems cut off, or the files are of two days"
        )
    whole = {file.name: file.content} | {names[key]: content for key, content in part.items()}
    doubts += [f"{name}: {doubt}" for name, content in whole.items() for doubt in end_doubts(content)]
    if "add" not in part:
        doubts.append(f"its addresses are missing: put {names['add']} beside it")
    return Reading(checked(rows), ("SDN",), None, tuple(doubts), {"SDN": "Specially Designated Nationals"})


def _party(record: list[str], remarks: str, aliases: list[str], countries: list[str]) -> ListedParty:
    kind = KINDS.get(record[2].casefold())
    if kind is None:
        raise ValueError(f'number {record[0]}: "{record[2]}" is no type of party')
    names = unique([record[1], *aliases])
    if not names:
        raise ValueError(f"number {record[0]} has no name")
    found = (IDENTIFIER.match(piece) for piece in remarks.split("; "))
    identifiers = tuple((one["kind"], one["number"].rstrip("."), one["country"] or "") for one in found if one)
    return ListedParty(
        "SDN",
        names,
        kind,
        codes_of(countries),
        key=record[0],
        programmes=tuple(one.strip("[] ") for one in record[3].split("] [") if one),
        weak_names=unique(WEAK.findall(remarks)),
        identifiers=identifiers,
        remarks=tidy(remarks),
    )


def _records(content: bytes, fields: int, name: str) -> Iterator[list[str]]:
    """The records of one file, each with its number first and nothing for ``-0-``."""
    if not content:
        return
    for line, record in csv_rows(content):
        if len(record) != fields:
            raise UnreadableListError(
                f"{name} line {line}: {len(record)} fields instead of {fields}: its form has changed"
            )
        if not (record[0].isascii() and record[0].isdigit() and len(record[0]) <= 9):
            raise UnreadableListError(f"{name} line {line}: it does not begin with the number of a party")
        yield ["" if cell.strip() == NOTHING else cell for cell in record]
