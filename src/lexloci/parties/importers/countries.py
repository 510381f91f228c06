"""The ISO 3166-1 code of a country as official lists spell it; None where no name is the same.

>>> code_of("Islamic Republic of Iran"), code_of("Korea, North"), code_of("Nowhere")
('IR', 'KP', None)
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from lexloci.catalogue.country import countries

# Spellings of OFAC, BIS, METI, MOFCOM and the United Nations that the catalogue's own names do not have.
SPELLINGS: Final = {
    "arab republic of egypt": "EG",
    "bahamas, the": "BS",
    "bosnia & herzegovina": "BA",
    "burma": "MM",
    "cabo verde": "CV",
    "china (mainland)": "CN",
    "congo, democratic republic of the": "CD",
    "congo, republic of the": "CG",
    "cote d ivoire": "CI",
    "cote d'ivoire": "CI",
    "crimea region of ukraine": "UA",
    "crimea (occupied)": "UA",
    "czech republic": "CZ",
    "democratic people's republic of korea": "KP",
    "democratic republic of the congo": "CD",
    "gambia, the": "GM",
    "great britain": "GB",
    "hong kong": "HK",
    "islamic republic of afghanistan": "AF",
    "islamic republic of iran": "IR",
    "iran (islamic republic of)": "IR",
    "islamic republic of pakistan": "PK",
    "ivory coast": "CI",
    "kosovo": "XK",
    "korea, north": "KP",
    "korea, south": "KR",
    "kyrgyz republic": "KG",
    "macao": "MO",
    "macau": "MO",
    "north korea": "KP",
    "north macedonia, the republic of": "MK",
    "palestinian": "PS",
    "people's republic of china": "CN",
    "region: gaza": "PS",
    "region: northern mali": "ML",
    "republic of korea": "KR",
    "republic of lebanon": "LB",
    "republic of yemen": "YE",
    "russia": "RU",
    "russian federation": "RU",
    "somali democratic republic": "SO",
    "south korea": "KR",
    "state of israel": "IL",
    "syria": "SY",
    "syrian arab republic": "SY",
    "taiwan": "TW",
    "türkiye": "TR",
    "turkey": "TR",
    "uae": "AE",
    "u.a.e.": "AE",
    "uk": "GB",
    "united kingdom": "GB",
    "united kingdom of great britain and northern ireland": "GB",
    "united states": "US",
    "united states of america": "US",
    "usa": "US",
    "vietnam": "VN",
    "virgin islands, british": "VG",
    "west bank": "PS",
    "日本": "JP",
    "美国": "US",
    "台湾": "TW",
}


@lru_cache(maxsize=4096)
def code_of(name: str) -> str | None:
    """The alpha-2 code of a country by code, name or spelling of the lists; None where none is exactly that."""
    key = " ".join(name.replace("’", "'").casefold().split())
    return SPELLINGS.get(key) or _by_name().get(key) or _by_name().get(key.removeprefix("the "))


@lru_cache(maxsize=1)
def _by_name() -> dict[str, str]:
    found: dict[str, str] = {}
    for country in countries().values():
        for name in (country.code, country.name, *country.aliases):
            found.setdefault(" ".join(name.casefold().split()), country.code)
    return found


def codes_of(names: tuple[str, ...] | list[str]) -> tuple[str, ...]:
    """The codes of several names, each once, in their order; those that are no country are left out."""
    return tuple(dict.fromkeys(code for name in names if (code := code_of(name)) is not None))
