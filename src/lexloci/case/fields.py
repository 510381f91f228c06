"""What may stand in a portfolio: the fields of each kind of thing, read once from the model's annotations.

The reader (entry.py), the schema and the reference page (reference.py) all walk this table, so that
what is documented is what is read.
"""

from __future__ import annotations

import types
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from annotated_types import Ge, Gt, Le, Lt

from lexloci.model.doc import Doc
from lexloci.model.party import CountryCode

Limit = Ge | Gt | Le | Lt
_COUNTRY_DOC = get_args(CountryCode)[1]


@dataclass(frozen=True, slots=True)
class Kind:
    """What a value must be.

    ``base`` is str, bool, int, float, date, an Enum, a dataclass (a mapping of fields), dict (text by
    text), tuple (a list of ``item``, of exactly ``count`` where given) or object (one of ``choices``).
    """

    base: type
    item: Kind | None = None
    count: int | None = None
    choices: tuple[type, ...] = ()
    is_country: bool = False

    @property
    def words(self) -> str:
        """The kind in words for people."""
        if self.is_country:
            return "country"
        if self.base is tuple and self.item:
            many = f"{self.count} of" if self.count else "list of"
            return f"{many} {self.item.words}"
        if self.base is object:
            return " or ".join(_WORDS[choice] for choice in self.choices)
        if issubclass(self.base, Enum):
            return " or ".join(f"`{member.value}`" for member in self.base)
        return _WORDS.get(self.base, self.base.__name__)


_WORDS: dict[type, str] = {
    str: "text",
    bool: "true or false",
    int: "whole number",
    float: "number",
    date: "date",
    dict: "text by text",
}


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field: its kind, whether it must be stated, what holds where it is not, its limits and its meaning."""

    name: str
    kind: Kind
    required: bool
    may_be_null: bool
    default: Any
    limits: tuple[Limit, ...]
    meaning: str
    unit: str


def limit_words(limit: Limit) -> str:
    """A limit in words, such as ``more than 0``."""
    if isinstance(limit, Gt):
        return f"more than {limit.gt}"
    if isinstance(limit, Lt):
        return f"less than {limit.lt}"
    return f"at least {limit.ge}" if isinstance(limit, Ge) else f"at most {limit.le}"


@cache
def fields_of(thing: type) -> dict[str, FieldSpec]:
    """The fields of a dataclass of the model, by name, in the order of its declaration."""
    hints = get_type_hints(thing, include_extras=True)
    specs = {}
    for one in fields(thing):
        default = one.default if one.default_factory is MISSING else one.default_factory()
        specs[one.name] = _spec(one.name, hints[one.name], default)
    return specs


def _spec(name: str, hint: Any, default: Any) -> FieldSpec:
    bare, notes = _unwrapped(hint)
    may_be_null = False
    if get_origin(bare) in (Union, types.UnionType):
        members = [member for member in get_args(bare) if member is not type(None)]
        may_be_null = len(members) < len(get_args(bare))
        if len(members) == 1:
            bare, inner = _unwrapped(members[0])
            notes = (*inner, *notes)
    docs = [note for note in notes if isinstance(note, Doc)]
    return FieldSpec(
        name=name,
        kind=_kind(bare, notes),
        required=default is MISSING,
        may_be_null=may_be_null,
        default=None if default is MISSING else default,
        limits=tuple(note for note in notes if isinstance(note, (Ge, Gt, Le, Lt))),
        meaning=docs[-1].meaning,
        unit=docs[-1].unit,
    )


def _unwrapped(hint: Any) -> tuple[Any, tuple[Any, ...]]:
    if get_origin(hint) is Annotated:
        bare, *notes = get_args(hint)
        return bare, tuple(notes)
    return hint, ()


def _kind(bare: Any, notes: tuple[Any, ...] = ()) -> Kind:
    origin = get_origin(bare)
    if origin is tuple:
        item, *rest = get_args(bare)
        return Kind(tuple, item=_kind(*_unwrapped(item)), count=None if rest == [...] else 1 + len(rest))
    if origin is dict:
        return Kind(dict)
    if origin in (Union, types.UnionType):
        return Kind(object, choices=get_args(bare))
    if bare in _WORDS or is_dataclass(bare) or (isinstance(bare, type) and issubclass(bare, Enum)):
        return Kind(bare, is_country=bare is str and _COUNTRY_DOC in notes)
    raise TypeError(f"no portfolio can hold a {bare}")
