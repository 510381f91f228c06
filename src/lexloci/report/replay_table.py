"""A replay as tables for the terminal, as rows and as JSON; rich is imported only when one is drawn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from lexloci.report.json_form import comparison_json
from lexloci.report.plain import plain
from lexloci.scenario.compare_types import Move
from lexloci.scenario.replay_types import NOWHERE, MonthShare, Replay

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

COLUMNS: Final = ("month", "party", "home", "offshore_share", "without_a_place_share", "shares_by_country")


def replay_rows(replay: Replay) -> Iterator[tuple[str, ...]]:
    """A row for each month and party, in the order of ``COLUMNS``; shares from 0 to 1."""
    for one in replay.months:
        by_country = " ".join(f"{country or 'none'}={share:.4f}" for country, share in one.by_country.items())
        yield (
            f"{one.month:%Y-%m}",
            one.party,
            one.home or "",
            f"{one.offshore:.4f}",
            f"{one.nowhere:.4f}",
            by_country,
        )


def replay_json(replay: Replay) -> dict[str, Any]:
    """The whole story as a dict; days are half-open, shares from 0 to 1."""
    return {
        "name": replay.name,
        "basis": replay.basis,
        "rulebook": replay.rulebook,
        "from": replay.first.isoformat(),
        "until": replay.until.isoformat(),
        "stretches": [
            {
                "since": one.since.isoformat(),
                "until": one.until.isoformat(),
                "cost_usd": one.cost_usd,
                "places": {
                    workload: {
                        "pool": place.pool or None,
                        "site": place.site or None,
                        "country": place.country or None,
                        "why": place.why or None,
                    }
                    for workload, place in one.places.items()
                },
            }
            for one in replay.stretches
        ],
        "bends": [{"on": bend.on.isoformat(), "changes": comparison_json(bend.changes)} for bend in replay.bends],
        "refusals": [
            {
                "on": one.on.isoformat(),
                "pool": one.pool,
                "outcome": one.outcome.value,
                "why": one.why,
                "rule_id": one.rule or None,
            }
            for one in replay.refusals
        ],
        "months": [_month(one) for one in replay.months],
        "days_of_change": replay.days,
        "plans": replay.plans,
        "answers_asked": replay.asked,
        "answers_kept": replay.at_hand,
    }


def _month(one: MonthShare) -> dict[str, Any]:
    return {
        "month": f"{one.month:%Y-%m}",
        "party": one.party,
        "home": one.home,
        "offshore_share": one.offshore,
        "without_a_place_share": one.nowhere,
        "shares": [{"country": country or None, "share": share} for country, share in one.by_country.items()],
    }


def replay_tables(replay: Replay) -> Iterator[RenderableType]:
    """The bends, each with the work that moved and what moved it; then the offshore share by month and party."""
    from rich.text import Text

    yield Text(
        f"{plain(replay.name)}: from {replay.first} until {replay.until}, basis {replay.basis}, rulebook "
        f"{replay.rulebook}; {replay.days} days of change, {replay.plans} plans, {replay.asked:,} answers asked of the "
        f"law, {replay.at_hand:,} kept; not legal advice",
        style="italic",
    )
    for day, causes in story(replay).items():
        yield Text(f"\n{day}", style="bold")
        for words, moves in causes.items():
            yield Text(f"  {plain(words)}")
            yield from (Text(f"    {plain(_moved(move))}", style="dim") for move in moves)
    yield Text("\nShare of compute offshore, % (in brackets: without a place known to be lawful)")
    yield _shares(replay)


def story(replay: Replay) -> Mapping[date, Mapping[str, Sequence[Move]]]:
    """What happened on each day, in order: in words, pools that may not be used, then each cause with its moves."""
    found: dict[date, dict[str, list[Move]]] = {}
    for day in sorted({one.on for one in replay.bends} | {one.on for one in replay.refusals}):
        causes: dict[str, list[Move]] = {}
        pools: dict[str, list[str]] = {}
        for refusal in replay.refusals:
            if refusal.on == day:
                pools.setdefault(refusal.why, []).append(refusal.pool)
        causes |= {f"{', '.join(names)} may not be used: {why}": [] for why, names in pools.items()}
        moves = [move for bend in replay.bends if bend.on == day for move in bend.changes.moves]
        for move in sorted(moves, key=lambda one: not one.rule):
            causes.setdefault(move.why, []).append(move)
        found[day] = causes
    return found


def _moved(move: Move) -> str:
    return f"{move.workload}: {move.before or 'no place'} → {move.after or 'no place'}"


def _shares(replay: Replay) -> Table:
    """A row a month, a column a party: per cent offshore, in brackets without a place."""
    from rich import box
    from rich.table import Table

    parties = list(dict.fromkeys(one.party for one in replay.months))
    table = Table(
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        highlight=False,
    )
    table.add_column("month", no_wrap=True)
    for party in parties:
        table.add_column(plain(party), justify="right", no_wrap=True)
    by_month: dict[date, dict[str, MonthShare]] = {}
    for one in replay.months:
        by_month.setdefault(one.month, {})[one.party] = one
    for month, shares in by_month.items():
        table.add_row(f"{month:%Y-%m}", *(_cell(shares.get(party)) for party in parties))
    return table


def _cell(share: MonthShare | None) -> str:
    if share is None:
        return ""
    words = f"{100 * share.offshore:.0f}"
    return f"{words} ({100 * share.nowhere:.0f})" if NOWHERE in share.by_country else words
