"""What would a listing of a party reach in a portfolio, and from which day on?

The portfolio is judged twice: as it is, and as if the party came on the list on a day. What differs is the reach. Only
placements that a reached party takes part in are asked twice, for a fact about nobody else can differ.

The entry is that of ``lexloci.scenario.supposed``. Attestations that a reached party is unlisted, made before, do not
speak of the supposed list nor of shares of listed parties any more.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Final

from lexloci.case.wording import nearest
from lexloci.law.rule import Rulebook
from lexloci.model.act import Question
from lexloci.model.determination import Determination, Finding, FindingStatus
from lexloci.model.errors import LexlociError
from lexloci.model.party import Party
from lexloci.model.portfolio import Portfolio
from lexloci.model.record import Attestation
from lexloci.model.site import Pool, Tenure
from lexloci.model.workload import Workload
from lexloci.parties.consequences import consequences_for
from lexloci.parties.facts import LIST_OF_FACT, OWNING_LISTS, Supposed, facts_about
from lexloci.parties.lists import list_of
from lexloci.parties.ownership.stakes import owners_above, portfolio_graph
from lexloci.plan.judge import Judge
from lexloci.plan.options import earliest_start
from lexloci.plan.planner import judge_for
from lexloci.plan.questions import open_pairs
from lexloci.plan.records import LISTINGS, UNLISTED
from lexloci.rulebook.acts import placement_acts
from lexloci.scenario.reach_types import Affiliate, LostHome, OutcomeShift, Reach, Tie
from lexloci.scenario.supposed import ASSUMED_POLICY, ASSUMED_REQUIREMENT, supposed_row

OWNED: Final = "owned_50_by_listed"
MINORITY: Final = "owned_minority_by_listed"
_COUNTING: Final = (FindingStatus.FIRED, FindingStatus.POSSIBLE)
Answers = list[tuple[date, date, Determination]]


def party_named(portfolio: Portfolio, name: str) -> Party:
    """The party of an id, a name or an alias; LexlociError where there is none, or more than one."""
    if name in portfolio.party_by_id:
        return portfolio.party_by_id[name]
    folded = name.casefold()
    found = [one for one in portfolio.parties if folded in {known.casefold() for known in (one.name, *one.aliases)}]
    if len(found) == 1:
        return found[0]
    ids = ", ".join(one.id for one in found)
    close = nearest(name, [*portfolio.party_by_id, *(one.name for one in portfolio.parties)])
    mend = f"take one of the ids {ids}" if found else f"did you mean {close}?" if close else "take an id of its parties"
    raise LexlociError(f"{portfolio.name}: {'several parties are' if found else 'no party is'} called {name}; {mend}")


def reach_of(portfolio: Portfolio, rulebook: Rulebook, party: Party, list_code: str, on: date) -> Reach:
    """What a listing of a party from a day on reaches; LexlociError where the rulebook reads no such list."""
    if list_code not in LIST_OF_FACT.values():
        raise LexlociError(f"no rule asks for the list {list_code}; take one of {', '.join(LIST_OF_FACT.values())}")
    row = supposed_row(party, list_code, on, portfolio)
    supposed: Supposed = {party.id: (row,)}
    affiliates = affiliates_of(portfolio, party, supposed, on)
    reached = {party.id, *(one.party for one in affiliates)}
    before = judge_for(portfolio, rulebook)
    portfolio = before.portfolio
    freed = _without_attestations(portfolio, reached, party.id, list_code)
    question = Question(portfolio.as_of, portfolio.knowledge_date, portfolio.basis)
    after = Judge(freed, rulebook, question, supposed)
    pairs = [pair for pair in open_pairs(portfolio) if _days(portfolio, *pair) is not None]
    asked = [pair for pair in pairs if _takes_part(before, *pair, reached)]
    told = {(workload.id, pool.id): _answers(before, after, workload, pool) for workload, pool in asked}
    return Reach(
        party=party.id,
        list_code=list_code,
        list_title=list_of(list_code).title,
        on=on,
        assumed=f"{ASSUMED_REQUIREMENT}; {ASSUMED_POLICY}; no footnote" if list_code == "EL" else "",
        consequences=consequences_for(row),
        affiliates=affiliates,
        ties=tuple(ties_of(portfolio, reached)),
        shifts=tuple(shift for (one, pool), both in told.items() for shift in _shifts(one, pool, *both)),
        homes=tuple(_homes(before, pairs, told, on)),
        asked=len(asked),
        pairs=len(pairs),
    )


def affiliates_of(portfolio: Portfolio, party: Party, supposed: Supposed, on: date) -> tuple[Affiliate, ...]:
    """The parties in which the listed one holds a share, or may, with the proof; none where a list has no such rule."""
    (row,) = supposed[party.id]
    if row.list_code not in {LIST_OF_FACT[name] for name in OWNING_LISTS}:
        return ()
    graph = portfolio_graph(portfolio, party, on)
    found: list[Affiliate] = []
    for other in portfolio.parties:
        if other.id == party.id or party.id not in owners_above(graph, other.id, graph.most):
            continue
        facts = facts_about(other, portfolio, on, portfolio.knowledge_date, supposed=supposed).facts
        owned, minority = facts[OWNED], facts[MINORITY]
        standing = "owned" if owned.value is True else "minority" if minority.value is True else "open"
        found.append(Affiliate(other.id, standing, owned.origin))
    return tuple(found)


def _without_attestations(portfolio: Portfolio, reached: set[str], listed: str, list_code: str) -> Portfolio:
    """The records without what the listing overtakes: of the listed party its list, of others the shares in them."""
    fact = next(name for name, code in LIST_OF_FACT.items() if code == list_code)
    kept: list[Attestation] = []
    for one in portfolio.attestations:
        touched = tuple(party for party in one.about if party in reached)
        attribute = one.fact.partition(".")[2]
        if not touched or (one.fact != UNLISTED and attribute not in (fact, OWNED, MINORITY)):
            kept.append(one)
            continue
        rest = tuple(party for party in one.about if party not in reached)
        if any(party in portfolio.party_by_id for party in rest):
            kept.append(replace(one, about=rest))
        names = LISTINGS if one.fact == UNLISTED else (attribute,)
        for party in touched:
            gone = {fact} if party == listed else {OWNED, MINORITY}
            things = tuple(thing for thing in one.about if thing not in portfolio.party_by_id)
            kept += [_told_of(one, name, (party, *things)) for name in names if name not in gone]
    return replace(portfolio, attestations=tuple(kept))


def _told_of(one: Attestation, name: str, about: tuple[str, ...]) -> Attestation:
    if one.fact == UNLISTED:
        return replace(one, fact=f"party.{name}", value=False, about=about)
    return replace(one, about=about)


def ties_of(portfolio: Portfolio, reached: set[str]) -> Iterator[Tie]:
    """The sites, pools, contracts, data and workloads that the reached parties take part in."""
    for site in portfolio.sites:
        for role, party in (("operator", site.operator), ("owner", site.owner)):
            if party in reached and party is not None:
                yield Tie("site", site.id, party, role)
    for pool in portfolio.pools:
        yield from _pool_ties(portfolio, pool, reached)
    for dataset in portfolio.datasets:
        if dataset.handler in reached:
            yield Tie("dataset", dataset.id, dataset.handler, "handler")
    for workload in portfolio.workloads:
        if workload.party in reached:
            yield Tie("workload", workload.id, workload.party, "party", since=workload.release, until=workload.deadline)


def _pool_ties(portfolio: Portfolio, pool: Pool, reached: set[str]) -> Iterator[Tie]:
    """The contracts about a pool: its supply, what each user has of its holder, and that its site is run by another."""
    tenants = [user for user in pool.users if user != pool.holder]
    kind = "lease" if pool.tenure is Tenure.LEASED else "rental"
    links = [("supply", "supplier", pool.supplier, "holder", pool.holder, pool.held_since)]
    links += [
        (kind, "holder", pool.holder, "tenant", user, pool.leased_since or pool.available_from) for user in tenants
    ]
    operator = portfolio.site_by_id[pool.site].operator
    if operator != pool.holder:
        links.append(("hosting", "operator", operator, "holder", pool.holder, pool.held_since))
    if not tenants or pool.holder in pool.users:
        links.append(("own chips", "holder", pool.holder, "", "", pool.held_since))
    for contract, role, one, other_role, other, since in links:
        for party, its_role, counterparty in ((one, role, other), (other, other_role, one)):
            if party and party in reached:
                until = pool.available_until
                yield Tie(contract, pool.id, party, its_role, counterparty or "", pool.chips, since, until)


def _days(portfolio: Portfolio, workload: Workload, pool: Pool) -> tuple[date, date] | None:
    """The starts that are asked about; None where the pool is gone before the workload's time."""
    first = earliest_start(portfolio, workload, pool)
    last = min(portfolio.horizon_until, pool.available_until or portfolio.horizon_until)
    return (first, last) if first < last else None


