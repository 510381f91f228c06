"""Is an exporter an addressee of the is-informed letters, or does its name only look like one?

The letters bind those who received them. The exact names stand in ``us_ear/sets/addressees.yaml``; a
name that only looks like one of them (a regional company, another spelling), or an owner's that does,
decides nothing: the fact is unknown, and a person is asked.

>>> addressee_facts(["Nvidia Singapore Pte Ltd"], "file")["exporter.is_nvidia"].value
unknown
>>> addressee_facts(["server maker, Taiwan"], "file")["exporter.is_nvidia"].value
False
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from lexloci.model.fact import UNKNOWN, Fact

_RESEMBLES: Final[Mapping[str, re.Pattern[str]]] = {
    "exporter.is_nvidia": re.compile(r"n[\W_]*vidia|\bnvda\b|英伟达|英偉達|輝達|辉达"),
    "exporter.is_amd": re.compile(r"\ba\W?m\W?d\b|advanced\W+micro\W+devices|超威半|超微半"),
}


def addressee_facts(names: Iterable[str], origin: str) -> dict[str, Fact]:
    """Whether an exporter of these names is NVIDIA or AMD beyond the exact names of the sets: no, or unknown."""
    known = tuple(names)
    facts: dict[str, Fact] = {}
    for fact, words in _RESEMBLES.items():
        close = [name for name in known if words.search(name.casefold())]
        if close:
            facts[fact] = Fact(UNKNOWN, f"{origin}: {', '.join(close)} may be an addressee of the letters or not")
        else:
            facts[fact] = Fact(False, f"{origin}: no name of it or of its stated owners looks like an addressee")
    return facts
