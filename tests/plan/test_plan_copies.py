"""Moves of weights: a copy takes the link's time and price, and goes only between countries where the law lets it."""

from __future__ import annotations

from dataclasses import replace
from math import ceil

import pytest
from plan_support import (
    copy_to,
    determined,
    in_norway,
    placement,
    planned,
    rulebook,
    serve,
    small,
    unlawful_days,
    why_unplaced,
    with_jobs,
    with_pools,
)

from lexloci.model.outcome import Outcome
from lexloci.model.portfolio import Portfolio
from lexloci.plan.copies import copy_place, result_site, weights_delay_h
from lexloci.plan.options import answer_of
from lexloci.plan.planner import judge_for
from lexloci.plan.statement import state

WEIGHT_BYTES = 2e9
WIRE = 1538 / 1460  # Ethernet frame over TCP payload, as docs/explanation/estimates.md counts it


def chain(target: str, *names: str) -> Portfolio:
    """Train in the named pools, then copy the weights to a site."""
    return with_jobs(with_pools(small(), *names), copy_to(target))


def nz_and_norway() -> Portfolio:
    """A pool in New Zealand that trains, one in Norway that serves: the law closes the way between them."""
    portfolio = in_norway(with_pools(small(), "nz", "is"))
    train = replace(portfolio.workloads[0], datasets=("manuals",))
    return replace(portfolio, workloads=(train,))


def test_a_place_of_a_copy_says_where_it_comes_from_and_where_its_result_lies() -> None:
    assert result_site(copy_place("auckland", "oslo")) == "oslo"
    assert result_site("auckland") == "auckland"


def test_a_copy_takes_the_time_and_the_price_of_the_link() -> None:
    made = planned(chain("reykjavik", "nz"))
    train, copy = placement(made), placement(made, "home")
    assert train is not None
    assert copy is not None
    assert copy.cost_usd == pytest.approx(WEIGHT_BYTES / 1e9 * 0.05)
    assert copy.estimate.duration_s.point == pytest.approx(WEIGHT_BYTES * 8 / 1e9 * WIRE, abs=10)
    assert (copy.site, copy.pool, copy.chips) == ("reykjavik", "nz", 0)
    assert copy.start >= train.start


def test_a_copy_to_the_site_where_the_weights_lie_is_free() -> None:
    copy = placement(planned(chain("auckland", "nz")), "home")
    assert copy is not None
    assert (copy.cost_usd, copy.site, copy.outcome) == (0.0, "auckland", Outcome.PERMITTED)
    assert copy.determination.legs == ()


def test_a_copy_within_a_country_asks_nothing_of_the_law() -> None:
    copy = placement(planned(chain("wellington", "nz")), "home")
    assert copy is not None
    assert copy.determination.legs == ()
    assert copy.cost_usd == pytest.approx(0.02)


def test_a_copy_across_a_border_carries_the_answer_of_the_law() -> None:
    copy = placement(planned(chain("reykjavik", "nz")), "home")
    assert copy is not None
    (leg,) = copy.determination.legs
    assert leg.subject == "move of the weights of Moa from NZ to IS"


def test_without_a_link_the_copy_is_refused_with_its_reason() -> None:
    made = planned(chain("santiago", "is"))
    assert placement(made) is not None
    assert "bandwidth of the path is not stated" in why_unplaced(made, "home")


def test_where_the_law_closes_the_way_the_copy_has_no_place_and_says_the_rule() -> None:
    made = planned(chain("oslo", "nz"))
    assert "Weights go from New Zealand to Norway no more" in why_unplaced(made, "home")


def test_what_waits_for_a_copy_without_a_place_has_none_either() -> None:
    portfolio = with_jobs(chain("oslo", "nz"), serve("NZ", after=("home",)))
    made = planned(portfolio)
    assert why_unplaced(made, "serve") == "its predecessor home has no place"


def test_a_copy_follows_the_only_site_from_which_it_may_leave() -> None:
    portfolio = chain("reykjavik", "nz", "is")
    links = tuple(link for link in portfolio.links if "reykjavik" not in link.between)
    made = planned(replace(portfolio, links=links))
    train, copy = placement(made), placement(made, "home")
    assert train is not None
    assert copy is not None
    assert (train.pool, copy.pool) == ("is", "is")


def test_a_copy_has_a_way_from_each_site_and_takes_one_pool_a_site() -> None:
    portfolio = with_jobs(small(), copy_to("auckland"))
    twin = replace(portfolio.pool_by_id["nz"], id="nz-2")
    portfolio = replace(portfolio, pools=(*portfolio.pools, twin))
    judge = judge_for(portfolio, rulebook())
    answers = {
        "train": tuple(
            answer
            for pool in portfolio.pools
            if (answer := answer_of(judge, portfolio.workloads[0], pool, assume_granted=True)) is not None
        )
    }
    options = [one for one in state(judge, answers).problem.options if one.job == "home"]
    assert {one.site for one in options} == {"auckland>auckland", "reykjavik>auckland", "santiago>auckland"}
    assert len(options) == 3
    assert all(one.pool is None and one.nodes == 0 for one in options)


