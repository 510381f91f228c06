"""What electricity costs and emits at a site; without a tariff a job that pays for its power has no estimate."""

from __future__ import annotations

from dataclasses import replace

from lexloci.catalogue import countries
from lexloci.model.estimate import Estimate
from lexloci.model.site import Pool, Site


def grid_of(site: Site) -> tuple[float | None, float | None]:
    """Tariff (USD/kWh) and carbon intensity (gCO2e/kWh) of a site: stated, else its country's; None where unknown."""
    country = countries()[site.country]
    tariff = (
        site.electricity_usd_per_kwh if site.electricity_usd_per_kwh is not None else country.electricity_usd_per_kwh
    )
    carbon = site.carbon_g_per_kwh if site.carbon_g_per_kwh is not None else country.carbon_g_per_kwh
    return tariff, carbon


def with_grid(found: Estimate, pool: Pool, site: Site) -> Estimate:
    """The estimate, refused where its electricity has no price, with a warning where its carbon is not known."""
    tariff, carbon = grid_of(site)
    if found.feasible and tariff is None and not pool.power_included:
        nobody = f"site {site.id} states no electricity_usd_per_kwh, and the catalogue has none for {site.country}"
        return replace(found, feasible=False, reason=f"{nobody}; state it under sites")
    if carbon is None:
        note = f"carbon not counted: site {site.id} states no carbon_g_per_kwh, the catalogue has none"
        return replace(found, warnings=(*found.warnings, note))
    return found
