"""What is an engine asked: an act as a plain record of JSON values.

=================  =========================================================================
``kind``           the kind of act, such as ``remote access``
``on``             its day, ``YYYY-MM-DD``
``asked``          the bodies of law that must speak, such as ``["us", "my"]``
``roles``          the roles in which somebody takes part; of every other role each fact is absent
``authorisations`` the kinds of authorisation that are held and cover the act
``facts``          facts and readings by name; a fact that is not stated is unknown, null is absent
=================  =========================================================================

A number is a double, as in JSON's common readers: a whole number beyond 2**53 counts as the double
nearest to it.

All six must be there, and nothing else: any other key (a record of being not subject to an authority,
a closed case) is out of scope, and every engine answers human review to it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from lexloci.law.asked import roles_of
from lexloci.model.act import Act
from lexloci.model.fact import ABSENT, UNKNOWN, Value

KEYS = ("kind", "on", "asked", "roles", "authorisations", "facts")

Json = bool | int | float | str | None


def request_of(act: Act, authorisations: Iterable[str] = ()) -> dict[str, str | list[str] | dict[str, Json]]:
    """An act, with the kinds of authorisation held for it, as a request; ValueError for a closed case.

    Readings go among the facts of the act, as ``reading.<point>``.
    """
    if act.closed:
        raise ValueError(f"{act.id}: a closed case is out of scope of an export")
    return {
        "kind": act.kind.value,
        "on": act.on.isoformat(),
        "asked": list(act.asked),
        "roles": sorted(roles_of(act)),
        "authorisations": sorted(authorisations),
        "facts": {name: _json(fact.value) for name, fact in act.facts.items() if fact.value is not UNKNOWN},
    }


def _json(value: Value) -> Json:
    if value is ABSENT or value is UNKNOWN:
        return None
    return value.isoformat() if isinstance(value, date) else value
