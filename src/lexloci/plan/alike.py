"""Which workloads ask the same of the law, so that one answer does for all of them?

The acts of a placement are made from the pool, from the portfolio as a whole, and from those fields of the workload
that are no matter of size, time and price alone. What is on record may name a workload: one that is named asks for
itself. Two workloads that ask the same have the same answer in every pool on every day, but for their names and for
the places of the file from which their facts come.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import fields
from itertools import chain

from lexloci.model.portfolio import Portfolio
from lexloci.model.site import Pool
from lexloci.model.workload import Demand, Workload

Asking = tuple[object, ...]
"""What a workload asks of the law; alike for workloads that ask the same."""
TIME_AND_PRICE = frozenset(
    {
        "release",
        "deadline",
        "must_end",
        "may_pause",
        "restart_hours",
        "may_split",
        "days",
        "usd_per_day_late",
        "usd_if_unplaced",
        "max_chips",
        "sources",
    }
)
"""Fields of a workload that say when it runs and what that is worth."""
SIZE_TIME_AND_PRICE = TIME_AND_PRICE | {
    "id",
    "name",
    "tokens",
    "method",
    "precision",
    "batch_sequences",
    "exchange",
    "rollouts",
    "prompts_apart",
    "drafting",
    "demand",
    "after",
}
"""Fields of a workload that no act is made from; ``demand`` and ``after`` are looked at apart.

The tokens of all workloads that train a model count for its weights, whichever of them they are stated for.
"""
OF_DEMAND = frozenset(
    {
        "region",
        "output_tokens_per_s",
        "input_tokens_per_output_token",
        "tokens_per_s_per_user",
        "max_round_trip_ms",
        "adoption",
        "adoption_step_days",
        "requests_per_s",
        "lengths",
        "prompt_tokens",
        "answer_tokens",
        "prefix_cache_share",
        "max_first_token_s",
        "mean_share",
        "latitude",
        "longitude",
    }
)
"""The same of its demand."""
_ASKED = tuple(one.name for one in fields(Workload) if one.name not in SIZE_TIME_AND_PRICE)
_ASKED_OF_DEMAND = tuple(one.name for one in fields(Demand) if one.name not in OF_DEMAND)


def asking_of(portfolio: Portfolio, workload: Workload) -> Asking:
    """What the workload asks of the law: every field that an act may be made from, and its name where it is named."""
    return workload_asking(portfolio, workload, (*_ASKED, "demand", "after"), named_in(portfolio))


def workload_asking(
    portfolio: Portfolio, workload: Workload, names: Iterable[str], named: Collection[str]
) -> tuple[object, ...]:
    """What counts of some fields of a workload, with the names of it and of its model where they are ``named``."""
    known = (workload.id if workload.id in named else None, workload.model if workload.model in named else None)
    return (*known, *(_counted(portfolio, workload, name) for name in names))


def _counted(portfolio: Portfolio, workload: Workload, name: str) -> object:
    """What an act may be made from in a field of a workload."""
    if name == "after":
        return any(portfolio.workload_by_id[before].model == workload.model for before in workload.after)
    if name == "demand" and workload.demand is not None:
        return tuple(getattr(workload.demand, one) for one in _ASKED_OF_DEMAND)
    return getattr(workload, name)


def pool_asking(portfolio: Portfolio, pool: Pool, names: Iterable[str], named: Collection[str]) -> tuple[object, ...]:
    """What counts of some fields of a pool, with its name where it is ``named``.

    A licence for so many chips may be shared by pools that it does not name: there each asks for itself.
    """
    counted = any(held.chips is not None for held in portfolio.authorisations)
    known = pool.id if counted or pool.id in named else None
    return (known, *(getattr(pool, name) for name in names))


def named_in(portfolio: Portfolio) -> frozenset[str]:
    """What the records of a portfolio name."""
    about = (one.about for one in portfolio.attestations)
    return frozenset(chain(*about, *(one.covers for one in portfolio.authorisations)))
