"""The way between two sites: what is stated of it, what tables and distance say, and what a copy over it takes.

A link that states its figures wins. A price that no link states is that which the provider of the cloud region
publishes from which the data leaves; a round trip that no link states follows from the places of the sites. A
bandwidth is never guessed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from lexloci.model.chip import Chip
from lexloci.model.estimate import Estimate, Range
from lexloci.model.portfolio import Portfolio
from lexloci.model.site import Pool, Site
from lexloci.model.workload import Dataset, Workload, WorkloadKind
from lexloci.perf import JobSpec, estimate
from lexloci.perf.across import RingLink, estimate_across
from lexloci.perf.copying import FULL_LINE, Streams
from lexloci.perf.egress import DATED, egress_price
from lexloci.perf.estimate import infeasible
from lexloci.perf.latency import round_trip_ms
from lexloci.plan.electricity import with_grid


@dataclass(frozen=True, slots=True)
class Path:
    """Bandwidth (Gbit/s), round trip (ms) and price (USD/GB) from one site to another, and how it is sent.

    None where nothing says the figure. ``by_distance``: the round trip with its ends, where only the places of the
    sites say it. ``unpriced``: why there is no price, for people.
    """

    gbps: float | None
    round_trip_ms: float | None
    usd_per_gb: float | None
    sent: Streams = FULL_LINE
    notes: tuple[str, ...] = ()
    unpriced: str = ""
    by_distance: Range | None = None


def path_between(portfolio: Portfolio, origin: str, to: str) -> Path:
    """The way from a site to another; without a link only what tables and distance say."""
    if origin == to:
        return Path(1.0, None, 0.0)
    one, other = portfolio.site_by_id[origin], portfolio.site_by_id[to]
    link = portfolio.link(origin, to)
    stated_trip = link.round_trip_ms if link else None
    stated_price = link.usd_per_gb if link else None
    by_distance, trip_note = (None, "") if stated_trip is not None else _trip(one, other)
    trip = by_distance.point if by_distance else stated_trip
    price, price_note, unpriced = (stated_price, "", "") if stated_price is not None else _price(one, other)
    sent = Streams(link.streams, link.window_bytes or FULL_LINE.window_bytes, link.loss) if link else FULL_LINE
    notes = tuple(note for note in (trip_note, price_note) if note)
    return Path(link.gbps if link else None, trip, price, sent, notes, unpriced, by_distance)


def _trip(one: Site, other: Site) -> tuple[Range | None, str]:
    if one.latitude is None or one.longitude is None or other.latitude is None or other.longitude is None:
        return None, ""
    trip = round_trip_ms((one.latitude, one.longitude), (other.latitude, other.longitude))
    ends = f"{trip.point:.0f} ms ({trip.low:.0f} to {trip.high:.0f})"
    return trip, f"round trip from {one.id} to {other.id} not stated: {ends} by their distance"


def _price(one: Site, other: Site) -> tuple[float | None, str, str]:
    if not (one.cloud_region and other.cloud_region):
        return None, "", ""
    way = f"from {one.cloud_region} to {other.cloud_region}"
    found = egress_price(one.cloud_region, other.cloud_region)
    if found is None:
        return None, "", f"no list of prices that ships has the way {way}"
    return found.usd_per_gb, f"{found.usd_per_gb:g} USD/GB {way}, as published in {DATED[found.source]}", ""


def estimate_copy(
    portfolio: Portfolio, workload: Workload, pool: Pool, chip: Chip, to: str, volume: float, departure: str = ""
) -> Estimate:
    """Time and price of moving a volume (bytes) from the pool's site (or ``departure``) to another."""
    origin = departure or pool.site
    path = path_between(portfolio, origin, to)
    found = estimate(
        JobSpec(
            workload=Workload(workload.id, workload.name, workload.party, WorkloadKind.COPY, workload.model),
            model=portfolio.model_by_id[workload.model],
            chip=chip,
            pool=pool,
            site=portfolio.site_by_id[pool.site],
            chips=0,
            electricity_usd_per_kwh=0.0,
            carbon_g_per_kwh=0.0,
            bytes=0.0 if origin == to else volume,
            gbps=path.gbps,
            round_trip_ms=path.round_trip_ms,
            round_trip_estimated=path.by_distance,
            usd_per_gb=path.usd_per_gb,
            sent=path.sent,
        )
    )
    if not found.feasible and path.gbps is not None and path.unpriced:
        return replace(found, reason=f"{path.unpriced}; state usd_per_gb under links")
    return replace(found, warnings=(*found.warnings, *path.notes)) if found.feasible else found


def estimate_over_sites(portfolio: Portfolio, jobs: Sequence[JobSpec]) -> Estimate:
    """One training on pools at several sites, which exchange in a ring in the order given."""
    name = "+".join(job.pool.id for job in jobs)
    links: list[RingLink] = []
    notes: list[str] = []
    for job, following in zip(jobs, (*jobs[1:], jobs[0]), strict=True):
        origin, to = job.site.id, following.site.id
        path = path_between(portfolio, origin, to)
        lacking = _lacking(path) if origin != to else "are pools of one site; name pools of different sites"
        if lacking:
            return replace(infeasible(jobs[0], f"{origin} and {to} {lacking}"), pool=name)
        links.append(RingLink(path.gbps or 0.0, path.round_trip_ms or 0.0, path.usd_per_gb or 0.0))
        notes += path.notes
    found = estimate_across(jobs, links)
    if found.feasible:
        found = replace(found, warnings=(*found.warnings, *dict.fromkeys(notes)))
    for job in jobs:
        found = with_grid(found, job.pool, job.site)
    return found


def _lacking(path: Path) -> str:
    """Which figure of a way nothing says that an exchange needs; empty where all are said."""
    if path.gbps is None:
        return "have no link with a bandwidth; state gbps under links"
    if path.round_trip_ms is None:
        return "have no round trip; state round_trip_ms under links, or latitude and longitude of both"
    if path.usd_per_gb is None:
        return (
            f"have no price of moving data{'; ' + path.unpriced if path.unpriced else ''}; state usd_per_gb under links"
        )
    return ""


def data_moves(portfolio: Portfolio, workload: Workload, pool: Pool, chip: Chip) -> list[tuple[Dataset, Estimate]]:
    """What it takes to bring each dataset that lies at another site to the pool's."""
    datasets = [portfolio.dataset_by_id[name] for name in workload.datasets]
    return [
        (one, estimate_copy(portfolio, workload, pool, chip, pool.site, one.bytes, departure=one.located_at))
        for one in datasets
        if one.located_at not in (None, pool.site) and one.located_at is not None
    ]


def moves_told(portfolio: Portfolio, workload: Workload, pool: Pool, chip: Chip) -> tuple[str, ...]:
    """What bringing the datasets takes, in a line for each; it is in no figure of the estimate."""
    told = []
    for dataset, moved in data_moves(portfolio, workload, pool, chip):
        way = f"{dataset.id} from {dataset.located_at} to {pool.site}"
        hours, usd = moved.duration_s.point / 3600.0, moved.cost_usd.point
        taken = f"{hours:.3g} h and {usd:,.0f} USD, not counted here" if moved.feasible else f"no way: {moved.reason}"
        told.append(f"bringing {way}: {taken}")
    return tuple(told)
