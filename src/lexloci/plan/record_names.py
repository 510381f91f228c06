"""Do the records of a portfolio name what the rulebook has? A misspelt name would count for nothing, unseen.

The reader of the file cannot tell: facts, contested points and options are the rulebook's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lexloci.case.wording import FieldPath, field_name, shown
from lexloci.law.rule import FactType, Rulebook
from lexloci.model.errors import InputError, Mistake
from lexloci.model.portfolio import Portfolio
from lexloci.model.record import Attestation, Reading
from lexloci.plan.records import UNLISTED
from lexloci.rulebook.book import bundled_rulebook
from lexloci.rulebook.stated import mend_of, wrong_value

_UNLISTED = FactType(UNLISTED, "bool", "Is the party on none of the lists?")
Wrong = tuple[FieldPath, str, str]


def wrong_records(portfolio: Portfolio) -> Iterator[Wrong]:
    """Field, message and mend of every attestation or reading of what the bundled rulebook does not have."""
    return _wrong(portfolio, bundled_rulebook())


def refuse_wrong_records(portfolio: Portfolio, rulebook: Rulebook) -> None:
    """InputError with every attestation or reading of something that the rulebook does not have."""
    name = f"portfolio {shown(portfolio.name)}"
    found = [Mistake(name, 0, field_name(path), message, mend) for path, message, mend in _wrong(portfolio, rulebook)]
    if found:
        raise InputError(found)


def _wrong(portfolio: Portfolio, rulebook: Rulebook) -> Iterator[Wrong]:
    known = {**rulebook.vocabulary, UNLISTED: _UNLISTED}
    for place, attestation in enumerate(portfolio.attestations):
        for field, message, mend in _wrong_attestation(attestation, known):
            yield ("attestations", place, field), message, mend
    for place, reading in enumerate(portfolio.readings):
        for field, message, mend in _wrong_reading(reading, rulebook):
            yield ("readings", place, field), message, mend


def _wrong_attestation(attestation: Attestation, known: Mapping[str, FactType]) -> Iterator[tuple[str, str, str]]:
    fact = known.get(attestation.fact)
    if fact is None:
        mend = mend_of(attestation.fact, known, "one of docs/reference/facts.md")
        yield "fact", f"{shown(attestation.fact)} is no fact of the vocabulary", mend
        return
    wrong = wrong_value(fact, attestation.value)
    if wrong:
        yield "value", *wrong


def _wrong_reading(reading: Reading, rulebook: Rulebook) -> Iterator[tuple[str, str, str]]:
    point = rulebook.points.get(reading.point)
    if point is None:
        mend = mend_of(reading.point, rulebook.points, "one of docs/reference/facts.md")
        yield "point", f"{shown(reading.point)} is no contested point of the rulebook", mend
    elif reading.option not in point.options:
        mend = mend_of(reading.option, point.options, " or ".join(point.options))
        yield "option", f"{shown(reading.option)} is no option of {reading.point}", mend
