"""Tells in which class of the chip controls each chip of the catalogue is on a day."""

from __future__ import annotations

from datetime import date

from lexloci.catalogue import chips
from lexloci.cli.show import print_json, show
from lexloci.report.chip_table import chip_table, chips_json
from lexloci.rulebook.book import bundled_rulebook
from lexloci.rulebook.chip_classes import classify_all


def show_chips(as_of: date | None, as_json: bool) -> None:
    """Print the class of every chip; without a day, on that of the newest source of the rulebook."""
    rulebook = bundled_rulebook()
    on = as_of or rulebook.reviewed
    classified = classify_all(rulebook, chips().values(), on)
    if as_json:
        form = {"rulebook": rulebook.version, "as_of": on.isoformat(), "chips": chips_json(classified)}
        print_json(form)
    else:
        show(chip_table(classified))
