"""Random rows over the attributes of the workload: columns for the vectorised engines, acts for the single ones.

Texts and countries are codes into the values of their attribute, numbers are whole and below 1e7 (so that every engine
compares them exactly, one with 32 bits a number too), and each row has its own day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.law.workload import ATTRIBUTES, BODY, BY_NAME, FIRST_DAY, KIND, LAST_DAY, Attribute
from numpy.typing import NDArray

from lexloci.model.act import Act
from lexloci.model.fact import UNKNOWN, Fact, Value

Column = NDArray[Any]


@dataclass(frozen=True)
class Rows:
    """Columns by the name of the attribute; ``on`` as days; ``unknown`` marks cells that nobody stated."""

    columns: Mapping[str, Column]
    on: NDArray[np.datetime64]
    unknown: Mapping[str, NDArray[np.bool_]]

    def __len__(self) -> int:
        return len(self.on)

    def first(self, count: int) -> Rows:
        """The first rows alone."""
        cut = {name: column[:count] for name, column in self.columns.items()}
        return Rows(cut, self.on[:count], {name: mask[:count] for name, mask in self.unknown.items()})

    def value(self, name: str, place: int) -> Value:
        """A cell as a fact's value."""
        if name in self.unknown and self.unknown[name][place]:
            return UNKNOWN
        cell = self.columns[name][place]
        attribute = BY_NAME[name]
        return float(cell) if attribute.type == "number" else attribute.values[int(cell)]

    def day(self, place: int) -> date:
        """The day of a row."""
        day: date = self.on[place].astype(object)
        return day


def make_rows(count: int, seed: int = 1, unknown_share: float = 0.0) -> Rows:
    """Random rows, the same for the same seed."""
    generator = np.random.default_rng(seed)
    columns = {one.name: _column(one, count, generator) for one in ATTRIBUTES}
    days = generator.integers(0, (LAST_DAY - FIRST_DAY).days + 1, count, dtype=np.int64)
    on = np.datetime64(FIRST_DAY, "D") + days.astype("timedelta64[D]")
    unknown = {one.name: generator.random(count) < unknown_share for one in ATTRIBUTES} if unknown_share else {}
    return Rows(columns, on, unknown)


def _column(attribute: Attribute, count: int, generator: np.random.Generator) -> Column:
    uniform = generator.random(count)
    if attribute.type == "number":
        return np.floor(10.0 ** (attribute.decades * uniform))
    codes = np.searchsorted(np.cumsum(attribute.shares)[:-1], uniform, side="right")
    return codes.astype(np.bool_ if attribute.type == "bool" else np.uint8)


def acts_of(rows: Rows, places: Iterable[int]) -> list[Act]:
    """The acts of some rows: a cell that is unknown is a fact that the act does not state."""
    acts = []
    for place in places:
        values = {name: rows.value(name, place) for name in rows.columns}
        facts = {name: Fact(value, "row") for name, value in values.items() if value is not UNKNOWN}
        acts.append(Act(f"row {place}", KIND, "the act", rows.day(place), facts, (BODY,)))
    return acts


def plain_values(rows: Rows) -> list[dict[str, Any]]:
    """Each row as a mapping of plain values, dots written as underscores; ``day`` is counted from 1970-01-01."""
    days = rows.on.astype(int).tolist()
    return [
        {**{name.replace(".", "_"): rows.value(name, place) for name in rows.columns}, "day": days[place]}
        for place in range(len(rows))
    ]


def write_rows(rows: Rows, folder: Path) -> None:
    """Keeps the columns in a folder, from which each contestant's process reads them."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, column in {**rows.columns, "on": rows.on}.items():
        np.save(folder / f"{name}.npy", column)
    for name, mask in rows.unknown.items():
        np.save(folder / f"{name}.unknown.npy", mask)


def read_rows(folder: Path) -> Rows:
    """The rows of a folder."""
    columns = {name: np.load(folder / f"{name}.npy") for name in BY_NAME}
    masks = {name: folder / f"{name}.unknown.npy" for name in BY_NAME}
    unknown = {name: np.load(path) for name, path in masks.items() if path.exists()}
    return Rows(columns, np.load(folder / "on.npy"), unknown)
