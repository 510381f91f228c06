"""Reads FollowTheMoney entities, one JSON object a line or a list: Ownership with its percentage and days.

followthemoney.tech, schema ``Ownership``: owner, asset, percentage (a text: "50", "50%", "25-50"), startDate, endDate.
A topic ``sanction`` or ``export.control`` says that somebody lists the party, not under which rule: it is a possible
seed, and a name with ``--seed`` makes it a sure one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, Final

from lexloci.case.wording import shown
from lexloci.parties.ownership.graph import PartyNote, Register
from lexloci.parties.ownership.registers.mistakes import Mistakes

_LISTED: Final = frozenset({"sanction", "export.control"})
_SHARE: Final = re.compile(r"\s*([<>]?)\s*(\d+(?:[.,]\d+)?)\s*%?\s*(?:[-–]\s*(\d+(?:[.,]\d+)?)\s*%?)?\s*")


def register_of_ftm(entities: Iterable[Any], file: str) -> Register:
    """The register in FollowTheMoney entities; InputError with what is wrong."""
    mistakes = Mistakes(file)
    register = Register()
    for place, entity in enumerate(entities, 1):
        if not isinstance(entity, dict) or not isinstance(entity.get("properties"), dict):
            mistakes.add(
                f"entity {place}", f"{shown(entity)} is no entity", "write objects with id, schema, properties"
            )
            continue
        properties = {key: _texts(value) for key, value in entity["properties"].items()}
        if entity.get("schema") == "Ownership":
            _read_ownership(str(entity.get("id", place)), properties, register, mistakes)
        elif "id" in entity:
            _read_party(str(entity["id"]), entity, properties, register)
    mistakes.raise_if_any()
    return register


def _read_party(party: str, entity: dict[str, Any], properties: dict[str, list[str]], register: Register) -> None:
    countries = {one.upper()[:2] for one in properties.get("jurisdiction") or properties.get("country") or ()}
    country = countries.pop() if len(countries) == 1 else ""  # several say not where its headquarters are
    name = str(entity.get("caption") or next(iter(properties.get("name") or ()), "")) or None
    register.notes[party] = PartyNote(name, country or None)
    if _LISTED & set(properties.get("topics", ())):
        register.possible_seeds.append(party)


def _read_ownership(identity: str, properties: dict[str, list[str]], register: Register, mistakes: Mistakes) -> None:
    if not properties.get("owner") or not properties.get("asset"):
        mistakes.add(identity, "an Ownership names no owner or no asset", "fill both properties")
        return
    share = _share(properties.get("percentage") or [])
    for owner in properties["owner"]:
        for asset in properties["asset"]:
            place = register.hold(owner, asset, *share)
            for key, days in (("startDate", register.held_from), ("endDate", register.held_until)):
                found = [_day(value, identity, mistakes, is_end=key == "endDate") for value in properties.get(key, ())]
                known = [day for day in found if day is not None]
                if known:
                    days[place] = min(known) if key == "startDate" else max(known)
            register.source[place] = f"FollowTheMoney {identity}"


def _day(value: str, identity: str, mistakes: Mistakes, *, is_end: bool) -> date | None:
    """A day; what begins in a year or a month may have begun on its first day, and what ends in one after its last."""
    if re.fullmatch(r"\d{4}(?:-\d{2})?", value):
        first = mistakes.day(f"{value}-01-01"[:10], identity)
        if first is None or not is_end or first.year == date.max.year:
            return first
        later = first + timedelta(days=366 if len(value) == 4 else 31)
        return later.replace(month=1 if len(value) == 4 else later.month, day=1)
    return mistakes.day(value, identity)


def _share(percentages: list[str]) -> tuple[float, float]:
    """The widest bounds of all that is stated; 0 to 100 where nothing is, or nothing that can be read."""
    bounds = [_one(text) for text in percentages] or [(0.0, 100.0)]
    return min(low for low, _ in bounds), max(high for _, high in bounds)


def _one(text: str) -> tuple[float, float]:
    found = _SHARE.fullmatch(text)
    if found is None:
        return 0.0, 100.0
    sign, first, last = found.groups()
    low = float(first.replace(",", "."))
    high = float(last.replace(",", ".")) if last else low
    if sign:
        low, high = (low, 100.0) if sign == ">" else (0.0, low)
    return (low, high) if 0 <= low <= high <= 100 else (0.0, 100.0)


def _texts(value: Any) -> list[str]:
    return [str(one) for one in (value if isinstance(value, list) else [value]) if one is not None]
