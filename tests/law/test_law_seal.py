"""The seal of a quoted text: it changes with each word, not with how the file is wrapped, and the tool writes it."""

from __future__ import annotations

import hashlib
import shutil

import pytest
from hypothesis import given
from hypothesis import strategies as st
from law_support import SAMPLE

import seal_texts
from lexloci.law.load import load_rulebook
from lexloci.law.seal import seal_of
from lexloci.model.errors import RulebookError
from lexloci.rulebook.book import bundled_rulebook

RULE = "id: a\ntext: {text}\nacts: [export]\n"


def test_a_seal_is_the_beginning_of_the_hash_of_the_text():
    assert seal_of("The law.") == hashlib.sha256(b"The law.").hexdigest()[:16]


@given(st.lists(st.text(min_size=1).filter(lambda word: not word.split() or word.split() == [word]), min_size=1))
def test_line_breaks_and_spaces_do_not_count(words):
    assert seal_of(" ".join(words)) == seal_of("\n  ".join(words)) == seal_of("  " + "\t ".join(words) + "\n")


@given(st.text(), st.text())
def test_two_texts_have_two_seals(first, second):
    assert (seal_of(first) == seal_of(second)) is (first.split() == second.split())


def test_every_text_of_the_package_is_sealed(capsys):
    assert seal_texts.main(["--check"]) == 0
    assert capsys.readouterr().err == ""
    rule = bundled_rulebook().rules[0]
    assert rule.text_sha256 == seal_of(rule.text)


@pytest.mark.parametrize(
    "text",
    [
        "One line.",
        ">-\n  Folded over\n  two lines.",
        "|\n  Kept as\n\n  it stands.",
        '"In quotes: yes."',
        "Plain over\n  two lines.",
    ],
)
def test_the_seal_stands_in_the_line_after_the_text(text):
    content = RULE.format(text=text)
    new = seal_texts.sealed(content)
    begin, _, end = new.partition(next(line for line in new.splitlines(keepends=True) if "text_sha256" in line))
    assert begin + end == content
    assert begin.endswith(f"text: {text}\n")
    assert seal_texts.sealed(new) == new


def test_a_wrong_seal_is_replaced_where_it_stands():
    content = RULE.format(text="Words.")
    wrong = content.replace("acts:", 'text_sha256: "0000000000000000"\nacts:')
    assert seal_texts.sealed(wrong) == seal_texts.sealed(content)


def test_a_text_that_ends_the_file_is_sealed():
    assert seal_texts.sealed("id: a\ntext: Words.").splitlines()[-1] == f'text_sha256: "{seal_of("Words.")}"'


def test_a_changed_text_is_refused_until_it_is_sealed_again(tmp_path, capsys):
    folder = shutil.copytree(SAMPLE, tmp_path / "rulebook")
    path = folder / "aa" / "rules" / "reach.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("Invented text", "Other text"), encoding="utf-8")
    with pytest.raises(
        RulebookError, match=r"reach\.yaml:9 aa\.reach: text_sha256: the quoted text was changed; check"
    ):
        load_rulebook(folder)
    assert seal_texts.main([str(folder), "--check"]) == 1
    assert "reach.yaml: text_sha256 is missing or is not that of the text" in capsys.readouterr().err
    assert seal_texts.main([str(folder)]) == 0
    assert capsys.readouterr().out.splitlines() == [f"{path}: sealed"]
    assert load_rulebook(folder).rule("aa.reach").text == "Other text of aa.reach."


@pytest.mark.parametrize(
    ("content", "words"), [("id: a\n", "has no text"), ("text: [\n", "is no YAML"), ("- 1\n", "has no text")]
)
def test_a_file_without_a_text_is_named(tmp_path, capsys, content, words):
    folder = tmp_path / "aa" / "rules"
    folder.mkdir(parents=True)
    (folder / "one.yaml").write_text(content, encoding="utf-8")
    assert seal_texts.main([str(tmp_path)]) == 1
    assert words in capsys.readouterr().err
    assert (folder / "one.yaml").read_text(encoding="utf-8") == content


def test_a_folder_without_rules_is_told(tmp_path, capsys):
    assert seal_texts.main([str(tmp_path)]) == 1
    assert "holds no <authority>/rules/<name>.yaml" in capsys.readouterr().err
