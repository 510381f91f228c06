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
from lexloci.parties.importers.file import (
    ListFile,
    Reading,
    UnreadableListError,
    checked,
    day_of,
    each_row,
    encoding_doubts,
    json_of,
    plain,
    texts,
)
from lexloci.parties.importers.repair import names_of, party_key, tidy, unique
from lexloci.parties.listing import ListedParty

CODE_OF_LIST: Final = {
    "cn-export-control-watchlist": "CN-ECL",
    "cn-unreliable-entity-list": "CN-UEL",
    "cn-attention-list": "CN-AL",
    "jp-end-user-list": "JP-EUL",
}
TITLES: Final = {
    "CN-ECL": "China's export control list",
    "CN-UEL": "China's unreliable entity list",
    "CN-AL": "China's attention list",
    "JP-EUL": "Japan's foreign end user list",
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
    code = CODE_OF_LIST[plain(record["list_id"])]
    name, addresses = tidy(plain(record["entity_name"])), [tidy(one) for one in texts(record["addresses"])]
    if not name and addresses and (match := GLUED.match(addresses[0])):
        name, addresses = match["name"], [match["country"]]
    bare = DESCRIBED.sub("", GROUP.sub("", name))
    names = names_of(bare, [DESCRIBED.sub("", alias) for alias in texts(record["aliases"])], code)
    names = with_latin_core(names)
    if not names:
        raise ValueError(f"record {record.get('id')}: no name")
    words = plain(record.get("reason"))
    return ListedParty(
        code,
        names,
        "Entity" if record["entity_type"] == "organization" else "",
        _countries(addresses),
        citation=plain(record["source_url"]),
        key=party_key(names[0]),
        remarks=f"{words}; as printed: {name}" if bare != name else words,
        events=(_added(record),),
    )


def with_latin_core(names: tuple[str, ...]) -> tuple[str, ...]:
    """The names, and of one such as "SourceMap公司" its Latin part too."""
    return unique((*names, *(match[1] for one in names if (match := LATIN_CORE.match(one)))))


def _added(record: Mapping[str, Any]) -> ListEvent:
    """When the party came on: on the day that is stated; else at the latest by the edition, since when is not known."""
    source = plain(record["source_url"])
    on = day_of(plain(record["date_added"]))
    if on is not None:
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
        place = POSTCODE.sub("", address).strip(" ,，")
        code = code_of(place) or code_of(place.rsplit(",", 1)[-1].strip()) or country_before(place)
        if code:
            found[code] = None
    return tuple(found)


def country_before(place: str) -> str | None:
    """The country with which an address in Chinese begins ("日本东京都..."); None where it begins with none known."""
    return next((code for name, code in SPELLINGS.items() if not name.isascii() and place.startswith(name)), None)


def read_registry(file: ListFile) -> Reading:
    """MOFCOM's three lists, or METI's, from a registry of records; a list by its edition, else by its last reading."""
    records = json_of(file.content)
    if not isinstance(records, list) or not records:
        raise UnreadableListError("it holds no records")
    rows = checked(list(each_row(records, row_of_record)))
    codes = tuple(dict.fromkeys(row.list_code for row in rows))
    groups = {CODE_OF_LIST[record["list_id"]] for record in records if is_group(record)}
    editions = {edition_of(record["source_url"]) for record in records if not record["date_added"]} - {None}
    days = [day for record in records if (day := day_of(plain(record["last_verified"]))) is not None]
    dated = max((one for one in editions if one is not None), default=None) or min(days, default=None)
    titles = {code: TITLES[code] for code in codes}
    return Reading(rows, codes, dated, encoding_doubts(rows), titles, extracts=tuple(sorted(groups)))
