"""The Consolidated Screening List as one JSON file with lookup tables, as a public transcription writes it.

``tables`` holds what repeats (source lists, licence requirements and policies, programmes), ``entries`` the
rows with the places there; ``entryCount`` how many they are, ``sourceGeneratedAt`` the day.
"""

from __future__ import annotations

import re
from typing import Any

from lexloci.parties.importers.file import (
    ListFile,
    Reading,
    UnreadableListError,
    checked,
    day_of,
    encoding_doubts,
    json_of,
)
from lexloci.parties.importers.repair import names_of, party_key
from lexloci.parties.listing import ListedParty


def read_csl_tables(file: ListFile) -> Reading:
    """The lists of the file. UnreadableListError where rows are missing."""
    snapshot = json_of(file.content)
    rows = checked(rows_of_tables(snapshot))
    if len(rows) != snapshot["entryCount"]:
        raise UnreadableListError(
            f"it says it has {snapshot['entryCount']} rows and holds {len(rows)}: it seems cut off"
        )
    titles = {authority["code"]: title_of(source) for source, authority in snapshot["listAuthority"].items()}
    return Reading(rows, tuple(titles), day_of(snapshot["sourceGeneratedAt"]), encoding_doubts(rows), titles)


def title_of(source: str) -> str:
    """The title of a source list: its name without the abbreviation and the authority."""
    return re.sub(r" \([^)]*\)", "", source.split(" - ", maxsplit=1)[0])


def rows_of_tables(snapshot: dict[str, Any]) -> list[ListedParty]:
    """One row a party of the Consolidated Screening List."""
    tables = snapshot["tables"]
    codes = [snapshot["listAuthority"][source]["code"] for source in tables["sources"]]
    rows = []
    for raw in snapshot["entries"]:
        code = codes[raw["s"]]
        names = names_of(raw["n"], raw.get("a", []), code)
        rows.append(
            ListedParty(
                code,
                names,
                raw.get("t") or "",
                tuple(raw.get("c", [])),
                tables["licenceRequirements"][raw["lr"]] if "lr" in raw else "",
                tables["licencePolicies"][raw["lp"]] if "lp" in raw else "",
                re.sub(r"\s+", " ", raw.get("fr", "")).strip(),
                str(raw.get("e") or party_key(names[0])),
                tuple(tables["programmes"][raw["pg"]].split("; ")) if "pg" in raw else (),
            )
        )
    return rows
