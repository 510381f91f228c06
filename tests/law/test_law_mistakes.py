"""Mistakes in a rulebook come all at once, each by file and line, and in a condition with a caret under the place."""

from __future__ import annotations

import shutil

import pytest
from hypothesis import given
from law_random import conditions
from law_support import SAMPLE, sample

from lexloci.law.expression import Compare, Member, Name, leaves, parse, places, with_caret
from lexloci.law.load import load_rulebook
from lexloci.law.mistake import RuleMistake, UnsoundRulebookError
from lexloci.law.rule import Condition

REACH = "aa/rules/reach.yaml"
LIMIT = "aa/rules/power_limit.yaml"
GOODS = "aa/definitions/goods.yaml"
LINE = 'chip.maker == "acme"'

# what a condition of aa.reach says instead, the words of the mistake, and what stands over the caret
WRONG_PLACES = {
    "a fact": ('chip.power > 1.0 && chip.makr == "acme"', "no fact chip.makr in the vocabulary", "chip.makr"),
    "a fact after !": ("chip.power > 1.0 && !deal.od", "no fact deal.od in the vocabulary", "deal.od"),
    "a fact in parentheses": ("(chip.power > 1.0 || !(deal.od))", "no fact deal.od", "deal.od"),
    "a fact that is compared with": ("chip.power > chip.powr", "no fact chip.powr", "chip.powr"),
    "a fact in a set": ("deal.odd || chip.makr in set.far", "no fact chip.makr", "chip.makr"),
    "a fact in a list": ('deal.odd || chip.makr in ["acme"]', "no fact chip.makr", "chip.makr"),
    "a fact compared with a number": ("deal.odd || chip.powr > 5.0", "no fact chip.powr", "chip.powr"),
    "a number in a set": ("deal.odd || chip.power in set.far", "cannot be in a set", "chip.power"),
    "a parameter": ("chip.power > parameter.limt", "no parameter limt", "parameter.limt"),
    "a set": ("deal.odd || site.country in set.fr", "no set set.fr", "set.fr"),
    "a definition": ("deal.odd && defined.strong", "no definition strong", "defined.strong"),
    "an operator": ('deal.odd || chip.maker <= "acme"', "orders chip.maker", '<= "acme"'),
    "a literal": ("deal.odd || chip.maker == 5", "compares chip.maker (text) with 5", "5"),
    "an item of a list": ('chip.maker in ["acme", "other", "acne"]', "'acne' is none of the values", '"acne"'),
    "a country": ('site.country in ["AA", "B"]', "'B' is no ISO 3166 code", '"B"'),
    "a reading": ('deal.odd || reading.aa.rout == "x"', "no contested point aa.rout", "reading.aa.rout"),
    "an option": ('reading.aa.route == "trnsfer"', "'trnsfer' is no option of aa.route", '"trnsfer"'),
    "a party": ("deal.odd || party.listed", "reads party.*, and no role is asked", "party.listed"),
    "a number that is no flag": ("deal.odd && chip.power", "chip.power is not true or false", "chip.power"),
    "a sign": ("deal.odd & deal.large", "the condition has &, which is outside the language", "& deal.large"),
    "a chain": ("chip.power > 1.0 > 2.0", "compares what cannot be compared", "> 2.0"),
    "a place after wide characters": ('chip.maker == "华为" && deal.od', "'华为' is none of the values", '"华为"'),
}


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(SAMPLE, tmp_path / "rulebook")


def change(folder, file, old, new):
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def mistakes(folder, *others):
    with pytest.raises(UnsoundRulebookError) as caught:
        load_rulebook(folder, *others)
    return caught.value.mistakes


@pytest.mark.parametrize("case", WRONG_PLACES)
def test_a_caret_stands_under_what_is_wrong_in_a_condition(folder, case):
    condition, words, place = WRONG_PLACES[case]
    change(folder, REACH, f"  - {LINE}", f"  - '{condition}'")
    first = mistakes(folder)[0]
    assert words in first.message
    assert (first.file, first.line, first.field) == (REACH, 15, "aa.reach: when")
    assert first.condition == condition
    assert condition[first.column - 1 :].startswith(place)


