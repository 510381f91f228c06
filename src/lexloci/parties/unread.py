"""Why a name says nothing of who its bearer is: no letter in it, or letters of a script that is not read well.

Latin letters are the lists' own, Cyrillic and Han ones are read with a measured recall (docs/explanation/screening.md).
Arabic and Hebrew write no vowels, and Hangul, kana, Thai and others spell sounds, not the letters of a listed name: of
such a name nobody knows that it is on no list. A legal form or a word of business beside it ("Co., Ltd.", "Technology")
says nothing more; a word that names somebody does.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from typing import Final

from lexloci.parties.folding import readings, visible, words_of
from lexloci.parties.importers.repair import SCRIPTS
from lexloci.parties.words_of_names import SMALL_WORDS, general_words, parse, words_of_legal_forms

READ: Final = frozenset(("Latn", "Cyrl", "Hani"))
LATIN: Final = "Latn"
_LETTER: Final = re.compile("[A-Za-z]")
_LETTERS: Final = ("Lu", "Ll", "Lt", "Lo", "Mn", "Mc")
_OF_ANY_SCRIPT: Final = ("COMBINING", "IDEOGRAPHIC")
_BETWEEN: Final = re.compile(r"[\s!-/:-@\[-`{-~]+")  # a mark of another script parts no word


def why_unread(names: Iterable[str]) -> str:
    """Why none of a party's names says who it is; empty where one of them does. ScreeningError for no name."""
    scripts: set[str] = set()
    for name in names:
        found = {LATIN} if _LETTER.search(name) and name.isascii() else scripts_in(name)
        if found and readings(name) and (found <= READ or is_read(name, READ)):
            return ""
        scripts |= found - READ
    if not scripts:
        return "no name of it can be read, for none holds a letter"
    return f"its names are in letters that are not read well ({', '.join(sorted(scripts))}); state one in Latin letters"


def is_read(name: str, scripts: Collection[str]) -> bool:
    """Whether a name says who its bearer is to who reads these scripts: all of it, or a word of Latin letters in it."""
    return scripts_in(name) <= {*scripts} or (LATIN in scripts and bool(_names_in_latin(name)))


def scripts_in(name: str) -> set[str]:
    """The scripts of the letters of a name and of the marks on them: ISO 15924 codes, else their name in Unicode."""
    marks = (letter for letter in visible(name) if unicodedata.category(letter) in _LETTERS)
    words = {unicodedata.name(letter, "OTHER").split()[0] for letter in marks}
    return {SCRIPTS.get(word, word.title()) for word in words.difference(_OF_ANY_SCRIPT)}


def _names_in_latin(name: str) -> set[str]:
    """The words of a name that are of Latin letters alone and name somebody."""
    latin = [word for word in _BETWEEN.split(visible(name)) if scripts_in(word) == {LATIN}]
    said = {word for one in latin for word in parse(words_of(one)).words if not word.isdigit()}
    return said - general_words() - SMALL_WORDS - words_of_legal_forms()
