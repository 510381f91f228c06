"""A row of a list as JSON and back: an array in the order of ``ListedParty``, empty ends left off."""

from __future__ import annotations

from dataclasses import asdict, fields
from datetime import date
from typing import Any, Final

from lexloci.parties.events import Confidence, EventKind, ListEvent
from lexloci.parties.listing import ListedParty, PartyList


def as_array(party: ListedParty) -> list[Any]:
    """The row as an array that JSON can hold."""
    row: list[Any] = [
        party.list_code,
        list(party.names),
        party.kind,
        list(party.countries),
        party.licence_requirement,
        party.licence_policy,
        party.citation,
        party.key,
        list(party.programmes),
        list(party.weak_names),
        [list(one) for one in party.identifiers],
        [list(one) for one in party.relations],
        party.remarks,
        None if party.events is None else [event_as_object(event) for event in party.events],
        None if party.seen_on is None else party.seen_on.isoformat(),
    ]
    while row[-1] in ("", [], None) and not (len(row) == _PLACE_OF_EVENTS and row[-1] == []):
        row.pop()
    return row


def from_array(row: list[Any]) -> ListedParty:
    """The row of an array. ValueError, TypeError, KeyError or IndexError where it is none."""
    code, names, kind, countries, requirement, policy, citation, *rest = (*row, *_EMPTY[len(row) :])
    key, programmes, weak, numbers, related, remarks, events, seen_on = rest
    if not names:
        raise ValueError("a row without a name")
    return ListedParty(
        code,
        tuple(names),
        kind,
        tuple(countries),
        requirement,
        policy,
        citation,
        key,
        tuple(programmes),
        tuple(weak),
        tuple((one[0], one[1], one[2]) for one in numbers),
        tuple((one[0], one[1]) for one in related),
        remarks,
        None if events is None else tuple(event_from_object(event) for event in events),
        None if seen_on is None else date.fromisoformat(seen_on),
    )


_EMPTY: Final[tuple[Any, ...]] = ("", (), "", (), "", "", "", "", (), (), (), (), "", None, None)
_PLACE_OF_EVENTS: Final = 14
_SCRIPTS: Final = ("scripts", "scripts_throughout")


def event_as_object(event: ListEvent) -> dict[str, str]:
    """The event as an object of texts; what is empty stays away."""
    found: dict[str, str] = {"kind": event.kind.value}
    for name in (field.name for field in fields(ListEvent) if field.name not in ("kind", "confidence")):
        value = getattr(event, name)
        if value:
            found[name] = value.isoformat() if isinstance(value, date) else value
    if event.confidence is not Confidence.SETTLED:
        found["confidence"] = event.confidence.value
    return found


def event_from_object(form: dict[str, str]) -> ListEvent:
    """The event of an object. ValueError, TypeError or KeyError where it is none."""
    until, possible = form.get("effective_until"), form.get("possible_from")
    return ListEvent(
        EventKind(form["kind"]),
        date.fromisoformat(form["published"]),
        date.fromisoformat(form["effective_from"]),
        date.fromisoformat(until) if until else None,
        date.fromisoformat(possible) if possible else None,
        Confidence(form.get("confidence", Confidence.SETTLED.value)),
        form.get("citation", ""),
        form.get("note", ""),
        form.get("source", ""),
        form.get("sha256", ""),
        form.get("recorded", ""),
    )


def list_as_object(which: PartyList) -> dict[str, Any]:
    """What is known of a list, without its rows, as an object that JSON can hold."""
    scripts = {name: list(getattr(which, name)) for name in _SCRIPTS}
    return {**asdict(which), "dated": which.dated.isoformat(), **scripts}


def list_from_object(form: dict[str, Any]) -> PartyList:
    """The list of an object. ValueError, TypeError or KeyError where it is none."""
    scripts = {name: tuple(form[name]) for name in _SCRIPTS}
    return PartyList(**{**form, "dated": date.fromisoformat(form["dated"]), **scripts})
