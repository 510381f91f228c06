"""Measurements of serving in the columns of the table that ships, made into what the model asks for.

One row is one measurement; where a row does not say on how many chips a copy of the model lay, each number of chips
that the node allows is a candidate, and the model's best counts. What a row leaves out follows rules that hold for
all rows alike: they are in this file, and none reads a row's id, source or family.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

import numpy as np

from lexloci.model.chip import Chip
from lexloci.model.errors import CatalogueError, LexlociError
from lexloci.perf.served_shape import ServedShape, published_expert_bytes, shape_named
from lexloci.perf.serving_batch import NO_LIMIT, Lengths
from lexloci.perf.serving_efficiency import prior_efficiency
from lexloci.perf.serving_machine import ServingMachine, Tuning, machine_of
from lexloci.perf.serving_names import NO_CHIPS, chip_named, precision_named, software_named
from lexloci.perf.serving_step import MEMORY_LIMIT, Precision, Replica, Serving

SERVING_TABLE = Path(__file__).parent / "data" / "serving_rows.csv.gz"
ROWS_FABRIC_GBPS = 400.0
"""Network between nodes of a chip where a row spans nodes and does not say: one 400 Gbit/s adapter each."""
TUNED_SCENARIOS = ("Offline", "Server", "Interactive")
_CACHE_AS_TRAINED = frozenset({"SGLang", "vLLM", "DeepSeek"})
PHASES = ("end-to-end", "prefill", "decode")
MOST_CHIPS_OF_A_COPY = 64
NEEDED = ("id", "model", "params_total_b", "chip", "chips", "weight_precision", "phase", "in_len")
LEAST = {
    **dict.fromkeys(("chips", "tp", "pp"), 1.0),
    **dict.fromkeys(("params_total_b", "params_active_b", "value_per_chip"), 1e-6),
    **dict.fromkeys(("scaleup_domain", "in_len", "out_len", "concurrency", "batch_per_chip"), 0.0),
}
"""The least that a column of figures may state."""
_MOST = 1e12

_FIRST_LIMIT = re.compile(r"TTFT\s*<=?\s*(\d+(?:\.\d+)?)\s*ms")
_EACH_LIMIT = re.compile(r"TPOT\s*<=?\s*(\d+(?:\.\d+)?)\s*ms")

Row = dict[str, str]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ServingRow:
    """One measurement: who is asked (shape, precision, chip), how it was loaded, and what was measured (None: unknown).

    ``tokens_per_s_per_chip``: output tokens, or tokens of the prompt where the phase is prefill. ``users``: at once
    over all chips, 0 where the load is the greatest. ``requests``: of the whole run, 0 where it is endless.
    """

    id: str
    family: str
    model: str
    chip: Chip
    chips: int
    phase: str
    tuning: Tuning
    shape: ServedShape
    shape_known: bool
    precision: Precision
    machine: ServingMachine
    prompt_tokens: float
    output_tokens: float
    users: float
    requests: float
    first_s: float
    each_s: float
    speculates: bool
    copies: tuple[tuple[int, int], ...]
    tokens_per_s_per_chip: float | None
    source: str
    software: str

    @property
    def is_mixture(self) -> bool:
        """Whether a token passes less than all of the weights."""
        return bool(np.asarray(self.shape.experts) > 0)

    @property
    def benchmarked(self) -> bool:
        """Whether it is a submission to MLPerf: answers of many lengths, in a run of limited time."""
        return self.tuning in {Tuning.TUNED_2024, Tuning.TUNED_2025}

    @property
    def lengths(self) -> Lengths:
        """Tokens of prompt, answer and cache: a benchmark's requests vary, those of a measurement are alike."""
        kind = Lengths.varied if self.benchmarked else Lengths.fixed
        return kind(self.prompt_tokens, self.output_tokens)

    @property
    def mode(self) -> str:
        """How it was loaded: alone in one phase, under limits, or at greatest load."""
        if self.phase != "end-to-end":
            return "phase"
        return "limits" if self.each_s < NO_LIMIT else "load"


@dataclass(frozen=True, slots=True)
class Columns:
    """Candidates of many rows as arrays: ``row`` is the place of each candidate's row."""

    row: np.ndarray[tuple[int], np.dtype[np.intp]]
    shape: ServedShape
    precision: Precision
    machine: ServingMachine
    replica: Replica
    lengths: Lengths
    users: np.ndarray[tuple[int], np.dtype[np.float64]]
    requests: np.ndarray[tuple[int], np.dtype[np.float64]]
    first_s: np.ndarray[tuple[int], np.dtype[np.float64]]
    each_s: np.ndarray[tuple[int], np.dtype[np.float64]]
    tuning: np.ndarray[tuple[int], np.dtype[np.float64]]
    copies: np.ndarray[tuple[int], np.dtype[np.float64]]
    speculates: np.ndarray[tuple[int], np.dtype[np.float64]]


