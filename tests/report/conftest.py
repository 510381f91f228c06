"""Hand-made answers, plans and portfolios for the tests of the report."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from lexloci.catalogue.world import Shape
from lexloci.model.citation import Citation, Verification
from lexloci.model.determination import (
    Conflict,
    Contested,
    Determination,
    Duty,
    FactRead,
    Finding,
    FindingStatus,
    Missing,
    MissingKind,
    NearMiss,
    OtherLayer,
    SourceAge,
    Vouched,
)
from lexloci.model.estimate import Estimate, Range
from lexloci.model.fact import UNKNOWN
from lexloci.model.outcome import Outcome
from lexloci.model.plan import Alternative, Placement, Plan, Unplaced
from lexloci.model.portfolio import Basis, Portfolio
from lexloci.model.site import Pool, Site, Tenure
from lexloci.model.workload import DataCategory, Dataset, Workload, WorkloadKind
from lexloci.report.matrix import Cell, Matrix
from lexloci.scenario.compare_types import Comparison, Move, OutcomeChange, Sums

AS_OF = date(2026, 1, 15)
DUTIES = Outcome.PERMITTED_WITH_DUTIES


def finding(name: str = "supply", **changes: Any) -> Finding:
    made = Finding(
        rule=f"example.{name}",
        title=f"Rule on {name}",
        authority="example_authority",
        status=FindingStatus.FIRED,
        outcome=DUTIES,
        reason=f"The act is a {name} of a listed item",
        citation=Citation(f"1 Example Code {name}", f"https://example.org/{name}"),
        verification=Verification.PRIMARY,
        text=f"No person may {name} without a record.",
        facts=(
            FactRead("item.listed", value=True, origin="portfolio.yaml:12"),
            FactRead("tenant.headquarters", UNKNOWN, "not stated"),
        ),
        leg=f"{name} of chips",
        on=date(2026, 2, 1),
        history="in force since 2025-01-01",
        party="Tenant Ltd",
    )
    return replace(made, **changes)


def determination(name: str = "placement", **changes: Any) -> Determination:
    """An answer in which every part is filled, with one leg."""
    fired = finding(name)
    leg = Determination(
        id=f"{name}/leg",
        subject=f"{name}: supply",
        as_of=AS_OF,
        known_at=AS_OF,
        basis=Basis.ENFORCEMENT,
        outcome=DUTIES,
        certain=DUTIES,
        possible=DUTIES,
        findings=(fired,),
        duties=(),
        missing=(),
        contested=(),
        vouched=(),
        signals=(),
        exposures=(),
        notes=(),
        conflicts=(),
        levers=(),
        rulebook="2026.1",
        sources=(),
    )
    made = replace(
        leg,
        id=name,
        subject=f"{name} as a whole",
        duties=(Duty("Keep the record for five years", "example.keep", "supply", lead_time_days=30),),
        missing=(
            Missing(
                MissingKind.FACT, "tenant.headquarters", "Where are its headquarters?", "Tenant Ltd", "supply", ("r1",)
            ),
        ),
        contested=(
            Contested("example.rental", "Is renting a transfer?", (("yes", "It is"), ("no", "It is not")), "supply"),
            Contested(
                "example.adopted",
                "Is use an export?",
                (("no", "Use is no export"),),
                "use",
                reading="no",
                adopted_by="A. Officer, compliance",
                on=date(2025, 12, 1),
                adviser="Counsel LLP",
            ),
        ),
        vouched=(
            Vouched("tenant.red_flags_resolved", value=True, by="A. Officer", on=date(2026, 1, 2), evidence="file 7"),
        ),
        signals=(finding("signal", status=FindingStatus.SIGNAL),),
        exposures=(finding("exposure", status=FindingStatus.EXPOSURE),),
        notes=(finding("note", status=FindingStatus.NOTE),),
        conflicts=(
            Conflict(
                ("a.forbids", "b.requires"), "One forbids what the other requires", (Citation("A 1"), Citation("B 2"))
            ),
        ),
        levers=("another site",),
        near_misses=(
            NearMiss(
                "example.near",
                "Rule on near items",
                Outcome.PROHIBITED,
                Citation("1 Example Code near"),
                "item.near",
                (FactRead("item.near", value=False, origin="portfolio.yaml:13"),),
            ),
        ),
        sources=(
            SourceAge("party list", date(2026, 1, 1), 14, 30),
            SourceAge("price table", date(2024, 1, 1), 745, 365),
        ),
        other_layer=OtherLayer(Basis.TEXT, Outcome.LICENCE_PRESUMED_DENIED, ("supply: text stands since 2025-01-15",)),
        legs=(leg,),
    )
    return replace(made, **changes)


def estimate(workload: str = "train", pool: str = "johor-h200") -> Estimate:
    return Estimate(
        workload=workload,
        pool=pool,
        chips=512,
        feasible=True,
        reason="",
        duration_s=Range(86400.0 * 40, 86400.0 * 34, 86400.0 * 51),
        tokens_per_s=Range(2.1e6, 1.7e6, 2.5e6),
        utilisation=Range(0.38, 0.31, 0.44),
        utilisation_of="MFU",
        energy_kwh=Range(5.2e5, 4.4e5, 6.6e5),
        carbon_kg=Range(2.6e5, 2.2e5, 3.3e5),
        cost_usd=Range(1.43e6, 1.2e6, 1.8e6),
        support="published run A, MFU 0.38",
        warnings=("network assumed",),
    )


def placement(workload: str = "train", site: str = "johor", pool: str = "johor-h200", **changes: Any) -> Placement:
    made = Placement(
        workload=workload,
        site=site,
        pool=pool,
        chips=512,
        start=date(2026, 2, 1),
        end=date(2026, 3, 13),
        outcome=DUTIES,
        cost_usd=1_432_100.0,
        conditional_on=(),
        estimate=estimate(workload, pool),
        determination=determination(f"{workload}@{pool}"),
        alternatives=(Alternative("hebei-910c", Outcome.PROHIBITED, "the price: dearer", 2_000_000.0),),
    )
    return replace(made, **changes)


def site(site_id: str, name: str, country: str, latitude: float | None, longitude: float | None) -> Site:
    return Site(id=site_id, name=name, country=country, operator="operator", latitude=latitude, longitude=longitude)


def workload(workload_id: str, name: str, kind: WorkloadKind = WorkloadKind.PRE_TRAIN, **changes: Any) -> Workload:
    return Workload(id=workload_id, name=name, party="lab", kind=kind, model="model", **changes)


def portfolio(**changes: Any) -> Portfolio:
    made = Portfolio(
        name="Half-year plan",
        as_of=AS_OF,
        basis=Basis.ENFORCEMENT,
        horizon_until=date(2026, 7, 1),
        sources={"prices": "Example price list, 2025-12-01"},
        sites=(
            site("johor", "Johor A", "MY", 1.53, 103.66),
            site("singapore", "Singapore West", "SG", 1.33, 103.75),
            site("hebei", "Zhangjiakou 张家口", "CN", 40.8, 114.9),
            site("abudhabi", "Abu Dhabi 1", "AE", 24.4, 54.5),
            site("nowhere", "Undisclosed", "TH", None, None),
        ),
        pools=(
            Pool("johor-h200", "johor", "h200", 1024, "operator", Tenure.RENTED),
            Pool("sg-h100", "singapore", "h100", 256, "operator", Tenure.RENTED),
            Pool("hebei-910c", "hebei", "ascend-910c", 2048, "lab", Tenure.OWNED),
            Pool("ad-h100", "abudhabi", "h100", 512, "operator", Tenure.RENTED),
        ),
        datasets=(
            Dataset("web", "Public web text", "lab", DataCategory.PUBLIC, "US", located_at="singapore", bytes=1e13),
            Dataset("private", "Customer records", "lab", DataCategory.PERSONAL, "CN", located_at="hebei", bytes=1e11),
        ),
        workloads=(
            workload("train", "Pre-train 200B", datasets=("web",), deadline=date(2026, 5, 1)),
            workload("tune", "Fine-tune on private data", WorkloadKind.FINE_TUNE, datasets=("private",)),
            workload("home", "Bring the weights home", WorkloadKind.COPY, after=("train",), to_site="hebei"),
            workload("serve", "Serve the Gulf", WorkloadKind.SERVE),
            workload("lost", "Train on important data abroad"),
        ),
    )
    return replace(made, **changes)


def plan(**changes: Any) -> Plan:
    """A plan of four placements, one conditional, and one workload without a place."""
    made = Plan(
        name="Half-year plan",
        as_of=AS_OF,
        known_at=AS_OF,
        basis=Basis.ENFORCEMENT,
        rulebook="2026.1",
        placements=(
            placement(),
            placement(
                "tune", "hebei", "hebei-910c", outcome=Outcome.PERMITTED, start=date(2026, 2, 10), end=date(2026, 4, 1)
            ),
            placement("home", "johor", "johor-h200", start=date(2026, 3, 14), end=date(2026, 3, 16)),
            placement(
                "serve",
                "abudhabi",
                "ad-h100",
                outcome=Outcome.LICENCE_CASE_BY_CASE,
                conditional_on=("licence of the example authority",),
                start=date(2026, 4, 1),
                end=date(2026, 7, 1),
            ),
        ),
        unplaced=(
            Unplaced(
                "lost",
                "important data may not leave without an assessment, and no pool at home has the chips in time",
                (Alternative("johor-h200", Outcome.PROHIBITED, "no assessment on record"),),
            ),
        ),
        objective=5_900_000.0,
        bound=5_800_000.0,
        gap=100_000.0,
        cost_usd=5_728_400.0,
        solver_status="feasible",
    )
    return replace(made, **changes)


def matrix(of: Plan | None = None, on: Portfolio | None = None) -> Matrix:
    """Every pair of the portfolio except one, with the plan's own answers where it placed work."""
    of, on = of or plan(), on or portfolio()
    rows = {item.id: item.name for item in on.workloads}
    columns = {pool.id: f"{on.site_by_id[pool.site].name} {pool.chip}" for pool in on.pools}
    answers = list(Outcome)
    cells = {}
    for row, workload_id in enumerate(rows):
        for column, pool_id in enumerate(columns):
            outcome = answers[(2 * row + column) % len(answers)]
            worst = Outcome.PROHIBITED if outcome is Outcome.HUMAN_REVIEW else outcome
            answer = determination(f"{workload_id}@{pool_id}", outcome=outcome, possible=worst)
            cells[workload_id, pool_id] = Cell(outcome, worst, f"rule {row}.{column} decided", answer)
    for item in of.placements:
        cells[item.workload, item.pool] = Cell(item.outcome, item.outcome, "planned", item.determination)
    last = list(columns)[-1]
    cells["lost", last] = Cell(Outcome.PERMITTED, Outcome.PERMITTED, "does not fit the memory", None)
    cells.pop(("train", last), None)
    return Matrix(rows, columns, cells)


