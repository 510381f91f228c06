"""Work starts no earlier than what must be filed ahead of it can have been filed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from plan_support import AS_OF, copy_to, job, placement, pool, rulebook, serve, small, with_jobs, with_pools

from lexloci.law.rule import DutyRule, Rulebook, Standing, Turn
from lexloci.model.act import ActKind
from lexloci.model.portfolio import Portfolio
from lexloci.model.record import Authorisation
from lexloci.model.site import Link
from lexloci.plan.planner import answers_of, judge_for, make_plan


def filing(lead_days: int) -> Rulebook:
    """The invented rulebook in which users of chips in New Zealand file so many days ahead."""
    turn = Turn(date(2025, 1, 1), Standing.IN_FORCE, date(2025, 1, 1), None, "invented")
    duty = DutyRule("file ahead", "filing", lead_days)
    rules = tuple(
        replace(rule, turns=(turn,), duties=(duty,)) if rule.id == "small.report_in_may" else rule
        for rule in rulebook().rules
    )
    return replace(rulebook(), rules=rules)


def started(portfolio: Portfolio, lead_days: int) -> date | None:
    found = placement(make_plan(portfolio, filing(lead_days)))
    return None if found is None else found.start


def test_a_start_waits_for_the_lead_time_of_a_filing() -> None:
    home = with_pools(small(), "nz")
    assert started(home, 0) == AS_OF
    assert started(home, 40) == AS_OF + timedelta(40)


def test_a_filing_on_record_holds_up_nothing() -> None:
    held = Authorisation("F", "filing", "New Zealand", "kiwi", ("nz",), date(2025, 6, 1))
    assert started(replace(with_pools(small(), "nz"), authorisations=(held,)), 40) == AS_OF


def test_a_filing_that_takes_longer_than_the_horizon_closes_the_pool() -> None:
    home = with_pools(small(), "nz")
    assert started(home, 400) is None
    (answer,) = make_plan(home, filing(400)).plan.unplaced[0].alternatives
    assert answer.why == "what must be filed ahead of a start takes longer than its days last"


def test_an_assumed_licence_waits_for_a_filing_that_takes_longer() -> None:
    book = filing(40)
    in_chile = book.rule("small.chile_operating_licence").when
    rules = tuple(replace(one, when=in_chile) if one.id == "small.report_in_may" else one for one in book.rules)
    made = make_plan(with_pools(small(), "cl"), replace(book, rules=rules), assume_granted=True)
    found = placement(made)
    assert found is not None
    assert found.conditional_on
    assert found.start == AS_OF + timedelta(40)


def supply_filing(lead_days: int) -> Rulebook:
    """The same for those who supply chips to Iceland."""
    book = filing(lead_days)
    rules = tuple(
        replace(one, acts=frozenset({ActKind.EXPORT}), when=book.rule("small.iceland_ends_training").when)
        if one.id == "small.report_in_may"
        else one
        for one in book.rules
    )
    return replace(book, rules=rules)


def test_a_filing_that_comes_after_the_day_of_a_supply_opens_nothing() -> None:
    """Chips that are bought come on their day, whether what must be filed ahead of it is filed by then or not."""
    iceland = with_pools(small(), "is")
    for day, expected in ((-1, AS_OF), (0, None), (39, None), (40, AS_OF + timedelta(40))):
        got = pool(iceland, "is", held_since=AS_OF + timedelta(day))
        found = placement(make_plan(got, supply_filing(40)))
        assert (found and found.start) == expected, day


def weights_filing(lead_days: int) -> Rulebook:
    """The same for those who move weights to Iceland."""
    book = filing(lead_days)
    to_iceland = book.rule("small.iceland_ends_training").when[:1]
    rules = tuple(
        replace(one, acts=frozenset({ActKind.WEIGHTS_TRANSFER}), when=to_iceland)
        if one.id == "small.report_in_may"
        else one
        for one in book.rules
    )
    return replace(book, rules=rules)


FILED = Authorisation("F", "filing", "Iceland", "kiwi", ("kiwi",), date(2025, 6, 1))


def copied(lead_days: int, *held: Authorisation) -> date | None:
    """The day on which weights made in New Zealand are copied to Iceland."""
    portfolio = with_jobs(with_pools(small(), "nz"), copy_to("reykjavik"))
    found = placement(make_plan(replace(portfolio, authorisations=held), weights_filing(lead_days)), "home")
    return None if found is None else found.start


def test_a_copy_waits_for_the_lead_time_of_a_filing_ahead_of_it() -> None:
    soon = copied(0)
    assert soon is not None
    assert soon < AS_OF + timedelta(100)
    assert copied(100) == AS_OF + timedelta(100)
    assert copied(100, FILED) == soon
    assert copied(400) is None


def test_work_that_needs_weights_from_elsewhere_waits_for_the_filing_ahead_of_their_move() -> None:
    train = replace(small().workloads[0], datasets=("clients",))  # which may not leave New Zealand
    portfolio = with_jobs(replace(with_pools(small(), "nz", "is"), workloads=(train,)), serve("IS", after=("train",)))
    portfolio = pool(portfolio, "nz", users=("kiwi",), available_until=AS_OF + timedelta(30))
    starts = {}
    for days in (0, 100):
        made = make_plan(portfolio, weights_filing(days))
        found = placement(made, "serve")
        assert placement(made) is not None
        assert found is not None
        assert found.pool == "is"
        starts[days] = found.start
    assert starts[0] < AS_OF + timedelta(100) <= starts[100]


def test_a_split_job_begins_when_the_filing_ahead_of_what_it_exchanges_can_have_been_made() -> None:
    both = with_pools(small(), "nz", "is")
    links = (Link(("auckland", "reykjavik"), gbps=100.0, round_trip_ms=250.0, usd_per_gb=0.01),)
    portfolio = job(replace(both, links=links), "train", may_split=True)
    for days in (0, 40):
        answers = answers_of(judge_for(portfolio, weights_filing(days)))["train"]
        split = [one for answer in answers for one in answer.choices if one.also]
        assert split
        assert {one.windows[0][0] for one in split} == {AS_OF + timedelta(days)}