def _takes_part(judge: Judge, workload: Workload, pool: Pool, reached: set[str]) -> bool:
    start = earliest_start(judge.portfolio, workload, pool)
    acts = placement_acts(judge.placing(workload, pool), start)
    return any(reached & set(act.parties.values()) for act in acts)


def _answers(before: Judge, after: Judge, workload: Workload, pool: Pool) -> tuple[Answers, Answers]:
    days = _days(before.portfolio, workload, pool)
    if days is None:
        return [], []
    cuts = sorted({day for judge in (before, after) for stretch in judge.stretches(*days) for day in stretch})
    both = [
        [(start, end, judge.placement(workload, pool, start)) for start, end in pairwise(cuts)]
        for judge in (before, after)
    ]
    return both[0], both[1]


def _shifts(workload: str, pool: str, before: Answers, after: Answers) -> Iterator[OutcomeShift]:
    """The stretches on which the outcomes differ, those that touch and differ alike joined."""
    open_shift: OutcomeShift | None = None
    for (since, until, was), (_, _, now) in zip(before, after, strict=True):
        if was.outcome is now.outcome:
            continue
        shift = OutcomeShift(workload, pool, since, until, was.outcome, now.outcome, *_why(was, now))
        if (
            open_shift is not None
            and replace(open_shift, since=since, until=until) == shift
            and open_shift.until == since
        ):
            open_shift = replace(open_shift, until=until)
            continue
        if open_shift is not None:
            yield open_shift
        open_shift = shift
    if open_shift is not None:
        yield open_shift


