"""Writes src/lexloci/parties/words/han.csv: Chinese words of company names, their English, and who says so.

usage: build_han_words.py WORDS.csv PAIRS.csv

WORDS.csv holds rows of han, kind (place, trade, legal, brand), english (readings joined by "|"); PAIRS.csv rows of
name_latin, name_original, script, source: names that an official list prints in both scripts (the lists of
China's Ministry of Commerce and Japan's foreign end user list). A word gets as its source the first official list that
prints a pair with the word on one side and one of its English readings on the other; without one it is "vocabulary" (a
dictionary word) or "recalled" (a trade name as the company itself writes it, from memory, to be checked).
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

from lexloci.parties.han import simplified

TARGET = Path(__file__).parents[1] / "src/lexloci/parties/words/han.csv"


def source_of(han: str, kind: str, english: str, pairs: list[dict[str, str]]) -> str:
    """The official list that prints the word and its reading in one pair, or how else it is known."""
    for pair in pairs:
        latin = f" {pair['name_latin'].casefold()} "
        if han in pair["name_original"] and any(reading in latin for reading in english.split("|")):
            return pair["source"]
    return "recalled" if kind == "brand" else "vocabulary"


def main() -> None:
    """Reads the words and the pairs, writes the table."""
    words, pairs = (Path(argument) for argument in sys.argv[1:])
    with pairs.open(encoding="utf-8") as lines:
        bilingual = [{**row, "name_original": simplified(row["name_original"])} for row in csv.DictReader(lines)]
    with words.open(encoding="utf-8") as lines:
        rows = {row["han"]: row for row in csv.DictReader(lines)}
    with TARGET.open("w", encoding="utf-8", newline="") as out:
        table = csv.writer(out, lineterminator="\n")
        table.writerow(("han", "kind", "english", "source"))
        for han, row in rows.items():
            table.writerow((han, row["kind"], row["english"], source_of(han, row["kind"], row["english"], bilingual)))
    print(f"{len(rows)} words")


if __name__ == "__main__":
    main()
