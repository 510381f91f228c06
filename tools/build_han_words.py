"""Writes who says so beside each word of src/lexloci/parties/words/han.csv.

The table holds han, kind (place, trade, legal, brand) and english (readings joined by "|"). A word gets as its source
the first bundled official list that prints, as names of one party, the word on one side and one of its English readings
on the other (level "official"); else the source that tools/han_brand_sources.csv names for a trade name
("secondary"); without either it is a dictionary word ("vocabulary") or a trade name from memory ("recalled"), which
nobody has checked: it brings a candidate to view and clears nobody.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

from lexloci.parties.bundled import bundled
from lexloci.parties.han import simplified

TARGET = Path(__file__).parents[1] / "src/lexloci/parties/words/han.csv"
SOURCES = Path(__file__).with_name("han_brand_sources.csv")
LISTS = {
    "JP-EUL": "METI foreign end-user list",
    "CN-ECL": "MOFCOM cn-export-control-watchlist",
    "CN-AL": "MOFCOM cn-attention-list",
    "CN-UEL": "MOFCOM cn-unreliable-entity-list",
}
COLUMNS = ("han", "kind", "english", "source", "level")
HAN = re.compile("[\u4e00-\u9fff]")

Pairs = list[tuple[str, str, str]]


def official_pairs() -> Pairs:
    """The parties that an official list names in both scripts: list, names in Han, names in Latin letters."""
    found = []
    for party in bundled().parties:
        han = "\n".join(simplified(name) for name in party.names if HAN.search(name))
        latin = "\n".join(name.casefold() for name in party.names if not HAN.search(name))
        if party.list_code in LISTS and han and latin:
            found.append((LISTS[party.list_code], han, latin))
    return found


def source_of(word: dict[str, str], pairs: Pairs, named: dict[str, str]) -> tuple[str, str]:
    """The source of a word, and its level."""
    for source, han, latin in pairs:
        if word["han"] in han and any(re.search(rf"\b{re.escape(one)}\b", latin) for one in word["english"].split("|")):
            return source, "official"
    if word["han"] in named:
        return named[word["han"]], "secondary"
    if word["source"].startswith(("METI", "MOFCOM")):
        return word["source"], "official"  # printed there in another form of the word, such as the plural
    return ("recalled", "recalled") if word["kind"] == "brand" else ("vocabulary", "vocabulary")


def main() -> None:
    """Reads the words and the sources, writes the table."""
    with SOURCES.open(encoding="utf-8") as lines:
        named = {row["han"]: row["source"] for row in csv.DictReader(lines)}
    with TARGET.open(encoding="utf-8") as lines:
        words = list(csv.DictReader(lines))
    pairs = official_pairs()
    with TARGET.open("w", encoding="utf-8", newline="") as out:
        table = csv.writer(out, lineterminator="\n")
        table.writerow(COLUMNS)
        for word in words:
            table.writerow((word["han"], word["kind"], word["english"], *source_of(word, pairs, named)))
    print(f"{len(words)} words")


if __name__ == "__main__":
    main()
