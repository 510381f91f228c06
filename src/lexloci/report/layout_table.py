"""Layouts of a training job as a table for the terminal, as notes below it, and as JSON (docs/reference/output.md)."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from lexloci.perf.layout import Layout, Recompute
from lexloci.perf.layouts import JobLayouts, LaidOut, RefusedLayout
from lexloci.perf.machine import USABLE_BYTES_PER_GB
from lexloci.perf.memory import Memory
from lexloci.report.figures import interval, significant
from lexloci.report.json_form import range_form
from lexloci.report.plain import plain

if TYPE_CHECKING:
    from rich.table import Table

_SHARDING = ("nothing sharded", "ZeRO 1", "ZeRO 2", "ZeRO 3 (FSDP)")


def layout_table(title: str, found: JobLayouts) -> Table:
    """A row for each layout: ranks, chips, time of a step, speed, memory of a chip by part; or why it cannot be."""
    from rich.table import Table

    table = Table(title=plain(title), title_justify="left")
    for head in ("layout", "chips", "step, s", "tokens/s", "GB of a chip"):
        table.add_column(head, justify="left" if head == "layout" else "right", overflow="fold")
    rows: list[tuple[str, LaidOut | RefusedLayout]] = [(str(n), one) for n, one in enumerate(found.best, 1)]
    if found.stated:
        rows.append(("as asked", found.stated))
    rows += [("too large", one) for one in found.too_large]
    for name, one in rows:
        table.add_row(*_row(name, one), end_section=True)
    table.caption = "Ends of the 90 % interval in brackets. Time of a step and tokens/s while no chip fails."
    table.caption_justify = "left"
    return table


def _row(name: str, one: LaidOut | RefusedLayout) -> tuple[str, ...]:
    told = f"{name}: {layout_told(one.layout)}"
    chips = f"{float(one.layout.chips):,.0f}"
    if isinstance(one, RefusedLayout):
        return f"{told}\nno: {one.reason}", chips, "", "", ""
    step, speed = (interval(figure).replace(" (", "\n(") for figure in (one.step_s, one.tokens_per_s))
    parts = [f"{name} {significant(gigabytes)}" for name, gigabytes in _gigabytes(one.memory).items()]
    return told, chips, step, speed, "\n".join(parts)


def layout_told(layout: Layout) -> str:
    """One layout in two lines: ranks; how each rank works."""
    ranks = f"tensor {layout.tensor:g}, pipeline {layout.pipeline:g}, context {layout.context:g}, data {layout.data:g}"
    if float(layout.expert) > 1:
        ranks += f", expert {layout.expert:g}"
    how = f"{layout.virtual_stages:g} virtual stages, " if float(layout.virtual_stages) > 1 else ""
    how += f"micro-batch {layout.micro_batch:g}, {_SHARDING[int(layout.sharding)]}"
    return f"{ranks}\n{how}, {_recompute_told(float(layout.recompute))}"


def _recompute_told(recompute: float) -> str:
    if recompute <= Recompute.NONE:
        return "nothing computed again"
    if recompute < Recompute.FULL:
        share = recompute - Recompute.SELECTIVE
        return f"{share:.0%} of layers computed again" if share > 0 else "selective recomputation"
    return "all computed again"


def _gigabytes(memory: Memory) -> dict[str, float]:
    """Each part of a chip's memory and their sum, in the GB of data sheets."""
    parts = {field.name: float(getattr(memory, field.name)) for field in fields(Memory)}
    return {name: used / USABLE_BYTES_PER_GB for name, used in {**parts, "total": sum(parts.values())}.items()}


def layout_notes(found: JobLayouts) -> list[str]:
    """What was searched, what does not fit, what the figures rest on and what was taken."""
    batch = f"{found.batch_sequences:,.0f} sequences of {found.sequence_tokens:,.0f} tokens a step"
    notes = [f"{found.looked_at:,} layouts on at most {found.chips:,} chips, {batch}"]
    if found.too_large_count:
        has = f"the {found.memory_bytes / USABLE_BYTES_PER_GB:.0f} GB of a chip hold {found.too_large_count:,} of them"
        faster = "those shown are nearest to fitting" if found.too_large else "none of these would be faster"
        notes.append(f"not even with all computed again {has}; {faster}")
    if found.reason:
        notes.append(f"no layout: {found.reason}")
    return [*notes, f"nearest published run: {plain(found.support)}", *(plain(note) for note in found.notes)]


def layouts_json(found: JobLayouts) -> dict[str, Any]:
    """The layouts with all their figures."""
    return {
        "chips": found.chips,
        "batch_sequences": found.batch_sequences,
        "sequence_tokens": found.sequence_tokens,
        "memory_gb": found.memory_bytes / USABLE_BYTES_PER_GB,
        "best": [_form(one) for one in found.best],
        "stated": _form(found.stated) if found.stated else None,
        "too_large": [_form(one) for one in found.too_large],
        "too_large_count": found.too_large_count,
        "looked_at": found.looked_at,
        "reason": found.reason,
        "support": found.support,
        "notes": list(found.notes),
    }


def _form(one: LaidOut | RefusedLayout) -> dict[str, Any]:
    ranks = {field.name: float(getattr(one.layout, field.name)) for field in fields(Layout)}
    form: dict[str, Any] = {"chips": float(one.layout.chips), "layout": ranks}
    if isinstance(one, RefusedLayout):
        return {**form, "reason": one.reason}
    return {
        **form,
        "step_s": range_form(one.step_s),
        "tokens_per_s": range_form(one.tokens_per_s),
        "memory_gb": _gigabytes(one.memory),
    }
