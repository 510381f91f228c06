"""Which words of a reading name the party: legal forms set aside, words of one meaning under one spelling.

``words/legal_forms.csv`` holds legal forms by kind, ``words/concepts.csv`` words of one meaning (technology: tech,
teknoloji, keji ...) in English and as other languages read in Latin letters, ``words/given_names.csv`` given names with
their spellings (Mohammed: Muhammad, Magomed ...), ``words/general.txt`` more words that name nobody. A word that ends
in ``~`` there stands for a Russian adjective in all its endings (``nauchn~``: nauchnyi, nauchnaya, nauchnoe ...).
``words/common_words.txt.gz`` tells how common a word is in English text.

>>> parse("huawei tech co ltd")
Words(words=('huawei', 'technology'), legal_forms=frozenset({'limited'}), initials='ht', given='huawei tech')
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from lexloci.parties.sound import sound

FOLDER: Final = Path(__file__).parent / "words"
COMMON_WORDS: Final = FOLDER / "common_words.txt.gz"
MOST_WORDS: Final = 16  # of one name that are compared; 99.6 % of the listed names have no more
ORDINALS: Final = ("st", "nd", "rd", "th")
SHORTEST_REST: Final = 3  # letters; a name of fewer beside its legal form keeps the form (XIE Ao)
# Legal forms that are one only at the beginning or the end, for elsewhere they may be names or words of another tongue.
_AT_THE_ENDS: Final = "as at se est ad ou ab dd kd ec pat tat sl lp gp rt sia sca pt kk ko spol pa establishment"
_STOCK_COMPANY: Final = "joint stock company open public closed private"  # in whatever order
AT_THE_ENDS: Final = frozenset(_AT_THE_ENDS.split())
_SMALL_WORDS: Final = "of the and for de la al i v e ve du des der del das und et in on at to a an bin s"
SMALL_WORDS: Final = frozenset(_SMALL_WORDS.split())
STOCK_COMPANY: Final = frozenset(_STOCK_COMPANY.split())
SHORT_FORMS: Final = ("llc", "ltd", "inc", "plc", "gmbh", "dmcc", "fze", "jsc", "ooo", "oao", "corp")
SHORTEST_HEARD: Final = 3  # letters of a word of a legal form that is recognised by its sound ("dzhsk": JSC)
SHORTEST_MENDED: Final = 5  # letters of a word of a legal form that is recognised in spite of a typing error
SHORTEST_MENDED_CONCEPT: Final = 8  # letters of a word of one meaning with others that is recognised in spite of one
# Endings of Russian adjectives as romanisations write them; "~" in the tables stands for each of them.
_ENDINGS: Final = (
    "yi yy yj y iy ii ij i aya aia aja oe oye oie oje o ye yie yye ie iye ykh yh ikh ogo ego oi oy oj om ym im uyu"
)
ENDINGS: Final = tuple(_ENDINGS.split())
Phrase = tuple[tuple[str, ...], str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a reading that name somebody, the kinds of legal form that it bears, and its initials.

    Initials are of the words as given, without legal forms and small words; ``given`` are the words as given, without
    legal forms.
    """

    words: tuple[str, ...]
    legal_forms: frozenset[str]
    initials: str = ""
    given: str = ""


@lru_cache(maxsize=4096)  # the readings of a batch, which are asked for more than once
def parse(reading: str) -> Words:
    """The words and the legal forms of a reading. A reading that is nothing but legal forms keeps its words."""
    given = reading.split()
    if _phrases().keys().isdisjoint(given):
        return Words(_counted(given), frozenset(), _initials(given), reading)
    marked = cut_into_phrases(reading)
    first, last = 0, len(marked)
    while first < last and marked[first][1]:
        first += 1
    while last > first and marked[last - 1][1]:
        last -= 1
    kept = [
        word
        for place, (phrase, kind, spelled) in enumerate(marked)
        if not (kind and (place < first or place >= last or len(phrase) > 1 or phrase[0] not in AT_THE_ENDS))
        for word in spelled
    ]
    if "stock" in kept and "joint" in kept:
        kept = [word for word in kept if word not in STOCK_COMPANY]
    forms = frozenset(kind for _, kind, _ in marked if kind)
    if sum(map(len, kept)) < SHORTEST_REST:
        kept = given
    named = [word for phrase, kind, _ in marked if not kind for word in phrase]
    return Words(_counted(kept), forms, _initials(named), " ".join(named or given))


def _counted(words: Sequence[str]) -> tuple[str, ...]:
    """The words that are compared, ordinals as their number (58th: 58)."""
    return tuple(
        word[:-2] if word[0].isdigit() and word[-2:] in ORDINALS and word[:-2].isdigit() else word
        for word in words[:MOST_WORDS]
    )


def _initials(words: Sequence[str]) -> str:
    return "".join([word[0] for word in words if word not in SMALL_WORDS])


