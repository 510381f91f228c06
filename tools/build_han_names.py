"""Checks and completes src/lexloci/parties/words/han_names.csv: whole Chinese names and the English ones of the lists.

The table holds han (as ``han.with_legal_form`` writes it), english (as a US list prints it, several joined by "|"),
source and level. A name for which tools/han_name_sources.csv has a document is "secondary"; one that the table of words
reads as a name of that row, without its trade names from memory, is "reading agrees"; any other is from memory
("recalled"): it brings a candidate to view and clears nobody. A row whose English name no US list prints is refused.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from lexloci.parties.bundled import bundled
from lexloci.parties.evidence import How, meetings
from lexloci.parties.folding import normalise, readings
from lexloci.parties.han import NAMES, RECALLED, with_legal_form, word_readings

SOURCES = Path(__file__).with_name("han_name_sources.csv")
COLUMNS = ("han", "english", "source", "level")
AGREES = "reading agrees"
BY_WORDS = "the table of words reads it so"
NOT_US = frozenset(("CN-AL", "CN-UEL", "CN-ECL", "JP-EUL"))
MET = frozenset((How.SAME, How.SAME_MEANING, How.SAME_SOUND, How.LEGAL_FORM, How.ACRONYM))


def listed_names() -> dict[str, list[tuple[str, ...]]]:
    """The names of each row of the US lists, by the normal form of each of them."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for party in bundled().parties:
        if party.list_code not in NOT_US:
            for name in party.names:
                found.setdefault(normalise(name), []).append(party.names)
    return found


def source_of(
    han: str, english: str, listed: Mapping[str, list[tuple[str, ...]]], named: Mapping[str, str]
) -> tuple[str, str]:
    """The source of a name, and its level. LookupError where no list has the English name."""
    rows = [row for name in english.split("|") for row in listed[normalise(name)]]
    if han in named:
        return named[han], "secondary"
    return (BY_WORDS, AGREES) if reads_as(han, rows) else (RECALLED, RECALLED)


def reads_as(han: str, rows: Iterable[tuple[str, ...]]) -> bool:
    """Whether a reading by the table of words has a counterpart for each word of a name of the rows, and it of it."""
    own = [reading for plain in word_readings(han, sure=True) for reading in readings(plain)]
    theirs = {reading for names in rows for name in names for reading in readings(name)}
    return any(all(one.how in MET for one in meetings(mine, other)) for mine in own for other in theirs)


def main() -> None:
    """Reads the names and the sources, writes the table in the order of the names."""
    named: dict[str, str] = {}
    if SOURCES.exists():
        with SOURCES.open(encoding="utf-8") as lines:
            named = {with_legal_form(row["han"]): row["source"] for row in csv.DictReader(lines)}
    with NAMES.open(encoding="utf-8") as lines:
        names = {with_legal_form(row["han"]): row["english"] for row in csv.DictReader(lines)}
    listed = listed_names()
    unlisted = [
        f"{han}: {one}" for han, names_ in names.items() for one in names_.split("|") if normalise(one) not in listed
    ]
    if unlisted:
        sys.exit("no US list prints:\n" + "\n".join(unlisted))
    with NAMES.open("w", encoding="utf-8", newline="") as out:
        table = csv.writer(out, lineterminator="\n")
        table.writerow(COLUMNS)
        for han, english in sorted(names.items()):
            table.writerow((han, english, *source_of(han, english, listed, named)))
    print(f"{len(names)} names")


if __name__ == "__main__":
    main()
