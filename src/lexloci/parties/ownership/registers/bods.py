"""Reads the Beneficial Ownership Data Standard: ownership-or-control statements with shares between bounds.

Versions 0.2, 0.3 (``statementType``) and 0.4 (``recordType``, ``recordDetails``) of standard.openownership.org. Of a
statement, the interest ``shareholding`` is the share; a right to appoint the board, or voting rights above one half, is
control; what may be either (influence, a trust, an interest that is not published) is a share that nobody states.
Shares that are held indirectly repeat those of the chain between: they are left out where the register holds one
that has not ended, and not known where it holds none.
A statement that a later one replaces, or that is closed, no longer counts.
"""

from __future__ import annotations

from typing import Any, Final, TypeGuard

from lexloci.case.wording import shown
from lexloci.parties.ownership.graph import PartyNote, Register
from lexloci.parties.ownership.registers.mistakes import Mistakes

_SHARES: Final = frozenset({"shareholding"})
_CONTROL: Final = frozenset(
    {"appointment-of-board", "appointmentOfBoard", "controlViaCompanyRulesOrArticles", "controlByLegalFramework"}
)
_VOTES: Final = frozenset({"voting-rights", "votingRights"})
# Neither a share nor control. Of every other kind (influence, trusts, profit, not published) it may be one of them.
_NEITHER: Final = frozenset(
    {
        "senior-managing-official",
        "seniorManagingOfficial",
        "boardMember",
        "boardChair",
        "enjoymentAndUseOfAssets",
        "rightToProfitOrIncomeFromAssets",
    }
)
_HALF: Final = 50.0
Interest = dict[str, Any]
Indirect = tuple[Interest, tuple[str, str], str, dict[str, Any]]


def register_of_bods(statements: list[Any], file: str) -> Register:
    """The register in a list of BODS statements; InputError with what is wrong."""
    mistakes = Mistakes(file)
    register = Register()
    objects = [one for one in statements if isinstance(one, dict)]
    if len(objects) < len(statements):
        mistakes.add("", "holds something that is no statement", "write a list of BODS statements")
    replaced = {str(old) for one in objects for old in _list(one.get("replacesStatements"))}
    latest = _latest_by_record(objects)
    party_of = {_statement_id(one): _party_id(one) for one in objects}
    indirect: list[Indirect] = []
    for place, one in enumerate(objects):
        is_ended = _statement_id(one) in replaced or one.get("recordStatus") == "closed"
        if is_ended or latest.get(_record_id(one), one) is not one:
            continue
        kind = str(one.get("recordType") or one.get("statementType") or "")
        if kind in {"relationship", "ownershipOrControlStatement"}:
            _read_statement(one, f"[{place}]", party_of, register, mistakes, indirect)
        else:
            _note_party(one, register)
    _read_indirect(indirect, register, mistakes)
    mistakes.raise_if_any()
    return register


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _statement_id(statement: dict[str, Any]) -> str:
    return str(statement.get("statementID") or statement.get("statementId"))


def _record_id(statement: dict[str, Any]) -> str:
    return str(statement.get("recordId") or "")


