"""What is measured of a contestant: what it finds, at what rate of false alarms, how fast, in how much memory."""

from __future__ import annotations

import csv
import resource
import time
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lexloci.parties.han import HAN, whole_form
from lexloci.parties.lists import ListedParty
from lexloci.parties.printed import Bilingual

from .contestants import CONTESTANTS, Best, Lexloci
from .make_queries import PRINTED, UNKNOWN, Query, form_of, held_out, known_names

SINGLES = 200
NAMES_SHARED_OUT = 10000
RATES = (0.05, 0.01)
SHORTEST_OF_FAMILY = 5


@dataclass
class Measured:
    """The figures of one contestant; a class of queries maps to recall@1, recall at each of RATES, candidate recall."""

    name: str
    by_class: dict[str, tuple[int, float, float, float, float]] = field(default_factory=dict)
    thresholds: tuple[float, ...] = ()
    names_per_cpu_s: float = 0.0
    names_per_s: float = 0.0
    names_per_s_on_all_cores: float | None = None
    p50_ms: float = 0.0
    p95_ms: float = 0.0
    index_s: float = 0.0
    change_s: float | None = None
    memory_mb: float = 0.0
    pairs: dict[str, float] = field(default_factory=dict)


class Families:
    """Which rows are of one party: those that share a name of five letters or more, spelling and word order aside.

    To be made of the whole list, names that the queries hold out included: they tell which rows are of one party.
    """

    def __init__(self, parties: Sequence[ListedParty]) -> None:
        self.parent = list(range(len(parties)))
        self.named: dict[tuple[str, str], list[int]] = defaultdict(list)
        of_name: dict[str, int] = {}
        for place, party in enumerate(parties):
            for name in party.names:
                self.named[party.list_code, name].append(place)
                form = form_of(name)
                if len(form) >= SHORTEST_OF_FAMILY:
                    self.parent[self.root(place)] = self.root(of_name.setdefault(form, place))
        self.by_form = of_name

    def root(self, place: int) -> int:
        """The row that stands for the family of a row."""
        while self.parent[place] != place:
            self.parent[place] = self.parent[self.parent[place]]
            place = self.parent[place]
        return place

    def expected(self, query: Query) -> set[int]:
        """The families that a query should find: of its list and name, else of the name on any list."""
        places = self.named.get((query.expected_list, query.expected_name), [])
        if not places:
            form = form_of(query.expected_name)
            places = [self.by_form[form]] if form in self.by_form else []
        return {self.root(place) for place in places}


