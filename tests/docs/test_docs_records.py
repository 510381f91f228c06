"""The pages about records and Python do what they say, step by step."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest
import yaml

import lexloci

TOP = Path(__file__).resolve().parents[2]
FOLDER = TOP / "examples" / "records"
PAGE = TOP / "docs" / "how-to" / "settle-a-human-review.md"
RECORDS = ("attestations", "readings", "authorisations")


@pytest.fixture
def outcome_with(tmp_path):
    """The outcome of the example with only some of its records."""

    def ask(*kept: str) -> str:
        data = yaml.load((FOLDER / "on-record.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)
        text = (FOLDER / "portfolio.yaml").read_text(encoding="utf-8")
        for name in kept:
            text += f"\n{name}:\n" + yaml.safe_dump(data[name], default_flow_style=False, sort_keys=False)
        # Every value is text to BaseLoader; the file's own types come back by taking the quotes away.
        text = re.sub(r"'(true|false|[0-9-]+)'", r"\1", text)
        file = tmp_path / "portfolio.yaml"
        file.write_text(text, encoding="utf-8")
        (answer,) = lexloci.determine(lexloci.read_portfolio(file))
        return answer.determination.outcome.value

    return ask


def test_each_step_of_the_page_changes_the_answer_as_it_says(outcome_with):
    assert outcome_with() == "human review"
    assert outcome_with("attestations") == "human review"
    assert outcome_with("attestations", "readings") == "licence required, case by case"
    assert outcome_with(*RECORDS) == "permitted with duties"


@pytest.mark.parametrize("missing", RECORDS)
def test_none_of_the_records_can_be_left_out(outcome_with, missing):
    kept = [name for name in RECORDS if name != missing]
    assert outcome_with(*kept) != "permitted with duties"


def test_the_second_file_is_the_first_with_the_records():
    first, second = (
        (FOLDER / name).read_text(encoding="utf-8").splitlines()[1:] for name in ("portfolio.yaml", "on-record.yaml")
    )
    assert second[: len(first)] == first


def test_the_records_that_the_page_shows_are_those_of_the_example():
    shown = re.findall(r"^```yaml\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    known = yaml.safe_load((FOLDER / "on-record.yaml").read_text(encoding="utf-8"))
    assert len(shown) == len(RECORDS)
    for block in shown:
        for name, records in yaml.safe_load(block).items():
            assert name in RECORDS
            assert records
            assert all(record in known[name] for record in records)


@pytest.mark.parametrize("name", ["use-from-python.md", "judge-a-table.md"])
def test_a_page_about_python_prints_what_it_shows(monkeypatch, name):
    monkeypatch.chdir(TOP)
    page = TOP / "docs" / "how-to" / name
    result = doctest.testfile(str(page), module_relative=False, optionflags=doctest.ELLIPSIS, encoding="utf-8")
    assert result.failed == 0
    assert result.attempted > 10


def test_the_acts_of_the_example_answer_as_the_page_says():
    answers = {act.id: lexloci.determine_act(act) for act in lexloci.read_acts(TOP / "examples/acts/acts.csv")}
    assert {name: answer.outcome.value for name, answer in answers.items()} == {
        "h100-to-malaysia": "human review",
        "h100-to-malaysia-as-enforced": "permitted",
        "h100-to-inspur": "licence required, presumption of denial",
        "inspur-rents-in-johor": "human review",
        "a800-to-china": "human review",
    }
    asked = {missing.name.partition(".")[0] for missing in answers["a800-to-china"].missing}
    assert asked == {"site", "workload"}


def test_the_act_that_the_page_shows_as_yaml_is_the_one_of_the_table(tmp_path):
    page = (TOP / "docs/how-to/judge-bare-acts.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^```yaml\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    file = tmp_path / "act.yaml"
    file.write_text(block, encoding="utf-8")
    (shown,) = lexloci.read_acts(file)
    acts = {act.id: act for act in lexloci.read_acts(TOP / "examples/acts/acts.csv")}
    same = acts[shown.id]
    assert (shown.kind, shown.on, shown.basis, dict(shown.facts)) == (same.kind, same.on, same.basis, dict(same.facts))
