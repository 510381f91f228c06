"""What a field of the portfolio means: one annotation that the reference page and the schema read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Doc:
    """The meaning of a field, and its unit where it has one.

    ``Annotated[float, Gt(0), Doc("power that the site can draw", unit="MW")]``
    """

    meaning: str
    unit: str = ""
