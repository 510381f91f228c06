"""Who of the lists a name may be, and how probable it is that two names are of one party."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lexloci.parties.compare import pair_probabilities, scored
from lexloci.parties.engine import Index
from lexloci.parties.folding import readings
from lexloci.parties.lists import ListedParty, listed_parties
from lexloci.parties.scorer import probability
from lexloci.parties.sound import same_stem
from lexloci.parties.words_of_names import parse
from name_perturbations import SAME

SOME = random.Random(5).sample([name for party in listed_parties() for name in party.names], 400)
HAN = [
    ("浪潮集团有限公司", "Inspur"),
    ("中科曙光", "Sugon"),
    ("寒武纪", "Cambricon"),
    ("上海壁仞智能科技有限公司", "Shanghai Biren Intelligent Technology"),
    ("北京智谱华章科技有限公司", "Beijing Zhipu Huazhang"),
    ("长江存储科技有限责任公司", "Yangtze Memory"),
    ("杭州海康威视数字技术股份有限公司", "Hikvision"),
    ("哈尔滨工业大学", "Harbin Institute of Technology"),
    ("無錫江南計算技術研究所", "Wuxi Jiangnan"),
]


def best(index: Index, name: str) -> tuple[str, float]:
    """The likeliest listed name and its probability."""
    found = scored(index, [name])
    listed = index.segments[int(found.segments[0])].listed[int(found.listed[0])]
    return listed, float(probability(found.logits[:1])[0])


@pytest.mark.parametrize(("name", "listed"), HAN)
def test_chinese_names_find_their_english_entry(index: Index, name: str, listed: str) -> None:
    found = scored(index, [name])
    assert any(listed.casefold() in one.casefold() for one in index.parties[int(found.parties[0])].names)
    assert float(probability(found.logits[:1])[0]) > 0.1


@pytest.mark.parametrize("name", ["Sofgo Technologies", "Huawei Tecnologies", "ХУАВЕЙ ТЕКНОЛОДЖИС", "Moore Thraeds"])
def test_misspelt_and_transliterated_names_are_found(index: Index, name: str) -> None:
    found, _ = best(index, name)
    assert found.split()[0].casefold() in {"sophgo", "huawei", "moore"}


@pytest.mark.parametrize(
    ("name", "listed"),
    [
        ("ORION OTVETSTVENNOSTYU OGRANICHENNOI S OBSHCHESTVO", "OBSHCHESTVO S OGRANICHENNOI OTVETSTVENNOSTYU ORION"),
        ("COMPANY BUILDING MACHINE JOINT STOCK BUREAU DESIGN", "JOINT STOCK COMPANY MACHINE BUILDING DESIGN BUREAU"),
        ("Ko SAI", "SAI, Ko"),
    ],
)
def test_the_words_of_a_listed_name_in_another_order_are_the_name(name: str, listed: str) -> None:
    small = Index.of([ListedParty("EL", ("SHAHID ALAMOLHODA INDUSTRIES", "SAI")), ListedParty("EL", (listed,))])
    later = Index.of([ListedParty("EL", ("SAI",))]).changed([ListedParty("EL", (listed,))])
    for index in (small, later):
        found = scored(index, [name])
        assert found.parties[0] == 1
        assert found.logits[0] == scored(index, [listed]).logits[0]


def test_a_name_that_one_error_parts_from_a_common_word_is_no_such_word() -> None:
    index = Index.of([ListedParty("EL", ("UNMANNED SYSTEMS",)), ListedParty("EL", ("ORION",))])
    assert index.queries(["Krones"]).table.together == ["krones"]  # not drones, which counts as unmanned


def test_a_name_within_a_name_is_compared(index: Index) -> None:
    segment = index.segments[0]
    short = [number for number, heard in enumerate(segment.table.heard) if heard == "huavei"][:1]
    queries = index.queries(["Huawei Kamskaya Orbita"])
    near = index.near(queries)[0]
    assert set(short) <= set(near.names.tolist())


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("kazanski", "kazan", True), ("kazan", "kazanski", True), ("kazanskoe", "kazanski", True),
        ("kazanski", "tomsk", False), ("kazan", "kazan", False), ("tomski", "omski", False), ("", "", False),
    ],
)  # fmt: skip
def test_an_adjective_is_of_its_place(one: str, other: str, same: bool) -> None:
    assert same_stem(one, other) is same


def test_a_batch_answers_as_one_by_one(index: Index) -> None:
    names = SOME[:60]
    together = scored(index, names)
    for number, name in enumerate(names):
        alone = scored(index, [name])
        mine = together.names == number
        assert together.parties[mine].tolist() == alone.parties.tolist()
        assert np.allclose(together.logits[mine], alone.logits, atol=1e-4)


def test_every_listed_name_finds_a_row_of_that_name_first(index: Index) -> None:
    found = scored(index, SOME)
    for number, name in enumerate(SOME):
        mine = np.flatnonzero(found.names == number)
        listed = index.segments[int(found.segments[mine[0]])].listed[int(found.listed[mine[0]])]
        assert sorted(parse(readings(listed)[0]).words) == sorted(parse(readings(name)[0]).words), name


def test_candidates_hold_the_changed_name_in_99_of_100(index: Index) -> None:
    rng = random.Random(11)
    asked: list[tuple[str, str]] = []
    for kind in ("typo", "reorder", "legal form", "extra words", "spacing"):
        for name in SOME:
            changed = SAME[kind](name, rng)
            if changed and len(name) >= 6:
                asked.append((changed, name))
    found = scored(index, [changed for changed, _ in asked])
    held = 0
    for number, (_, name) in enumerate(asked):
        mine = found.names == number
        held += any(name in index.parties[int(place)].names for place in found.parties[mine])
    assert held / len(asked) >= 0.99, f"{held} of {len(asked)}"


def test_scores_can_be_ranked(index: Index) -> None:
    found = scored(index, ["Huawei Technologies"])
    chances = probability(found.logits)
    assert np.all(chances < 1)
    assert len({round(float(chance), 12) for chance in chances[:10]}) > 5


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(SOME), st.sampled_from(SOME))
def test_the_order_of_a_pair_does_not_matter(index: Index, one: str, other: str) -> None:
    there, back = pair_probabilities(index, [(one, other), (other, one)])
    assert there == pytest.approx(back, abs=1e-6)


def test_a_name_is_itself_and_an_empty_one_nobody(index: Index) -> None:
    same, empty = pair_probabilities(index, [("Sophgo Ltd", "SOPHGO LTD."), ("", "Sophgo")])
    assert same > 0.9
    assert empty == 0


def test_a_change_of_the_lists_shows_and_the_old_index_stays(index: Index) -> None:
    new = ListedParty("EL", ("Quillfeather Photonics Sdn. Bhd.",), "Entity", ("MY",))
    changed = index.changed([new], [])
    assert best(changed, "Quilfeather Photonics")[0] == new.name
    assert best(index, "Quilfeather Photonics")[0] != new.name
    gone = changed.changed([], [new])
    assert best(gone, "Quilfeather Photonics")[0] != new.name


@pytest.mark.parametrize("name", ["", "...", "\u202e\u200b", "\x00"])
def test_a_name_without_letters_finds_nobody(index: Index, name: str) -> None:
    assert len(scored(index, [name]).names) == 0


def test_no_names_are_no_answers(index: Index) -> None:
    assert len(scored(index, []).names) == 0
