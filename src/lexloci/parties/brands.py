"""Whose brand a name bears: companies of the export lists that are known by a word which is no other's.

"Huawei Malaysia" has more words of its own than it shares with any listed name, and so a low probability; but it may be
a branch. A brand counts where it is no word of English text, or where several listed companies bear it: of 1,808
ordinary companies of stock indices two bear one by chance (Astec, Intertek; 2026-11-30).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from lexloci.parties.engine import Index
from lexloci.parties.kept import kept
from lexloci.parties.sameness import BRAND_LISTS, SHORTEST_BRAND, brand_of, form_of
from lexloci.parties.words_of_names import common_words, general_words

RARE_IN_TEXT: Final = 2.0  # on the Zipf scale; one word of ten million
SEVERAL: Final = 4  # companies
RATHER_RARE_IN_TEXT: Final = 3.5  # of a word that several companies bear ("Huawei": 3.3)


def of_the_brand(index: Index, name: str) -> frozenset[int]:
    """The places of the listed companies whose known brand a name bears; empty where it bears none."""
    words = form_of(name).words
    return _known_brands(index).get(brand_of([*words]), frozenset()) if words else frozenset()


@kept
def _known_brands(index: Index) -> Mapping[str, frozenset[int]]:
    bearers: dict[str, set[int]] = {}
    for place, party in enumerate(index.parties):
        if party.list_code in BRAND_LISTS and party.kind != "Individual" and index.alive[place]:
            for name in party.names:
                if words := form_of(name).words:
                    bearers.setdefault(brand_of([*words]), set()).add(place)
    return {brand: frozenset(places) for brand, places in bearers.items() if _is_known(brand, len(places))}


def _is_known(brand: str, companies: int) -> bool:
    in_text = common_words().get(brand, 0.0)
    of_one = in_text <= RARE_IN_TEXT
    of_several = companies >= SEVERAL and in_text <= RATHER_RARE_IN_TEXT
    return len(brand) >= SHORTEST_BRAND and brand not in general_words() and (of_one or of_several)
