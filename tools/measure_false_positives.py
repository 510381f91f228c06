"""Measures which share of ordinary companies screening would show at each threshold.

usage: measure_false_positives.py     (needs pytickersymbols; writes src/lexloci/parties/words/false_positives.csv)

The names are the constituents of stock indices in pytickersymbols (MIT), less those whose normal form is a listed
name's: what is left was not on the lists. No name of it was trained on.
"""

from __future__ import annotations

import csv
from importlib.metadata import version

from pytickersymbols import PyTickerSymbols

from lexloci.parties.findings import RATES, Question, find
from lexloci.parties.folding import normalise
from lexloci.parties.lists import listed_parties

STEPS = (
    0.01,
    0.02,
    0.05,
    0.1,
    0.15,
    0.2,
    0.25,
    0.3,
    0.35,
    0.4,
    0.45,
    0.5,
    0.55,
    0.6,
    0.65,
    0.7,
    0.75,
    0.8,
    0.85,
    0.9,
    0.95,
    0.98,
    0.99,
)


def main() -> None:
    """Screens every name and writes the share at each step."""
    listed = {normalise(name) for party in listed_parties() for name in party.names}
    names = sorted({stock["name"] for stock in PyTickerSymbols().get_all_stocks()})
    ordinary = [name for name in names if normalise(name) and normalise(name) not in listed]
    best = [found[0].probability if found else 0.0 for found in find([Question(name) for name in ordinary], most=1)]
    source = f"index constituents, pytickersymbols {version('pytickersymbols')}"
    with RATES.open("w", encoding="utf-8", newline="") as out:
        table = csv.writer(out, lineterminator="\n")
        table.writerow(("at_least", "share", "names", "source"))
        for step in STEPS:
            share = sum(chance >= step for chance in best) / len(best)
            table.writerow((step, f"{share:.4f}", len(best), source))
            print(step, f"{share:.4f}")


if __name__ == "__main__":
    main()
