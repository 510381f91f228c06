"""A kept answer is the answer: what the memory gives for a day is what a judge says who is asked nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from plan_support import AS_OF, changed, copy_to, job, rulebook, serve, small, with_jobs

from lexloci.case import read_portfolio
from lexloci.law.rule import Rulebook, Standing, Turn
from lexloci.model.act import Question
from lexloci.model.determination import Determination
from lexloci.model.fact import UNKNOWN
from lexloci.model.party import Stake
from lexloci.model.portfolio import Basis, Portfolio
from lexloci.model.record import Attestation, Authorisation
from lexloci.model.site import Tenure
from lexloci.plan.judge import Judge
from lexloci.plan.questions import open_pairs
from lexloci.rulebook.acts import placement_acts
from lexloci.rulebook.book import bundled_rulebook
from lexloci.scenario.remembering import Memory, RememberingJudge, kinds_at_start
from lexloci.scenario.supposed import supposed_rows
from lexloci.scenario.world import Listing

HISTORY = Path(__file__).parents[2] / "examples" / "replay" / "portfolio.yaml"


def said(determination: Determination) -> object:
    """What an answer says, without its words and its clocks."""
    return (
        determination.outcome,
        determination.certain,
        determination.possible,
        [(one.rule, one.status, one.party, one.leg) for one in determination.findings],
        {duty.text for duty in determination.duties},
        {(one.kind, one.name) for one in determination.missing},
        {(one.point, one.reading) for one in determination.contested},
    )


def question(day: date, portfolio: Portfolio) -> Question:
    return Question(day, day, portfolio.basis)


def differing(portfolio: Portfolio, book: Rulebook, days: list[date], later: list[int]) -> tuple[list[str], Memory]:
    """The pairs, days and starts for which the memory says something else than a fresh judge."""
    memory = Memory()
    wrong: list[str] = []
    for day in days:
        asked = replace(portfolio, as_of=day, known_at=day)
        judge = RememberingJudge(asked, book, question(day, asked), memory=memory)
        fresh = Judge(asked, book, question(day, asked))
        for workload, pool in open_pairs(asked):
            for offset in later:
                start = day + timedelta(days=offset)
                ours, theirs = (one.placement(workload, pool, start) for one in (judge, fresh))
                if said(ours) != said(theirs):
                    wrong.append(f"{workload.id}@{pool.id} as of {day} on {start}: {ours.outcome}, {theirs.outcome}")
    return wrong, memory


@pytest.mark.slow
def test_all_through_a_year_the_kept_answer_is_the_fresh_one() -> None:
    portfolio = with_jobs(small(), serve("NO", "NZ"), serve("CL", name="chile"), copy_to("oslo"))
    vouched = Attestation(
        "workload.military_or_weapons_use", False, ("train",), "she", date(2026, 2, 3), "a file", date(2026, 8, 9)
    )
    portfolio = replace(job(portfolio, "train", military_or_weapons_use=None), attestations=(vouched,))
    days = [AS_OF + timedelta(days=offset) for offset in range(0, 365, 8)]
    wrong, memory = differing(portfolio, rulebook(), days, [0, 90])
    assert wrong == []
    assert memory.asked * 3 < memory.at_hand, "most answers were kept"


@pytest.mark.slow
def test_on_the_days_on_which_the_law_turned_the_kept_answer_is_the_fresh_one() -> None:
    portfolio = read_portfolio(HISTORY)
    names = ("alibaba-pretrain", "alibaba-serve-sea", "bytedance-finetune")
    pools = ("alibaba-h800", "alibaba-h20-order", "johor-h100", "bytedance-910c")
    kept = [portfolio.workload_by_id[name] for name in names]
    chosen = replace(portfolio, pools=tuple(portfolio.pool_by_id[name] for name in pools), workloads=tuple(kept))
    turns = [date(2023, 10, 18), date(2025, 4, 16), date(2025, 5, 13), date(2025, 6, 1), date(2025, 6, 2)]
    turns += [date(2025, 9, 29), date(2025, 11, 12), date(2026, 1, 13), date(2026, 8, 30), date(2026, 8, 31)]
    wrong, memory = differing(chosen, bundled_rulebook(), turns, [0, 45])
    assert wrong == []
    assert memory.at_hand > memory.asked // 4


@pytest.mark.slow
def test_no_placement_entails_a_kind_of_act_that_its_key_leaves_out() -> None:
    portfolio = read_portfolio(HISTORY)
    judge = Judge(portfolio, bundled_rulebook(), question(portfolio.as_of, portfolio))
    for workload, pool in open_pairs(portfolio):
        acts = placement_acts(judge.placing(workload, pool), portfolio.as_of)
        kinds = {act.kind for act in acts if not act.kind.is_supply}
        assert kinds <= kinds_at_start(workload, pool), (workload.id, pool.id)
        days = {pool.held_since} | ({pool.leased_since} if pool.tenure is Tenure.LEASED else set())
        assert {act.on for act in acts if act.kind.is_supply} <= days


def asked_and_kept(*questions: tuple[Rulebook, Question], start: date) -> tuple[int, int]:
    """How many answers were asked and kept for the first placement of the small portfolio, question after question."""
    memory = Memory()
    workload, where = next(one for one in open_pairs(small()) if one[1].id == "is")
    for book, one in questions:
        RememberingJudge(small(), book, one, memory=memory).placement(workload, where, start)
    return memory.asked, memory.at_hand


def test_another_layer_is_another_state() -> None:
    layers = [(rulebook(), Question(AS_OF, AS_OF, basis)) for basis in Basis]
    assert asked_and_kept(*layers, start=AS_OF) == (2, 0)


def test_a_day_later_is_the_same_state_until_a_rule_is_published_that_counts_on_the_start() -> None:
    rules = tuple(
        replace(rule, turns=tuple(replace(turn, published=date(2026, 5, 15)) for turn in rule.turns))
        if rule.id == "small.iceland_ends_training"
        else rule
        for rule in rulebook().rules
    )
    book = replace(rulebook(), rules=rules)
    days = [date(2026, 5, 13), date(2026, 5, 14), date(2026, 5, 15), date(2026, 5, 16)]
    questions = [(book, Question(day, day, small().basis)) for day in days]
    assert asked_and_kept(*questions, start=date(2026, 7, 1)) == (2, 2)
    assert asked_and_kept(*questions, start=date(2026, 5, 20)) == (1, 3), "it is not in force on that start"


def test_a_memory_refuses_other_parties() -> None:
    memory = Memory()
    RememberingJudge(small(), rulebook(), question(AS_OF, small()), memory=memory)
    moved = tuple(replace(party, headquarters="NO") for party in small().parties)
    other = replace(small(), parties=moved)
    with pytest.raises(ValueError, match="one set of parties"):
        RememberingJudge(other, rulebook(), question(AS_OF, other), memory=memory)


def test_a_price_that_moves_asks_the_law_nothing() -> None:
    memory = Memory()
    for price in (1.0, 9.0):
        pools = tuple(replace(pool, usd_per_chip_hour=price) for pool in small().pools)
        portfolio = replace(small(), pools=pools)
        judge = RememberingJudge(portfolio, rulebook(), question(AS_OF, portfolio), memory=memory)
        for workload, pool in open_pairs(portfolio):
            judge.placement(workload, pool, AS_OF)
    assert memory.asked == memory.at_hand == len(open_pairs(small()))


def test_a_lease_is_kept_for_its_own_day_where_that_of_the_supply_is_not_stated() -> None:
    """A rule that counts on the day of the lease in one world and not in the other, and today in both."""
    since = {"held_since": None, "leased_since": date(2025, 6, 1)}
    leased = changed(small(), "pools", "is", tenure=Tenure.LEASED, bought_to_order=True, **since)
    early = date(2019, 12, 1)
    stops = ((date(2020, 1, 1), True), (date(2025, 5, 1), False), (date(2025, 7, 1), True))
    standings = {True: Standing.IN_FORCE, False: Standing.NOT_IN_FORCE}
    turns = tuple(Turn(day, standings[counts], early, None, "invented") for day, counts in stops)
    rules = tuple(replace(one, turns=turns) if one.id == "small.to_order" else one for one in rulebook().rules)
    memory, told = Memory(words_matter=False), []
    for book in (rulebook(), replace(rulebook(), rules=rules)):
        asked = question(AS_OF, leased)
        judges = (RememberingJudge(leased, book, asked, memory=memory), Judge(leased, book, asked))
        kept, fresh = (
            said(one.placement(leased.workload_by_id["train"], leased.pool_by_id["is"], AS_OF)) for one in judges
        )
        assert kept == fresh
        told.append(fresh)
    assert told[0] != told[1]


def test_the_day_of_a_supposed_listing_is_known_where_it_is_a_fact() -> None:
    """A rule may ask since when a party is on the list of section 1260H."""
    day, memory = date(2026, 6, 1), Memory(words_matter=False)
    stated = []
    for since in (date(2026, 3, 1), date(2026, 4, 1)):
        listings = (Listing("kiwi", "list_1260h", since),)
        asked = question(AS_OF, small())
        judge = RememberingJudge(small(), rulebook(), asked, supposed_rows(small(), listings), memory=memory)
        assert judge.facts_of("kiwi", day)["list_1260h_since"].value == since
        stated.append(judge._said_of_parties(day))
    assert stated[0] != stated[1]


def listed_facts(portfolio: Portfolio, *listings: Listing, party: str, on: date) -> dict[str, object]:
    """What a judge with a memory knows of a party where these listings are supposed."""
    judge = RememberingJudge(portfolio, rulebook(), question(AS_OF, portfolio), supposed_rows(portfolio, listings))
    return {name: fact.value for name, fact in judge.facts_of(party, on).items()}


def test_shares_of_owners_whose_listing_is_supposed_count_together_while_they_are_held() -> None:
    """Half is owned by listed parties where one holds 30 % and another 20 % (15 CFR 744.11(a)(1), 90 FR 47201)."""
    since, until = date(2026, 6, 1), date(2026, 9, 1)
    stakes = (Stake("frost", 30.0), Stake("andes", 20.0, held_until=until))
    owned = changed(small(), "parties", "kiwi", owners=stakes)
    both = [Listing(owner, "entity_list", since) for owner in ("frost", "andes")]
    days = {since - timedelta(1): (False, False), since: (True, False), until: (False, True)}
    for day, expected in days.items():
        found = listed_facts(owned, *both, party="kiwi", on=day)
        told = (found["owned_50_by_listed"] is True, found["owned_minority_by_listed"] is True)
        assert told == expected, day
    one = listed_facts(owned, both[0], party="kiwi", on=since)
    assert one["owned_50_by_listed"] is not True


def test_a_supposed_listing_takes_nothing_from_an_entry_that_stands() -> None:
    """Huawei's entry has footnote 1: to suppose that it is listed again makes it no milder."""
    huawei = changed(
        small(), "parties", "maker", aliases=("Huawei Technologies Co., Ltd.",), generic=False, headquarters="CN"
    )
    day = date(2026, 6, 1)
    before = listed_facts(huawei, party="maker", on=day)
    assert before["entity_list"] is True
    assert "1" in str(before["entity_list_footnotes"])
    again = Listing("maker", "entity_list", date(2026, 5, 1))
    after = listed_facts(huawei, again, party="maker", on=day)
    assert after["entity_list_footnotes"] == before["entity_list_footnotes"]
    assert after["entity_list_policy"] in {before["entity_list_policy"], "presumption of denial"}


