"""Which countries and special regions there are, where they lie, and what their electricity is like.

Codes are ISO 3166-1 alpha-2. Hong Kong, Macao and Taiwan have codes of their own there and stand apart
from CN here. Coordinates are those of the capital (or seat), for maps and coarse distances. Carbon
intensities are national means over a year, life cycle included; provincial ones of China are direct CO2
only, as the ministry publishes them, and so are not comparable to the gram.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from lexloci.catalogue.table import closest, number, read_rows
from lexloci.model.errors import CatalogueError

TARIFF: Final = "tariff"
WHOLESALE: Final = "wholesale"

LONGEST_CODE: Final = 3
"""Letters of a code: among so few letters a resemblance means nothing, so codes match exactly or not at all."""


@dataclass(frozen=True, slots=True)
class Country:
    """A country or special region; None is unknown.

    ``electricity_kind`` says whether the price is a ``tariff`` that large users pay or a ``wholesale``
    mean without network charges, levies and taxes. ``sources`` holds a text per field.
    """

    code: str
    code3: str
    name: str
    aliases: tuple[str, ...] = ()
    latitude: float | None = None
    longitude: float | None = None
    carbon_g_per_kwh: float | None = None
    carbon_year: int | None = None
    electricity_usd_per_kwh: float | None = None
    electricity_year: int | None = None
    electricity_kind: str = ""
    sources: Mapping[str, str] = field(default_factory=dict)


@lru_cache(maxsize=1)
def countries() -> Mapping[str, Country]:
    """All countries and special regions of ISO 3166-1 by alpha-2 code, in the order of the codes."""
    grids = {row["code"]: row for row in read_rows("grids")}
    prices = {row["code"]: row for row in read_rows("electricity_prices")}
    found: dict[str, Country] = {}
    for row in read_rows("countries"):
        code = row["code"]
        try:
            found[code] = _country_from(row, grids.get(code), prices.get(code))
        except (KeyError, ValueError) as error:
            raise CatalogueError(f"catalogue/data/countries.csv: {code}: {error!r}; reinstall lexloci") from error
    return MappingProxyType(found)


def country(code: str) -> Country:
    """The country of an alpha-2 code. Raises CatalogueError with the closest code if there is none."""
    known = countries()
    if code in known:
        return known[code]
    near = closest_country(code)
    mend = f"did you mean {near.code}?" if near else "write a code such as MY, SG or HK"
    raise CatalogueError(f'catalogue: "{code}" is no ISO 3166-1 alpha-2 code; {mend}')


def closest_country(text: str) -> Country | None:
    """The country that somebody meant by a code, a name or a misspelt name; None if none comes near.

    Only for the mend in an error: an input is never corrected by it.
    """
    by_name = _by_name()
    key = _country_key(text)
    if key in by_name:
        return by_name[key]
    names = [name for name in by_name if len(name) > LONGEST_CODE]
    near = closest(key, names) if len(key) > LONGEST_CODE else None
    return by_name[near] if near else None


def province_carbon(name: str) -> float | None:
    """Carbon intensity of a Chinese province's electricity, gCO2/kWh, direct CO2 only; None if not published.

    ``name`` is the English name, with or without "Province" and the like, or the ISO 3166-2 code (CN-GZ).
    Source: Ministry of Ecology and Environment of China, Announcement 2025 No. 47, Table 3, year 2023.
    """
    return _provinces().get(_province_key(name))


@lru_cache(maxsize=1)
def _by_name() -> Mapping[str, Country]:
    found: dict[str, Country] = {}
    for each in countries().values():
        for name in (each.code, each.code3, each.name, *each.aliases):
            found.setdefault(_country_key(name), each)
    return found


@lru_cache(maxsize=1)
def _provinces() -> Mapping[str, float]:
    found: dict[str, float] = {}
    for row in read_rows("chinese_provinces"):
        for name in (row["code"], row["name"], *row["aliases"].split("|")):
            if name:
                found[_province_key(name)] = float(row["carbon_g_per_kwh"])
    return found


def _country_key(name: str) -> str:
    return " ".join(name.casefold().replace(".", "").split())


def _province_key(name: str) -> str:
    key = " ".join(name.casefold().split())
    for suffix in (" province", " municipality", " autonomous region"):
        key = key.removesuffix(suffix)
    return key


def _country_from(row: Mapping[str, str], grid: Mapping[str, str] | None, price: Mapping[str, str] | None) -> Country:
    sources = {"*": row["source"]}
    if grid:
        sources["carbon_g_per_kwh"] = grid["source"]
    if price:
        sources["electricity_usd_per_kwh"] = price["source"]
    return Country(
        code=row["code"],
        code3=row["code3"],
        name=row["name"],
        aliases=tuple(row["aliases"].split("|")) if row["aliases"] else (),
        latitude=number(row["latitude"]),
        longitude=number(row["longitude"]),
        carbon_g_per_kwh=float(grid["carbon_g_per_kwh"]) if grid else None,
        carbon_year=int(grid["year"]) if grid else None,
        electricity_usd_per_kwh=float(price["usd_per_kwh"]) if price else None,
        electricity_year=int(price["year"]) if price else None,
        electricity_kind=price["kind"] if price else "",
        sources=MappingProxyType(sources),
    )
