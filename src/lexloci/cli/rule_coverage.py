"""Tells how much of which law the rulebook holds."""

from __future__ import annotations

from lexloci.cli.show import print_json, show
from lexloci.report.coverage_table import coverage_json, coverage_table
from lexloci.report.instrument_table import instrument_table
from lexloci.rulebook.book import bundled_rulebook
from lexloci.rulebook.decided_cases import bundled_cases
from lexloci.rulebook.instruments import bundled_instruments


def show_coverage(as_json: bool) -> None:
    """Print what each folder of the rulebook holds, then each instrument: how it is modelled, and since when."""
    rulebook, cases, instruments = bundled_rulebook(), bundled_cases(), bundled_instruments()
    if as_json:
        print_json(coverage_json(rulebook, cases, instruments))
        return
    show(coverage_table(rulebook, cases, instruments))
    show(instrument_table(instruments))
