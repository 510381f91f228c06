"""The names that one text gives of a party: "X aka Y", "X (formerly Y)", "X; Y" are two names, and both are screened.

>>> names_in("Quiet Bakery (formerly Sugon)"), names_in("AKA Bank")
(('Quiet Bakery (formerly Sugon)', 'Quiet Bakery', 'Sugon'), ('AKA Bank',))
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from lexloci.parties.folding import check_name, readings
from lexloci.parties.words_of_names import SMALL_WORDS, general_words, parse, words_of_legal_forms

# What stands between two names of one party. A stroke parts names where blanks are around it ("A/S" is a legal form),
# and 原名 where a mark is beside it (中原名酒 is a name).
_BETWEEN: Final = re.compile(
    r"""[\s,(（,，]*(?:;|；|\s[/|]\s
    |\b(?:a[./]?k[./]?a|f[./]?k[./]?a|n[./]?k[./]?a|d[./]?b[./]?a|t/a)\b\.?
    |\b(?:also|formerly|previously|now|then)\s+(?:known|registered|trading|called|named)(?:\s+as)?\b
    |\bknown\s+as\b|\b(?:trading|operating)\s+as\b|\bdoing\s+business\s+as\b|\bformerly\b|\bpreviously\b|\balias\b
    |曾用名[称稱]?|又名|又[称稱]|亦[称稱]|[别別]名|[更改]名[为為]
    |(?<![^\s,(（，])(?:原名|原[称稱]|前[称稱]|[旧舊][称稱名])|(?:原名|原[称稱]|前[称稱]|[旧舊][称稱名])(?=[:：]))[\s:,：，]*""",
    re.IGNORECASE | re.VERBOSE,
)


def names_in(name: str) -> tuple[str, ...]:
    """A name as it is, and each of several that it holds. ScreeningError for what is no name."""
    check_name(name)  # first: blanks without end would hold the pattern up for hours
    parts = [part.strip(" ,，()（）") for part in _BETWEEN.split(name)]
    if len(parts) == 1:
        return (name,)
    return tuple(dict.fromkeys((name, *filter(_names_somebody, parts))))


def all_names(names: Iterable[str]) -> tuple[str, ...]:
    """The names of a party, and those that they hold."""
    return tuple(part for name in names for part in names_in(name))


def _names_somebody(part: str) -> bool:
    words = {word for reading in readings(part) for word in parse(reading).words}
    said = words - general_words() - SMALL_WORDS - words_of_legal_forms()
    return any(len(word) > 1 for word in said)
