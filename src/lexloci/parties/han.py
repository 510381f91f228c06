"""How a name in Han characters may read in Latin letters: place, brand, trade and legal form, each in its English.

A Chinese company name is place + brand + trade + legal form (北京 + 智谱华章 + 科技 + 有限公司). The words of
``words/han.csv`` are taken out, the longest first; the characters between two words are a brand or a person's
name, read as pinyin. A word with several English names ("sugon|dawning") gives a reading for each. Traditional and
Japanese forms are read as simplified ones (OpenCC). The last reading is the pinyin of the whole name, for lists
that print it ("Chengdu Haiguang Jincheng Dianlu Sheji").

Where the English name of a whole Chinese one is no reading of it (中芯南方: Semiconductor Manufacturing South China),
``words/han_names.csv`` has the English name as a list prints it; that reading comes first. A name of Hong Kong, or in
traditional characters, is also read as Hong Kong romanises it.

>>> han_readings("上海壁仞科技股份有限公司")[0]
'shanghai biren technology co ltd'
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from opencc import OpenCC

MOST_READINGS: Final = 6
HAN: Final = re.compile(r"[\u2e80-\u2fdf\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_RUNS: Final = re.compile(rf"({HAN.pattern}+)")
WORDS: Final = Path(__file__).parent / "words" / "han.csv"
NAMES: Final = WORDS.with_name("han_names.csv")
HONG_KONG: Final = WORDS.with_name("han_hong_kong.csv")
RECALLED: Final = "recalled"
# What OpenCC's table of Japanese forms makes of 研, 叙 and 概, and forms that its tables do not have.
_MENDED: Final = str.maketrans("硏敍槪厰衞甯鑛邨淸靑隣", "研叙概厂卫宁矿村清青邻")
_DIGITS: Final = {numeral: value for value, numeral in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "ニ": 2}
_UNITS: Final = {"十": 10, "百": 100}
_NUMERAL: Final = "[零〇○ニ一二三四五六七八九十百]"
# 第五十五研究所: a number after 第, or before an institute or a factory; one numeral alone only at the end (二院).
_NUMBERED: Final = re.compile(rf"第({_NUMERAL}+)|({_NUMERAL}{{2,}})(?=研究|所|厂|院)|({_NUMERAL})(?=[所厂院]$)")
# What a whole name is looked up without: its legal form, that of a group within it, 市 and 省 behind a place, brackets.
_LEGAL_END: Final = re.compile("(?<=..)(?:股份)?(?:有限)?(?:责任)?总?公司$|(?<=..)股份$")
_LEGAL_OF_GROUP: Final = re.compile("(?<=集团)(?:股份)?(?:有限)?(?:责任)?公司(?=.)")
_NO_PART: Final = re.compile(r"[\s()（）·・]|(?<=[\u4e00-\u9fff]{2})[市省](?=[\u4e00-\u9fff])")
SHORTEST_WITHIN: Final = 3  # characters of a whole name that is looked for within a longer one
LONGEST_PERSON: Final = 4  # characters; a run of up to so many with no known word may be a person: surname, given name
_LATIN_WORD: Final = re.compile(r"[A-Za-z]{2}")
_SPACE_IN_HAN: Final = re.compile(rf"(?<={HAN.pattern})\s+(?={HAN.pattern})")


def han_readings(name: str) -> tuple[str, ...]:
    """The readings of a name that holds Han characters, the likeliest first; other letters stay as they are."""
    named = _named(name)
    return tuple(dict.fromkeys((*(named.english if named else ()), *word_readings(name), *_each_script(name))))


def _each_script(name: str) -> tuple[str, ...]:
    """A party's name in two scripts side by side ("Huawei 华为") is two names: each by itself, none for other names.

    Two names they are only where the Han characters name somebody: those of "LG化学" (chemical) say what LG does.
    """
    latin = " ".join(_RUNS.sub(" ", name).split())
    han = "".join(_RUNS.findall(name))
    if not han or not _LATIN_WORD.search(latin):
        return ()
    if not (_named(han) or any(not english or word in _brands() for word, english in _cut(simplified(han)))):
        return ()
    return (latin, *han_readings(han))


def word_readings(name: str, *, sure: bool = False) -> tuple[str, ...]:
    """The readings that the table of words gives; without its trade names from memory if they are to be ``sure``."""
    plain = simplified(_SPACE_IN_HAN.sub("", name))
    found: list[str] = [""]
    for part in _RUNS.split(plain):
        options = _run_readings(part, sure=sure) if HAN.match(part) else (part,)
        found = [f"{before} {option}" for option in options for before in found][:MOST_READINGS]
    found.append(_RUNS.sub(lambda run: f" {' '.join(_pinyin_words(run.group(), sure=sure))} ", plain))
    if plain != name or "香港" in plain:  # of Hong Kong, or written as there
        found.append(_RUNS.sub(lambda run: f" {' '.join(_hong_kong_words(run.group()))} ", plain))
    return tuple(dict.fromkeys(" ".join(reading.split()) for reading in found))


def whole_form(name: str) -> str:
    """The name as whole names are looked up: simplified, without legal form, brackets, spaces, 市 and 省.

    >>> whole_form("中國電子科技集團有限公司第五十八研究所"), whole_form("摩尔线程智能科技（北京）股份有限公司")
    ('中国电子科技集团第五十八研究所', '摩尔线程智能科技北京')
    """
    return _LEGAL_END.sub("", with_legal_form(name))


def with_legal_form(name: str) -> str:
    """The same with the legal form at its end, which tells some names apart."""
    return _LEGAL_OF_GROUP.sub("", _NO_PART.sub("", simplified(name).casefold()))


def recalled_in(name: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The parts of a name that are read from memory alone: each, and the English names that it gets."""
    if named := _named(name):
        return ((named.han, named.listed),) if named.level == RECALLED else ()
    recalled = _recalled_words()
    cut = (part for run in _RUNS.findall(simplified(_SPACE_IN_HAN.sub("", name))) for part in _cut(run))
    return tuple(part for part in cut if part[0] in recalled)


