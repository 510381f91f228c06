"""The command and the law say the same of who is listed: nobody whom one of them finds is clear to the other."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from lexloci.parties.findings import Question, find
from lexloci.parties.folding import ScreeningError
from lexloci.parties.lists import listed_parties
from lexloci.parties.names_within import names_in
from lexloci.parties.screening import NOT_SCREENED, REVIEW_FROM, candidates

RANDOM = random.Random(4)
LISTED = sorted({name for party in listed_parties() if party.kind not in NOT_SCREENED for name in party.names})
CHANGES: dict[str, Callable[[str], str]] = {
    "as it is": lambda name: name,
    "without spaces": lambda name: name.replace(" ", ""),
    "letter by letter": " ".join,
    "parted": lambda name: f"{name[: len(name) // 2]} {name[len(name) // 2 :]}",
    "with a legal form": lambda name: f"{name} Ltd.",
    "with what is not seen": "\ufe0f".join,
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_who_is_listed_by_the_law_is_found_by_the_command_on_the_same_lists(change: Callable[[str], str]) -> None:
    names = [changed for name in RANDOM.sample(LISTED, 120) if len(changed := change(name)) < 500]
    names += [change(name) for name in ("Huawei Technologies", "ULNAMMO", "SMU-5 OOO")]
    found = find([Question(name) for name in names], at_least=REVIEW_FROM, most=None)
    for name, findings in zip(names, found, strict=True):
        confirmed = {one.entry.list_code for one in candidates(name, limit=0)}
        assert confirmed <= {one.entry.list_code for one in findings}, name


@pytest.mark.parametrize("name", ["SMlC", "5MIC", "Huawei Technologie", "中芯国际", "Хуавэй", "화웨이"])
def test_whom_the_command_finds_the_law_does_not_clear(name: str) -> None:
    found = {one.entry.key for one in find([Question(name)], at_least=REVIEW_FROM, most=None)[0]}
    crafts = {party.key for party in listed_parties() if party.kind in NOT_SCREENED}
    assert found
    assert found - crafts <= {one.entry.key for one in candidates(name, limit=None)}


@pytest.mark.parametrize(
    "name",
    [
        "Quiet Bakery aka Sugon",
        "Sugon (formerly Quiet Bakery)",
        "Quiet Bakery, f/k/a Sugon Ltd.",
        "Quiet Bakery; Sugon",
        "Quiet Bakery Ltd. trading as Sugon",
        "Quiet Bakery (previously known as: Sugon)",
        "Quiet Bakery; Sugon;",
        "Formerly Sugon; Ltd.",
        "Quiet Bakery / Sugon",
        "Quiet Bakery | Sugon",
        "Quiet Bakery known as Sugon",
        "Quiet Bakery alias Sugon",
        "Quiet Bakery, operating as Sugon",
        "Quiet Bakery (formerly called Sugon)",
    ],
)
def test_each_of_several_names_in_one_text_is_screened(name: str) -> None:
    (found,) = find([Question(name)], at_least=REVIEW_FROM, most=None)
    assert "EL" in {one.entry.list_code for one in found}
    assert "EL" in {one.entry.list_code for one in candidates(name, limit=0)}


@pytest.mark.parametrize(
    "name",
    ["安静面包店（曾用名：中科曙光）", "安静面包店（原名中科曙光）", "安靜麵包店又稱中科曙光"],
)
def test_each_of_several_chinese_names_in_one_text_is_screened(name: str) -> None:
    (found,) = find([Question(name)], at_least=REVIEW_FROM, most=None)
    assert "EL" in {one.entry.list_code for one in found}
    assert "EL" in {one.entry.list_code for one in candidates(name, limit=None)}


def test_a_text_that_is_too_long_for_a_name_is_refused_before_it_is_parted() -> None:
    with pytest.raises(ScreeningError, match="more than the 1000 that a name may have"):
        names_in("Quiet Bakery" + " " * 1000 + "y")


@pytest.mark.parametrize(
    ("name", "others"),
    [
        ("AKA Bank", ()),
        ("Formerly Ltd", ()),
        ("Bakery & Co.; Inc", ("Bakery & Co.",)),
        ("Nordisk A/S", ()),
        ("Nordisk A / S", ("Nordisk A",)),
        ("Quiet Bakery; Ltd", ("Quiet Bakery",)),
        ("Nakama dba", ("Nakama",)),
        ("中原名酒有限公司", ()),
    ],
)
def test_what_is_no_second_name_is_none(name: str, others: tuple[str, ...]) -> None:
    assert names_in(name) == (name, *others)
