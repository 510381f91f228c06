"""Each Chinese word of company names says who prints it, and how far that can be relied on."""

from __future__ import annotations

import csv

import pytest

from build_han_words import COLUMNS, LISTS, SOURCES, TARGET, official_pairs, source_of

with TARGET.open(encoding="utf-8") as lines:
    WORDS = list(csv.DictReader(lines))
with SOURCES.open(encoding="utf-8") as lines:
    NAMED = {row["han"]: row["source"] for row in csv.DictReader(lines)}


def test_the_table_is_what_its_builder_writes() -> None:
    assert tuple(WORDS[0]) == COLUMNS
    pairs = official_pairs()
    for word in WORDS:
        assert (word["source"], word["level"]) == source_of(word, pairs, NAMED), word["han"]


@pytest.mark.parametrize(
    ("level", "sources"),
    [("official", set(LISTS.values())), ("secondary", set(NAMED.values())), ("vocabulary", {"vocabulary"}),
     ("recalled", {"recalled"})],
)  # fmt: skip
def test_a_level_says_where_its_words_come_from(level: str, sources: set[str]) -> None:
    assert {word["source"] for word in WORDS if word["level"] == level} <= sources


def test_a_trade_name_is_official_secondary_or_marked_as_recalled() -> None:
    brands = [word for word in WORDS if word["kind"] == "brand"]
    assert {word["level"] for word in brands} == {"official", "secondary", "recalled"}
    assert len({word["han"] for word in WORDS}) == len(WORDS)
    assert set(NAMED) <= {word["han"] for word in brands if word["level"] in {"secondary", "official"}}
