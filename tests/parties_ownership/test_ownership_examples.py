"""The examples that the authorities publish, and the turns of each rule, decided by hand.

OFAC: FAQ 398 to 402 of 2014-08-13, https://ofac.treasury.gov/faqs/401 (read in full 2026-11-29), and FAQ 116, 857.
BIS: 90 FR 47201, stayed by 90 FR 50857. EU: Best Practices of 2018 and of 2024-07-03. UK: OFSI, 2023-03-16.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lexloci.parties.ownership.cascade import CAUGHT, CLEAR, REVIEW, Judgement, judge
from lexloci.parties.ownership.graph import graph_of
from lexloci.parties.ownership.proof import governing, proof_of
from lexloci.parties.ownership.registers.native import register_of
from lexloci.parties.ownership.rules import BIS, EU, NS_CMIC, OFAC, RULES, UK, OwnershipRule

Edges = list[list[Any]]


def judged(
    edges: Edges, seeds: str = "X", rule: OwnershipRule = OFAC, as_of: str | None = None, **further: Any
) -> Judgement:
    """A graph of edges judged; ``further`` are other fields of the file."""
    register = register_of({"edges": edges, "seeds": list(seeds), "unit": "percent", **further}, "g")
    for seed in [*register.seeds, *register.possible_seeds]:
        register.party(seed)
    day = date.fromisoformat(as_of) if as_of else None
    return judge(
        graph_of(register, day),
        register.seeds,
        rule,
        day,
        possible_seeds=register.possible_seeds,
        notes=register.notes,
    )


def answers(judgement: Judgement) -> tuple[str, str, str]:
    """Caught beside the seeds, clear, and for review, each as sorted letters."""
    seeds = {judgement.graph.ids[place] for place in judgement.seeds.tolist()}
    caught = "".join(sorted(set(map(str, judgement.parties(CAUGHT))) - set(map(str, seeds))))
    return caught, *("".join(sorted(map(str, judgement.parties(one)))) for one in (CLEAR, REVIEW))


@pytest.mark.parametrize(
    ("example", "edges", "caught", "clear"),
    [
        ("1: X owns half of A, A half of B", [["X", "A", 50], ["A", "B", 50]], "AB", ""),
        (
            "2: X owns half of A and of B, which own 25 of C each",
            [["X", "A", 50], ["X", "B", 50], ["A", "C", 25], ["B", "C", 25]],
            "ABC",
            "",
        ),
        ("3: X owns half of A and 10 of B, A 40 of B", [["X", "A", 50], ["X", "B", 10], ["A", "B", 40]], "AB", ""),
        (
            "4: X owns half of A and 25 of B, which own 25 of C each",
            [["X", "A", 50], ["X", "B", 25], ["A", "C", 25], ["B", "C", 25]],
            "A",
            "BC",
        ),
        (
            "5: X owns 25 of A and of B, which own half of C each",
            [["X", "A", 25], ["X", "B", 25], ["A", "C", 50], ["B", "C", 50]],
            "",
            "ABC",
        ),
    ],
)
def test_the_examples_of_ofac_faq_401(example: str, edges: Edges, caught: str, clear: str) -> None:
    assert answers(judged(edges)) == (caught, clear, "")


def test_faq_399_shares_of_all_blocked_persons_add_up() -> None:
    assert answers(judged([["X", "A", 25], ["Y", "A", 25]], "XY"))[0] == "A"
    assert answers(judged([["X", "A", 25], ["Y", "A", 24.9]], "XY"))[1] == "A"


def test_before_the_guidance_of_2014_shares_of_several_did_not_add_up() -> None:
    edges: Edges = [["X", "A", 25], ["Y", "A", 25], ["X", "B", 50]]
    assert answers(judged(edges, "XY", as_of="2014-08-12")) == ("B", "", "A")
    assert answers(judged(edges, "XY", as_of="2014-08-13")) == ("AB", "", "")


def test_faq_398_control_is_no_ownership() -> None:
    edges: Edges = [["X", "A", 49, {"control": True}]]
    assert answers(judged(edges)) == ("", "A", "")
    assert "FAQ 398" in proof_of(judged(edges), "A").note


def test_faq_398_control_whose_share_nobody_states_is_for_review() -> None:
    assert answers(judged([["X", "A", None, {"control": True}]])) == ("", "", "A")


def test_faq_402_what_is_sold_before_the_day_no_longer_counts() -> None:
    edges: Edges = [["X", "A", 60, {"until": "2024-03-01"}], ["X", "A", 40, {"from": "2024-03-01"}]]
    assert answers(judged(edges, as_of="2024-02-29")) == ("A", "", "")
    assert answers(judged(edges, as_of="2024-03-01")) == ("", "A", "")


def test_faq_857_the_ns_cmic_list_has_no_fifty_per_cent_rule() -> None:
    assert answers(judged([["X", "A", 100]], rule=NS_CMIC)) == ("", "A", "")
    assert answers(judged([["X", "A", 100]], rule=NS_CMIC, parties={"X": {"lists": ["CMIC"]}}))[1] == "A"


def test_shares_that_are_written_in_decimals_add_up_as_written() -> None:
    assert answers(judged([["X", "A", 33.3], ["Y", "A", 16.7]], "XY"))[0] == "A"
    assert answers(judged([["X", "A", 0.1]] * 499))[1] == "A"
    assert answers(judged([["X", "A", 0.1]] * 500))[0] == "A"
    assert answers(judged([[one, "A", 50 / 11] for one in "BCDEFGHIJKL"], "BCDEFGHIJKL"))[0] == "A"
    assert answers(judged([["X", "A", 49.99999]]))[1] == "A"


def test_nobody_is_caught_by_its_own_shares_or_by_a_ring() -> None:
    assert answers(judged([["A", "A", 60], ["X", "A", 10]])) == ("", "A", "")
    assert answers(judged([["A", "B", 60], ["B", "A", 60], ["X", "A", 10]])) == ("", "AB", "")
    assert answers(judged([["A", "B", 60], ["B", "A", 40], ["X", "A", 50]])) == ("AB", "", "")


def test_own_shares_do_not_make_room_smaller_for_others() -> None:
    assert answers(judged([["A", "A", 60], ["X", "A", None]])) == ("", "", "A")


def test_what_others_hold_bounds_what_a_listed_party_may_hold() -> None:
    assert answers(judged([["X", "A", None], ["P", "A", 51]])) == ("", "AP", "")
    assert answers(judged([["X", "A", None], ["P", "A", 50]])) == ("", "P", "A")
    assert answers(judged([["X", "A", None], ["P", "A", [30, 60]]])) == ("", "P", "A")


def test_shares_above_a_hundred_bound_nothing() -> None:
    assert answers(judged([["X", "A", [20, 60]], ["P", "A", 70], ["Q", "A", 70]])) == ("", "PQ", "A")


def test_a_possible_listing_is_for_review_and_so_is_what_hangs_on_it() -> None:
    edges: Edges = [["M", "A", 50], ["A", "B", 100], ["M", "C", 49]]
    assert answers(judged(edges, "", possible_seeds=["M"])) == ("", "C", "ABM")


def test_a_possible_listing_that_a_listed_party_owns_is_caught() -> None:
    assert answers(judged([["X", "M", 60]], possible_seeds=["M"])) == ("M", "", "")


def test_a_listed_party_without_holdings_is_caught() -> None:
    judgement = judged([["P", "A", 10]])
    assert judgement.parties(CAUGHT) == ["X"]
    assert proof_of(judgement, "X").is_listed


@pytest.mark.parametrize(
    ("day", "caught", "clear", "review"),
    [
        ("2025-09-28", "", "AB", ""),
        ("2025-09-29", "A", "B", ""),
        ("2025-11-09", "A", "B", ""),
        ("2025-11-10", "", "AB", ""),
        ("2026-11-09", "", "AB", ""),
        ("2026-11-10", "", "B", "A"),  # the stay ends, and no extension was found in the Federal Register
    ],
)
def test_the_affiliates_rule_on_each_side_of_its_turns(day: str, caught: str, clear: str, review: str) -> None:
    judgement = judged([["X", "A", 50], ["X", "B", 49]], rule=BIS, as_of=day)
    assert answers(judgement) == (caught, clear, review)
    assert proof_of(judgement, "A").by_shares == "caught"
    assert (proof_of(judgement, "A").note != "") == (caught == "")


def test_the_affiliates_rule_adds_up_lists_and_passes_through_us_entities_without_catching_them() -> None:
    parties = {
        "X": {"lists": ["EL"]},
        "Y": {"lists": ["MEU"]},
        "Z": {"lists": ["CMIC", "1260H"]},
        "U": {"headquarters": "US"},
    }
    edges: Edges = [["X", "A", 25], ["Y", "A", 25], ["Z", "B", 100], ["A", "U", 60], ["U", "C", 50]]
    judgement = judged(edges, "XYZ", BIS, parties=parties)
    assert answers(judgement) == ("AC", "BUZ", "")
    assert "foreign affiliates only" in proof_of(judgement, "U").note


def test_the_most_restrictive_owner_governs() -> None:
    parties = {
        "X": {"licence_policy": "case by case"},
        "Y": {"licence_policy": "presumption of denial"},
    }
    edges: Edges = [["X", "A", 40], ["Y", "B", 100], ["B", "A", 10]]
    register = register_of({"edges": edges, "seeds": ["X", "Y"], "parties": parties}, "g")
    judgement = judge(graph_of(register), register.seeds, BIS)
    assert governing(judgement, "A", register.notes) == ("Y", "presumption of denial")
    del register.notes["X"]  # its policy is not stated: it counts as worse than all
    assert governing(judgement, "A", register.notes) == ("X", None)


def test_a_minority_share_is_clear_with_a_red_flag_and_an_unknown_one_is_for_review() -> None:
    judgement = judged([["X", "A", 49], ["X", "B", None]], rule=BIS)
    assert answers(judgement) == ("", "A", "B")
    assert "red flag" in proof_of(judgement, "A").note


def test_the_eu_asked_for_more_than_half_until_2024_07_03() -> None:
    edges: Edges = [["X", "A", 50], ["X", "B", 50.001], ["X", "C", 30], ["Y", "C", 20]]
    assert answers(judged(edges, "XY", EU, "2024-07-02")) == ("B", "AC", "")
    assert answers(judged(edges, "XY", EU, "2024-07-03")) == ("ABC", "", "")


def test_the_uk_asks_one_party_for_more_than_half_or_control() -> None:
    edges: Edges = [
        ["X", "A", 50],
        ["X", "B", 51],
        ["X", "C", 30],
        ["Y", "C", 30],
        ["X", "D", 10, {"control": True}],
        ["B", "E", 26],
        ["D", "E", 25],
    ]
    assert answers(judged(edges, "XY", UK)) == ("BDE", "A", "C")


def test_the_uk_follows_each_listed_party_through_what_it_owns_alone() -> None:
    edges: Edges = [["X", "A", 51], ["Y", "B", 51], ["A", "C", 30], ["B", "C", 30], ["A", "D", 51]]
    judgement = judged(edges, "XY", UK)
    assert answers(judgement) == ("ABD", "", "C")
    assert [support.owner for support in proof_of(judgement, "D").supports] == ["A"]


def test_a_rule_that_adds_nothing_up_asks_what_one_possible_listing_would_catch() -> None:
    edges: Edges = [["P", "A", 60], ["A", "B", 70], ["P", "C", 50]]
    assert answers(judged(edges, "", UK, possible_seeds=["P"])) == ("", "C", "ABP")
    assert answers(judged(edges, "", as_of="2012-01-01", possible_seeds=["P"])) == ("", "", "ABCP")


def test_every_rule_names_its_source_for_each_turn() -> None:
    for rule in RULES.values():
        assert [turn.on for turn in rule.turns] == sorted(turn.on for turn in rule.turns)
        assert all(turn.citation and turn.level in {"P", "T", "S", "R"} for turn in rule.turns)
