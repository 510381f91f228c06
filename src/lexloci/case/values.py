"""Whether one value of a file is what its field asks for, and if not, what is wrong and how to mend it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from enum import Enum
from typing import Any

from annotated_types import Ge, Gt, Lt

from lexloci.case import known
from lexloci.case.fields import FieldSpec, Kind, Limit, limit_words
from lexloci.case.wording import nearest, shown

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LEADING_NUMBER = re.compile(r"\s*([-+]?[0-9][0-9_,.]*(?:[eE][-+]?[0-9]+)?)\s*(\S.*)?", re.DOTALL)
_BLOCKS = re.compile(r"[0-9]{1,3}([_,][0-9]{3})+")
_YES = frozenset({"yes", "y", "on", "1", "true"})
_NO = frozenset({"no", "n", "off", "0", "false"})
# Marks that make a text show in another order than it is stored (Unicode standard annex 9, section 2).
_DIRECTION_MARKS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class WrongValueError(Exception):
    """A value is not what its field asks for."""

    def __init__(self, message: str, mend: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.mend = mend


def value_of(raw: Any, kind: Kind, unit: str = "") -> Any:
    """The value of a scalar as its kind, never converted; raises WrongValueError."""
    if kind.is_country:
        return _country(raw)
    if issubclass(kind.base, Enum):
        return _choice(raw, kind.base)
    if kind.base is object:
        return _any_of(raw, kind)
    return _READERS[kind.base](raw, unit)


def check_limits(value: float, spec: FieldSpec) -> None:
    """Raises WrongValueError where a number is outside the limits of its field."""
    if not all(_is_within(value, limit) for limit in spec.limits):
        unit = f", in {spec.unit}" if spec.unit else ""
        limits = " and ".join(limit_words(limit) for limit in spec.limits)
        raise WrongValueError(f"{shown(value)} is out of range", f"write {limits}{unit}")


def _is_within(value: Any, limit: Limit) -> bool:
    if isinstance(limit, Gt):
        return bool(value > limit.gt)
    if isinstance(limit, Lt):
        return bool(value < limit.lt)
    return bool(value >= limit.ge if isinstance(limit, Ge) else value <= limit.le)


def text_of(raw: Any, _unit: str = "") -> str:
    """A text as a portfolio holds it: not blank, and every character of it shows; raises WrongValueError."""
    if raw is None:
        raise WrongValueError("is empty", "write a text, or delete the line")
    if not isinstance(raw, str):
        mend = "write one text" if isinstance(raw, (list, dict)) else f'put it in quotation marks: "{shown(raw)}"'
        raise WrongValueError(f"{shown(raw)} is no text", mend)
    if not raw.strip():
        raise WrongValueError("is blank", "write a text, or delete the line")
    check_characters(raw)
    return raw


def check_characters(text: str) -> None:
    """Raises WrongValueError where a text holds a control character or one that reverses the order of what is shown."""
    for char in text:
        if (unicodedata.category(char) in ("Cc", "Cs") and char not in "\n\t") or char in _DIRECTION_MARKS:
            raise WrongValueError(
                f"{shown(text)} holds the character U+{ord(char):04X}, which does not show", "delete it"
            )


def _country(raw: Any) -> str:
    if raw is False:
        raise WrongValueError("false is no ISO 3166 code", 'for Norway write NO, or "NO"')
    code = text_of(raw)
    if code in known.country_codes():
        return code
    near = known.closest_country_code(code)
    raise WrongValueError(
        f"{shown(code)} is no ISO 3166 code", f"did you mean {near}?" if near else "write one such as MY or SG"
    )


def _choice(raw: Any, choices: type[Enum]) -> Enum:
    words = [str(member.value) for member in choices]
    if isinstance(raw, str) and raw in words:
        return choices(raw)
    near = nearest(raw, words) if isinstance(raw, str) else None
    mend = f"did you mean {near}?" if near else f"write {', '.join(words[:-1])} or {words[-1]}"
    raise WrongValueError(f"{shown(raw)} is none of its choices", mend)


def _any_of(raw: Any, kind: Kind) -> Any:
    if isinstance(raw, bool) and bool in kind.choices:
        return raw
    if isinstance(raw, (int, float)) and float in kind.choices:
        return float(raw)
    if isinstance(raw, str):
        return text_of(raw)
    raise WrongValueError(f"{shown(raw)} is no value" if raw is not None else "is empty", f"write {kind.words}")


def _flag(raw: Any, _unit: str) -> bool:
    if isinstance(raw, bool):
        return raw
    word = str(raw).strip().lower() if isinstance(raw, (str, int)) else ""
    if word in _YES | _NO:
        mend = f"write {'true' if word in _YES else 'false'}"
    elif word in ("unknown", "?", "n/a"):
        mend = "delete the line: what is not stated is unknown"
    else:
        mend = "write true or false"
    raise WrongValueError(f"{shown(raw)} is neither true nor false" if raw is not None else "is empty", mend)


def _number(raw: Any, unit: str) -> float:
    if isinstance(raw, (int, float)) and not isinstance(raw, bool):
        return float(raw)
    raise WrongValueError(_no_number(raw, "number"), _mend_number(raw, unit))


def _whole_number(raw: Any, unit: str) -> int:
    if isinstance(raw, int) and not isinstance(raw, bool):
        return raw
    if isinstance(raw, float):
        mend = f"write {int(raw)}" if raw.is_integer() and abs(raw) < 1e18 else "write it without a fraction"
        raise WrongValueError(f"{shown(raw)} is no whole number", mend)
    raise WrongValueError(_no_number(raw, "whole number"), _mend_number(raw, unit))


def _no_number(raw: Any, noun: str) -> str:
    return "is empty" if raw is None else f"{shown(raw)} is no {noun}"


def _mend_number(raw: Any, unit: str) -> str:
    in_unit = f", in {unit}" if unit else ""
    found = _LEADING_NUMBER.fullmatch(raw) if isinstance(raw, str) else None
    if not found:
        return f"write a number{in_unit}" if raw is not None else f"write a number{in_unit}, or delete the line"
    digits, rest = found.groups()
    if rest:
        return f"write the number alone{in_unit}"
    if _BLOCKS.fullmatch(digits):
        return f"write {digits.replace('_', '').replace(',', '')}{in_unit}"
    return f"write the number without quotation marks{in_unit}"


def _day(raw: Any, _unit: str) -> date:
    if raw is None:
        raise WrongValueError("is empty", "write a day as YYYY-MM-DD, or delete the line")
    if not isinstance(raw, str) or not _DATE.fullmatch(raw):
        starts_with_day = isinstance(raw, str) and _DATE.match(raw) and raw[10:11] in ("T", " ")
        mend = f"write the day alone: {raw[:10]}" if starts_with_day else "write it as YYYY-MM-DD"
        raise WrongValueError(f"{shown(raw)} is no day", mend)
    try:
        return date.fromisoformat(raw)
    except ValueError:
        raise WrongValueError(f"{raw} is no day of the calendar", "write one that exists, as YYYY-MM-DD") from None


_READERS: Mapping[type, Callable[[Any, str], Any]] = {
    str: text_of,
    bool: _flag,
    int: _whole_number,
    float: _number,
    date: _day,
}
