"""Reads the program's own form of a register: edges of owner, owned and share, and seeds; JSON, YAML or CSV.

``{"edges": [[owner, owned, share], ...], "seeds": [...]}``. A share is a number, ``[least, most]`` or null (nobody
states it). An edge may have a fourth item, or be an object: ``from``, ``until`` (half-open), ``control``, ``source``.
Beside them: ``possible_seeds``, ``parties`` (name, headquarters, lists, licence_policy by id) and ``unit``.

Unit: ``percent`` or ``fraction`` where it is stated. Where it is not, numbers none of which is above 1 are fractions of
one, all others per cent; ``Register.warnings`` says which was taken.
"""

from __future__ import annotations

import csv
import io
import math
from array import array
from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from itertools import chain, count
from operator import itemgetter
from typing import Any, Final

import numpy as np

from lexloci.case.wording import shown
from lexloci.model.errors import InputError, Mistake
from lexloci.parties.ownership.graph import PartyId, PartyNote, Register
from lexloci.parties.ownership.registers.mistakes import Mistakes
from lexloci.parties.ownership.rules import LIST_CODES

UNITS: Final = {"percent": 1.0, "fraction": 100.0}
_KEYS: Final = ("edges", "seeds", "possible_seeds", "parties", "unit")
_EDGE_KEYS: Final = ("owner", "owned", "share", "from", "until", "control", "source")
_NOTE_KEYS: Final = ("name", "headquarters", "lists", "licence_policy")
_COLUMNS: Final = ("owner", "owned", "share", "least", "most", "from", "until", "control", "source")
_TOLERANCE: Final = 1e-9
UNSTATED: Final = math.nan


def register_of(document: Any, file: str) -> Register:
    """The register in a document of JSON or YAML; InputError with what is wrong."""
    mistakes = Mistakes(file)
    if not isinstance(document, dict) or not isinstance(document.get("edges"), list):
        mistakes.add("", "has no list of edges", 'write {"edges": [[owner, owned, share], ...], "seeds": [...]}')
        mistakes.raise_if_any()
    for key in document:
        if key not in _KEYS:
            mistakes.add(shown(key), "is no field of a register", f"write one of {', '.join(_KEYS)}")
    register = Register()
    _read_edges(document["edges"], register, mistakes)
    if "" in register.index:
        mistakes.add("edges", "a party has an empty id", "give it one")
    for key, seeds in (("seeds", register.seeds), ("possible_seeds", register.possible_seeds)):
        _read_seeds(document.get(key), key, seeds, mistakes)
    if document.get("seeds") == []:
        register.says_nobody_is_listed = True
        register.warnings.append('"seeds" is empty: nobody is listed, so nobody is caught')
    _refuse_two_ways_of_writing(register, mistakes)
    _read_notes(document.get("parties"), register, mistakes)
    _settle_units(register, document.get("unit"), mistakes)
    mistakes.raise_if_any()
    return register


def _read_edges(edges: list[Any], register: Register, mistakes: Mistakes) -> None:
    """Lists of three are read column by column, as there may be millions of them; others one by one."""
    if set(map(type, edges)) <= {list} and set(map(len, edges)) <= {3}:
        owners, owned, shares = (list(map(itemgetter(column), edges)) for column in range(3))
        if set(map(type, owners)) | set(map(type, owned)) <= {str, int}:
            _read_columns(owners, owned, shares, register, mistakes)
            return
    for place, edge in enumerate(edges):
        _read_edge(edge, f"edges[{place}]", register, mistakes)


def _read_columns(
    owners: list[PartyId], owned: list[PartyId], shares: list[Any], register: Register, mistakes: Mistakes
) -> None:
    places: defaultdict[PartyId, int] = defaultdict(count().__next__)  # a party's place is when it is first named
    pairs = array("l", map(places.__getitem__, chain.from_iterable(zip(owners, owned, strict=True))))
    places.default_factory = None
    register.ids, register.index = list(places), places
    register.owner, register.owned = pairs[0::2], pairs[1::2]
    if set(map(type, shares)) <= {int, float}:
        register.least = register.most = array("d", shares)
        return
    for place, share in enumerate(shares):
        least, most = _bounds(share, f"edges[{place}][2]", mistakes) or (0.0, 0.0)
        register.least.append(least)
        register.most.append(most)


