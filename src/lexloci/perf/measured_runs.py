"""A user's own measured runs of training, as a CSV file with a header, in the names of the table that ships.

A row needs the columns of ``NEEDED``, and ``step_time_s`` or ``tokens_per_s_per_chip``. The others of the table may
be there: what a row leaves out is filled as for published runs (``training_rows``). ``chip`` is an id of the catalogue.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from math import isfinite

import numpy as np

from lexloci.model.chip import Chip
from lexloci.model.errors import CatalogueError, InputError, Mistake
from lexloci.perf.efficiency import fitted
from lexloci.perf.fitting import predicted_s
from lexloci.perf.machine import PRECISIONS, Precision
from lexloci.perf.training_rows import NO_CHIPS, TrainingRow, chip_named, columns, training_row

NEEDED = ("chip", "chips", "layers", "hidden", "heads", "ffn", "vocab", "seq_len", "global_batch_seqs", "date")
TEXTS = (
    "id", "arch", "chip", "precision", "zero_or_fsdp", "recompute", "overlap", "software", "date", "notes", "task",
    "family", "source", "vpp",
)  # fmt: skip
OPTIONAL = (
    "kv_heads", "head_dim", "gated_mlp", "n_experts", "topk", "shared_experts", "moe_ffn", "first_dense_layers",
    "tied_embeddings", "peak_tflops", "scaleup_domain", "scaleup_GBps_bidir", "internode_Gbps_per_chip", "micro_batch",
    "tp", "pp", "dp", "ep", "cp", "seq_parallel", "step_time_s", "tokens_per_s_per_chip", "tokens_per_s", "chip_hours",
    "derived_step_time_s", "params_total_b", "core",
)  # fmt: skip
ONE_OR_MORE = (
    *(column for column in NEEDED if column not in TEXTS), "kv_heads", "head_dim", "scaleup_domain", "micro_batch",
    "tp", "pp", "dp", "ep", "cp",
)  # fmt: skip
ABOVE_ZERO = ("peak_tflops", "internode_Gbps_per_chip", "step_time_s", "tokens_per_s_per_chip")
YES_OR_NO = ("gated_mlp", "tied_embeddings", "seq_parallel")
_MOST = 1e12


def read_measured_runs(text: str, name: str, own: Mapping[str, Chip] = NO_CHIPS) -> tuple[TrainingRow, ...]:
    """The runs of a file, on chips of the catalogue or a user's own.

    InputError with every mistake in it, by line and column.
    """
    mistakes: list[Mistake] = []
    reader = csv.DictReader(io.StringIO(text))
    known = {*NEEDED, *TEXTS, *OPTIONAL}
    header = [column for column in (reader.fieldnames or []) if column]
    mistakes += [
        Mistake(name, 1, column, "is missing", f"add a column {column}") for column in NEEDED if column not in header
    ]
    mistakes += [
        Mistake(
            name, 1, column, "is no column of measured runs", "remove it or name it as docs/how-to/calibrate.md does"
        )
        for column in header
        if column not in known
    ]
    found = []
    if not mistakes:
        for row in reader:
            line = reader.line_num
            wrong = _mistakes(row, name, line, own)
            if not wrong:
                run = _run(_completed(row, name, line, own), own)
                wrong = [Mistake(name, line, "", run, "mend them")] if isinstance(run, str) else []
                found += [] if isinstance(run, str) else [run]
            mistakes += wrong
    if not found and not mistakes:
        mistakes.append(Mistake(name, 0, "", "holds no runs", "add one row for each measured run"))
    if mistakes:
        raise InputError(tuple(mistakes))
    return tuple(found)


def _run(full: Mapping[str, str], own: Mapping[str, Chip]) -> TrainingRow | str:
    """The run of a whole row that the model can predict; else what is wrong with its figures together."""
    try:
        with np.errstate(all="ignore"):
            run = training_row(full, own)
            predicted = float(predicted_s(columns([run]), fitted())[0])
    except (ValueError, ArithmeticError):
        return "its figures give no time"
    ranks = run.layout["tensor"] * run.layout["pipeline"] * run.layout["context"]
    if ranks > run.chips:
        return f"its ranks take {ranks:g} chips of {run.chips:g}"
    usable = isfinite(predicted) and predicted > 0.0 and run.step_s is not None and isfinite(run.step_s)
    return run if usable and run.step_s else "its figures give no time"


def _mistakes(row: Mapping[str, str | None], name: str, line: int, own: Mapping[str, Chip]) -> list[Mistake]:
    found = []
    for column in (*NEEDED, *OPTIONAL):
        text = row.get(column) or ""
        if column in NEEDED and not text:
            found.append(Mistake(name, line, column, "is not stated", "state it"))
        elif column not in TEXTS and text and not _is_number(text):
            found.append(Mistake(name, line, column, f'"{text}" is no number of zero or more', "write a number"))
        elif text and column in ONE_OR_MORE and float(text) < 1:
            found.append(Mistake(name, line, column, "is below one", "write one or more"))
        elif text and column in ABOVE_ZERO and float(text) == 0:
            found.append(Mistake(name, line, column, "is zero", "write a number above zero"))
        elif text and column in YES_OR_NO and float(text) not in (0.0, 1.0):
            found.append(Mistake(name, line, column, f'"{text}" is neither 0 nor 1', "write one of them"))
    date = row.get("date") or ""
    if date and not (len(date) >= 7 and date[:4].isdigit() and date[4] == "-" and date[5:7].isdigit()):
        found.append(
            Mistake(name, line, "date", f'"{date}" is no month', "write the month of the software, as 2026-05")
        )
    precision = row.get("precision") or "bf16"
    if precision not in PRECISIONS:
        found.append(Mistake(name, line, "precision", f'"{precision}" is unknown', f"write {', '.join(PRECISIONS)}"))
    if not (row.get("step_time_s") or row.get("tokens_per_s_per_chip")):
        found.append(Mistake(name, line, "step_time_s", "is not stated", "state it, or tokens_per_s_per_chip"))
    stages = row.get("vpp") or "1"
    if stages != "interleaved" and not (_is_number(stages) and float(stages) >= 1):
        found.append(Mistake(name, line, "vpp", f'"{stages}" is no number of stages', "write one or more"))
    if not found and float(row.get("n_experts") or 0) > 0:
        found += [
            Mistake(name, line, column, "is not stated beside n_experts", "state it")
            for column in ("topk", "moe_ffn")
            if float(row.get(column) or 0) < 1
        ]
    return [*found, *_chip_mistakes(row.get("chip") or "", name, line, own)]


def _chip_mistakes(text: str, name: str, line: int, own: Mapping[str, Chip]) -> list[Mistake]:
    if not text:
        return []
    try:
        chip = chip_named(text, own)
    except CatalogueError as error:
        return [Mistake(name, line, "chip", str(error).removeprefix("catalogue: "))]
    if None in (chip.bf16_tflops, chip.memory_gb, chip.memory_gb_per_s):
        return [Mistake(name, line, "chip", f"nothing states the peak, memory or bandwidth of {chip.id}")]
    return []


def _is_number(text: str) -> bool:
    try:
        return 0.0 <= float(text) <= _MOST
    except ValueError:
        return False


def completed_row(row: Mapping[str, str | None]) -> dict[str, str]:
    """A row with every column of the table that ships: as it is where it has all, else filled in as a run's is."""
    if {*NEEDED, *TEXTS, *OPTIONAL} <= set(row):
        return {key: value or "" for key, value in row.items() if key}
    return _completed(row, row.get("id") or "?", 0, NO_CHIPS)