def _named(name: str) -> WholeName | None:
    """The whole name of the table that a name is, or that it holds between a place and words of trade."""
    names, bare = _names(), with_legal_form(name)
    found = names.get(bare) or names.get(_LEGAL_END.sub("", bare))
    return found or (_named_within(bare) if _RUNS.fullmatch(bare) else None)


def _named_within(run: str) -> WholeName | None:
    cut = _cut(run)
    unknown = [place for place, (_, english) in enumerate(cut) if not english]
    if not unknown:  # words with English names of their own say more: 寒武纪 may be any company of Cambricon
        return None
    spans = [
        "".join(word for word, _ in cut[start:end])
        for start in range(unknown[0] + 1)
        for end in range(len(cut), unknown[-1], -1)
    ]
    known = [span for span in spans if len(span) >= SHORTEST_WITHIN and span in _names()]
    return _names()[max(known, key=len)] if known else None


@lru_cache(maxsize=256)  # a name is read as a whole and by its words
def simplified(name: str) -> str:
    """The name with traditional and Japanese characters in their simplified form."""
    plain: str = _converter("t2s").convert(_converter("jp2t").convert(name).translate(_MENDED))
    return plain


def _number(run: str) -> int:
    """The number that a run of Chinese numerals below a thousand or of digits stands for (五十五: 55, 七〇二: 702).

    A run that is no number (百百) gets one all the same: any text may be asked.
    """
    if not _UNITS.keys() & set(run):
        return int("".join(str(_DIGITS[numeral]) for numeral in run))
    total = digit = 0
    for numeral in run:
        if unit := _UNITS.get(numeral):
            total, digit = total + (digit or 1) * unit, 0
        else:
            digit = _DIGITS[numeral]
    return total + digit


def _ordinal(run: str) -> str:
    number = _number(run)
    suffix = "th" if number % 100 in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{suffix}"


def _run_readings(run: str, *, sure: bool = False) -> list[str]:
    found = [""]
    cut = _cut(run, sure=sure)
    for word, english in cut:
        names = _names_of(word, english, alone=len(cut) == 1)
        found = [f"{before} {name}".strip() for name in names for before in found][:MOST_READINGS]
    return found


