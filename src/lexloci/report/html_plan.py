"""The sections of the report that show the plan: the map, the bars over time, the table."""

from __future__ import annotations

from typing import Final

from lexloci.catalogue.world import world_outline
from lexloci.model.outcome import Outcome
from lexloci.model.plan import Placement, Plan
from lexloci.model.portfolio import Portfolio
from lexloci.plan.late import days_late, late_work
from lexloci.report.figures import days, megawatt_hours, percent, significant, tonnes, usd
from lexloci.report.html_why import Anchors
from lexloci.report.map_data import map_countries, map_flows, map_sites, sites_off_the_map
from lexloci.report.map_marks import Flow
from lexloci.report.names import Names
from lexloci.report.outcome_style import badge_html
from lexloci.report.plain import escape, name_html
from lexloci.report.set_aside import set_aside
from lexloci.report.svg_gantt import gantt_svg
from lexloci.report.svg_map import map_svg

OUTLINE_SOURCE: Final = (
    "Land: Natural Earth 1:50 million, public domain. "
    "Borders are drawn as held in fact and say nothing about any claim."
)


def map_section(plan: Plan, portfolio: Portfolio) -> str:
    """The section with the map, its legend and the list of what moves."""
    sites, flows = map_sites(plan, portfolio), map_flows(plan, portfolio)
    if sites:
        picture = map_svg(sites, flows, map_countries(plan, portfolio), world_outline())
    else:
        picture = "<p>No map: the portfolio states no coordinates for any site.</p>"
    off = sites_off_the_map(portfolio)
    lost = f" Without coordinates, and so not on the map: {', '.join(site.name for site in off)}." if off else ""
    return (
        f'<section id="map"><h2>Where the work runs, and what moves</h2><figure><div class="scroll">{picture}</div>'
        f"{_legend()}{_flow_list(flows, portfolio)}"
        f"<figcaption>{escape(OUTLINE_SOURCE + lost)}</figcaption></figure></section>"
    )


def gantt_section(plan: Plan, portfolio: Portfolio) -> str:
    """The section with a bar for each workload over time."""
    caption = "A hatched bar hangs on a licence that is not yet granted. An I-shaped mark is the deadline."
    return (
        f'<section id="time"><h2>When</h2><figure><div class="scroll">{gantt_svg(plan, portfolio)}</div>'
        f"<figcaption>{caption}</figcaption></figure></section>"
    )


def plan_section(plan: Plan, names: Names, anchors: Anchors) -> str:
    """The section with the table of the plan, and what has no place."""
    headings = (
        ("workload", ""),
        ("place and chips", ""),
        ("start, first day after", ""),
        ("outcome", ""),
        ("cost, USD", "figure"),
        ("days", "figure"),
        ("MFU or MBU, %", "figure"),
        ("energy, MWh", "figure"),
        ("carbon, t CO2e", "figure"),
    )
    head = "".join(f'<th scope="col" class="{kind}">{words}</th>' for words, kind in headings)
    late = late_work(plan, names.portfolio)
    rows = "".join(_row(placement, names, anchors, late.get(placement.workload, 0)) for placement in plan.placements)
    table = (
        f'<div class="scroll"><table class="cards"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'
    )
    body = table if plan.placements else "<p>No workload has a place.</p>"
    parts = f"{body}{_set_aside(plan, names)}{_contracts(plan)}{_unplaced(plan, names, anchors)}"
    return f'<section id="plan"><h2>The plan</h2>{parts}</section>'


def _set_aside(plan: Plan, names: Names) -> str:
    """Exposures, clashes of laws and signals of the plan, each with the workloads that it stands against."""
    items = "".join(
        f"<li><strong>{one.kind}</strong>: {escape(one.words)}. For "
        f"{', '.join(name_html(names.workload(workload)) for workload in one.workloads)}.</li>"
        for one in set_aside(plan)
    )
    heading = "<h3>Shown apart: it does not decide here, and stays on record</h3>"
    return f"{heading}<ul>{items}</ul>" if items else ""


def _legend() -> str:
    return f'<ul class="legend">{"".join(f"<li>{badge_html(outcome)}</li>" for outcome in Outcome)}</ul>'


def _flow_list(flows: tuple[Flow, ...], portfolio: Portfolio) -> str:
    names = Names(portfolio)
    items = "".join(
        f"<li>{flow.what}: {name_html(flow.label)}, from {name_html(names.site(flow.from_site))} to "
        f"{name_html(names.site(flow.to_site))} {badge_html(flow.outcome, short=True)}</li>"
        for flow in flows
    )
    return f'<ul class="flows">{items}</ul>' if items else '<p class="flows">Nothing moves between sites.</p>'


def _row(placement: Placement, names: Names, anchors: Anchors, late: int) -> str:
    estimate = placement.estimate
    anchor = anchors.of(placement.determination)
    condition = ""
    if placement.conditional_on:
        condition = f"<small>conditional on {escape(', '.join(placement.conditional_on))}</small>"
    cost = usd(placement.cost_usd)
    if estimate.cost_usd.low < estimate.cost_usd.high:
        cost += f"<small>{significant(estimate.cost_usd.low)}–{significant(estimate.cost_usd.high)}</small>"
    place = f"{name_html(names.site(placement.site))}<small>{escape(names.chips(placement))}</small>"
    dates = f"<time>{placement.start}</time><br><time>{placement.end}</time>"
    dates += f"<small>{days_late(late)}</small>" if late else ""
    dates += "".join(f"<small>paused {start} until {end}</small>" for start, end in placement.pauses)
    place += "".join(f"<small>and at once {one.chips:,} of {escape(one.pool)}</small>" for one in placement.also)
    cells = (
        ("place and chips", "", place),
        ("start, first day after", "", dates),
        ("outcome", "", f'<a href="#{anchor}">{badge_html(placement.outcome, short=True)}</a>{condition}'),
        ("cost, USD", "figure", cost),
        ("days", "figure", _split(days(estimate.duration_s))),
        (f"{estimate.utilisation_of}, %", "figure", _split(percent(estimate.utilisation))),
        ("energy, MWh", "figure", _split(megawatt_hours(estimate.energy_kwh))),
        ("carbon, t CO2e", "figure", _split(tonnes(estimate.carbon_kg))),
    )
    data = "".join(f'<td class="{kind}" data-label="{escape(label)}">{words}</td>' for label, kind, words in cells)
    return f'<tr><th scope="row">{name_html(names.workload(placement.workload))}</th>{data}</tr>'


def _split(figure: str) -> str:
    """The point, and its interval beneath it."""
    point, space, rest = figure.partition(" ")
    return f"{point}<small>{rest}</small>" if space else point


def _contracts(plan: Plan) -> str:
    items = "".join(
        f"<li>{one.kind} of {one.chips:,} chips of {escape(one.pool)} from <time>{one.start}</time>"
        + (f" until <time>{one.end}</time>" if one.end else "")
        + f": USD {usd(one.usd)}, paid whether they work or not</li>"
        for one in plan.contracts
    )
    return f"<h3>Leases and purchases</h3><ul>{items}</ul>" if items else ""


def _unplaced(plan: Plan, names: Names, anchors: Anchors) -> str:
    items = "".join(
        f"<li><strong>{name_html(names.workload(unplaced.workload))}</strong>: {escape(unplaced.why)} "
        f'<a href="#{anchors.of_unplaced(unplaced)}">what each pool answered</a></li>'
        for unplaced in plan.unplaced
    )
    return f"<h3>Without a place</h3><ul>{items}</ul>" if items else ""