def _read_edge(edge: Any, where: str, register: Register, mistakes: Mistakes) -> None:
    if isinstance(edge, list) and len(edge) in {3, 4} and (len(edge) == 3 or isinstance(edge[3], dict)):
        edge = {"owner": edge[0], "owned": edge[1], "share": edge[2], **(edge[3] if len(edge) == 4 else {})}
    if not isinstance(edge, dict) or not {"owner", "owned"} <= edge.keys():
        mistakes.add(where, f"{shown(edge)} is no edge", "write [owner, owned, share]")
        return
    unknown = [key for key in edge if key not in _EDGE_KEYS]
    if unknown:
        mistakes.add(f"{where}.{unknown[0]}", "is no field of an edge", f"write one of {', '.join(_EDGE_KEYS)}")
        return
    bounds = _bounds(edge.get("share"), f"{where}.share", mistakes)
    is_told = [_is_id(edge[key], f"{where}.{key}", mistakes) for key in ("owner", "owned")]
    if bounds is None or not all(is_told):
        return
    _add(register, edge, bounds, where, mistakes)


def _add(
    register: Register, edge: Mapping[str, Any], bounds: tuple[float, float], where: str, mistakes: Mistakes
) -> None:
    place = register.hold(edge["owner"], edge["owned"], *bounds)
    for key, days in (("from", register.held_from), ("until", register.held_until)):
        day = mistakes.day(edge.get(key), f"{where}.{key}")
        if day is not None:
            days[place] = day
    if place in register.held_until and register.held_until[place] < register.held_from.get(place, date.min):
        mistakes.add(f"{where}.until", "comes before the day from which it is held", "write from before until")
    if edge.get("control") is True:
        register.control.add(place)
    elif edge.get("control") not in (None, False):
        mistakes.add(f"{where}.control", f"{shown(edge['control'])} is no truth value", "write true or false")
    if edge.get("source"):
        register.source[place] = str(edge["source"])


def _bounds(share: Any, where: str, mistakes: Mistakes) -> tuple[float, float] | None:
    """The least and the most of a share, UNSTATED for an end that nobody states."""
    ends = share if isinstance(share, list) else [share, share]
    if len(ends) != 2 or not all(end is None or type(end) in {int, float} for end in ends):
        mistakes.add(where, f"{shown(share)} is no share", "write a number, [least, most] or null")
        return None
    least, most = (UNSTATED if end is None else float(end) for end in ends)
    if least > most:
        mistakes.add(where, f"the least, {least:g}, is above the most, {most:g}", "write [least, most]")
        return None
    return 0.0 if math.isnan(least) else least, most


def _is_id(value: Any, where: str, mistakes: Mistakes) -> bool:
    if type(value) in {str, int} and value != "":
        return True
    mistakes.add(where, f"{shown(value)} names no party", "write its id, a text or a whole number")
    return False


def _refuse_two_ways_of_writing(register: Register, mistakes: Mistakes) -> None:
    """The number 2 and the text "2" would be two parties, and who owns the one would not own the other."""
    ids = {*register.ids, *register.seeds, *register.possible_seeds}
    if set(map(type, ids)) == {int, str}:
        twice = next((one for one in ids if isinstance(one, int) and str(one) in ids), None)
        if twice is not None:
            message = f'{shown(twice)} is written as a number and as the text "{twice}"'
            mistakes.add("", message, "write each id in one way")


def _read_seeds(value: Any, key: str, seeds: list[PartyId], mistakes: Mistakes) -> None:
    if value is None:
        return
    if not isinstance(value, list):
        mistakes.add(key, f"{shown(value)} is no list", "write a list of ids")
        return
    seeds.extend(seed for place, seed in enumerate(value) if _is_id(seed, f"{key}[{place}]", mistakes))


def _read_notes(value: Any, register: Register, mistakes: Mistakes) -> None:
    if value is None:
        return
    if not isinstance(value, dict):
        mistakes.add("parties", "is no mapping", "write ids with their name, headquarters, lists, licence_policy")
        return
    by_text = {str(party): party for party in [*register.ids, *register.seeds, *register.possible_seeds]}
    for key, note in value.items():
        where = f"parties.{key}"
        if not isinstance(note, dict) or not note.keys() <= set(_NOTE_KEYS):
            mistakes.add(where, f"{shown(note)} is no note", f"write a mapping of {', '.join(_NOTE_KEYS)}")
            continue
        lists = note.get("lists")
        if lists is not None and not (isinstance(lists, list) and all(isinstance(one, str) for one in lists)):
            mistakes.add(f"{where}.lists", f"{shown(lists)} is no list of codes", "write such as [EL, SDN]")
            continue
        unknown = [one for one in lists or () if one not in LIST_CODES]
        if unknown:
            words = f"{where}.lists: {shown(unknown[0])} is no code of a list: taken as one that the rule counts"
            register.warnings.append(f"{words}; the codes are {', '.join(sorted(LIST_CODES))}")
        texts = {one: str(note[one]) for one in ("name", "headquarters", "licence_policy") if note.get(one)}
        register.notes[by_text.get(str(key), str(key))] = PartyNote(
            **texts, lists=None if lists is None else tuple(lists)
        )


