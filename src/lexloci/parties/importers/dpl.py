"""The Denied Persons List of the Bureau of Industry and Security: DPL.TXT, columns separated by tabs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from lexloci.parties.importers.countries import codes_of
from lexloci.parties.importers.csl import dated_events
from lexloci.parties.importers.file import ListFile, Reading, checked, csv_table, day_of, each_row, encoding_doubts
from lexloci.parties.importers.repair import names_of, party_key, tidy
from lexloci.parties.listing import ListedParty

_TEXT: Final = """
Name Street_Address City State Country Postal_Code Effective_Date Expiration_Date Standard_Order Last_Update
Action FR_Citation
"""
HEADER: Final = tuple(_TEXT.split())


def read_dpl(file: ListFile) -> Reading:
    """The list, a row an address: rows of one name are one party. The file does not state its day."""
    records, doubts = csv_table(file.content, (HEADER,), delimiter="\t")
    rows = list(each_row(records, _party))
    doubts = (*doubts, *encoding_doubts(rows))
    return Reading(checked(rows), ("DPL",), None, doubts, {"DPL": "Denied Persons List"})


def _party(raw: Mapping[str, str]) -> ListedParty:
    names = names_of(raw["Name"], (), "DPL")
    if not names:
        raise ValueError("a row has no name")
    citation = tidy(raw["FR_Citation"])
    return ListedParty(
        "DPL",
        names,
        countries=codes_of([raw["Country"]]),
        citation=citation,
        key=party_key(names[0]),
        remarks=tidy(raw["Action"]),
        events=dated_events("DPL", citation, day_of(raw["Effective_Date"]), day_of(raw["Expiration_Date"])),
    )
