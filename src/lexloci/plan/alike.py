"""Which workloads ask the same of the law, so that one answer does for all of them?

The acts of a placement are made from the pool, from the portfolio as a whole, and from those fields of the workload
that are no matter of size, time and price alone. What is on record may name a workload: one that is named asks for
itself. Two workloads that ask the same have the same answer in every pool on every day, but for their names and for
the places of the file from which their facts come.
"""

from __future__ import annotations

from dataclasses import fields

from lexloci.model.portfolio import Portfolio
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
    demand = workload.demand
    is_named = any(workload.id in one.about for one in portfolio.attestations) or any(
        workload.id in one.covers for one in portfolio.authorisations
    )
    return (
        workload.id if is_named else None,
        any(portfolio.workload_by_id[before].model == workload.model for before in workload.after),
        *(getattr(workload, name) for name in _ASKED),
        *(() if demand is None else (getattr(demand, name) for name in _ASKED_OF_DEMAND)),
    )
