"""A content that is no rulebook's is refused with the way to the place: which rule, which field, what stands there."""

from __future__ import annotations

import copy
from dataclasses import replace

import pytest
from law_support import make_rule, make_rulebook

from lexloci.law.canonical import canonical_form, from_canonical_form
from lexloci.model.errors import RulebookError

RULEBOOK = make_rulebook([make_rule("r", ["f.a"])])
FORM, ASIDES = canonical_form(RULEBOOK)


def rule(form):
    return form["rules"][0]


CHANGES = {
    "Rulebook.rules: Rule aa.r.title: is not given": lambda form: rule(form).pop("title"),
    "Rulebook.rules: Rule aa.r.title: 5 is no str": lambda form: rule(form).update(title=5),
    "Rulebook.rules: Rule aa.r has yyy, zzz": lambda form: rule(form).update(zzz=1, yyy=1),
    "Rulebook.rules: Rule.id: 5 is no str": lambda form: rule(form).update(id=5),
    "Rulebook.rules: 5 is no Rule": lambda form: form.update(rules=[5]),
    "Rulebook.rules: 5 is no list": lambda form: form.update(rules=5),
    "Rulebook.rules: Rule aa.r.scope: 'thing' is no Scope": lambda form: rule(form).update(scope="thing"),
    "Rulebook.rules: Rule aa.r.turns: Turn.on: '2030-1-1' is no day YYYY-MM-DD": lambda form: rule(form)["turns"][
        0
    ].update(on="2030-1-1"),
    "Rulebook.rules: Rule aa.r.when: 'f.a &': the condition has &, which is outside the language": lambda form: rule(
        form
    ).update(when=[{"text": "f.a &"}]),
    "Rulebook.parameters: Timeline limit.versions: Dated.value: 5 is no finite number with a point": lambda form: form[
        "parameters"
    ]["limit"]["versions"][0].update(value=5),
    "Rulebook.parameters: 5 is no mapping": lambda form: form.update(parameters=5),
}


@pytest.mark.parametrize("words", CHANGES)
def test_what_is_read_is_refused_with_the_way_to_its_place(words):
    form = copy.deepcopy(FORM)
    CHANGES[words](form)
    with pytest.raises(RulebookError) as caught:
        from_canonical_form(form, ASIDES)
    assert str(caught.value) == words


def test_asides_that_are_too_many_are_refused():
    with pytest.raises(RulebookError) as caught:
        from_canonical_form(FORM, [*ASIDES, 1])
    assert str(caught.value) == "more asides than the rulebook has places"


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("title", 5, "Rulebook.rules: Rule aa.r.title: 5 is no str"),
        ("acts", ["export"], "Rulebook.rules: Rule aa.r.acts: ['export'] is no frozenset"),
        ("lead_time_days", True, "Rulebook.rules: Rule aa.r.lead_time_days: True is no int"),
    ],
)
def test_what_is_written_is_refused_with_the_way_to_its_place(field, value, words):
    wrong = replace(RULEBOOK, rules=(replace(RULEBOOK.rules[0], **{field: value}),))
    with pytest.raises(RulebookError) as caught:
        canonical_form(wrong)
    assert str(caught.value) == words


def test_a_rulebook_that_is_read_back_is_the_same():
    assert from_canonical_form(FORM, ASIDES) == RULEBOOK