def columns(rows: Sequence[ServingRow]) -> Columns:
    """The candidates of the rows as arrays, in the order of the rows."""
    each = [(place, row, copy) for place, row in enumerate(rows) for copy in row.copies]

    def packed(kind: type[T], parts: list[T]) -> T:
        return kind(
            **{
                field.name: np.array([float(getattr(part, field.name)) for part in parts])
                for field in fields(kind)  # type: ignore[arg-type]
            }
        )

    def numbers(values: Iterable[float]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        return np.array(list(values), dtype=np.float64)

    return Columns(
        row=np.array([place for place, _, _ in each], dtype=np.intp),
        shape=packed(ServedShape, [row.shape for _, row, _ in each]),
        precision=packed(Precision, [row.precision for _, row, _ in each]),
        machine=packed(ServingMachine, [row.machine for _, row, _ in each]),
        replica=packed(Replica, [_replica(row, copy) for _, row, copy in each]),
        lengths=packed(Lengths, [row.lengths for _, row, _ in each]),
        users=numbers(row.users * copy[0] * copy[1] / row.chips for _, row, copy in each),
        requests=numbers(row.requests for _, row, _ in each),
        first_s=numbers(row.first_s for _, row, _ in each),
        each_s=numbers(row.each_s for _, row, _ in each),
        tuning=numbers(row.tuning for _, row, _ in each),
        copies=numbers(row.chips / (copy[0] * copy[1]) for _, row, copy in each),
        speculates=numbers(row.speculates for _, row, _ in each),
    )


def _replica(row: ServingRow, copy: tuple[int, int]) -> Replica:
    tensor, stages = copy
    few = 0 < row.users * tensor * stages / row.chips < tensor
    apart = float(row.phase != "end-to-end")
    by_users = Replica(float(tensor), float(stages), float(row.is_mixture and not few), apart)
    held = Serving(row.shape, row.precision, row.machine, by_users, prior_efficiency()).weight_bytes_per_chip()
    fits = bool(held <= MEMORY_LIMIT * row.machine.memory_bytes)
    return by_users if fits else replace(by_users, by_users=0.0)


def serving_row(row: Row, own: Mapping[str, Chip] = NO_CHIPS) -> ServingRow:
    """One row of the table, or of a user's file in its columns. Raises LexlociError naming what is missing or wrong."""
    name = row.get("id") or "?"
    for column in NEEDED:
        if not (row.get(column) or "").strip():
            raise LexlociError(f'row "{name}": {column} is not stated; state it, or leave the row out')
    try:
        return _read(row, own)
    except ValueError as error:
        raise LexlociError(f'row "{name}": {error}; mend the figure') from error
    except LexlociError as error:
        raise LexlociError(f'row "{name}": {error}') from error


def _check(row: Row) -> None:
    """Raises ValueError naming the first figure that no configuration has."""
    for column, least in LEAST.items():
        text = row.get(column) or ""
        if text and not least <= _number(text) <= _MOST:
            raise ValueError(f'{column} "{text}" is no number from {least:g} to {_MOST:g}')
    if row["phase"] not in PHASES:
        raise ValueError(f'phase "{row["phase"]}" is none of {", ".join(PHASES)}')
    if row["phase"] == "end-to-end" and not float(row.get("out_len") or 0.0) >= 1.0:
        raise ValueError("out_len is less than one token, or not stated")
    if float(row.get("params_active_b") or 0.0) > float(row["params_total_b"]):
        raise ValueError("params_active_b is more than params_total_b")
    if row.get("tp") and float(row["tp"]) * float(row.get("pp") or 1.0) > float(row["chips"]):
        raise ValueError("tp x pp is more than chips")
    if (row.get("slo") or "").strip() and not _EACH_LIMIT.search(row["slo"]):
        raise ValueError(f'slo "{row["slo"]}" names no TPOT; write it as TTFT<=2000ms TPOT<=200ms')


def _number(text: str) -> float:
    """The figure in a cell; not a number where there is none."""
    try:
        return float(text)
    except ValueError:
        return float("nan")


def _read(row: Row, own: Mapping[str, Chip]) -> ServingRow:
    _check(row)
    all_parameters = float(row["params_total_b"]) * 1e9
    used = float(row.get("params_active_b") or row["params_total_b"]) * 1e9
    shape, known = shape_named(row["model"], all_parameters, used)
    chip, packages = chip_named(row["chip"], own)
    chips = int(float(row["chips"]))
    domain = int(float(row.get("scaleup_domain") or 0)) or chip.scale_up_chips
    first = _FIRST_LIMIT.search(row.get("slo") or "")
    each = _EACH_LIMIT.search(row.get("slo") or "")
    scenario = row.get("scenario") or ""
    prompt, output = float(row["in_len"]), float(row.get("out_len") or 1.0)
    phase = row["phase"]
    machine = _scaled(machine_of(chip, ROWS_FABRIC_GBPS, domain), packages)
    return ServingRow(
        id=row["id"],
        family=row.get("family") or "",
        model=row["model"],
        chip=chip,
        chips=chips,
        phase=phase,
        tuning=_tuning(phase, scenario, row.get("date") or ""),
        shape=shape,
        shape_known=known,
        precision=_precision(row, machine),
        machine=machine,
        prompt_tokens=prompt,
        output_tokens=output,
        users=_users(row, chips, phase),
        requests=requests_of_run(prompt + output) if scenario == "Offline max load" else 0.0,
        first_s=float(first[1]) / 1e3 if first else NO_LIMIT,
        each_s=float(each[1]) / 1e3 if each else NO_LIMIT,
        speculates="MTP" in (row.get("mtp") or ""),
        copies=_copies(row, chips, domain, phase),
        tokens_per_s_per_chip=float(row["value_per_chip"]) if row.get("value_per_chip") else None,
        source=row.get("source") or "",
        software=software_named(row.get("framework") or ""),
    )


def _precision(row: Row, machine: ServingMachine) -> Precision:
    """As the row states it; a model whose experts are published in 4 bits alone has all else in 16 bits.

    Its cache, where not stated, has the 16 bits in which a chip without 4-bit arithmetic computes such experts
    (TensorRT-LLM's performance overview of 2026-01: "auto" on Hopper, 8 bits on Blackwell). Servers whose default is
    to keep the cache as the model was trained (SGLang and vLLM, ``--kv-cache-dtype auto``; DeepSeek's own, 2025-03)
    have 16 bits, but for submissions to a benchmark.
    """
    stated = precision_named(row["weight_precision"], row.get("kv_precision") or "")
    published = published_expert_bytes(row["model"])
    if published < float("inf"):
        stated = replace(stated, always_bytes=2.0, expert_bytes=min(float(stated.expert_bytes), published))
    if row.get("kv_precision"):
        return stated
    as_trained = software_named(row.get("framework") or "") in _CACHE_AS_TRAINED
    as_trained = as_trained and (row.get("scenario") or "") not in TUNED_SCENARIOS
    widened = published < float("inf") and not machine.has_fp4
    return replace(stated, cache_bytes=2.0) if as_trained or widened else stated


def requests_of_run(tokens_of_request: float) -> float:
    """How many requests a run at greatest load works off, by the tokens of one.

    The protocol of TensorRT-LLM's published overview (docs/source/performance/perf-overview.md, 2025-09): 30,000 of
    256 tokens, 3,000 up to 2,500, 1,500 up to about 9,000, 1,000 of more. Few requests are small batches.
    """
    for most, requests in ((256.0, 30000.0), (2500.0, 3000.0), (9500.0, 1500.0)):
        if tokens_of_request <= most:
            return requests
    return 1000.0


def _tuning(phase: str, scenario: str, dated: str) -> Tuning:
    if phase != "end-to-end":
        return Tuning.APART
    if scenario not in TUNED_SCENARIOS:
        return Tuning.DEFAULT
    return Tuning.TUNED_2024 if dated and dated < "2025" else Tuning.TUNED_2025


def _users(row: Row, chips: int, phase: str) -> float:
    if row.get("concurrency"):
        return float(row["concurrency"])
    each = row.get("batch_per_chip")
    if each and phase == "decode":
        return float(each) * chips
    return float(each) if each else 0.0


def _copies(row: Row, chips: int, domain: int, phase: str) -> tuple[tuple[int, int], ...]:
    """Splits (within layers, stages) that a copy may have: as stated, else powers of two within the domain."""
    stages = int(float(row.get("pp") or 1))
    if row.get("tp"):
        return ((int(float(row["tp"])), stages),)
    stated = re.findall(r"\d+", row.get("ep") or "")
    if stated:
        return ((int(stated[-1]), stages),)
    if row.get("concurrency") or row.get("batch_per_chip"):
        return ((chips, 1),)
    most = min(chips if phase == "end-to-end" else MOST_CHIPS_OF_A_COPY, max(domain, 1), MOST_CHIPS_OF_A_COPY)
    return tuple((1 << power, 1) for power in range(most.bit_length()) if 1 << power <= most)


def _scaled(machine: ServingMachine, packages: float) -> ServingMachine:
    return replace(
        machine,
        flop16_per_s=machine.flop16_per_s * packages,
        flop8_per_s=machine.flop8_per_s * packages,
        flop4_per_s=machine.flop4_per_s * packages,
        memory_bytes=machine.memory_bytes * packages,
        memory_bytes_per_s=machine.memory_bytes_per_s * packages,
    )


@lru_cache(maxsize=1)
def shipped_serving_rows() -> tuple[ServingRow, ...]:
    """The published measurements that ship. Raises CatalogueError where the table is missing or malformed."""
    return tuple(_shipped(SERVING_TABLE))


def _shipped(path: Path) -> Iterator[ServingRow]:
    try:
        text = gzip.decompress(path.read_bytes()).decode("utf-8")
        for row in csv.DictReader(io.StringIO(text)):
            yield serving_row(row)
    except (OSError, EOFError, UnicodeDecodeError, LexlociError) as error:
        raise CatalogueError(f"perf/data/{path.name}: cannot be read ({error}); reinstall lexloci") from error
