"""The rulebook of another package is added name by name: nothing is overridden, and each has an age of its own."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date

import pytest
from law_support import DAY, SAMPLE, act, sample

from lexloci.law.decide import decide
from lexloci.law.load import is_addition, load_rulebook
from lexloci.law.mistake import UnsoundRulebookError
from lexloci.law.rule import RulebookSource
from lexloci.law.seal import seal_of
from lexloci.model.act import Question
from lexloci.model.determination import MissingKind, SourceAge
from lexloci.model.outcome import Outcome
from lexloci.model.portfolio import Basis

VERSION = "name: dd-law\nversion: 2030.02.01\nreviewed: 2030-01-15\nlimit_days: 90\n"
TEXT = "Invented text of dd."
RULE = f"""\
id: dd.{{name}}
title: a rule of dd
authority: dd_office
body: aa
scope: item
verification: primary
citation: Act 1
url: https://example.org/dd
text: {TEXT}
text_sha256: "{seal_of(TEXT)}"
acts: [export]
turns:
  - {{{{on: 2029-01-01, standing: in force, published: 2028-12-01, by: Act 1}}}}
when:
  - {{when}}
outcome: prohibited
reason: It is banned.
"""


def write(folder, file, text):
    path = folder / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def addition(folder, name="dd-law", rule="ban", when="site.country in set.far"):
    """A small rulebook that reads a set of the sample and a fact of its own."""
    write(folder, "version.yaml", VERSION.replace("dd-law", name))
    write(folder, f"dd/rules/{rule}.yaml", RULE.format(name=rule, when=when))
    return folder


@pytest.fixture
def added(tmp_path):
    return addition(tmp_path / "dd_law")


def refused(*folders):
    with pytest.raises(UnsoundRulebookError) as caught:
        load_rulebook(*folders)
    return str(caught.value)


def test_the_rules_of_both_stand_in_one_rulebook(added):
    both = load_rulebook(SAMPLE, added)
    assert {rule.id for rule in both.rules} == {rule.id for rule in sample().rules} | {"dd.ban"}
    assert both.version == "2032.01.01+dd-law 2030.02.01"
    assert (both.reviewed, both.limit_days) == (sample().reviewed, sample().limit_days)
    assert both.sources == (RulebookSource("dd-law", "2030.02.01", date(2030, 1, 15), 90),)
    assert both.rule("dd.ban").file == "dd-law/dd/rules/ban.yaml"
    assert sample().sources == ()


def test_an_added_rule_decides_with_the_names_of_the_other(added):
    both = load_rulebook(SAMPLE, added)
    one = act({"site.country": "BB"})
    question = Question(DAY, DAY, Basis.TEXT)
    assert decide(both, one, question).outcome is Outcome.PROHIBITED
    assert decide(sample(), one, question).outcome is not Outcome.PROHIBITED


def test_an_added_vocabulary_adds_facts(added):
    write(added, "vocabulary.yaml", 'facts:\n  deal.dotted: {type: bool, question: "Is it dotted?"}\n')
    write(added, "dd/rules/dots.yaml", RULE.format(name="dots", when="deal.dotted"))
    both = load_rulebook(SAMPLE, added)
    assert both.vocabulary["deal.dotted"].type == "bool"
    assert both.vocabulary["deal.odd"] == sample().vocabulary["deal.odd"]


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        ("vocabulary.yaml", 'facts:\n  deal.odd: {type: bool, question: "Odd?"}\n', "dd-law/vocabulary.yaml:1"),
        (
            "vocabulary.yaml",
            'party_attributes:\n  listed: {type: bool, question: "?"}\n',
            "is in the vocabulary already",
        ),
        (
            "dd/sets/far.yaml",
            "far: {meaning: m}\n",
            "far is given twice among the sets, first at aa/sets/places.yaml:1",
        ),
        (
            "aa/points/reach.yaml",
            "route: {question: q}\n",
            "aa.route is given twice among the points, first at aa/points",
        ),
        (
            "dd/parameters/x.yaml",
            "power_limit: {meaning: m}\n",
            "dd-law/dd/parameters/x.yaml:1 power_limit: power_limit is",
        ),
        ("dd/definitions/x.yaml", "strong_chip: {meaning: m}\n", "strong_chip is given twice among the definitions"),
        (
            "aa/rules/reach.yaml",
            "id: aa.reach\n",
            "aa.reach is given twice among the rules, first at aa/rules/reach.yaml:1",
        ),
        ("dd/rules/typo.yaml", RULE.format(name="typo", when="deal.od"), "dd-law/dd/rules/typo.yaml:15 dd.typo: when:"),
        ("dd/rule/late.yaml", "id: x\n", "dd-law/dd/rule/late.yaml: nothing reads this file"),
        ("version.yaml", VERSION.replace("dd-law", "DD law"), "'DD law' is no name of a package"),
        (
            "version.yaml",
            VERSION.replace("2030.02.01", "v1.0"),
            "dd-law/version.yaml:2 version: version: 'v1.0' is no calendar",
        ),
    ],
)
def test_a_name_that_both_give_is_refused_with_both_places(added, file, text, words):
    write(added, file, text)
    assert words in refused(SAMPLE, added)


def test_two_additions_of_one_name_are_refused(added, tmp_path):
    again = addition(tmp_path / "again", rule="other")
    assert "dd-law is given twice among the rulebooks" in refused(SAMPLE, added, again)


def test_two_additions_that_give_one_rule_are_refused_with_both_packages(added, tmp_path):
    words = refused(SAMPLE, added, addition(tmp_path / "ee", name="ee-law"))
    assert "ee-law/dd/rules/ban.yaml:1 " in words
    assert "first at dd-law/dd/rules/ban.yaml:1" in words


def test_an_addition_without_rules_is_refused(added):
    shutil.rmtree(added / "dd")
    assert "its rulebook holds no rule" in refused(SAMPLE, added)


def test_an_addition_without_a_version_is_refused_by_the_name_of_its_folder(added):
    (added / "version.yaml").unlink()
    assert refused(SAMPLE, added).startswith("dd_law/version.yaml: cannot be read")


def test_a_rulebook_of_its_own_has_no_name_and_an_addition_has(added):
    assert is_addition(added)
    assert not is_addition(SAMPLE)
    assert "name is no key here" in refused(added)


def test_the_order_of_additions_changes_nothing_but_the_version(added, tmp_path):
    other = addition(tmp_path / "ee", name="ee-law", rule="other", when="deal.odd")
    one, two = load_rulebook(SAMPLE, added, other), load_rulebook(SAMPLE, other, added)
    assert {rule.id: rule for rule in one.rules} == {rule.id: rule for rule in two.rules}
    assert one.version == "2032.01.01+dd-law 2030.02.01+ee-law 2030.02.01"


def test_each_rulebook_has_an_age_of_its_own_and_the_oldest_decides(added):
    both = load_rulebook(SAMPLE, added)
    known_at = date(2030, 5, 1)
    found = decide(both, act({}), Question(DAY, known_at, Basis.TEXT))
    assert found.sources == (
        SourceAge("rulebook 2032.01.01", date(2030, 1, 1), 120, 180),
        SourceAge("rulebook dd-law 2030.02.01", date(2030, 1, 15), 106, 90),
    )
    stale = [one.name for one in found.missing if one.kind is MissingKind.STALE]
    assert (found.outcome, stale) == (Outcome.HUMAN_REVIEW, ["rulebook dd-law 2030.02.01"])
    fresh = replace(both, sources=(replace(both.sources[0], limit_days=106),))
    assert decide(fresh, act({}), Question(DAY, known_at, Basis.TEXT)).outcome is not Outcome.HUMAN_REVIEW
