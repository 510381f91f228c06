"""The errors that a user can meet, each one line: what, where, why, how to mend.

``LexlociError`` is the root; the command prints its text and exits 1::

    LexlociError
    ├── InputError      a file that cannot be read as what it should be; carries every Mistake found
    ├── RulebookError   a rule, parameter, set or point that does not compile
    ├── CatalogueError  a bundled table that is missing, altered or malformed
    └── PlanError       a problem that has no meaning (not: a workload without a place)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Mistake:
    """One mistake in an input file: where it is, what is wrong, how to mend it.

    ``file`` as the user named it, ``line`` counted from 1 (0: the whole file), ``field`` such as
    ``sites[2].country``, ``message`` what is wrong and why, ``mend`` what to write instead.
    """

    file: str
    line: int
    field: str
    message: str
    mend: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        field = f" {self.field}:" if self.field else ""
        mend = f"; {self.mend}" if self.mend else ""
        return f"{place}{field} {self.message}{mend}"


class LexlociError(Exception):
    """The root of the errors that are the user's to mend; its text is one line."""


class InputError(LexlociError):
    """A file that cannot be read as what it should be; ``mistakes`` holds all that was found."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        self.mistakes = tuple(sorted(mistakes))
        super().__init__("\n".join(str(mistake) for mistake in self.mistakes))


class RulebookError(LexlociError):
    """A rule, parameter, set or contested point that does not compile."""


class CatalogueError(LexlociError):
    """A bundled table that is missing, altered or malformed."""


class PlanError(LexlociError):
    """A planning problem that has no meaning."""
