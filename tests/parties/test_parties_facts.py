"""What is known of a party on a day: the door of the room."""

from __future__ import annotations

from datetime import date

import pytest

from lexloci.model.fact import ABSENT, UNKNOWN, Value
from lexloci.model.party import Party, Stake
from lexloci.model.portfolio import Basis, Portfolio
from lexloci.parties.entity_list import footnotes_of, policy_of, scope_of
from lexloci.parties.events import EventKind, ListEvent
from lexloci.parties.facts import LIST_OF_FACT, PartyFacts, facts_about
from lexloci.parties.lists import ListedParty, ListSet, current_lists, listed_parties

DAY = date(2026, 8, 1)
ENTITY_LISTED = [
    ("Inspur Group Co., Ltd.", "presumption of denial", "4"),
    ("Inspur Electronic Information Industry Co., Ltd.", "policy of denial", "4"),
    ("Inspur Taiwan", "policy of denial", "4"),
    ("Nettrix Information Industry Co., Ltd.", "policy of denial", "4"),
    ("Sophgo Technologies Pte. Ltd.", "presumption of denial", "4"),
    ("Beijing Zhipu Huazhang Technology Co., Ltd.", "presumption of denial", ""),
    ("Huawei Cloud Singapore", "presumption of denial", "1"),
    ("Huawei Technologies Co., Ltd.", "presumption of denial", "1"),
    ("Moore Threads", "presumption of denial", "4"),
    ("Sense Time", "presumption of denial", "4"),
    ("Sugon", "presumption of denial", "4"),
]
NOT_LISTED = ["Alibaba", "Tencent", "ByteDance", "Baidu", "DeepSeek", "Megaspeed", "Aivres", "Enflame"]


def facts_of(party: Party, *others: Party, on: date = DAY, known_at: date | None = None) -> dict[str, Value]:
    """Names and values of the facts about a party."""
    return {name: fact.value for name, fact in whole(party, *others, on=on, known_at=known_at).facts.items()}


def whole(party: Party, *others: Party, on: date = DAY, known_at: date | None = None) -> PartyFacts:
    """All that is known of a party among others."""
    world = Portfolio("test", on, Basis.TEXT, date(2028, 1, 1), parties=(party, *others))
    return facts_about(party, world, on, known_at or on)


@pytest.mark.parametrize(("name", "policy", "footnotes"), ENTITY_LISTED)
def test_entity_listed_parties_with_the_terms_of_their_entry(name: str, policy: str, footnotes: str) -> None:
    facts = facts_of(Party("p", name))
    assert facts["entity_list"] is True
    assert facts["entity_list_policy"] == policy
    assert facts["entity_list_scope"] == "all items"
    assert facts["entity_list_footnotes"] == footnotes


@pytest.mark.parametrize("name", NOT_LISTED)
def test_parties_not_on_the_export_lists(name: str) -> None:
    facts = facts_of(Party("p", name, headquarters="CN"))
    for fact in ("entity_list", "military_end_user_list", "denied_persons_list", "unverified_list", "sdn_list"):
        assert facts[fact] is False, fact
    assert facts["entity_list_policy"] is ABSENT
    assert facts["entity_list_scope"] is ABSENT
    assert facts["entity_list_footnotes"] is ABSENT


def test_every_promised_fact_is_there_with_an_origin() -> None:
    for party in (Party("p", "Inspur Taiwan"), Party("p", "Nobody", generic=True), Party("p", "Qxv Wzk")):
        facts = whole(party).facts
        assert set(facts) == {
            *LIST_OF_FACT,
            *("headquarters", "ultimate_parent_headquarters", "critical_infrastructure_operator"),
            *("entity_list_policy", "entity_list_scope", "entity_list_footnotes", "list_1260h_since"),
            *("owned_50_by_listed", "owned_minority_by_listed"),
        }
        assert all(fact.origin for fact in facts.values())


def test_1260h_by_day_and_by_knowledge() -> None:
    alibaba = Party("p", "Alibaba Group Holding Limited", ("Alibaba",))
    before, after = (facts_of(alibaba, on=date(2026, 6, day)) for day in (7, 8))
    assert (before["list_1260h"], before["list_1260h_since"]) == (False, ABSENT)
    assert (after["list_1260h"], after["list_1260h_since"]) == (True, date(2026, 6, 8))
    assert facts_of(alibaba, known_at=date(2026, 6, 1))["list_1260h"] is False
    assert facts_of(Party("p", "YMTC"))["list_1260h_since"] is UNKNOWN
    assert facts_of(Party("p", "Princeton Digital Group"))["list_1260h"] is UNKNOWN


