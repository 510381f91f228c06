"""Workloads that ask the same of the law are answered once, and every one gets the answer that it would get alone."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from random import Random
from typing import ClassVar

import pytest
from plan_large import example, large_portfolio
from plan_random import random_portfolio
from plan_support import rulebook, serve, small

from lexloci.model.party import NotSubject, Stake
from lexloci.model.record import Attestation, Authorisation
from lexloci.model.site import Pool, Tenure
from lexloci.model.workload import DataCategory, Demand, Workload, WorkloadKind
from lexloci.plan import alike
from lexloci.plan.alike import asking_of
from lexloci.plan.judge import Judge
from lexloci.plan.options import answer_of, earliest_start, why_unlawful
from lexloci.plan.planner import judge_for
from lexloci.plan.records import with_records
from lexloci.plan.segments import asked_of
from lexloci.rulebook.acts import PARTS, placement_acts
from lexloci.rulebook.book import bundled_rulebook

COUNTRIES, CHIPS = ("NZ", "IS", "CL", "NO"), ("toy",)


def twins(portfolio, seed):
    """The portfolio with each job three times, of other sizes and times; what is on record may name one of them."""
    random = Random(seed)
    jobs = [one for one in portfolio.workloads if one.kind is not WorkloadKind.COPY]
    more = [
        replace(
            one,
            id=f"{one.id}-{number}",
            name=f"{one.name}, again",
            tokens=None if one.tokens is None else one.tokens * random.choice((1, 2)),
            deadline=random.choice((None, date(2026, 11, 1))),
            max_chips=random.choice((None, 8)),
            military_or_weapons_use=random.choice((one.military_or_weapons_use, one.military_or_weapons_use, None)),
            demand=None if one.demand is None else replace(one.demand, output_tokens_per_s=50.0, region="elsewhere"),
        )
        for one in jobs
        for number in range(2)
    ]
    named = random.choice(more).id if more else jobs[0].id
    said = Attestation("workload.military_or_weapons_use", False, (named,), "officer", date(2025, 1, 1), "seen")
    held = Authorisation("L2", "export_licence", "X", "kiwi", (named,), date(2025, 1, 1))
    return replace(
        portfolio,
        workloads=(*portfolio.workloads, *more),
        attestations=(*portfolio.attestations, *random.choice(((), (said,)))),
        authorisations=(*portfolio.authorisations, *random.choice(((), (held,)))),
    )


def open_pairs(portfolio):
    """Each workload that runs in a pool, with each pool and the first day on which it could start there."""
    for workload in portfolio.workloads:
        for pool in portfolio.pools:
            first = earliest_start(portfolio, workload, pool)
            if workload.kind is not WorkloadKind.COPY and first < portfolio.horizon_until:
                yield workload, pool, first


def asked_alone(judge, workload, pool, day):
    """The determination from a judge that was asked nothing else."""
    return Judge(judge.portfolio, judge.rulebook, judge.question).placement(workload, pool, day)


@pytest.mark.parametrize("seed", range(25))
def test_every_segment_is_what_its_workload_is_answered_alone(seed):
    portfolio = twins(random_portfolio(seed, COUNTRIES, CHIPS), seed)
    judge = judge_for(portfolio, rulebook())
    for workload, pool, first in open_pairs(portfolio):
        for segment in judge.segments(workload, pool, first, portfolio.horizon_until):
            expected = asked_alone(judge, workload, pool, segment.start)
            assert segment.outcome is expected.outcome
            assert segment.determination == expected
            assert why_unlawful(segment) == why_unlawful(replace(segment, alike=expected))


@pytest.mark.slow
def test_a_large_portfolio_under_the_bundled_law_is_answered_as_one_by_one():
    """Every choice, window and reason of some hundred pairs, and every word of some of them."""
    portfolio = large_portfolio(30, 6, 365)
    judge, random = judge_for(portfolio, bundled_rulebook()), Random(3)
    for workload in portfolio.workloads:
        for pool in portfolio.pools:
            found = answer_of(judge, workload, pool, assume_granted=True)
            if random.random() < 0.9 or found is None:
                continue
            alone = Judge(portfolio, judge.rulebook, judge.question)
            expected = answer_of(alone, workload, pool, assume_granted=True)
            assert (found.choices, found.why_not) == (expected.choices, expected.why_not)
            assert [one.determination for one in found.segments] == [one.determination for one in expected.segments]


def test_the_law_is_asked_once_for_all_workloads_that_ask_the_same():
    base = small()
    train = base.workloads[0]
    more = tuple(replace(train, id=f"again-{number}", name="again", tokens=1e9 + number) for number in range(20))
    portfolio = replace(base, workloads=(train, *more))
    judge = judge_for(portfolio, rulebook())
    counts: list[int] = []
    for workload in portfolio.workloads:
        for pool in portfolio.pools[:2]:
            judge.segments(workload, pool, portfolio.as_of, portfolio.horizon_until)
        counts.append(judge.asked)
    assert counts[0] > 0
    assert counts == [counts[0]] * len(counts)


def test_the_law_is_asked_once_for_days_between_which_nothing_changes_for_these_acts():
    """A rule about another kind of act begins; a job that does no such act is not asked about again."""
    judge = judge_for(small(), rulebook())
    workload, pool = small().workloads[0], small().pools[0]
    day = date(2026, 7, 1)
    days = tuple(sorted({*judge.breakpoints, day}))
    segments = judge.segments(workload, pool, small().as_of, small().horizon_until)
    assert day not in judge.breakpoints
    judge = judge_for(small(), rulebook())
    judge.breakpoints = days
    more = judge.segments(workload, pool, small().as_of, small().horizon_until)
    assert len(more) == len(segments) + 1
    after = next(one for one in more if one.start == day)
    before = next(one for one in more if one.end == day)
    assert after.alike is before.alike
    assert after.determination == asked_alone(judge, workload, pool, day)


@pytest.mark.parametrize("held_since", [None, date(2025, 3, 1)])
def test_the_day_of_a_supply_counts_where_it_is_the_day_of_the_start(held_since):
    """A licence for a supply must be granted before it: each later start leaves it more time."""
    pool = replace(small().pools[0], held_since=held_since)
    asked = []
    for more in ((), (date(2026, 7, 1), date(2026, 7, 2))):
        judge = judge_for(replace(small(), pools=(pool,)), rulebook())
        judge.breakpoints = tuple(sorted({*judge.breakpoints, *more}))
        judge.segments(small().workloads[0], pool, small().as_of, small().horizon_until)
        asked.append(judge.asked)
    assert asked[1] - asked[0] == (2 if held_since is None else 0)


@pytest.mark.slow
def test_what_the_law_is_asked_of_a_large_portfolio_grows_with_its_pools_and_not_with_its_workloads():
    """Of each segment with its five legs, less than one act is asked; four times the workloads ask not twice."""
    asked = {}
    for workloads in (24, 96):
        portfolio = large_portfolio(workloads, 4, 730)
        judge = judge_for(portfolio, bundled_rulebook())
        segments = [
            judge.segments(workload, pool, earliest_start(portfolio, workload, pool), portfolio.horizon_until)
            for workload in portfolio.workloads
            for pool in portfolio.pools
        ]
        asked[workloads] = judge.asked
        assert judge.asked < sum(map(len, segments))
    assert asked[96] < 2 * asked[24]


class WatchedWorkload(Workload):
    """A workload that writes down which of its fields are read."""

    seen: ClassVar[set[str]] = set()

    def __getattribute__(self, name: str) -> object:
        WatchedWorkload.seen.add(name)
        return super().__getattribute__(name)


class WatchedDemand(Demand):
    """The same of its demand."""

    seen: ClassVar[set[str]] = set()

    def __getattribute__(self, name: str) -> object:
        WatchedDemand.seen.add(name)
        return super().__getattribute__(name)


def watched(workload):
    """The workload, and its demand, with every read of a field written down."""
    values = {one.name: getattr(workload, one.name) for one in fields(Workload)}
    if workload.demand is not None:
        values["demand"] = WatchedDemand(
            **{one.name: getattr(workload.demand, one.name) for one in fields(Demand)},
        )
    return WatchedWorkload(**values)


def test_no_act_is_made_from_a_field_that_is_said_to_be_of_size_time_and_price_alone():
    """The list in ``alike`` follows the acts: what they and the records read of a workload is written down."""
    named = Attestation("workload.trains", True, ("job-0",), "officer", date(2025, 1, 1), "seen")
    for portfolio in (replace(example(), attestations=(*example().attestations, named)), large_portfolio(40, 8, 365)):
        jobs = tuple(map(watched, portfolio.workloads))
        judge = judge_for(replace(portfolio, workloads=jobs), bundled_rulebook())
        placings = [
            judge.placing(job, pool) for job in jobs if job.kind is not WorkloadKind.COPY for pool in portfolio.pools
        ]
        WatchedWorkload.seen.clear()
        WatchedDemand.seen.clear()
        for placing in placings:
            for act in placement_acts(placing, portfolio.as_of):
                with_records(judge.portfolio, act, judge.question)
        assert WatchedWorkload.seen >= {"kind", "military_or_weapons_use", "party"}
        assert WatchedDemand.seen >= {"countries", "users_personal_data"}
        looked_at_apart = {"id", "demand", "after", "tokens"}
        assert not WatchedWorkload.seen & (alike.SIZE_TIME_AND_PRICE - looked_at_apart)
        assert not WatchedDemand.seen & alike.OF_DEMAND


BASE = replace(serve("NZ", name="job"), datasets=("web",))


@pytest.mark.parametrize("name", [one.name for one in fields(Workload) if one.name not in alike.SIZE_TIME_AND_PRICE])
def test_a_field_that_acts_are_made_from_tells_workloads_apart(name):
    other = replace(BASE, **{name: "other"})
    assert asking_of(small(), other) != asking_of(small(), BASE)


@pytest.mark.parametrize("name", [one.name for one in fields(Demand) if one.name not in alike.OF_DEMAND])
def test_so_does_a_field_of_its_demand(name):
    other = replace(BASE, demand=replace(BASE.demand, **{name: "other"}))
    assert asking_of(small(), other) != asking_of(small(), BASE)


def test_weights_that_a_predecessor_makes_tell_workloads_apart():
    train = small().workloads[0]
    portfolio = replace(small(), workloads=(train, replace(train, id="of_another", model="kea")))
    makes, another = (replace(BASE, after=(before,)) for before in ("train", "of_another"))
    assert asking_of(portfolio, makes) != asking_of(portfolio, BASE)
    assert asking_of(portfolio, another) == asking_of(portfolio, BASE)


def test_a_workload_that_a_record_names_asks_for_itself():
    twin = replace(BASE, id="twin", name="twin")
    said = Attestation("workload.trains", True, ("twin",), "officer", date(2025, 1, 1), "seen")
    held = Authorisation("L", "export_licence", "X", "kiwi", ("twin",), date(2025, 1, 1))
    assert asking_of(small(), twin) == asking_of(small(), BASE)
    for named in (replace(small(), attestations=(said,)), replace(small(), authorisations=(held,))):
        assert asking_of(named, twin) != asking_of(named, BASE)


def test_what_is_asked_of_an_act_names_the_bodies_of_law_that_must_speak():
    judge = judge_for(small(), rulebook())
    act = placement_acts(judge.placing(small().workloads[0], small().pools[0]), small().as_of)[0]
    known, record = with_records(judge.portfolio, act, judge.question)
    for other in (replace(known, asked=(*known.asked, "xx")), replace(known, closed=True)):
        assert asked_of(other, record) != asked_of(known, record)


class WatchedPool(Pool):
    """A pool that writes down which of its fields are read."""

    seen: ClassVar[set[str]] = set()

    def __getattribute__(self, name: str) -> object:
        WatchedPool.seen.add(name)
        return super().__getattribute__(name)


@pytest.mark.parametrize("place", range(len(PARTS)))
def test_no_part_of_a_placement_is_made_from_a_field_that_it_does_not_name(place):
    """What the acts of each part, and the records, read of a job, its demand and a pool is written down."""
    part, made = PARTS[place], 0
    named = Attestation("workload.trains", True, ("job-0",), "officer", date(2025, 1, 1), "seen")
    portfolio = large_portfolio(40, 8, 365)
    portfolio = replace(portfolio, attestations=(*portfolio.attestations, named))
    pools = tuple(
        WatchedPool(**{one.name: getattr(pool, one.name) for one in fields(Pool)}) for pool in portfolio.pools
    )
    jobs = tuple(map(watched, portfolio.workloads))
    judge = judge_for(portfolio, bundled_rulebook())
    for job in jobs:
        for pool in pools:
            placing = judge.placing(job, pool)
            for seen in (WatchedWorkload.seen, WatchedDemand.seen, WatchedPool.seen):
                seen.clear()
            acts = part.acts(placing, portfolio.as_of)
            made += len(acts)
            read = WatchedWorkload.seen & {one.name for one in fields(Workload)}
            assert read <= {*part.of_workload, "id", "model"}
            read = WatchedPool.seen & {one.name for one in fields(Pool)}
            assert "id" in part.of_pool or read <= {*part.of_pool, "id"}
            assert not WatchedDemand.seen & alike.OF_DEMAND
            assert "demand" in part.of_workload or not WatchedDemand.seen & {one.name for one in fields(Demand)}
    assert made or part is PARTS[-1]


def test_a_record_that_names_a_pool_or_a_model_tells_them_apart():
    job, (one, *_) = small().workloads[0], small().pools
    other = replace(one, id="other")
    for about, differs in (((other.id,), True), ((), False)):
        named = frozenset(about)
        told = [alike.pool_asking(small(), pool, ("site", "holder"), named) for pool in (one, other)]
        assert (told[0] != told[1]) is differs
    held = Authorisation("L", "export_licence", "X", "kiwi", ("kiwi",), date(2025, 1, 1), chips=8)
    counted = replace(small(), authorisations=(held,))
    told = [alike.pool_asking(counted, pool, ("site", "holder"), frozenset()) for pool in (one, other)]
    assert told[0] != told[1]
    models = [
        alike.workload_asking(small(), replace(job, model=name), ("kind",), frozenset({"kea"}))
        for name in ("moa", "kea")
    ]
    assert models[0] != models[1]


@pytest.mark.parametrize("seed", range(25))
def test_what_workloads_share_tells_the_same_rules_facts_and_reasons(seed):
    """Beside names and places of the file, an answer for all that ask the same says what each is told alone."""
    portfolio = twins(random_portfolio(seed, COUNTRIES, CHIPS), seed)
    judge = judge_for(portfolio, rulebook())
    for workload, pool, first in open_pairs(portfolio):
        for segment in judge.answered(workload, pool, first, portfolio.horizon_until):
            assert said(segment.alike) == said(asked_alone(judge, workload, pool, segment.start))


def said(answer):
    """What an answer says, without names of the workload and the pool, days, and places of the file."""
    return (
        answer.outcome,
        answer.certain,
        answer.possible,
        [
            (one.rule, one.status, one.outcome, one.reason, one.leg, [(read.name, read.value) for read in one.facts])
            for one in (*answer.findings, *answer.signals, *answer.exposures, *answer.notes)
        ],
        answer.duties,
        [(one.kind, one.name, one.leg, one.rules) for one in answer.missing],
        answer.contested,
        answer.conflicts,
        answer.levers,
        answer.sources,
        [(one.rule, one.line, [(read.name, read.value) for read in one.facts]) for one in answer.near_misses],
        len(answer.legs),
    )


TWINS = {
    "pools": [
        {"site": "guian"},
        {"chip": "h20"},
        {"holder": "cloud-group"},
        {"tenure": Tenure.OWNED},
        {"supplier": None},
        {"supplier": "huawei"},
        {"shipped_from": None},
        {"shipped_from": "CN"},
        {"held_since": None},
        {"held_since": date(2024, 12, 1)},
        {"bought_to_order": True},
        {"bought_to_order": None},
    ],
    "sites": [
        {"country": "CN"},
        {"operator": "alibaba"},
        {"owner": "cloud-group"},
        {"state_funded": None},
        {"state_funded": True},
    ],
    "parties": [
        {"headquarters": "US"},
        {"headquarters": None},
        {"ultimate_parent": "huawei"},
        {"ultimate_parent": None},
        {"owners": (Stake("huawei", 60.0),)},
        {"owners": (Stake("huawei", 60.0, held_until=date(2026, 9, 1)),)},
        {"aliases": ("Huawei Technologies Co., Ltd.",)},
        {"not_subject_to": (NotSubject("us_bis", "no nexus", "adviser", date(2025, 1, 1)),)},
        {"critical_infrastructure_operator": True},
    ],
    "datasets": [
        {"category": DataCategory.IMPORTANT},
        {"category": DataCategory.GENERAL},
        {"handler": "deepseek"},
        {"origin": "SG"},
        {"located_at": None},
        {"located_at": "johor"},
        {"persons": None},
        {"persons": 2_000_000},
        {"sensitive_persons": 20_000},
        {"separate_consent": "not obtained"},
        {"notified_as_important": True},
        {"state_organ": True},
        {"foreign_origin_only": True},
    ],
    "workloads": [
        {"military_or_weapons_use": None},
        {"military_or_weapons_use": True},
        {"kind": WorkloadKind.CONTINUE},
        {"party": "alibaba"},
        {"datasets": ()},
        {"model": "qwen-now"},
    ],
    "models": [{"open_weights": True}, {"open_weights": None}, {"located_at": None}, {"training_flop": 1e27}],
}
"""What a twin of a thing of the example differs in: one field that the law may read."""


def beside(portfolio, section, changes):
    """The portfolio with twins of one thing, each with one field changed, and with what makes use of each of them."""
    one = {
        "pools": "johor-h100",
        "sites": "johor",
        "parties": "bytedance",
        "datasets": "bytedance-customers",
        "models": "doubao-now",
        "workloads": "bytedance-finetune",
    }[section]
    thing = next(found for found in getattr(portfolio, section) if found.id == one)
    twins = [replace(thing, id=f"{one}~{number}", **change) for number, change in enumerate(changes)]
    job = replace(portfolio.workload_by_id["bytedance-finetune"], model="doubao-now", after=())
    named = {"parties": "party", "models": "model"}.get(section)
    jobs = [replace(job, id=f"j{number}", **({named: twin.id} if named else {})) for number, twin in enumerate(twins)]
    if section == "datasets":
        jobs = [replace(one, datasets=(twin.id,)) for one, twin in zip(jobs, twins, strict=True)]
    if section == "workloads":
        jobs = [replace(job, id=twin.id, **change) for twin, change in zip(twins, changes, strict=True)]
    pool = portfolio.pool_by_id["johor-h100"]
    places = [replace(pool, id=f"p{number}", site=twin.id) for number, twin in enumerate(twins)]
    pools = {"pools": twins, "sites": places}.get(section, [])
    users = (*pool.users, *(twin.id for twin in twins)) if section == "parties" else pool.users
    portfolio = replace(portfolio, **{section: (*getattr(portfolio, section), *twins)})
    pools = tuple(replace(one, users=users) for one in (pool, portfolio.pool_by_id["singapore-h200"], *pools))
    asks = section in ("parties", "models", "datasets", "workloads")
    return replace(portfolio, workloads=(job, *(jobs if asks else ())), pools=pools)


@pytest.mark.slow
@pytest.mark.parametrize("section", TWINS)
def test_things_that_differ_in_one_field_that_the_law_may_read_are_each_answered_as_alone(section):
    """Under the rules in use: what is worked out once is never shared by two that are not alike to the law."""
    portfolio = beside(example(), section, TWINS[section])
    judge = judge_for(portfolio, bundled_rulebook())
    alone = Judge(judge.portfolio, judge.rulebook, judge.question)
    told, random = set(), Random(1)
    for workload in judge.portfolio.workloads:
        for pool in judge.portfolio.pools:
            segments = judge.answered(workload, pool, portfolio.as_of, portfolio.horizon_until)
            for segment in (segments[0], segments[-1], random.choice(segments)):
                expected = said(alone.placement(workload, pool, segment.start))
                assert said(segment.alike) == expected, (workload.id, pool.id, segment.start)
            told.add(repr(said(segments[0].alike)))
    assert len(told) > len(TWINS[section]) // 2, "the twins are told apart"