def test_who_was_not_screened_is_unknown_until_the_day_of_the_supposed_listing() -> None:
    listing = Listing("maker", "entity_list", date(2026, 6, 1))
    assert listed_facts(small(), listing, party="maker", on=date(2026, 5, 31))["entity_list"] is UNKNOWN
    assert listed_facts(small(), listing, party="maker", on=date(2026, 6, 1))["entity_list"] is True


def test_a_licence_for_so_many_chips_is_asked_again_where_the_pools_that_share_it_are_others() -> None:
    """The memory is shared by portfolios whose pools differ: with the other pool the licence covers too few chips."""
    held = Authorisation("L", "operating_licence", "Chile", "kiwi", ("kiwi",), date(2025, 1, 1), chips=16)
    both = replace(small(), authorisations=(held,))
    alone = replace(both, pools=tuple(one for one in both.pools if one.id == "cl"))
    memory, told = Memory(), []
    for portfolio in (alone, both):
        asked = question(AS_OF, portfolio)
        judges = (RememberingJudge(portfolio, rulebook(), asked, memory=memory), Judge(portfolio, rulebook(), asked))
        kept, fresh = (
            said(one.placement(portfolio.workload_by_id["train"], portfolio.pool_by_id["cl"], AS_OF)) for one in judges
        )
        assert kept == fresh
        told.append(fresh)
    assert told[0] != told[1]
