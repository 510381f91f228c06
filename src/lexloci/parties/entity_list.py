"""What a row of the Entity List asks: its policy of review, its scope, its footnotes.

The words are those of the row (Supplement No. 4 to 15 CFR Part 744); several rows of one party join
by the most severe. Source of the footnotes' sections: 15 CFR 734.9(e) and (g).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from lexloci.model.fact import ABSENT, UNKNOWN, Fact, Value
from lexloci.parties.lists import ListedParty

# Most severe first. A row that denies all but some goods (food, health, telephones) counts as denial.
POLICIES: Final = (
    ("policy of denial", re.compile(r"policy of denial", re.IGNORECASE)),
    ("presumption of denial", re.compile(r"presumption (?:of|for) denial", re.IGNORECASE)),
    ("case by case", re.compile(r"cas[ea]-by[- ]case", re.IGNORECASE)),
    ("other", re.compile("")),
)
ALL_ITEMS: Final = re.compile(
    r"^(?:for )?all items subject to the EAR(?!.*\b(?:except|apart from|when used))", re.IGNORECASE
)
FOOTNOTES: Final = (
    ("1", re.compile(r"734\.9\(e\) ?1")),
    ("3", re.compile(r"734\.9\(g\)")),
    ("4", re.compile(r"734\.9\(e\)\(2\)|734\.9\(e\)(?! ?[1(]).*EAR\) ?4")),
    ("5", re.compile(r"734\.9\(e\)\(3\)")),
)
PRODUCT_RULE: Final = re.compile(r"734\.9\(e\)")
NAMES: Final = ("entity_list_policy", "entity_list_scope", "entity_list_footnotes")


def licence_facts(listed: Fact, rows: Sequence[ListedParty]) -> dict[str, Fact]:
    """Policy, scope and footnotes of a party's rows; ABSENT where it is not listed, UNKNOWN where that is open."""
    if listed.value is not True:
        value: Value = ABSENT if listed.value is False else UNKNOWN
        return dict.fromkeys(NAMES, Fact(value, listed.origin))
    words = "; ".join(dict.fromkeys(f"{row.licence_requirement} / {row.licence_policy}" for row in rows))
    origin = f"Entity List, words of the entry: {words}"
    return {
        "entity_list_policy": Fact(policy_of(rows), origin),
        "entity_list_scope": Fact(scope_of(rows), origin),
        "entity_list_footnotes": Fact(footnotes_of(rows), origin),
    }


def policy_of(rows: Sequence[ListedParty]) -> str:
    """The most severe policy of review: policy of denial, presumption of denial, case by case or other."""
    return next(name for name, words in POLICIES if any(words.search(row.licence_policy) for row in rows))


def scope_of(rows: Sequence[ListedParty]) -> str:
    """What the rows reach: all items (a row names every item subject to the EAR, without exception) or as stated."""
    return "all items" if any(ALL_ITEMS.match(row.licence_requirement) for row in rows) else "as stated"


def footnotes_of(rows: Sequence[ListedParty]) -> Value:
    """The footnotes that bring in a foreign-direct-product rule (1, 3, 4, 5), as "1" or "1,4"; "" for none.

    UNKNOWN where a row cites 15 CFR 734.9(e) without telling which footnote.
    """
    found: set[str] = set()
    for row in rows:
        of_row = {name for name, words in FOOTNOTES if words.search(row.licence_requirement)}
        if not of_row and PRODUCT_RULE.search(row.licence_requirement):
            return UNKNOWN
        found |= of_row
    return ",".join(sorted(found))