def test_other_lists_answer_too() -> None:
    assert facts_of(Party("p", "SMIC"))["cmic_list"] is True
    for fact, code in (("sdn_list", "SDN"), ("military_end_user_list", "MEU"), ("unverified_list", "UVL")):
        row = next(party for party in listed_parties() if party.list_code == code)
        assert facts_of(Party("p", row.name))[fact] is True


def test_a_day_before_the_snapshot_is_unknown_for_an_undated_list() -> None:
    row = next(party for party in listed_parties() if party.list_code == "UVL")
    assert facts_of(Party("p", row.name), on=date(2025, 1, 1), known_at=DAY)["unverified_list"] is UNKNOWN


def test_an_open_listing_leaves_the_terms_of_the_entry_open() -> None:
    facts = facts_of(Party("p", "Inspur Taiwan"), on=date(2025, 3, 27))
    assert facts["entity_list"] is UNKNOWN
    assert facts["entity_list_policy"] is UNKNOWN


def test_a_possible_match_is_unknown_and_names_the_candidate() -> None:
    fact = whole(Party("p", "Huawei Cloud Malaysia")).facts["entity_list"]
    assert fact.value is UNKNOWN
    assert "Huawei Cloud" in fact.origin
    assert "score" in fact.origin


def test_a_possible_match_with_a_row_that_came_later_is_no_question() -> None:
    party = Party("p", "Sofgo Technologies")
    assert facts_of(party)["entity_list"] is UNKNOWN
    assert facts_of(party, on=date(2024, 6, 1))["entity_list"] is False


def test_a_list_that_names_the_party_itself_tells_it_apart_from_its_namesakes() -> None:
    facts = facts_of(Party("p", "Inspur Electronic Information Industry Co., Ltd."), on=date(2025, 1, 1))
    assert facts["entity_list"] is False  # Inspur Group has been listed since 2023-03-06, this one was not yet


def test_a_row_that_ended_clears_nobody_who_may_stand_on_the_list_under_another_name_since() -> None:
    lists = current_lists()
    gone = ListEvent(EventKind.REMOVED, DAY, DAY, note="its entry was amended")
    old = ListedParty("EL", ("Zorbax Quantum Ltd.",), events=(gone,), seen_on=date(2026, 7, 1))
    new = ListedParty("EL", ("Zorbax Quantum Foundry Works Ltd.",))
    world = Portfolio("test", DAY, Basis.TEXT, date(2028, 1, 1), parties=(Party("p", "Zorbax Quantum"),))

    def listed(*rows: ListedParty) -> Value:
        asked = ListSet(lists.lists, (*lists.parties, *rows), (*lists.past, old))
        return facts_about(world.parties[0], world, DAY, DAY, asked).facts["entity_list"].value

    assert listed() is False
    assert listed(new) is UNKNOWN


def test_a_party_listed_anew_may_have_stood_under_the_name_that_ended_when_it_came() -> None:
    lists = current_lists()
    came, before = date(2024, 1, 1), date(2022, 1, 1)

    def event(kind: EventKind, day: date) -> ListEvent:
        return ListEvent(kind, day, day)

    def listed(*events: ListEvent) -> Value:
        old = ListedParty("EL", ("Zorbax Quantum Foundry Works Ltd.",), events=events)
        new = ListedParty("EL", ("Zorbax Quantum Ltd.",), events=(event(EventKind.ADDED, came),))
        world = Portfolio("test", before, Basis.TEXT, date(2028, 1, 1), parties=(Party("p", "Zorbax Quantum"),))
        asked = ListSet(lists.lists, (*lists.parties, old, new), lists.past)
        return facts_about(world.parties[0], world, before, DAY, asked).facts["entity_list"].value

    first = event(EventKind.ADDED, date(2020, 1, 1))
    assert listed(first, event(EventKind.REMOVED, came)) is UNKNOWN
    assert listed(first) is False  # the list has both names side by side


def test_a_generic_party_is_not_screened_and_nothing_is_assumed() -> None:
    result = whole(Party("p", "Huawei", generic=True, headquarters="MY"))
    for fact in LIST_OF_FACT:
        assert result.facts[fact].value is UNKNOWN
    assert "attest" in result.facts["entity_list"].origin
    assert result.facts["headquarters"].value == "MY"
    assert result.facts["owned_50_by_listed"].value is UNKNOWN
    assert result.sources == ()
    assert result.evidence == ()


