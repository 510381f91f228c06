"""What a listing would reach, and what an event did to a price: tables for the terminal, and JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date
from enum import Enum
from typing import TYPE_CHECKING, Any

from lexloci.report.outcome_style import style_of
from lexloci.report.plain import plain
from lexloci.scenario.event_study import EventStudy
from lexloci.scenario.reach_types import OutcomeShift, Reach, Tie

if TYPE_CHECKING:
    from rich.table import Table


def reach_json(reach: Reach, study: EventStudy | None) -> dict[str, Any]:
    """The reach, days as text and outcomes by their words; ``event_study`` where prices were given."""
    return {
        "party": reach.party,
        "list": reach.list_code,
        "on": reach.on.isoformat(),
        "assumed": reach.assumed,
        "placements_asked": reach.asked,
        "placements": reach.pairs,
        "consequences": [_plain(asdict(one)) for one in reach.consequences],
        "affiliates": [_plain(asdict(one)) for one in reach.affiliates],
        "ties": [_plain(asdict(one)) for one in reach.ties],
        "chips": reach.chips,
        "shifts": [_plain(asdict(one)) for one in reach.shifts],
        "homes": [_plain(asdict(one)) for one in reach.homes],
        "event_study": _plain(asdict(study)) if study else None,
    }


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value


def reach_tables(reach: Reach) -> Iterator[Table]:
    """What the list entails, whom and what it touches, which answers change, which workloads lose a home."""
    yield _table(
        f"{reach.list_title}: what it entails",
        ("from", "until", "acts", "consequence", "provision"),
        [
            (_day(one.since), _day(one.until), one.acts, one.text, f"{one.citation} ({one.verification.value})")
            for one in reach.consequences
        ],
    )
    if reach.affiliates:
        rows = [(one.party, one.standing, one.proof) for one in reach.affiliates]
        yield _table("Affiliates", ("party", "shares", "proof"), rows)
    yield _table(
        f"What they take part in, {reach.chips:,} chips",
        ("kind", "id", "party as", "with", "chips", "since", "until"),
        [_tie_row(tie) for tie in reach.ties],
    )
    yield _table(
        f"Answers that change: {reach.asked} of {reach.pairs} placements involve them",
        ("starts from", "until", "pool", "workloads", "without", "with the listing", "why"),
        list(_shift_rows(reach.shifts)),
    )
    if reach.homes:
        rows = [
            (
                one.workload,
                ", ".join(pool for pool in one.before if pool not in one.after),
                ", ".join(one.after) or "none",
            )
            for one in reach.homes
        ]
        yield _table(f"Workloads that lose a home for starts from {reach.on}", ("workload", "lost", "left"), rows)


def summary(reach: Reach) -> str:
    """The reach in a line."""
    homeless = [one.workload for one in reach.homes if not one.after]
    lost = f"; without any home: {', '.join(homeless)}" if homeless else ""
    assumed = f"; the entry is assumed to read: {reach.assumed}" if reach.assumed else ""
    changed = len({(shift.workload, shift.pool) for shift in reach.shifts})
    return (
        f"{reach.party} on {reach.list_code} from {reach.on}: {len(reach.affiliates)} affiliates, "
        f"{len({(tie.kind, tie.thing) for tie in reach.ties})} things touched, {changed} placements answer otherwise"
        f"{lost}{assumed}; supposed, not published; not legal advice"
    )


def _tie_row(tie: Tie) -> Sequence[str]:
    chips = f"{tie.chips:,}" if tie.chips else ""
    return tie.kind, tie.thing, f"{tie.party} ({tie.role})", tie.counterparty, chips, _day(tie.since), _day(tie.until)


def _shift_rows(shifts: Sequence[OutcomeShift]) -> Iterator[Sequence[str]]:
    """A row for all workloads that a pool answers alike, in the order of the days."""
    alike: dict[tuple[Any, ...], list[str]] = {}
    for one in shifts:
        words = (style_of(one.before).word, style_of(one.after).word, one.why)
        alike.setdefault((_day(one.since), _day(one.until), one.pool, *words), []).append(one.workload)
    for (since, until, pool, *told), workloads in sorted(alike.items(), key=lambda item: item[0][:3]):
        yield since, until, pool, ", ".join(workloads), *told


def event_study_table(study: EventStudy, security: str) -> Table:
    """The abnormal returns day by day and their sum, with standard errors and the interval."""
    rows = [
        (one.day.isoformat(), f"{one.abnormal:+.2%}", f"{one.standard_error:.2%}", "", "", "") for one in study.returns
    ]
    interval = f"{study.low:+.2%} to {study.high:+.2%}"
    total = (f"{study.cumulative:+.2%}", f"{study.standard_error:.2%}", interval, f"{study.t:.2f}", f"{study.p:.4f}")
    return _table(
        f"{security} around {study.event}: return beyond the market model r = {study.alpha:+.4%} + {study.beta:.3f} m "
        f"of {study.rows} rows from {study.estimated_from} to {study.estimated_to}",
        ("day", "abnormal", "standard error", "95 % interval", "t", "p"),
        [*rows, ("cumulative", *total)],
    )


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(title=Text(plain(title)), title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False, highlight=False)
    for column in columns:
        table.add_column(column, overflow="fold", no_wrap=column in ("from", "until", "since", "starts from", "day"))
    for row in rows:
        table.add_row(*(Text(plain(cell)) for cell in row))
    return table
