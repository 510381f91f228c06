r"""How a name in any script reads in plain Latin letters, and when two names are the same name in their own script.

A reading is lower-case ASCII words, one space between. What the eye does not see does not count: width, case, accents,
zero-width and bidirectional marks, controls, fillers, punctuation; nor do pictures and marks of trade. A letter that
looks like a Latin one (``LOOKALIKES``) is read as that one in a word that also holds Latin letters, and, in a name that
holds Latin words, in a word all of whose letters look Latin; a name all of whose letters look Latin has both readings.
Other scripts are transliterated (anyascii); Han is read by ``han``, with a choice where a word has several English
names.

>>> readings("  Ｈuаwei\u200b Technologies Co., Ltd. ")
('huawei technologies co ltd',)
>>> readings("СБЕРБАНК РОССИИ")
('sberbank rossii',)
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from anyascii import anyascii

from lexloci.model.errors import LexlociError
from lexloci.parties.han import HAN, han_readings

LONGEST_NAME: Final = 1000  # letters; the longest listed name of 2026-07-31 has 338
_HALF_A_CHARACTER: Final = re.compile("[\ud800-\udfff]")
NOT_A_WORD: Final = re.compile(r"[\W_]+")
INITIALS: Final = re.compile(r"(?<=\b\w)\.\s?(?=\w\b)")
INITIALS_TOGETHER: Final = re.compile(r"(?<=\b\w)\.(?=\w\b)")
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


HAN_LEGAL_FORMS: Final = ("股份有限公司", "有限责任公司", "有限公司", "公司")
# English (Singapore, Malaysia, Hong Kong, India, the Gulf); continental Europe, Latin America, Japan,
# Indonesia, Türkiye; Russia and Belarus, romanised.
_LEGAL_FORMS: Final = """
co company corp corporation inc incorporated ltd limited llc llp lp plc pte pvt pty sdn bhd fze fzco fzc fzllc
gmbh ag kg sa sas sarl srl spa bv nv kk pt tbk as sti
ooo oao zao pao ao jsc ojsc cjsc pjsc
"""
LEGAL_FORMS: Final = frozenset(_LEGAL_FORMS.split())


# What stands in a name and is not seen, or is no part of it: controls that part no words (of ASCII: all others are read
# as a space), characters that Unicode calls default ignorable and a blank of Braille, marks of trade.
_CONTROLS: Final = re.compile("[\x00-\x08\x0e-\x1b\x7f]")
_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u2800\u3164\ufe00-\ufe0f"
    "\uffa0\ufff0-\ufff8\U000e0000-\U000e0fff]"
)
_MARKS_ON_HAN: Final = re.compile(f"(?<={HAN.pattern})[\u0300-\u036f]+")
_MARKS_OF_TRADE: Final = re.compile("[\u2117\u2120\u2122\xa9\xae]")


class ScreeningError(LexlociError):
    """A name or a file that cannot be screened."""


def readings(name: str) -> tuple[str, ...]:
    """How a name may be read in plain Latin words, the likeliest first; empty where it holds no letter or digit.

    Raises ScreeningError for what ``check_name`` refuses.
    """
    check_name(name)
    if name.isascii():
        reading = words_of(_without_controls(name))
        return (reading,) if reading else ()
    return tuple(dict.fromkeys(reading for plain in _plain(name) if (reading := words_of(plain))))


def check_name(name: str) -> None:
    """Raises ScreeningError for a name of more than ``LONGEST_NAME`` letters, or with half a character."""
    if len(name) > LONGEST_NAME:
        raise ScreeningError(
            f"name {name[:20]!a}...: {len(name)} letters, more than the {LONGEST_NAME} that a name may have; "
            "give one name a row"
        )
    if not name.isascii() and _HALF_A_CHARACTER.search(name):
        raise ScreeningError(
            f"name {name[:20]!a}: it holds half a character, as text does that was read in another encoding than its "
            "own: write it in UTF-8"
        )


def words_of(plain: str) -> str:
    """The lower-case words of a name in ASCII letters; initials with points are one word."""
    if "." in plain:
        plain = INITIALS.sub("", plain)
    return NOT_A_WORD.sub(" ", plain.lower().replace("'", "").replace("`", "").replace("&", " and ")).strip()


@lru_cache(maxsize=65536)
def normalise(name: str) -> str:
    """The normal form of a name in its own script: words without accents, punctuation and legal forms at the ends.

    Two names are the same name where their normal forms are, spaces aside. A name that is nothing but a legal form
    keeps it. Empty where the name holds no letter or digit.

    >>> normalise("Sophgo Technologies Pte. Ltd."), normalise("  浪潮集团有限公司 ")
    ('sophgo technologies', '浪潮集团')
    """
    plain = _without_controls(name) if name.isascii() else unicodedata.normalize("NFKC", _bare(visible(name)))
    plain = plain.casefold().replace("&", " and ").translate(APOSTROPHES)
    words = NOT_A_WORD.sub(" ", INITIALS_TOGETHER.sub("", plain) if "." in plain else plain).split()
    named = _without_forms(words)
    return " ".join(named if name.isascii() else map(_without_han_form, named))


def written(reading: str) -> str:
    """The letters of a reading, without the legal forms at its ends."""
    return "".join(_without_forms(reading.split()))


def _without_forms(words: list[str]) -> list[str]:
    """The words without legal forms at the ends; a name that is nothing else keeps one."""
    start, end = 0, len(words)
    while end - start > 1 and words[end - 1] in LEGAL_FORMS:
        end -= 1
    while end - start > 1 and words[start] in LEGAL_FORMS:
        start += 1
    return words[start:end]


def _without_han_form(word: str) -> str:
    for form in HAN_LEGAL_FORMS:
        if word.endswith(form) and len(word) > len(form):
            return word.removesuffix(form)
    return word


def has_latin(name: str) -> bool:
    """Whether a name holds a Latin letter; some lists hold names in no other script."""
    return any(map(_is_latin, name))


def visible(name: str) -> str:
    """The name as the eye sees it: one width, no hidden marks, no apostrophes, no pictures."""
    plain = _MARKS_OF_TRADE.sub(" ", _UNSEEN.sub("", name)).translate(_LOST_IN_COMPOSING)
    seen = "".join(map(_as_seen, unicodedata.normalize("NFKC", plain))).translate(APOSTROPHES)
    return _MARKS_ON_HAN.sub("", seen)


@lru_cache(maxsize=8192)
def _as_seen(letter: str) -> str:
    """A letter, or what it is in a name: nothing where it is hidden, a space where it is a picture of no letter."""
    category = unicodedata.category(letter)
    if category in {"Cf", "Me"}:
        return ""
    return " " if category == "So" and not anyascii(letter).isalnum() else letter


def _without_controls(name: str) -> str:
    """A name in ASCII without controls, but for those that are read as a space."""
    return name if name.isprintable() else _CONTROLS.sub("", name)


def _bare(visible: str) -> str:
    """The name without accents."""
    decomposed = unicodedata.normalize("NFKD", visible)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def _plain(name: str) -> list[str]:
    seen = visible(name)
    if HAN.search(seen):
        return [anyascii(reading) for reading in han_readings(seen.casefold())]
    bare = _bare(seen)
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