# where, what stands there, what is written instead, which no name is near, the message, and the mend
FAR_FROM_ANY_NAME = {
    "a fact": (REACH, LINE, "zzz.qqq", "no fact zzz.qqq in the vocabulary", "give it in vocabulary.yaml"),
    "a parameter": (
        REACH,
        LINE,
        "chip.power > parameter.qqqqqqqqqqqq",
        "no parameter qqqqqqqqqqqq",
        "give it in parameters/",
    ),
    "a set": (REACH, LINE, "site.country in set.qqqq", "no set set.qqqq", "give it in sets/"),
    "a set that is a fact": (REACH, LINE, "site.country in zzz.q", "no set zzz.q", "give it in sets/"),
    "a definition": (REACH, LINE, "defined.qqqqqqqqqq", "no definition qqqqqqqqqq", "define it in definitions/"),
    "a point": (REACH, LINE, 'reading.zzzzzzzzzzzz == "x"', "no contested point zzzzzzzzzzzz", "give it in points/"),
    "an option": (REACH, LINE, 'reading.aa.route == "q"', "'q' is no option of aa.route", "one of: transfer, service"),
    "a fact of the reason": (
        LIMIT,
        "{chip.power}",
        "{q}",
        "reason: no fact {q}",
        "write a name of the vocabulary in the braces",
    ),
    "a rule": (
        "bb/rules/counter.yaml",
        "[aa.reach]",
        "[zzzzzzzz]",
        "against: no rule zzzzzzzz",
        "name the id of a rule",
    ),
    "a point of not subject": (
        REACH,
        "point: aa.reach_abroad",
        "point: zzzzz",
        "not_subject_point: no contested point zzzzz",
        "give it in points/",
    ),
    "a party": (
        REACH,
        LINE,
        "party.listed",
        "reads party.*, and no role is asked",
        "name the roles that it asks in for_any",
    ),
    "a party of a later line": (
        REACH,
        'country != "AA"',
        "country != party.headquarters",
        "reads party.*, and no role is asked",
        "name the role",
    ),
}


@pytest.mark.parametrize("case", FAR_FROM_ANY_NAME)
def test_what_is_like_no_name_is_told_where_to_give_it(folder, case):
    file, old, new, words, mend = FAR_FROM_ANY_NAME[case]
    change(folder, file, old, new)
    assert (file, words, mend) in [(one.file, one.message, one.mend) for one in mistakes(folder)]


@pytest.mark.parametrize(
    ("file", "content", "told"),
    [
        (REACH, "\n- a\n", (2, "", "is no mapping", "write `key: value` lines")),
        (REACH, "just words\n", (1, "", "is no mapping", "write `key: value` lines")),
        (GOODS, "good: x\n", (1, "goods", "good is no mapping", "write `key: value` lines under it")),
    ],
)
def test_a_file_of_another_form_is_told_what_to_write(folder, file, content, told):
    (folder / file).write_text(content, encoding="utf-8")
    assert (file, *told) in [(one.file, one.line, one.field, one.message, one.mend) for one in mistakes(folder)]


def test_a_mistake_in_when_a_party_is_not_subject_is_told_there(folder):
    change(folder, REACH, 'site.country != "AA"', 'site.country != "aa"')
    (found,) = mistakes(folder)
    assert (found.file, found.line, found.field) == (REACH, 19, "aa.reach: not_subject_when")
    assert found.condition[found.column - 1 :] == '"aa"'


def test_a_mistake_in_a_condition_is_told_whole(folder):
    change(folder, REACH, f"  - {LINE}", f"  - 'deal.odd || {LINE.replace('maker', 'makr')}'")
    with pytest.raises(UnsoundRulebookError) as caught:
        load_rulebook(folder)
    assert str(caught.value).split("\n") == [
        "aa/rules/reach.yaml:15 aa.reach: when: no fact chip.makr in the vocabulary; did you mean chip.maker?",
        '  deal.odd || chip.makr == "acme"',
        "              ^",
    ]


def test_a_caret_after_wide_characters_stands_under_its_place_on_the_terminal():
    assert with_caret("华为 x", 3) == "  华为 x\n       ^"
    assert with_caret("ab x", 3) == "  ab x\n     ^"


def test_every_mistake_is_told_at_once_by_file_and_line(folder):
    change(folder, REACH, "scope: item", "scope: thing")
    change(folder, REACH, "verification: primary", "verification: sure")
    change(folder, REACH, LINE, 'chip.makr == "acme" && deal.od')
    change(folder, LIMIT, "outcome:", "outcme:")
    change(folder, GOODS, "since: 2029-01-01", "since: 2029-13-01")
    assert [(one.file, one.line, one.message) for one in mistakes(folder)] == [
        (GOODS, 4, "since is missing or no day"),
        (LIMIT, 1, "outcome is missing or no text"),
        (LIMIT, 19, "outcme is no key here"),
        (REACH, 5, "scope: 'thing' is none of its options"),
        (REACH, 6, "verification: 'sure' is none of its options"),
        (REACH, 15, "no fact chip.makr in the vocabulary"),
        (REACH, 15, "no fact deal.od in the vocabulary"),
    ]


def test_what_is_read_wrong_is_not_told_again_as_what_it_leaves_open(folder):
    change(folder, "aa/rules/listed_party.yaml", "for_any: [consignee, end_user]", "for_any: [consignee, end_usr]")
    assert [one.message for one in mistakes(folder)] == ["for_any: 'end_usr' is none of its options"]


def test_a_broken_file_of_names_hides_no_mistake_of_form_and_invents_none(folder):
    change(folder, GOODS, "strong_chip:", "strong_chip: [")
    change(folder, REACH, "scope: item", "scope: thing")
    assert {one.file for one in mistakes(folder)} == {GOODS, REACH}