def _completed(row: Mapping[str, str | None], name: str, line: int, own: Mapping[str, Chip]) -> dict[str, str]:
    """The row with every column of the table, as the table would hold it."""
    full = dict.fromkeys((*NEEDED, *TEXTS, *OPTIONAL), "") | {key: value or "" for key, value in row.items() if key}
    full["id"] = full["id"] or f"{name}:{line}"
    full["family"], full["source"], full["core"] = name, name, "0"
    full["precision"] = full["precision"] or "bf16"
    full["task"] = full["task"] or "pretrain"
    full["arch"] = full["arch"] or ("moe" if full["n_experts"] else "dense")
    full["head_dim"] = full["head_dim"] or f"{float(full['hidden']) / float(full['heads']):g}"
    full["gated_mlp"] = full["gated_mlp"] or "1"
    chip = chip_named(full["chip"], own)
    peaks = {Precision.BF16: chip.bf16_tflops, Precision.FP8: chip.fp8_tflops, Precision.FP4: chip.fp4_tflops}
    full["peak_tflops"] = full["peak_tflops"] or f"{peaks[PRECISIONS[full['precision']]] or chip.bf16_tflops:g}"
    full["scaleup_domain"] = full["scaleup_domain"] or str(chip.scale_up_chips)
    full["internode_Gbps_per_chip"] = full["internode_Gbps_per_chip"] or "400"
    each = 4.0 * float(full["hidden"]) ** 2 + (2.0 + float(full["gated_mlp"])) * float(full["hidden"]) * float(
        full["ffn"]
    )
    full["params_total_b"] = full["params_total_b"] or f"{float(full['layers']) * each / 1e9:g}"
    return full
