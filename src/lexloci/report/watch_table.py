"""What a new list changes for a portfolio, as tables and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from lexloci.model.fact import NoValue, Value
from lexloci.report.plain import plain
from lexloci.scenario.watch import Watched

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table


def watch_tables(found: Watched) -> Iterator[RenderableType]:
    """The lists that differ, then the parties, pools and answers that do; a line where none does."""
    from rich.text import Text

    lists = _table(f"Lists on {found.on}", "list", "before", "after")
    for old, new in found.lists:
        _add(lists, new.code, old.dated.isoformat() if old else "none", new.dated.isoformat())
    yield lists
    if found.facts or found.rows:
        parties = _table("Parties", "party", "what", "before", "after", "why")
        for fact in found.facts:
            mark = " (worse)" if fact.is_worse else ""
            _add(parties, fact.party, fact.fact, _word(fact.before), _word(fact.after) + mark, fact.why)
        for row in found.rows:
            how = "is" if row.is_confirmed else "may be"
            came = ("", f"{how} {row.listed_name}") if row.came else (f"{how} {row.listed_name}", "")
            _add(parties, row.party, f"entry of {row.list_code}", *came, row.key)
        yield parties
    if found.pools:
        pools = _table("Pools in which they have a part", "pool", "tenure", "parts", "answers")
        for pool in found.pools:
            _add(pools, pool.pool, pool.tenure, ", ".join(pool.parts), "changed" if pool.is_changed else "the same")
        yield pools
    if found.outcomes:
        answers = _table("Answers", "workload", "pool", "before", "after", "behind it")
        for one in found.outcomes:
            mark = " (worse)" if one in found.worse else ""
            _add(answers, one.workload, one.pool, one.before.value, one.after.value + mark, one.rule)
        yield answers
    if not (found.facts or found.rows or found.outcomes):
        yield Text("nothing changes for the portfolio")


def watch_json(found: Watched) -> dict[str, Any]:
    """What changes, as JSON (docs/reference/output.md)."""
    return {
        "on": found.on.isoformat(),
        "got_worse": found.got_worse,
        "lists": [
            {"code": new.code, "before": old.dated.isoformat() if old else None, "after": new.dated.isoformat()}
            for old, new in found.lists
        ],
        "facts": [
            {
                "party": one.party,
                "fact": one.fact,
                "before": _word(one.before),
                "after": _word(one.after),
                "worse": one.is_worse,
                "why": one.why,
            }
            for one in found.facts
        ],
        "entries": [
            {
                "party": one.party,
                "list": one.list_code,
                "listed_name": one.listed_name,
                "key": one.key,
                "confirmed": one.is_confirmed,
                "came": one.came,
            }
            for one in found.rows
        ],
        "pools": [
            {"pool": one.pool, "tenure": one.tenure, "parts": list(one.parts), "changed": one.is_changed}
            for one in found.pools
        ],
        "answers": [
            {
                "workload": one.workload,
                "pool": one.pool,
                "before": one.before.value,
                "after": one.after.value,
                "worse": one in found.worse,
                "rule": one.rule,
            }
            for one in found.outcomes
        ],
    }


def _word(value: Value) -> str:
    if isinstance(value, NoValue):
        return value.value
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if isinstance(value, date) else str(value)


def _table(title: str, *heads: str) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table(title=Text(title), title_justify="left", header_style="bold")
    for head in heads:
        table.add_column(head, overflow="fold")
    return table


def _add(table: Table, *cells: str) -> None:
    from rich.text import Text

    table.add_row(*(Text(plain(cell)) for cell in cells))