def _cut(run: str, *, sure: bool = False) -> list[tuple[str, tuple[str, ...]]]:
    """The run as words, each with its English names; what is no word has none."""
    lexicon, longest = _lexicon(sure)
    cut: list[tuple[str, tuple[str, ...]]] = []
    unknown = ""
    at = 0
    while at < len(run):
        if numbered := _NUMBERED.match(run, at):
            found = numbered.group()
            english: tuple[str, ...] = (_ordinal(next(filter(None, numbered.groups()))),)
        else:
            size = next((n for n in range(min(longest, len(run) - at), 0, -1) if run[at : at + n] in lexicon), 0)
            found, english = run[at : at + size], lexicon.get(run[at : at + size], ())
        # One character alone is part of a brand more often than a word (云从, 核芯), except at the end (厂, 局).
        if not found or (len(found) == 1 and not numbered and at + 1 < len(run)):
            unknown += run[at]
            at += 1
            continue
        if unknown:
            cut.append((unknown, ()))
            unknown = ""
        cut.append((found, english))
        at += len(found)
    return [*cut, (unknown, ())] if unknown else cut


def _names_of(word: str, english: tuple[str, ...], *, alone: bool) -> tuple[str, ...]:
    if english:
        return english
    syllables = _syllables(word)
    if alone and 1 < len(word) <= LONGEST_PERSON:
        return (f"{syllables[0]} {''.join(syllables[1:])}", "".join(syllables))
    return ("".join(syllables),)


def _pinyin_words(run: str, *, sure: bool = False) -> list[str]:
    return ["".join(_syllables(word)) for word, _ in _cut(run, sure=sure)]


def _hong_kong_words(run: str) -> list[str]:
    """The words of a run, a brand as it is romanised in Hong Kong; its pinyin where the table lacks a character."""
    sounds = _hong_kong()
    return [
        english[0]
        if english
        else " ".join(sounds[one] for one in word)
        if sounds.keys() >= set(word)
        else "".join(_syllables(word))
        for word, english in _cut(run)
    ]


@lru_cache(maxsize=8192)
def _syllables(characters: str) -> tuple[str, ...]:
    from pypinyin import lazy_pinyin

    return tuple(syllable.replace("ü", "u") for syllable in lazy_pinyin(characters))


@lru_cache(maxsize=1)
def _hong_kong() -> dict[str, str]:
    with HONG_KONG.open(encoding="utf-8") as lines:
        return {row["han"]: row["english"] for row in csv.DictReader(lines)}


@lru_cache(maxsize=1)
def _words() -> tuple[dict[str, str], ...]:
    with WORDS.open(encoding="utf-8") as lines:
        return tuple(csv.DictReader(lines))


@lru_cache(maxsize=2)
def _lexicon(sure: bool) -> tuple[dict[str, tuple[str, ...]], int]:  # noqa: FBT001 - lru_cache takes it so
    rows = [row for row in _words() if not (sure and row["level"] == RECALLED)]
    words = {row["han"]: tuple(row["english"].split("|")) for row in rows}
    for brand in (row["han"] for row in rows if row["kind"] == "brand" and len(row["han"]) <= LONGEST_PERSON):
        words[brand] = tuple(dict.fromkeys((*words[brand], "".join(_syllables(brand)))))
    places = [row["han"] for row in rows if row["kind"] == "place"]
    words |= {place + of: words[place] for place in places for of in "市省" if place + of not in words}
    return words, max(map(len, words))


@lru_cache(maxsize=1)
def _brands() -> frozenset[str]:
    return frozenset(row["han"] for row in _words() if row["kind"] == "brand")


@lru_cache(maxsize=1)
def _recalled_words() -> frozenset[str]:
    return frozenset(row["han"] for row in _words() if row["level"] == RECALLED)


@dataclass(frozen=True, slots=True)
class WholeName:
    """A whole Chinese name, the English names under which lists have the party, as printed and as read; the level."""

    han: str
    listed: tuple[str, ...]
    english: tuple[str, ...]
    level: str


@lru_cache(maxsize=1)
def _names() -> dict[str, WholeName]:
    with NAMES.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    found = {}
    for row in rows:
        listed = tuple(row["english"].split("|"))
        english = tuple(" ".join(re.findall(r"[^\W_]+", name.casefold().replace("’", ""))) for name in listed)
        found[row["han"]] = WholeName(row["han"], listed, english, row["level"])
    return found


@lru_cache(maxsize=2)
def _converter(table: str) -> OpenCC:
    from opencc import OpenCC

    return OpenCC(table)
