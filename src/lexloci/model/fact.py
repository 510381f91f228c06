"""What is known: values of facts with their origin, and the two ways of not having one.

``UNKNOWN`` is a fact that exists but was not stated: it never lowers severity. ``ABSENT`` is a fact
that is known not to exist (an act without a tenant has no tenant's headquarters).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Final


class NoValue(Enum):
    """Why a fact has no value."""

    UNKNOWN = "unknown"
    ABSENT = "absent"

    def __repr__(self) -> str:
        return self.value


UNKNOWN: Final = NoValue.UNKNOWN
ABSENT: Final = NoValue.ABSENT

Plain = bool | int | float | str | date
Value = Plain | NoValue


@dataclass(frozen=True, slots=True)
class Fact:
    """A value and who says so: ``origin`` is a line of a file, a table with its date, or a person."""

    value: Value
    origin: str = ""


Facts = Mapping[str, Fact]
