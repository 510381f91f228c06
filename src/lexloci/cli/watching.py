"""The command that tells what a new list changes for a portfolio."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime

from lexloci.case import read_portfolio
from lexloci.cli.list_updates import list_file
from lexloci.cli.show import print_json, show
from lexloci.model.errors import InputError, Mistake
from lexloci.model.portfolio import Basis
from lexloci.parties.guard import doubts_about
from lexloci.parties.importers.file import UnreadableListError, shown
from lexloci.parties.importers.formats import read_list
from lexloci.parties.lists import current_lists
from lexloci.parties.update import Given, day_of_file, differences_of, renewed
from lexloci.plan.planner import with_question
from lexloci.plan.record_names import wrong_records
from lexloci.rulebook.book import bundled_rulebook
from lexloci.scenario.watch import watch


def watch_file(
    file: str,
    new_list: str,
    given: tuple[str | None, date | None],
    question: tuple[date | None, Basis | None],
    as_json: bool,
) -> bool:
    """Print what the new list changes; True where anything got worse. InputError where the list cannot be read."""
    portfolio = with_question(read_portfolio(file, further=wrong_records), None, None, question[1])
    listed = list_file(new_list)
    try:
        form, reading = read_list(listed, given[0])
    except UnreadableListError as error:
        raise InputError([Mistake(shown(new_list), 0, "", f"is no list to compare with: {error}")]) from None
    dated = day_of_file(listed, reading, Given(*given))
    current = current_lists()
    today = datetime.now(UTC).date()
    for doubt in doubts_about(form.name, reading, dated, today, current, differences_of(reading, current)):
        sys.stderr.write(f"{shown(new_list)}: {doubt.reason}: `lexloci lists update` would set it aside\n")
    on = question[0] or max(portfolio.as_of, dated)
    found = watch(portfolio, bundled_rulebook(), current, renewed(reading, dated, listed, current), on)
    if as_json:
        from lexloci.report.watch_table import watch_json

        print_json(watch_json(found))
    else:
        from lexloci.report.watch_table import watch_tables

        for part in watch_tables(found):
            show(part)
    return found.got_worse
