"""How a name in Han characters may read in Latin letters: place, brand, trade and legal form, each in its English.

A Chinese company name is place + brand + trade + legal form (北京 + 智谱华章 + 科技 + 有限公司). The words of
``words/han.csv`` are taken out, the longest first; the characters between two words are a brand or a person's
name, read as pinyin. A word with several English names ("sugon|dawning") gives a reading for each. Traditional and
Japanese forms are read as simplified ones (OpenCC). The last reading is the pinyin of the whole name, for lists
that print it ("Chengdu Haiguang Jincheng Dianlu Sheji").

>>> han_readings("上海壁仞科技股份有限公司")[0]
'shanghai biren technology co ltd'
"""

from __future__ import annotations

import csv
import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from opencc import OpenCC

MOST_READINGS: Final = 5
HAN: Final = re.compile(r"[\u2e80-\u2fdf\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_RUNS: Final = re.compile(rf"({HAN.pattern}+)")
WORDS: Final = Path(__file__).parent / "words" / "han.csv"
_MENDED: Final = str.maketrans("硏敍槪", "研叙概")  # what OpenCC's table of Japanese forms makes of 研, 叙 and 概
_DIGITS: Final = {numeral: value for value, numeral in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "ニ": 2}
_NUMERAL: Final = "[零〇○ニ一二三四五六七八九十百]"
# 第五十五研究所: a number after 第, or before an institute or a factory.
_NUMBERED: Final = re.compile(rf"第({_NUMERAL}+)|({_NUMERAL}{{2,}})(?=研究|所|厂|院)")
LONGEST_PERSON: Final = 4  # characters; a run of up to so many with no known word may be a person: surname, given name
_SPACE_IN_HAN: Final = re.compile(rf"(?<={HAN.pattern})\s+(?={HAN.pattern})")


def han_readings(name: str) -> tuple[str, ...]:
    """The readings of a name that holds Han characters, the likeliest first; other letters stay as they are."""
    plain = simplified(_SPACE_IN_HAN.sub("", name))
    found: list[str] = [""]
    for part in _RUNS.split(plain):
        options = _run_readings(part) if HAN.match(part) else (part,)
        found = [f"{before} {option}" for option in options for before in found][:MOST_READINGS]
    whole = _RUNS.sub(lambda run: f" {' '.join(_pinyin_words(run.group()))} ", plain)
    return tuple(dict.fromkeys(" ".join(reading.split()) for reading in (*found, whole)))


def simplified(name: str) -> str:
    """The name with traditional and Japanese characters in their simplified form."""
    plain: str = _converter("t2s").convert(_converter("jp2t").convert(name).translate(_MENDED))
    return plain


def _number(run: str) -> int:
    """The number that a run of Chinese numerals below a thousand or of digits stands for (五十五: 55, 七〇二: 702)."""
    if not set(run) & set("十百"):
        return int("".join(str(_DIGITS[numeral]) for numeral in run))
    hundreds, _, rest = run.rpartition("百")
    tens, ten, ones = rest.rpartition("十")
    digits = [_DIGITS[numeral] for numeral in (hundreds or "零", tens or ("一" if ten else "零"), ones[-1:] or "零")]
    return 100 * digits[0] + 10 * digits[1] + digits[2]


def _ordinal(run: str) -> str:
    number = _number(run)
    suffix = "th" if number % 100 in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{suffix}"


def _run_readings(run: str) -> list[str]:
    found = [""]
    cut = _cut(run)
    for word, english in cut:
        names = _names_of(word, english, alone=len(cut) == 1)
        found = [f"{before} {name}".strip() for name in names for before in found][:MOST_READINGS]
    return found


def _cut(run: str) -> list[tuple[str, tuple[str, ...]]]:
    """The run as words, each with its English names; what is no word has none."""
    lexicon, longest = _lexicon()
    cut: list[tuple[str, tuple[str, ...]]] = []
    unknown = ""
    at = 0
    while at < len(run):
        if numbered := _NUMBERED.match(run, at):
            found = numbered.group()
            english: tuple[str, ...] = (_ordinal(numbered.group(1) or numbered.group(2)),)
        else:
            size = next((n for n in range(min(longest, len(run) - at), 0, -1) if run[at : at + n] in lexicon), 0)
            found, english = run[at : at + size], lexicon.get(run[at : at + size], ())
        # One character alone is part of a brand more often than a word (云从, 核芯), except at the end (厂, 局).
        if not found or (len(found) == 1 and at + 1 < len(run)):
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


def _pinyin_words(run: str) -> list[str]:
    return ["".join(_syllables(word)) for word, _ in _cut(run)]


def _syllables(characters: str) -> list[str]:
    from pypinyin import lazy_pinyin

    return [syllable.replace("ü", "u") for syllable in lazy_pinyin(characters)]


@lru_cache(maxsize=1)
def _lexicon() -> tuple[dict[str, tuple[str, ...]], int]:
    with WORDS.open(encoding="utf-8") as lines:
        words = {row["han"]: tuple(row["english"].split("|")) for row in csv.DictReader(lines)}
        lines.seek(0)
        places = [row["han"] for row in csv.DictReader(lines) if row["kind"] == "place"]
    words |= {place + of: words[place] for place in places for of in "市省" if place + of not in words}
    return words, max(map(len, words))


@lru_cache(maxsize=2)
def _converter(table: str) -> OpenCC:
    from opencc import OpenCC

    return OpenCC(table)
