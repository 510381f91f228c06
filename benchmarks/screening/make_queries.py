"""The benchmark's own queries: listed names changed by a seeded generator, aliases held out, ordinary companies.

A query file has the columns id, query, label (1, true, yes, match: the party is listed; 0, false, no, no match: it is
not), expected_list, expected_name, cls, as_of, note. The classes of true queries: exact, typo, two typos, reorder,
legal form, extra words, cyrillic, han (names in Chinese characters as METI's list prints them, beside an English one
that the US lists have too; those of han_queries.csv only where a document names the pair, and none from memory; none
of them is read as METI prints it), han printed (the same names once more, now as METI prints them), held-out alias (a
name that was taken off the list first, for all contestants). The false ones: constituents of stock indices
(pytickersymbols, MIT), less those whose name is a listed one.
"""

from __future__ import annotations

import csv
import random
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final, NamedTuple

from lexloci.parties.bundled import bundled
from lexloci.parties.folding import normalise
from lexloci.parties.han import HAN, NAMES, whole_form
from lexloci.parties.lists import ListedParty
from lexloci.parties.printed import Bilingual
from name_perturbations import SAME

HERE: Final = Path(__file__).parent
COLUMNS: Final = ("id", "query", "label", "expected_list", "expected_name", "cls", "as_of", "note")
ASKED: Final = ("query", "label", "expected_list", "expected_name", "cls")
LISTED: Final = frozenset(("1", "1 0", "true", "t", "yes", "y", "match", "listed", "positive"))
NOT_LISTED: Final = frozenset(
    ("0", "0 0", "false", "f", "no", "n", "no match", "non match", "nonmatch", "not listed", "unlisted", "negative")
)
HELD_OUT: Final = "han"
PRINTED: Final = "han printed"
UNKNOWN: Final = "han unknown"  # those of HELD_OUT that stand as a whole name in no table either
CHANGES: Final = ("typo", "two typos", "reorder", "legal form", "extra words", "cyrillic")
SHORTEST: Final = 8  # letters of a name that two lists share: a shorter one may be of two parties
HAN_NAME: Final = re.compile("[\u4e00-\u9fff0-9A-Za-z ()（）]*[\u4e00-\u9fff]{3}[\u4e00-\u9fff0-9A-Za-z ()（）]*")
AS_OF: Final = "2026-07-31"


class Query(NamedTuple):
    """One query: the name, whether its party is listed, the row that it should find, its class."""

    id: str
    query: str
    label: bool
    expected_list: str
    expected_name: str
    cls: str


class QueriesError(ValueError):
    """A file of queries that cannot be asked; its text is one line."""


