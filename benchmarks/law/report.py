"""What the benchmark found: tables and targets, as text for a terminal, as Markdown and as JSON."""

# ruff: noqa: T201 - a script, which speaks by printing

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Table:
    """A table with one line of words on how to read it; the first column is left-aligned, the others right."""

    title: str
    note: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Target:
    """A figure that the engine is to reach: what, the figure needed and measured in words, and whether it is met."""

    what: str
    needed: str
    measured: str
    is_met: bool

    @property
    def words(self) -> str:
        """Met or not."""
        return "met" if self.is_met else "not met"


@dataclass
class Report:
    """Everything of one run. ``figures`` holds the raw numbers by part."""

    machine: dict[str, Any]
    tables: list[Table] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)
    figures: dict[str, Any] = field(default_factory=dict)

    def add(self, table: Table) -> None:
        """Keeps a table and prints it."""
        self.tables.append(table)
        print("\n" + as_text(table), flush=True)

    def target(self, what: str, needed: str, measured: str, *, is_met: bool) -> None:
        """Keeps a target."""
        self.targets.append(Target(what, needed, measured, is_met))

    def targets_table(self) -> Table:
        """The targets as a table."""
        rows = tuple((one.what, one.needed, one.measured, one.words) for one in self.targets)
        return Table(
            "Targets", "ratios are per processor-second unless said", ("target", "needed", "measured", ""), rows
        )

    def write(self, folder: Path) -> tuple[Path, Path]:
        """The files ``result.json`` and ``result.md`` in a folder."""
        data, text = folder / "result.json", folder / "result.md"
        whole = {
            "machine": self.machine,
            "targets": [asdict(one) for one in self.targets],
            "figures": self.figures,
            "tables": [asdict(one) for one in self.tables],
        }
        data.write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")
        machine = ", ".join(f"{name} {value}" for name, value in self.machine.items())
        parts = [f"Measured on {machine}.", *map(as_markdown, (*self.tables, self.targets_table()))]
        text.write_text("\n\n".join(parts) + "\n", encoding="utf-8")
        return data, text


def as_text(table: Table) -> str:
    """The table in columns."""
    lines = [table.header, *table.rows]
    widths = [max(len(line[place]) for line in lines) for place in range(len(table.header))]
    laid = ["  ".join(_aligned(line, widths)).rstrip() for line in lines]
    return "\n".join([table.title, f"({table.note})", laid[0], "-" * len(laid[0]), *laid[1:]])


def _aligned(line: Sequence[str], widths: Sequence[int]) -> list[str]:
    return [
        cell.rjust(width) if place else cell.ljust(width)
        for place, (cell, width) in enumerate(zip(line, widths, strict=True))
    ]


def as_markdown(table: Table) -> str:
    """The table in Markdown."""
    rule = ["---", *["---:"] * (len(table.header) - 1)]
    lines = [" | ".join(line).join(("| ", " |")) for line in (table.header, rule, *table.rows)]
    return "\n".join([f"### {table.title}", "", f"{table.note[:1].upper()}{table.note[1:]}.", "", *lines])


def times(ratio: float) -> str:
    """A ratio: 12 x, 3.4 x, 0.56 x."""
    return f"{ratio:.0f} x" if ratio >= 100 else f"{ratio:.1f} x" if ratio >= 2 else f"{ratio:.2f} x"


def figure(value: float) -> str:
    """A figure of three digits."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"
