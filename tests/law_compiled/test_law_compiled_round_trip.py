"""A compiled rulebook is the rulebook it was compiled from: to the last name, and in every answer."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from compiled_support import parts, spelt
from hypothesis import given, settings
from hypothesis import strategies as st
from law_random import NAMES, gappy_facts, rule_sets
from law_support import QUESTION, make_act, make_rulebook, sample

from lexloci.law.canonical import canonical_bytes, canonical_form, from_canonical_form
from lexloci.law.compiled import compile_rulebook, is_compiled, load_compiled, read_compiled
from lexloci.law.decide import decide
from lexloci.law.expression import Flag
from lexloci.law.rule import FactType
from lexloci.model.errors import RulebookError
from lexloci.rulebook import book
from lexloci.rulebook.decided_cases import bundled_cases
from lexloci.rulebook.judge_cases import judge

KINDS = {"f": "bool", "n": "number", "t": "text"}
VOCABULARY = {name: FactType(name, KINDS[name[0]], f"What of {name}?") for name in NAMES}


@pytest.fixture(scope="module")
def bundled(tmp_path_factory):
    """The package's rulebook, and the same read back from a file."""
    file = tmp_path_factory.mktemp("compiled") / "rulebook.json"
    file.write_bytes(compile_rulebook(book.bundled_rulebook()))
    return book.bundled_rulebook(), load_compiled(file)


def again(rulebook):
    form, asides = canonical_form(rulebook)
    return from_canonical_form(json.loads(canonical_bytes(form)), json.loads(canonical_bytes(asides)))


def test_the_invented_rulebook_reads_back_whole():
    read = read_compiled(compile_rulebook(sample()), "x")
    assert read == sample()
    assert spelt(read) == spelt(sample())


def test_the_rulebook_of_the_package_reads_back_whole_with_its_places_and_orders(bundled):
    folders, compiled = bundled
    assert compiled == folders
    assert compiled.digest == folders.digest
    assert spelt(compiled) == spelt(folders)
    assert all(rule.file for rule in compiled.rules)


def test_every_decided_case_is_answered_alike_by_both(bundled):
    folders, compiled = bundled
    for case in bundled_cases()[::4]:
        assert judge(compiled, case) == judge(folders, case)


@given(rule_sets(), gappy_facts, st.permutations(NAMES))
@settings(max_examples=60)
def test_any_rulebook_reads_back_whole_and_decides_alike(rules, values, order):
    rulebook = make_rulebook(rules, {name: VOCABULARY[name] for name in order})
    read = again(rulebook)
    assert read == rulebook
    assert spelt(read) == spelt(rulebook)
    assert decide(read, make_act(values), QUESTION) == decide(rulebook, make_act(values), QUESTION)


def test_the_same_rulebook_gives_the_same_bytes():
    assert compile_rulebook(again(sample())) == compile_rulebook(sample())


def test_the_file_says_what_it_is_before_its_content():
    header, content, _ = parts(compile_rulebook(sample()))
    assert header["version"] == content["version"] == sample().version
    assert header["rules"] == len(content["rules"]) == len(sample().rules)
    assert header["digest"] == sample().digest
    assert header["format"] == 1


def test_a_condition_whose_tree_is_not_what_its_text_says_is_not_compiled():
    rule = next(rule for rule in sample().rules if rule.when)
    lying = replace(rule, when=(replace(rule.when[0], expression=Flag("deal.helped")), *rule.when[1:]))
    rules = tuple(lying if one is rule else one for one in sample().rules)
    with pytest.raises(RulebookError, match="expression") as caught:
        compile_rulebook(replace(sample(), rules=rules))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("version", ["1.0", "2032", "2032.13.01", "2032.02.30", "v2032.01.01", "2032.01.01-a", ""])
def test_a_version_that_is_no_day_is_not_compiled(version):
    with pytest.raises(RulebookError, match="calendar version"):
        compile_rulebook(replace(sample(), version=version))


@pytest.mark.parametrize("version", ["2032.01.01", "2032.01.01.1", "2032.1.1", "2032.01.01+lexloci-japan 2031.05.01"])
def test_a_version_that_is_a_day_is_compiled(version):
    assert parts(compile_rulebook(replace(sample(), version=version)))[0]["version"] == version


def test_reading_a_compiled_rulebook_reads_no_yaml(tmp_path):
    file = tmp_path / "rulebook.json"
    file.write_bytes(compile_rulebook(sample()))
    program = (
        "import sys; from pathlib import Path; from lexloci.law.compiled import load_compiled\n"
        "rulebook = load_compiled(Path(sys.argv[1]))\n"
        "print(rulebook.digest, len(rulebook.rules), sorted({'yaml', 'pickle', 'numpy'} & set(sys.modules)))"
    )
    source = str(Path(book.__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-c", program, str(file)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": source},
    )
    assert done.stdout.strip() == f"{sample().digest} {len(sample().rules)} []"


def test_the_package_reads_its_compiled_file_where_it_has_one(tmp_path, monkeypatch):
    (tmp_path / book.COMPILED_FILE).write_bytes(compile_rulebook(sample()))
    monkeypatch.setattr(book, "FOLDER", tmp_path)
    assert book.bundled_rulebook.__wrapped__() == sample()


def test_the_package_refuses_its_own_compiled_file_where_it_was_damaged(tmp_path, monkeypatch):
    (tmp_path / book.COMPILED_FILE).write_bytes(compile_rulebook(sample())[:-9])
    monkeypatch.setattr(book, "FOLDER", tmp_path)
    with pytest.raises(RulebookError, match="cut or changed"):
        book.bundled_rulebook.__wrapped__()


def test_a_checkout_has_no_compiled_file_that_could_hide_an_edited_rule():
    assert not (Path(book.__file__).parent / book.COMPILED_FILE).exists()


def test_a_compiled_file_is_told_from_others_by_how_it_begins(tmp_path):
    compiled, other = tmp_path / "a.json", tmp_path / "b.json"
    compiled.write_bytes(compile_rulebook(sample()))
    other.write_text("{}")
    assert [is_compiled(path) for path in (compiled, other, tmp_path, tmp_path / "none")] == [True, False, False, False]
