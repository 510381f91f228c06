"""Checks that look at more than one field: dates, kinds of work, shares, cycles.

Each check is a function from the portfolio, as far as it could be read, to what is wrong; a field that
is itself wrong is None here and is passed over.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from datetime import date
from itertools import pairwise

from lexloci.case.cycles import cycles_in
from lexloci.case.entry import Entry
from lexloci.case.quotes import check_closed_days, check_price_steps, check_quotes
from lexloci.case.references import (
    Note,
    check_chips_are_known,
    check_ids_are_unique,
    check_ids_are_words,
    check_link_ends,
    check_references_exist,
    check_regions_are_no_sites,
    check_source_keys,
    ids_of,
)
from lexloci.case.wording import shown
from lexloci.model.site import Tenure
from lexloci.model.workload import DataCategory, TrainingMethod, WorkloadKind

# Percentages are written in decimal: their sum may miss 100 by rounding.
_ROUNDING_PERCENT = 1e-6


def check_horizon(portfolio: Entry) -> Iterator[Note]:
    """The horizon ends after the day on which the plan is made."""
    yield from _order(portfolio, "as_of", "horizon_until")


def check_pool_dates(portfolio: Entry) -> Iterator[Note]:
    """A pool is gone after it came; only a leased one has, and must have, the day of possession."""
    for pool in portfolio.entries("pools"):
        begin = "available_from" if "available_from" in pool.stated else "held_since"
        yield from _order(pool, begin, "available_until")
        if pool["tenure"] is Tenure.LEASED and "leased_since" not in pool.stated:
            mend = "state the day on which the tenant got possession"
            yield (*pool.path, "leased_since"), "is missing from a leased pool", mend
        if pool["tenure"] not in (Tenure.LEASED, None) and pool["leased_since"] is not None:
            mend = "delete it, or write tenure: leased"
            yield (*pool.path, "leased_since"), f"stands on a pool that is {pool['tenure'].value}", mend


def check_record_dates(portfolio: Entry) -> Iterator[Note]:
    """Readings, attestations and authorisations end after they begin."""
    for section, begin in (("readings", "on"), ("attestations", "on"), ("authorisations", "granted")):
        for entry in portfolio.entries(section):
            yield from _order(entry, begin, "until")


def check_workload_dates(portfolio: Entry) -> Iterator[Note]:
    """A job's deadline is after its earliest start, which is the day of the plan where none is stated."""
    for job in portfolio.entries("workloads"):
        release, name = job["release"], "release"
        if "release" not in job.stated:
            release, name = portfolio["as_of"], "as_of"
        deadline = job["deadline"]
        if release and deadline and deadline <= release:
            yield (*job.path, "deadline"), f"{deadline} is not after {name} {release}", "write a later day"
        if release and job["must_end"] and job["must_end"] <= release:
            yield (*job.path, "must_end"), f"{job['must_end']} is not after {name} {release}", "write a later day"


def _order(entry: Entry, begin: str, end: str) -> Iterator[Note]:
    first, last = entry[begin], entry[end]
    if first is not None and last is not None and last <= first:
        yield (*entry.path, end), f"{last} is not after {begin} {first}", "write a later day"


def check_pool_nodes(portfolio: Entry) -> Iterator[Note]:
    """A pool is made of whole nodes."""
    for pool in portfolio.entries("pools"):
        chips, node = pool["chips"], pool["chips_per_node"]
        if chips and node and chips % node:
            message = f"{chips} chips are no whole number of nodes of {node}"
            yield (*pool.path, "chips"), message, "write a multiple, or state chips_per_node"


