"""The contestants: each takes the same list and the same names, and gives for a name its best entry and a score.

``lexloci`` is the engine as ``lexloci screen`` asks it. ``nomenklatura`` is its matcher logic-v2 on all candidates (the
20 nearest names and the same ones) of lexloci's index, for it brings no index of its own; that time counts.
``rapidfuzz`` scans the whole list with Jaro-Winkler. moov-io/watchman is a Go program that no Python package installs:
it is not run here.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Protocol

import numpy as np

from lexloci.parties.compare import pair_probabilities, scored
from lexloci.parties.engine import Index
from lexloci.parties.folding import normalise
from lexloci.parties.in_order import in_order
from lexloci.parties.lists import ListedParty
from lexloci.parties.printed import Bilingual

BATCH = 256


@dataclass(frozen=True)
class Best:
    """The best entries of a name, by place on the list, and the score of the first."""

    places: tuple[int, ...]
    score: float


NOBODY = Best((), float("-inf"))


class Contestant(Protocol):
    """What each contestant does; ``says_match_from`` is the score from which it says match by its own default."""

    name: str
    says_match_from: float

    def take(self, parties: Sequence[ListedParty]) -> None:
        """Builds the index."""

    def know(self, printed: Sequence[Bilingual], named: Mapping[int, Sequence[str]]) -> None:
        """Takes up rows that print Chinese names, or, where it cannot, those names as names of the parties by place."""

    def search(self, names: Sequence[str]) -> list[Best]:
        """The best entries of each name."""

    def compare(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """The score of each pair of names."""


class Lexloci:
    """This program."""

    name = "lexloci"
    says_match_from = 0.5
    index: Index

    def take(self, parties: Sequence[ListedParty]) -> None:
        self.index = Index.of(parties)

    def know(self, printed: Sequence[Bilingual], named: Mapping[int, Sequence[str]]) -> None:  # noqa: ARG002
        self.index = replace(self.index, bilingual=tuple(printed))

    def search(self, names: Sequence[str]) -> list[Best]:
        return [best for batch in _batches(names) for best in self._search(batch)]

    def search_on_all_cores(self, names: Sequence[str], times: int) -> list[Best]:
        """The same, several times over, as ``lexloci screen FILE`` shares the names out."""
        batches = (batch for _ in range(times) for batch in _batches(names))
        return [best for batch in in_order(self._search, batches) for best in batch]

    def _search(self, batch: Sequence[str]) -> list[Best]:
        found = []
        answer = scored(self.index, batch)
        first = np.searchsorted(answer.names, np.arange(len(batch) + 1))
        for low, high in zip(first[:-1].tolist(), first[1:].tolist(), strict=True):
            places = tuple(answer.parties[low : min(high, low + 20)].tolist())
            found.append(Best(places, float(answer.logits[low])) if places else NOBODY)
        return found

    def compare(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        return [float(chance) for chance in pair_probabilities(self.index, pairs)]

    def change_s(self, parties: Sequence[ListedParty]) -> float:
        """Seconds that a daily change takes: a hundred parties come, a hundred go."""
        begin = time.perf_counter()
        added = [ListedParty("EL", tuple(f"{name} {i}" for name in p.names)) for i, p in enumerate(parties[:100])]
        self.index.changed(added, parties[200:300])
        return time.perf_counter() - begin


def _batches(names: Sequence[str]) -> Iterator[Sequence[str]]:
    return (names[start : start + BATCH] for start in range(0, len(names), BATCH))


class Rapidfuzz:
    """Jaro-Winkler over every listed name."""

    name = "rapidfuzz"
    says_match_from = 0.9

    def take(self, parties: Sequence[ListedParty]) -> None:
        self.names = [normalise(name) for party in parties for name in party.names]
        self.owners = [place for place, party in enumerate(parties) for _ in party.names]

    def know(self, printed: Sequence[Bilingual], named: Mapping[int, Sequence[str]]) -> None:  # noqa: ARG002
        self.names += [normalise(name) for names in named.values() for name in names]
        self.owners += [place for place, names in named.items() for _ in names]

    def search(self, names: Sequence[str]) -> list[Best]:
        from rapidfuzz import process
        from rapidfuzz.distance import JaroWinkler

        found = []
        for name in names:
            best = process.extract(normalise(name), self.names, scorer=JaroWinkler.normalized_similarity, limit=20)
            found.append(Best(tuple(self.owners[place] for _, _, place in best), best[0][1]) if best else NOBODY)
        return found

    def compare(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        from rapidfuzz.distance import JaroWinkler

        return [JaroWinkler.normalized_similarity(normalise(one), normalise(other)) for one, other in pairs]


class Nomenklatura:
    """nomenklatura's logic-v2 on the nearest names of lexloci's index."""

    name = "nomenklatura"
    says_match_from = 0.7
    _SCHEMATA: ClassVar = {"Individual": "Person", "Vessel": "Vessel", "Aircraft": "Airplane"}

    def __init__(self) -> None:
        from followthemoney import EntityProxy
        from nomenklatura.matching.logic_v2.model import LogicV2
        from nomenklatura.matching.types import ScoringConfig

        self.proxy, self.matcher, self.settings = EntityProxy, LogicV2, ScoringConfig.defaults()
        self.made = 0

    def take(self, parties: Sequence[ListedParty]) -> None:
        self.parties = parties
        self.index = Index.of(parties)

    def know(self, printed: Sequence[Bilingual], named: Mapping[int, Sequence[str]]) -> None:  # noqa: ARG002
        if named:
            self.take([replace(p, names=(*p.names, *named.get(at, ()))) for at, p in enumerate(self.parties)])

    def _entity(self, name: str, schema: str) -> Any:
        self.made += 1  # its cache of names goes by the id of the entity
        return self.proxy.from_dict({"id": f"e{self.made}", "schema": schema, "properties": {"name": [name]}})

    def search(self, names: Sequence[str]) -> list[Best]:
        found = []
        segment = self.index.segments[0]
        for start in range(0, len(names), BATCH):
            batch = names[start : start + BATCH]
            queries = self.index.queries(batch)
            if not len(queries.table):
                found += [NOBODY] * len(batch)
                continue
            near = self.index.near(queries)[0]
            asked = queries.names[near.rows]
            for number, name in enumerate(batch):
                listed = near.names[asked == number].tolist()
                scores: dict[int, float] = {}
                for one in listed:
                    place = int(segment.owners[one])
                    schema = self._SCHEMATA.get(self.parties[place].kind, "LegalEntity")
                    entity = self._entity(segment.listed[one], schema)
                    score = self.matcher.compare(self._entity(name, schema), entity, self.settings).score
                    scores[place] = max(scores.get(place, 0.0), score)
                order = sorted(scores, key=lambda place: -scores[place])
                found.append(Best(tuple(order), scores[order[0]]) if order else NOBODY)
        return found

    def compare(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        scores = []
        for one, other in pairs:
            left, right = self._entity(one, "LegalEntity"), self._entity(other, "LegalEntity")
            scores.append(self.matcher.compare(left, right, self.settings).score)
        return scores


CONTESTANTS: dict[str, type[Lexloci | Rapidfuzz | Nomenklatura]] = {
    "lexloci": Lexloci,
    "rapidfuzz": Rapidfuzz,
    "nomenklatura": Nomenklatura,
}
