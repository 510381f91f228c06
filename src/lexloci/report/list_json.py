"""Lists, their rows, differences and consequences as JSON."""

from __future__ import annotations

from datetime import date
from typing import Any

from lexloci.model.fact import UNKNOWN, Fact
from lexloci.parties.consequences import Consequence
from lexloci.parties.difference import Difference
from lexloci.parties.listing import ListedParty, PartyList
from lexloci.parties.row_form import event_as_object, list_as_object


def list_json(which: PartyList, known_at: date | None) -> dict[str, Any]:
    """A list with its day, size, licence, source and sum; its age in days where a day of knowledge is given."""
    form = list_as_object(which)
    if known_at is not None:
        age = which.age_at(known_at)
        form |= {"age_days": age.age_days, "is_stale": age.is_stale}
    return form


def row_json(row: ListedParty, fact: Fact) -> dict[str, Any]:
    """A row with its standing: true, false or "unknown", and why."""
    return {
        "key": row.key,
        "names": list(row.names),
        "weak_names": list(row.weak_names),
        "kind": row.kind,
        "countries": list(row.countries),
        "programmes": list(row.programmes),
        "licence_requirement": row.licence_requirement,
        "licence_policy": row.licence_policy,
        "citation": row.citation,
        "identifiers": [list(one) for one in row.identifiers],
        "relations": [list(one) for one in row.relations],
        "events": [event_as_object(one) for one in row.events or ()],
        "listed": "unknown" if fact.value is UNKNOWN else fact.value,
        "why": fact.origin,
    }


def difference_json(found: Difference) -> dict[str, Any]:
    """Who came, who went, whose entry was amended and in what."""
    return {
        "added": [party_json(rows) for rows in found.added],
        "removed": [party_json(rows) for rows in found.removed],
        "amended": [
            {**party_json(one.after), "what": list(one.what), "before": [_words(row) for row in one.before]}
            for one in found.amended
        ],
    }


def party_json(rows: tuple[ListedParty, ...]) -> dict[str, Any]:
    """A party of a difference: its key, its names and what its rows say."""
    return {"key": rows[0].key, "name": rows[0].name, "rows": [_words(row) for row in rows]}


def _words(row: ListedParty) -> dict[str, Any]:
    return {
        "names": list(row.names),
        "countries": list(row.countries),
        "licence_requirement": row.licence_requirement,
        "licence_policy": row.licence_policy,
        "citation": row.citation,
        "programmes": list(row.programmes),
    }


def consequence_json(one: Consequence) -> dict[str, Any]:
    """What a list entails for an act, with its provision and how far it was read."""
    return {
        "acts": one.acts,
        "since": one.since.isoformat() if one.since else None,
        "until": one.until.isoformat() if one.until else None,
        "consequence": one.text,
        "export_control": one.is_export_control,
        "citation": one.citation,
        "verification": one.verification.value,
        "source": one.source,
    }
