r"""How a name in any script reads in plain Latin letters: the readings on which names are compared.

A reading is lower-case ASCII words, one space between. What the eye does not see does not count: width, case, accents,
zero-width and bidirectional marks, punctuation. A letter that looks like a Latin one (``LOOKALIKES``) is read as
that one in a word that also holds Latin letters, and, in a name that holds Latin words, in a word all of whose
letters look Latin; a name all of whose letters look Latin has both readings. Other scripts are transliterated
(anyascii); Han is read by ``han``, with a choice where a word has several English names.

>>> readings("  Ｈuаwei\u200b Technologies Co., Ltd. ")
('huawei technologies co ltd',)
>>> readings("СБЕРБАНК РОССИИ")
('sberbank rossii',)
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from anyascii import anyascii

from lexloci.model.errors import LexlociError
from lexloci.parties.han import HAN, han_readings

LONGEST_NAME: Final = 1000  # letters; the longest listed name of 2026-07-31 has 338
NOT_A_WORD: Final = re.compile(r"[\W_]+")
INITIALS: Final = re.compile(r"(?<=\b\w)\.\s?(?=\w\b)")
APOSTROPHES: Final = str.maketrans("", "", "'’‘ʼ`´ʹʻʾʿ＇")
# Cyrillic, Greek and Armenian letters that look like the Latin letter after them: the confusables of Unicode
# Technical Standard #39, lower case and what upper-case look-alikes become in lower case (В is a look-alike of B).
_PAIRS: Final = (
    "аa еe оo рp сc уy хx іi їi јj ѕs һh вb нh мm тt кk ԁd ԛq ԝw ɡg ѵv ӏl қk ҳx үy ғf җx ҽe ёe йn пn гr зe "
    "αa βb εe ικ ιi κk νv οo ρp τt υu χx ηn ζz μm ϲc ϳj γy "
    "օo սu ոn հh ցg զq ӀI ⅼl ıi ℓl"
)
LOOKALIKES: Final = {pair[0]: pair[1].lower() for pair in _PAIRS.split() if pair not in {"ικ", "йn", "зe"}}
# Upper-case Greek letters that look like another Latin letter than their lower case does (η looks like n, Η like H).
_GREEK_CAPITALS: Final = {"Β": "b", "Ζ": "z", "Η": "h", "Μ": "m", "Ν": "n", "Υ": "y"}
_EITHER_CASE: Final = {letter.upper(): latin for letter, latin in LOOKALIKES.items() if len(letter.upper()) == 1}
_AS_LATIN: Final = str.maketrans(_EITHER_CASE | LOOKALIKES | _GREEK_CAPITALS)
# Look-alikes that normalisation would turn into letters that look otherwise (ϲ into ς).
_LOST_IN_COMPOSING: Final = str.maketrans(
    {
        form: latin
        for letter, latin in LOOKALIKES.items()
        for form in (letter, letter.upper())
        if len(form) == 1 and unicodedata.normalize("NFKC", form).casefold() != letter.casefold()
    }
)


class ScreeningError(LexlociError):
    """A name or a file that cannot be screened."""


def readings(name: str) -> tuple[str, ...]:
    """How a name may be read in plain Latin words, the likeliest first; empty where it holds no letter or digit.

    Raises ScreeningError for a name of more than ``LONGEST_NAME`` letters.
    """
    if len(name) > LONGEST_NAME:
        raise ScreeningError(
            f'name "{name[:20]!a}...": {len(name)} letters, more than the {LONGEST_NAME} that a name may have; '
            "give one name a row"
        )
    if name.isascii():
        reading = words_of(name)
        return (reading,) if reading else ()
    return tuple(dict.fromkeys(reading for plain in _plain(name) if (reading := words_of(plain))))


def words_of(plain: str) -> str:
    """The lower-case words of a name in ASCII letters; initials with points are one word."""
    if "." in plain:
        plain = INITIALS.sub("", plain)
    return NOT_A_WORD.sub(" ", plain.lower().replace("'", "").replace("`", "").replace("&", " and ")).strip()


def _plain(name: str) -> list[str]:
    composed = unicodedata.normalize("NFKC", name.translate(_LOST_IN_COMPOSING))
    visible = "".join(letter for letter in composed if unicodedata.category(letter) != "Cf")
    visible = visible.translate(APOSTROPHES)
    if HAN.search(visible):
        return [anyascii(reading) for reading in han_readings(visible.casefold())]
    decomposed = unicodedata.normalize("NFKD", visible)
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    if bare.isascii():
        return [bare]
    latin = any(map(_is_latin, bare))
    for word in {word for word in NOT_A_WORD.split(bare) if word}:
        looks = all(ord(letter) in _AS_LATIN or letter.isascii() for letter in word)
        if not word.isascii() and (any(map(_is_latin, word)) or (latin and looks)):
            bare = bare.replace(word, word.translate(_AS_LATIN))
    found = [anyascii(bare.casefold())]
    if not latin and all(ord(letter) in _AS_LATIN or not letter.isalpha() for letter in bare):
        found.append(bare.translate(_AS_LATIN).casefold())
    return found


def _is_latin(letter: str) -> bool:
    return letter.isalpha() and (letter.isascii() or unicodedata.name(letter, "").startswith("LATIN"))
