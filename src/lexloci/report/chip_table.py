"""The classes of the chips, as a table for the terminal and as JSON (docs/reference/output.md)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from lexloci.rulebook.chip_classes import ChipClass, Classified

if TYPE_CHECKING:
    from rich.table import Table

_TRUTH = {True: "yes", False: "no", None: "?"}
_SHORT = {
    "chip.total_processing_performance": "TPP",
    "chip.performance_density": "density",
    "chip.interconnect_gb_per_s": "interconnect",
    "chip.for_data_centres": "data centre",
    "chip.designer_headquarters": "designer",
}


def chip_table(classified: Sequence[Classified]) -> Table:
    """A row for each chip: its figures, its class, and what would settle a review."""
    from rich.table import Table

    counts = Counter(one.chip_class for one in classified)
    said = ", ".join(f"{counts[name]} {name.value}" for name in ChipClass if counts[name])
    table = Table(title=f"{len(classified)} chips on {classified[0].on}: {said}", title_justify="left")
    for head in ("chip", "TPP", "density", "GB/s to others", "data centre", "class", "NAC/ACA", "note"):
        table.add_column(head, justify="right" if head in ("TPP", "density", "GB/s to others") else "left")
    for one in classified:
        chip = one.chip
        table.add_row(
            chip.id,
            _figure(chip.total_processing_performance, 0),
            _figure(chip.performance_density, 2),
            _figure(chip.interconnect_gb_per_s, 0),
            _TRUTH[chip.for_data_centres],
            one.chip_class.value,
            _TRUTH[one.exceptions],
            _note(one),
        )
    return table


def chips_json(classified: Sequence[Classified]) -> list[dict[str, Any]]:
    """Every chip in the order of the catalogue."""
    return [
        {
            "id": one.chip.id,
            "name": one.chip.name,
            "class": one.chip_class.value,
            "possible": [name.value for name in one.possible],
            "open_facts": list(one.open_facts),
            "by_weak_figures": one.by_weak_figures.value if one.by_weak_figures else None,
            "exceptions": one.exceptions,
            "by_note_2": one.by_note_2,
            "prohibition_10": one.prohibition_10,
            "total_processing_performance": one.chip.total_processing_performance,
            "performance_density": one.chip.performance_density,
            "interconnect_gb_per_s": one.chip.interconnect_gb_per_s,
            "for_data_centres": one.chip.for_data_centres,
            "verification": one.chip.verification,
            "sources": dict(one.chip.sources),
        }
        for one in classified
    ]


def _note(one: Classified) -> str:
    notes = []
    if one.chip_class is ChipClass.REVIEW:
        left = " or ".join(name.value for name in one.possible)
        notes.append(f"{left}: ask {', '.join(_SHORT.get(name, name) for name in one.open_facts)}")
    if one.by_weak_figures is not None:
        notes.append(f"unverified figures: {one.by_weak_figures.value}")
    if one.by_note_2:
        notes.append("kept out by Note 2")
    if one.prohibition_10:
        notes.append("General Prohibition 10")
    return "; ".join(notes)


def _figure(value: float | None, digits: int) -> str:
    return "?" if value is None else f"{value:,.{digits}f}"
