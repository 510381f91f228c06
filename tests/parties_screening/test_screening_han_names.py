"""Whole Chinese names: those of the table, each with its level, and those that another official list prints."""

from __future__ import annotations

import csv
import re
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from build_han_names import AGREES, BY_WORDS, COLUMNS, listed_names, source_of
from build_han_names import SOURCES as DOCUMENTS
from lexloci.parties.compare import scored
from lexloci.parties.engine import Index
from lexloci.parties.findings import Question, find, how_read, index_of
from lexloci.parties.folding import normalise
from lexloci.parties.han import NAMES, han_readings, recalled_in, whole_form, with_legal_form
from lexloci.parties.listing import ListedParty, ListSet, PartyList
from lexloci.parties.printed import Printed, bilingual_rows
from lexloci.parties.scorer import probability
from lexloci.parties.screening import candidates
from lexloci.parties.words_of_names import general_words

with NAMES.open(encoding="utf-8") as lines:
    TABLE = list(csv.DictReader(lines))


def named_documents() -> dict[str, str]:
    if not DOCUMENTS.exists():
        return {}
    with DOCUMENTS.open(encoding="utf-8") as rows:
        return {with_legal_form(row["han"]): row["source"] for row in csv.DictReader(rows)}


def test_the_table_is_what_its_builder_writes() -> None:
    assert tuple(TABLE[0]) == COLUMNS
    assert [row["han"] for row in TABLE] == sorted({with_legal_form(row["han"]) for row in TABLE})
    listed, named = listed_names(), named_documents()
    for row in TABLE:
        assert all(normalise(one) in listed for one in row["english"].split("|")), row["han"]
        assert (row["source"], row["level"]) == source_of(row["han"], row["english"], listed, named), row["han"]


def test_a_level_says_where_its_names_come_from() -> None:
    sources = {(row["level"], row["source"]) for row in TABLE if row["level"] != "secondary"}
    assert sources == {("recalled", "recalled"), (AGREES, BY_WORDS)}
    assert Counter(row["level"] for row in TABLE)["recalled"] > 100  # most stand there because no word reads them


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("中國電子科技集團有限公司第五十八研究所", "中国电子科技集团第五十八研究所"),
        ("摩尔线程智能科技（北京）股份有限公司", "摩尔线程智能科技北京"),
        ("深圳市大疆创新科技有限公司", "深圳大疆创新科技"),
        ("中国航天科技集団公司第一研究院", "中国航天科技集团第一研究院"),
        ("公司", "公司"),
    ],
)
def test_a_whole_name_is_looked_up_without_legal_form_and_script(name: str, form: str) -> None:
    assert whole_form(name) == form
    assert whole_form(form) == form


def test_a_whole_name_is_read_as_its_english_one_first_and_by_its_words_too() -> None:
    found = han_readings("中芯南方集成电路制造有限公司")
    assert found[0] == "semiconductor manufacturing south china corporation"
    assert any("semiconductor manufacturing co ltd" in reading for reading in found[1:])


def test_a_known_name_is_found_between_place_and_trade_but_not_where_a_brand_stands() -> None:
    assert han_readings("北京合众思壮科技股份有限公司")[0].startswith("beijing unistrong")
    assert han_readings("横琴寒武纪信息科技有限公司")[0] == "hengqin cambricon information technology co ltd"


@pytest.mark.parametrize(
    ("name", "reading"),
    [
        ("香港豐德企業有限公司", "hong kong fung tak enterprise co ltd"),
        ("航天科工六院", "aerospace science and industry 6th academy"),
        ("盛美半导体设备北京有限公司", "shengmei semiconductor equipment beijing co ltd"),
        ("上海新兴仪表厰", "shanghai xinxing instrument factory"),
        ("哈密某某纺织有限公司", "hami moumou textile co ltd"),
    ],
)
def test_further_readings(name: str, reading: str) -> None:
    assert reading in han_readings(name)


@pytest.mark.parametrize("name", ["Huawei华为", "华为 (Huawei)", "Sugon中科曙光", "中科曙光 Sugon"])
def test_a_name_in_two_scripts_is_found_by_either(name: str) -> None:
    best = find([Question(name)], at_least=0.5, most=1)[0]
    assert best
    assert best[0].entry.names[0].casefold().startswith(("huawei", "sugon", "dawning", "zhongke"))
    assert not any(one.is_confirmed for one in candidates(name) if one.entry.list_code == "EL")


def test_two_scripts_are_two_names_only_where_both_name_somebody() -> None:
    assert "lg" not in han_readings("lg化学")
    assert "tcl" in han_readings("tcl华星光电")


def test_what_is_read_from_memory_is_said() -> None:
    assert recalled_in("中芯南方集成电路制造有限公司") == (
        ("中芯南方集成电路制造", ("Semiconductor Manufacturing South China Corporation",)),
    )
    assert recalled_in("北京理工大学") == ()
    first = find([Question("中芯南方集成电路制造有限公司")])[0][0]
    assert first.entry.name == "Semiconductor Manufacturing South China Corporation"
    assert any("from memory, not from a document" in doubt for doubt in first.doubts)
    found = candidates("中芯南方集成电路制造有限公司")
    assert not any(one.is_confirmed for one in found)
    assert "from memory" in found[0].how_read[0]


JAPAN = PartyList("JP-EUL", "A bilingual list", date(2025, 9, 29), 400, True, 1, "", "", ("Latn", "Hani"))
AMERICA = PartyList("EL", "A Latin list", date(2026, 7, 31), 400, True, 2, "", "")
US = ListedParty("EL", ("Cosailing Quixotic Trading Ltd",), countries=("CN",))
OTHERS = tuple(ListedParty("EL", (f"Ordinary Trading {number}",), countries=("CN",)) for number in range(60))
BOTH = ListedParty("JP-EUL", ("Cosailing Quixotic Trading Co., Ltd.", "青岛航帆贸易有限公司"), countries=("CN",))


