"""A mistake in a rulebook: where it stands, what is wrong, how to mend it; in a condition with a caret under it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lexloci.law.expression import with_caret
from lexloci.model.errors import Mistake, RulebookError


@dataclass(frozen=True, slots=True, order=True)
class RuleMistake(Mistake):
    """One mistake in a file of a rulebook; ``condition`` and its ``column``, from 1, where it is in a condition."""

    condition: str = ""
    column: int = 0

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        name = f" {self.field}" if self.field else ""
        picture = f"\n{with_caret(self.condition, self.column - 1)}" if self.column else ""
        return f"{place}{name}: {self.message}; {self.mend}{picture}"


class UnsoundRulebookError(RulebookError):
    """A rulebook that does not compile; ``mistakes`` holds all that was found, by file and line."""

    def __init__(self, mistakes: Iterable[RuleMistake]) -> None:
        self.mistakes: Sequence[RuleMistake] = tuple(sorted(set(mistakes)))
        super().__init__("\n".join(str(mistake) for mistake in self.mistakes))


def mend_of(name: str, known: Iterable[str], otherwise: str) -> str:
    """The mend of a misspelt name: the nearest of those that are known, else what to write."""
    close = difflib.get_close_matches(name, list(known), 1)
    return f"did you mean {close[0]}?" if close else otherwise