def check_stakes(portfolio: Entry) -> Iterator[Note]:
    """Shares add up to 100 % at most on each day, each owner stands once on a day, and bounds are in their order."""
    for party in portfolio.entries("parties"):
        stakes = party.entries("owners")
        for stake in stakes:
            yield from _order(stake, "held_from", "held_until")
            yield from _bounds_of_stake(stake)
        for day in sorted({stake["held_from"] or date.min for stake in stakes}):
            held = [stake for stake in stakes if _is_held(stake, day)]
            total = math.fsum(stake["percent"] or stake["least_percent"] or 0.0 for stake in held)
            if total > 100 + _ROUNDING_PERCENT:
                yield (*party.path, "owners"), f"the shares add up to {total:g} %", "write at most 100 % in all"
                break
        for place, stake in enumerate(stakes):
            if any(stake["owner"] is not None and _meet(stake, other) for other in stakes[:place]):
                yield (*stake.path, "owner"), f"{shown(stake['owner'])} stands twice", "add its shares up in one entry"


def _bounds_of_stake(stake: Entry) -> Iterator[Note]:
    least, most = stake["least_percent"], stake["most_percent"]
    if stake["percent"] is not None and (least is not None or most is not None):
        yield (
            (*stake.path, "percent"),
            "stands beside bounds",
            "state either percent, or least_percent and most_percent",
        )
    if least is not None and most is not None and least > most:
        yield (*stake.path, "most_percent"), f"{most:g} is below least_percent {least:g}", "write a larger share"


def _is_held(stake: Entry, day: date) -> bool:
    begin, end = stake["held_from"], stake["held_until"]
    return (begin is None or begin <= day) and (end is None or day < end)


def _meet(one: Entry, other: Entry) -> bool:
    """Whether two stakes of one owner are held on one day."""
    begins = max(one["held_from"] or date.min, other["held_from"] or date.min)
    return one["owner"] == other["owner"] and _is_held(one, begins) and _is_held(other, begins)


def check_ultimate_parents(portfolio: Entry) -> Iterator[Note]:
    """An ultimate parent has no parent above it, and no chain of parents closes on itself."""
    parties = ids_of(portfolio, "parties")
    above = {name: party["ultimate_parent"] for name, party in parties.items()}
    edges = {name: [parent] for name, parent in above.items() if parent in above and parent != name}
    in_cycle = set()
    for cycle in cycles_in(edges):
        in_cycle.update(cycle)
        yield (*parties[cycle[0]].path, "ultimate_parent"), _closes(cycle), "name the one that has no parent"
    for name, parent in above.items():
        top = above.get(parent) if parent is not None else None
        if top is not None and top != parent and name not in in_cycle:
            message = f"{shown(parent)} is not the ultimate one: its own is {shown(top)}"
            yield (*parties[name].path, "ultimate_parent"), message, f"write {top}"


def check_precedence(portfolio: Entry) -> Iterator[Note]:
    """No job waits for itself, directly or through others."""
    jobs = ids_of(portfolio, "workloads")
    edges = {name: [other for other in job["after"] or () if other in jobs] for name, job in jobs.items()}
    for cycle in cycles_in(edges):
        yield (*jobs[cycle[0]].path, "after"), _closes(cycle), "delete one of these steps"


def _closes(cycle: list[str]) -> str:
    names = [*cycle, cycle[0]] if len(cycle) < 8 else [*cycle[:7], "...", cycle[0]]
    return f"closes a circle: {' -> '.join(names)}"


def check_kinds_of_work(portfolio: Entry) -> Iterator[Note]:
    """A job states what its kind needs, and nothing that only another kind has."""
    needs = {"serve": ("demand",), "copy": ("to_site", "after")}
    only = {"demand": "serve", "days": "serve", "to_site": "copy"}
    for job in portfolio.entries("workloads"):
        kind = job["kind"]
        if kind is None:
            continue
        for name in ("tokens",) if kind.is_training else needs[kind.value]:
            if name not in job.stated or job[name] == []:
                yield (*job.path, name), f"is missing from a job of kind {kind.value}", "state it"
        for name, owner in only.items():
            if job[name] is not None and kind.value != owner:
                yield (*job.path, name), f"stands on a job of kind {kind.value}", f"only {owner} has it; delete it"
        for name in ("tokens", "method", "precision", "batch_sequences", "exchange"):
            if name in job.stated and not kind.is_training:
                yield (*job.path, name), f"stands on a job of kind {kind.value}", "only training has it; delete it"


