"""What cloud providers charge for data that leaves a region: published price matrices, as an optional catalogue.

Regions are written as ``aws:us-east-1``, ``azure:eastus`` or ``gcp:asia-east1-a`` (Skyplane's names, 2022), or as the
matrices of 2025 write them (``azure:West Europe``, ``gcp:asia-east1``). Lists of contracts differ; a portfolio's own
``usd_per_gb`` wins. Sources and licences: ``data/README.md``.
"""

from __future__ import annotations

import csv
import gzip
import io
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from lexloci.model.errors import CatalogueError

TABLE = Path(__file__).parent / "data" / "egress_prices.csv.gz"
DATED = {"hpe-2025": "2025", "skyplane-2022": "2022"}


@dataclass(frozen=True, slots=True)
class EgressPrice:
    """A published price for a GB that leaves ``origin`` for ``target``, and the collection that it is from."""

    origin: str
    target: str
    usd_per_gb: float
    source: str


def egress_price(origin: str, target: str) -> EgressPrice | None:
    """The published price from one cloud region to another; None where no list that ships has the pair."""
    return _prices().get((origin, target))


@lru_cache(maxsize=1)
def _prices() -> dict[tuple[str, str], EgressPrice]:
    try:
        rows = csv.DictReader(io.StringIO(gzip.decompress(TABLE.read_bytes()).decode("utf-8")))
        found = [EgressPrice(r["origin"], r["target"], float(r["usd_per_gb"]), r["source"]) for r in rows]
    except (OSError, EOFError, KeyError, ValueError) as error:
        raise CatalogueError(f"perf/data/{TABLE.name}: cannot be read ({error}); reinstall lexloci") from error
    return {(price.origin, price.target): price for price in found}
