"""The published measurements that every estimate rests on, as they ship with the package.

``data/serving_runs.csv.gz`` is made by ``tools/build_perf_tables.py``; for training see ``training_rows``;
``data/README.md`` says what each column holds, where the rows come from and under what terms.
"""

from __future__ import annotations

import csv
import gzip
import io
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from lexloci.model.errors import CatalogueError

TRAINING_TABLE = "training_configurations.csv.gz"
SERVING_TABLE = "serving_runs.csv.gz"
_DATED = date(2026, 11, 22)
_LIMIT_DAYS = 365
_DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class ServingRun:
    """A published serving measurement.

    ``phase``: ``end-to-end`` and ``decode`` count output tokens, ``prefill`` counts those of the prompt.
    ``replica_chips``: chips that hold one copy of the model, None where not stated. ``users``: sequences at
    once over all ``chips``, None at greatest load. ``peak_tflops`` is for the precision that was used.
    """

    id: str
    family: str
    model: str
    parameters: float
    active_parameters: float
    layers: int
    hidden: int
    kv_bytes_per_token: float
    weight_bytes_per_parameter: float
    chip: str
    chips: int
    replica_chips: int | None
    peak_tflops: float
    memory_gb: float
    memory_gb_per_s: float
    phase: str
    prompt_tokens: float
    output_tokens: float
    users: int | None
    tokens_per_s: float
    dated: str
    source: str


@lru_cache(maxsize=1)
def serving_runs() -> tuple[ServingRun, ...]:
    """The published serving measurements. Raises CatalogueError where the table is missing or malformed."""
    return tuple(_serving_run(row) for row in _rows(_DATA / SERVING_TABLE))


def measurement_tables() -> tuple[tuple[str, date, int], ...]:
    """Name, date of compilation and limit of age in days of each table that estimates rest on."""
    return (
        (f"published training configurations (perf/data/{TRAINING_TABLE})", _DATED, _LIMIT_DAYS),
        (f"published serving measurements (perf/data/{SERVING_TABLE})", _DATED, _LIMIT_DAYS),
    )


def _rows(path: Path) -> list[dict[str, str]]:
    try:
        return list(csv.DictReader(io.StringIO(gzip.decompress(path.read_bytes()).decode("utf-8"))))
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise CatalogueError(f"perf/data/{path.name}: cannot be read ({error}); reinstall lexloci") from error


def _serving_run(row: dict[str, str]) -> ServingRun:
    try:
        return ServingRun(
            id=row["id"],
            family=row["family"],
            model=row["model"],
            parameters=float(row["parameters"]),
            active_parameters=float(row["active_parameters"]),
            layers=int(row["layers"]),
            hidden=int(row["hidden"]),
            kv_bytes_per_token=float(row["kv_bytes_per_token"]),
            weight_bytes_per_parameter=float(row["weight_bytes_per_parameter"]),
            chip=row["chip"],
            chips=int(row["chips"]),
            replica_chips=int(row["replica_chips"]) if row["replica_chips"] else None,
            peak_tflops=float(row["peak_tflops"]),
            memory_gb=float(row["memory_gb"]),
            memory_gb_per_s=float(row["memory_gb_per_s"]),
            phase=row["phase"],
            prompt_tokens=float(row["prompt_tokens"]),
            output_tokens=float(row["output_tokens"]),
            users=int(row["users"]) if row["users"] else None,
            tokens_per_s=float(row["tokens_per_s"]),
            dated=row["dated"],
            source=row["source"],
        )
    except (KeyError, ValueError) as error:
        raise _malformed(SERVING_TABLE, row, error) from error


def _optional(text: str) -> float | None:
    return float(text) if text else None


def _malformed(table: str, row: dict[str, str], error: Exception) -> CatalogueError:
    return CatalogueError(f"perf/data/{table}: row {row.get('id', '?')!r} is malformed ({error}); reinstall lexloci")
