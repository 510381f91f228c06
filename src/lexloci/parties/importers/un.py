"""The Consolidated List of the United Nations Security Council: XML with INDIVIDUALS and ENTITIES.

A name stands in up to four parts; NAME_ORIGINAL_SCRIPT has it as the party writes it. An alias of low
QUALITY is weak. LISTED_ON dates the listing. Source of the form: the file of scsanctions.un.org, 2026-02-27.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final
from xml.etree.ElementTree import Element

from lexloci.parties.events import EventKind, ListEvent
from lexloci.parties.importers.countries import codes_of
from lexloci.parties.importers.file import ListFile, Reading, UnreadableListError, checked, day_of, encoding_doubts
from lexloci.parties.importers.repair import tidy, unique
from lexloci.parties.importers.xml_source import elements, text_in
from lexloci.parties.listing import ListedParty

PARTIES: Final = {"INDIVIDUAL": "Individual", "ENTITY": "Entity"}
PARTS: Final = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")
GENERATED: Final = re.compile(rb"<CONSOLIDATED_LIST\b[^>]*\bdateGenerated=\"(\d{4}-\d{2}-\d{2})")


def read_un(file: ListFile) -> Reading:
    """The list, dated by the day on which it was generated. UnreadableListError where it is cut off or another form."""
    match = GENERATED.search(file.content[:4096])
    if match is None:
        raise UnreadableListError("its first element does not say when it was generated: its form has changed")
    rows = [_party(element) for element in elements(file.content, frozenset(PARTIES))]
    title = {"UN": "United Nations Security Council Consolidated List"}
    return Reading(checked(rows), ("UN",), date.fromisoformat(match[1].decode()), encoding_doubts(rows), title)


def _party(element: Element) -> ListedParty:
    tag = element.tag
    number = text_in(element, "DATAID")
    own = " ".join(part for name in PARTS if (part := text_in(element, name)))
    aliases = [
        (text_in(alias, "ALIAS_NAME"), text_in(alias, "QUALITY").casefold()) for alias in element.iter(f"{tag}_ALIAS")
    ]
    names = unique([own, text_in(element, "NAME_ORIGINAL_SCRIPT"), *(name for name, how in aliases if how != "low")])
    if not names or not number:
        raise ValueError(f"an element {tag} has no name or no DATAID")
    listed = day_of(text_in(element, "LISTED_ON"))
    documents = [
        (text_in(one, "TYPE_OF_DOCUMENT"), text_in(one, "NUMBER"), text_in(one, "ISSUING_COUNTRY"))
        for one in element.iter(f"{tag}_DOCUMENT")
    ]
    return ListedParty(
        "UN",
        names,
        PARTIES[tag],
        codes_of([text_in(one, "COUNTRY") for one in element.iter(f"{tag}_ADDRESS")]),
        key=number,
        programmes=tuple(one for one in (text_in(element, "UN_LIST_TYPE"),) if one),
        weak_names=unique(name for name, how in aliases if how == "low"),
        identifiers=(
            ("reference", text_in(element, "REFERENCE_NUMBER"), ""),
            *(one for one in documents if one[1]),
        ),
        remarks=tidy(text_in(element, "COMMENTS1")),
        events=None if listed is None else (ListEvent(EventKind.ADDED, listed, listed),),
    )
