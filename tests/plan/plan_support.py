"""A small invented portfolio under a small invented rulebook, ways to change it, and the oracle of lawful plans."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from lexloci.case import read_portfolio
from lexloci.law.load import load_rulebook
from lexloci.law.rule import Rulebook
from lexloci.model.act import Act
from lexloci.model.determination import Determination
from lexloci.model.plan import Placement
from lexloci.model.portfolio import Portfolio
from lexloci.model.workload import Demand, Workload, WorkloadKind
from lexloci.plan.judge import Judge
from lexloci.plan.planner import Planned, judge_for, make_plan
from lexloci.rulebook.acts import placement_acts

HERE = Path(__file__).parent
AS_OF = date(2026, 1, 5)


@lru_cache(maxsize=1)
def rulebook() -> Rulebook:
    """The invented rulebook."""
    return load_rulebook(HERE / "rulebook_small")


@lru_cache(maxsize=1)
def small() -> Portfolio:
    """The invented portfolio."""
    return read_portfolio(HERE / "portfolios" / "small.yaml")


def changed(portfolio: Portfolio, section: str, name: str, **changes: Any) -> Portfolio:
    """The portfolio with some fields of one thing changed."""
    things = getattr(portfolio, section)
    assert any(thing.id == name for thing in things), name
    new = tuple(replace(thing, **changes) if thing.id == name else thing for thing in things)
    return replace(portfolio, **{section: new})


def pool(portfolio: Portfolio, name: str, **changes: Any) -> Portfolio:
    """The portfolio with one pool changed."""
    return changed(portfolio, "pools", name, **changes)


def job(portfolio: Portfolio, name: str, **changes: Any) -> Portfolio:
    """The portfolio with one workload changed."""
    return changed(portfolio, "workloads", name, **changes)


def with_pools(portfolio: Portfolio, *names: str) -> Portfolio:
    """The portfolio with some of its pools only."""
    return replace(portfolio, pools=tuple(one for one in portfolio.pools if one.id in names))


def with_jobs(portfolio: Portfolio, *jobs: Workload) -> Portfolio:
    """The portfolio with these workloads after its own."""
    return replace(portfolio, workloads=(*portfolio.workloads, *jobs))


def in_norway(portfolio: Portfolio, name: str = "is") -> Portfolio:
    """The portfolio with one pool standing in Norway."""
    return pool(portfolio, name, site="oslo")


def copy_to(site: str, name: str = "home", after: str = "train") -> Workload:
    """A copy of the weights to a site."""
    return Workload(name, f"copy to {site}", "kiwi", WorkloadKind.COPY, "moa", to_site=site, after=(after,))


def serve(*countries: str, name: str = "serve", after: tuple[str, ...] = (), **demand: Any) -> Workload:
    """A service of the model to the public of some countries, for thirty days."""
    asked = {"output_tokens_per_s": 100.0, "users_personal_data": False, **demand}
    wanted = Demand("users", countries, **asked)
    return Workload(
        name,
        f"serve {countries}",
        "kiwi",
        WorkloadKind.SERVE,
        "moa",
        demand=wanted,
        after=after,
        days=30.0,
        military_or_weapons_use=False,
    )


def planned(portfolio: Portfolio, **settings: Any) -> Planned:
    """The plan of a portfolio under the invented rulebook."""
    return make_plan(portfolio, rulebook(), **settings)


def placement(made: Planned, name: str = "train") -> Placement | None:
    """Where a plan puts a workload."""
    return next((one for one in made.plan.placements if one.workload == name), None)


def why_unplaced(made: Planned, name: str = "train") -> str:
    """Why a plan leaves a workload out."""
    return next(one.why for one in made.plan.unplaced if one.workload == name)


def acts_of(portfolio: Portfolio, name: str, workload: str = "train", start: date = AS_OF) -> dict[str, Act]:
    """The acts of a placement by their leg."""
    judge = judge_for(portfolio, rulebook())
    placing = judge.placing(portfolio.workload_by_id[workload], portfolio.pool_by_id[name])
    return {act.leg: act for act in placement_acts(placing, start)}


def determined(portfolio: Portfolio, name: str, workload: str = "train", start: date = AS_OF) -> Determination:
    """The answer of the law, from a judge that was asked nothing else."""
    judge = judge_for(portfolio, rulebook())
    return judge.placement(portfolio.workload_by_id[workload], portfolio.pool_by_id[name], start)


def unlawful_days(made: Planned, book: Rulebook) -> list[str]:
    """The oracle: what of an unconditional plan is not placeable when a new judge is asked about each day of it."""
    portfolio = made.portfolio
    judge = Judge(portfolio, book, made.judge.question)
    found: list[str] = []
    where = {one.workload: one.site for one in made.plan.placements}
    for place in made.plan.placements:
        workload = portfolio.workload_by_id[place.workload]
        if place.conditional_on:
            continue
        for offset in range((place.end - place.start).days):
            day = place.start + timedelta(days=offset)
            found += [
                f"{place.workload} in {place.pool} on {day}: {answer.outcome.value}"
                for answer in _answers(judge, workload, place, where, day)
                if not answer.outcome.is_placeable
            ]
    return found


def _answers(
    judge: Judge, workload: Workload, place: Placement, where: dict[str, str], day: date
) -> list[Determination]:
    portfolio = judge.portfolio
    stands = portfolio.pool_by_id[place.pool]
    country_of = {site.id: site.country for site in portfolio.sites}
    if workload.kind is WorkloadKind.COPY:
        ways = [(country_of[stands.site], country_of[place.site])]
        answers = []
    else:
        ways = [
            (country_of[where[before]], country_of[place.site])
            for before in workload.after
            if portfolio.workload_by_id[before].model == workload.model
        ]
        answers = [judge.placement(workload, stands, day)]
    moves = [judge.weights_move(workload, stands, here, there, day) for here, there in ways if here != there]
    return answers + moves
