"""The questions that the doors ask: about a bare act, about every workload in every pool.

What the act or the portfolio does not state about a named party is asked of the lists
(``parties``), unless the case is closed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from lexloci.case.acts_file import ActInput
from lexloci.law.decide import decide
from lexloci.law.legs import both_layers
from lexloci.law.levers import smallest_levers, with_smallest
from lexloci.law.on_record import NOTHING_ON_RECORD
from lexloci.law.rule import Rulebook
from lexloci.model.act import Act, Question, Role
from lexloci.model.determination import Determination, SourceAge
from lexloci.model.errors import InputError, Mistake
from lexloci.model.fact import UNKNOWN, Fact, Plain
from lexloci.model.party import Party
from lexloci.model.portfolio import Basis, Portfolio
from lexloci.model.site import Pool
from lexloci.model.workload import Workload, WorkloadKind
from lexloci.parties.facts import facts_about
from lexloci.parties.listing import ListSet
from lexloci.plan.judge import Judge
from lexloci.plan.options import earliest_start
from lexloci.plan.planner import judge_for
from lexloci.rulebook.facts import act_from_row, bodies_asked
from lexloci.rulebook.stated import mend_of, wrong_value

CLOSED = "closed"
_NOBODY = Portfolio("", date.min, Basis.TEXT, date.max)
_OWN_FIELDS = ("headquarters", "ultimate_parent_headquarters")


@dataclass(frozen=True)
class PlacementAnswer:
    """The determination of one workload in one pool, for the earliest start that makes sense."""

    workload: Workload
    pool: Pool
    start: date
    determination: Determination


def determine_portfolio(
    portfolio: Portfolio, rulebook: Rulebook, lists: ListSet | None = None
) -> tuple[PlacementAnswer, ...]:
    """The law's answer for every workload in every pool that is open to its party; copies are asked in the plan."""
    judge = judge_for(portfolio, rulebook, lists)
    return tuple(_answer(judge, workload, pool) for workload, pool in open_pairs(judge.portfolio))


def open_pairs(portfolio: Portfolio) -> tuple[tuple[Workload, Pool], ...]:
    """Every workload with each pool that is open to its party, copies left out."""
    return tuple(
        (workload, pool)
        for workload in portfolio.workloads
        if workload.kind is not WorkloadKind.COPY
        for pool in portfolio.pools
        if workload.party in (pool.users or (pool.holder,))
    )


def explained(portfolio: Portfolio, rulebook: Rulebook, answer: PlacementAnswer) -> Determination:
    """The answer of ``determine_portfolio`` with, for each act that is not permitted, the smallest lawful change."""
    judge = judge_for(portfolio, rulebook)
    return judge.placement(answer.workload, answer.pool, answer.start, judge.act_with_levers)


def _answer(judge: Judge, workload: Workload, pool: Pool) -> PlacementAnswer:
    start = earliest_start(judge.portfolio, workload, pool)
    return PlacementAnswer(workload, pool, start, judge.placement(workload, pool, start))


def determine_act(
    given: ActInput,
    rulebook: Rulebook,
    *,
    as_of: date | None = None,
    known_at: date | None = None,
    basis: Basis | None = None,
    with_levers: bool = False,
) -> Determination:
    """The law's answer for a bare act: on both layers unless one is named, human review where they differ.

    ``with_levers`` also says which smallest lawful change would permit it.
    """
    _refuse_wrong_facts(given, rulebook)
    day = as_of or given.as_of or given.on
    known = known_at or given.known_at or day
    closed = given.given == CLOSED
    asked = given.authority or bodies_asked(given.kind, given.facts)
    origin = f"{given.file}:{given.line}"
    act = act_from_row(given.id, given.kind, given.on, given.facts, asked=asked, closed=closed, origin=origin)
    sources: tuple[SourceAge, ...] = ()
    if not closed:
        act, sources = with_listings(act, given.facts, known)
    bodies = given.authority or None

    def answer(layer: Basis) -> Determination:
        question = Question(day, known, layer)
        found = decide(rulebook, act, question, sources=sources, bodies=bodies)
        if not with_levers:
            return found
        levers = smallest_levers(rulebook, act, question, NOTHING_ON_RECORD, bodies=bodies, sources=sources)
        return with_smallest(found, levers)

    layer = basis or given.basis
    if layer is not None:
        return answer(layer)
    return both_layers(answer(Basis.TEXT), answer(Basis.ENFORCEMENT))


def with_listings(act: Act, row: Mapping[str, Plain], known_at: date) -> tuple[Act, tuple[SourceAge, ...]]:
    """The act with what the lists say about each party that it names; what the row states stays, unless refuted."""
    facts: dict[str, Fact] = {}
    sources: dict[str, SourceAge] = {}
    for role in Role:
        party = party_in_row(role, row)
        if party is None:
            continue
        about = facts_about(party, replace(_NOBODY, parties=(party,)), act.on, known_at)
        facts |= {f"{role.value}.{fact}": value for fact, value in about.facts.items() if fact not in _OWN_FIELDS}
        sources |= {source.name: source for source in about.sources}
    return replace(act, facts={**facts, **act.facts, **_contradicted(facts, act.facts)}), tuple(sources.values())


def party_in_row(role: Role, row: Mapping[str, Plain]) -> Party | None:
    """The party that a row names in a role; None where it names none."""
    name = row.get(f"{role.value}.name")
    if name is None:
        return None
    headquarters = row.get(f"{role.value}.headquarters")
    return Party(role.value, str(name), headquarters=str(headquarters) if headquarters else None)


def _contradicted(listed: Mapping[str, Fact], stated: Mapping[str, Fact]) -> dict[str, Fact]:
    """What a row denies though a list surely says it: unknown, for a person to settle."""
    return {
        name: Fact(UNKNOWN, f"contradicted: {stated[name].origin} says no, {fact.origin}")
        for name, fact in listed.items()
        if fact.value is True and name in stated and stated[name].value is False
    }


def _refuse_wrong_facts(given: ActInput, rulebook: Rulebook) -> None:
    """InputError with every fact that the vocabulary does not have, or whose value is not of its type."""
    known = {name: fact for name, fact in rulebook.vocabulary.items() if not name.startswith("party.")}
    mistakes = []
    for name, value in given.facts.items():
        fact = known.get(name)
        if fact is not None:
            wrong = wrong_value(fact, value)
        elif name != "chip":
            wrong = ("is no fact of the vocabulary", mend_of(name, ["chip", *known], "one of docs/reference/facts.md"))
        else:
            wrong = None
        if wrong:
            mistakes.append(Mistake(given.file, given.line, name, *wrong))
    if mistakes:
        raise InputError(mistakes)