def test_party_is_refused_in_conditions_and_reason_where_no_role_is_asked(folder):
    change(folder, "aa/rules/listed_party.yaml", "for_any: [consignee, end_user]", "levers: [x]")
    found = mistakes(folder)
    assert found[0].message == "reads party.*, and no role is asked"
    assert any(one.message.startswith("reason: no fact {party.") for one in found)


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        (LIMIT, "defined.strong_chip", "chip.power > 5.0", "no rule reads defined.strong_chip"),
        (GOODS, "chip.power >= parameter.power_limit", "chip.power >= 5.0", "no rule reads parameter.power_limit"),
        ("aa/rules/reach.yaml", "not_subject_point: aa.reach_abroad\n", "", "no rule reads reading.aa.reach_abroad"),
    ],
)
def test_what_no_rule_reads_is_refused(folder, file, old, new, words):
    change(folder, file, old, new)
    if "reading" in words:
        change(folder, file, "not_subject_when:", "unless:")
    (found,) = mistakes(folder)
    assert words in found.message
    assert found.line == 1 or found.field


def test_a_set_that_no_rule_reads_is_refused(folder):
    path = folder / "aa/sets/more.yaml"
    version = "{since: 2029-01-01, published: 2029-01-01, members: [AA], citation: Order 1}"
    path.write_text(f"near:\n  meaning: m\n  versions:\n    - {version}\n", encoding="utf-8")
    assert [(one.file, one.line, one.message) for one in mistakes(folder)] == [
        ("aa/sets/more.yaml", 1, "no rule reads set.near")
    ]


def test_a_wrong_member_is_told_once_where_the_set_gains_it(folder):
    change(folder, "aa/sets/places.yaml", "add: [DD]", "add: [dd]")
    (found,) = mistakes(folder)
    assert (found.file, found.field, found.message) == ("aa/sets/places.yaml", "far", "'dd' is no ISO 3166 code")


def test_definitions_that_nest_too_deep_are_refused_before_anybody_asks(folder):
    version = "{since: 2029-01-01, published: 2029-01-01, when: [%s], citation: Order 1}"
    names = [f"d{place}" for place in range(300)]
    lines = [f"defined.{name}" for name in names[1:]] + ["deal.odd"]
    parts = [
        f"{name}:\n  meaning: m\n  versions:\n    - {version % line}\n" for name, line in zip(names, lines, strict=True)
    ]
    (folder / "aa/definitions/deep.yaml").write_text("".join(parts), encoding="utf-8")
    change(folder, REACH, LINE, "defined.d0")
    told = [one for one in mistakes(folder) if "deep" in one.message]
    assert told
    assert {(one.file, one.mend) for one in told} == {("aa/definitions/deep.yaml", "write it flatter")}


@pytest.mark.parametrize(
    ("line", "levels", "is_refused"),
    [
        ("{}", 50, False),
        ("{}", 51, True),
        ("'!({})'", 33, False),
        ("'!({})'", 34, True),
        ("'deal.odd && ({})'", 33, False),
        ("'deal.odd || {}'", 34, True),
        ("'{} && deal.odd'", 34, True),
    ],
)
def test_a_hundred_levels_are_read_and_no_more(folder, line, levels, is_refused):
    """A name is two levels, and what is around it is one more."""
    version = "{{since: 2029-01-01, published: 2029-01-01, when: [{}], citation: Order 1}}"
    lines = [line.format(f"defined.d{place + 1}") for place in range(levels - 1)] + ["deal.odd"]
    parts = [
        f"d{place}:\n  meaning: m\n  versions:\n    - {version.format(line)}\n" for place, line in enumerate(lines)
    ]
    # The deepest first, so that no path of a hundred names is walked at once.
    (folder / "aa/definitions/deep.yaml").write_text("".join(reversed(parts)), encoding="utf-8")
    change(folder, REACH, LINE, "defined.d0")
    if is_refused:
        assert {one.message for one in mistakes(folder)} == {"nests more than 100 deep"}
    else:
        assert load_rulebook(folder)


def test_a_condition_keeps_its_line_and_is_the_same_condition_on_another():
    rule = sample().rule("aa.reach")
    assert [line.line for line in rule.when] == [15]
    assert Condition("a", parse("a"), 1) == Condition("a", parse("a"), 2)
    assert hash(Condition("a", parse("a"), 1)) == hash(Condition("a", parse("a"), 2))


def test_mistakes_are_ordered_by_file_and_line():
    found = [RuleMistake("b", 1, "", "m"), RuleMistake("a", 10, "", "m"), RuleMistake("a", 9, "", "m")]
    assert [(one.file, one.line) for one in UnsoundRulebookError(found).mistakes] == [("a", 9), ("a", 10), ("b", 1)]


@given(conditions)
def test_the_places_of_a_condition_are_those_of_its_leaves(text):
    for leaf, place in zip(leaves(parse(text)), places(text), strict=True):
        assert text[place.fact :].startswith(leaf.fact)
        operand = leaf.operand if isinstance(leaf, Compare | Member) else ()
        if isinstance(operand, Name):
            assert text[place.operands[0] :].startswith(operand.name)
        if isinstance(leaf, Compare):
            assert text[place.operator :].startswith(leaf.operator)
        if isinstance(leaf, Member):
            assert text[place.operator :].startswith("in")
            assert len(place.operands) == (1 if isinstance(operand, Name) else len(operand))
