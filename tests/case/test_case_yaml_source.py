"""YAML is read by the core schema of YAML 1.2, with the line of every value, and nothing that can explode."""

import json

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from lexloci.case import yaml_source
from lexloci.case.yaml_source import load, scan
from lexloci.model.errors import InputError

# A busy machine is no mistake.
UNHURRIED = settings(deadline=None)


def message(text: str) -> str:
    with pytest.raises(InputError) as raised:
        load(text, "f.yaml")
    return str(raised.value)


# YAML 1.2.2, section 10.3.2, and what 1.1 would have made of the same words.
@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("NO", "NO"),
        ("yes", "yes"),
        ("on", "on"),
        ("12", 12),
        ("012", 12),
        ("-7", -7),
        ("0x1F", 31),
        ("0o17", 15),
        ("1e15", 1e15),
        ("1.5", 1.5),
        (".5", 0.5),
        ("5.", 5.0),
        ("15_000", "15_000"),
        ("1:30", "1:30"),
        ("2026-08-03", "2026-08-03"),
        ('"12"', "12"),
        ("'true'", "true"),
        ("0b11", "0b11"),
        ("+.e3", "+.e3"),
        ("3A090", "3A090"),
        ("<<", "<<"),
        ("=", "="),
    ],
)
def test_a_plain_scalar_resolves_by_the_core_schema(text, value):
    data = load(f"a: {text}", "f").data["a"]
    assert data == value
    assert type(data) is type(value)


def test_every_value_knows_its_line():
    source = load("a: 1\nb:\n  - x: 1\n    y:\n      - 2\n      - {p: 3,\n         q: 4}\n  - z\n", "f.yaml")
    assert source.line(()) == 1
    assert source.line(("a",)) == 1
    assert source.line(("b",)) == 2
    assert source.line(("b", 0)) == 3
    assert source.line(("b", 0, "y", 1, "q")) == 7
    assert source.line(("b", 1)) == 8


def test_a_missing_value_has_the_line_of_what_is_around_it():
    source = load("\na:\n  - x: 1\n", "f.yaml")
    assert source.line(("a", 0, "missing")) == 3
    assert source.line(("a", 7)) == 2
    assert source.line(("a", 0, "x", "deeper")) == 3
    assert source.line(("missing",)) == 2
    assert source.line(("a", -1)) == 2


def test_keys_are_text():
    assert load("1: a\ntrue: b\nnull: c\n2026-01-01: d", "f").data == {
        "1": "a",
        "true": "b",
        "null": "c",
        "2026-01-01": "d",
    }


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", "f.yaml is empty; write its content; `lexloci init` writes a portfolio to begin with"),
        ("# only words\n", "f.yaml is empty; write its content; `lexloci init` writes a portfolio to begin with"),
        ("a: 1\nb: 2\na: 3", "f.yaml:3 a: the key stands twice, first on line 1; delete one of them"),
        ('"a": 1\na: 3', "f.yaml:2 a: the key stands twice, first on line 1; delete one of them"),
        ("a: &x 1", "f.yaml:1 a: the anchor &x is not read; delete it and write the value out"),
        ("a: *x", "f.yaml:1 a: the alias *x is not read; write the value out"),
        ("<<: *x", 'f.yaml:1 "<<": the alias *x is not read; write the value out'),
        (
            "a: !!python/name:os.system x",
            "f.yaml:1 a: the tag tag:yaml.org,2002:python/name:os.system is not read; delete it",
        ),
        ("a: ! x", "f.yaml:1 a: the tag ! is not read; delete it"),
        ("!t a: 1", "f.yaml:1 the tag !t is not read; delete it"),
        ("&k a: 1", "f.yaml:1 the anchor &k is not read; delete it and write the value out"),
        ("a\n---\nb", "f.yaml:2 begins a second document; put each in a file of its own"),
        ("? [a]\n: 1", "f.yaml:1 a key must be text; write `name: value`"),
        (
            "a: 1e400",
            'f.yaml:1 a: "1e400" is no finite number that fits; write a finite number, or put text in quotation marks',
        ),
        ("a:\n  b\0", "f.yaml:2 holds the character U+0000, which no YAML may hold; delete it"),
        ("a: \ud800", "f.yaml:1 holds the character U+D800, which no YAML may hold; delete it"),
        (
            "a: b: c",
            (
                "f.yaml:1 is no YAML: mapping values are not allowed in this context; "
                "put text that holds a colon in quotation marks"
            ),
        ),
        ('["\\ud83d"]', "f.yaml:1 is no YAML: found invalid Unicode character escape code; write the character itself"),
        (
            "a:\n\t- b",
            (
                "f.yaml:2 is no YAML: found character that cannot start any token; "
                "indent with spaces, and put text that begins with a sign in quotation marks"
            ),
        ),
        (
            "a: [1,\nb: 2",
            (
                "f.yaml:2 is no YAML: did not find expected ',' or ']'; "
                "check the indentation and the quotation marks on this line and the one above"
            ),
        ),
    ],
)
def test_a_mistake_of_form_is_one_line_with_its_mend(text, line):
    assert message(text) == line


