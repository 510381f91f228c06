"""The command that tells the story of a portfolio: replay."""

from __future__ import annotations

import csv
import json as json_text
from datetime import date
from pathlib import Path

from lexloci.case import read_portfolio
from lexloci.cli.plans import progress_line
from lexloci.cli.show import print_json, show
from lexloci.cli.whole_file import whole_file
from lexloci.model.errors import LexlociError
from lexloci.model.portfolio import Basis
from lexloci.plan.planner import with_question
from lexloci.plan.record_names import wrong_records
from lexloci.report.replay_table import COLUMNS, replay_json, replay_rows, replay_tables
from lexloci.rulebook.book import bundled_rulebook
from lexloci.scenario.replay import replay

_SUFFIXES = (".csv", ".json")


def replay_file(
    file: str,
    days: tuple[date, date | None],
    basis: Basis | None,
    outputs: tuple[Path | None, Path | None],
    time_limit_s: float,
    as_json: bool,
) -> None:
    """Print the story of a portfolio (or all of it as JSON), and write the table and the picture."""
    output, picture = outputs
    if output is not None and output.suffix.lower() not in _SUFFIXES:
        raise LexlociError(f"{output}: is neither a table nor JSON; name a file that ends with .csv or .json")
    portfolio = with_question(read_portfolio(file, further=wrong_records), None, None, basis)
    first, until = days[0], days[1] or portfolio.as_of
    with progress_line() as tell:
        found = replay(portfolio, bundled_rulebook(), first, until, time_limit_s=time_limit_s, progress=tell)
    if output is not None:
        with whole_file(output) as target:
            if output.suffix.lower() == ".json":
                json_text.dump(replay_json(found), target, ensure_ascii=False, indent=2)
                target.write("\n")
            else:
                writer = csv.writer(target, lineterminator="\n")
                writer.writerow(COLUMNS)
                writer.writerows(replay_rows(found))
    if picture is not None:
        from lexloci.report.svg_replay import replay_svg

        with whole_file(picture) as target:
            target.write(replay_svg(found, portfolio))
    if as_json:
        print_json(replay_json(found))
        return
    for part in replay_tables(found):
        show(part)
