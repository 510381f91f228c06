"""The digest of a rulebook is one for one content: whatever changes its meaning changes it, and nothing else does."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import date, timedelta
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
from law_support import BEGIN, DEFINITIONS, NO_CITATION, PARAMETERS, SAMPLE, condition, make_rule, make_rulebook, sample

import lexloci
from lexloci.law.canonical import _codec, canonical_bytes, canonical_form
from lexloci.law.expression import And, Flag
from lexloci.law.rule import Dated, FactType, Point, RulebookSource, Timeline
from lexloci.model.citation import Citation
from lexloci.model.errors import RulebookError
from lexloci.model.portfolio import Basis

SMALL = make_rulebook([make_rule("one", ["f.a && !(n.x < 5.0)"])], {"f.a": FactType("f.a", "bool", "Is it?")})
RICH = replace(
    sample(),
    rules=(*sample().rules, make_rule("nested", ["!(f.a || n.x in [1.0, 2.0]) && f.b"])),
    sources=(RulebookSource("lexloci-japan", "2031.05.01", date(2031, 4, 1), 180),),
)


def otherwise(value: Any) -> Iterator[Any]:
    """Every value that differs from one in a single place; what no comparison counts stays as it is."""
    if is_dataclass(value):
        for each in fields(value):
            if each.compare:
                yield from (replace(value, **{each.name: one}) for one in otherwise(getattr(value, each.name)))
    elif isinstance(value, Mapping):
        for name, one in value.items():
            rest = {key: other for key, other in value.items() if key != name}
            yield rest
            yield {**rest, f"{name}x": one}
            yield from ({**rest, name: other} for other in otherwise(one))
    elif isinstance(value, tuple):
        if value[::-1] != value:
            yield value[::-1]
        for place, one in enumerate(value):
            yield value[:place] + value[place + 1 :]
            yield from ((*value[:place], other, *value[place + 1 :]) for other in otherwise(one))
    elif isinstance(value, frozenset):
        yield from (value - {one} for one in value)
    elif isinstance(value, Enum):
        yield from (member for member in type(value) if member is not value)
    elif value is None:
        yield Basis.TEXT
    else:
        yield from plain_otherwise(value)


def plain_otherwise(value: Any) -> Iterator[Any]:
    if isinstance(value, str):
        yield from (f"{value}x", f" {value}")
    elif isinstance(value, date):
        yield value + timedelta(days=1)
    elif isinstance(value, float):
        yield from (math.nextafter(value, math.inf), -value - 1)
    elif isinstance(value, int):
        yield value + 1
    else:
        raise TypeError(f"no other {type(value).__name__} is known here")


def test_whatever_differs_in_one_place_has_another_digest():
    others = [other.digest for other in otherwise(RICH)]
    assert len(others) > 1500
    assert RICH.digest not in others


def test_rulebooks_that_differ_in_different_places_have_different_digests():
    others = [other.digest for other in otherwise(SMALL)]
    assert len(set(others)) == len(others)


def test_every_kind_of_part_of_a_rulebook_is_tried():
    kinds = set()

    def visit(value: Any) -> None:
        if is_dataclass(value):
            kinds.add(type(value).__name__)
            for each in fields(value):
                visit(getattr(value, each.name))
        for one in value.values() if isinstance(value, Mapping) else value if isinstance(value, tuple) else ():
            visit(one)

    visit(RICH)
    parts = {"Rulebook", "Rule", "Turn", "DutyRule", "Condition", "Timeline", "Dated", "Point", "FactType", "Citation"}
    assert kinds >= parts | {"RulebookSource", "Flag", "Compare", "Member", "Name", "Not", "And", "Or"}


def test_a_tree_that_differs_from_its_text_counts_too():
    line = condition("f.a")
    changed = replace(line, expression=And((Flag("f.a"),)))
    books = [replace(SMALL, rules=(replace(SMALL.rules[0], when=(one,)),)) for one in (line, changed)]
    assert books[0] != books[1]


def test_where_something_stands_is_no_content():
    rule = SMALL.rules[0]
    moved = replace(rule, file="aa/rules/one.yaml", when=tuple(replace(line, line=7) for line in rule.when))
    definitions = {name: replace(timeline, file="b.yaml") for name, timeline in DEFINITIONS.items()}
    other = replace(SMALL, rules=(moved,), definitions=definitions)
    assert (other, hash(other), other.digest) == (SMALL, hash(SMALL), SMALL.digest)


def test_the_order_of_names_is_no_content():
    points = {name: Point(name, "What?", {"b": "B", "a": "A"}, NO_CITATION) for name in ("y", "x")}
    turned = {name: replace(point, options={"a": "A", "b": "B"}) for name, point in reversed(points.items())}
    assert replace(SMALL, points=points) == replace(SMALL, points=turned)


@pytest.mark.parametrize(("one", "other"), [(5.0, 5), (0.0, -0.0), (1e22, 10**22)])
def test_equal_numbers_have_one_digest(one, other):
    assert with_limit(one).digest == with_limit(other).digest


@pytest.mark.parametrize("number", [math.inf, -math.inf, math.nan, True, "5", None, 2**53 + 1, 10**400])
def test_what_is_no_finite_number_has_no_digest(number):
    with pytest.raises(RulebookError, match=r"Timeline limit\.versions: Dated\.value: .* is no finite number"):
        _ = with_limit(number).digest


def with_limit(number):
    versions = (Dated(BEGIN, BEGIN, number, NO_CITATION),)
    return replace(SMALL, parameters={"limit": replace(PARAMETERS["limit"], versions=versions)})


def test_equality_is_by_content_and_to_nothing_else():
    same = make_rulebook(SMALL.rules, SMALL.vocabulary)
    assert same is not SMALL
    assert same == SMALL
    assert {SMALL: 1}[same] == 1
    assert replace(SMALL, version="other") != SMALL
    assert SMALL.digest != SMALL


def test_the_canonical_form_is_this_text():
    book = replace(
        SMALL,
        rules=(make_rule("one", ['t.x == "é"']),),
        definitions={},
        sets={"far": Timeline("far", "Far", (Dated(BEGIN, BEGIN, frozenset({"CC", "BB"}), Citation("1", "u")),))},
    )
    form, asides = canonical_form(book)
    assert canonical_bytes(form).decode() == (
        '{"definitions":{},"limit_days":180,"parameters":{"limit":{"id":"limit","meaning":"a limit","versions":'
        '[{"citation":{"text":"none"},"published":"2029-01-01","since":"2029-01-01","value":5.0}]}},"points":{},'
        '"reviewed":"2030-01-01","rules":[{"acts":["export"],"authority":"aa_office","body":"aa",'
        '"citation":{"text":"none"},"id":"aa.one","kind":"outcome","outcome":"prohibited","reason":"reason",'
        '"scope":"item","text":"text","title":"one","turns":[{"on":"2029-01-01","published":"2029-01-01",'
        '"standing":"in force"}],"unless":[],"verification":"primary text seen",'
        '"when":[{"text":"t.x == \\"\\u00e9\\""}]}],'
        '"sets":{"far":{"id":"far","meaning":"Far","versions":[{"citation":{"text":"1","url":"u"},'
        '"published":"2029-01-01","since":"2029-01-01","value":["BB","CC"]}]}},'
        '"version":"in memory","vocabulary":{"f.a":{"name":"f.a","question":"Is it?","type":"bool"}}}'
    )
    assert asides == [0, "", 0, 0, "", 0, "", 0, 0]


@pytest.mark.parametrize("seed", ["0", "1", "4242"])
def test_the_digest_is_the_same_in_every_process(seed):
    program = (
        "import sys; from pathlib import Path; from lexloci.law.load import load_rulebook\n"
        "book = load_rulebook(Path(sys.argv[1])); print(book.digest, hash(book))"
    )
    source = str(Path(lexloci.__file__).parents[1])
    environment = {**os.environ, "PYTHONPATH": source, "PYTHONHASHSEED": seed}
    done = subprocess.run(
        [sys.executable, "-c", program, str(SAMPLE)], capture_output=True, text=True, check=True, env=environment
    )
    assert done.stdout.split() == [sample().digest, str(hash(sample()))]


@dataclass(frozen=True)
class _WithList:
    names: list[str]


@dataclass(frozen=True)
class _WithBytes:
    inner: tuple[bytes, ...] = ()


@dataclass(frozen=True)
class _WithSetOfTuples:
    pairs: frozenset[tuple[str, ...]]


@dataclass(frozen=True)
class _WithOtherKeys:
    numbers: Mapping[int, str]


@dataclass(frozen=True)
class _WithEither:
    value: int | str


@dataclass(frozen=True)
class _WithMadeUp:
    made_up: str = field(default="", init=False)


@pytest.mark.parametrize("kind", [_WithList, _WithBytes, _WithSetOfTuples, _WithOtherKeys, _WithEither, _WithMadeUp])
def test_a_field_that_could_not_be_written_is_refused_and_never_left_out(kind):
    with pytest.raises(TypeError, match=r"no way to write|cannot be given"):
        _codec(kind)


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"version": 1}, "Rulebook.version: 1 is no str"),
        ({"limit_days": 1.0}, r"Rulebook.limit_days: 1.0 is no int"),
        ({"rules": [*SMALL.rules]}, "Rulebook.rules: .* is no tuple"),
        ({"rules": (replace(SMALL.rules[0], scope="item"),)}, "Rulebook.rules: Rule aa.one.scope: 'item' is no Scope"),
        ({"rules": (replace(SMALL.rules[0], acts={"use"}),)}, "Rule aa.one.acts: .* is no frozenset"),
    ],
)
def test_a_value_that_is_not_of_its_type_has_no_digest(change, where):
    with pytest.raises(RulebookError, match=where):
        _ = replace(SMALL, **change).digest
