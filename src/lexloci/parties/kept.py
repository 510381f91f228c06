"""What is worked out of an index once, when it is first asked for, and kept while that index is in use."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from lexloci.parties.engine import Index

Result = TypeVar("Result")


def kept(build: Callable[[Index], Result]) -> Callable[[Index], Result]:
    """The function, with its result for the index that was asked last kept."""
    last: list[tuple[Index, Result]] = []

    @wraps(build)
    def of(index: Index) -> Result:
        if not last or last[0][0] is not index:
            last[:] = [(index, build(index))]
        return last[0][1]

    return of
