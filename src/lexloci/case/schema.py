"""What a portfolio file may hold, as JSON Schema, from the model's fields."""

from __future__ import annotations

import re
from dataclasses import is_dataclass
from datetime import date
from enum import Enum
from typing import Any

from annotated_types import Ge, Gt, Lt

from lexloci.case.fields import FieldSpec, Kind, fields_of
from lexloci.case.portfolio_file import FORMAT_KEY, FORMAT_VERSION
from lexloci.model.portfolio import Portfolio

FORMAT_MEANING = f"version of the file's format; always {FORMAT_VERSION}"
_JSON_TYPES: dict[type, dict[str, Any]] = {
    str: {"type": "string", "minLength": 1},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    date: {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
    dict: {"type": "object", "additionalProperties": {"type": "string", "minLength": 1}},
}


def portfolio_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a portfolio file, for editors; the check itself asks more."""
    schema = _object_schema(Portfolio)
    schema["properties"] = {
        FORMAT_KEY: {"const": FORMAT_VERSION, "description": FORMAT_MEANING},
        **schema["properties"],
    }
    schema["required"] = [FORMAT_KEY, *schema["required"]]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "lexloci portfolio",
        **schema,
        "$defs": {thing.__name__: _object_schema(thing) for thing in things_of(Portfolio)},
    }


def things_of(thing: type) -> list[type]:
    """The kinds of thing that a thing holds, directly or within, each once, in the order of the fields."""
    found: list[type] = []
    for spec in fields_of(thing).values():
        held = (spec.kind.item or spec.kind).base
        if is_dataclass(held) and held not in found:
            found.append(held)
            found.extend(inner for inner in things_of(held) if inner not in found)
    return found


def _object_schema(thing: type) -> dict[str, Any]:
    specs = fields_of(thing)
    return {
        "type": "object",
        "description": first_paragraph(thing),
        "additionalProperties": False,
        "required": [name for name, spec in specs.items() if spec.required],
        "properties": {name: _field_schema(spec) for name, spec in specs.items()},
    }


def _field_schema(spec: FieldSpec) -> dict[str, Any]:
    value = _kind_schema(spec.kind)
    for limit in spec.limits:
        if isinstance(limit, Gt):
            value["exclusiveMinimum"] = limit.gt
        elif isinstance(limit, Ge):
            value["minimum"] = limit.ge
        elif isinstance(limit, Lt):
            value["exclusiveMaximum"] = limit.lt
        else:
            value["maximum"] = limit.le
    unit = f" [{spec.unit}]" if spec.unit else ""
    described: dict[str, Any] = {"description": spec.meaning + unit}
    if spec.default not in (None, (), {}, ""):
        described["default"] = spec.default
    return {**described, "anyOf": [value, {"type": "null"}]} if spec.may_be_null else {**described, **value}


def _kind_schema(kind: Kind) -> dict[str, Any]:
    if kind.is_country:
        return {"type": "string", "pattern": "^[A-Z]{2}$"}
    if kind.base is tuple and kind.item is not None:
        size = {"minItems": kind.count, "maxItems": kind.count} if kind.count else {}
        return {"type": "array", "items": _kind_schema(kind.item), **size}
    if kind.base is object:
        return {"anyOf": [dict(_JSON_TYPES[choice]) for choice in kind.choices]}
    if is_dataclass(kind.base):
        return {"$ref": f"#/$defs/{kind.base.__name__}"}
    if issubclass(kind.base, Enum):
        return {"enum": [member.value for member in kind.base]}
    return dict(_JSON_TYPES[kind.base])


def first_paragraph(thing: type) -> str:
    """The first paragraph of what the model says of a kind of thing, on one line."""
    return re.split(r"\n\s*\n", (thing.__doc__ or "").strip())[0].replace("\n", " ")
