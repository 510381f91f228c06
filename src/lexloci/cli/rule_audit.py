"""Tells which sources must be read again: instruments of law, lists of parties, tables of the catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from lexloci.catalogue.table import tables
from lexloci.cli.show import print_json, show
from lexloci.parties.lists import lists
from lexloci.report.audit_table import audit_json, audit_tables
from lexloci.rulebook.audit import AuditedSource, audited_law, in_order, last_day
from lexloci.rulebook.book import bundled_rulebook
from lexloci.rulebook.instruments import bundled_instruments


def audit(known_at: date, as_json: bool) -> bool:
    """Print what is past its review date and what is to be confirmed; True where nothing is past it."""
    rulebook = bundled_rulebook()
    sources = in_order((*audited_law(rulebook, bundled_instruments()), *_lists(), *_tables()))
    if as_json:
        form = {
            "rulebook": rulebook.version,
            "known_at": known_at.isoformat(),
            "sources": audit_json(sources, known_at),
        }
        print_json(form)
    else:
        for part in audit_tables(sources, known_at):
            show(part)
    return not any(one.is_past(known_at) for one in sources)


def _lists() -> Iterator[AuditedSource]:
    for one in lists():
        until = last_day(one.dated, one.limit_days)
        yield AuditedSource("list", one.code, one.title, "", one.dated, one.source, None, until)


def _tables() -> Iterator[AuditedSource]:
    for one in tables():
        until = last_day(one.dated, one.limit_days)
        yield AuditedSource("table", one.name, one.title, "", one.dated, one.source, None, until)