def _latest_by_record(objects: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The last statement about each record (0.4), by the day of the statement."""
    latest: dict[str, dict[str, Any]] = {}
    for one in objects:
        record = _record_id(one)
        if record and (
            record not in latest or str(latest[record].get("statementDate", "")) <= str(one.get("statementDate", ""))
        ):
            latest[record] = one
    return latest


def _party_id(statement: dict[str, Any]) -> str:
    return _record_id(statement) or _statement_id(statement)


def _details(statement: dict[str, Any]) -> dict[str, Any]:
    details = statement.get("recordDetails")
    return details if isinstance(details, dict) else statement


def _note_party(statement: dict[str, Any], register: Register) -> None:
    details = _details(statement)
    names = [
        details.get("name"),
        *(name.get("fullName") for name in _list(details.get("names")) if isinstance(name, dict)),
    ]
    place = details.get("jurisdiction") or details.get("incorporatedInJurisdiction") or {}
    country = str(place.get("code", ""))[:2] or None if isinstance(place, dict) else None
    register.notes[_party_id(statement)] = PartyNote(next((str(name) for name in names if name), None), country)


def _read_statement(
    statement: dict[str, Any],
    where: str,
    party_of: dict[str, str],
    register: Register,
    mistakes: Mistakes,
    indirect: list[Indirect],
) -> None:
    details = _details(statement)
    owned, owner = (_referred(details.get(key), party_of) for key in ("subject", "interestedParty"))
    if owned is None or owner is None:
        what = "subject" if owned is None else "interestedParty"
        if isinstance(details.get(what), dict) and set(details[what]) & {"unspecified", "reason", "unspecifiedReason"}:
            return
        mistakes.add(
            f"{where}.{what}", f"{shown(details.get(what))} names no party", "name the statement or record of it"
        )
        return
    for interest in _list(details.get("interests")) or [{}]:
        if not isinstance(interest, dict):
            mistakes.add(f"{where}.interests", f"{shown(interest)} is no interest", "write objects with type and share")
        elif interest.get("directOrIndirect", interest.get("interestLevel")) != "indirect":
            _read_interest(interest, (owner, owned), where, statement, register, mistakes)
        elif str(interest.get("type")) not in _NEITHER:
            indirect.append(({**interest, "share": None, "type": None}, (owner, owned), where, statement))


def _read_indirect(indirect: list[Indirect], register: Register, mistakes: Mistakes) -> None:
    """Adds the indirect interests whose chain the register does not hold, to the end: of them no share is known."""
    held: dict[int, set[int]] = {}
    if indirect:
        for place, (owner, owned) in enumerate(zip(register.owner, register.owned, strict=True)):
            if place not in register.held_until:
                held.setdefault(owner, set()).add(owned)
    for interest, (owner_id, owned_id), where, statement in indirect:
        reached = {register.party(owner_id)}
        front = list(reached)
        while front:
            new = held.get(front.pop(), set()) - reached
            reached |= new
            front += new
        if register.party(owned_id) not in reached:
            _read_interest(interest, (owner_id, owned_id), where, statement, register, mistakes)


def _referred(value: Any, party_of: dict[str, str]) -> str | None:
    if isinstance(value, dict):
        keys = ("describedByEntityStatement", "describedByPersonStatement")
        value = next((value[key] for key in keys if value.get(key)), None)
    return party_of.get(value, value) if isinstance(value, str) and value else None


def _read_interest(
    interest: Interest,
    parties: tuple[str, str],
    where: str,
    statement: dict[str, Any],
    register: Register,
    mistakes: Mistakes,
) -> None:
    kind = str(interest.get("type") or "unknownInterest")
    least, most, is_more, is_less = _bounds(interest.get("share"))
    is_share = kind in _SHARES
    is_control = kind in _CONTROL or (kind in _VOTES and (least > _HALF or (least == _HALF and is_more)))
    if kind in _NEITHER or (kind in _VOTES and most <= _HALF):
        return
    if not 0 <= least <= most <= 100:
        mistakes.add(f"{where}.interests.share", f"a share of {least:g} to {most:g} % is none", "write 0 to 100")
        return
    place = register.hold(*parties, *((least, most) if is_share else (0.0, 100.0)))
    if is_control:
        register.control.add(place)
    if is_share and is_more:
        register.more_than.add(place)
    if is_share and is_less:
        register.less_than.add(place)
    for key, days in (("startDate", register.held_from), ("endDate", register.held_until)):
        day = mistakes.day(interest.get(key), f"{where}.interests.{key}")
        if day is not None:
            days[place] = day
    register.source[place] = f"BODS statement {_statement_id(statement)}"


def _bounds(share: Any) -> tuple[float, float, bool, bool]:
    """Least, most, whether it is more than the least, less than the most; 0 to 100 where it is not stated."""
    if not isinstance(share, dict):
        return 0.0, 100.0, False, False
    exact = share.get("exact")
    if _is_number(exact):
        return float(exact), float(exact), False, False
    least, more = _end(share, "minimum", "exclusiveMinimum", 0.0)
    most, less = _end(share, "maximum", "exclusiveMaximum", 100.0)
    return least, most, more, less


def _end(share: dict[str, Any], key: str, exclusive: str, otherwise: float) -> tuple[float, bool]:
    """A bound; in 0.2 and 0.3 ``exclusiveMinimum`` is a truth value, in 0.4 a bound of its own."""
    own, value = share.get(exclusive), share.get(key)
    if _is_number(own):
        return float(own), True
    return (float(value), own is True) if _is_number(value) else (otherwise, False)


def _is_number(value: Any) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)
