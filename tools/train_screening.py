"""Trains the scorer of party screening and writes src/lexloci/parties/words/scorer.npz.

usage: train_screening.py [SEED]   (needs scikit-learn; with 1.9.1 it gives the bundled file to the byte; two minutes)

Trained on the bundled lists and on alias_pairs.csv.gz beside this file, and on nothing else:
- the labelled pairs of that file (name1, name2, is_match, ..., split: ``dev`` all of them): names and aliases of one
  party of the Consolidated Screening List of 2026-07, and names of two that share a rare word; facts of lists of the
  United States, public domain;
- our own changes of listed names (name_perturbations.SAME): the changed name and the name are one party; the changed
  name and the nearest names of other parties are two;
- names that nobody bears: a listed name with its weightiest word exchanged for one of another name; against
  the name itself and against the nearest names: two parties;
- names that we made up, of a brand (words of English text, letters joined by a sign, spelled letter by letter as
  listed words are, halves of two listed words, initials, common listed words), general words and a legal form, against
  the nearest names: two parties;
- names of parties of the ``dev`` split, screened with their own rows taken off the list: two parties.
Rows that share a name as written together count as one party wherever pairs are made.

A fifth of the parties is kept back: on their pairs the printed measures are taken, and on the names among them the
calibration is fitted: of the changed names and of those made up, the likeliest listed one counts.
"""

from __future__ import annotations

import csv
import gzip
import random
import sys
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, log_loss, roc_auc_score
from threadpoolctl import threadpool_limits

from lexloci.parties.bundled import bundled
from lexloci.parties.engine import Index
from lexloci.parties.features import FEATURES, features
from lexloci.parties.folding import readings
from lexloci.parties.han import HAN
from lexloci.parties.lists import ListedParty
from lexloci.parties.scorer import MODEL, OF_LINE, calibrated
from lexloci.parties.words_of_names import common_words, general_words, parse
from name_perturbations import EXTRA, FORMS, SAME

ALIAS_PAIRS = Path(__file__).with_name("alias_pairs.csv.gz")
CHANGED = 90000
EXCHANGED = 4500
OF_PERSONS = 0.9  # share of the names exchanged that are of persons, of whom many share all names but one
MADE_UP = 48000
BORNE_BY_TWO = 9.5  # weight of a word that two listed parties or more have, and so others too
OF_TEXT = (2.2, 4.6)  # how common the words of English text are of which brands are made, on the Zipf scale
BRANDED = 0.9  # share of the names made up that have a brand; the others are general words
# Names that nobody listed stand for the names that will be asked, of which most are of nobody listed; names of listed
# parties taken off the list are less like those than names made up.
WEIGHT_OF_ABSENT = 0.3
WEIGHT_OF_MADE_UP = 4.0
WEIGHT_OF_LABELLED = 6.0
# The labelled pairs of two parties were picked because they share a rare word; of all pairs that do so they are fewer.
WEIGHT_OF_LABELLED_OTHERS = 3.0
WEIGHT_OF_NEIGHBOURS = 0.25  # a neighbour of a changed name is not what is found, for the name itself is
SHORT = "short name"
WHOLE = 0.97  # coverage from which a listed name stands whole in a name, which it names as a rule, not another
GENERAL = (
    *EXTRA,
    "Energy",
    "Capital",
    "Bank",
    "Pharmaceuticals",
    "Motors",
    "Foods",
    "Electric",
    "Semiconductor",
    "Media",
)
HARD_NEGATIVES = 4  # nearest names of others that are kept of each query
LISTED = 0.15  # of the names asked; our assumption
FEWEST_TO_CALIBRATE = 60  # pairs around a score
RISES = 0.02  # by how much the log-odds rise with the score where the shares do not
LIKE_THESE = 12  # of the rest, one in so many
LEAST_SHARED = 0.3
BATCH = 250


