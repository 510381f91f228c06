"""An ordinary case that the law permits as enforced: a Malaysian job on a Malaysian operator's chips in Johor."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from lexloci.model.determination import Determination
from lexloci.model.party import Party
from lexloci.model.portfolio import Basis, Portfolio
from lexloci.model.record import Attestation
from lexloci.model.site import Pool, Site, Tenure
from lexloci.model.workload import DataCategory, Dataset, Model, Workload, WorkloadKind
from lexloci.plan.planner import judge_for
from lexloci.rulebook.book import bundled_rulebook

DAY = date(2025, 12, 1)
UNLISTED = Attestation("party.unlisted", True, ("maker", "operator", "tenant", "other"), "officer", DAY, "file 7")


def generic(name: str, country: str | None, parent: str | None = None, **fields: Any) -> Party:
    """A party that is not screened, with its seat and its ultimate parent (its own unless named)."""
    return Party(
        name, f"{name}, a company", generic=True, headquarters=country, ultimate_parent=parent or name, **fields
    )


def ordinary() -> Portfolio:
    """The case, permitted on the layer of enforcement."""
    return Portfolio(
        name="review",
        as_of=DAY,
        known_at=DAY,
        basis=Basis.ENFORCEMENT,
        horizon_until=date(2026, 12, 1),
        parties=(
            generic("maker", "TW"),
            generic("operator", "MY"),
            generic("tenant", "MY"),
            generic("other", "CN"),
        ),
        sites=(Site("johor", "Johor", "MY", "operator"), Site("beijing", "Beijing", "CN", "other")),
        pools=(
            Pool(
                "pool",
                "johor",
                "h100-sxm",
                64,
                "operator",
                Tenure.RENTED,
                users=("tenant",),
                supplier="maker",
                shipped_from="US",
                held_since=date(2025, 6, 1),
                bought_to_order=False,
            ),
        ),
        models=(Model("net", "Net", 1e9, open_weights=False),),
        workloads=(
            Workload("job", "Job", "tenant", WorkloadKind.PRE_TRAIN, "net", tokens=1e9, military_or_weapons_use=False),
        ),
        attestations=(UNLISTED,),
    )


def changed(portfolio: Portfolio, section: str, thing_id: str, /, **changes: Any) -> Portfolio:
    """The portfolio with some fields of one thing changed."""
    things = getattr(portfolio, section)
    assert thing_id in {thing.id for thing in things}
    new = tuple(replace(thing, **changes) if thing.id == thing_id else thing for thing in things)
    return replace(portfolio, **{section: new})


def answer(portfolio: Portfolio) -> Determination:
    """The law's answer to the job in the pool, as enforced."""
    judge = judge_for(portfolio, bundled_rulebook())
    return judge.placement(portfolio.workload_by_id["job"], portfolio.pool_by_id["pool"], portfolio.as_of)


def data(**fields: Any) -> Dataset:
    """Personal data of 60,000 persons, collected in China by the tenant, with consent."""
    stated: dict[str, Any] = {
        "persons": 60_000,
        "sensitive_persons": 0,
        "separate_consent": "obtained",
        "notified_as_important": False,
        "state_organ": False,
        "foreign_origin_only": False,
        "located_at": "beijing",
    }
    return Dataset(
        **{"id": "data", "name": "Data", "handler": "tenant", "category": DataCategory.PERSONAL, "origin": "CN"}
        | stated
        | fields
    )


def reading(portfolio: Portfolio, *datasets: Dataset) -> Portfolio:
    """The portfolio whose job reads these datasets, their handler no critical infrastructure."""
    held = replace(portfolio, datasets=datasets)
    held = changed(held, "parties", "tenant", critical_infrastructure_operator=False)
    return changed(held, "workloads", "job", datasets=tuple(one.id for one in datasets))