def test_mistakes_beside_which_one_can_read_on_are_collected():
    source, mistakes = scan("a: &x 1\nb: *x\nc: 3\nc: 4\n", "f")
    assert source.data == {"a": 1, "b": None, "c": 3}
    assert [mistake.line for mistake in mistakes] == [1, 2, 4]


def test_mistakes_before_a_break_of_the_syntax_are_kept():
    first, last = message("a: &x 1\nb: [").splitlines()
    assert first.startswith("f.yaml:1 a: the anchor &x is not read")
    assert last.startswith("f.yaml:2 is no YAML")


def test_a_bomb_of_aliases_is_refused_before_it_grows():
    bomb = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 10))
    assert message(bomb).count("\n") < 120
    assert "the alias *a0 is not read" in message(bomb)


@pytest.mark.parametrize("deep", ["[" * 100_000, "{a: " * 100_000, "- " * 100_000, "? " * 100_000])
def test_depth_is_limited(deep):
    assert "is nested more than 20 deep" in message(deep) or "a key must be text" in message(deep)


def test_twenty_levels_are_read():
    assert load("[" * 20 + "]" * 20, "f").data != []
    assert "more than 20" in message("[" * 21 + "]" * 21)


def test_the_number_of_values_is_limited(monkeypatch):
    monkeypatch.setattr(yaml_source, "MAX_NODES", 10)
    assert load("[1, 2, 3, 4, 5, 6, 7, 8, 9]", "f").data[-1] == 9
    assert message("[1, 2, 3,\n 4, 5, 6, 7, 8, 9, 10]") == "f.yaml:2 [9]: holds more than 10 values; split it"


def test_the_length_is_limited(monkeypatch):
    monkeypatch.setattr(yaml_source, "MAX_CHARACTERS", 10)
    assert message("a: 1234567890") == "f.yaml has 13 characters, more than 10; split it"


def test_numbers_of_hundreds_of_digits_are_refused():
    assert load("a: " + "9" * 300, "f").data["a"] == 10**300 - 1
    assert "is no finite number that fits" in message("a: " + "9" * 5000)


def test_the_parser_without_c_reads_the_same(monkeypatch, full):
    fast = load(full, "f")
    monkeypatch.setattr(yaml_source, "_LOADER", yaml.SafeLoader)
    slow = load(full, "f")
    assert slow.data == fast.data
    assert slow.line(("workloads", 2, "demand", "region")) == fast.line(("workloads", 2, "demand", "region"))


PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=20), inner, max_size=4),
    max_leaves=20,
)


@UNHURRIED
@given(PLAIN)
def test_json_is_read_as_json_reads_it(tree):
    text = json.dumps(tree, ensure_ascii=False)
    # What YAML forbids in JSON's text: control characters and the byte order mark.
    if yaml_source._FORBIDDEN.search(text):
        assert "no YAML may hold" in message(text)
    else:
        assert load(text, "f").data == json.loads(text)
