"""Reads GLEIF's relationship records (RR-CDF 1.x and 2.x, XML): who consolidates whom in its accounts.

A start node that ``IS_DIRECTLY_CONSOLIDATED_BY`` or ``IS_ULTIMATELY_CONSOLIDATED_BY`` an end node is controlled by it
under an accounting standard. That is no share: without a quantifier in per cent the share is not known (0 to 100), and
the holding is marked as control, which some rules count and OFAC's does not (FAQ 398). An international branch is the
same legal person as its head office. Funds and their managers are not ownership, and are left out.
One that is inactive and does not say since when ended by the last update of its record; until then it may count.
"""

from __future__ import annotations

from datetime import date
from typing import Final
from xml.etree.ElementTree import Element

from lexloci.model.errors import InputError, Mistake
from lexloci.parties.importers.file import UnreadableListError
from lexloci.parties.importers.xml_source import elements, text_in
from lexloci.parties.ownership.graph import Register
from lexloci.parties.ownership.registers.mistakes import Mistakes

CONSOLIDATED: Final = frozenset({"IS_DIRECTLY_CONSOLIDATED_BY", "IS_ULTIMATELY_CONSOLIDATED_BY"})
BRANCH: Final = "IS_INTERNATIONAL_BRANCH_OF"
_EARLIEST: Final = date.min


def register_of_gleif(text: str, file: str) -> Register:
    """The register in an RR-CDF file; InputError where it is none."""
    mistakes = Mistakes(file)
    register = Register()
    try:
        for record in elements(text.encode(), frozenset({"RelationshipRecord"})):
            _read_record(record, register, mistakes)
    except UnreadableListError as error:
        raise InputError([Mistake(file, 0, "", str(error), "fetch the file again")]) from None
    mistakes.raise_if_any()
    return register


def _read_record(record: Element, register: Register, mistakes: Mistakes) -> None:
    kind = text_in(record, "Relationship/RelationshipType")
    if kind not in CONSOLIDATED and kind != BRANCH:
        return
    owned, owner = (text_in(record, f"Relationship/{node}/NodeID") for node in ("StartNode", "EndNode"))
    if not owned or not owner:
        mistakes.add("RelationshipRecord", "names no start or no end node", "fetch the file again")
        return
    share = _share(record, mistakes) if kind != BRANCH else (100.0, 100.0)
    periods = record.iterfind("Relationship/RelationshipPeriods/RelationshipPeriod")
    own: list[Element | None] = [period for period in periods if text_in(period, "PeriodType") == "RELATIONSHIP_PERIOD"]
    for period in own or [None]:
        _hold(record, (owner, owned, kind), share, period, register, mistakes)


def _hold(
    record: Element,
    parties: tuple[str, str, str],
    share: tuple[float, float],
    period: Element | None,
    register: Register,
    mistakes: Mistakes,
) -> None:
    """Adds the holding of one period."""
    owner, owned, kind = parties
    place = register.hold(owner, owned, *share)
    if kind != BRANCH:
        register.control.add(place)
    if period is not None:
        _dates(period, place, register, mistakes)
    if text_in(record, "Relationship/RelationshipStatus") == "INACTIVE" and place not in register.held_until:
        told = mistakes.day(text_in(record, "Registration/LastUpdateDate"), "Registration.LastUpdateDate")
        register.held_until[place] = max(told or _EARLIEST, register.held_from.get(place, _EARLIEST))
    register.source[place] = f"GLEIF: {owned} {kind} {owner}"


def _dates(period: Element, place: int, register: Register, mistakes: Mistakes) -> None:
    for key, days in (("StartDate", register.held_from), ("EndDate", register.held_until)):
        day = mistakes.day(text_in(period, key), f"RelationshipPeriod.{key}")
        if day is not None:
            days[place] = day


def _share(record: Element, mistakes: Mistakes) -> tuple[float, float]:
    for quantifier in record.iterfind("Relationship/RelationshipQuantifiers/RelationshipQuantifier"):
        amount = text_in(quantifier, "QuantifierAmount")
        if text_in(quantifier, "QuantifierUnits") == "PERCENTAGE" and amount:
            try:
                share = float(amount)
            except ValueError:
                share = -1.0
            if 0 <= share <= 100:
                return share, share
            mistakes.add("QuantifierAmount", f"{amount!r} is no percentage", "fetch the file again")
    return 0.0, 100.0
