"""What tells a name and a listed name apart or together: the numbers that the scorer reads.

Words meet words first: ``likeness`` of two words is 1 for the same word, down to 0 for words that are not alike; each
word takes the best it meets in the other name, and what a name's words meet, by weight, is its coverage. Then the
names as wholes: edit distance together, in alphabetical order and as spelled; initials; numbers; legal forms. Nearly
all are the same whichever name comes first; what is left over on each side is told apart, for words that were added to
a listed name say less than words that it has and the name has not. What is common in English text says less than
what is not: a common word is less likely a typing error of a listed one, and more companies bear it.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA, JaroWinkler

from lexloci.parties.blocking import distinct
from lexloci.parties.name_table import Floats, Integers, NameTable, Vocabulary
from lexloci.parties.sound import same_stem

SAME_SOUND: Final = 0.95  # of two words that only romanisations tell apart
SAME_STEM: Final = 0.9  # of a place and the Russian adjective of it, or two endings of one adjective
INITIAL: Final = 0.5
BEGINNING: Final = (
    0.65  # of a word that the other abbreviates ("constr": construction), from SHORTEST_BEGINNING letters
)
SHORTEST_BEGINNING: Final = 4
FEW_WORDS: Final = 4
MOST_EDITS: Final = 8
ACRONYM_ENDS: Final = frozenset(("", "c", "l", "cl", "co", "ltd", "g", "gc", "gcl", "i", "ic"))
WITH_END: Final = 0.5  # of initials that a legal form's make whole ("TSMC" of Taiwan Semiconductor Manufacturing Co.)
LONG_ACRONYM: Final = 5  # initials; nearly any three letters are the initials of a listed name
LONGEST_ACRONYM_END: Final = max(map(len, ACRONYM_ENDS))
# Name of each feature, and how the probability may move with it: 1 never down, -1 never up, 0 either way.
FEATURES: Final = {
    "coverage_less": 1, "coverage_more": 1, "coverage_mean": 1,
    "unmet_heaviest_less": -1, "unmet_heaviest_more": -1, "unmet_less": -1, "unmet_more": -1,
    "heaviest_meets_less": 1, "heaviest_meets_more": 1, "met_weight": 1,
    "met_exact_heaviest": 1, "met_alike_heaviest": 0,
    "words_less": 0, "words_more": 0, "words_unmet_less": -1, "words_unmet_more": -1,
    "ratio_together": 1, "ratio_ordered": 1, "ratio_spelled": 1, "ratio_given": 1, "jaro_winkler": 1,
    "edits_ordered": -1, "edits_together": -1, "edits_spelled": -1, "edits_plain": -1, "edits_share": -1,
    "same_together": 1, "same_words": 1, "same_spelled": 1, "acronym": 1,
    "numbers_differ": -1, "legal_same": 0, "legal_differ": 0, "letters_less": 0, "letters_more": 0,
    "first_meets": 1, "last_meets": 1, "unmet_asked": -1, "unmet_listed": -1,
    "unmet_named_asked": -1, "unmet_named_listed": -1, "unmet_words_asked": -1, "unmet_words_listed": -1,
    "coverage_asked": 1, "coverage_listed": 1, "met_named": 1, "alike_known": -1, "alike_odd": 0, "alike_letters": 0,
    "alike_common": -1, "met_uncommon": 1, "met_uncommon_most": 1, "other_script": 0,
}  # fmt: skip


def features(
    asked: NameTable,
    listed: NameTable,
    pairs: tuple[Integers, Integers],
    vocabulary: Vocabulary,
) -> Floats:
    """The features of pairs of names, one row a pair: ``pairs`` are rows of ``asked`` and of ``listed``."""
    a, b = pairs
    rows = np.empty((len(a), len(FEATURES)), np.float32)
    are_short = np.maximum(asked.counts[a], listed.counts[b]) <= FEW_WORDS
    for chosen in (
        np.flatnonzero(are_short),
        np.flatnonzero(~are_short),
    ):  # words meet in blocks as wide as the longest
        if len(chosen):
            columns = _of_words(asked, listed, a[chosen], b[chosen], vocabulary)
            columns |= _of_wholes(asked, listed, a[chosen], b[chosen])
            for place, name in enumerate(FEATURES):
                rows[chosen, place] = columns[name]
    return rows


def likeness(left: Integers, right: Integers, vocabulary: Vocabulary) -> Floats:
    """How alike the words of pairs of names are: pairs x words of the left x words of the right, 0 where none is."""
    one, other = np.broadcast_arrays(left[:, :, None], right[:, None, :])
    both = (one >= 0) & (other >= 0)
    alike: Floats = ((one == other) & both).astype(np.float32)
    asked = np.flatnonzero((both & (one != other)).ravel())
    if not len(asked):
        return alike
    low = np.minimum(one, other).ravel()[asked]
    high = np.maximum(one, other).ravel()[asked]
    keys = low * len(vocabulary) + high
    unique = distinct(keys)
    found = np.zeros(len(unique), np.float32)
    one_of, other_of = unique // len(vocabulary), unique % len(vocabulary)
    lengths, firsts = vocabulary.letters_heard(), vocabulary.first_heard()
    longer = np.maximum(lengths[one_of], lengths[other_of])
    shorter = np.minimum(lengths[one_of], lengths[other_of])
    # Words that begin otherwise and differ by half their letters are not alike: most pairs need no comparing.
    worth = np.flatnonzero((firsts[one_of] == firsts[other_of]) | (2 * (longer - shorter) < longer))
    found[worth] = _alike(one_of[worth], other_of[worth], longer[worth], shorter[worth], vocabulary)
    alike.ravel()[asked] = found[np.searchsorted(unique, keys)]
    return alike


def _alike(one_of: Integers, other_of: Integers, longer: Integers, shorter: Integers, vocabulary: Vocabulary) -> Floats:
    """How alike words are by number, as they sound; ``longer`` and ``shorter`` are the letters of the two."""
    first, second = vocabulary.sounds_of(one_of.tolist()), vocabulary.sounds_of(other_of.tolist())
    distance = process.cpdist(first, second, scorer=OSA.distance, dtype=np.int32).astype(np.float32)
    ratio = np.clip(1 - 2 * distance / np.maximum(longer, 1).astype(np.float32), 0, 1)
    alike: Floats = (np.where(shorter <= 2, distance == 0, ratio) * SAME_SOUND).astype(np.float32)
    firsts = vocabulary.first_heard()
    begin_alike = firsts[one_of] == firsts[other_of]
    may_begin = begin_alike & (shorter != longer) & ((shorter == 1) | (shorter >= SHORTEST_BEGINNING))
    for place in np.flatnonzero(may_begin).tolist():
        one, other = first[place], second[place]
        if one.startswith(other) or other.startswith(one):
            alike[place] = max(alike[place], INITIAL if shorter[place] == 1 else BEGINNING)
    are_adjectives = vocabulary.adjectives()
    for place in np.flatnonzero(begin_alike & (are_adjectives[one_of] | are_adjectives[other_of])).tolist():
        if same_stem(first[place], second[place]):
            alike[place] = max(alike[place], SAME_STEM)
    return alike


def _of_words(
    left: NameTable, right: NameTable, a: Integers, b: Integers, vocabulary: Vocabulary
) -> dict[str, NDArray[Any]]:
    weights = vocabulary.weights()
    most_a, most_b = max(1, left.counts[a].max(initial=1)), max(1, right.counts[b].max(initial=1))
    words_a, words_b = left.numbers[a, :most_a], right.numbers[b, :most_b]
    alike = likeness(words_a, words_b, vocabulary)
    best_a, best_b = alike.max(axis=2), alike.max(axis=1)
    sides = [
        _side(words_a, weights[words_a], best_a, left.counts[a], vocabulary),
        _side(words_b, weights[words_b], best_b, right.counts[b], vocabulary),
    ]
    columns: dict[str, NDArray[Any]] = {}
    for name in ("coverage", "heaviest_meets", "unmet_heaviest", "unmet", "words", "words_unmet"):
        one, other = sides[0][name], sides[1][name]
        columns[f"{name}_less"], columns[f"{name}_more"] = np.minimum(one, other), np.maximum(one, other)
    for name in ("unmet", "unmet_named", "coverage"):
        columns[f"{name}_asked"], columns[f"{name}_listed"] = sides[0][name], sides[1][name]
    columns["unmet_words_asked"], columns["unmet_words_listed"] = sides[0]["words_unmet"], sides[1]["words_unmet"]
    columns["met_named"] = np.minimum(sides[0]["met_named"], sides[1]["met_named"])
    both = columns["coverage_less"] + columns["coverage_more"]
    columns["coverage_mean"] = 2 * columns["coverage_less"] * columns["coverage_more"] / np.maximum(both, 1e-6)
    columns["met_weight"] = np.minimum(sides[0]["met"], sides[1]["met"])
    weights_a, weights_b = weights[words_a], weights[words_b]
    columns["met_exact_heaviest"] = ((best_a >= 1) * weights_a).max(axis=1)
    near = (best_a < 1) * best_a * weights_a
    far = (best_b < 1) * best_b * weights_b
    columns["met_alike_heaviest"] = np.minimum(near.max(axis=1), far.max(axis=1))
    columns |= _of_misspelt(words_a, best_a, near, vocabulary)
    uncommon = vocabulary.uncommon()[words_a]
    columns["met_uncommon"] = (uncommon * best_a).sum(axis=1)
    columns["met_uncommon_most"] = (uncommon * (best_a >= SAME_SOUND)).max(axis=1)
    columns["other_script"] = left.other_script[a]
    columns["numbers_differ"] = np.minimum(sides[0]["numbers_unmet"], sides[1]["numbers_unmet"])
    ends_a, ends_b = left.counts[a] - 1, right.counts[b] - 1
    rows = np.arange(len(a))
    columns["first_meets"] = alike[:, 0, 0]
    columns["last_meets"] = alike[rows, np.maximum(ends_a, 0), np.maximum(ends_b, 0)]
    return columns


def _of_misspelt(words: Integers, met: Floats, near: Floats, vocabulary: Vocabulary) -> dict[str, NDArray[Any]]:
    """Of the heaviest asked word that is like a listed one and not the same: is it a word of the lists itself, how odd.

    A word that the lists know, or that is spelled as words are, is less likely a typing error of another.
    """
    rows = np.arange(len(words))
    place = near.argmax(axis=1)
    word = words[rows, place]
    is_alike = near[rows, place] > 0
    known = is_alike & (word < vocabulary.listed()) & (met[rows, place] < SAME_SOUND)
    return {
        "alike_known": known,
        "alike_odd": np.where(is_alike, vocabulary.oddness()[word], 0),
        "alike_common": np.where(is_alike, vocabulary.common()[word], 0),
        "alike_letters": np.where(is_alike, vocabulary.letters_of()[word], 0),
    }


def _side(
    words: Integers, weights: Floats, met: Floats, counts: Integers, vocabulary: Vocabulary
) -> dict[str, NDArray[Any]]:
    total = np.maximum(weights.sum(axis=1), 1e-6)
    unmet = weights * (1 - met)
    present = words >= 0
    names_nobody, digits = vocabulary.names_nobody()[words], vocabulary.holds_digit()[words]
    met_weight = weights * met
    return {
        "unmet_named": (unmet * ~names_nobody).sum(axis=1),
        "met_named": (met_weight * ~names_nobody).sum(axis=1),
        "coverage": met_weight.sum(axis=1) / total,
        "heaviest_meets": met[np.arange(len(words)), weights.argmax(axis=1)],
        "met": met_weight.sum(axis=1),
        "unmet": unmet.sum(axis=1),
        "unmet_heaviest": unmet.max(axis=1),
        "words": counts,
        "words_unmet": (present & (met < 0.4)).sum(axis=1),
        "numbers_unmet": (digits & present & (met < 1)).sum(axis=1),
    }


def _of_wholes(left: NameTable, right: NameTable, a: Integers, b: Integers) -> dict[str, NDArray[Any]]:
    together_a, together_b = left.taken("together", a), right.taken("together", b)
    heard_a, heard_b = left.taken("heard", a), right.taken("heard", b)
    ordered_a, ordered_b = left.taken("heard_ordered", a), right.taken("heard_ordered", b)
    given_a, given_b = left.taken("given", a), right.taken("given", b)
    spelled_a, spelled_b = left.taken("spelled", a), right.taken("spelled", b)
    plain_a, plain_b = left.taken("plain", a), right.taken("plain", b)
    edits = process.cpdist(spelled_a, spelled_b, scorer=OSA.distance, dtype=np.int32, score_cutoff=MOST_EDITS)
    edits_plain = process.cpdist(plain_a, plain_b, scorer=OSA.distance, dtype=np.int32, score_cutoff=MOST_EDITS)
    edits_ordered = process.cpdist(ordered_a, ordered_b, scorer=OSA.distance, dtype=np.int32, score_cutoff=MOST_EDITS)
    shorter = np.minimum(left.lengths_plain[a], right.lengths_plain[b])
    length_a, length_b = left.lengths_together[a], right.lengths_together[b]
    legal_a, legal_b = left.legal[a], right.legal[b]
    return {
        "ratio_together": process.cpdist(heard_a, heard_b, scorer=fuzz.ratio, dtype=np.float32),
        "ratio_ordered": process.cpdist(ordered_a, ordered_b, scorer=fuzz.ratio, dtype=np.float32),
        "ratio_spelled": process.cpdist(spelled_a, spelled_b, scorer=fuzz.ratio, dtype=np.float32),
        "ratio_given": process.cpdist(given_a, given_b, scorer=fuzz.ratio, dtype=np.float32),
        "jaro_winkler": process.cpdist(heard_a, heard_b, scorer=JaroWinkler.normalized_similarity, dtype=np.float32),
        "edits_spelled": edits,
        "edits_plain": edits_plain,
        "edits_share": edits_plain / np.maximum(shorter, 1),
        "edits_ordered": edits_ordered,
        "edits_together": process.cpdist(
            heard_a, heard_b, scorer=OSA.distance, dtype=np.int32, score_cutoff=MOST_EDITS
        ),
        "same_together": np.array([x == y for x, y in zip(together_a, together_b, strict=True)]),
        "same_words": edits_ordered == 0,
        "same_spelled": edits == 0,
        "acronym": np.maximum(
            _acronyms(left.taken("initials", a), legal_a, together_b, length_b - left.lengths_initials[a]),
            _acronyms(right.taken("initials", b), legal_b, together_a, length_a - right.lengths_initials[b]),
        ),
        "legal_same": (legal_a & legal_b) > 0,
        "legal_differ": (legal_a > 0) & (legal_b > 0) & ((legal_a & legal_b) == 0),
        "letters_less": np.minimum(length_a, length_b),
        "letters_more": np.maximum(length_a, length_b),
    }


def _acronyms(initials: list[str], legal: NDArray[np.uint8], together: list[str], more: Integers) -> Floats:
    """How far each name written as one is the initials of the other: 1 for ``LONG_ACRONYM`` initials or more.

    It is less for fewer, which many names share, and ``WITH_END`` of that with the initials of its legal form.
    ``more`` are the letters that the name as one has more than there are initials.
    """
    found = np.zeros(len(initials), np.float32)
    whole_or_with_form = (more == 0) | ((more > 0) & (more <= LONGEST_ACRONYM_END) & (legal > 0))
    for place in np.flatnonzero(whole_or_with_form).tolist():
        if is_acronym(initials[place], together[place]):
            found[place] = min(len(initials[place]), LONG_ACRONYM) / LONG_ACRONYM * (WITH_END if more[place] else 1)
    return found


def is_acronym(initials: str, together: str) -> bool:
    """Whether a name written as one is the initials of another, with or without those of its legal form."""
    return (
        len(initials) > 1
        and len(together) > 2
        and together.startswith(initials)
        and together[len(initials) :] in ACRONYM_ENDS
    )
