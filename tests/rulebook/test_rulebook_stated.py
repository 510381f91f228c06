"""A value that is not of its fact's type is a mistake with a mend, and never a fact that silences a rule."""

from __future__ import annotations

from datetime import date

import pytest

from lexloci.law.rule import FactType
from lexloci.rulebook.book import bundled_rulebook
from lexloci.rulebook.stated import mend_of, wrong_value

COUNTRY = FactType("site.country", "country", "Where?")
TENURE = FactType("supply.tenure", "text", "On which tenure?", ("owned", "leased", "rented"))
NUMBER = FactType("dataset.persons", "number", "How many?")
YES_OR_NO = FactType("end_user.us_person", "bool", "Is it?")


@pytest.mark.parametrize(
    ("fact", "value", "message", "mend"),
    [
        (COUNTRY, "China", '"China" is no ISO 3166 code', "did you mean CN?"),
        (COUNTRY, "cn", '"cn" is no ISO 3166 code', "did you mean CN?"),
        (COUNTRY, 86, "86 is no ISO 3166 code", "write one such as MY or SG"),
        (COUNTRY, False, "false is no ISO 3166 code", "write one such as MY or SG"),
        (TENURE, "lease", '"lease" is none of its choices', "did you mean leased?"),
        (TENURE, 5, "5 is none of its choices", "write owned, leased, rented"),
        (NUMBER, -1, "-1 is below 0", "write 0 or more"),
        (NUMBER, "5 million", '"5 million" is no number', "write the number alone, without a unit"),
        (NUMBER, True, "true is no number", "write the number alone, without a unit"),
        (NUMBER, date(2025, 1, 1), "2025-01-01 is no number", "write the number alone, without a unit"),
        (YES_OR_NO, "no", '"no" is neither true nor false', "write one of them"),
        (YES_OR_NO, 0, "0 is neither true nor false", "write one of them"),
    ],
)
def test_a_value_of_another_type_is_refused_with_its_mend(fact, value, message, mend) -> None:
    assert wrong_value(fact, value) == (message, mend)


@pytest.mark.parametrize(
    ("fact", "value"), [(COUNTRY, "CN"), (COUNTRY, "HK"), (TENURE, "rented"), (NUMBER, 0), (YES_OR_NO, False)]
)
def test_a_value_of_its_type_is_taken(fact, value) -> None:
    assert wrong_value(fact, value) is None


def test_a_text_without_choices_may_look_like_a_number() -> None:
    assert wrong_value(FactType("exporter.name", "text", "Who?"), 1688) is None


def test_every_type_of_the_vocabulary_is_one_that_is_judged_here() -> None:
    assert {fact.type for fact in bundled_rulebook().vocabulary.values()} == {"bool", "number", "country", "text"}


def test_a_name_that_is_near_none_is_mended_with_the_words_given() -> None:
    assert mend_of("qqq", ["site.country"], "a fact") == "write a fact"
