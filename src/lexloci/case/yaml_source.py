"""Reads YAML (and so JSON) into plain values, and tells on which line each of them stands.

The C parser's events are read one by one, so that nothing is built that a portfolio does not need:
no anchors and aliases, no tags, no merging, one document, no key twice. Scalars follow the core
schema of YAML 1.2.2, section 10.3.2 (https://yaml.org/spec/1.2.2/#1032-tag-resolution): ``NO`` is
the text NO, a date stays text, ``1e15`` is a number. Keys are always text.

Invariants: depth, nodes and length are limited; every number is finite; whatever the text is, the
only error raised is InputError, and each of its mistakes names the file.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from lexloci.case.wording import FieldPath, mistake_at, shown
from lexloci.model.errors import InputError, Mistake

MAX_CHARACTERS = 64 * 1024 * 1024
MAX_NODES = 2_000_000
MAX_DEPTH = 20
MAX_DIGITS = 300
MAX_MISTAKES = 1_000
_TOO_DEEP = (f"is nested more than {MAX_DEPTH} deep", "write it flatter")

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_TRUES = frozenset({"true", "True", "TRUE"})
_FALSES = frozenset({"false", "False", "FALSE"})
_FIRST_OF_TYPED = frozenset(["", "~", *"nNtTfF.+-0123456789"])
_DECIMAL = re.compile(r"[-+]?[0-9]+")
_BASED = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
# YAML 1.2.2, rule [1] c-printable, less the byte order mark, which no file here may begin with.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")


@dataclass(frozen=True, slots=True)
class Source:
    """A file as plain values: ``data`` of dict, list and scalars, and the line of each of them."""

    file: str
    data: Any
    first_line: int
    _lines: dict[int, dict[str, int] | list[int]] = field(repr=False)

    def line(self, path: FieldPath) -> int:
        """The line, from 1, of the value at ``path``; of the nearest value around it where there is none."""
        line, here = self.first_line, self.data
        for step in path:
            if isinstance(here, dict) and isinstance(step, str) and step in here:
                places: Any = self._lines[id(here)]
            elif isinstance(here, list) and isinstance(step, int) and 0 <= step < len(here):
                places = self._lines[id(here)]
            else:
                break
            line, here = places[step], here[step]
        return line

    def mistake(self, path: FieldPath, message: str, mend: str = "") -> Mistake:
        """A mistake at ``path`` of this file."""
        return mistake_at(self.file, self.line(path), path, message, mend)


def load(text: str, file: str) -> Source:
    """The values of a YAML or JSON text; ``file`` names it in mistakes.

    Raises InputError with every mistake of form: syntax, an anchor, a tag, a key twice, a number that
    is not finite, a second document, too deep, too large.
    """
    source, mistakes = scan(text, file)
    if mistakes:
        raise InputError(mistakes)
    return source


def scan(text: str, file: str) -> tuple[Source, list[Mistake]]:
    """The values of a text, and the mistakes of form beside which the rest can still be checked.

    Raises InputError where the rest cannot be checked: the syntax breaks, too deep, too large, empty.
    """
    _check_characters(text, file)
    builder = _Builder(file)
    try:
        return builder.build(yaml.parse(text, Loader=_LOADER))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        last_line = text.rstrip().count("\n") + 1
        line = min(mark.line + 1, last_line) if mark else 0
        why = error.problem or error.context or "cannot be read"
        if "nesting depth" in why:  # PyYAML 6.0.4 and later refuse what is far deeper before it is seen here
            raise InputError([*builder.mistakes, mistake_at(file, line, (), *_TOO_DEEP)]) from None
        broken = mistake_at(file, line, (), f"is no YAML: {why}", _mend_syntax(why))
    except yaml.YAMLError as error:
        broken = mistake_at(file, 0, (), f"is no YAML: {getattr(error, 'reason', 'cannot be read')}")
    raise InputError([*builder.mistakes, broken])


def stop_at_too_many(mistakes: list[Mistake], file: str) -> None:
    """Raises InputError with what was found so far where nobody would read more."""
    if len(mistakes) >= MAX_MISTAKES:
        last = Mistake(file, 0, "", f"has {MAX_MISTAKES} mistakes or more", "mend these first")
        raise InputError([*mistakes, last])


def _check_characters(text: str, file: str) -> None:
    if len(text) > MAX_CHARACTERS:
        raise InputError([Mistake(file, 0, "", f"has {len(text)} characters, more than {MAX_CHARACTERS}", "split it")])
    bad = _FORBIDDEN.search(text)
    if bad:
        line = text.count("\n", 0, bad.start()) + 1
        message = f"holds the character U+{ord(bad.group()):04X}, which no YAML may hold"
        raise InputError([Mistake(file, line, "", message, "delete it")])


def _mend_syntax(why: str) -> str:
    if "\\t" in why or "token" in why:
        return "indent with spaces, and put text that begins with a sign in quotation marks"
    if "mapping values" in why:
        return "put text that holds a colon in quotation marks"
    if "escape" in why:
        return "write the character itself"
    return "check the indentation and the quotation marks on this line and the one above"


class _Builder:
    """Builds plain values from the events of one document."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.mistakes: list[Mistake] = []
        self._lines: dict[int, dict[str, int] | list[int]] = {}
        self._nodes = 0
        self._path: list[str | int] = []

    def build(self, events: Iterator[Any]) -> tuple[Source, list[Mistake]]:
        data, first_line, documents = None, 1, 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._fail(event, "begins a second document", "put each in a file of its own")
                root = next(events)
                first_line = root.start_mark.line + 1
                data = self._value(root, events)
        if not documents:
            raise InputError(
                [
                    Mistake(
                        self.file,
                        0,
                        "",
                        "is empty",
                        "write its content; `lexloci init` writes a portfolio to begin with",
                    )
                ]
            )
        return Source(self.file, data, first_line, self._lines), self.mistakes

    def _value(self, event: Any, events: Iterator[Any]) -> Any:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            self._fail(event, f"holds more than {MAX_NODES} values", "split it")
        if isinstance(event, yaml.AliasEvent):
            self._note(event, f"the alias *{event.anchor} is not read", "write the value out")
            return None
        if event.anchor is not None:
            self._note(event, f"the anchor &{event.anchor} is not read", "delete it and write the value out")
        if event.tag is not None:
            self._note(event, f"the tag {event.tag} is not read", "delete it")
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        if len(self._path) >= MAX_DEPTH:
            self._fail(event, *_TOO_DEEP)
        return self._sequence(events) if isinstance(event, yaml.SequenceStartEvent) else self._mapping(events)

    def _sequence(self, events: Iterator[Any]) -> list[Any]:
        values: list[Any] = []
        lines: list[int] = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            lines.append(event.start_mark.line + 1)
            self._path.append(len(values))
            values.append(self._value(event, events))
            self._path.pop()
        self._lines[id(values)] = lines
        return values

    def _mapping(self, events: Iterator[Any]) -> dict[str, Any]:
        values: dict[str, Any] = {}
        lines: dict[str, int] = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self._key(event, events)
            self._path.append(key)
            value_event = next(events)
            first = lines.get(key)
            if first is not None:
                self._note(event, f"the key stands twice, first on line {first}", "delete one of them")
            value = self._value(value_event, events)
            if first is None:
                values[key] = value
                lines[key] = event.start_mark.line + 1
            self._path.pop()
        self._lines[id(values)] = lines
        return values

    def _key(self, event: Any, events: Iterator[Any]) -> str:
        if not isinstance(event, yaml.ScalarEvent):
            self._fail(event, "a key must be text", "write `name: value`")
        if event.anchor is not None or event.tag is not None:
            self._value(event, events)
        return str(event.value)

    def _scalar(self, event: Any) -> Any:
        text: str = event.value
        if not event.implicit[0] or text[:1] not in _FIRST_OF_TYPED:
            return text
        try:
            return plain_scalar(text)
        except ValueError:
            mend = "write a finite number, or put text in quotation marks"
            self._note(event, f"{shown(text)} is no finite number that fits", mend)
            return None

    def _note(self, event: Any, message: str, mend: str) -> None:
        self.mistakes.append(self._mistake(event, message, mend))
        stop_at_too_many(self.mistakes, self.file)

    def _fail(self, event: Any, message: str, mend: str) -> None:
        raise InputError([*self.mistakes, self._mistake(event, message, mend)])

    def _mistake(self, event: Any, message: str, mend: str) -> Mistake:
        return mistake_at(self.file, event.start_mark.line + 1, tuple(self._path), message, mend)


def plain_scalar(text: str) -> bool | int | float | str | None:
    """The value of a plain scalar by the core schema of YAML 1.2.2; ValueError where it is not finite."""
    if text in _NULLS:
        return None
    if text in _TRUES or text in _FALSES:
        return text in _TRUES
    if _NOT_FINITE.fullmatch(text):
        raise ValueError(text)
    if _DECIMAL.fullmatch(text) or _BASED.fullmatch(text):
        if len(text) > MAX_DIGITS:
            raise ValueError(text)
        return int(text) if _DECIMAL.fullmatch(text) else int(text[2:], 8 if text[1] == "o" else 16)
    if _FLOAT.fullmatch(text):
        number = float(text)
        if not math.isfinite(number):
            raise ValueError(text)
        return number
    return text
