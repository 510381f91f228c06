"""The command that shows what a listing would reach: reach."""

from __future__ import annotations

import sys
from datetime import date
from typing import TYPE_CHECKING

from lexloci.case import read_portfolio
from lexloci.case.input_file import file_label, read_text
from lexloci.cli.show import print_json, show
from lexloci.model.errors import LexlociError
from lexloci.model.portfolio import Basis
from lexloci.plan.planner import with_question
from lexloci.plan.record_names import wrong_records
from lexloci.report.reach_table import event_study_table, reach_json, reach_tables, summary
from lexloci.rulebook.book import bundled_rulebook
from lexloci.scenario.event_study import EventStudy, read_prices, study
from lexloci.scenario.reach import party_named, reach_of

if TYPE_CHECKING:
    from lexloci.scenario.reach_types import Reach


def reach_file(
    file: str,
    named: tuple[str, str],
    on: date | None,
    question: tuple[date | None, date | None, Basis | None],
    prices: tuple[str | None, str | None, str | None],
    rows: tuple[int, int],
    as_json: bool,
) -> None:
    """Print what a listing of a party (its name, the list) reaches, and the event study of prices that were given.

    ``prices`` are a file and the columns of the security and of the market; ``rows`` the window. Raises LexlociError.
    """
    if file == "-" and prices[0] == "-":
        raise LexlociError("standard input cannot hold both the portfolio and the prices; name one of the files")
    portfolio = with_question(read_portfolio(file, further=wrong_records), *question)
    party = party_named(portfolio, named[0])
    day = on or portfolio.as_of
    found_study = _study(prices, day, rows)
    sys.stderr.write("judging the portfolio without the listing and with it\n")
    reach = reach_of(portfolio, bundled_rulebook(), party, named[1].upper(), day)
    if as_json:
        print_json(reach_json(reach, found_study))
    else:
        _show(reach, found_study, prices[1] or "the security")


def _study(prices: tuple[str | None, str | None, str | None], day: date, rows: tuple[int, int]) -> EventStudy | None:
    file, security, market = prices
    if file is None:
        return None
    text = read_text(file, byte_order_mark=True)
    return study(read_prices(text, file_label(file), security, market), day, *rows)


def _show(reach: Reach, found_study: EventStudy | None, security: str) -> None:
    for table in reach_tables(reach):
        show(table)
    if found_study is not None:
        show(event_study_table(found_study, security))
    sys.stdout.write(f"{summary(reach)}\n")
