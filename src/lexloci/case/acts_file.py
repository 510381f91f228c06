"""Reads a file of bare acts, in CSV, YAML or JSON, for `lexloci determine`.

A row has an id, a kind and a day, and any facts in columns named as the rulebook's vocabulary names
them (``tenant.headquarters``). Whether the vocabulary has such a fact is the rulebook's to say.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from lexloci.case.fields import Kind
from lexloci.case.input_file import file_label, read_text
from lexloci.case.values import WrongValueError, text_of, value_of
from lexloci.case.wording import FieldPath, field_name, mistake_at, nearest, shown
from lexloci.case.yaml_source import MAX_NODES, Source, plain_scalar, scan, stop_at_too_many
from lexloci.model.act import ActKind
from lexloci.model.errors import InputError, Mistake
from lexloci.model.fact import Plain
from lexloci.model.portfolio import Basis

OPEN = "open"
CLOSED = "closed"

_REQUIRED = ("id", "kind", "on")
_COLUMNS = (*_REQUIRED, "basis", "as_of", "known_at", "given", "authority")
_FACT_NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LEADING_ZERO = re.compile(r"[-+]?0[0-9]+")


@dataclass(frozen=True)
class ActInput:
    """One bare act: what is asked about it, and its facts by name.

    ``as_of`` and ``known_at`` are None where not stated (the day of the act), ``basis`` likewise (both
    layers). ``given`` is ``open`` (what is not stated is unknown) or ``closed`` (it is absent).
    ``authority`` names the bodies of law that are asked; empty: all. ``line`` is that of its row.
    """

    id: str
    kind: ActKind
    on: date
    facts: Mapping[str, Plain]
    file: str
    line: int
    as_of: date | None = None
    known_at: date | None = None
    basis: Basis | None = None
    given: str = OPEN
    authority: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Row:
    """One row as plain values, with its path in mistakes and the way to its lines."""

    file: str
    path: FieldPath
    values: Mapping[str, Any]
    line: Callable[[str], int]

    def mistake(self, column: str, message: str, mend: str = "") -> Mistake:
        path = (*self.path, column) if column else self.path
        return mistake_at(self.file, self.line(column), path, message, mend)


def read_acts(path: str | Path, *, text: str | None = None) -> tuple[ActInput, ...]:
    """The acts of a CSV, YAML or JSON file in its order; ``-`` reads standard input.

    A file whose name ends in ``.csv`` is CSV, and so is standard input that begins with a header line.
    Raises InputError with every mistake at once.
    """
    file = file_label(path)
    is_named_csv = str(path).lower().endswith(".csv")
    content = read_text(path, byte_order_mark=True) if text is None else text
    mistakes: list[Mistake] = []
    rows = _csv_rows if is_named_csv or _has_header(content) else _yaml_rows
    acts, seen = [], dict[str, int]()
    for row in rows(content, file, mistakes):
        act = _act(row, mistakes)
        stop_at_too_many(mistakes, file)
        if act is None:
            continue
        if act.id in seen:
            mistakes.append(
                row.mistake("id", f"{shown(act.id)} stands already on line {seen[act.id]}", "give each its own")
            )
        seen.setdefault(act.id, act.line)
        acts.append(act)
    if mistakes:
        raise InputError(mistakes)
    if not acts:
        raise InputError([Mistake(file, 0, "", "holds no act", "write a row with id, kind, on and its facts")])
    return tuple(acts)


def _has_header(content: str) -> bool:
    first = content.lstrip().split("\n", 1)[0]
    names = [name.strip().strip('"') for name in first.split(",")]
    return set(_REQUIRED) <= set(names)


def _csv_rows(content: str, file: str, mistakes: list[Mistake]) -> Iterator[_Row]:
    reader = csv.reader(io.StringIO(content, newline=""), strict=True)
    cells = 0
    try:
        header = [name.strip() for name in next(reader, [])]
        wrong = list(_header_mistakes(header, file))
        if wrong:
            raise InputError(wrong)
        last_line = reader.line_num
        for number, row in enumerate(reader):
            line, last_line = last_line + 1, reader.line_num
            if not any(cell.strip() for cell in row):
                continue
            cells += len(row)
            if cells > MAX_NODES:
                raise InputError(
                    [*mistakes, Mistake(file, line, "", f"holds more than {MAX_NODES} values", "split it")]
                )
            if len(row) != len(header):
                message = f"has {len(row)} cells where the header has {len(header)}"
                mistakes.append(
                    mistake_at(file, line, ("acts", number), message, "put text that holds a comma in quotation marks")
                )
                continue
            values = {name: _cell(cell) for name, cell in zip(header, row, strict=True) if cell.strip()}
            yield _Row(file, ("acts", number), values, lambda _, line=line: line)  # type: ignore[misc]
    except csv.Error as error:
        mend = "check the quotation marks on this line"
        raise InputError([*mistakes, Mistake(file, reader.line_num, "", f"is no CSV: {error}", mend)]) from None


def _header_mistakes(header: list[str], file: str) -> Iterator[Mistake]:
    for name in _REQUIRED:
        if name not in header:
            yield Mistake(file, 1, name, "is missing from the header", "add the column")
    for place, name in enumerate(header):
        if not name:
            yield Mistake(file, 1, f"column {place + 1}", "has no name in the header", "name it")
        elif name in header[:place]:
            yield Mistake(file, 1, field_name((name,)), "stands twice in the header", "delete one of them")


def _cell(text: str) -> Any:
    """The value of a CSV cell: number, true, false or text; a number with a leading zero is a code, so text."""
    bare = text.strip()
    try:
        return bare if _LEADING_ZERO.fullmatch(bare) else plain_scalar(bare)
    except ValueError:
        return math.inf


def _yaml_rows(content: str, file: str, mistakes: list[Mistake]) -> Iterator[_Row]:
    source, form = scan(content, file)
    mistakes.extend(form)
    start: FieldPath = ()
    data = source.data
    if isinstance(data, dict) and list(data) == ["acts"]:
        start, data = ("acts",), data["acts"]
    if not isinstance(data, list):
        raise InputError(
            [*mistakes, source.mistake(start, f"{shown(data)} is no list of acts", "put `- ` before each act")]
        )
    for index, values in enumerate(data):
        path = (*start, index)
        if isinstance(values, dict):
            stated = {name: value for name, value in values.items() if value is not None}
            yield _Row(file, ("acts", index), stated, _line_of(source, path))
        else:
            mistakes.append(source.mistake(path, f"{shown(values)} is no act", "write id, kind, on and its facts"))


def _line_of(source: Source, path: FieldPath) -> Callable[[str], int]:
    return lambda column: source.line((*path, column) if column else path)


def _act(row: _Row, mistakes: list[Mistake]) -> ActInput | None:
    """The act of a row; None, with its mistakes noted, where the row is wrong."""
    before = len(mistakes)
    mistakes.extend(row.mistake(name, "is missing", "state it") for name in _REQUIRED if name not in row.values)
    facts: dict[str, Plain] = {}
    known: dict[str, Any] = {}
    for name, raw in row.values.items():
        try:
            if name in _COLUMNS:
                known[name] = _column(name, raw)
            else:
                facts[_fact_name(name)] = _fact(name, raw)
        except WrongValueError as wrong:
            mistakes.append(row.mistake(name, wrong.message, wrong.mend))
    if len(mistakes) > before:
        return None
    return ActInput(facts=facts, file=row.file, line=row.line(""), **known)


def _column(name: str, raw: Any) -> Any:
    if name == "id":
        return text_of(str(raw) if type(raw) is int else raw)
    if name == "kind":
        return value_of(raw, Kind(ActKind))
    if name == "basis":
        return value_of(raw, Kind(Basis))
    if name == "given":
        if raw not in (OPEN, CLOSED):
            raise WrongValueError(f"{shown(raw)} is none of its choices", f"write {OPEN} or {CLOSED}")
        return raw
    if name == "authority":
        return _authorities(raw)
    return value_of(raw, Kind(date))


def _authorities(raw: Any) -> tuple[str, ...]:
    names = raw if isinstance(raw, list) else text_of(raw).replace(";", " ").replace(",", " ").split()
    if not names:
        raise WrongValueError("names no body of law", "name each, such as us cn, or delete it to ask all")
    return tuple(text_of(name) for name in names)


def _fact_name(name: str) -> str:
    if not _FACT_NAME.fullmatch(name):
        near = nearest(name, _COLUMNS)
        mend = f"did you mean {near}?" if near else "write it in small letters, such as tenant.headquarters"
        raise WrongValueError("is no name of a fact", mend)
    return name


def _fact(name: str, raw: Any) -> Plain:
    if isinstance(raw, dict):
        inner = next(iter(raw), "attribute")
        raise WrongValueError("is a mapping, not a value", f"write {name}.{inner}: as one name")
    if isinstance(raw, list):
        raise WrongValueError("is a list, not a value", "write one value")
    if isinstance(raw, str):
        if _DAY.fullmatch(raw):
            day: date = value_of(raw, Kind(date))
            return day
        return text_of(raw)
    if isinstance(raw, float) and not math.isfinite(raw):
        raise WrongValueError("is no finite number", "write one")
    plain: Plain = raw
    return plain