def comparison(**changes: Any) -> Comparison:
    made = Comparison(
        before_label="2026-01-15",
        after_label="2026-04-01",
        moves=(Move("train", "johor-h200", "hebei-910c", 1_432_100.0, 2_000_000.0, "licence needed from 2026-04-01"),),
        outcome_changes=(
            OutcomeChange("train", "johor-h200", DUTIES, Outcome.LICENCE_PRESUMED_DENIED, "example.supply"),
        ),
        before=Sums(5_728_400.0, 1_200_000.0, 650_000.0, 0),
        after=Sums(6_296_300.0, 1_300_000.0, 700_000.0, 0),
    )
    return replace(made, **changes)


def square(code: str, name: str, west: float, south: float, east: float, north: float) -> Shape:
    ring = ((west, south), (east, south), (east, north), (west, north), (west, south))
    return Shape(code, name, (ring,))


@pytest.fixture(scope="session")
def make() -> SimpleNamespace:
    """The builders of this file; each takes changes by keyword."""
    return SimpleNamespace(
        as_of=AS_OF,
        finding=finding,
        determination=determination,
        estimate=estimate,
        placement=placement,
        site=site,
        workload=workload,
        portfolio=portfolio,
        plan=plan,
        matrix=matrix,
        comparison=comparison,
        square=square,
    )
