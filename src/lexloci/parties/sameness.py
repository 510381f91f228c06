"""Whether a name and a listed one are the same, alike, one within the other, or of one brand: rules on normal forms.

Each rule is asked of every listed name that it can hold for: those that are the same written together, those that share
a distinctive word, those alike by letters (``plain_names``).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from rapidfuzz import fuzz

from lexloci.parties.folding import normalise
from lexloci.parties.listing import ListedParty

if TYPE_CHECKING:
    from lexloci.parties.engine import Index

SIMILAR_FROM: Final = 88.0  # 0-100; two letters off in a name of seventeen
SHORTEST_SIMILAR: Final = 5
DISTINCTIVE: Final = 6.5  # ln(rows / rows with the word): in fewer than 40 of 25,951 rows
SHORTEST_BRAND: Final = 3
LONGEST_ABBREVIATION: Final = 4
BRAND_LISTS: Final = ("EL", "MEU", "UVL", "CMIC", "1260H")
PARENT_COUNTRY: Final = {"HK": "CN", "MO": "CN"}
# China, its province-level divisions (ISO 3166-2:CN) and cities that company names begin with; other
# places of sites and operators; words of place in general.
_PLACES: Final = """
china chinese hong kong hongkong hk macau macao taiwan beijing shanghai tianjin chongqing guangdong zhejiang
jiangsu shandong sichuan hubei hunan henan hebei fujian anhui shaanxi shanxi liaoning jilin heilongjiang yunnan
guizhou guangxi hainan gansu qinghai ningxia xinjiang tibet jiangxi inner mongolia shenzhen guangzhou hangzhou
nanjing wuhan chengdu xian suzhou wuxi hefei xiamen qingdao jinan dalian shenyang harbin changsha zhengzhou ningbo
zhuhai dongguan
asia asian southeast singapore malaysia johor kuala lumpur indonesia jakarta batam thailand bangkok vietnam
philippines japan tokyo korea india uae emirates dubai abu dhabi saudi arabia qatar kuwait bahrain oman israel
russia russian iran usa america american united states kingdom europe european
global international national north south east west the new
"""
# Words that begin many names and name nobody.
_COMMON: Final = """
university institute institution academy college school centre center laboratory society association organization
government ministry agency commission bureau department bank company group joint stock technology research science
of and for in
"""
PLACES: Final = frozenset(_PLACES.split())
COMMON: Final = frozenset(_COMMON.split())


class Match(StrEnum):
    """How a name matches a row of a list."""

    EXACT = "exact"
    ABBREVIATION = "same abbreviation, other country"
    SIMILAR = "similar"
    CONTAINS = "contains"
    BRAND = "same brand word"
    PROBABLE = "probable"


def brand_of(words: list[str]) -> str:
    """The word that a company goes by: the first that is no place and no common word, else the first."""
    return next((word for word in words if word not in PLACES and word not in COMMON), words[0])


@dataclass(frozen=True, slots=True)
class Form:
    """The normal form of a name, written together, in alphabetical order, and as a set of words."""

    words: tuple[str, ...]
    together: str
    ordered: str
    distinct: frozenset[str]


@lru_cache(maxsize=65536)
def form_of(name: str) -> Form:
    """The normal form of a name, ready to be compared."""
    words = tuple(normalise(name).split())
    return Form(words, "".join(words), " ".join(sorted(words)), frozenset(words))


def sameness(
    index: Index, asked: Form, party: ListedParty, listed: Form, country: str | None
) -> tuple[float, Match] | None:
    """The score (0-100) and the first rule by which a listed name is the one asked or may be; None: no rule says so.

    ``country`` (ISO code) guards abbreviations: in another country than the row's addresses they are only possible.
    """
    if not listed.words:
        return None
    if asked.together == listed.together:
        return 100.0, _of_the_same_name(asked, party, country)
    found: list[tuple[float, Match]] = []
    if len(asked.ordered) >= SHORTEST_SIMILAR:
        alike = fuzz.ratio(asked.ordered, listed.ordered, score_cutoff=SIMILAR_FROM)
        if alike:
            found.append((min(99.0, alike), Match.SIMILAR))
    if party.kind != "Individual":
        shared = asked.distinct & listed.distinct
        is_within = shared in {asked.distinct, listed.distinct}
        if is_within and max(map(index.rarity, shared)) >= DISTINCTIVE:
            found.append((98.0 * _overlap(index, shared, asked, listed), Match.CONTAINS))
        if (
            party.list_code in BRAND_LISTS
            and is_brand(index, asked)
            and brand_of([*listed.words]) == brand_of([*asked.words])
        ):
            found.append((97.0 * _overlap(index, shared, asked, listed), Match.BRAND))
    return max(found, key=lambda one: one[0], default=None)


def is_brand(index: Index, asked: Form) -> bool:
    """Whether the brand word of a name names somebody: it is rare on the lists, or a whole name there."""
    brand = brand_of([*asked.words])
    return len(brand) >= SHORTEST_BRAND and (index.rarity(brand) >= DISTINCTIVE or _is_whole_name(index, brand))


def _is_whole_name(index: Index, brand: str) -> bool:
    """Whether a company of ``BRAND_LISTS`` bears the word as its name."""
    return any(
        form_of(segment.listed[number]).words == (brand,)
        and (party := index.parties[int(segment.owners[number])]).list_code in BRAND_LISTS
        and party.kind != "Individual"
        for segment in index.segments
        for number in segment.plain.holding.get(brand, ())
    )


def _of_the_same_name(asked: Form, party: ListedParty, country: str | None) -> Match:
    elsewhere = (
        country is not None and party.countries and not {country, PARENT_COUNTRY.get(country)} & {*party.countries}
    )
    return Match.ABBREVIATION if elsewhere and len(asked.together) <= LONGEST_ABBREVIATION else Match.EXACT


def _overlap(index: Index, shared: frozenset[str], asked: Form, listed: Form) -> float:
    return 2 * _weight(index, shared) / (_weight(index, listed.distinct) + _weight(index, asked.distinct))


def _weight(index: Index, words: frozenset[str]) -> float:
    return sum(map(index.rarity, words))
