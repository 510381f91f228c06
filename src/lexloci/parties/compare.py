"""How probable it is that two names are of one party, or that a name is of listed ones: names in, probabilities out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lexloci.parties.blocking import distinct
from lexloci.parties.engine import Index
from lexloci.parties.features import features
from lexloci.parties.name_table import Floats, Integers, NameTable, Vocabulary
from lexloci.parties.scorer import Scorer, probability, scorer
from lexloci.parties.segment import Segment

# Log-odds by which a pair that somebody lays side by side is likelier of one party (one in four) than a name asked and
# the likeliest listed one (15 in a hundred).
LAID_SIDE_BY_SIDE: Final = 0.7


@dataclass(frozen=True)
class Scored:
    """Names compared with listed ones: number of the name, place of the party, segment and listed name, log-odds.

    One row a name and a party, the best of its names and readings; by name, then the likeliest first.
    """

    names: Integers
    parties: Integers
    segments: Integers
    listed: Integers
    logits: Floats


def scored(index: Index, names: Sequence[str]) -> Scored:
    """The listed parties that names may be, each with the log-odds of its nearest name."""
    queries = index.queries(names)
    if not len(queries.table):
        return Scored(*(np.zeros(0, np.int64),) * 4, np.zeros(0, np.float32))
    model = scorer()
    parts: list[tuple[NDArray[np.generic], ...]] = []
    for number, (segment, near) in enumerate(zip(index.segments, index.near(queries), strict=True)):
        rows = features(queries.table, segment.table, (near.rows, near.names), queries.vocabulary)
        asked = queries.names[near.rows]
        logits = _no_likelier_than_itself(model, segment, queries.vocabulary, near.names, model.logits(rows))
        parts.append((asked, segment.owners[near.names], np.full(len(asked), number), near.names, logits))
    asked, parties, segments, listed, logits = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.lexsort((listed, segments, -logits, parties, asked))
    best = order[_firsts(asked[order] * len(index.parties) + parties[order])]
    best = best[np.lexsort((parties[best], -logits[best], asked[best]))]
    return Scored(asked[best], parties[best], segments[best], listed[best], logits[best])


def _no_likelier_than_itself(
    model: Scorer, segment: Segment, vocabulary: Vocabulary, names: Integers, logits: Floats
) -> Floats:
    """The log-odds, none above what the listed name would get if it were asked itself."""
    likely = np.flatnonzero(logits > 0)
    own = distinct(names[likely])
    if len(own):
        most = model.logits(features(segment.table, segment.table, (own, own), vocabulary))
        logits[likely] = np.minimum(logits[likely], most[np.searchsorted(own, names[likely])])
    return logits


def _firsts(keys: Integers) -> NDArray[np.bool_]:
    return np.concatenate(([True], keys[1:] != keys[:-1])) if len(keys) else np.zeros(0, np.bool_)


def pair_probabilities(index: Index, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float64]:
    """For each pair of names, how probable it is that they are of one party; the order within a pair does not matter.

    The index gives the weights of the words. A name without a letter or a digit is of nobody: 0. That one in four
    of the pairs that somebody lays side by side is of one party (``LAID_SIDE_BY_SIDE``) is our assumption.
    """
    queries = index.queries([name for pair in pairs for name in pair])
    table: NameTable = queries.table
    rows_of: dict[int, list[int]] = {}
    for row, name in enumerate(queries.names.tolist()):
        rows_of.setdefault(name, []).append(row)
    asked, left, right = [], [], []
    for number in range(len(pairs)):
        for one in rows_of.get(2 * number, ()):
            for other in rows_of.get(2 * number + 1, ()):
                asked.append(number)
                left.append(one)
                right.append(other)
    best = np.full(len(pairs), -np.inf, np.float32)
    if asked:
        places = (np.array(left, np.int64), np.array(right, np.int64))
        there = scorer().logits(features(table, table, places, queries.vocabulary))
        back = scorer().logits(features(table, table, places[::-1], queries.vocabulary))
        logits = (there + back) / 2
        np.maximum.at(best, np.array(asked), logits)
    return probability(best + LAID_SIDE_BY_SIDE)
