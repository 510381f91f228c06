"""Which band does a number lie in? Cedar has no numbers as large as a training's operations, so it is told bands.

The cuts of a fact are the limits that it is compared with in one epoch, sorted: c1 < c2 < ... Its
band is 0 below c1, 1 at c1, 2 between c1 and c2, 3 at c2 and so on, so that ``fact >= c2`` is
``band >= 3``, exactly and for every operator. ``bands.json`` holds the cuts, with the types of the
other facts; ``cedar_request`` needs it alone.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from lexloci.law.export.formula import AllOf, Among, AnyOf, Compared, Fact, Formula, Pair
from lexloci.law.export.request import KEYS
from lexloci.law.export.selection import Selection
from lexloci.model.act import Role
from lexloci.model.errors import LexlociError, RulebookError

NAMESPACE = "Lexloci"
_ROLES = frozenset(role.value for role in Role)


def bands_of(selection: Selection) -> dict[str, Any]:
    """The content of ``bands.json``: the facts of the epoch by type, the cuts of the numbers, the roles."""
    cuts: dict[str, set[float]] = {fact.name: set() for fact in selection.facts if fact.type == "number"}
    for one in selection.rules:
        for name, literal in (*_limits(one.holds), *_limits(one.refuted)):
            cuts[name].add(literal)
    return {
        "kinds": [kind.value for kind in selection.kinds],
        "facts": {fact.name: fact.type for fact in selection.facts},
        "cuts": {name: sorted(limits) for name, limits in cuts.items()},
        "roles": list(selection.roles),
    }


def band_of(cuts: Sequence[float], value: float) -> int:
    """The number of the band that holds a value; at the cut of place i (from 0) it is 2 i + 1."""
    place = bisect_left(cuts, value)
    return 2 * place + (1 if place < len(cuts) and cuts[place] == value else 0)


def cedar_request(bands: Mapping[str, Any], request: Mapping[str, Any]) -> dict[str, Any]:
    """The action and the context of a request for Cedar; LexlociError for a request out of scope."""
    _refuse_unsound(request, bands["kinds"])
    return {"action": action(request["kind"]), "context": _context(bands, request)}


def action(kind: str) -> str:
    """The Cedar action of a kind of act."""
    return f'{NAMESPACE}::Action::"{kind}"'


def _context(bands: Mapping[str, Any], request: Mapping[str, Any]) -> dict[str, Any]:
    stated: Mapping[str, object] = request["facts"]
    present = {*request["roles"], *(name.partition(".")[0] for name in stated)} & _ROLES
    facts: dict[str, bool | int | str] = {}
    absent: list[str] = []
    for name, kind in bands["facts"].items():
        role = name.partition(".")[0]
        if stated.get(name, ...) is None or (name not in stated and role in _ROLES - present):
            absent.append(name)
        elif name in stated and (value := _value(kind, stated[name], bands["cuts"].get(name, ()))) is not None:
            facts[name] = value
    return {
        "on": int(request["on"].replace("-", "")),
        "asked": list(request["asked"]),
        "roles": sorted(present & set(bands["roles"])),
        "authorisations": list(request["authorisations"]),
        "absent": absent,
        "facts": facts,
    }


def _value(kind: str, value: object, cuts: Sequence[float]) -> bool | int | str | None:
    """The value as Cedar is told it; None where it is of another type than declared."""
    if kind == "bool":
        return value if isinstance(value, bool) else None
    if kind == "text":
        return value if isinstance(value, str) else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        double = float(value)  # as JSON's numbers are: 10**26 is 1e26
    except OverflowError:
        return None
    return None if math.isnan(double) else band_of(cuts, double)


def _refuse_unsound(request: object, kinds: Collection[str]) -> None:
    """LexlociError for a request that is not as ``lexloci.law.export.request`` says."""
    lists = ("asked", "roles", "authorisations")
    mend = "lexloci.law.export.request says what a request is"
    if not isinstance(request, Mapping) or set(request) != set(KEYS):
        raise LexlociError(f"the request must have the keys {', '.join(KEYS)}, and no others; {mend}")
    if request["kind"] not in kinds:
        raise LexlociError(f"request kind: {request['kind']!r} is none of {', '.join(kinds)}; export that kind too")
    for key in lists:
        if not isinstance(request[key], list) or not all(isinstance(item, str) for item in request[key]):
            raise LexlociError(f"request {key}: is no list of texts; {mend}")
    strange = set(request["roles"]) - _ROLES
    if strange:
        raise LexlociError(f"request roles: {', '.join(sorted(strange))} is no role of an act; {mend}")
    if not isinstance(request["facts"], Mapping):
        raise LexlociError(f"request facts: is no mapping of names to values; {mend}")
    if not isinstance(request["on"], str) or not _is_day(request["on"]):
        raise LexlociError(f"request on: {request['on']!r} is no day; write YYYY-MM-DD")


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _limits(formula: Formula) -> Iterable[tuple[str, float]]:
    """Every number that a fact is compared with; RulebookError where it is compared with another fact."""
    match formula:
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from _limits(part)
        case Pair(Fact(name, "number"), _, other):
            mend = "Cedar is told bands: export to cel or rego"
            raise RulebookError(f"{name} is compared with {other.name}, two numbers; {mend}")
        case Compared(Fact(name, "number"), _, literal):
            yield name, float(literal)
        case Among(Fact(name, "number"), members):
            yield from ((name, float(member)) for member in members)