def mended(reading: str, known: Mapping[str, object]) -> str:
    """The reading with mistyped words of legal forms and general words put right that are ``known`` from no name."""
    words = reading.split()
    legal = words_of_legal_forms()
    for place, word in enumerate(words):
        if word in known or word in legal:
            continue
        if len(word) >= SHORTEST_HEARD and (heard := _legal_sounds().get(sound(word))):
            words[place] = heard
        elif len(word) >= SHORTEST_MENDED - 1 and word not in _phrases():
            found = process.extractOne(word, _long_legal_words(), scorer=OSA.distance, score_cutoff=len(word) // 4)
            if found is not None:
                words[place] = found[0]
            else:
                words[place] = _mended_concept(word)
        elif 0 < place == len(words) - 1 and 2 <= len(word) <= 4 and word not in _phrases():
            found = process.extractOne(word, SHORT_FORMS, scorer=OSA.distance, score_cutoff=1)
            if found is not None:
                words[place] = found[0]
    return " ".join(words)


def _mended_concept(word: str) -> str:
    """The word of ``words/concepts.csv`` that a mistyped word is with one error, else the word itself."""
    if len(word) >= SHORTEST_MENDED_CONCEPT:
        near = _concept_forms()
        for form in (word, *left_out(word)):
            for known in near.get(form, ()):
                if OSA.distance(word, known, score_cutoff=1) <= 1:
                    return known
    return word


@lru_cache(maxsize=1)
def _concept_forms() -> dict[str, list[str]]:
    """The words of ``words/concepts.csv`` by their forms with at most one letter left out."""
    words = {word for row in _rows("concepts.csv") for phrase in spelled_out(row["phrases"]) for word in phrase.split()}
    words |= {word for row in _rows("concepts.csv") for word in row["concept"].split()}
    forms: dict[str, list[str]] = {}
    for word in sorted(words):
        if len(word) >= SHORTEST_MENDED_CONCEPT:
            for form in {word, *left_out(word)}:
                forms.setdefault(form, []).append(word)
    return forms


def left_out(word: str) -> list[str]:
    """The word with each of its letters left out in turn."""
    return [word[:place] + word[place + 1 :] for place in range(len(word))]


def spelled_out(phrases: str) -> list[str]:
    """The phrases of a cell of the tables, "~" replaced by each of ``ENDINGS``."""
    found: list[str] = []
    for phrase in phrases.split("|"):
        found += [phrase.replace("~", ending) for ending in ENDINGS] if "~" in phrase else [phrase]
    return found


@lru_cache(maxsize=1)
def general_words() -> frozenset[str]:
    """Words of business and place that name nobody, as ``parse`` spells them, however few listed names have them.

    The words of ``han.csv`` are none by being there: its places read like names of persons (吉安: Ji'an; ZHANG Jian).
    """
    lines = (FOLDER / "general.txt").read_text(encoding="utf-8").splitlines()
    phrases = [line for line in lines if not line.startswith("#")]
    phrases += [row["concept"] for row in _rows("concepts.csv")]
    return frozenset(spelled for phrase in phrases for word in phrase.split() for spelled in parse(word).words)


@lru_cache(maxsize=1)
def common_words() -> Mapping[str, float]:
    """How common words are in English text, on the Zipf scale: the log of occurrences in a billion words, to ten.

    From 7.7 ("the") down to 1.5; rarer words are not there. Source: wordfreq (tools/build_common_words.py).
    """
    found: dict[str, float] = {}
    with gzip.open(COMMON_WORDS, "rt", encoding="ascii") as lines:
        for line in lines:
            value, *words = line.split()
            found |= dict.fromkeys(words, int(value) / 10)
    return found


@lru_cache(maxsize=1)
def words_of_legal_forms() -> frozenset[str]:
    """Words of legal forms, of two letters or more; where one stands apart from its form it names nobody either."""
    return frozenset(
        word
        for phrases in _phrases().values()
        for phrase, kind, _ in phrases
        if kind
        for word in phrase
        if len(word) > 1
    )


@lru_cache(maxsize=1)
def _legal_sounds() -> dict[str, str]:
    """Words of legal forms by their sound."""
    return {sound(word): word for word in sorted(words_of_legal_forms()) if len(word) >= SHORTEST_HEARD}


@lru_cache(maxsize=1)
def _long_legal_words() -> tuple[str, ...]:
    words = {
        word
        for phrases in _phrases().values()
        for phrase, kind, _ in phrases
        if kind
        for word in phrase
        if len(word) >= SHORTEST_MENDED
    }
    return tuple(sorted(words))


def cut_into_phrases(reading: str) -> list[Phrase]:
    """The reading cut into phrases: the words as given, the kind of legal form if it is one, the words it counts as."""
    given = reading.split()
    phrases = _phrases()
    marked: list[Phrase] = []
    at = 0
    while at < len(given):
        word = given[at]
        for phrase, kind, spelled in phrases.get(word, ()):
            size = len(phrase)
            if size == 1 or tuple(given[at : at + size]) == phrase:
                marked.append((phrase, kind, spelled))
                at += size
                break
        else:
            marked.append(((word,), "", (word,)))
            at += 1
    return marked


def _rows(file: str) -> list[dict[str, str]]:
    with (FOLDER / file).open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


@lru_cache(maxsize=1)
def _phrases() -> dict[str, list[Phrase]]:
    """All phrases by their first word, the longest first."""
    by_first: dict[str, list[Phrase]] = {}
    for file, column in (("legal_forms.csv", "form"), ("concepts.csv", "concept"), ("given_names.csv", "name")):
        for row in _rows(file):
            name = row[column]
            for phrase in spelled_out(row["phrases"]):
                words = tuple(phrase.split())
                kind, spelled = (name, words) if column == "form" else ("", tuple(name.split()))
                by_first.setdefault(words[0], []).append((words, kind, spelled))
    for found in by_first.values():
        found.sort(key=lambda phrase: -len(phrase[0]))
    return by_first
