"""What is the outcome of each row, certain, possible and settled, by the words of its clauses?

The same answer as ``lexloci.law.explain`` joins: the most severe clause counts; where a body of law
that must speak is silent, or two authorities pull apart, the worst stays possible.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lexloci.law.columns.layout import Layout, Words
from lexloci.model.outcome import Outcome

Severities = NDArray[np.uint8]
OUTCOMES = tuple(Outcome)
WORST = np.uint8(Outcome.PROHIBITED.severity)
_DUTY = np.uint8(Outcome.PERMITTED_WITH_DUTIES.severity)
REVIEW = np.uint8(OUTCOMES.index(Outcome.HUMAN_REVIEW))


class Tally:
    """Reads outcomes off words, for up to ``rows`` rows at a time."""

    def __init__(self, layout: Layout, possible: Words, certain: Words, rows: int) -> None:
        words = layout.outcome_words
        self.layout = layout
        self.certain = layout.certain & certain[:words]
        self.possible = layout.possible & possible[:words]
        self.masks_certain = [self._must_mask(word, self.certain) for word in range(words)]
        self.masks_possible = [self._must_mask(word, self.possible) for word in range(words)]
        self.is_plain = not any((*self.masks_certain, *self.masks_possible))
        self.word = np.empty(rows, np.uint64)
        self.flag = np.empty(rows, np.bool_)
        self.any = np.empty(rows, np.bool_)
        self.level = np.empty(rows, np.uint8)
        self.found = np.empty(rows, np.uint8)

    def _must_mask(self, word: int, counted: Words) -> bool:
        """Whether a word may hold bits of some severity that do not count."""
        levels = self.layout.levels[word]
        if not levels:
            return False
        severe = ~np.uint64(int(levels[0][0]) - 1)
        return bool((self.layout.certain[word] | self.layout.possible[word]) & severe & ~counted[word])

    def count(
        self, possible_words: Sequence[Words], certain_words: Sequence[Words], out: tuple[Severities, ...]
    ) -> None:
        """Writes the outcome, the certain and the possible one of rows into ``out``.

        The same words for both say that no unknown fact matters.
        """
        outcome, certain, possible = out
        self._severity(certain_words, self.certain, self.masks_certain, certain)
        if self.is_plain and certain_words is possible_words:
            possible[:] = certain
        else:
            self._severity(possible_words, self.possible, self.masks_possible, possible)
            np.maximum(possible, certain, out=possible)
        self._keep_open(possible_words, certain_words, possible)
        rows = len(outcome)
        np.not_equal(certain, possible, out=self.flag[:rows])
        np.greater(possible, _DUTY, out=self.any[:rows])
        np.logical_and(self.flag[:rows], self.any[:rows], out=self.flag[:rows])
        np.multiply(self.flag[:rows].view(np.uint8), REVIEW, out=outcome)
        np.maximum(outcome, possible, out=outcome)

    def _severity(self, words: Sequence[Words], counted: Words, must_mask: Sequence[bool], out: Severities) -> None:
        out[:] = 0
        rows = len(out)
        flag, level = self.flag[:rows], self.level[:rows]
        for place, levels in enumerate(self.layout.levels):
            if not levels:
                continue
            word = words[place]
            if must_mask[place]:
                word = np.bitwise_and(word, counted[place], out=self.word[:rows])
            found = out if place == 0 else self.found[:rows]
            found[:] = 0
            below = 0
            for bit, severity in levels:  # in order: a word that reaches a level reaches all below it
                np.greater_equal(word, bit, out=flag)
                step = flag.view(np.uint8)
                if severity - below != 1:
                    np.multiply(step, np.uint8(severity - below), out=level)
                    step = level
                np.add(found, step, out=found)
                below = severity
            if place:
                np.maximum(out, found, out=out)

    def _keep_open(self, possible_words: Sequence[Words], certain_words: Sequence[Words], possible: Severities) -> None:
        if self.layout.is_open:
            possible[:] = WORST
            return
        for body in self.layout.speaking:
            silent = self._any(certain_words, body & self.certain, self.any, len(possible))
            np.logical_not(silent, out=silent)
            self._raise(silent, possible)
        for counter, against in self.layout.conflicts:
            counters = self._any(possible_words, counter, self.any, len(possible))
            findings = self._any(possible_words, against, self.flag, len(possible))
            np.logical_and(counters, findings, out=counters)
            self._raise(counters, possible)

    def _any(self, words: Sequence[Words], mask: Words, out: NDArray[np.bool_], rows: int) -> NDArray[np.bool_]:
        """Where any of some bits is set."""
        found = out[:rows]
        found[:] = False
        for word, bits in zip(words, mask, strict=False):
            if bits:
                masked = np.bitwise_and(word, bits, out=self.word[:rows])
                np.logical_or(found, np.not_equal(masked, 0, out=self.level[:rows].view(np.bool_)), out=found)
        return found

    def _raise(self, where: NDArray[np.bool_], possible: Severities) -> None:
        level = np.multiply(where.view(np.uint8), WORST, out=self.level[: len(possible)])
        np.maximum(possible, level, out=possible)
