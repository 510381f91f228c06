"""MOFCOM's three lists and METI's end user list as a registry of records in JSON.

A record is an object with ``list_id``, ``entity_name``, ``aliases``, ``addresses``, ``date_added`` (null where
the list gives none), ``source_url``, ``reason``, ``last_verified``. MOFCOM's lists name parties in English and
Chinese, METI's in English and Japanese; METI's are dated by edition alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from lexloci.parties.events import EventKind, ListEvent
from lexloci.parties.importers.countries import SPELLINGS, code_of
from lexloci.parties.importers.repair import names_of, party_key, tidy, unique
from lexloci.parties.listing import ListedParty

CODE_OF_LIST: Final = {
    "cn-export-control-watchlist": "CN-ECL",
    "cn-unreliable-entity-list": "CN-UEL",
    "cn-attention-list": "CN-AL",
    "jp-end-user-list": "JP-EUL",
}
# "Hudson ... and five others", "TechInsights and its branches": one record stands for a group.
GROUP: Final = re.compile(r"(?:等\d+家实体|及其分支机构等外国实体|等外国实体)$")
DESCRIBED: Final = re.compile(r"^参与对台湾地区军售的")  # "that takes part in arms sales to Taiwan"
LATIN_CORE: Final = re.compile(r"^(?:美国)?([A-Za-z][A-Za-z0-9 .&-]*)(?:公司|集团)$")
# A record without a name holds it behind the country of its address.
GLUED: Final = re.compile(r"^(?P<country>People's Republic of China) (?P<name>\S.*)$")
EDITION: Final = re.compile(r"/(\d{4})(\d{2})(\d{2})\d*\.html$")
POSTCODE: Final = re.compile(r"[（(]邮编.*$")


def is_group(record: Mapping[str, Any]) -> bool:
    """Whether a record names one party and stands for others that it does not name."""
    return GROUP.search(str(record.get("entity_name", ""))) is not None


def row_of_record(record: Mapping[str, Any]) -> ListedParty:
    """The party of one record. ValueError, KeyError or TypeError where it is none."""
    code = CODE_OF_LIST[record["list_id"]]
    name, addresses = tidy(record["entity_name"]), [tidy(one) for one in record["addresses"]]
    if not name and addresses and (match := GLUED.match(addresses[0])):
        name, addresses = match["name"], [match["country"]]
    plain = DESCRIBED.sub("", GROUP.sub("", name))
    names = names_of(plain, [DESCRIBED.sub("", alias) for alias in record["aliases"]], code)
    core = [match[1] for one in names if (match := LATIN_CORE.match(one))]
    names = unique((*names, *core))
    if not names:
        raise ValueError(f"record {record.get('id')}: no name")
    words = record.get("reason") or ""
    return ListedParty(
        code,
        names,
        "Entity" if record["entity_type"] == "organization" else "",
        _countries(addresses),
        citation=record["source_url"],
        key=party_key(names[0]),
        remarks=f"{words}; as printed: {name}" if plain != name else words,
        events=(_added(record),),
    )


def _added(record: Mapping[str, Any]) -> ListEvent:
    """When the party came on: on the day that is stated; else at the latest by the edition, since when is not known."""
    source = record["source_url"]
    if record["date_added"]:
        on = date.fromisoformat(record["date_added"])
        return ListEvent(EventKind.ADDED, on, on, source=source)
    edition = edition_of(source)
    if edition is None:
        raise ValueError(f"record {record.get('id')}: neither it nor its source has a day")
    return ListEvent(EventKind.ADDED, edition, edition, possible_from=date.min, source=source)


def edition_of(source_url: str) -> date | None:
    """The day in the address of an edition (.../20250929006.html); None where there is none."""
    match = EDITION.search(source_url)
    return date(int(match[1]), int(match[2]), int(match[3])) if match else None


def _countries(addresses: list[str]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for address in addresses:
        plain = POSTCODE.sub("", address).strip(" ,，")
        prefix = next((code for name, code in SPELLINGS.items() if not name.isascii() and plain.startswith(name)), None)
        code = code_of(plain) or code_of(plain.rsplit(",", 1)[-1].strip()) or prefix
        if code:
            found[code] = None
    return tuple(found)
