"""When two names are the same name: one normal form for spelling, script width, accents and legal forms.

>>> normalise("Sophgo Technologies Pte. Ltd.")
'sophgo technologies'
>>> normalise("  浪潮集团有限公司 ")
'浪潮集团'
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

INITIALS: Final = re.compile(r"(?<=\b\w)\.(?=\w\b)")
APOSTROPHES: Final = str.maketrans("", "", "'’‘ʼ`´")
NOT_A_WORD: Final = re.compile(r"[\W_]+")
HAN_LEGAL_FORMS: Final = ("股份有限公司", "有限责任公司", "有限公司", "公司")
# English (Singapore, Malaysia, Hong Kong, India, the Gulf); continental Europe, Latin America, Japan,
# Indonesia, Türkiye; Russia and Belarus, romanised.
_LEGAL_FORMS: Final = """
co company corp corporation inc incorporated ltd limited llc llp lp plc pte pvt pty sdn bhd fze fzco fzc fzllc
gmbh ag kg sa sas sarl srl spa bv nv kk pt tbk as sti
ooo oao zao pao ao jsc ojsc cjsc pjsc
"""
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
LEGAL_FORMS: Final = frozenset(_LEGAL_FORMS.split())
PLACES: Final = frozenset(_PLACES.split())
COMMON: Final = frozenset(_COMMON.split())


@lru_cache(maxsize=65536)
def normalise(name: str) -> str:
    """The normal form of a name: casefolded words without accents, punctuation and legal forms, by one space.

    A name that is nothing but a legal form keeps it. Empty where the name holds no letter or digit.
    """
    words = _plain(name).split()
    start, end = 0, len(words)
    while end - start > 1 and words[end - 1] in LEGAL_FORMS:
        end -= 1
    while end - start > 1 and words[start] in LEGAL_FORMS:
        start += 1
    return " ".join(_without_han_form(word) for word in words[start:end])


def _plain(name: str) -> str:
    if not name.isascii():
        decomposed = unicodedata.normalize("NFKD", name)
        kept = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
        name = unicodedata.normalize("NFKC", kept)
    name = name.casefold().replace("&", " and ").translate(APOSTROPHES)
    return NOT_A_WORD.sub(" ", INITIALS.sub("", name))


def brand_of(words: list[str]) -> str:
    """The word that a company goes by: the first that is no place and no common word, else the first."""
    return next((word for word in words if word not in PLACES and word not in COMMON), words[0])


def has_latin(name: str) -> bool:
    """Whether a name holds a Latin letter; the bundled lists hold names in no other script."""
    return any(letter.isalpha() and unicodedata.name(letter, "").startswith("LATIN") for letter in name)


def _without_han_form(word: str) -> str:
    for form in HAN_LEGAL_FORMS:
        if word.endswith(form) and len(word) > len(form):
            return word.removesuffix(form)
    return word