def index_over(row: ListedParty) -> Index:
    lists = ListSet((JAPAN, AMERICA), (US, *OTHERS, row))
    return replace(Index.of((US, *OTHERS)), bilingual=bilingual_rows(lists))


def likeliest(index: Index, name: str) -> tuple[ListedParty | None, float]:
    found = scored(index, [name])
    if not len(found.parties):
        return None, 0.0
    return index.parties[int(found.parties[0])], float(probability(found.logits[:1])[0])


def test_a_name_that_another_list_prints_is_a_further_name_of_the_row() -> None:
    with_it, without = index_over(BOTH), Index.of((US, *OTHERS))
    assert with_it.printed("青島航帆貿易有限公司") == (Printed("青岛航帆贸易有限公司", US.name, JAPAN),)
    party, chance = likeliest(with_it, "青島航帆貿易有限公司")
    assert party is US
    assert chance > 0.9
    assert likeliest(without, "青島航帆貿易有限公司")[1] < 0.5
    told = how_read(with_it, "青岛航帆贸易有限公司", US.name)
    assert told == (
        (
            'A bilingual list of 2025-09-29 prints "青岛航帆贸易有限公司" beside "Cosailing Quixotic Trading Ltd"; '
            "the entry itself has no Chinese name"
        ),
    )


@pytest.mark.parametrize(
    "row",
    [
        replace(BOTH, countries=("IR",)),
        replace(BOTH, countries=()),
        replace(BOTH, names=("Cosailing Quixotic Shipping Co., Ltd.", "青岛航帆贸易有限公司")),
        replace(BOTH, names=("青岛航帆贸易有限公司",)),
        replace(BOTH, list_code="EL"),
    ],
    ids=("other country", "no country", "other name", "no Latin name", "same list"),
)
def test_no_link_where_name_or_country_differs(row: ListedParty) -> None:
    assert index_over(row).printed("青岛航帆贸易有限公司") == ()


@pytest.mark.parametrize(
    ("english", "is_linked"),
    [
        ("13th Institute", False),
        ("The Ninth Academy", False),
        ("CETC 13th Institute", True),
        ("Aviation Academy", True),
    ],
)
def test_a_number_alone_links_nobody(english: str, is_linked: bool) -> None:
    us, theirs = replace(US, names=(english,)), replace(BOTH, names=(english, "某某研究所"))
    index = replace(Index.of((us, *OTHERS)), bilingual=bilingual_rows(ListSet((JAPAN, AMERICA), (us, theirs))))
    assert bool(index.printed("某某研究所")) is is_linked


def test_hong_kong_agrees_with_china() -> None:
    assert index_over(replace(BOTH, countries=("HK",))).printed("青岛航帆贸易有限公司")


def test_the_link_follows_the_lists_in_use() -> None:
    newer = ListSet((replace(JAPAN, dated=date(2027, 1, 1)), AMERICA), (US, *OTHERS, BOTH))
    older = ListSet((JAPAN, AMERICA), (US, *OTHERS))
    first = find([Question("青岛航帆贸易有限公司")], lists=ListSet(newer.lists, newer.parties))[0]
    us = next(one for one in first if one.entry is US)
    assert "2027-01-01" in us.doubts[0]
    assert not any(
        one.entry is US and one.probability > 0.5 for one in find([Question("青岛航帆贸易有限公司")], lists=older)[0]
    )


def test_a_printed_name_is_possible_never_confirmed_on_the_row() -> None:
    lists = ListSet((JAPAN, AMERICA), (US, *OTHERS, BOTH))
    found = {one.entry.list_code: one for one in candidates("青岛航帆贸易有限公司", lists=lists)}
    assert found["JP-EUL"].is_confirmed
    assert not found["EL"].is_confirmed
    assert "prints" in found["EL"].how_read[0]
    assert index_of(lists).printed("青岛航帆贸易有限公司")


def test_a_name_in_latin_letters_asks_for_no_chinese_dictionary(monkeypatch: pytest.MonkeyPatch) -> None:
    index = index_over(BOTH)
    monkeypatch.setattr("lexloci.parties.engine.printed_names", lambda *_: pytest.fail("it was read"))
    assert likeliest(index, "Cosailing Quixotic Trading")[0] is US


@pytest.mark.parametrize("word", ["jian", "guan", "ho", "minh", "long", "pearl", "victory"])
def test_the_chinese_vocabulary_takes_no_weight_from_latin_names(word: str) -> None:
    # 吉安 is a place (Ji'an), 胡志明 another (Ho Chi Minh City): Jian, Ho and Minh are names of persons all the same
    assert word not in general_words()


def test_ordinary_chinese_companies_rarely_alarm() -> None:
    # Consumer goods, banks, airlines and others, from memory; none of them is known to be on a list.
    names = Path(__file__).with_name("ordinary_chinese_names.txt").read_text(encoding="utf-8").split()
    found = find([Question(name) for name in names], at_least=0.5, most=1)
    alarms = [name for name, ones in zip(names, found, strict=True) if ones]
    assert len(names) > 150
    assert len(alarms) <= 0.02 * len(names), alarms


def test_documents_are_named_for_names_of_the_table_alone() -> None:
    named = named_documents()
    assert named
    assert {row["han"] for row in TABLE if row["level"] == "secondary"} == set(named)


def test_no_key_holds_what_is_looked_up_without() -> None:
    assert not [row["han"] for row in TABLE if re.search(r"[\s()（）]", row["han"])]