class Pairs:
    """Training pairs as features, labels, weights, the party that each belongs to, and the name that was asked.

    The last is a number for the names that stand for those that will be asked, and -1 for other pairs.
    """

    def __init__(self) -> None:
        self.rows: list[np.ndarray] = []
        self.labels: list[np.ndarray] = []
        self.weights: list[np.ndarray] = []
        self.groups: list[np.ndarray] = []
        self.asked: list[np.ndarray] = []

    def add(
        self, rows: np.ndarray, labels: Sequence[int], groups: Sequence[int], weight: float = 1.0, asked: int = -1
    ) -> None:
        """Adds some pairs."""
        self.rows.append(rows)
        self.labels.append(np.array(labels))
        self.weights.append(np.full(len(labels), weight))
        self.groups.append(np.array(groups))
        self.asked.append(np.full(len(labels), asked))

    def joined(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """All pairs."""
        parts = (self.rows, self.labels, self.weights, self.groups, self.asked)
        return tuple(np.concatenate(part) for part in parts)  # type: ignore[return-value]


def main() -> None:
    """Makes the pairs, fits, writes."""
    rng = random.Random(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
    with gzip.open(ALIAS_PAIRS, "rt", encoding="utf-8") as lines:
        labelled = [row for row in csv.DictReader(lines) if row["split"] == "dev"]
    index = Index.of(_without_chinese_names(bundled().parties))
    families = _families(index)
    pairs = Pairs()
    _add_labelled(pairs, index, labelled)
    _add_changed(pairs, index, families, rng)
    _add_exchanged(pairs, index, families, rng)
    _add_absent(pairs, index, families, labelled)
    _add_made_up(pairs, index, rng)
    _fit(*pairs.joined())


def _without_chinese_names(parties: Sequence[ListedParty]) -> list[ListedParty]:
    """The parties less their names in Chinese characters, so that no table of Chinese words moves what is trained."""
    return [
        replace(party, names=tuple(name for name in party.names if not HAN.search(name)))
        for party in parties
        if not all(map(HAN.search, party.names))
    ]


def _families(index: Index) -> list[int]:
    """For each party, the number of its family: parties that share a name as written together."""
    parent = list(range(len(index.parties)))

    def root(place: int) -> int:
        while parent[place] != place:
            parent[place] = parent[parent[place]]
            place = parent[place]
        return place

    segment = index.segments[0]
    for numbers in segment.same.values():
        for number in numbers[1:]:
            parent[root(int(segment.owners[number]))] = root(int(segment.owners[numbers[0]]))
    return [root(place) for place in range(len(parent))]


def _between(index: Index, one: Sequence[str], other: Sequence[str]) -> np.ndarray:
    """The features of names pair by pair, by their first readings: all one way, then all the other way."""
    left, right = index.queries(one), index.queries(other)
    # Both tables must stand on one vocabulary: the second is made again over the first.
    from lexloci.parties.name_table import NameTable

    spelled = right.table.spelled
    table = NameTable.of(
        spelled, [parse(reading) for reading in spelled], left.vocabulary, right.table.other_script.tolist()
    )
    first = np.searchsorted(left.names, np.arange(len(one)))
    second = np.searchsorted(right.names, np.arange(len(other)))
    there = features(left.table, table, (first, second), left.vocabulary)
    return np.concatenate((there, features(table, left.table, (second, first), left.vocabulary)))


def _add_labelled(pairs: Pairs, index: Index, labelled: list[dict[str, str]]) -> None:
    usable = [row for row in labelled if readings(row["name1"]) and readings(row["name2"])]
    rows = _between(index, [row["name1"] for row in usable], [row["name2"] for row in usable])
    groups = [-1 - (zlib.crc32(row["name1"].encode()) % 100000) for row in usable]
    labels = np.array([int(row["is_match"]) for row in usable] * 2)
    groups *= 2
    names = list(FEATURES)
    # An alias that shares no word and no initials ("DEMX") teaches nothing but that names which share nothing match.
    shares = (rows[:, names.index("coverage_more")] >= LEAST_SHARED) | (rows[:, names.index("acronym")] > 0)
    # Two parties of one name, legal forms aside, teach nothing either: a name cannot tell them apart.
    taught = np.flatnonzero(np.where(labels == 0, rows[:, names.index("same_words")] == 0, shares))
    print(f"{len(labels)} labelled pairs, {len(taught)} of them teach something")
    for label, weight in ((0, WEIGHT_OF_LABELLED_OTHERS), (1, WEIGHT_OF_LABELLED)):
        chosen = taught[labels[taught] == label]
        pairs.add(rows[chosen], labels[chosen].tolist(), [groups[place] for place in chosen], weight)


def _screened(index: Index, names: Sequence[str]) -> Iterator[tuple[int, list[int], list[int], np.ndarray]]:
    """For each name: its number, the names near it (by segment number), their parties, the features of the pairs."""
    segment = index.segments[0]
    for start in range(0, len(names), BATCH):
        queries = index.queries(names[start : start + BATCH])
        near = index.near(queries)[0]
        rows = features(queries.table, segment.table, (near.rows, near.names), queries.vocabulary)
        asked = queries.names[near.rows]
        for number in range(min(BATCH, len(names) - start)):
            mine = np.flatnonzero(asked == number)
            found = near.names[mine]
            yield start + number, found.tolist(), segment.owners[found].tolist(), rows[mine]


def _hardest(rows: np.ndarray, chosen: list[int]) -> list[int]:
    """The pairs of others that look most alike, by coverage and ratio, and a few of those that look less so."""
    names = list(FEATURES)
    looks = rows[:, names.index("coverage_mean")] + rows[:, names.index("ratio_ordered")] / 100
    ordered = sorted(chosen, key=lambda place: -looks[place])
    return ordered[:HARD_NEGATIVES] + ordered[HARD_NEGATIVES::LIKE_THESE]


def _add_changed(pairs: Pairs, index: Index, families: list[int], rng: random.Random) -> None:
    segment = index.segments[0]
    numbers: list[int] = []
    names: list[str] = []
    are_short: list[bool] = []
    kinds = list(SAME)
    while len(names) < CHANGED:
        number = rng.randrange(len(segment.listed))
        kind = rng.choice(kinds)
        changed = SAME[kind](segment.listed[number], rng)
        if changed and rng.random() < 0.15:
            changed = SAME[rng.choice(kinds)](changed, rng)
        if changed and readings(changed):
            numbers.append(number)
            names.append(changed)
            are_short.append(kind == SHORT)
    for query, found, owners, rows in _screened(index, names):
        own = numbers[query]
        family = families[int(segment.owners[own])]
        same = [place for place, number in enumerate(found) if number == own]
        whole = rows[:, list(FEATURES).index("coverage_listed")] > WHOLE
        others = [place for place, owner in enumerate(owners) if families[owner] != family and not whole[place]]
        pairs.add(rows[same], [1] * len(same), [family] * len(same), asked=query)
        # A short name may mean any party of the brand: its neighbours teach nothing.
        near = [] if are_short[query] else _hardest(rows, others)
        pairs.add(rows[near], [0] * len(near), [family] * len(near), WEIGHT_OF_NEIGHBOURS, asked=query)


def _add_exchanged(pairs: Pairs, index: Index, families: list[int], rng: random.Random) -> None:
    segment = index.segments[0]
    weights = index.vocabulary.weights()
    numbers: list[int] = []
    givers: list[int] = []
    names: list[str] = []
    by_kind: dict[bool, list[int]] = {True: [], False: []}
    for number, owner in enumerate(segment.owners.tolist()):
        by_kind[index.parties[owner].kind == "Individual"].append(number)
    while len(names) < EXCHANGED:
        is_person = rng.random() < OF_PERSONS
        number, giver = rng.choice(by_kind[is_person]), rng.choice(by_kind[is_person])
        mine = segment.listed[number].replace(",", " ").split()
        theirs = segment.listed[giver].replace(",", " ").split()
        if len(mine) < 2 or not theirs:
            continue

        def weight(word: str) -> float:
            of_word = [
                weights[index.vocabulary.number[w]]
                for r in readings(word)
                for w in parse(r).words
                if w in index.vocabulary.number
            ]
            return float(max(of_word, default=0.0))

        at = rng.randrange(len(mine)) if is_person else max(range(len(mine)), key=lambda place: weight(mine[place]))
        given = rng.choice(theirs) if is_person else max(theirs, key=weight)
        if (
            len(given) < 3
            or given.casefold() in {word.casefold() for word in mine}
            or weight(given) < 4
            or weight(mine[at]) < 4
        ):
            continue
        if (
            readings(given)
            and readings(mine[at])
            and parse(readings(given)[0]).words == parse(readings(mine[at])[0]).words
        ):
            continue
        changed = " ".join((*mine[:at], given, *mine[at + 1 :]))
        if readings(changed):
            numbers.append(number)
            givers.append(families[int(segment.owners[giver])])
            names.append(changed)
    for query, found, owners, rows in _screened(index, names):
        family = families[int(segment.owners[numbers[query]])]
        # A party that already bears the new name would be no other party: near-identical rows are left out, and those
        # of the giver of the word, of which the new name may be a branch.
        kept = [
            place
            for place, owner in enumerate(owners)
            if rows[place][list(FEATURES).index("coverage_less")] < WHOLE and families[owner] != givers[query]
        ]
        kept = list({*[p for p in kept if found[p] == numbers[query]], *_hardest(rows, kept)})
        if kept:
            pairs.add(rows[kept], [0] * len(kept), [family] * len(kept))


def _add_absent(pairs: Pairs, index: Index, families: list[int], labelled: list[dict[str, str]]) -> None:
    segment = index.segments[0]
    by_name: dict[str, set[int]] = {}
    for number, listed in enumerate(segment.listed):
        by_name.setdefault(listed, set()).add(families[int(segment.owners[number])])
    names = sorted({row[side] for row in labelled for side in ("name1", "name2") if row[side] in by_name})
    partners: dict[str, set[int]] = {}
    for row in labelled:
        if row["is_match"] == "1":
            for one, other in (("name1", "name2"), ("name2", "name1")):
                partners.setdefault(row[one], set()).update(by_name.get(row[other], ()))
    for query, _, owners, rows in _screened(index, names):
        own = by_name[names[query]] | partners.get(names[query], set())
        # A listed name that stands whole in a name names its owner as a rule; nothing is known of it.
        whole = rows[:, list(FEATURES).index("coverage_listed")] > WHOLE
        others = [place for place, owner in enumerate(owners) if families[owner] not in own and not whole[place]]
        kept = _hardest(rows, others)[:3]
        if kept:
            pairs.add(rows[kept], [0] * len(kept), [min(own)] * len(kept), WEIGHT_OF_ABSENT)


def _add_made_up(pairs: Pairs, index: Index, rng: random.Random) -> None:
    make_brand = _brands(index, rng)
    general = sorted(word.title() for word in general_words() if word.isalpha() and len(word) > 2)
    names = []
    for _ in range(MADE_UP):
        words = rng.sample(general if rng.random() < 0.5 else GENERAL, rng.choice((0, 0, 1, 1, 2)))
        brand = make_brand() if rng.random() < BRANDED else " ".join(rng.sample(general, 2))
        names.append(" ".join((brand, *words, rng.choice(("", "", *FORMS)))).strip())
    columns = list(FEATURES)
    met, given, named = (columns.index(name) for name in ("coverage_less", "ratio_given", "met_named"))
    for query, _, _, rows in _screened(index, names):
        # What looks the same by chance would be a true namesake; nothing is known of it. Names all of whose words are
        # general are the same only if they are so as given.
        chosen = np.flatnonzero((rows[:, met] < WHOLE) | ((rows[:, named] == 0) & (rows[:, given] < 97))).tolist()
        kept = _hardest(rows, chosen)[:4]
        if kept:
            pairs.add(rows[kept], [0] * len(kept), [query] * len(kept), WEIGHT_OF_MADE_UP, asked=CHANGED + query)


def _brands(index: Index, rng: random.Random) -> Callable[[], str]:
    """A maker of brands that nobody bears: words of text, spelled as listed words are, halves of two, initials ..."""
    words = [word for word in index.vocabulary.words if word.isalpha() and len(word) >= 4]
    common, of_text = _common(index, words)
    spelled = _speller(words, rng)

    def halves() -> str:
        one, other = rng.choice(words), rng.choice(words)
        return one[: rng.randrange(2, 1 + len(one) // 2 + 1)] + other[rng.randrange(len(other) // 2, len(other) - 1) :]

    def initials() -> str:
        return "".join(rng.choice("abcdefghijklmnoprstvw") for _ in range(rng.choice((2, 3, 3, 3, 4, 4, 5)))).upper()

    def ordinary() -> str:
        return " ".join(rng.sample(common, rng.choice((1, 1, 2)))).title()

    def text() -> str:
        return " ".join(rng.sample(of_text, rng.choice((1, 1, 1, 2)))).title()

    def letters() -> str:
        one, other = rng.choices("ABCDEFGHIJKLMNOPRSTVW", k=2)
        return rng.choice(("{}&{}", "{} & {}", "{}-{}", "{}.{}.", "{} {}")).format(one, other)

    shares = {spelled: 4, halves: 2, initials: 1, letters: 1, ordinary: 3, text: 6}
    kinds = [kind for kind, share in shares.items() for _ in range(share)]

    def brand() -> str:
        return rng.choice(kinds)()

    return brand


def _speller(words: Sequence[str], rng: random.Random) -> Callable[[], str]:
    """A maker of words that nobody has, spelled letter by letter as words are."""
    follows: dict[str, list[str]] = {}
    for word in words:
        for place in range(len(word) + 1):
            follows.setdefault(f"^^{word}"[place : place + 2], []).append(f"{word}$"[place])

    def spelled() -> str:
        while True:
            found = "^^"
            while not found.endswith("$"):
                found += rng.choice(follows[found[-2:]])
            if 4 <= len(found) - 3 <= 9:
                return found[2:-1]

    return spelled


def _common(index: Index, words: Sequence[str]) -> tuple[list[str], list[str]]:
    """Listed words that several parties bear and that are in English text, and words of English text.

    A word that is in no text is the brand of those who bear it ("Inspur"): a name with it may be theirs.
    """
    weights, number = index.vocabulary.weights(), index.vocabulary.number
    low, high = OF_TEXT
    in_text = common_words()
    borne = [word for word in words if 3.5 <= weights[number[word]] <= BORNE_BY_TWO and in_text.get(word, 0) >= low]
    return borne, sorted(word for word, zipf in in_text.items() if low <= zipf <= high and len(word) > 2)


def _fit(rows: np.ndarray, labels: np.ndarray, weights: np.ndarray, groups: np.ndarray, asked: np.ndarray) -> None:
    held = (groups % 5) == 0
    print(f"{len(labels)} pairs, {labels.mean():.3f} of one party; {held.sum()} held back")
    line, means = _line(rows[~held], labels[~held], weights[~held])
    trees = HistGradientBoostingClassifier(
        max_iter=120, max_depth=6, max_leaf_nodes=31, learning_rate=0.12, min_samples_leaf=200,
        l2_regularization=1.0, monotonic_cst=list(FEATURES.values()), random_state=0,
    ).fit(rows[~held], labels[~held], sample_weight=weights[~held])  # fmt: skip
    # In double precision and rounded: how arrays lie in memory moves the last digits of a product.
    linear = np.round((rows[held] - means).astype(np.float64) @ line.astype(np.float64), 4)
    sums = trees.decision_function(rows[held])
    for name, score in (("line", linear), ("trees", sums)):
        print(
            name, f"AUC {roc_auc_score(labels[held], score):.4f} AP {average_precision_score(labels[held], score):.4f}"
        )
    raw = sums + OF_LINE * linear
    best, shares = _best_of_names(raw, asked[held])
    calibration = _calibration(raw[best], labels[held][best], shares)
    probability = 1 / (1 + np.exp(-calibrated(raw[best], calibration)))
    one = labels[held][best]
    print(f"log loss {log_loss(one, probability, sample_weight=shares):.4f}")
    for low, high in ((0, 0.1), (0.1, 0.3), (0.3, 0.5), (0.5, 0.7), (0.7, 0.9), (0.9, 1.01)):
        inside = (probability >= low) & (probability < high)
        right = np.average(one[inside], weights=shares[inside])
        print(f"said {low:.1f}-{high:.1f}: {inside.sum():6d} names, {right:.3f} of that party")
    np.savez_compressed(
        MODEL,
        features=np.array(list(FEATURES)),
        means=means,
        slopes=line,
        calibration=calibration,
        **_arrays(trees),
    )
    print(f"{MODEL}: {MODEL.stat().st_size} bytes")


def _best_of_names(raw: np.ndarray, asked: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The likeliest pair of each name asked, and weights by which ``LISTED`` of the names are of somebody listed."""
    order = np.lexsort((-raw, asked))
    names = asked[order]
    best = order[(names >= 0) & np.concatenate(([True], names[1:] != names[:-1]))]
    is_made_up = asked[best] >= CHANGED
    return best, np.where(is_made_up, (1 - LISTED) / is_made_up.mean(), LISTED / (~is_made_up).mean())


def _calibration(raw: np.ndarray, labels: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """What share of pairs was of one party around each score, as log-odds that rise with it: scores, log-odds."""
    scores, odds = [], []
    for score in np.arange(-6.0, 7.0):
        inside = np.abs(raw - score) <= 0.75
        if inside.sum() >= FEWEST_TO_CALIBRATE:
            one = weights[inside] @ labels[inside]
            scores.append(score)
            odds.append(np.log((one + 1) / (weights[inside].sum() - one + 1)))
    return np.array([scores, np.maximum.accumulate(odds) + RISES * np.array(scores)], np.float32)


def _line(rows: np.ndarray, labels: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Slopes and means of a logistic line, whose slopes keep the direction of each feature."""
    means, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-6
    slopes = (
        LogisticRegression(C=1.0, max_iter=2000).fit((rows - means) / spread, labels, sample_weight=weights).coef_[0]
        / spread
    )
    direction = np.array(list(FEATURES.values()))
    return np.where(slopes * direction > 0, slopes, 0).astype(np.float32), means.astype(np.float32)


def _arrays(trees: Any) -> dict[str, Any]:
    """The fitted trees as the arrays that lexloci.parties.scorer reads."""
    kinds = {"feature": np.int32, "left": np.int32, "roots": np.int32}
    columns: dict[str, list[float]] = {name: [] for name in ("feature", "threshold", "left", "value", "roots")}
    depth = 0
    for (tree,) in trees._predictors:  # noqa: SLF001 - scikit-learn has no other door to its trees
        first = len(columns["feature"])
        columns["roots"].append(first)
        order = [0]  # the nodes, so that the two below a node stand side by side
        for node in order:  # it grows as it is read
            if not tree.nodes[node]["is_leaf"]:
                order += [int(tree.nodes[node]["left"]), int(tree.nodes[node]["right"])]
        place = {node: first + at for at, node in enumerate(order)}
        for number in order:
            node = tree.nodes[number]
            leaf = bool(node["is_leaf"])
            columns["feature"].append(0 if leaf else int(node["feature_idx"]))
            columns["threshold"].append(np.inf if leaf else float(node["num_threshold"]))
            columns["left"].append(place[number] if leaf else place[int(node["left"])])
            columns["value"].append(float(node["value"]))
            depth = max(depth, int(node["depth"]))
    bias = float(trees._baseline_prediction.ravel()[0])  # noqa: SLF001 - as above
    arrays: dict[str, Any] = {name: np.array(values, kinds.get(name, np.float32)) for name, values in columns.items()}
    return arrays | {"depth": np.array(depth), "bias": np.array(bias)}


if __name__ == "__main__":
    with threadpool_limits(1):  # sums in another order would move the last digits
        main()
