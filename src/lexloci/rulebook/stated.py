"""Is what somebody states under a name of the vocabulary a value of its type?

A country that is written by its name is in no country group, and a misspelt choice is none of them: taken
as they stand they would let a rule fall silent, so they are mistakes and never facts.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from lexloci.case.wording import shown
from lexloci.catalogue import closest_country, countries
from lexloci.law.rule import FactType
from lexloci.model.fact import Plain


def wrong_value(fact: FactType, value: Plain) -> tuple[str, str] | None:
    """What is wrong with a value stated for a fact, and how to mend it; None where nothing is."""
    if fact.type == "bool":
        return None if isinstance(value, bool) else (f"{shown(value)} is neither true nor false", "write one of them")
    if fact.type == "number":
        return _wrong_number(value)
    if fact.type == "country":
        return _wrong_country(value)
    if fact.domain and value not in fact.domain:
        return f"{shown(value)} is none of its choices", mend_of(str(value), fact.domain, ", ".join(fact.domain))
    return None


def mend_of(text: str, known: Iterable[str], otherwise: str) -> str:
    """The mend of a misspelt name: the nearest of those that are known, else ``write`` and the words given."""
    close = get_close_matches(text, list(known), 1)
    return f"did you mean {close[0]}?" if close else f"write {otherwise}"


def _wrong_number(value: Plain) -> tuple[str, str] | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return f"{shown(value)} is no number", "write the number alone, without a unit"
    return (f"{shown(value)} is below 0", "write 0 or more") if value < 0 else None


def _wrong_country(value: Plain) -> tuple[str, str] | None:
    if value in countries():
        return None
    near = closest_country(value) if isinstance(value, str) else None
    return f"{shown(value)} is no ISO 3166 code", f"did you mean {near.code}?" if near else "write one such as MY or SG"
