"""Where chips stand: data centres, the pools of chips in them, and the links between them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Annotated

from annotated_types import Ge, Gt, Le, Lt

from lexloci.model.doc import Doc
from lexloci.model.party import CountryCode, Sources


class Tenure(StrEnum):
    """How the user of a pool has it; the law asks who holds the chips."""

    OWNED = "owned"
    LEASED = "leased"
    RENTED = "rented"


@dataclass(frozen=True, slots=True)
class Site:
    """A data centre."""

    id: Annotated[str, Doc("short name used elsewhere in the file")]
    name: Annotated[str, Doc("name for people")]
    country: Annotated[CountryCode, Doc("country or special region (HK, MO apart)")]
    operator: Annotated[str, Doc("id of the party that runs it")]
    owner: Annotated[str | None, Doc("id of the party that owns it; not stated: the operator")] = None
    place: Annotated[str, Doc("city, province or state")] = ""
    latitude: Annotated[float | None, Ge(-90), Le(90), Doc("for the map and for distances", unit="degrees north")] = (
        None
    )
    longitude: Annotated[float | None, Ge(-180), Le(180), Doc("for the map and for distances", unit="degrees east")] = (
        None
    )
    power_mw: Annotated[
        float | None, Gt(0), Doc("power that the site can draw, all in; not stated: no limit", unit="MW")
    ] = None
    pue: Annotated[float, Ge(1), Le(3), Doc("power of the site over power of its computers")] = 1.3
    electricity_usd_per_kwh: Annotated[
        float | None, Ge(0), Doc("tariff; not stated: the catalogue's for the country", unit="USD/kWh")
    ] = None
    carbon_g_per_kwh: Annotated[
        float | None, Ge(0), Doc("carbon intensity; not stated: the catalogue's for the country", unit="gCO2e/kWh")
    ] = None
    cloud_region: Annotated[
        str | None,
        Doc(
            "the provider's region, such as `aws:ap-southeast-1`, `azure:southeastasia` or `gcp:asia-southeast1`: "
            "published prices of data that leaves it count where no link states one"
        ),
    ] = None
    state_funded: Annotated[bool | None, Doc("whether it was built with any state money")] = None
    sources: Sources = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PriceStep:
    """A price of a pool that holds from a day on, for so many chips or more; the last in the file that fits counts."""

    usd_per_chip_hour: Annotated[
        float, Ge(0), Doc("price of a chip for an hour of work that starts then, until it ends", unit="USD")
    ]
    since: Annotated[date | None, Doc("first day of start for which it holds; not stated: every day")] = None
    least_chips: Annotated[int | None, Gt(0), Doc("fewest chips for which it holds", unit="chips")] = None


@dataclass(frozen=True, slots=True)
class ClosedDays:
    """Days on which nothing runs in a pool, such as maintenance."""

    since: Annotated[date, Doc("first day on which nothing runs")]
    until: Annotated[date, Doc("first day on which work may run again")]


@dataclass(frozen=True, slots=True)
class Quote:
    """An offer to lease or to sell the chips of a pool; of the quotes of one pool one at most is taken, once."""

    chips: Annotated[int | None, Gt(0), Doc("chips that it brings; not stated: all of the pool", unit="chips")] = None
    usd_per_chip_hour: Annotated[
        float | None, Ge(0), Doc("a lease: price of a chip for each hour of the term, used or not", unit="USD")
    ] = None
    usd_per_chip: Annotated[
        float | None, Ge(0), Doc("a purchase: price of a chip with its place, ordered on as_of", unit="USD")
    ] = None
    minimum_days: Annotated[int, Ge(0), Doc("a lease: shortest term that must be paid", unit="days")] = 1
    begins_from: Annotated[date | None, Doc("a lease: first day on which it may begin at this price")] = None
    begins_until: Annotated[date | None, Doc("a lease: first day on which it may no longer begin at this price")] = None
    lead_days: Annotated[
        int, Ge(0), Doc("days between as_of and the first day on which chips are there", unit="days")
    ] = 0


@dataclass(frozen=True, slots=True)
class Pool:
    """A number of one chip at one site, held by a party since a date."""

    id: Annotated[str, Doc("short name used elsewhere in the file")]
    site: Annotated[str, Doc("id of the site")]
    chip: Annotated[str, Doc("id of the chip in the catalogue or in `chips`")]
    chips: Annotated[int, Gt(0), Doc("number of chips", unit="chips")]
    holder: Annotated[str, Doc("id of the party that holds the hardware")]
    tenure: Annotated[
        Tenure,
        Doc(
            "owned: the holder uses it; leased: the tenant has possession; "
            "rented: the holder stays end user and sells hours"
        ),
    ]
    users: Annotated[tuple[str, ...], Doc("ids of the parties that may run work on it; empty: the holder")] = ()
    supplier: Annotated[
        str | None, Doc("id of the party that supplied the chips, the exporter; not stated: unknown")
    ] = None
    shipped_from: Annotated[CountryCode | None, Doc("country from which the chips came; not stated: unknown")] = None
    held_since: Annotated[
        date | None,
        Doc(
            "day on which the holder got the chips, or will get them; not stated: unknown, or where they are yet to be "
            "bought, as_of and the lead time"
        ),
    ] = None
    leased_since: Annotated[date | None, Doc("day on which the tenant got possession (tenure leased)")] = None
    bought_to_order: Annotated[
        bool | None, Doc("whether the holder bought the chips to fill one tenant's order; not stated: unknown")
    ] = None
    available_from: Annotated[date | None, Doc("first day on which work may run on it; not stated: held_since")] = None
    available_until: Annotated[date | None, Doc("first day on which it is gone again; not stated: never")] = None
    usd_per_chip_hour: Annotated[
        float | None, Ge(0), Doc("price of a chip for an hour; for owned chips the full cost without power", unit="USD")
    ] = None
    price_steps: Annotated[
        tuple[PriceStep, ...], Doc("prices that hold instead from a day or a number of chips on")
    ] = ()
    closed: Annotated[tuple[ClosedDays, ...], Doc("days on which nothing runs in it, such as maintenance")] = ()
    quotes: Annotated[
        tuple[Quote, ...],
        Doc("offers to lease or buy its chips; where any stands, the pool has no chips before one is taken"),
    ] = ()
    power_included: Annotated[bool, Doc("whether the price holds the electricity")] = True
    chips_per_node: Annotated[int, Gt(0), Doc("work is placed in whole nodes", unit="chips")] = 8
    internode_gbps_per_chip: Annotated[
        float, Gt(0), Doc("network between nodes, one direction", unit="Gbit/s a chip")
    ] = 400.0
    sources: Sources = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Link:
    """A network path between two sites, or from a site to a region of users."""

    between: Annotated[tuple[str, str], Doc("ids of two sites, or of a site and a region of users")]
    gbps: Annotated[float | None, Gt(0), Doc("bandwidth that copies may use", unit="Gbit/s")] = None
    round_trip_ms: Annotated[float | None, Ge(0), Doc("round-trip time", unit="ms")] = None
    usd_per_gb: Annotated[
        float | None,
        Ge(0),
        Doc("price of moving data, either direction; not stated: that of the sites' cloud regions", unit="USD/GB"),
    ] = None
    streams: Annotated[int, Gt(0), Doc("connections in parallel that a copy uses")] = 1
    window_bytes: Annotated[
        float | None, Gt(0), Doc("window of one connection; not stated: it fills the line", unit="bytes")
    ] = None
    loss: Annotated[float, Ge(0), Lt(1), Doc("share of segments lost, which holds each connection back")] = 0.0
    sources: Sources = field(default_factory=dict)
