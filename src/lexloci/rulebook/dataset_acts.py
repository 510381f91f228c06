"""Which movements of data does a job entail, out of which countries, and how many persons do they count?

Invariants:
- data that the law protects is judged by the law of the country where it lies, and of the one where it
  was collected: that it lies abroad today does not say that it left lawfully;
- persons of one handler's datasets that a job reads together are added up, never split.
"""

from __future__ import annotations

from datetime import date

from lexloci.model.act import Act, ActKind, Role
from lexloci.model.fact import UNKNOWN, Fact
from lexloci.model.workload import DataCategory, Dataset
from lexloci.rulebook.placing import Placing, body_of, stated


def dataset_acts(placing: Placing, dataset: Dataset, on: date) -> list[Act]:
    """The movements of a dataset to the site; none where it does not leave its country.

    Reading it from the site without storing it there is the same act (CAC Order 11, art. 2). Public
    data that lies nowhere in particular is not moved out of any country; any other data without a
    stated place lies where it was collected. Data that the law protects and that lies in another country
    than the one where it was collected is judged by that country's law too: its place today does not say
    that it left lawfully.
    """
    if dataset.located_at is None and dataset.category is DataCategory.PUBLIC:
        return []
    located = placing.portfolio.site_by_id.get(dataset.located_at or "")
    departure = located.country if located else dataset.origin
    departures = [departure]
    if dataset.category not in (DataCategory.PUBLIC, DataCategory.GENERAL):
        departures.append(dataset.origin)
    return [
        _dataset_act(placing, dataset, country, on)
        for country in dict.fromkeys(departures)
        if country != placing.site.country
    ]


def _dataset_act(placing: Placing, dataset: Dataset, departure: str, on: date) -> Act:
    site = placing.site
    where = f"datasets: {dataset.id}"
    training = placing.workload.kind.is_training
    facts = {
        "item.class": Fact("other", where),
        "departure.country": Fact(departure, where),
        "site.country": Fact(site.country, f"sites: {site.id}"),
        "dataset.category": Fact(dataset.category.value, f"{where}.category"),
        "dataset.origin": Fact(dataset.origin, f"{where}.origin"),
        "dataset.persons": _persons(placing, dataset, "persons"),
        "dataset.sensitive_persons": _persons(placing, dataset, "sensitive_persons"),
        "dataset.separate_consent": stated(dataset.separate_consent, f"{where}.separate_consent"),
        "dataset.notified_as_important": stated(dataset.notified_as_important, f"{where}.notified_as_important"),
        "dataset.state_organ": stated(dataset.state_organ, f"{where}.state_organ"),
        "dataset.foreign_origin_only": stated(dataset.foreign_origin_only, f"{where}.foreign_origin_only"),
        "dataset.purpose": Fact(
            "training" if training else "service to the person", f"workloads: {placing.workload.id}"
        ),
        **workload_facts(placing),
    }
    parties = {Role.HANDLER: dataset.handler, Role.RECIPIENT: placing.pool.holder}
    leg = f"export of {dataset.name} from {departure} to {site.country}"
    return placing.act(ActKind.DATA_EXPORT, leg, on, parties, facts, (body_of(departure),), (dataset.id,))


def _persons(placing: Placing, dataset: Dataset, field: str) -> Fact:
    """The persons counted for an export: of all datasets of one handler and origin that the job reads, added up.

    The thresholds count what a handler exports in all, and forbid to split it (CAC Orders 13 and 16).
    """
    together = [placing.portfolio.dataset_by_id[one] for one in placing.workload.datasets]
    counted = [
        (one.id, getattr(one, field))
        for one in together
        if (one.handler, one.origin, one.category) == (dataset.handler, dataset.origin, dataset.category)
    ]
    missing = [name for name, count in counted if count is None]
    if missing:
        return Fact(UNKNOWN, f"datasets: {missing[0]}.{field}: not stated")
    where = " and ".join(f"{name}.{field}" for name, _ in counted)
    return Fact(sum(count for _, count in counted), f"datasets: {where}")


def workload_facts(placing: Placing) -> dict[str, Fact]:
    """What the job does, and whether anybody states that it serves weapons or a military use."""
    workload = placing.workload
    where = f"workloads: {workload.id}"
    return {
        "workload.kind": Fact(workload.kind.value, where),
        "workload.trains": Fact(workload.kind.is_training, where),
        "workload.military_or_weapons_use": stated(
            workload.military_or_weapons_use, f"{where}.military_or_weapons_use"
        ),
        "workload.known_weapons_use": Fact(
            workload.military_or_weapons_use is True, f"{where}.military_or_weapons_use"
        ),
    }
