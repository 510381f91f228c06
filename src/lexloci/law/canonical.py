"""The canonical form of a rulebook: one text for one content; its digest comes from it.

The form is made of what JSON has, by the types of the fields. A dataclass is an object of its fields, without those
that have their default. A mapping is an object, its keys in order; a set is a sorted list; a day is YYYY-MM-DD; an
enumeration is its value; a number keeps all its digits, and a fraction always has a point or an exponent. A condition
is its text: the tree is parsed from it again, so that what a lawyer reads is what decides.

Beside the form goes a list of asides, which are no content: the fields with ``compare=False`` (where something stands)
and the order in which the names of a mapping were given. They are read in the order in which they were written.

Invariants: equal rulebooks have the same form, unequal ones another; a field of a type that has no way to be written
raises TypeError, and none is left out.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cache, lru_cache
from types import NoneType, UnionType
from typing import Any, NamedTuple, NoReturn, TypeVar, get_args, get_origin, get_type_hints

from lexloci.law.expression import Expression, parse
from lexloci.law.rule import Condition, Rulebook
from lexloci.model.errors import RulebookError

Form = Any
Asides = list[Any]
Encode = Callable[[Any, Asides], Form]
Decode = Callable[[Form, Iterator[Any]], Any]


class _Nothing:
    def __repr__(self) -> str:
        return "nothing"


_NOTHING: Any = _Nothing()


def canonical_form(rulebook: Rulebook) -> tuple[Form, Asides]:
    """The content of a rulebook as JSON has it, and the asides; RulebookError for a value that is not of its type."""
    asides: Asides = []
    return _codec(Rulebook).encode(rulebook, asides), asides


def from_canonical_form(form: Form, asides: Asides) -> Rulebook:
    """The rulebook of a form; RulebookError for the first thing that no canonical form holds."""
    rest = iter(asides)
    rulebook: Rulebook = _codec(Rulebook).decode(form, rest)
    if next(rest, _NOTHING) is not _NOTHING:
        raise RulebookError("more asides than the rulebook has places")
    return rulebook


def canonical_bytes(form: Form) -> bytes:
    """A form as JSON in ASCII, without spaces, keys in order."""
    return json.dumps(form, allow_nan=False, sort_keys=True, separators=(",", ":")).encode("ascii")


def digest_of(form: Form) -> str:
    """The SHA-256 of a form's bytes, as 64 hexadecimal digits."""
    return hashlib.sha256(canonical_bytes(form)).hexdigest()


@dataclass(frozen=True, slots=True)
class _Codec:
    """How values of one type are written and read."""

    encode: Encode
    decode: Decode


@cache
def _codec(kind: Any) -> _Codec:
    """The codec of a type; TypeError where the canonical form does not know it."""
    origin, arguments = get_origin(kind) or kind, get_args(kind)
    scalar = _scalar(kind)
    if scalar is not None:
        return scalar
    if origin is tuple and len(arguments) == 2 and arguments[1] is Ellipsis:
        return _tuple_codec(_codec(arguments[0]))
    if origin is frozenset and _scalar(arguments[0]):
        return _set_codec(_codec(arguments[0]))
    if origin is Mapping and arguments[0] is str:
        return _mapping_codec(_codec(arguments[1]))
    if origin is UnionType and len(arguments) == 2 and arguments[1] is NoneType:
        return _optional_codec(_codec(arguments[0]))
    if isinstance(origin, type) and is_dataclass(origin):
        return _dataclass_codec(origin, arguments)
    raise TypeError(f"the canonical form of a rulebook has no way to write a {kind}: give it one in canonical.py")


def _scalar(kind: Any) -> _Codec | None:
    """The codec of a single value, which refuses what is not of the type; None for a type that holds others."""
    if kind in (str, bool, int):
        exact = _exactly(kind)
        return _Codec(exact, exact)
    if kind is float:
        return _Codec(_fraction, _canonical_fraction)
    if kind is date:
        exact = _exactly(date)
        return _Codec(lambda day, _: exact(day).isoformat(), _day)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return _enumeration(kind)
    return None