def test_a_name_in_another_script_is_unknown_until_an_alias_is_stated() -> None:
    assert facts_of(Party("p", "浪潮集团有限公司"))["entity_list"] is UNKNOWN
    assert facts_of(Party("p", "浪潮集团有限公司", ("Inspur Group",)))["entity_list"] is True
    assert facts_of(Party("p", "阿里巴巴", ("Alibaba",)))["entity_list"] is False


@pytest.mark.parametrize(
    "name",
    [
        "화웨이 Co., Ltd.",
        "هواوي Technology Ltd",
        "浪花面包店 Co., Ltd.",
        "\u13bbUAWEI",
        "Yang\u0e31tze Memo\u0e31ry",
        "360",
    ],
)
def test_a_legal_form_in_latin_letters_makes_no_name_of_a_list_in_latin_letters(name: str) -> None:
    assert facts_of(Party("p", name))["entity_list"] is UNKNOWN


@pytest.mark.parametrize("name", ["Baidu 百度", "Société Anonyme Zyqa", "Toyota トヨタ"])
def test_a_word_in_latin_letters_that_names_somebody_is_read(name: str) -> None:
    assert facts_of(Party("p", name))["entity_list"] is False


def test_the_lists_used_are_named_with_their_age_at_the_day_of_knowledge() -> None:
    ages = {age.name: age for age in whole(Party("p", "Alibaba"), known_at=date(2026, 9, 1)).sources}
    assert len(ages) == len(LIST_OF_FACT)
    assert ages["Entity List"].age_days == 32
    assert ages["Entity List"].is_stale
    assert all(age.age_days == 0 for age in whole(Party("p", "Alibaba"), on=date(2024, 1, 1)).sources)


def test_evidence_holds_the_rows_that_the_name_may_be() -> None:
    found = whole(Party("p", "Inspur Taiwan")).evidence
    assert found[0].is_confirmed
    assert found[0].listed_name == "Inspur Taiwan"


def test_critical_infrastructure_is_as_stated() -> None:
    assert facts_of(Party("p", "X1"))["critical_infrastructure_operator"] is UNKNOWN
    assert (
        facts_of(Party("p", "X1", critical_infrastructure_operator=False))["critical_infrastructure_operator"] is False
    )


LISTED_OWNER = Party("ieit", "Inspur Electronic Information Industry Co., Ltd.")
CLEAN_OWNER = Party("fund", "Princeton Digital Group")
UNSCREENED_OWNER = Party("anon", "a fund in Hong Kong", generic=True)


@pytest.mark.parametrize(
    ("stakes", "half", "minority"),
    [
        ((Stake("ieit", 50.0),), True, False),
        ((Stake("ieit", 49.0),), False, True),
        ((Stake("ieit"),), UNKNOWN, UNKNOWN),
        ((Stake("ieit"), Stake("fund", 60.0)), False, UNKNOWN),
        ((Stake("fund", 100.0),), False, False),
        ((Stake("anon", 50.0),), UNKNOWN, UNKNOWN),
        ((Stake("anon", 20.0),), False, UNKNOWN),
        ((Stake("anon", 20.0), Stake("ieit", 30.0)), UNKNOWN, UNKNOWN),
        ((Stake("nobody", 50.0),), UNKNOWN, UNKNOWN),
        ((), UNKNOWN, UNKNOWN),
    ],
)
def test_shares_of_listed_owners(stakes: tuple[Stake, ...], half: Value, minority: Value) -> None:
    party = Party("p", "Aivres Systems Inc.", owners=stakes)
    facts = facts_of(party, LISTED_OWNER, CLEAN_OWNER, UNSCREENED_OWNER)
    assert facts["owned_50_by_listed"] is half
    assert facts["owned_minority_by_listed"] is minority


def test_its_own_ultimate_parent_without_stated_owners_is_owned_by_nobody_that_is_listed() -> None:
    facts = facts_of(Party("p", "Aivres Systems Inc.", ultimate_parent="p"))
    assert facts["owned_50_by_listed"] is False
    assert facts["owned_minority_by_listed"] is False


