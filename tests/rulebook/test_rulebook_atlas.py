"""The atlas has the answer of the law for every combination, and its groups lose none of them."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import numpy as np
import pytest

from lexloci.catalogue import chip, chips, countries
from lexloci.law.decide import decide
from lexloci.model.act import Act, ActKind, Question, Role
from lexloci.model.errors import LexlociError
from lexloci.model.fact import ABSENT, Fact
from lexloci.model.outcome import Outcome
from lexloci.model.portfolio import Basis
from lexloci.rulebook import atlas_question
from lexloci.rulebook.atlas import FIRST, UNTIL, draw_atlas
from lexloci.rulebook.book import bundled_rulebook
from lexloci.rulebook.facts import chip_facts

SAMPLES = 300
OFTEN = ("CN", "HK", "MO", "US", "MY", "SG", "AE", "RU", "KH", "NI", "IL", "SA")


@pytest.fixture(scope="module")
def rulebook():
    return bundled_rulebook()


@pytest.fixture(scope="module")
def atlases(rulebook):
    everything = tuple(chips().values()), tuple(countries())
    return {basis: draw_atlas(rulebook, *everything, basis, rulebook.reviewed) for basis in Basis}


@pytest.fixture(scope="module")
def enforced(atlases):
    return atlases[Basis.ENFORCEMENT]


def act(name, site, headquarters, on):
    """The act of a combination, written out as a person would state it."""
    kind = ActKind.TRANSFER if site == "US" else ActKind.EXPORT
    designer = chip(name).designer
    facts = {
        "exporter.is_nvidia": designer == "NVIDIA",
        "exporter.is_amd": designer == "AMD",
        "exporter.name": designer if designer in ("NVIDIA", "AMD") else "a company of the United States",
        "exporter.headquarters": "US",
        "site.country": site,
        "site.state_funded": False,
        "departure.country": "US",
        "supply.tenure": "owned",
        "supply.bought_to_order": False,
        "supply.exported_from_united_states": site != "US",
        "supply.meets_h200_conditions": True,
        "supply.false_end_user_statement": False,
        "supply.restricted_activity_suspected": False,
        "supply.exporter_is_foundry": False,
        "item.ear99": False,
        "end_user.g42_or_core42": False,
        "end_user.uae_supplement_8": False,
        **dict.fromkeys((f"workload.{use}" for use in ("military_or_weapons_use", "known_weapons_use")), False),
        **dict.fromkeys((f"workload.{use}" for use in ("supercomputer", "trains")), False),
    }
    lists = ("entity_list", "military_end_user_list", "denied_persons_list", "unverified_list", "sdn_list")
    for role in ("exporter", "purchaser", "consignee", "end_user"):
        for attribute in (*lists, "list_1260h", "owned_50_by_listed", "owned_minority_by_listed"):
            facts[f"{role}.{attribute}"] = False
        for attribute in ("policy", "scope", "footnotes"):
            facts[f"{role}.entity_list_{attribute}"] = ABSENT
        if role != "exporter":
            facts[f"{role}.name"] = "the buyer"
            facts[f"{role}.headquarters"] = facts[f"{role}.ultimate_parent_headquarters"] = headquarters
    parties = {role: role.value for role in (Role.EXPORTER, Role.PURCHASER, Role.CONSIGNEE, Role.END_USER)}
    stated = {name: Fact(value, "stated") for name, value in facts.items()}
    return Act("sample", kind, "supply", on, {**chip_facts(chip(name)), **stated}, ("us",), parties)


def sample(random):
    """A combination; countries that the law names come more often than the others."""
    place = [random.choice(OFTEN if random.random() < 0.7 else tuple(countries())) for _ in range(2)]
    return random.choice(tuple(chips())), *place, FIRST + timedelta(random.randrange((UNTIL - FIRST).days))


@pytest.mark.parametrize("basis", Basis)
def test_a_random_sample_has_the_answer_that_the_law_gives_each_act(rulebook, atlases, basis):
    random = Random(20261122)
    met = set()
    for _ in range(SAMPLES):
        name, site, headquarters, on = sample(random)
        question = Question(on, rulebook.reviewed, basis)
        expected = decide(rulebook, act(name, site, headquarters, on), question).outcome
        assert atlases[basis].outcome(name, site, headquarters, on) is expected, (name, site, headquarters, on)
        met.add(expected)
    assert met == set(Outcome)


def test_every_combination_is_in_one_box_and_has_its_answers_there(enforced):
    codes = tuple(countries())
    axes = [{name: place for place, name in enumerate(names)} for names in (tuple(chips()), codes, codes)]
    seen = np.zeros([len(axis) for axis in axes], np.uint8)
    for box in enforced.boxes():
        groups = zip(axes, (box.chips, box.sites, box.headquarters), strict=True)
        seen[np.ix_(*([axis[name] for name in group] for axis, group in groups))] += 1
        first, last = ((box.chips[place], box.sites[place], box.headquarters[place]) for place in (0, -1))
        assert enforced.timeline(*first) == enforced.timeline(*last) == box.intervals
    assert (seen == 1).all()


def test_the_counts_add_up_to_all_combinations(enforced):
    assert enforced.combinations == 99 * 249 * 249 * len(enforced.days)
    assert sum(enforced.counts().values()) == enforced.combinations
    counted = dict.fromkeys(Outcome, 0)
    for box in enforced.boxes():
        size = len(box.chips) * len(box.sites) * len(box.headquarters)
        for one in box.intervals:
            days = sum(one.since <= day < one.until for day in enforced.days)
            counted[one.outcome] += size * days
    assert counted == enforced.counts()


def test_intervals_touch_and_fill_the_years(enforced):
    for box in enforced.boxes():
        assert (box.intervals[0].since, box.intervals[-1].until) == (FIRST, UNTIL)
        for one, other in zip(box.intervals, box.intervals[1:], strict=False):
            assert one.until == other.since
            assert one.outcome is not other.outcome


def test_the_table_stays_readable(atlases):
    for atlas in atlases.values():
        assert sum(len(box.intervals) for box in atlas.boxes()) < 400


@pytest.mark.parametrize(
    ("combination", "on", "outcome"),
    [
        (("h100-sxm", "CN", "CN"), date(2022, 8, 25), Outcome.PERMITTED),
        (("h100-sxm", "CN", "CN"), date(2022, 8, 26), Outcome.LICENCE_CASE_BY_CASE),
        (("h100-sxm", "CN", "CN"), date(2022, 10, 21), Outcome.LICENCE_PRESUMED_DENIED),
        (("h200-sxm", "CN", "CN"), date(2026, 1, 14), Outcome.LICENCE_PRESUMED_DENIED),
        (("h200-sxm", "CN", "CN"), date(2026, 1, 15), Outcome.LICENCE_CASE_BY_CASE),
        (("b200", "CN", "CN"), date(2026, 1, 15), Outcome.LICENCE_PRESUMED_DENIED),
        (("h20", "CN", "CN"), date(2025, 4, 8), Outcome.PERMITTED),
        (("h20", "CN", "CN"), date(2025, 4, 9), Outcome.LICENCE_CASE_BY_CASE),
        (("h100-sxm", "MY", "CN"), date(2023, 11, 16), Outcome.PERMITTED),
        (("h100-sxm", "MY", "CN"), date(2023, 11, 17), Outcome.LICENCE_PRESUMED_DENIED),
        (("h100-sxm", "MY", "MY"), date(2025, 6, 1), Outcome.PERMITTED),
        (("h100-sxm", "AE", "AE"), date(2024, 1, 1), Outcome.LICENCE_PRESUMED_APPROVED),
        (("rtx-4090", "CN", "CN"), date(2024, 1, 1), Outcome.PERMITTED_WITH_DUTIES),
        (("ascend-910c", "MY", "MY"), date(2025, 5, 13), Outcome.PROHIBITED),
        (("ascend-910b", "MY", "MY"), date(2025, 5, 13), Outcome.HUMAN_REVIEW),
    ],
)
def test_known_answers_stand_in_it(enforced, combination, on, outcome):
    assert enforced.outcome(*combination, on) is outcome


def test_the_two_layers_differ_where_the_ai_diffusion_rule_stands_unenforced(atlases):
    combination = ("h100-sxm", "MY", "MY", date(2025, 6, 1))
    assert atlases[Basis.TEXT].outcome(*combination) is not atlases[Basis.ENFORCEMENT].outcome(*combination)


@pytest.mark.parametrize(
    ("left_out", "combination"),
    [
        ("workload.military_or_weapons_use", ("h100-sxm", "MY", "CN")),
        ("supply.meets_h200_conditions", ("h100-sxm", "CN", "CN")),
    ],
)
def test_what_is_not_taken_as_stated_leads_to_review(rulebook, enforced, monkeypatch, left_out, combination):
    kept = {name: value for name, value in atlas_question._OF_THE_SUPPLY.items() if name != left_out}
    monkeypatch.setattr(atlas_question, "_OF_THE_SUPPLY", kept)
    atlas = draw_atlas(rulebook, (chip("h100-sxm"),), ("CN", "MY"), Basis.ENFORCEMENT, rulebook.reviewed)
    assert Outcome.HUMAN_REVIEW in {one.outcome for one in atlas.timeline(*combination)}
    assert Outcome.HUMAN_REVIEW not in {one.outcome for one in enforced.timeline(*combination)}


@pytest.mark.parametrize(
    ("combination", "said"),
    [
        (("h101", "CN", "CN"), "there is no 'h101'"),
        (("h100-sxm", "XX", "CN"), "there is no 'XX'"),
    ],
)
def test_what_is_not_in_it_is_told(enforced, combination, said):
    with pytest.raises(LexlociError, match=said):
        enforced.timeline(*combination)


@pytest.mark.parametrize("on", [FIRST - timedelta(1), UNTIL])
def test_days_beyond_it_have_no_answer(enforced, on):
    with pytest.raises(LexlociError, match="is not one of its days"):
        enforced.outcome("h100-sxm", "CN", "CN", on)
