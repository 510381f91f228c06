"""How a name in any script reads in plain Latin letters: nothing that the eye does not see evades."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lexloci.parties.findings import Question, find
from lexloci.parties.folding import LONGEST_NAME, LOOKALIKES, ScreeningError, normalise, readings
from lexloci.parties.han import han_readings, simplified

HIDDEN = ("\u200b", "\u200d", "\u2060", "\ufeff", "\u202e", "\u200f", "\u00ad", "\u2066")
# Not seen either, and of other kinds in Unicode: controls, variation selectors, fillers of Hangul, a blank of Braille,
# marks around a letter, Khmer and Mongolian signs without a shape, tags.
UNSEEN = (
    "\x00", "\x08", "\x1b", "\x7f", "\ufe0f", "\U000e0100", "\u034f", "\u115f", "\u1160", "\u3164", "\uffa0", "\u2800",
    "\u20dd", "\u180b", "\u17b4", "\U000e0041", "\ufff9",
)  # fmt: skip
LATIN_TO_LOOKALIKE = {latin: letter for letter, latin in LOOKALIKES.items() if len(latin) == 1}
NAMES = ("Huawei Technologies Co., Ltd.", "Sophgo", "Semiconductor Manufacturing International Corporation")


@pytest.mark.parametrize(
    ("name", "reading"),
    [
        ("ＨＵＡＷＥＩ　Technologies", "huawei technologies"),
        ("Société Générale S.A.", "societe generale sa"),
        ("H3C & Partners", "h3c and partners"),
        ("Xi’an Biren", "xian biren"),
        ("СБЕРБАНК РОССИИ", "sberbank rossii"),
        ("Нuаwеi", "huawei"),
        ("Αlibaba Group", "alibaba group"),
        ("현대자동차", "hyeondaejadongcha"),
    ],
)
def test_first_reading(name: str, reading: str) -> None:
    assert readings(name)[0] == reading


def test_letters_that_all_look_latin_have_both_readings() -> None:
    assert readings("СОМАС") == ("somas", "comac")


@pytest.mark.parametrize("name", ["", "...", "\u200b\u202e", "\x00\x01", "—", "🙂", "★™", "\u3164\u2800"])
def test_a_name_without_letters_has_no_reading(name: str) -> None:
    assert readings(name) == ()


@pytest.mark.parametrize("hidden", UNSEEN)
def test_what_is_not_seen_within_a_word_parts_no_word(hidden: str) -> None:
    name = f"Yang{hidden}tze Memo{hidden}ry"
    assert readings(name) == ("yangtze memory",)
    assert normalise(name) == "yangtze memory"


@pytest.mark.parametrize("name", ["Inspur®", "Inspur™", "💠Inspur", "Inspur Ⓡ"])
def test_marks_of_trade_and_pictures_are_no_letters_of_a_name(name: str) -> None:
    assert "inspur" in readings(name)[0].split()
    assert readings("Huawei💠Technologies") == ("huawei technologies",)


def test_accents_on_han_characters_do_not_count() -> None:
    assert readings("日\u030c本\u0301电气") == readings("日本电气")


@pytest.mark.parametrize("name", ["SMlC", "Sug0n", "lnspur Group", "Huawe1 Technologies"])
def test_letters_and_figures_that_look_like_those_of_a_listed_word_do_not_evade(name: str) -> None:
    assert find([Question(name)])[0][0].probability > 0.9


@pytest.mark.parametrize("name", ["\udcff华为", "华为\ud800", "\udcffhuawei"])
def test_half_a_character_is_refused_in_one_line(name: str) -> None:
    with pytest.raises(ScreeningError, match="half a character") as refused:
        find([Question(name)])
    assert "\n" not in str(refused.value)
    assert str(refused.value).isascii()


def test_a_name_of_a_megabyte_is_refused_in_one_line() -> None:
    with pytest.raises(ScreeningError) as refused:
        readings("A\n" * 500_000)
    assert "\n" not in str(refused.value)
    assert str(LONGEST_NAME) in str(refused.value)


@given(st.sampled_from(NAMES), st.lists(st.tuples(st.integers(0, 60), st.sampled_from(HIDDEN)), max_size=8))
def test_hidden_marks_do_not_change_the_reading(name: str, marks: list[tuple[int, str]]) -> None:
    marked = name
    for place, mark in marks:
        at = min(place, len(marked))
        marked = marked[:at] + mark + marked[at:]
    assert readings(marked) == readings(name)


@given(st.sampled_from(NAMES), st.sets(st.integers(0, 60), min_size=1), st.booleans())
def test_lookalikes_in_a_name_do_not_change_its_reading(name: str, places: set[int], upper: bool) -> None:
    spelled = name.upper() if upper else name.lower()
    letters = [
        LATIN_TO_LOOKALIKE.get(letter.lower(), letter) if place in places else letter
        for place, letter in enumerate(spelled)
    ]
    swapped = "".join(letter.upper() if upper and len(letter.upper()) == 1 else letter for letter in letters)
    assert readings(name)[0] in readings(swapped)


# Capitals that Unicode Technical Standard #39 calls confusable with the Latin capital below them.
CAPITALS = ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX"), ("АВЕНІЈКМОРЅТХҮ", "ABEHIJKMOPSTXY")


@pytest.mark.parametrize(("alike", "latin"), CAPITALS)
@pytest.mark.parametrize("name", ["HUAWEI MARINE NETWORKS", "ZHONGXING", "YMTC MEMORY", "BIREN"])
def test_every_capital_that_looks_latin_is_read_as_it_looks(name: str, alike: str, latin: str) -> None:
    swapped = name.translate(str.maketrans(latin, alike))
    assert swapped != name
    assert readings(name)[0] in readings(swapped)
    for place, letter in enumerate(name):
        if letter in latin:
            one = name[:place] + alike[latin.index(letter)] + name[place + 1 :].lower()
            assert readings(one)[0] == readings(name)[0]


@given(st.text(max_size=200))
def test_any_text_has_plain_readings(name: str) -> None:
    for reading in readings(name):
        assert reading.isascii()
        assert reading == " ".join(reading.split())


@pytest.mark.parametrize(
    ("name", "reading"),
    [
        ("上海壁仞科技股份有限公司", "shanghai biren technology co ltd"),
        ("北京智谱华章科技有限公司", "beijing zhipu huazhang technology co ltd"),
        ("北京智譜華章科技有限公司", "beijing zhipu huazhang technology co ltd"),
        ("哈爾浜工業大学", "harbin institute of technology"),
        ("中国电子科技集团公司第五十五研究所", "cetc group corp 55th institute"),
        ("深圳市某某半导体有限公司", "shenzhen moumou semiconductor co ltd"),
        ("王小明", "wang xiaoming"),
        ("华为 Cloud", "huawei Cloud"),
    ],
)
def test_place_brand_trade_and_legal_form(name: str, reading: str) -> None:
    assert han_readings(name)[0] == reading


@given(st.text("第零〇一二九十百研究所厂院", min_size=1, max_size=12))
def test_any_numerals_have_readings(name: str) -> None:
    assert han_readings(name)


@pytest.mark.parametrize(
    ("numerals", "number"),
    [("十", "10th"), ("五十五", "55th"), ("一百零三", "103rd"), ("二百一十二", "212th"), ("七〇二", "702nd")],
)
def test_numerals_are_read_as_ordinals(numerals: str, number: str) -> None:
    assert han_readings(f"第{numerals}研究所")[0].split()[0] == number


def test_a_brand_with_several_english_names_has_a_reading_for_each() -> None:
    found = han_readings("曙光信息产业股份有限公司")
    assert any(reading.startswith("sugon") for reading in found)
    assert any(reading.startswith("dawning") for reading in found)


def test_japanese_forms_are_read_as_simplified() -> None:
    assert simplified("中国航天科技集団公司第一研究院") == "中国航天科技集团公司第一研究院"
