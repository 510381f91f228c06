"""Which act does the atlas ask about, and what does it take as stated?

A chip of the catalogue is supplied out of the United States to one buyer, who receives it, holds it at a site and
uses it there: export, or in-country transfer where the site is in the United States. What varies are the chip,
the country of the site, the country of the buyer's headquarters (and ultimate parent) and the day. All else is
taken as stated, in the words of ``TAKEN_AS_STATED``; a fact that no line states is unknown, and leads to review.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from lexloci.law.columns.input import Coded, Column
from lexloci.model.act import ActKind, Role
from lexloci.model.chip import Chip
from lexloci.model.fact import ABSENT, Value
from lexloci.rulebook.facts import chip_facts

HOME: Final = "US"
ASKED: Final = ("us",)
"""The body of law that must speak; the others may add to it."""
KINDS: Final = (ActKind.EXPORT, ActKind.TRANSFER)

TAKEN_AS_STATED: Final = (
    "NVIDIA exports its own chips and AMD its own; any other leaves by a US company to which no letter is addressed",
    "purchaser, consignee and end user are one company, at home and with its ultimate parent in the country named",
    "nobody is on a list of parties, nor owned by one who is; the buyer is not named in Supplement 8 to Part 740",
    "the buyer owns the chips, did not order them for a tenant, and has none in view",
    "no military, weapons or supercomputer use; models are served on the chips, and none is trained",
    "the certifications of 91 FR 1684 are made wherever it allows for them",
    "the law of the site's country is not asked; where the rulebook holds a finding of it, the finding counts",
)

_ON_NO_LIST: Final[Mapping[str, Value]] = {
    "entity_list": False,
    "entity_list_policy": ABSENT,
    "entity_list_scope": ABSENT,
    "entity_list_footnotes": ABSENT,
    "military_end_user_list": False,
    "denied_persons_list": False,
    "unverified_list": False,
    "sdn_list": False,
    "list_1260h": False,
    "owned_50_by_listed": False,
    "owned_minority_by_listed": False,
}
_BUYER: Final = (Role.PURCHASER, Role.CONSIGNEE, Role.END_USER)
_OF_THE_SUPPLY: Final[Mapping[str, Value]] = {
    "departure.country": HOME,
    "site.state_funded": False,
    "supply.tenure": "owned",
    "supply.bought_to_order": False,
    "supply.meets_h200_conditions": True,
    "supply.false_end_user_statement": False,
    "supply.restricted_activity_suspected": False,
    "supply.exporter_is_foundry": False,
    "workload.military_or_weapons_use": False,
    "workload.known_weapons_use": False,
    "workload.supercomputer": False,
    "workload.trains": False,
    "item.ear99": False,
    "end_user.g42_or_core42": False,
    "end_user.uae_supplement_8": False,
}


def kind_of(site_country: str) -> ActKind:
    """The kind of the act: within the United States nothing is exported."""
    return ActKind.TRANSFER if site_country == HOME else ActKind.EXPORT


def chip_columns(chips: Sequence[Chip]) -> dict[str, Column]:
    """A row for each chip: its facts (``chip_facts``), and who exports it."""
    facts = [chip_facts(chip) for chip in chips]
    columns: dict[str, Column] = {name: coded([one[name].value for one in facts]) for name in facts[0]}
    exporters = [exporter_of(chip) for chip in chips]
    columns["exporter.name"] = coded(exporters)
    columns["exporter.is_nvidia"] = np.array([name == "NVIDIA" for name in exporters])
    columns["exporter.is_amd"] = np.array([name == "AMD" for name in exporters])
    return columns


def exporter_of(chip: Chip) -> str:
    """Who exports a chip: its designer where letters are addressed to it."""
    return chip.designer if chip.designer in ("NVIDIA", "AMD") else "a company of the United States"


def site_columns(countries: Sequence[str]) -> dict[str, Column]:
    """A row for each country of the site."""
    return {"site.country": coded(countries)}


def buyer_columns(countries: Sequence[str], kind: ActKind) -> dict[str, Column]:
    """A row for each country of the buyer's headquarters, beside all that is the same for every row."""
    columns: dict[str, Column] = {**_OF_THE_SUPPLY, "supply.exported_from_united_states": kind is ActKind.EXPORT}
    for role in _BUYER:
        columns |= {f"{role.value}.{name}": value for name, value in _ON_NO_LIST.items()}
        columns[f"{role.value}.name"] = "the buyer"
        columns[f"{role.value}.headquarters"] = coded(countries)
        columns[f"{role.value}.ultimate_parent_headquarters"] = coded(countries)
    columns |= {f"exporter.{name}": value for name, value in _ON_NO_LIST.items()}
    return columns | {"exporter.headquarters": HOME}


def coded(values: Sequence[Value]) -> Coded:
    """A column of few different values."""
    distinct = tuple(dict.fromkeys(values))
    place = {value: code for code, value in enumerate(distinct)}
    return Coded(np.array([place[value] for value in values], np.int64), distinct)
