"""The reference of the command says what the command does."""

from __future__ import annotations

import pytest

import build_cli_reference
from build_cli_reference import Help

GROUP = Help(
    "lexloci",
    """Usage: lexloci [OPTIONS] COMMAND [ARGS]...

  Where may each workload run?

Options:
  --version  Print the version.
  --help     Show this message and exit.

Commands:
  plan     Find the best plan for a portfolio, which takes
           longer than one line.
  compare  What moved between two days.
""",
)
PLAN = Help(
    "lexloci plan",
    """Usage: lexloci plan [OPTIONS] FILE

  Find the best plan for a portfolio,
  and say why.

Arguments:
  FILE  the portfolio, - for standard input  [required]

Options:
  --report <path>         where to write the report
  --json / --no-json      print JSON
  --assume-granted <str>  a pre-filed kind
  --help                  Show this message and exit.
""",
)


def test_the_commands_are_those_listed_in_order():
    assert GROUP.commands == ["plan", "compare"]
    assert PLAN.commands == []


def test_the_description_stands_between_the_usage_and_the_first_heading():
    assert GROUP.description == "Where may each workload run?"
    assert PLAN.description == "Find the best plan for a portfolio, and say why."


def test_options_are_long_and_words_with_hyphens_are_none():
    assert PLAN.options == {"--report", "--json", "--no-json", "--assume-granted", "--help"}


def test_a_page_can_be_read_back():
    read = build_cli_reference.sections(build_cli_reference.page([GROUP, PLAN]))
    assert [(one.name, one.text) for one in read] == [(one.name, one.text.strip()) for one in (GROUP, PLAN)]


@pytest.fixture(scope="module")
def said():
    """What the command says of itself now."""
    return build_cli_reference.all_help()


def test_the_committed_page_is_what_the_command_says(said):
    file = build_cli_reference.PAGE
    assert file.is_file(), "run: .venv/bin/python tools/build_cli_reference.py"
    written = build_cli_reference.sections(file.read_text(encoding="utf-8"))
    assert [(one.name, one.description, one.options) for one in written] == [
        (one.name, one.description, one.options) for one in said
    ], "out of date; run: .venv/bin/python tools/build_cli_reference.py"


def test_every_command_says_what_it_does(said):
    main_commands = {"lexloci init", "lexloci check", "lexloci determine", "lexloci plan", "lexloci compare"}
    assert main_commands <= {one.name for one in said}
    assert [one.name for one in said if not one.description] == []