def test_a_copy_of_a_copy_leaves_from_where_the_first_one_went() -> None:
    portfolio = with_jobs(chain("reykjavik", "nz", "is"), copy_to("auckland", "back", "home"))
    made = planned(portfolio)
    first, second = placement(made, "home"), placement(made, "back")
    assert first is not None
    assert second is not None
    assert (first.site, second.site) == ("reykjavik", "auckland")
    assert second.pool == "is"
    assert second.start >= first.start
    assert unlawful_days(made, rulebook()) == []


def test_a_copy_of_a_copy_from_a_site_without_a_pool_says_so() -> None:
    portfolio = with_jobs(chain("wellington", "nz"), copy_to("auckland", "back", "home"))
    assert why_unplaced(planned(portfolio), "back") == "its predecessor home can end at no site with a pool"


def test_a_copy_runs_in_no_pool_and_asks_none() -> None:
    made = planned(chain("reykjavik", "nz"))
    assert made.answers["home"] == ()
    copy = placement(made, "home")
    assert copy is not None
    assert copy.alternatives == ()


def test_a_job_on_the_same_model_abroad_waits_for_the_weights_and_carries_their_leg() -> None:
    portfolio = with_jobs(with_pools(small(), "nz", "is"), serve("IS", after=("train",)))
    portfolio = replace(
        portfolio,
        pools=(portfolio.pool_by_id["nz"], replace(portfolio.pool_by_id["is"], available_from=portfolio.as_of)),
    )
    judge = judge_for(portfolio, rulebook())
    train, service = portfolio.workloads
    hours = weights_delay_h(judge, train, service, "auckland", "reykjavik")
    assert hours == ceil((WEIGHT_BYTES * 8 / 1e9 * WIRE + 1) / 3600)
    assert weights_delay_h(judge, train, service, "auckland", "auckland") == 0
    other = replace(service, model="another")
    assert weights_delay_h(judge, train, other, "auckland", "reykjavik") == 0


def test_a_successor_on_the_same_model_cannot_run_where_the_weights_may_not_go() -> None:
    portfolio = with_jobs(nz_and_norway(), serve("NZ", after=("train",)))
    made = planned(portfolio)
    train, service = placement(made), placement(made, "serve")
    assert train is not None
    assert service is not None
    assert (train.pool, service.pool) == ("nz", "nz")
    judge = judge_for(portfolio, rulebook())
    assert weights_delay_h(judge, *portfolio.workloads, "auckland", "oslo") is None


def test_weights_brought_from_abroad_stand_among_the_legs() -> None:
    portfolio = with_jobs(with_pools(small(), "nz", "is"), serve("IS", after=("train",)))
    pools = (
        replace(portfolio.pool_by_id["nz"], users=("frost",), holder="kiwi"),
        portfolio.pool_by_id["is"],
    )
    train = replace(portfolio.workloads[0], party="frost")
    made = planned(replace(portfolio, pools=pools, workloads=(train, portfolio.workloads[1])))
    first, service = placement(made), placement(made, "serve")
    assert first is not None
    assert service is not None
    assert (first.pool, service.pool) == ("nz", "is")
    asked = determined(made.portfolio, "is", "serve", service.start)
    assert [leg.subject for leg in service.determination.legs] == [
        *(leg.subject for leg in asked.legs),
        "move of the weights of Moa from NZ to IS",
    ]
    assert unlawful_days(made, rulebook()) == []


def test_a_way_refused_to_one_successor_is_refused_to_all() -> None:
    """The delays of a job belong to its result, not to who asks for it: the refusal counts (docs of ``_delays``)."""
    service = serve("NZ", after=("train",))
    waits = replace(serve("NZ", name="waits", after=("train",)), model="kea")
    portfolio = with_jobs(nz_and_norway(), service, waits)
    portfolio = replace(portfolio, models=(*portfolio.models, replace(portfolio.models[0], id="kea")))
    judge = judge_for(portfolio, rulebook())
    answers = {
        workload.id: tuple(
            answer
            for pool in portfolio.pools
            if (answer := answer_of(judge, workload, pool, assume_granted=False)) is not None
        )
        for workload in portfolio.workloads
    }
    (train,) = [one for one in state(judge, answers).problem.jobs if one.id == "train"]
    assert train.delay_h is not None
    assert train.delay_h["auckland", "auckland"] == 0
    assert ("auckland", "oslo") not in train.delay_h
    assert weights_delay_h(judge, portfolio.workloads[0], waits, "auckland", "oslo") == 0