def check_training(portfolio: Entry) -> Iterator[Note]:
    """Adapters stand beside weights that are there; rollouts are of post-training, with a speed or lengths."""
    for job in portfolio.entries("workloads"):
        kind = job["kind"]
        if kind is WorkloadKind.PRE_TRAIN and job["method"] is TrainingMethod.LORA:
            message = "lora stands on a job of kind pre-train, which has no weights yet to stand beside"
            yield (*job.path, "method"), message, "write method: full, or another kind"
        for rollouts in job.entries("rollouts"):
            if kind is not None and kind is not WorkloadKind.POST_TRAIN:
                message = f"stands on a job of kind {kind.value}"
                yield rollouts.path, message, "only post-train has it; delete it"
            lengths = {"prompt_tokens", "answer_tokens"}
            if "tokens_per_s" not in rollouts.stated and not lengths <= rollouts.stated:
                yield rollouts.path, "states no speed", "state prompt_tokens and answer_tokens, or tokens_per_s"


def check_pauses_and_splits(portfolio: Entry) -> Iterator[Note]:
    """Only training pauses, and only pre-training that waits for nothing is split."""
    for job in portfolio.entries("workloads"):
        kind = job["kind"]
        if kind is None:
            continue
        if job["may_pause"] and not kind.is_training:
            yield (*job.path, "may_pause"), f"stands on a job of kind {kind.value}", "only training has it; delete it"
        if "restart_hours" in job.stated and not job["may_pause"]:
            yield (*job.path, "restart_hours"), "stands on a job that may not pause", "write may_pause: true"
        if job["may_split"] and (kind is not WorkloadKind.PRE_TRAIN or job["after"]):
            mend = "only a pre-train that waits for nothing may be split; delete it"
            yield (*job.path, "may_split"), f"stands on a job of kind {kind.value}", mend


def check_copies(portfolio: Entry) -> Iterator[Note]:
    """A copy moves the weights of its own model: the first job that it waits for has the same one."""
    jobs = ids_of(portfolio, "workloads")
    for job in portfolio.entries("workloads"):
        source = jobs.get((job["after"] or [None])[0]) if job["kind"] is WorkloadKind.COPY else None
        if source and source["model"] and job["model"] and source["model"] != job["model"]:
            message = f"{shown(job['model'])} is not the model of {source['id']}, whose weights are copied"
            yield (*job.path, "model"), message, f"write {source['model']}"


def check_demands(portfolio: Entry) -> Iterator[Note]:
    """A demand says which countries' public is served: no law is asked about a public in no country."""
    for job in portfolio.entries("workloads"):
        for demand in job.entries("demand"):
            if demand["countries"] == []:
                yield (*demand.path, "countries"), "names no country", "name each country that is served"
            yield from _amount(demand)
            yield from _pair(demand, "latitude", "longitude")
        if job["prompts_apart"] and job["kind"] not in (WorkloadKind.SERVE, None):
            message = f"stands on a job of kind {job['kind'].value}"
            yield (*job.path, "prompts_apart"), message, "only serve has it; delete it"
        yield from _drafting(job)


def _amount(demand: Entry) -> Iterator[Note]:
    """A demand is stated once, in tokens or in requests; the lengths of its requests likewise."""
    rates = demand.stated & {"output_tokens_per_s", "requests_per_s"}
    if not rates:
        mend = "state it, or requests_per_s"
        yield (*demand.path, "output_tokens_per_s"), "is missing", mend
    if len(rates) > 1:
        yield (*demand.path, "requests_per_s"), "stands beside output_tokens_per_s", "delete one of them"
    yield from _pair(demand, "prompt_tokens", "answer_tokens")
    if "lengths" in demand.stated and demand.stated & {"prompt_tokens", "answer_tokens"}:
        yield (*demand.path, "lengths"), "stands beside the means of lengths", "delete one of them"
    if "input_tokens_per_output_token" in demand.stated and demand.stated & {"lengths", "prompt_tokens"}:
        message = "stands beside the lengths of requests, which say it"
        yield (*demand.path, "input_tokens_per_output_token"), message, "delete it"