def measure(
    name: str,
    parties: list[ListedParty],
    queries: list[Query],
    pair_files: list[Path],
    whole: list[ListedParty] | None = None,
    bilingual: Sequence[Bilingual] = (),
) -> Measured:
    """Takes all figures of one contestant; to be called in a process of its own.

    ``whole`` is the list with the names that the queries hold out, row by row as ``parties`` (None: none is held out).
    ``bilingual`` are rows of other lists that print Chinese names; those that are held out are known in the last
    class alone, which is asked after all else and counts in no other.
    """
    again = [query for query in queries if query.cls == PRINTED]
    queries = [query for query in queries if query.cls != PRINTED]
    families = Families(whole or parties)
    before = _memory_mb()
    contestant = CONTESTANTS[name]()
    begin = time.perf_counter()
    contestant.take(parties)
    contestant.know(held_out(bilingual, queries), {})
    result = Measured(name, index_s=time.perf_counter() - begin)
    asked = [query.query for query in queries]
    contestant.search(asked[:: max(1, len(asked) // 50)])  # of every class, so that its dictionaries are read
    wall, cpu = time.perf_counter(), time.process_time()
    found = contestant.search(asked)
    result.names_per_cpu_s = len(asked) / (time.process_time() - cpu)
    result.names_per_s = len(asked) / (time.perf_counter() - wall)
    if isinstance(contestant, Lexloci):
        result.names_per_s_on_all_cores = _on_all_cores(contestant, asked, found)
    singles = []
    for one in asked[:: max(1, len(asked) // SINGLES)]:
        begin = time.perf_counter()
        contestant.search([one])
        singles.append(1000 * (time.perf_counter() - begin))
    singles.sort()
    result.p50_ms, result.p95_ms = singles[len(singles) // 2], singles[int(0.95 * len(singles))]
    _recall(result, queries, found, families, known_names(held_out(bilingual, queries)))
    for file in pair_files:
        result.pairs |= _pairs(contestant, file)
    if isinstance(contestant, Lexloci):
        result.change_s = contestant.change_s(parties)
    result.memory_mb = _memory_mb() - before
    if again:
        contestant.know(bilingual, _places_of(again, parties))
        _count(result, again, contestant.search([query.query for query in again]), families)
    return result


def _places_of(queries: Sequence[Query], parties: Sequence[ListedParty]) -> dict[int, list[str]]:
    """The names of queries by the place of the row that they expect."""
    places = {(party.list_code, name): place for place, party in enumerate(parties) for name in party.names}
    found: dict[int, list[str]] = defaultdict(list)
    for query in queries:
        found[places[query.expected_list, query.expected_name]].append(query.query)
    return found


def _on_all_cores(contestant: Lexloci, asked: Sequence[str], found: Sequence[Best]) -> float:
    """Names per second of wall clock, the names shared out several times; RuntimeError if an answer is another."""
    times = -(-NAMES_SHARED_OUT // len(asked))
    begin = time.perf_counter()
    shared = contestant.search_on_all_cores(asked, times)
    seconds = time.perf_counter() - begin
    if shared != [*found] * times:
        raise RuntimeError("on several cores an answer is another")
    return len(shared) / seconds


def _recall(
    result: Measured,
    queries: Sequence[Query],
    found: Sequence[Best],
    families: Families,
    known: Collection[str] = frozenset(),
) -> None:
    """Thresholds and recall by class; of the Chinese names those that are not ``known`` as a whole apart too."""
    alarms = sorted((best.score for query, best in zip(queries, found, strict=True) if not query.label), reverse=True)
    result.thresholds = tuple(alarms[int(rate * len(alarms))] if alarms else float("-inf") for rate in RATES)
    true = [(query, best) for query, best in zip(queries, found, strict=True) if query.label]
    _count(result, *zip(*true, strict=True), families)
    _count(result, [query._replace(cls="all") for query, _ in true], [best for _, best in true], families)
    unknown = [one for one in true if HAN.search(one[0].query) and whole_form(one[0].query) not in known]
    _count(result, [query._replace(cls=UNKNOWN) for query, _ in unknown], [best for _, best in unknown], families)


def _count(result: Measured, queries: Sequence[Query], found: Sequence[Best], families: Families) -> None:
    """Recall of each class, at no threshold, at each of the rates, and of the candidates."""
    rows: dict[str, list[tuple[bool, ...]]] = defaultdict(list)
    for query, best in zip(queries, found, strict=True):
        expected = families.expected(query)
        roots = [families.root(place) for place in best.places]
        first = bool(roots) and roots[0] in expected
        at_rates = (first and best.score > threshold for threshold in result.thresholds)
        rows[query.cls].append((first, *at_rates, bool(expected.intersection(roots))))
    for cls, of_class in rows.items():
        means = [sum(column) / len(of_class) for column in zip(*of_class, strict=True)]
        result.by_class[cls] = (len(of_class), means[0], means[1], means[2], means[3])


def _pairs(contestant: object, file: Path) -> dict[str, float]:
    """F1 on pairs at the contestant's own threshold, and its best F1 at any."""
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["name1"].strip() and row["name2"].strip()]
    labels = [row["is_match"].strip().casefold() in {"1", "true", "yes"} for row in rows]
    scores = contestant.compare([(row["name1"], row["name2"]) for row in rows])  # type: ignore[attr-defined]
    own: float = contestant.says_match_from  # type: ignore[attr-defined]
    best = max(_f1(labels, scores, cut) for cut in sorted(set(scores))[:: max(1, len(set(scores)) // 200)])
    return {f"{file.name}, F1 as it says": _f1(labels, scores, own), f"{file.name}, best F1 at any threshold": best}


def _f1(labels: Sequence[bool], scores: Sequence[float], cut: float) -> float:
    said = [score >= cut for score in scores]
    both = sum(label and one for label, one in zip(labels, said, strict=True))
    return 2 * both / max(1, sum(labels) + sum(said))


def _memory_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
