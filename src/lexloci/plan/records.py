"""What of the portfolio's records counts for an act: readings, attestations, authorisations, not subject.

Invariants:
- nothing has an effect before it was adopted, signed or granted, nor from its ``until`` on;
- two readings of one point that differ, or two attestations of one fact that differ, count as none;
- an attestation fills an unknown fact, and never overrules a stated one: where they differ the fact
  is unknown; it stands for no reading of a contested point;
- a record that names things of a kind counts for those of that kind alone: an attestation about a
  tenant and a pool says nothing about the tenant in another pool.
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
from lexloci.model.site import Pool

_NOT_STATED = Fact(UNKNOWN)
_TENANTS = (Role.TENANT, Role.EXPECTED_TENANT)
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
    held = _authorisations(portfolio, act, question)
    record = OnRecord(
        readings=readings,
        attestations=attestations,
        authorisations={kind: every[0] for kind, every in held.items()},
        further={kind: tuple(every[1:]) for kind, every in held.items() if len(every) > 1},
        not_subject=_not_subject(portfolio, act, question),
    )
    facts = dict(act.facts)
    for name, attestation in attestations.items():
        facts[name] = _attested(facts.get(name), attestation)
    if facts.get("workload.military_or_weapons_use", _NOT_STATED).value is True:
        facts["workload.known_weapons_use"] = facts["workload.military_or_weapons_use"]
    for point, reading in readings.items():
        origin = f"adopted by {reading.adopted_by} on {reading.on.isoformat()}, advised by {reading.adviser}"
        facts[f"reading.{point}"] = Fact(reading.option, origin)
    return replace(act, facts=facts), record


def _kinds(portfolio: Portfolio) -> tuple[Mapping[str, object], ...]:
    """The things that a record may name, kind by kind."""
    return (
        portfolio.party_by_id,
        portfolio.site_by_id,
        portfolio.pool_by_id,
        portfolio.dataset_by_id,
        portfolio.model_by_id,
        portfolio.workload_by_id,
    )


def _involved(act: Act) -> set[str]:
    return set(act.things) | set(act.parties.values())


def _in_time(since: date, until: date | None, act: Act, question: Question) -> bool:
    """Whether a record made by the day of the question still counts on the later of that day and the act's own."""
    return since <= question.as_of and (until is None or max(question.as_of, act.on) < until)


def _readings(portfolio: Portfolio, act: Act, question: Question) -> dict[str, Reading]:
    involved = set(act.parties.values())
    found: dict[str, Reading] = {}
    differing: set[str] = set()
    for reading in portfolio.readings:
        if not _in_time(reading.on, reading.until, act, question):
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
        counts = _in_time(attestation.on, attestation.until, act, question)
        counts = counts and not attestation.fact.startswith("reading.")
        if not counts or not _is_about(portfolio, attestation, act):
            continue
        for name in _names_in_act(attestation, act):
            known = found.get(name)
            if known is not None and _vouched_value(known) != _vouched_value(attestation):
                differing.add(name)
            found.setdefault(name, attestation)
    return {name: attestation for name, attestation in found.items() if name not in differing}


def _is_about(portfolio: Portfolio, attestation: Attestation, act: Act) -> bool:
    """Whether it names something of the act, nothing unknown, and of no kind only other things than the act's."""
    about, involved, kinds = set(attestation.about), _involved(act), _kinds(portfolio)
    if any(all(thing not in kind for kind in kinds) for thing in about):
        return False
    for kind in kinds:
        named, present = about & kind.keys(), involved & kind.keys()
        if named and present and not named & present:
            return False
    return bool(about & involved)


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
    else:
        yield attestation.fact


def _vouched_value(attestation: Attestation) -> Value:
    """What it says of each of its facts: unlisted says no to every list, not unlisted leaves each open."""
    if attestation.fact == UNLISTED:
        return False if attestation.value is True else UNKNOWN
    return attestation.value


def _attested(fact: Fact | None, attestation: Attestation) -> Fact:
    value = _vouched_value(attestation)
    origin = f"attested by {attestation.by} on {attestation.on.isoformat()}: {attestation.evidence}"
    if fact is None or fact.value is UNKNOWN:
        return Fact(value, origin)
    if fact.value != value:
        return Fact(UNKNOWN, f"contradicted: {fact.origin} says {fact.value}, {origin} says {value}")
    return Fact(value, f"{fact.origin}; {origin}")


def _authorisations(portfolio: Portfolio, act: Act, question: Question) -> dict[str, list[Authorisation]]:
    """Every authorisation that covers the act, by kind."""
    found: dict[str, list[Authorisation]] = {}
    for held in portfolio.authorisations:
        in_time = held.granted <= act.on and _in_time(held.granted, held.until, act, question)
        if in_time and _covers(portfolio, held, act):
            found.setdefault(held.kind, []).append(held)
    return found


def _covers(portfolio: Portfolio, held: Authorisation, act: Act) -> bool:
    """Whether the act is the holder's, and of each kind of thing that is named one takes part in the act.

    Nothing named covers nothing, nor does a name that the portfolio does not know. A licence to a holder of
    chips says nothing about those who rent them: a tenant is named, or holds it. The chips of all pools that
    are named (else of all that the holder supplies, holds or uses) add up to no more than it covers.
    """
    covers, involved, kinds = set(held.covers), _involved(act), _kinds(portfolio)
    if not covers or held.holder not in act.parties.values():
        return False
    if any(all(thing not in kind for kind in kinds) for thing in covers):
        return False
    if any(covers & kind.keys() and not covers & kind.keys() & involved for kind in kinds):
        return False
    tenants = {act.parties[role] for role in _TENANTS if role in act.parties}
    if tenants - covers - {held.holder}:
        return False
    return held.chips is None or sum(pool.chips for pool in _pools_of(portfolio, held, act)) <= held.chips


def _pools_of(portfolio: Portfolio, held: Authorisation, act: Act) -> list[Pool]:
    """The pools that share its chips: those it names, else that of the act and all of its holder at its sites."""
    covers = set(held.covers)
    named = [pool for pool in portfolio.pools if pool.id in covers]
    at_sites = covers & portfolio.site_by_id.keys() or portfolio.site_by_id.keys()
    return named or [
        pool
        for pool in portfolio.pools
        if pool.id in act.things or (pool.site in at_sites and held.holder in (pool.holder, pool.supplier, *pool.users))
    ]


def _not_subject(portfolio: Portfolio, act: Act, question: Question) -> dict[str, NotSubject]:
    """Records of being not subject that every acting party with a say in the act has made.

    The acting parties are those who would be answerable: exporter, user, holder, tenant, provider, end
    user, handler, consignee. One of them without the record, or unknown, and it does not count.
    """
    roles = {name.partition(".")[0] for name in act.facts} - {role.value for role in act.parties}
    if any(role.value in roles for role in _ACTING):
        return {}
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
