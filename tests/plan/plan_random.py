"""Small portfolios at random, with facts left out at random: a number makes a portfolio."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from random import Random
from typing import Any

from plan_support import copy_to, serve, small

from lexloci.model.party import Party
from lexloci.model.portfolio import Portfolio
from lexloci.model.record import Attestation, Authorisation, Reading
from lexloci.model.site import Pool, Site, Tenure
from lexloci.model.workload import DataCategory, Workload

FACTS = {
    "pools": ("supplier", "shipped_from", "held_since", "leased_since", "bought_to_order"),
    "parties": ("headquarters", "ultimate_parent"),
    "sites": ("state_funded",),
    "datasets": ("persons", "sensitive_persons", "separate_consent", "notified_as_important", "state_organ"),
    "models": ("open_weights", "training_flop"),
    "workloads": ("military_or_weapons_use",),
}
"""Fields whose absence means unknown: what the law asks about, and no dates of availability or figures of cost."""


def random_portfolio(seed: int, countries: tuple[str, ...], chips: tuple[str, ...]) -> Portfolio:
    """One to three pools in the countries, one to four jobs, with licences and readings, some facts left out."""
    random = Random(seed)
    base = small()
    sites = tuple(replace(site, country=random.choice(countries)) for site in base.sites)
    pools = tuple(_pool(random, pool, sites, chips) for pool in random.sample(base.pools, random.randint(1, 3)))
    datasets = tuple(_dataset(random, one) for one in base.datasets)
    jobs = tuple(
        _job(random, number, [one.id for one in datasets], countries) for number in range(random.randint(1, 3))
    )
    if random.random() < 0.4:
        trained = [one.id for one in jobs if one.kind.is_training]
        jobs += tuple(copy_to(random.choice(sites).id, "copied", before) for before in trained[:1])
    portfolio = replace(
        base,
        basis=random.choice(list(type(base.basis))),
        sites=sites,
        pools=pools,
        datasets=datasets,
        parties=tuple(replace(one, headquarters=random.choice(countries)) for one in base.parties),
        workloads=jobs,
        **_records(random, base.parties, pools),
    )
    for _ in range(random.choice([0, 0, 0, 1, 2, 4])):
        portfolio = forgetful(random, portfolio)
    return portfolio


def forgetful(random: Random, portfolio: Portfolio) -> Portfolio:
    """The portfolio without one of the facts that it states; the same where that one is not stated."""
    section = random.choice(list(FACTS))
    things = getattr(portfolio, section)
    place = random.randrange(len(things))
    name = random.choice(FACTS[section])
    new = replace(things[place], **{name: None})
    return replace(portfolio, **{section: (*things[:place], new, *things[place + 1 :])})


def _pool(random: Random, pool: Pool, sites: tuple[Site, ...], chips: tuple[str, ...]) -> Pool:
    tenure = random.choice(list(Tenure))
    return replace(
        pool,
        site=random.choice(sites).id,
        chip=random.choice(chips),
        tenure=tenure,
        users=("kiwi",),
        shipped_from=random.choice(["US", "NZ", "FR", "TW"]),
        held_since=random.choice([date(2023, 5, 1), date(2025, 3, 1), date(2026, 3, 1)]),
        leased_since=date(2026, 2, 1) if tenure is Tenure.LEASED else None,
        bought_to_order=random.random() < 0.1,
        available_until=random.choice([None, date(2026, 9, 1)]),
        power_included=random.random() < 0.5,
    )


def _dataset(random: Random, dataset: Any) -> Any:
    category = random.choice(list(DataCategory))
    return replace(
        dataset,
        category=category,
        origin="NZ",
        located_at=random.choice([None, "auckland"]) if category is DataCategory.PUBLIC else "auckland",
        persons=10 if category is DataCategory.PERSONAL else None,
        sensitive_persons=0 if category is DataCategory.PERSONAL else None,
        separate_consent=random.choice([None, "obtained", "not obtained"]),
    )


def _job(random: Random, number: int, datasets: list[str], countries: tuple[str, ...]) -> Workload:
    after = (f"j{random.randrange(number)}",) if number and random.random() < 0.5 else ()
    if random.random() < 0.4:
        served = tuple(random.sample(countries, random.randint(1, 2)))
        personal = random.choice([None, True, False])
        return serve(*served, name=f"j{number}", after=after, users_personal_data=personal)
    train = small().workloads[0]
    return replace(
        train,
        id=f"j{number}",
        after=after,
        datasets=tuple(random.sample(datasets, random.randint(0, 2))),
        tokens=random.choice([1e9, 1e10, 1e11]),
        release=random.choice([None, date(2026, 5, 10)]),
        deadline=random.choice([None, date(2026, 8, 1)]),
        usd_per_day_late=random.choice([0.0, 100.0]),
        military_or_weapons_use=random.choice([False, False, False, True]),
    )


def _records(random: Random, parties: tuple[Party, ...], pools: tuple[Pool, ...]) -> dict[str, Any]:
    until = random.choice([None, date(2026, 5, 15)])
    kinds = ("operating_licence", "import_licence", "export_licence")
    held = Authorisation("L", random.choice(kinds), "X", "kiwi", (pools[0].id,), date(2025, 1, 1), until)
    unlisted = Attestation(
        "party.unlisted", True, tuple(one.id for one in parties), "officer", date(2025, 1, 1), "screened", until
    )
    return {
        "authorisations": (held,) if random.random() < 0.5 else (),
        "attestations": (unlisted,) if random.random() < 0.8 else (),
        "readings": (Reading("small.meaning", "narrow", "counsel", date(2025, 1, 1), "adviser", until=until),)
        if random.random() < 0.5
        else (),
    }
