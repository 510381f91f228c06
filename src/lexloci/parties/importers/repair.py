"""What the official files break and how it is mended: prefixes, glued aliases, lost apostrophes, invisible letters.

The repairs are those that were seen (data/SOURCES.md): "Huawei Technologies Co., Ltd. (Huawei). Affiliated
Entity: X" stands for X, two aliases are glued by ";", names end in a stray point or comma, an apostrophe
became "?".

>>> names_of("Huawei Technologies Co., Ltd. (Huawei). Affiliated Entity: Hangzhou Huawei", (), "EL")
('Hangzhou Huawei',)
>>> tidy("Xi\u200ban?an  Lu")
'Xian?an Lu'
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

OFFICE_LISTS: Final = ("EL", "MEU", "UVL", "DPL")  # kept by the Bureau of Industry and Security
SPLIT_BRACKETS: Final = (*OFFICE_LISTS, "1260H", "CN-ECL", "CN-UEL", "CN-AL", "JP-EUL")
LONGEST_NAME: Final = 1000  # letters; the longest name of the lists of 2026-07-31 has 271
SUBORDINATE: Final = re.compile(
    r"^.*?(?:\. ?Affiliated Entity:|\. ?Subordinate Institution ?[-–]|, and subordinate entity) *"
)
OTHER_NAME: Final = re.compile(r",? *\(?\b[afn]\.k\.a\.[,:]? *", re.IGNORECASE)
TRAILING_BRACKETS: Final = re.compile(r"^(?P<name>.*\S) *[(（](?P<inside>[^()（）]+)[)）]\.?$")
ABBREVIATION: Final = re.compile(r"^[A-Z][A-Z0-9&. -]{2,14}$")
LOST_APOSTROPHE: Final = re.compile(r"(?<=[a-z])\?(?=[a-z])", re.IGNORECASE)
LOST_LETTERS: Final = re.compile("(?<=\\w)[\u0080-\u009f](?=\\w)")
EAST_ASIAN: Final = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]")


def tidy(text: str) -> str:
    """The text with one space between words, without what nobody sees: controls, direction marks, joiners."""
    if not text:
        return ""
    if not text.isascii() or not text.isprintable():
        return _tidy_letters(text)
    return " ".join(text.split())


@lru_cache(maxsize=4096)
def _tidy_letters(text: str) -> str:
    """Letter by letter; the texts of licences, with their section signs, come thousands of times."""
    text = LOST_LETTERS.sub(_of_code_page, text)
    return " ".join("".join(" " if letter.isspace() else letter for letter in text if _is_seen(letter)).split())


def _of_code_page(match: re.Match[str]) -> str:
    """A letter whose byte of an old code page was taken for a control: of Windows where it has one, else of DOS."""
    byte = match[0].encode("latin-1")
    return byte.decode("cp1252", "ignore") or byte.decode("cp850")


def _is_seen(letter: str) -> bool:
    return letter.isspace() or unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Co", "Cn")


def names_of(first: str, others: Iterable[str], code: str) -> tuple[str, ...]:
    """The names of a row, the first one its own: prefixes, glued aliases and bracketed names taken apart."""
    pieces = [SUBORDINATE.sub("", first)] if code in OFFICE_LISTS else [first]
    pieces += [piece for alias in others for piece in alias.split(";")]
    # thousands of blanks in a row would hold the patterns up for hours
    pieces = [tidy(piece) if "  " in piece else piece for piece in pieces]
    names: list[str] = []
    for place, piece in enumerate(pieces):
        names += split_brackets(piece, own=place == 0) if code in SPLIT_BRACKETS else [piece]
    if code in OFFICE_LISTS:
        names = [LOST_APOSTROPHE.sub("'", name) for name in names]
    return unique(names)


def unique(names: Iterable[str]) -> tuple[str, ...]:
    """Each name once, tidied; the empty ones left out."""
    clean = (tidy(name).strip(" ;,") for name in names)
    return tuple(dict.fromkeys(name for name in clean if name))


def split_brackets(name: str, *, own: bool) -> list[str]:
    """The names inside one cell: "X (ABC)", "X a.k.a. Y" and "X (some Han)" hold two; "X (Limited)" holds one.

    In an alias the brackets may name a parent ("10th Research Institute of ... (CETC)"), so there the
    abbreviation counts as a name only where it begins as the alias does.
    """
    parts = OTHER_NAME.split(name)
    if len(parts) > 1:
        return [part.strip().removesuffix(")") if "(" not in part else part for part in parts]
    match = TRAILING_BRACKETS.match(name.strip())
    if match is None:
        return [name]
    base, inside = match["name"], match["inside"].strip()
    if not inside or inside.startswith("a sub"):
        return [base]
    if bool(EAST_ASIAN.search(inside)) != bool(EAST_ASIAN.search(base)):
        return [*split_brackets(base, own=own), inside]
    if inside.split()[0].casefold() == base.split()[0].casefold():
        return [base, inside]
    if ABBREVIATION.match(inside):
        return [base, inside] if own or inside[0].casefold() == base[0].casefold() else [base, name]
    return [name]


SCRIPTS: Final = {
    "LATIN": "Latn",
    "CYRILLIC": "Cyrl",
    "GREEK": "Grek",
    "ARABIC": "Arab",
    "HEBREW": "Hebr",
    "CJK": "Hani",
    "HIRAGANA": "Hira",
    "KATAKANA": "Kana",
    "HANGUL": "Hang",
}


def scripts_of(names: Iterable[str]) -> frozenset[str]:
    """The scripts of the letters of names, as ISO 15924 codes; those of no script named here are left out."""
    found: set[str] = set()
    for name in names:
        found |= _scripts_of_name(name) if not name.isascii() else _LATIN if _LETTER.search(name) else _NONE
    return frozenset(found)


_LETTER: Final = re.compile("[A-Za-z]")
_LATIN: Final = frozenset(("Latn",))
_NONE: Final[frozenset[str]] = frozenset()


def _scripts_of_name(name: str) -> frozenset[str]:
    words = (unicodedata.name(letter, "").partition(" ")[0] for letter in set(name) if letter.isalpha())
    return frozenset(SCRIPTS[word] for word in words if word in SCRIPTS)


def scripts_throughout(rows: Iterable[Iterable[str]]) -> frozenset[str]:
    """The scripts in which each of several parties has a name; a party whose names hold no letter is passed over."""
    found = [scripts for names in rows if (scripts := scripts_of(names))]
    return frozenset.intersection(*found) if found else frozenset()


def party_key(name: str) -> str:
    """The name in plain letters and digits, by which a list without numbers tells its parties apart."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return " ".join(re.findall(r"\w+", folded)) or folded
