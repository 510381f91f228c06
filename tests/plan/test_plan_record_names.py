"""A record that names what the rulebook does not have is refused: it would count for nothing, unseen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from plan_support import small

from lexloci.case import check, template
from lexloci.model.errors import InputError
from lexloci.model.portfolio import Portfolio
from lexloci.model.record import Attestation, Reading
from lexloci.plan.planner import judge_for
from lexloci.plan.record_names import refuse_wrong_records, wrong_records
from lexloci.rulebook.book import bundled_rulebook

BOOK = bundled_rulebook()


def attested(fact: str, value: bool | float | str) -> Portfolio:
    vouched = Attestation(fact, value, ("kiwi",), "officer", date(2025, 1, 1), "file 1")
    return replace(small(), attestations=(vouched,))


def read(point: str, option: str) -> Portfolio:
    return replace(small(), readings=(Reading(point, option, "counsel", date(2025, 1, 1), "adviser"),))


def refused(portfolio: Portfolio) -> str:
    with pytest.raises(InputError) as raised:
        refuse_wrong_records(portfolio, BOOK)
    assert len(raised.value.mistakes) == 1
    return str(raised.value)


def test_a_misspelt_fact_is_refused_with_the_nearest_name() -> None:
    message = refused(attested("tenant.red_flag_resolved", True))
    assert 'attestations[0].fact: "tenant.red_flag_resolved" is no fact of the vocabulary' in message
    assert message.endswith("did you mean tenant.red_flags_resolved?")


def test_a_country_by_its_name_is_refused_before_it_silences_a_rule() -> None:
    message = refused(attested("tenant.headquarters", "China"))
    assert message.endswith('attestations[0].value: "China" is no ISO 3166 code; did you mean CN?')


def test_that_a_party_is_unlisted_is_true_or_false() -> None:
    assert "attestations[0].value" in refused(attested("party.unlisted", "yes"))
    refuse_wrong_records(attested("party.unlisted", True), BOOK)


def test_a_misspelt_point_is_refused_with_the_nearest_name() -> None:
    message = refused(read("us_ear.destned_for", "tenants_order"))
    assert "readings[0].point" in message
    assert message.endswith("did you mean us_ear.destined_for?")


def test_an_option_that_the_point_does_not_have_is_refused_with_those_it_has() -> None:
    point, options = next((name, point.options) for name, point in BOOK.points.items())
    assert "readings[0].option" in refused(read(point, "qqq"))
    refuse_wrong_records(read(point, next(iter(options))), BOOK)


def test_whoever_is_asked_with_such_a_record_refuses() -> None:
    with pytest.raises(InputError):
        judge_for(attested("tenant.headquarters", "China"), BOOK)


def test_a_file_with_such_a_record_is_refused_by_line_as_every_other_mistake_is() -> None:
    text = template().replace("fact: party.unlisted", "fact: party.unlistd")
    (mistake,) = check("first.yaml", text=text, further=wrong_records)
    assert text.splitlines()[mistake.line - 1].strip().startswith("- fact: party.unlistd")
    assert str(mistake).endswith('"party.unlistd" is no fact of the vocabulary; did you mean party.unlisted?')
    assert check("first.yaml", text=template(), further=wrong_records) == ()
