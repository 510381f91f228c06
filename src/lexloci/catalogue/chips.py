"""Which accelerators are known, with the figures that the law and the estimates ask for.

Figures are dense and per package. ``Chip.sources`` holds one text per field, ``*`` for the fields not
named. A blank cell is unknown, never zero. ``verification`` is one of LEVELS; a chip on level ``low``
never decides a determination.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from lexloci.catalogue.table import closest, number, read_rows
from lexloci.model.chip import Chip
from lexloci.model.errors import CatalogueError

LEVELS: Final = ("verified", "partly verified", "two collections agree", "low")

_FLAGS: Final[Mapping[str, bool | None]] = {"yes": True, "no": False, "": None}


@lru_cache(maxsize=1)
def chips() -> Mapping[str, Chip]:
    """All bundled accelerators by id, in the order of the table. Raises CatalogueError if it is malformed."""
    found: dict[str, Chip] = {}
    for line, row in enumerate(read_rows("chips"), start=2):
        try:
            parsed = _chip_from(row)
        except (KeyError, ValueError) as error:
            raise CatalogueError(f"catalogue/data/chips.csv: row {line}: {error!r}; reinstall lexloci") from error
        if parsed.id in found:
            raise CatalogueError(f'catalogue/data/chips.csv: row {line}: "{parsed.id}" stands twice; reinstall lexloci')
        found[parsed.id] = parsed
    return MappingProxyType(found)


def chip(id: str) -> Chip:
    """The accelerator of an id. Raises CatalogueError with the closest id if there is none."""
    known = chips()
    if id in known:
        return known[id]
    near = closest(id, [*known, *(each.name for each in known.values())])
    by_name = {each.name: each.id for each in known.values()}
    mend = f"; did you mean {by_name.get(near, near)}?" if near else ""
    raise CatalogueError(f'catalogue: there is no chip "{id}"{mend or "; define it under `chips` in the portfolio"}')


def _chip_from(row: Mapping[str, str]) -> Chip:
    import json

    if row["verification"] not in LEVELS:
        raise ValueError(f"verification {row['verification']!r}")
    return Chip(
        id=row["id"],
        name=row["name"],
        designer=row["designer"],
        designer_headquarters=row["designer_headquarters"] or None,
        released=date.fromisoformat(row["released"]) if row["released"] else None,
        bf16_tflops=number(row["bf16_tflops"]),
        fp8_tflops=number(row["fp8_tflops"]),
        fp4_tflops=number(row["fp4_tflops"]),
        memory_gb=number(row["memory_gb"]),
        memory_gb_per_s=number(row["memory_gb_per_s"]),
        interconnect_gb_per_s=number(row["interconnect_gb_per_s"]),
        scale_up_chips=int(row["scale_up_chips"]),
        die_area_mm2=number(row["die_area_mm2"]),
        power_w=number(row["power_w"]),
        for_data_centres=_FLAGS[row["for_data_centres"]],
        subject_to_ear=_FLAGS[row["subject_to_ear"]],
        stated_total_processing_performance=number(row["stated_total_processing_performance"]),
        verification=row["verification"],
        sources=json.loads(row["sources"]),
    )
