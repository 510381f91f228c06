"""The US Consolidated Screening List as JSON (``results``) or as CSV: many lists in one file.

The JSON states how many rows it has (``total``) and, sometimes, when it was made; the CSV states neither.
In the CSV ``; `` joins several values. Source of the fields: the files of data.trade.gov, 2021 to 2026.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Final

from lexloci.parties.events import EventKind, ListEvent
from lexloci.parties.federal_register import first_published
from lexloci.parties.importers.countries import codes_of
from lexloci.parties.importers.file import (
    ListFile,
    Reading,
    UnreadableListError,
    checked,
    csv_table,
    day_of,
    each_row,
    encoding_doubts,
    json_of,
    plain,
    texts,
)
from lexloci.parties.importers.repair import names_of, party_key, tidy
from lexloci.parties.listing import ListedParty

_TEXT: Final = """
source entity_number type programs name title addresses federal_register_notice start_date end_date
standard_order license_requirement license_policy call_sign vessel_type gross_tonnage gross_registered_tonnage
vessel_flag vessel_owner remarks source_list_url alt_names citizenships dates_of_birth nationalities
places_of_birth source_information_url ids
"""
_COLUMNS: Final = tuple(_TEXT.split())
HEADERS: Final = (("_id", *_COLUMNS), _COLUMNS)
LISTS_OF_CSL: Final = ("EL", "DPL", "UVL", "MEU", "SDN", "CMIC", "SSI", "NS-MBS", "PLC", "CAP", "DTC", "ISN", "FSE")
SOURCE: Final = re.compile(r"^(?P<title>.+?) \((?P<code>[A-Z][A-Z-]*)(?: List)?\)(?: List)?(?: - |$)")
RELEASED_BEFORE_PRINT: Final = timedelta(days=8)  # as in lexloci.parties.status
DATED_BY_CITATION: Final = ("EL", "MEU")
# Kinds of "ids" that name the party; others there state a gender, a website, a risk of secondary sanctions.
IDENTIFYING: Final = re.compile(
    r"passport|number|\bno\.|\bid\b|identification|code|registration|imo|mmsi|swift|bic|lei|cedula|licen[cs]e|nit|rfc|"
    r"d-u-n-s|currency address",
    re.IGNORECASE,
)


def read_csl_json(file: ListFile) -> Reading:
    """The lists of the JSON form. UnreadableListError where it is cut off or not that form."""
    value = json_of(file.content)
    results = value.get("results") if isinstance(value, dict) else None
    if not isinstance(results, list):
        raise UnreadableListError('it has no "results": the form of the Consolidated Screening List has changed')
    total = value.get("total")
    if isinstance(total, int) and total != len(results):
        raise UnreadableListError(f"it says it has {total} rows and holds {len(results)}: it seems cut off")
    rows, titles = _rows(each_row(results, _from_json))
    return Reading(rows, tuple(titles), _day_of_json(value), encoding_doubts(rows), titles)


def read_csl_csv(file: ListFile) -> Reading:
    """The lists of the CSV form. UnreadableListError where it is cut off or its header lacks a column."""
    records, doubts = csv_table(file.content, HEADERS)
    rows, titles = _rows(each_row(records, _from_csv))
    return Reading(rows, tuple(titles), None, (*doubts, *encoding_doubts(rows)), titles)


def _rows(records: Iterable[tuple[str, ListedParty]]) -> tuple[tuple[ListedParty, ...], dict[str, str]]:
    rows, titles = [], {}
    for title, row in records:
        titles[row.list_code] = title
        rows.append(row)
    return checked(rows), titles


def _from_json(raw: Any) -> tuple[str, ListedParty]:
    if not isinstance(raw, dict):
        raise ValueError("a row is no object")  # noqa: TRY004
    addresses = raw.get("addresses") or []
    countries = codes_of([plain(one.get("country")) for one in addresses])
    numbers = raw.get("ids") or []
    identifiers = [(plain(one.get("type")), plain(one.get("number")), plain(one.get("country"))) for one in numbers]
    return _party(raw, countries, texts(raw.get("alt_names")), texts(raw.get("programs")), identifiers)


def _from_csv(raw: Mapping[str, str]) -> tuple[str, ListedParty]:
    addresses = [address.rsplit(",", 1)[-1].strip() for address in raw["addresses"].split(";")]
    parts = [one.split(", ") for one in raw["ids"].split("; ") if one]
    identifiers = [(one[0], one[1], one[2] if len(one) > 2 else "") for one in parts if len(one) > 1]
    programmes = [one for one in raw["programs"].split("; ") if one]
    return _party(raw, codes_of(addresses), [raw["alt_names"]], programmes, identifiers)


def _party(
    raw: Mapping[str, Any],
    countries: tuple[str, ...],
    aliases: Sequence[str],
    programmes: Sequence[str],
    identifiers: Sequence[tuple[str, str, str]],
) -> tuple[str, ListedParty]:
    code, title = _list_of(plain(raw["source"]))
    names = names_of(plain(raw["name"]), aliases, code)
    if not names:
        raise ValueError("a row has no name")
    citation = tidy(plain(raw.get("federal_register_notice")))
    return title, ListedParty(
        code,
        names,
        plain(raw.get("type")),
        countries,
        tidy(plain(raw.get("license_requirement"))),
        tidy(plain(raw.get("license_policy"))),
        citation,
        plain(raw.get("entity_number")) or party_key(names[0]),
        tuple(programmes),
        (),
        tuple(one for one in identifiers if one[1] and IDENTIFYING.search(one[0])),
        (),
        tidy(plain(raw.get("remarks"))),
        dated_events(code, citation, day_of(plain(raw.get("start_date"))), day_of(plain(raw.get("end_date")))),
    )


@lru_cache(maxsize=64)
def _list_of(source: str) -> tuple[str, str]:
    """The code and the title of a source list, such as "Entity List (EL) - Bureau of Industry and Security"."""
    match = SOURCE.match(source)
    if match is None:
        raise ValueError(f'"{source[:60]}" is no source list of the Consolidated Screening List')
    return match["code"], match["title"]


def dated_events(code: str, citation: str, start: date | None, end: date | None) -> tuple[ListEvent, ...] | None:
    """The events of a row that states since when, perhaps until when; None where it states no beginning.

    A row of the Entity List may have been amended since, and a rule may be in force before it is printed:
    its first citation leaves the days before open.
    """
    if start is None:
        return None
    first, possible = start, None
    if code in DATED_BY_CITATION:
        window = first_published(citation)
        first = min(start, window.latest) if window else start
        possible = (min(start, window.earliest) if window else start) - RELEASED_BEFORE_PRINT
    events = [ListEvent(EventKind.ADDED, first, first, possible_from=possible)]
    if end is not None and end > first:
        events.append(ListEvent(EventKind.REMOVED, first, end, note="the day on which it expires by its own words"))
    return tuple(events)


def _day_of_json(value: Mapping[str, Any]) -> date | None:
    """The day of the file: when the search was done, else the last import that it names."""
    days = [plain(value.get("search_performed_at"))]
    used = value.get("sources_used")
    if not days[0] and isinstance(used, list):
        days = [plain(one.get("last_imported")) for one in used if isinstance(one, dict)]
    found = [day for one in days if (day := day_of(one)) is not None]
    return max(found, default=None)