def _exactly(kind: type) -> Callable[..., Any]:
    def same(value: Any, _: object = None) -> Any:
        if type(value) is not kind:
            raise RulebookError(f"{value!r} is no {kind.__name__}")
        return value

    return same


def _fraction(value: Any, _: object) -> float:
    """A finite number as a float; a whole number that no float holds exactly is refused, and -0.0 is 0.0."""
    try:
        fraction = float(value) if type(value) in (int, float) else math.nan
    except OverflowError:
        fraction = math.inf
    if not math.isfinite(fraction) or fraction != value:
        raise RulebookError(f"{value!r} is no finite number")
    return fraction + 0.0


def _canonical_fraction(form: Form, _: object) -> float:
    if type(form) is not float or not math.isfinite(form):
        raise RulebookError(f"{form!r} is no finite number with a point")
    return form


def _day(form: Form, _: object) -> date:
    try:
        day = date.fromisoformat(form)
    except (TypeError, ValueError):
        day = None
    if day is None or day.isoformat() != form:
        raise RulebookError(f"{form!r} is no day YYYY-MM-DD")
    return day


def _enumeration(kind: type[Enum]) -> _Codec:
    exact, members = _exactly(kind), {member.value: member for member in kind}

    def decode(form: Form, _: object) -> Enum:
        if type(form) is not str or form not in members:
            raise RulebookError(f"{form!r} is no {kind.__name__}")
        return members[form]

    return _Codec(lambda member, _: exact(member).value, decode)


def _list(form: Form) -> list[Any]:
    if type(form) is not list:
        raise RulebookError(f"{form!r} is no list")
    return form


def _tuple_codec(item: _Codec) -> _Codec:
    exact, write, read = _exactly(tuple), item.encode, item.decode

    def encode(value: Any, asides: Asides) -> Form:
        return [write(one, asides) for one in exact(value)]

    def decode(form: Form, asides: Iterator[Any]) -> Any:
        return tuple([read(one, asides) for one in _list(form)])

    return _Codec(encode, decode)


def _set_codec(item: _Codec) -> _Codec:
    exact, write, read = _exactly(frozenset), item.encode, item.decode

    def encode(value: Any, asides: Asides) -> Form:
        return sorted(write(one, asides) for one in exact(value))

    def decode(form: Form, asides: Iterator[Any]) -> Any:
        return frozenset([read(one, asides) for one in _list(form)])

    return _Codec(encode, decode)


def _mapping_codec(item: _Codec) -> _Codec:
    """Names in order; the aside is the order in which they were given, as places, or 0 where that is the same."""

    def encode(value: Any, asides: Asides) -> Form:
        names = sorted(_exactly(str)(name) for name in value)
        place = {name: number for number, name in enumerate(names)}
        asides.append([place[name] for name in value] if list(value) != names else 0)
        return {name: item.encode(value[name], asides) for name in names}

    def decode(form: Form, asides: Iterator[Any]) -> Any:
        if type(form) is not dict:
            raise RulebookError(f"{form!r} is no mapping")
        names, order = sorted(form), next(asides, _NOTHING)
        found = {name: item.decode(form[name], asides) for name in names}
        if order == 0:
            return found
        if sorted(_PLACES.decode(order, asides)) != list(range(len(names))):
            raise RulebookError(f"{order!r} is no order of {len(names)} names")
        return {names[place]: found[names[place]] for place in order}

    return _Codec(encode, decode)


_PLACES = _tuple_codec(_codec(int))


def _optional_codec(item: _Codec) -> _Codec:
    return _Codec(
        lambda value, asides: None if value is None else item.encode(value, asides),
        lambda form, asides: None if form is None else item.decode(form, asides),
    )


@lru_cache(maxsize=4096)
def _tree(text: str) -> Expression:
    """The tree of a condition; RulebookError in one line."""
    try:
        return parse(text)
    except RulebookError as error:
        raise RulebookError(f"{text!r}: {str(error).splitlines()[0]}") from None


_WORKED_OUT: Mapping[type, tuple[str, Callable[[dict[str, Any]], Any]]] = {
    Condition: ("expression", lambda values: _tree(values["text"])),
}
"""For a dataclass, the field that follows from the others, and how."""


