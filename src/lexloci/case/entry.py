"""Reads the plain values of a file as a thing of the model, as far as they are right.

An Entry keeps the fields that could be read, so that one mistake does not hide the next; the thing
itself is built (``built``) only when nothing in the file was wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, is_dataclass
from typing import Any, TypeVar

from lexloci.case.fields import FieldSpec, Kind, fields_of
from lexloci.case.values import WrongValueError, check_limits, text_of, value_of
from lexloci.case.wording import FieldPath, nearest, shown
from lexloci.case.yaml_source import Source, stop_at_too_many
from lexloci.model.errors import Mistake
from lexloci.model.party import NotSubject

Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing as far as it could be read: ``values`` by field, None where wrong or unknown.

    ``stated`` names the fields that hold something in the file, right or wrong.
    """

    thing: type
    path: FieldPath
    values: Mapping[str, Any]
    stated: frozenset[str]

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    def entries(self, name: str) -> list[Entry]:
        """The things in a field that holds a list of them or one."""
        held = self.values[name]
        held = held if isinstance(held, (list, tuple)) else [held]
        return [entry for entry in held if isinstance(entry, Entry)]


def built(entry: Entry, thing: type[Thing]) -> Thing:
    """The thing of the model for an entry that was read without a mistake."""
    return thing(**{name: _built_value(value) for name, value in entry.values.items()})


def _built_value(value: Any) -> Any:
    if isinstance(value, Entry):
        return built(value, value.thing)
    if isinstance(value, dict):
        return dict(value)
    return tuple(_built_value(item) for item in value) if isinstance(value, (list, tuple)) else value


class EntryReader:
    """Reads things from a source and notes each mistake in ``mistakes``."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.mistakes: list[Mistake] = []

    def read(self, raw: Any, thing: type, path: FieldPath) -> Entry:
        """The entry for a mapping of fields; a thing without any right field where it is no mapping."""
        specs = fields_of(thing)
        if not isinstance(raw, dict):
            self.note(path, f"{shown(raw)} is no {noun(thing)}", "write a mapping of fields, such as `id: ...`")
            return Entry(thing, path, dict.fromkeys(specs), frozenset())
        for key in raw:
            if key not in specs:
                self._note_unknown(key, thing, path)
        values = {name: self._field(raw, spec, path) for name, spec in specs.items()}
        stated = frozenset(key for key, value in raw.items() if value is not None)
        return Entry(thing, path, values, stated)

    def note(self, path: FieldPath, message: str, mend: str = "") -> None:
        """Adds a mistake at a path; raises InputError where there are too many to go on."""
        self.mistakes.append(self.source.mistake(path, message, mend))
        stop_at_too_many(self.mistakes, self.source.file)

    def _note_unknown(self, key: str, thing: type, path: FieldPath) -> None:
        near = nearest(key, fields_of(thing))
        mend = f"did you mean {near}?" if near else "delete it; docs/reference/portfolio.md lists the fields"
        self.note((*path, key), f"is no field of a {noun(thing)}", mend)

    def _field(self, raw: Mapping[str, Any], spec: FieldSpec, path: FieldPath) -> Any:
        if spec.name not in raw:
            if spec.required:
                unit = f", in {spec.unit}" if spec.unit else ""
                self.note((*path, spec.name), "is missing", f"state it: {spec.meaning}{unit}")
            return spec.default
        value = raw[spec.name]
        if value is None and spec.may_be_null:
            return None
        return self._value(value, spec.kind, spec, (*path, spec.name))

    def _value(self, raw: Any, kind: Kind, spec: FieldSpec, path: FieldPath) -> Any:
        if is_dataclass(kind.base):
            return self.read(raw, kind.base, path)
        if kind.base is tuple:
            return self._list(raw, kind, spec, path)
        if kind.base is dict:
            return self._texts(raw, path)
        try:
            value = value_of(raw, kind, spec.unit)
            if spec.limits:
                check_limits(raw, spec)
        except WrongValueError as wrong:
            self.note(path, wrong.message, wrong.mend)
            return None
        return value

    def _list(self, raw: Any, kind: Kind, spec: FieldSpec, path: FieldPath) -> list[Any] | None:
        if not isinstance(raw, list):
            if raw is None:
                self.note(path, "is empty", "delete the line, or write a list")
            else:
                mend = f"write [{raw}]" if isinstance(raw, str) and raw.isidentifier() else "put `- ` before each item"
                self.note(path, f"{shown(raw)} is no list", mend)
            return None
        if kind.count is not None and len(raw) != kind.count:
            self.note(path, f"holds {len(raw)}, not {kind.count}", f"write {kind.count}")
        return [self._value(item, kind.item or kind, spec, (*path, index)) for index, item in enumerate(raw)]

    def _texts(self, raw: Any, path: FieldPath) -> dict[str, str] | None:
        if not isinstance(raw, dict):
            self.note(
                path, "is empty" if raw is None else f"{shown(raw)} is no mapping", "write `name: text`, or delete it"
            )
            return None
        texts = {}
        for key, value in raw.items():
            try:
                texts[text_of(key)] = text_of(value)
            except WrongValueError as wrong:
                self.note((*path, key), wrong.message, wrong.mend)
        return texts


def noun(thing: type) -> str:
    """What people call a thing of the model, such as workload."""
    return "record of not being subject" if thing is NotSubject else thing.__name__.lower()