def test_shares_count_through_others_and_by_the_day_of_the_listing() -> None:
    middle = Party("m", "Qxv Wzk Holdings", owners=(Stake("ieit", 50.0),))
    party = Party("p", "Aivres Systems Inc.", owners=(Stake("m", 50.0),))
    assert facts_of(party, middle, LISTED_OWNER)["owned_50_by_listed"] is True
    assert facts_of(party, middle, LISTED_OWNER, on=date(2025, 1, 1))["owned_50_by_listed"] is False
    assert facts_of(party, middle, LISTED_OWNER, on=date(2025, 3, 27))["owned_50_by_listed"] is UNKNOWN


def test_a_listed_ultimate_parent_of_unstated_share_leaves_ownership_open() -> None:
    party = Party("p", "Aivres Systems Inc.", ultimate_parent="ieit")
    assert facts_of(party, LISTED_OWNER)["owned_50_by_listed"] is UNKNOWN


def test_a_listed_party_is_not_its_own_owner() -> None:
    listed = Party("ieit", LISTED_OWNER.name, ultimate_parent="ieit", owners=(Stake("ieit", 60.0), Stake("fund", 40.0)))
    assert facts_of(listed, CLEAN_OWNER)["owned_50_by_listed"] is False


def row(requirement: str = "", policy: str = "") -> ListedParty:
    """A row of the Entity List with given words."""
    return ListedParty("EL", ("X",), licence_requirement=requirement, licence_policy=policy)


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("Presumption of denial.", "presumption of denial"),
        ("Presumption for denial", "presumption of denial"),
        ("Policy of denial for all items subject to the EAR apart from food", "policy of denial"),
        ("Case-by-case review for ECCNs 1A004.c; presumption of denial for all other items", "presumption of denial"),
        ("Case-by-case for all items listed on the CCL. Presumption of approval for EAR99 items", "case by case"),
        ("See §§ 744.2(d) and 744.3(d) of the EAR", "other"),
    ],
)
def test_policy_of_review(policy: str, expected: str) -> None:
    assert policy_of([row(policy=policy)]) == expected


def test_the_most_severe_row_of_a_party_counts() -> None:
    rows = [row(policy="Case-by-case review."), row(policy="Policy of denial"), row(policy="Presumption of denial")]
    assert policy_of(rows) == "policy of denial"


@pytest.mark.parametrize(
    ("requirement", "scope", "footnotes"),
    [
        ("For all items subject to the EAR (See §744.11 of the EAR)", "all items", ""),
        ("For all items subject to the EAR, see §§ 734.9(e)1 and 744.11 of the EAR2", "all items", "1"),
        ("For all items subject to the EAR, see §§ 734.9(e) 1 and 744.11 of the EAR 2", "all items", "1"),
        (
            "For all items subject to the EAR. (See §§ 734.9(g),3 746.8(a)(3), and 744.21(b) of the EAR)",
            "all items",
            "3",
        ),
        ("For all items subject to the EAR. (See §§ 734.9(e)(2) and 744.11 of the EAR)4", "all items", "4"),
        ("For all items subject to the EAR. (See §§ 734.9(e)(2) and 744.11 of the EAR)", "all items", "4"),
        ("For All Items Subject to the EAR (See §734.9(e), and 744.11 of the EAR)4.", "all items", "4"),
        ("For all items subject to the EAR. (See §734.4(a)(9), 734.9(e)(3) and 744.11 of the EAR)5", "all items", "5"),
        ("For all items subject to the EAR. (See §734.9(e) and §744.11 of the EAR)", "all items", UNKNOWN),
        ("For all items subject to the EAR when used in projects specified in § 746.8(a)(4)", "as stated", ""),
        ("All items subject to the EAR except for: crude oil", "as stated", ""),
        ("For items on the CCL and listed in supplement no. 7 to part 746 of the EAR", "as stated", ""),
    ],
)
def test_scope_and_footnotes(requirement: str, scope: str, footnotes: Value) -> None:
    assert scope_of([row(requirement)]) == scope
    assert footnotes_of([row(requirement)]) == footnotes


def test_every_row_of_the_entity_list_has_terms() -> None:
    rows = [party for party in listed_parties() if party.list_code == "EL"]
    assert sum(footnotes_of([party]) is UNKNOWN for party in rows) == 1
    assert sum(policy_of([party]) == "presumption of denial" for party in rows) > 2000
    assert sum(scope_of([party]) == "all items" for party in rows) > 3000
