"""A bill or a draft is law only in a rulebook that was asked for with the day from which it is supposed to be."""

from __future__ import annotations

import shutil
from datetime import date

import pytest
from law_support import SAMPLE, sample

from lexloci.law.load import load_rulebook
from lexloci.law.rule import Standing
from lexloci.model.errors import RulebookError

REACH = "aa/rules/reach.yaml"
TURN = "  - {on: 2029-01-01, standing: in force, published: 2028-12-01, by: Order 1}"


@pytest.fixture
def bills(tmp_path):
    """The sample with two bills, which are the rule of reach under other names, without turns."""
    folder = shutil.copytree(SAMPLE, tmp_path / "rulebook")
    rule = (folder / REACH).read_text(encoding="utf-8").replace(f"turns:\n{TURN}\n", "")
    (folder / "aa" / "scenarios").mkdir()
    for name in ("bill", "draft"):
        text = rule.replace("id: aa.reach", f"id: aa.{name}")
        (folder / "aa" / "scenarios" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def test_a_bill_is_a_rule_only_where_it_is_supposed_to_be_law_and_from_that_day(bills):
    assert {rule.id for rule in load_rulebook(bills).rules} == {rule.id for rule in sample().rules}
    assert load_rulebook(bills).version == "2032.01.01"
    supposing = load_rulebook(bills, scenarios={"aa.bill": date(2031, 5, 1)})
    assert {rule.id for rule in supposing.rules} == {rule.id for rule in sample().rules} | {"aa.bill"}
    assert supposing.version == "2032.01.01+scenario aa.bill from 2031-05-01"
    (turn,) = supposing.rule("aa.bill").turns
    assert (turn.on, turn.standing, turn.layer) == (date(2031, 5, 1), Standing.IN_FORCE, None)
    assert turn.published <= date(1900, 1, 1)
    assert turn.by == "supposed for this answer: a scenario, no law"


def test_a_bill_that_does_not_exist_is_refused_with_those_that_do(bills):
    with pytest.raises(RulebookError, match=r"there is no scenario 'aa\.bil'; did you mean aa\.bill\?"):
        load_rulebook(bills, scenarios={"aa.bil": date(2031, 5, 1)})
    with pytest.raises(RulebookError, match=r"'zz'; one of: aa\.bill, aa\.draft"):
        load_rulebook(bills, scenarios={"zz": date(2031, 5, 1)})
    with pytest.raises(RulebookError, match=r"'zz'; one of: none, this rulebook has no scenario"):
        load_rulebook(SAMPLE, scenarios={"zz": date(2031, 5, 1)})


def test_a_mistake_in_a_bill_is_told_with_its_file(bills):
    path = bills / "aa" / "scenarios" / "bill.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("scope: item", "scope: thing"), encoding="utf-8")
    with pytest.raises(RulebookError) as caught:
        load_rulebook(bills)
    assert str(caught.value).startswith("aa/scenarios/bill.yaml:5 aa.bill: scope: 'thing' is none of its options")