def _pair(entry: Entry, one: str, other: str) -> Iterator[Note]:
    for here, there in ((one, other), (other, one)):
        if here in entry.stated and there not in entry.stated:
            yield (*entry.path, there), f"is missing beside {here}", "state it"


def _drafting(job: Entry) -> Iterator[Note]:
    factors = job["drafting"]
    if factors is None:
        return
    if job["kind"] not in (WorkloadKind.SERVE, None):
        yield (*job.path, "drafting"), f"stands on a job of kind {job['kind'].value}", "only serve has it; delete it"
    elif None not in factors and not (len(factors) == 3 and 0.0 < factors[0] <= factors[1] <= factors[2]):
        yield (*job.path, "drafting"), f"{list(factors)} does not rise from above 0", "write [low, likely, high]"


def check_adoption(portfolio: Entry) -> Iterator[Note]:
    """The curve of a demand goes forward in time; a service that is planned in steps has no data to bring along."""
    for job in portfolio.entries("workloads"):
        for demand in job.entries("demand"):
            points = demand.entries("adoption")
            for one, other in pairwise(points):
                if one["on"] and other["on"] and other["on"] <= one["on"]:
                    yield (*other.path, "on"), f"{other['on']} is not after {one['on']}", "write the points in order"
            for name in ("datasets", "deadline"):
                if points and job[name]:
                    mend = "delete it, or the adoption: each step runs exactly in its days"
                    yield (*job.path, name), "stands on a service whose demand grows", mend


def check_datasets(portfolio: Entry) -> Iterator[Note]:
    """Persons are counted on personal data only; data that the law holds in a place has a place."""
    for data in portfolio.entries("datasets"):
        category = data["category"]
        if category is None:
            continue
        for name in ("persons", "sensitive_persons"):
            if data[name] and category is not DataCategory.PERSONAL:
                mend = "write category: personal, or delete the count"
                yield (*data.path, name), f"stands on data of category {category.value}", mend
        held = category in (DataCategory.PERSONAL, DataCategory.IMPORTANT, DataCategory.CORE)
        if held and "located_at" not in data.stated:
            mend = "name the site where it lies; only public data may lie everywhere"
            yield (*data.path, "located_at"), f"is missing from data of category {category.value}", mend
        if data["separate_consent"] not in (None, "obtained", "not obtained"):
            message = f"{shown(data['separate_consent'])} is none of its choices"
            yield (*data.path, "separate_consent"), message, "write obtained or not obtained"


def check_models(portfolio: Entry) -> Iterator[Note]:
    """A token uses no more parameters than there are."""
    for model in portfolio.entries("models"):
        active, every = model["active_parameters"], model["parameters"]
        if active and every and active > every:
            yield (*model.path, "active_parameters"), f"{active:g} is more than parameters {every:g}", "exchange them"


def check_records_name_something(portfolio: Entry) -> Iterator[Note]:
    """An attestation is about something and an authorisation covers something, never everything."""
    for section, name in (("attestations", "about"), ("authorisations", "covers")):
        for entry in portfolio.entries(section):
            if entry[name] == []:
                yield (*entry.path, name), "names nothing", "name each thing by its id"


CHECKS: tuple[Callable[[Entry], Iterator[Note]], ...] = (
    check_ids_are_words,
    check_ids_are_unique,
    check_references_exist,
    check_chips_are_known,
    check_link_ends,
    check_regions_are_no_sites,
    check_source_keys,
    check_horizon,
    check_pool_dates,
    check_record_dates,
    check_workload_dates,
    check_pool_nodes,
    check_price_steps,
    check_closed_days,
    check_quotes,
    check_stakes,
    check_ultimate_parents,
    check_precedence,
    check_kinds_of_work,
    check_training,
    check_copies,
    check_pauses_and_splits,
    check_demands,
    check_adoption,
    check_datasets,
    check_models,
    check_records_name_something,
)
