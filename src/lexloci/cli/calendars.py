"""The command that shows when an answer changes: calendar."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from pathlib import Path

from lexloci.case import read_acts, read_portfolio
from lexloci.case.input_file import read_text
from lexloci.cli.kind import is_portfolio
from lexloci.cli.show import print_json, show
from lexloci.law.calendar import Interval
from lexloci.law.calendar_days import ALWAYS, FOREVER, Window
from lexloci.model.errors import CatalogueError, InputError, LexlociError, Mistake
from lexloci.model.portfolio import Basis
from lexloci.plan.calendar import calendar_of_bare_act, calendar_of_placement, window_of_act, window_of_placement
from lexloci.plan.planner import judge_for, with_question
from lexloci.plan.questions import open_pairs
from lexloci.plan.record_names import wrong_records
from lexloci.rulebook.book import bundled_rulebook

MOST_NAMED = 20
Found = tuple[str, Sequence[Interval], Window]


def calendar_file(
    file: str, which: str | None, days: tuple[date | None, date | None], known_at: date | None, basis: Basis | None
) -> Found:
    """The calendar of one act or placement of a file: its id, its intervals, and the window that was asked."""
    text = read_text(file, byte_order_mark=Path(file).suffix.lower() == ".csv")
    if is_portfolio(text, file):
        return _of_placement(file, text, which, days, known_at, basis)
    acts = {act.id: act for act in read_acts(file, text=text)}
    act = acts[_chosen(file, which, acts)]
    window = window_of_act(act, Window(days[0] or ALWAYS, days[1] or FOREVER, known_at, basis))
    try:
        return act.id, calendar_of_bare_act(act, bundled_rulebook(), window), window
    except CatalogueError as error:
        raise InputError([Mistake(act.file, act.line, "", str(error))]) from None


def _of_placement(
    file: str,
    text: str,
    which: str | None,
    days: tuple[date | None, date | None],
    known_at: date | None,
    basis: Basis | None,
) -> Found:
    portfolio = with_question(read_portfolio(file, text=text, further=wrong_records), None, known_at, basis)
    judge = judge_for(portfolio, bundled_rulebook())
    pairs = {f"{workload.id}@{pool.id}": (workload, pool) for workload, pool in open_pairs(judge.portfolio)}
    name = _chosen(file, which, pairs)
    workload, pool = pairs[name]
    window = window_of_placement(judge, workload, pool, *days)
    return name, calendar_of_placement(judge, workload, pool, window), window


def _chosen(file: str, which: str | None, known: Collection[str]) -> str:
    """The id that is asked for; the only one where none is given; InputError names what there is."""
    if which is None and len(known) == 1:
        return next(iter(known))
    if which is not None and which in known:
        return which
    if not known:
        raise LexlociError(f"{file}: no pool is open to a workload of it, so that no answer can change; name pools")
    rest = len(known) - MOST_NAMED
    names = ", ".join(list(known)[:MOST_NAMED]) + (f" and {rest} more" if rest > 0 else "")
    wrong = f"no act or placement {which!r}" if which else f"holds {len(known)} acts or placements"
    raise InputError([Mistake(file, 0, "", wrong, f"name one of {names}")])


def show_calendar(found: Found, as_json: bool) -> None:
    """Print a calendar, as a table or as JSON."""
    from lexloci.report.calendar_table import calendar_json, calendar_table

    if as_json:
        print_json(calendar_json(*found))
        return

    show(calendar_table(*found))
