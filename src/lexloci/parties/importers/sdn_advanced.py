"""OFAC's SDN_ADVANCED.XML: names in their original scripts, weak aliases, addresses, listing days, ownership.

The form is one of many tables that point at one another by number: ReferenceValueSets name the values,
Locations the places, DistinctParties the names, SanctionsEntries the listing, ProfileRelationships who owns whom.
A DocumentedName is one name in one script; an alias of LowQuality is weak. The number of a profile is the
number of the party in SDN.CSV. Read as OFAC's own description and public importers have it; no official sample was
at hand, so the tests write files of that form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from xml.etree.ElementTree import Element

from lexloci.parties.events import EventKind, ListEvent
from lexloci.parties.importers.countries import code_of, codes_of
from lexloci.parties.importers.file import ListFile, Reading, UnreadableListError, checked, encoding_doubts
from lexloci.parties.importers.repair import unique
from lexloci.parties.importers.xml_source import elements, text_in
from lexloci.parties.listing import ListedParty

PARTS: Final = frozenset(
    (
        "DateOfIssue",
        "ReferenceValueSets",
        "Location",
        "IDRegDocument",
        "DistinctParty",
        "ProfileRelationship",
        "SanctionsEntry",
    )
)
LISTS: Final = {
    "sdn list": "SDN",
    "sectoral sanctions identifications list": "SSI",
    "non-sdn chinese military-industrial complex companies list": "CMIC",
    "non-sdn menu-based sanctions list": "NS-MBS",
    "non-sdn palestinian legislative council list": "PLC",
    "list of foreign financial institutions subject to correspondent account or payable-through account"
    " sanctions": "CAP",
    "foreign sanctions evaders list": "FSE",
}


@dataclass
class _Tables:
    """What was read so far, by number."""

    values: dict[str, dict[str, Element]] = field(default_factory=dict)
    country_of_location: dict[str, str] = field(default_factory=dict)
    documents: dict[str, list[tuple[str, str, str]]] = field(default_factory=dict)
    parties: dict[str, ListedParty] = field(default_factory=dict)
    relations: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    listings: dict[str, list[tuple[str, tuple[str, ...], date | None]]] = field(default_factory=dict)
    issued: date | None = None

    def value(self, kind: str, number: str | None) -> str:
        """The text of a reference value, "" where it is not defined."""
        found = self.values.get(kind, {}).get(number or "")
        return (found.text or "").strip() if found is not None else ""


def read_sdn_advanced(file: ListFile) -> Reading:
    """The list with its day of issue. UnreadableListError where the file is cut off or another form."""
    tables = _Tables()
    for element in elements(file.content, PARTS):
        _READ[element.tag](element, tables)
    if tables.issued is None or not tables.values:
        raise UnreadableListError("it has no day of issue or no reference values: its form has changed")
    rows, lost = [], 0
    for number, party in tables.parties.items():
        listings = tables.listings.get(number, [])
        lost += not listings
        rows += [_listed(party, tables, *listing) for listing in listings]
    doubts = list(encoding_doubts(rows))
    if lost:
        doubts.append(f"{lost} parties have no entry that says on which list they are: it seems cut off")
    codes = tuple(dict.fromkeys(row.list_code for row in rows))
    titles = {code: name.title() for name, code in LISTS.items()} | {"SDN": "Specially Designated Nationals"}
    return Reading(checked(rows), codes, tables.issued, tuple(doubts), {code: titles[code] for code in codes})


def _listed(
    party: ListedParty, tables: _Tables, code: str, programmes: tuple[str, ...], since: date | None
) -> ListedParty:
    events = None if since is None else (ListEvent(EventKind.ADDED, since, since),)
    relations = tuple(tables.relations.get(party.key, ()))
    return ListedParty(
        code,
        party.names,
        party.kind,
        party.countries,
        key=party.key,
        programmes=programmes,
        weak_names=party.weak_names,
        identifiers=party.identifiers,
        relations=relations,
        events=events,
    )


def _date_of_issue(element: Element, tables: _Tables) -> None:
    tables.issued = _day(element)


def _reference_values(element: Element, tables: _Tables) -> None:
    for values in element:
        kind = values.tag.rpartition("}")[2].removesuffix("Values")
        tables.values[kind] = {value.get("ID", ""): value for value in values}


def _location(element: Element, tables: _Tables) -> None:
    country = element.find("LocationCountry")
    if country is None:
        return
    number = country.get("CountryID")
    stated = tables.values.get("Country", {}).get(number or "")
    code = (stated.get("ISO2") if stated is not None else None) or code_of(tables.value("Country", number))
    if code:
        tables.country_of_location[element.get("ID", "")] = code


def _document(element: Element, tables: _Tables) -> None:
    kind = tables.value("IDRegDocType", element.get("IDRegDocTypeID"))
    number = text_in(element, "IDRegistrationNo")
    country = code_of(tables.value("Country", element.get("IssuedBy-CountryID"))) or ""
    if number:
        tables.documents.setdefault(element.get("IdentityID", ""), []).append((kind, number, country))


def _party(element: Element, tables: _Tables) -> None:
    for profile in element.iter("Profile"):
        number = profile.get("ID", "")
        kind = _kind(profile.get("PartySubTypeID"), tables)
        strong: list[str] = []
        weak: list[str] = []
        identifiers: list[tuple[str, str, str]] = []
        for identity in profile.iter("Identity"):
            groups = {
                group.get("ID", ""): tables.value("NamePartType", group.get("NamePartTypeID"))
                for group in identity.iter("NamePartGroup")
            }
            identifiers += tables.documents.get(identity.get("ID", ""), [])
            aliases = sorted(identity.iter("Alias"), key=lambda alias: alias.get("Primary") != "true")
            for alias in aliases:
                names = [_name(one, groups, kind) for one in alias.iter("DocumentedName")]
                (weak if alias.get("LowQuality") == "true" else strong).extend(names)
        places = [place.get("LocationID", "") for place in profile.iter("VersionLocation")]
        names_of_party = unique(strong) or unique(weak)
        if not names_of_party or not number:
            raise ValueError(f"the profile {number or 'without a number'} has no name")
        if number in tables.parties:
            raise ValueError(f"the profile {number} stands there twice")
        tables.parties[number] = ListedParty(
            "SDN",
            names_of_party,
            kind,
            codes_of([tables.country_of_location.get(place, "") for place in places]),
            key=number,
            weak_names=unique(weak),
            identifiers=tuple(identifiers),
        )


def _kind(subtype: str | None, tables: _Tables) -> str:
    """Entity, Individual, Vessel or Aircraft; "" where the reference values do not say."""
    found = tables.values.get("PartySubType", {}).get(subtype or "")
    if found is None:
        return ""
    own = (found.text or "").strip().title()
    if own in ("Vessel", "Aircraft"):
        return own
    general = tables.value("PartyType", found.get("PartyTypeID")).title()
    return general if general in ("Entity", "Individual") else ""


def _name(documented: Element, groups: Mapping[str, str], kind: str) -> str:
    """One name in one script: of a person as "LAST, first others", as the other files of OFAC write it."""
    parts = [
        (groups.get(value.get("NamePartGroupID", ""), ""), (value.text or "").strip())
        for value in documented.iter("NamePartValue")
    ]
    last = " ".join(text for group, text in parts if group.casefold() == "last name")
    rest = " ".join(text for group, text in parts if group.casefold() != "last name")
    return f"{last}, {rest}" if kind == "Individual" and last and rest else " ".join(text for _, text in parts)


def _relationship(element: Element, tables: _Tables) -> None:
    kind = tables.value("RelationType", element.get("RelationTypeID"))
    if element.get("Former") != "true":
        own, other = element.get("From-ProfileID", ""), element.get("To-ProfileID", "")
        tables.relations.setdefault(own, []).append((kind, other))


def _entry(element: Element, tables: _Tables) -> None:
    name = tables.value("List", element.get("ListID"))
    code = LISTS.get(name.casefold())
    if code is None:
        raise ValueError(f'"{name[:60]}" is no list that is known')
    programmes = [
        comment
        for measure in element.iter("SanctionsMeasure")
        if tables.value("SanctionsType", measure.get("SanctionsTypeID")).casefold() == "program"
        and (comment := text_in(measure, "Comment"))
    ]
    days = [day for one in element.iter("EntryEvent") if (day := _day(one.find("Date"))) is not None]
    listing = (code, tuple(dict.fromkeys(programmes)), min(days, default=None))
    tables.listings.setdefault(element.get("ProfileID", ""), []).append(listing)


def _day(element: Element | None) -> date | None:
    if element is None:
        return None
    numbers = [text_in(element, part) for part in ("Year", "Month", "Day")]
    return date(int(numbers[0]), int(numbers[1]), int(numbers[2])) if all(numbers) else None


_READ: Final = {
    "DateOfIssue": _date_of_issue,
    "ReferenceValueSets": _reference_values,
    "Location": _location,
    "IDRegDocument": _document,
    "DistinctParty": _party,
    "ProfileRelationship": _relationship,
    "SanctionsEntry": _entry,
}
