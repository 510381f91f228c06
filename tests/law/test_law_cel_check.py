"""CEL is asked as a second reader: what it reads otherwise than we do is told by line and column."""

from __future__ import annotations

import builtins
import importlib
import shutil
import sys

import pytest
from law_support import SAMPLE, make_rule, make_rulebook, sample

from lexloci.law.load import load_rulebook
from lexloci.law.rule import FactType

pytest.importorskip("cel_expr_python")
from lexloci.law.cel_check import cel_mistakes

FACTS = {
    name: FactType(name, kind, "?")
    for name, kind in {
        "f.a": "bool",
        "f.b": "bool",
        "f.power": "number",
        "f.maker": "text",
        "f.place": "country",
        "import.exempt": "bool",
    }.items()
}


def said(condition):
    return [(one.message, one.column) for one in cel_mistakes(make_rulebook([make_rule("one", [condition])], FACTS))]


def test_cel_agrees_with_a_rulebook_that_is_sound():
    assert cel_mistakes(sample()) == ()


@pytest.mark.parametrize(
    "condition",
    [
        "f.a && !f.b",
        "f.power >= parameter.limit && f.power < 1e30",
        'f.maker in ["x", "y"] || f.place in set.far',
        'f.maker == "say \\"no\\"" && defined.both',
        "!(f.place in [])",
        "f.a == true && f.maker != f.place",
    ],
)
def test_what_both_read_alike_is_no_mistake(condition):
    assert said(condition) == []


@pytest.mark.parametrize(
    ("condition", "words", "column"),
    [
        ("f.a && f.power > 2", "no matching overload for '_>_' applied to '(double, int)'", 16),
        ("f.a && import.exempt", "reserved identifier: import", 8),
        ("f.power", "the condition is not true or false", 1),
        ("f.a && f.c", "undeclared reference to 'f.c'", 9),
        ("f.power == 1 || f.power == 2", "applied to '(double, int)'", 9),
    ],
)
def test_what_cel_reads_otherwise_is_told_with_its_column(condition, words, column):
    first, *_ = said(condition)
    assert words in first[0]
    assert first[1] == column


def test_every_place_at_which_cel_differs_is_told():
    assert [column for _, column in said("f.power == 1 || f.power == 2")] == [9, 25]


def test_a_mistake_of_cel_names_the_file_and_the_line(tmp_path):
    folder = shutil.copytree(SAMPLE, tmp_path / "rulebook")
    path = folder / "aa/rules/reach.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace('chip.maker == "acme"', "chip.power > 5"), encoding="utf-8"
    )
    (one,) = cel_mistakes(load_rulebook(folder))
    head, condition, caret = str(one).split("\n")
    assert head.startswith("aa/rules/reach.yaml:15 aa.reach: when: CEL: found no matching overload for '_>_'")
    assert head.endswith("; write what both read alike (docs/reference/rulebook.md)")
    assert (condition, caret) == ("  chip.power > 5", "             ^")


def test_without_the_extra_the_module_says_so_when_it_is_imported(monkeypatch):
    real = builtins.__import__

    def refuse(name, *rest):
        if name.startswith("cel_expr_python"):
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", refuse)
    monkeypatch.delitem(sys.modules, "lexloci.law.cel_check")
    with pytest.raises(ImportError):
        importlib.import_module("lexloci.law.cel_check")
