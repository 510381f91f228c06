"""Listed names as printed, for the rules: which are the same written together, hold a word, or are alike by letters.

The rules (``sameness``) ask normal forms, all of them, and not the words by which probabilities compare: among those,
words of one meaning count as one, legal forms are set aside, long names are cut, and only near names are looked at, so
that a brand such as Beifang would be no more than "north".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from lexloci.parties.folding import normalise


@dataclass(frozen=True)
class PlainNames:
    """Names by number: those the same written together, those that hold a word, the words of each in order.

    ``parties_with`` counts the parties that have a word. Vessels and aircraft, which the rules do not ask, are nowhere.
    """

    same: dict[str, list[int]]
    holding: dict[str, list[int]]
    ordered: list[str]
    parties_with: dict[str, int]

    @classmethod
    def of(cls, listed: Sequence[str], owners: Sequence[int], are_craft: Sequence[bool]) -> PlainNames:
        """The names as listed, those of one party side by side."""
        found = cls({}, {}, [], {})
        of_party: set[str] = set()
        last = -1
        for number, (name, owner, is_craft) in enumerate(zip(listed, owners, are_craft, strict=True)):
            words = [] if is_craft else normalise(name).split()
            found.ordered.append(" ".join(sorted(words)))
            if not words:
                continue
            if owner != last:
                of_party, last = set(), owner
            found.same.setdefault("".join(words), []).append(number)
            for word in {*words}:
                found.holding.setdefault(word, []).append(number)
                if word not in of_party:
                    of_party.add(word)
                    found.parties_with[word] = found.parties_with.get(word, 0) + 1
        return found

    def around(self, together: str, ordered: str, words: Iterable[str], alike_from: float) -> list[int]:
        """The names the same written together, those that hold one of some words, those alike (0-100) in order."""
        found = {*self.same.get(together, ()), *(number for word in words for number in self.holding.get(word, ()))}
        alike = process.extract(ordered, self.ordered, scorer=fuzz.ratio, score_cutoff=alike_from, limit=None)
        return sorted(found.union(number for _, _, number in alike))