def read_queries(file: Path) -> list[Query]:
    """The queries of a file; tells how many have a label that says neither. QueriesError where it cannot be read."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            table = csv.DictReader(lines)
            rows = [{name: row.get(name) or "" for name in COLUMNS} for row in table]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise QueriesError(f"{file}: cannot be read ({error}); give a CSV file in UTF-8") from None
    missing = [name for name in ASKED if name not in (table.fieldnames or ())]
    if missing:
        raise QueriesError(f"{file}: no column {', '.join(missing)}; write the columns {','.join(COLUMNS)}")
    if not rows:
        raise QueriesError(f"{file}: holds no query; write one a row")
    labels = [_is_listed(row["label"]) for row in rows]
    odd = [row["label"] for row, label in zip(rows, labels, strict=True) if label is None]
    if odd:
        sys.stdout.write(
            f"{file}: {len(odd)} labels, such as {odd[0]!r}, say neither 1 (listed) nor 0 (not listed): these queries "
            "count as listed where they expect an entry\n"
        )
    return [
        Query(
            row["id"], row["query"], bool(row["expected_name"]) if label is None else label,
            row["expected_list"], row["expected_name"], row["cls"],
        )
        for row, label in zip(rows, labels, strict=True)
    ]  # fmt: skip


def _is_listed(label: str) -> bool | None:
    """What a label says; None where it says neither."""
    said = re.sub(r"[\W_]+", " ", label).strip().casefold()
    return True if said in LISTED else False if said in NOT_LISTED else None


def own_queries(
    parties: Sequence[ListedParty], unlisted: Sequence[str], seed: int, of_each: int
) -> tuple[list[Query], list[ListedParty]]:
    """The queries, ``of_each`` a class and eight times as many unlisted, and the list without the held-out aliases."""
    rng = random.Random(seed)
    places = rng.sample(range(len(parties)), len(parties))
    kept = list(parties)
    queries: list[Query] = []

    def ask(name: str, party: ListedParty, expected: str, cls: str) -> None:
        queries.append(Query(f"{cls}-{len(queries)}", name, True, party.list_code, expected, cls))

    for cls in ("exact", *CHANGES):
        asked = 0
        while asked < of_each:
            party = parties[places.pop()]
            name = rng.choice(party.names)
            changed = name if cls == "exact" else SAME[cls](name, rng)
            if changed and len(normalise(name)) >= 4:
                ask(changed, party, name, cls)
                asked += 1
    asked = 0
    while asked < of_each:
        place = places.pop()
        party = parties[place]
        if len({normalise(name) for name in party.names}) > 1 and party.kind in {"", "Entity"}:
            alias = rng.choice([name for name in party.names[1:] if normalise(name) != normalise(party.name)] or [""])
            if alias:
                names = tuple(name for name in party.names if normalise(name) != normalise(alias))
                kept[place] = _renamed(party, names)
                ask(alias, kept[place], names[0], "held-out alias")
                asked += 1
    listed = {normalise(name) for party in parties for name in party.names}
    for name, party, expected in _han_names(parties):
        ask(name, party, expected, HELD_OUT)
        ask(name, party, expected, PRINTED)
    ordinary = [name for name in unlisted if normalise(name) and normalise(name) not in listed]
    for number, name in enumerate(rng.sample(ordinary, min(8 * of_each, len(ordinary)))):
        queries.append(Query(f"unlisted-{number}", name, False, "", "", "unlisted company"))
    return queries, kept


def _han_names(parties: Sequence[ListedParty]) -> Iterator[tuple[str, ListedParty, str]]:
    """Names in Chinese characters with the listed party and its name there, where a document prints both."""
    named = {form_of(name): (party, name) for party in parties for name in party.names}
    asked: set[str] = set()
    for row in bundled().parties:
        if row.list_code != "JP-EUL" or "CN" not in row.countries:
            continue
        found = next(
            (named[form_of(name)] for name in row.names if len(form_of(name)) >= SHORTEST and form_of(name) in named),
            None,
        )
        for name in row.names:
            if found and HAN_NAME.fullmatch(name) and name not in asked:
                asked.add(name)
                yield name, *found
    with (HERE / "han_queries.csv").open(encoding="utf-8") as lines:
        for query in csv.DictReader(lines):
            found = named.get(form_of(query["expected_name"]))
            if found and query["query"] not in asked and not query["source"].startswith("recalled"):
                yield query["query"], *found


def held_out(rows: Sequence[Bilingual], queries: Sequence[Query]) -> tuple[Bilingual, ...]:
    """The rows that print Chinese names without those that are asked of whoever does not know them."""
    asked = {whole_form(query.query) for query in queries if query.cls == HELD_OUT}
    return tuple(
        replace(
            row, party=_renamed(row.party, tuple(name for name in row.party.names if whole_form(name) not in asked))
        )
        for row in rows
    )


def known_names(rows: Sequence[Bilingual]) -> set[str]:
    """The forms of all Chinese names that rows print or that the table of whole names has."""
    with NAMES.open(encoding="utf-8") as lines:
        whole = {whole_form(row["han"]) for row in csv.DictReader(lines)}
    return whole | {whole_form(name) for row in rows for name in row.party.names if HAN.search(name)}


def form_of(name: str) -> str:
    """The normal form of a name, spaces and the order of its words aside."""
    return "".join(sorted(normalise(name).split()))


def unlisted_names() -> list[str]:
    """The names of ordinary companies: constituents of stock indices."""
    from pytickersymbols import PyTickerSymbols

    return sorted({stock["name"] for stock in PyTickerSymbols().get_all_stocks()})


def _renamed(party: ListedParty, names: tuple[str, ...]) -> ListedParty:
    return replace(party, names=names)
