"""Which legally relevant acts does a placement entail, leg by leg?

| leg | kind of act | day | asked |
|---|---|---|---|
| supply of the chips to their holder | export, reexport, in-country transfer | they were got | us, both ends |
| possession by the tenant (leased) | in-country transfer | of the lease | us, site |
| access to the chips (rented, or another's) | remote access | of start | us, site, tenant's seat |
| use of the chips | use | of start | us, site |
| each dataset that is in another country | data export | of start | where it lies, where it was collected |
| serving each country's users | offering to a public | of start | that country |
| users' personal data, by country | data export | of start | that country |
| weights to another country | weights transfer | of the move, or of start | us, both ends |

A lease with possession, rental by the hour and chips of one's own are different acts. Lasting acts
(access, use, offering) are judged again on each day on which the law changes while the job runs:
``plan`` does that by asking for the acts of each such day.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from lexloci.model.act import Act, ActKind, Role
from lexloci.model.fact import ABSENT, UNKNOWN, Fact
from lexloci.model.site import Pool, Tenure
from lexloci.model.workload import WorkloadKind
from lexloci.rulebook.dataset_acts import dataset_acts, workload_facts
from lexloci.rulebook.facts import chip_facts
from lexloci.rulebook.placing import Placing, body_of, stated
from lexloci.rulebook.weights_acts import brought_weights_act

_NOTHING_MOVES = Fact(ABSENT, "nothing is moved by this act")


def placement_acts(placing: Placing, start: date) -> tuple[Act, ...]:
    """Every act of running the workload in the pool from ``start``, in the order of the table above.

    A pool whose ``held_since`` is not stated is judged as supplied on ``start``; ``plan`` adds that
    its day is unknown. Moves of weights from a predecessor's site are asked for apart
    (``weights_act``), since they depend on two places.
    """
    return tuple([act for part in PARTS for act in part.acts(placing, start)])


def _possession_acts(placing: Placing, start: date) -> list[Act]:
    """The supply of the chips, and their possession by the tenant of a lease."""
    acts = _supply_acts(placing, placing.pool.held_since or start)
    if placing.pool.tenure is Tenure.LEASED and placing.is_tenant:
        acts.append(lease_act(placing, _possession_day(placing.pool) or start))
    return acts


def _use_acts(placing: Placing, start: date) -> list[Act]:
    """Access to the chips, and their use."""
    rents = placing.is_tenant and placing.pool.tenure is not Tenure.LEASED
    return [*([access_act(placing, start)] if rents else []), use_act(placing, start)]


def _data_acts(placing: Placing, start: date) -> list[Act]:
    """The movements of the datasets."""
    datasets = (placing.portfolio.dataset_by_id[name] for name in placing.workload.datasets)
    return [act for dataset in datasets for act in dataset_acts(placing, dataset, start)]


def _weights_acts(placing: Placing, start: date) -> list[Act]:
    """The move of the weights that no workload of the portfolio makes."""
    brought = brought_weights_act(placing, start)
    return [brought] if brought else []


def _supply_acts(placing: Placing, on: date) -> list[Act]:
    """The supply of the pool's chips, judged for every tenant whose order it may have filled.

    Chips that were supplied unlawfully stay so whoever's job runs on them, so a pool that was bought to
    order, or may have been, is judged for its other users too.
    """
    pool = placing.pool
    asked = pool.tenure is not Tenure.LEASED and pool.bought_to_order is not False
    others = [user for user in pool.users if asked and user not in (pool.holder, placing.workload.party)]
    return [supply_act(placing, on), *(supply_act(placing, on, other) for other in others)]


def supply_act(placing: Placing, on: date, tenant: str | None = None) -> Act:
    """The supply of the pool's chips to their holder, for the job's own party or for another tenant."""
    pool, site = placing.pool, placing.site
    kind = _supply_kind(pool.shipped_from, site.country)
    rented_out = pool.tenure is not Tenure.LEASED and placing.is_tenant
    expected = tenant or (placing.workload.party if rented_out else None)
    parties = {
        Role.EXPORTER: pool.supplier,
        Role.PURCHASER: pool.holder,
        Role.CONSIGNEE: pool.holder,
        Role.END_USER: pool.holder,
        **({Role.EXPECTED_TENANT: expected} if expected else {}),
        **({Role.OPERATOR: site.operator} if site.operator != pool.holder else {}),
        **_owner(placing),
    }
    departure = pool.shipped_from if pool.shipped_from not in ("US", site.country) else None
    facts = {
        **chip_facts(placing.chip, own=placing.chip_is_own),
        **(_tenants_use(placing, tenant) if tenant else workload_facts(placing)),
        "site.country": Fact(site.country, f"sites: {site.id}"),
        "site.region": stated(site.place or None, f"sites: {site.id}"),
        "site.state_funded": stated(site.state_funded, f"sites: {site.id}.state_funded"),
        "departure.country": stated(pool.shipped_from, f"pools: {pool.id}.shipped_from"),
        "supply.tenure": Fact(pool.tenure.value, f"pools: {pool.id}.tenure"),
        "supply.bought_to_order": stated(pool.bought_to_order, f"pools: {pool.id}.bought_to_order"),
        "supply.exported_from_united_states": (
            Fact(UNKNOWN, f"pools: {pool.id}.shipped_from: not stated")
            if pool.shipped_from is None
            else Fact(pool.shipped_from == "US", f"pools: {pool.id}.shipped_from")
        ),
    }
    bodies = ("us", body_of(site.country), body_of(departure))
    leg = f"supply of {placing.chip.name} to {_name(placing, pool.holder)}"
    if tenant:
        leg += f", with {_name(placing, tenant)} as another tenant"
    return placing.act(kind, leg, on, parties, facts, bodies)


def _owner(placing: Placing) -> dict[Role, str | None]:
    """The owner of the site, where it is neither its operator nor the holder of the chips."""
    site = placing.site
    return {} if site.owner in (None, site.operator, placing.pool.holder) else {Role.OWNER: site.owner}


def _tenure(placing: Placing) -> Fact:
    """The tenure as its user has it: chips that their holder owns are rented to anybody else who uses them."""
    tenure, where = placing.pool.tenure, f"pools: {placing.pool.id}.tenure"
    if tenure is Tenure.OWNED and placing.is_tenant:
        return Fact(Tenure.RENTED.value, f"{where}: owned by the holder, used by another party")
    return Fact(tenure.value, where)


def _possession_day(pool: Pool) -> date | None:
    """The day on which the tenant got possession: no earlier than its holder had the chips."""
    days = [day for day in (pool.leased_since, pool.held_since) if day is not None]
    return max(days) if pool.leased_since is not None else None


def _supply_kind(shipped_from: str | None, destination: str) -> ActKind:
    if shipped_from == destination:
        return ActKind.TRANSFER
    return ActKind.EXPORT if shipped_from in (None, "US") else ActKind.REEXPORT


def lease_act(placing: Placing, on: date) -> Act:
    """Possession of the chips by the tenant: an in-country transfer to a new end user."""
    pool, site = placing.pool, placing.site
    tenant = placing.workload.party
    parties = {
        Role.EXPORTER: pool.holder,
        Role.PURCHASER: tenant,
        Role.CONSIGNEE: tenant,
        Role.END_USER: tenant,
        Role.OPERATOR: site.operator,
    }
    facts = {
        **chip_facts(placing.chip, own=placing.chip_is_own),
        **workload_facts(placing),
        "site.country": Fact(site.country, f"sites: {site.id}"),
        "departure.country": Fact(site.country, f"sites: {site.id}"),
        "supply.tenure": Fact(pool.tenure.value, f"pools: {pool.id}.tenure"),
        "supply.bought_to_order": stated(pool.bought_to_order, f"pools: {pool.id}.bought_to_order"),
    }
    leg = f"possession of {placing.chip.name} by {_name(placing, tenant)}"
    return placing.act(ActKind.TRANSFER, leg, on, parties, facts, ("us", body_of(site.country)))


def access_act(placing: Placing, on: date) -> Act:
    """Access of the tenant to chips that another party holds."""
    pool, site = placing.pool, placing.site
    parties = {
        Role.TENANT: placing.workload.party,
        Role.PROVIDER: pool.holder,
        Role.OPERATOR: site.operator,
    }
    tenant_country = placing.portfolio.party_by_id[placing.workload.party].headquarters
    facts = {
        **chip_facts(placing.chip, own=placing.chip_is_own),
        **workload_facts(placing),
        "site.country": Fact(site.country, f"sites: {site.id}"),
        "departure.country": _NOTHING_MOVES,
        "supply.tenure": _tenure(placing),
        "supply.bought_to_order": stated(pool.bought_to_order, f"pools: {pool.id}.bought_to_order"),
    }
    bodies = ("us", body_of(site.country), body_of(tenant_country))
    leg = f"access of {_name(placing, placing.workload.party)} to {placing.chip.name} at {site.name}"
    return placing.act(ActKind.REMOTE_ACCESS, leg, on, parties, facts, bodies)


def use_act(placing: Placing, on: date) -> Act:
    """Use of the chips where they stand."""
    site = placing.site
    parties = {
        Role.USER: placing.workload.party,
        Role.HOLDER: placing.pool.holder,
        Role.OPERATOR: site.operator,
        **_owner(placing),
    }
    facts = {
        **chip_facts(placing.chip, own=placing.chip_is_own),
        **workload_facts(placing),
        "site.country": Fact(site.country, f"sites: {site.id}"),
        "departure.country": _NOTHING_MOVES,
        "site.region": stated(site.place or None, f"sites: {site.id}"),
        "site.state_funded": stated(site.state_funded, f"sites: {site.id}.state_funded"),
        "supply.tenure": Fact(placing.pool.tenure.value, f"pools: {placing.pool.id}.tenure"),
    }
    leg = f"use of {placing.chip.name} at {site.name}"
    return placing.act(ActKind.USE, leg, on, parties, facts, ("us", body_of(site.country)))


def offering_acts(placing: Placing, on: date) -> list[Act]:
    """Serving the users of each country, and the export of their data where the site is abroad."""
    workload, site = placing.workload, placing.site
    demand = workload.demand
    if workload.kind is not WorkloadKind.SERVE or demand is None:
        return []
    acts: list[Act] = []
    where = f"workloads: {workload.id}.demand"
    for country in demand.countries:
        facts = {
            "offering.country": Fact(country, where),
            "offering.to_public": Fact(demand.to_public, where),
            "site.country": Fact(site.country, f"sites: {site.id}"),
            "departure.country": _NOTHING_MOVES,
            **workload_facts(placing),
        }
        leg = f"offering to users in {country}"
        parties = {Role.PROVIDER: workload.party}
        acts.append(placing.act(ActKind.OFFERING, leg, on, parties, facts, (body_of(country),)))
        if country != site.country and demand.users_personal_data is not False:
            acts.append(_users_data_act(placing, country, on))
    return acts


def _users_data_act(placing: Placing, country: str, on: date) -> Act:
    demand = placing.workload.demand
    if demand is None:
        raise ValueError("a service without demand has no users' data")
    where = f"workloads: {placing.workload.id}.demand"
    known = demand.users_personal_data is True
    facts = {
        "item.class": Fact("other", where),
        "departure.country": Fact(country, where),
        "site.country": Fact(placing.site.country, f"sites: {placing.site.id}"),
        "dataset.category": Fact("personal", where)
        if known
        else Fact(UNKNOWN, f"{where}.users_personal_data: not stated"),
        "dataset.origin": Fact(country, where),
        "dataset.persons": stated(demand.persons, f"{where}.persons"),
        "dataset.sensitive_persons": stated(demand.sensitive_persons, f"{where}.sensitive_persons"),
        "dataset.purpose": Fact("service to the person", where),
        "dataset.foreign_origin_only": Fact(ABSENT, "collected where the users are"),
        **workload_facts(placing),
    }
    parties = {Role.HANDLER: placing.workload.party, Role.RECIPIENT: placing.pool.holder}
    leg = f"export of users' data from {country} to {placing.site.country}"
    return placing.act(ActKind.DATA_EXPORT, leg, on, parties, facts, (body_of(country),))


def _name(placing: Placing, party_id: str) -> str:
    return placing.portfolio.party_by_id[party_id].name


def _tenants_use(placing: Placing, tenant: str) -> dict[str, Fact]:
    """What another tenant would do with the chips, by its jobs in the portfolio: unknown where it has none."""
    jobs = [job for job in placing.portfolio.workloads if job.party == tenant]
    where = f"workloads of {tenant}"
    uses = {job.military_or_weapons_use for job in jobs}
    use = True if True in uses else None if None in uses or not jobs else False
    trains = any(job.kind.is_training for job in jobs) if jobs else None
    return {
        "workload.trains": stated(trains, where),
        "workload.military_or_weapons_use": stated(use, where),
        "workload.known_weapons_use": Fact(use is True, where),
    }


@dataclass(frozen=True, slots=True)
class Part:
    """Acts of a placement that are made together.

    Two workloads with the same in ``of_workload``, and two pools with the same in ``of_pool``, do the same acts, but
    for their names. Of a demand that is named among them, what ``lexloci.plan.alike`` says counts.
    """

    acts: Callable[[Placing, date], Sequence[Act]]
    of_workload: tuple[str, ...]
    of_pool: tuple[str, ...]


_JOB = ("party", "kind", "military_or_weapons_use")
PARTS = (
    Part(_possession_acts, _JOB, ("id",)),
    Part(_use_acts, _JOB, ("id",)),
    Part(_data_acts, ("kind", "military_or_weapons_use", "datasets"), ("site", "holder")),
    Part(offering_acts, (*_JOB, "demand"), ("site", "holder")),
    Part(_weights_acts, (*_JOB, "model", "after"), ("site",)),
)
"""The parts of a placement's acts, in the order of the table above."""
