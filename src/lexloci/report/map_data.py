"""What a plan puts on the map: its sites, the outcome in each country, and what moves between the sites.

Two things move: the weights of a copy, from the site of the workload that it follows to the site that
it must reach, and a dataset, from the site where it lies to the site of a workload that reads it.
"""

from __future__ import annotations

from collections.abc import Iterator

from lexloci.model.outcome import Outcome
from lexloci.model.plan import Placement, Plan
from lexloci.model.portfolio import Portfolio
from lexloci.model.site import Site
from lexloci.model.workload import WorkloadKind
from lexloci.report.map_marks import Flow, MapSite
from lexloci.report.names import Names
from lexloci.report.outcome_style import display_rank, strictest


def map_sites(plan: Plan, portfolio: Portfolio) -> tuple[MapSite, ...]:
    """The sites with known coordinates, each with the strictest outcome of the work placed there."""
    return tuple(
        MapSite(
            id=site.id,
            name=site.name,
            latitude=site.latitude,
            longitude=site.longitude,
            outcome=strictest(placement.outcome for placement in _at(plan, site)),
            detail=_detail(plan, site, Names(portfolio)),
        )
        for site in portfolio.sites
        if site.latitude is not None and site.longitude is not None
    )


def sites_off_the_map(portfolio: Portfolio) -> tuple[Site, ...]:
    """The sites that the map cannot show, because the portfolio states no coordinates for them."""
    return tuple(site for site in portfolio.sites if site.latitude is None or site.longitude is None)


def map_countries(plan: Plan, portfolio: Portfolio) -> dict[str, Outcome]:
    """ISO code -> the strictest outcome of the work placed in that country."""
    found: dict[str, Outcome] = {}
    for placement in plan.placements:
        site = portfolio.site_by_id.get(placement.site)
        if site is not None:
            known = found.get(site.country, placement.outcome)
            found[site.country] = max(known, placement.outcome, key=display_rank)
    return found


def map_flows(plan: Plan, portfolio: Portfolio) -> tuple[Flow, ...]:
    """The copies of weights and the data that move between two sites in a plan, each once."""
    flows = [*_weights(plan, portfolio), *_data(plan, portfolio)]
    return tuple(dict.fromkeys(flow for flow in flows if flow.from_site != flow.to_site))


def _at(plan: Plan, site: Site) -> list[Placement]:
    return [placement for placement in plan.placements if placement.site == site.id]


def _detail(plan: Plan, site: Site, names: Names) -> str:
    placed = _at(plan, site)
    return ", ".join(names.workload(placement.workload) for placement in placed) if placed else "no work placed"


def _weights(plan: Plan, portfolio: Portfolio) -> Iterator[Flow]:
    site_of = {placement.workload: placement.site for placement in plan.placements}
    for placement in plan.placements:
        workload = portfolio.workload_by_id.get(placement.workload)
        if workload is None or workload.kind is not WorkloadKind.COPY or not workload.after or not workload.to_site:
            continue
        start = site_of.get(workload.after[0])
        if start is not None:
            yield Flow(start, workload.to_site, "weights", workload.name, placement.outcome)


def _data(plan: Plan, portfolio: Portfolio) -> Iterator[Flow]:
    for placement in plan.placements:
        workload = portfolio.workload_by_id.get(placement.workload)
        for dataset_id in workload.datasets if workload else ():
            dataset = portfolio.dataset_by_id.get(dataset_id)
            if dataset is not None and dataset.located_at is not None:
                yield Flow(dataset.located_at, placement.site, "data", dataset.name, placement.outcome)
