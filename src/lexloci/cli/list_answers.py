"""What the commands show of the lists in use: all of them, or one with its parties on a day."""

from __future__ import annotations

from datetime import date

from lexloci.cli.show import print_json, show
from lexloci.parties.consequences import consequences_of
from lexloci.parties.lists import current_lists, lists
from lexloci.parties.status import status


def show_all(as_of: date | None, known_at: date | None, as_json: bool) -> None:
    """Print every list in use with its day, size, licence and source; its age where a day of knowledge is given."""
    day = known_at or as_of
    if as_json:
        from lexloci.report.list_json import list_json

        print_json([list_json(one, day) for one in lists()])
        return
    from lexloci.report.list_tables import lists_table

    show(lists_table(lists(), day))


def show_one(code: str, as_of: date | None, known_at: date | None, as_json: bool) -> None:
    """Print a list: what it entails, and each party with its standing on the day that is asked about."""
    current = current_lists()
    which = current.list_of(code)
    day = as_of or known_at or which.dated
    known = known_at or max(day, which.dated) if as_of is None else known_at or as_of
    rows = [row for row in (*current.parties, *current.past) if row.list_code == code]
    told = [(row, status(row, code, day, known, which)) for row in rows]
    past = frozenset(id(row) for row in current.past)
    kept = [(row, fact) for row, fact in told if id(row) not in past or fact.value is not False]
    entails = consequences_of(code)
    if as_json:
        from lexloci.report.list_json import consequence_json, list_json, row_json

        print_json(
            {
                "list": list_json(which, known),
                "as_of": day.isoformat(),
                "known_at": known.isoformat(),
                "consequences": [consequence_json(one) for one in entails],
                "rows": [row_json(row, fact) for row, fact in kept],
            }
        )
        return
    from lexloci.report.list_tables import consequences_table, lists_table, rows_table

    show(lists_table([which], known))
    if entails:
        show(consequences_table(entails, day))
    show(rows_table(kept, day, known))
