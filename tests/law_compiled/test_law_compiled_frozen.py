"""Nothing in a rulebook can be changed, and it can be copied and sent to another process all the same."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Mapping
from dataclasses import FrozenInstanceError, fields, is_dataclass
from datetime import date
from enum import Enum

import pytest
from compiled_support import spelt
from law_support import QUESTION, act, make_rule, make_rulebook, sample

from lexloci.law.compiled import compile_rulebook, read_compiled
from lexloci.law.decide import decide
from lexloci.law.frozen import FrozenMapping, frozen
from lexloci.law.rule import FactType, Point
from lexloci.model.citation import Citation

READ = read_compiled(compile_rulebook(sample()), "x")
CHANGES = {
    "__setitem__": ("a", 2),
    "__delitem__": ("a",),
    "__ior__": ({"b": 2},),
    "clear": (),
    "pop": ("a",),
    "popitem": (),
    "setdefault": ("b", 2),
    "update": ({"b": 2},),
}
READS = {"copy", "fromkeys", "get", "items", "keys", "values"}


def changeable(value, path="rulebook"):
    """The paths to whatever in a value could be changed."""
    if is_dataclass(value):
        if not type(value).__dataclass_params__.frozen:
            yield path
        for each in fields(value):
            yield from changeable(getattr(value, each.name), f"{path}.{each.name}")
    elif isinstance(value, Mapping):
        if not isinstance(value, FrozenMapping):
            yield path
        for name, one in value.items():
            yield from changeable(one, f"{path}[{name}]")
    elif isinstance(value, (tuple, frozenset)):
        for one in value:
            yield from changeable(one, f"{path}[]")
    elif not isinstance(value, (str, int, float, date, Enum, type(None))):
        yield path


@pytest.mark.parametrize("book", [sample(), READ], ids=["from folders", "compiled"])
def test_nothing_in_a_rulebook_can_be_changed(book):
    assert list(changeable(book)) == []
    assert list(changeable(book.rules_by_act)) == []
    assert list(changeable(tuple(rule.variants for rule in book.rules))) == []
    with pytest.raises(FrozenInstanceError):
        book.version = "other"
    with pytest.raises(TypeError, match="never changed"):
        book.vocabulary["chip.power"] = None


def test_the_search_for_what_can_be_changed_finds_it():
    assert list(changeable(({"a": 1}, [2], frozen({"b": {}})))) == ["rulebook[]", "rulebook[]", "rulebook[][b]"]


def test_a_mapping_given_to_a_rulebook_can_change_without_it():
    names = {"f.a": FactType("f.a", "bool", "Is it?")}
    options = {"a": "A", "b": "B"}
    book, point = make_rulebook([make_rule("one")], names), Point("x", "What?", options, Citation("1"))
    names.clear()
    options.clear()
    assert list(book.vocabulary) == ["f.a"]
    assert list(point.options) == ["a", "b"]


@pytest.mark.parametrize("method", CHANGES)
def test_a_frozen_mapping_refuses_each_change(method):
    mapping = frozen({"a": 1})
    with pytest.raises(TypeError, match="never changed"):
        getattr(mapping, method)(*CHANGES[method])
    assert mapping == {"a": 1}


def test_no_method_of_a_dict_that_changes_it_was_forgotten():
    public = {name for name in dir(dict) if not name.startswith("_")}
    assert public | {"__setitem__", "__delitem__", "__ior__"} == READS | set(CHANGES)


def test_a_frozen_mapping_reads_as_a_dict_and_has_a_hash():
    mapping = frozen({"b": 2, "a": 1})
    assert (list(mapping), mapping["a"], mapping.get("c"), repr(mapping)) == (["b", "a"], 1, None, "{'b': 2, 'a': 1}")
    assert mapping == {"a": 1, "b": 2}
    assert hash(mapping) == hash(frozen({"a": 1, "b": 2}))
    assert mapping | {"c": 3} == {"a": 1, "b": 2, "c": 3}
    assert frozen(mapping) is mapping
    with pytest.raises(TypeError, match="unhashable"):
        hash(frozen({"a": []}))


@pytest.mark.parametrize(
    "again",
    [copy.copy, copy.deepcopy, *(lambda value, n=n: pickle.loads(pickle.dumps(value, n)) for n in (2, 3, 4, 5))],
    ids=["copy", "deepcopy", "pickle 2", "pickle 3", "pickle 4", "pickle 5"],
)
def test_a_rulebook_is_copied_and_pickled_whole_with_nothing_that_was_worked_out(again):
    assert sample().digest
    assert sample().rules_by_act
    other = again(sample())
    assert other == sample()
    assert spelt(other) == spelt(sample())
    assert list(changeable(other)) == []
    assert decide(other, act(), QUESTION) == decide(sample(), act(), QUESTION)
    fresh = again(sample())
    assert "digest" not in vars(fresh)
    assert "rules_by_act" not in vars(fresh)


def test_the_rules_of_an_act_are_those_that_speak_about_it():
    book = sample()
    assert {kind: tuple(rule for rule in book.rules if kind in rule.acts) for kind in book.rules_by_act} == dict(
        book.rules_by_act
    )
    assert all(rule in book.rules_by_act[kind] for rule in book.rules for kind in rule.acts)