class _Part(NamedTuple):
    """A field of a dataclass: its codec, the form of its default (or ``_NOTHING``), whether it is an aside."""

    name: str
    encode: Encode
    decode: Decode
    default: Form
    is_aside: bool


def _dataclass_codec(kind: type, arguments: tuple[Any, ...]) -> _Codec:
    exact, parts = _exactly(kind), tuple(_parts(kind, arguments))
    worked_out, work_out = _WORKED_OUT.get(kind, ("", None))

    def encode(value: Any, asides: Asides) -> Form:
        form = _written(parts, exact(value), asides)
        if work_out is not None and not _follows(getattr(value, worked_out), work_out, form):
            form[worked_out] = repr(getattr(value, worked_out))
        return form

    def decode(form: Form, asides: Iterator[Any]) -> Any:
        values = _read(parts, form, asides, kind)
        if work_out is not None:
            values[worked_out] = work_out(values)
        return kind(**values)

    return _Codec(encode, decode)


def _written(parts: Sequence[_Part], value: Any, asides: Asides) -> dict[str, Form]:
    """The fields of a dataclass that have not their default; those that are no content go to the asides."""
    form: dict[str, Form] = {}
    for part in parts:
        own: Asides = []
        try:
            written = part.encode(getattr(value, part.name), own)
        except RulebookError as error:
            raise RulebookError(f"{_label(type(value), getattr(value, 'id', ''))}.{part.name}: {error}") from None
        if part.is_aside:
            asides.append(written)
        elif written != part.default:
            form[part.name] = written
        else:
            continue
        asides += own
    return form


def _read(parts: Sequence[_Part], form: Form, asides: Iterator[Any], kind: type) -> dict[str, Any]:
    """The fields of a dataclass, without those that have their default."""
    if type(form) is not dict:
        raise RulebookError(f"{form!r} is no {kind.__name__}")
    values: dict[str, Any] = {}
    unread = len(form)
    for name, _, decode, default, is_aside in parts:
        try:
            if is_aside:
                values[name] = decode(next(asides, _NOTHING), asides)
            elif name in form:
                unread -= 1
                values[name] = decode(form[name], asides)
            elif default is _NOTHING:
                _refuse_absence()
        except RulebookError as error:
            raise RulebookError(f"{_label(kind, form.get('id', ''))}.{name}: {error}") from None
    if unread:
        raise RulebookError(f"{_label(kind, form.get('id', ''))} has {', '.join(sorted(form.keys() - values.keys()))}")
    return values


def _refuse_absence() -> NoReturn:
    raise RulebookError("is not given")


def _label(kind: type, id: object) -> str:
    return f"{kind.__name__} {id}" if isinstance(id, str) and id else kind.__name__


def _follows(value: Any, work_out: Callable[[dict[str, Any]], Any], form: dict[str, Any]) -> bool:
    try:
        return bool(work_out(form) == value)
    except RulebookError:
        return False


def _parts(kind: Any, arguments: tuple[Any, ...]) -> Iterator[_Part]:
    hints = get_type_hints(kind)
    given = dict(zip(getattr(kind, "__parameters__", ()), arguments, strict=True))
    for each in fields(kind):
        if not each.init:
            raise TypeError(f"{kind.__name__}.{each.name} cannot be given to it: it could not be read back")
        if each.name == _WORKED_OUT.get(kind, ("",))[0]:
            continue
        codec = _codec(_with(hints[each.name], given))
        default = _default(each)
        written = default if default is _NOTHING else codec.encode(default, [])
        yield _Part(each.name, codec.encode, codec.decode, written, not each.compare)


def _with(hint: Any, given: Mapping[Any, Any]) -> Any:
    """A type with its variables replaced by what was given for them."""
    if isinstance(hint, TypeVar):
        return given[hint]
    variables = getattr(hint, "__parameters__", ()) if get_origin(hint) else ()
    return hint[tuple(given[one] for one in variables)] if variables else hint


def _default(each: Field[Any]) -> Any:
    if each.default is not MISSING:
        return each.default
    return _NOTHING if each.default_factory is MISSING else each.default_factory()
