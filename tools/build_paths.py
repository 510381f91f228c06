"""Make the tables of measured round trips and of egress prices that ship in ``src/lexloci/perf/data``.

    python tools/build_paths.py FOLDER regions.json src/lexloci/perf/data

FOLDER holds Skyplane's ``egress-skyplane/latency.csv`` and ``cost.csv`` and the matrices ``*_hpe.csv``; regions.json
has the coordinates of Google's regions. Round trips: premium network, Google's regions on both ends, the mean of both
directions; what is faster than light in fibre is wrong and left out. Prices: USD for a GB that leaves, newest source
first where two have a pair. Same input, same bytes.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from lexloci.perf.latency import FIBRE_KM_PER_MS, great_circle_km

WRONG_SIGN = "africa-south1"  # the collection gives Johannesburg a northern latitude


def round_trips(latency: Path, regions: Path) -> list[tuple[str, str, str, str]]:
    """Origin, target, distance and mean round trip of each pair of Google's regions."""
    places = {
        name: (float(one["latitude"]) * (-1 if name == WRONG_SIGN else 1), float(one["longitude"]))
        for name, one in json.loads(regions.read_text(encoding="utf-8")).items()
    }
    measured: dict[tuple[str, str], list[float]] = {}
    for row in csv.DictReader(latency.open(encoding="utf-8")):
        ends = [_google(row[end]) for end in ("src_region", "dst_region")]
        if row["src_tier"] == row["dst_tier"] == "PREMIUM" and all(end in places for end in ends):
            one, other = sorted(ends)
            if one != other and row["avg_rtt"]:
                measured.setdefault((one, other), []).append(float(row["avg_rtt"]))
    found: list[tuple[str, str, str, str]] = []
    for (one, other), trips in sorted(measured.items()):
        distance_km, trip_ms = great_circle_km(places[one], places[other]), sum(trips) / len(trips)
        if trip_ms > 2.0 * distance_km / FIBRE_KM_PER_MS:
            found.append((one, other, f"{distance_km:.1f}", f"{trip_ms:.3f}"))
        else:
            print(f"left out, faster than light in fibre: {one} to {other}, {distance_km:.0f} km in {trip_ms:.1f} ms")
    return found


def _google(name: str) -> str:
    """The region of a zone such as gcp:asia-east1-a; empty for other clouds."""
    return re.sub(r"-[a-z]$", "", name[4:]) if name.startswith("gcp:") else ""


def egress_prices(folder: Path) -> list[tuple[str, str, str, str]]:
    """Origin, target, USD a GB and source of each pair of regions: the matrices of 2025, then Skyplane's of 2022."""
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for cloud in ("aws", "azure", "gcp"):
        rows = list(csv.reader((folder / f"{cloud}_transmission_cost_matrix_hpe.csv").open(encoding="utf-8")))
        for line in rows[1:]:
            for target, price in zip(rows[0][1:], line[1:], strict=False):
                if price and line[0] != target:
                    found[f"{cloud}:{line[0]}", f"{cloud}:{target}"] = (price, "hpe-2025")
    for row in csv.DictReader((folder / "egress-skyplane" / "cost.csv").open(encoding="utf-8")):
        key = (row["src"], row["dest"])
        if key not in found and row["cost"]:
            found[key] = (row["cost"], "skyplane-2022")
    return [(one, other, f"{float(price):g}", source) for (one, other), (price, source) in sorted(found.items())]


def packed(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A table as gzipped CSV, without a time stamp."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return gzip.compress(text.getvalue().encode("utf-8"), compresslevel=9, mtime=0)


def main(arguments: list[str]) -> int:
    """Write both tables; 2 on wrong usage."""
    if len(arguments) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    folder, regions, target = map(Path, arguments)
    trips = round_trips(folder / "egress-skyplane" / "latency.csv", regions)
    prices = egress_prices(folder)
    header = ("origin", "target", "distance_km", "round_trip_ms")
    (target / "round_trips.csv.gz").write_bytes(packed(header, trips))
    (target / "egress_prices.csv.gz").write_bytes(packed(("origin", "target", "usd_per_gb", "source"), prices))
    print(f"{len(trips)} round trips, {len(prices)} prices")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