def _why(was: Determination, now: Determination) -> tuple[str, str]:
    """The most severe finding that counts with the listing and did not without, and its history; else what is open."""
    known = {(one.rule, one.leg, one.status) for one in was.findings if one.status in _COUNTING}
    new = [one for one in now.findings if one.status in _COUNTING and (one.rule, one.leg, one.status) not in known]
    if new:
        return _finding_text(max(new, key=lambda one: one.outcome.severity))
    missing = ", ".join(dict.fromkeys(one.name for one in now.missing if one not in was.missing))
    return f"not known: {missing}" if missing else "the same rules, by other facts", ""


def _finding_text(finding: Finding) -> tuple[str, str]:
    status = "" if finding.status is FindingStatus.FIRED else "perhaps: "
    return f"{status}{finding.title} ({finding.citation.text})", finding.history


def _homes(
    before: Judge,
    pairs: Sequence[tuple[Workload, Pool]],
    told: dict[tuple[str, str], tuple[Answers, Answers]],
    on: date,
) -> Iterator[LostHome]:
    """The workloads that lose a pool, with all pools in which they may start on some day from the listing on."""
    for workload in before.portfolio.workloads:
        lost = {
            pool
            for (one, pool), (was, now) in told.items()
            if one == workload.id and _is_home(was, on) and not _is_home(now, on)
        }
        if not lost:
            continue
        pools = [pool for one, pool in pairs if one.id == workload.id]
        homes = [pool.id for pool in pools if pool.id in lost or _is_home(_answers_before(before, workload, pool), on)]
        yield LostHome(workload.id, tuple(homes), tuple(pool for pool in homes if pool not in lost))


def _is_home(answers: Answers, on: date) -> bool:
    return any(end > on and determination.outcome.is_placeable for _, end, determination in answers)


def _answers_before(before: Judge, workload: Workload, pool: Pool) -> Answers:
    days = _days(before.portfolio, workload, pool)
    segments = before.segments(workload, pool, *days) if days else []
    return [(one.start, one.end, one.determination) for one in segments]