def _settle_units(register: Register, unit: Any, mistakes: Mistakes) -> None:
    """Turn the shares into per cent, fill in what nobody states, refuse what is no share."""
    least, most = np.frombuffer(register.least, np.float64), np.frombuffer(register.most, np.float64)
    for place in np.flatnonzero(np.isnan(least))[:1]:
        mistakes.add(f"edges[{place}]", "NaN is no share", "write a number, [least, most] or null")
    stated = np.concatenate([least, most[~np.isnan(most)]])
    factor = _factor(unit, float(stated.max(initial=0.0)), register, stated, mistakes)
    least, most = least * factor, np.where(np.isnan(most), 100.0, most * factor)
    wrong = np.flatnonzero(~((least >= 0) & (most <= 100 + _TOLERANCE) & (least <= most + _TOLERANCE)))
    for place in wrong[:5]:
        message = f"a share of {least[place]:g} to {most[place]:g} % is none"
        mistakes.add(f"edges[{place}]", message, 'write 0 to 100, or 0 to 1 with "unit": "fraction"')
    register.least, register.most = array("d", least.tobytes()), array("d", np.minimum(most, 100.0).tobytes())


def _factor(unit: Any, largest: float, register: Register, stated: Any, mistakes: Mistakes) -> float:
    if unit is not None:
        if not isinstance(unit, str) or unit not in UNITS:
            mistakes.add("unit", f"{shown(unit)} is no unit of shares", "write percent or fraction")
            return 1.0
        return UNITS[unit]
    if largest <= 0:
        return 1.0
    if largest <= 1:
        register.warnings.append('no share is above 1: read as fractions of one; "unit" states it')
        return UNITS["fraction"]
    small = int(((stated > 0) & (stated < 1)).sum())
    if small:
        register.warnings.append(f'shares are read as per cent, {small} bounds below 1 % too; "unit" states it')
    return UNITS["percent"]


def register_of_csv(text: str, file: str) -> Register:
    """The register in a CSV with the columns owner, owned, and share or least and most; others as in an edge."""
    mistakes = Mistakes(file)
    register = Register()
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [name.strip() for name in next(reader)]
        unknown = [name for name in header if name not in _COLUMNS]
        twice = [name for name in header if header.count(name) > 1]
        if unknown or twice or not {"owner", "owned"} <= set(header):
            what = "has no columns owner and owned"
            if unknown or twice:
                what = f"has the column {shown((unknown or twice)[0])}{'' if unknown else ' twice'}"
            raise InputError([Mistake(file, 1, "", what, f"write some of {', '.join(_COLUMNS)}")])
        for row in reader:
            if any(cell.strip() for cell in row[len(header) :]):
                message = f"has {len(row)} cells, and the header {len(header)}"
                mend = 'write 49.9 for 49,9; put quotation marks around a cell with a comma, such as "A, Inc."'
                mistakes.add("", message, mend, reader.line_num)
            elif any(cell.strip() for cell in row):
                _read_row(
                    dict(zip(header, (cell.strip() for cell in row), strict=False)), reader.line_num, register, mistakes
                )
    except csv.Error as error:
        raise InputError(
            [Mistake(file, reader.line_num, "", f"is no CSV: {error}", "check the quotation marks")]
        ) from None
    _settle_units(register, None, mistakes)
    mistakes.raise_if_any()
    return register


def _read_row(row: dict[str, str], line: int, register: Register, mistakes: Mistakes) -> None:
    if not row.get("owner") or not row.get("owned"):
        mistakes.add("", "a row names no owner or no party owned", "fill both cells, or delete the row", line)
        return
    ends = []
    for column in ("least", "most") if row.get("least") or row.get("most") else ("share", "share"):
        try:
            ends.append(float(row[column]) if row.get(column) else None)
        except ValueError:
            mistakes.add(column, f"{shown(row[column])} is no number", "write it without a sign such as %", line)
            return
    bounds = _bounds(ends, f"line {line}", mistakes)
    flags = {"true": True, "false": False, "": None}
    edge = {**row, "control": flags.get(row.get("control", "").lower(), row.get("control"))}
    if bounds is not None:
        _add(register, edge, bounds, f"line {line}", mistakes)
