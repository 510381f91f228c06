"""What of the portfolio's records counts for an act: readings, attestations, authorisations, not subject.

Invariants:
- nothing has an effect before it was adopted, signed or granted, nor from its ``until`` on;
- two readings of one point that differ, or two attestations of one fact that differ, count as none;
- an attestation fills an unknown fact, and never overrules a stated one: where they differ the fact
  is unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from lexloci.law.on_record import OnRecord
from lexloci.model.act import Act, Question, Role
from lexloci.model.fact import UNKNOWN, Fact, Value
from lexloci.model.party import NotSubject, Party
from lexloci.model.portfolio import Portfolio
from lexloci.model.record import Attestation, Authorisation, Reading

UNLISTED = "party.unlisted"
"""The attestation that a party is on none of the lists below; it stands for one attestation a list."""
_ACTING = (
    Role.EXPORTER,
    Role.USER,
    Role.HOLDER,
    Role.TENANT,
    Role.PROVIDER,
    Role.END_USER,
    Role.HANDLER,
    Role.CONSIGNEE,
)
LISTINGS = (
    "entity_list",
    "military_end_user_list",
    "denied_persons_list",
    "unverified_list",
    "sdn_list",
    "cmic_list",
    "list_1260h",
    "owned_50_by_listed",
    "owned_minority_by_listed",
)


def with_records(portfolio: Portfolio, act: Act, question: Question) -> tuple[Act, OnRecord]:
    """The act with attested facts and readings filled in, and the records that count for it."""
    readings = _readings(portfolio, act, question)
    attestations = _attestations(portfolio, act, question)
    record = OnRecord(
        readings=readings,
        attestations=attestations,
        authorisations=_authorisations(portfolio, act, question),
        not_subject=_not_subject(portfolio, act, question),
    )
    facts = dict(act.facts)
    for name, attestation in attestations.items():
        facts[name] = _attested(facts.get(name), attestation)
    for point, reading in readings.items():
        origin = f"adopted by {reading.adopted_by} on {reading.on.isoformat()}, advised by {reading.adviser}"
        facts[f"reading.{point}"] = Fact(reading.option, origin)
    return replace(act, facts=facts), record


def _counts(since: date, until: date | None, day: date) -> bool:
    return since <= day and (until is None or day < until)


def _readings(portfolio: Portfolio, act: Act, question: Question) -> dict[str, Reading]:
    involved = set(act.parties.values())
    found: dict[str, Reading] = {}
    differing: set[str] = set()
    for reading in portfolio.readings:
        if not _counts(reading.on, reading.until, question.as_of):
            continue
        if reading.parties and not involved & set(reading.parties):
            continue
        known = found.get(reading.point)
        if known is not None and known.option != reading.option:
            differing.add(reading.point)
        found.setdefault(reading.point, reading)
    return {point: reading for point, reading in found.items() if point not in differing}


def _attestations(portfolio: Portfolio, act: Act, question: Question) -> dict[str, Attestation]:
    """Attestations by the name of the fact in this act; ``party.x`` speaks for every role that the party has."""
    found: dict[str, Attestation] = {}
    differing: set[str] = set()
    for attestation in portfolio.attestations:
        if not _counts(attestation.on, attestation.until, question.as_of):
            continue
        for name in _names_in_act(attestation, act):
            known = found.get(name)
            if known is not None and known.value != attestation.value:
                differing.add(name)
            found.setdefault(name, attestation)
    return {name: attestation for name, attestation in found.items() if name not in differing}


def _names_in_act(attestation: Attestation, act: Act) -> Iterable[str]:
    about = set(attestation.about)
    prefix, _, attribute = attestation.fact.partition(".")
    if prefix == "party":
        attributes = LISTINGS if attestation.fact == UNLISTED else (attribute,)
        for role, party in act.parties.items():
            if party in about:
                yield from (f"{role.value}.{name}" for name in attributes)
    elif prefix in Role._value2member_map_:
        if act.parties.get(Role(prefix)) in about:
            yield attestation.fact
    elif about & (set(act.things) | set(act.parties.values())):
        yield attestation.fact


def _attested(fact: Fact | None, attestation: Attestation) -> Fact:
    value: Value = attestation.value
    if attestation.fact == UNLISTED:
        value = False if attestation.value is True else UNKNOWN
    origin = f"attested by {attestation.by} on {attestation.on.isoformat()}: {attestation.evidence}"
    if fact is None or fact.value is UNKNOWN:
        return Fact(value, origin)
    if fact.value != value:
        return Fact(UNKNOWN, f"contradicted: {fact.origin} says {fact.value}, {origin} says {value}")
    return Fact(value, f"{fact.origin}; {origin}")


def _authorisations(portfolio: Portfolio, act: Act, question: Question) -> dict[str, Authorisation]:
    found: dict[str, Authorisation] = {}
    for held in portfolio.authorisations:
        in_time = held.granted <= question.as_of and _counts(held.granted, held.until, act.on)
        if in_time and _covers(portfolio, held, act):
            found.setdefault(held.kind, held)
    return found


def _covers(portfolio: Portfolio, held: Authorisation, act: Act) -> bool:
    """Whether the act is the holder's, and of each kind of thing that is named one takes part in the act."""
    involved = set(act.things) | set(act.parties.values())
    if held.holder not in act.parties.values():
        return False
    kinds: tuple[Mapping[str, object], ...] = (
        portfolio.party_by_id,
        portfolio.site_by_id,
        portfolio.pool_by_id,
        portfolio.dataset_by_id,
        portfolio.model_by_id,
        portfolio.workload_by_id,
    )
    for kind in kinds:
        named = {thing for thing in held.covers if thing in kind}
        if named and not named & involved:
            return False
    pools = [portfolio.pool_by_id[thing] for thing in act.things if thing in portfolio.pool_by_id]
    return held.chips is None or all(pool.chips <= held.chips for pool in pools)


def _not_subject(portfolio: Portfolio, act: Act, question: Question) -> dict[str, NotSubject]:
    """Records of being not subject that every acting party with a say in the act has made.

    The acting parties are those who would be answerable: exporter, user, holder, tenant, provider, end
    user, handler, consignee. One of them without the record, and it does not count.
    """
    acting = [party for role, party in act.parties.items() if role in _ACTING]
    found: dict[str, NotSubject] = {}
    for party_id in acting:
        for record in portfolio.party_by_id[party_id].not_subject_to:
            if record.on <= question.as_of:
                found.setdefault(record.authority, record)
    return {
        authority: record
        for authority, record in found.items()
        if all(_records(portfolio.party_by_id[party], authority, question) for party in acting)
    }


def _records(party: Party, authority: str, question: Question) -> bool:
    return any(record.authority == authority and record.on <= question.as_of for record in party.not_subject_to)
