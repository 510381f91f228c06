"""A name that bears the brand of a listed company is possible at least; common words and persons' names link nobody."""

from __future__ import annotations

import pytest

from lexloci.parties.brands import of_the_brand
from lexloci.parties.findings import Question, find, index_of
from lexloci.parties.lists import current_lists
from lexloci.parties.screening import REVIEW_FROM
from lexloci.parties.words_of_names import common_words


@pytest.mark.parametrize(
    ("name", "listed"),
    [
        ("Huawei Malaysia", "Huawei"),
        ("SMIC Japan", "SMIC"),
        ("CETC Europe", "CETC"),
        ("Sugon Malaysia", "Sugon"),
        ("Inspur Malaysia", "Inspur"),
        ("Hikvision Europe", "Hikvision"),
    ],
)
def test_a_branch_of_a_listed_brand_is_not_clear(name: str, listed: str) -> None:
    (found,) = find([Question(name)], at_least=REVIEW_FROM)
    assert listed in {word for one in found for word in one.listed_name.split()}


@pytest.mark.parametrize(
    "name", ["Mercury General", "Delta Air Lines", "Alexander & Baldwin", "Zhang Industries", "Ltd."]
)
def test_a_common_word_or_a_name_of_persons_is_no_brand(name: str) -> None:
    assert not of_the_brand(index_of(current_lists()), name)


def test_a_brand_is_kept_with_the_lists_that_it_is_of() -> None:
    index = index_of(current_lists())
    bearers = of_the_brand(index, "Sugon Malaysia")
    assert {name for place in bearers for name in index.parties[place].names if name == "Sugon"}
    gone = index.changed((), [index.parties[place] for place in bearers])
    assert not of_the_brand(gone, "Sugon Malaysia")
    assert of_the_brand(index, "Sugon Malaysia") == bearers


def test_how_common_words_are_is_in_the_order_of_their_use() -> None:
    words = common_words()
    assert words["the"] > words["company"] > words["mercury"] > words["blackrock"] >= 1.5
    assert "sensetime" not in words
