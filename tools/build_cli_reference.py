#!/usr/bin/env python3
"""Writes docs/reference/cli.md: the help of the command and of each command beneath it, as it prints it.

``.venv/bin/python tools/build_cli_reference.py`` writes the page. The tests hold the committed page to the commands,
their descriptions and their options, not to the frame around them, which changes with typer's versions.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "cli.md"
COMMAND = Path(sys.executable).parent / "lexloci"
HEAD = """<!-- Written by tools/build_cli_reference.py: change the command, then run it. -->

# The command

"""


@dataclass(frozen=True)
class Help:
    """What ``--help`` prints for one command: ``name`` in full, such as ``lexloci plan``, and the ``text``."""

    name: str
    text: str

    @property
    def options(self) -> set[str]:
        """The long options, each with its two hyphens."""
        return set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", self.text))

    @property
    def description(self) -> str:
        """What the command does, on one line: all between the usage and the first heading."""
        body = re.sub(r"\A.*?^Usage:.*?\n\n", "", self.text, flags=re.DOTALL | re.MULTILINE)
        return " ".join(re.split(r"^\w[\w ]*:$", body, maxsplit=1, flags=re.MULTILINE)[0].split())

    @property
    def commands(self) -> list[str]:
        """The names of the commands beneath it, in order."""
        _, _, listed = self.text.partition("\nCommands:\n")
        return re.findall(r"^  ([a-z][\w-]*)", listed.partition("\n\n")[0], re.MULTILINE)


def all_help() -> list[Help]:
    """The help of the command and of all commands beneath it, in the order in which they are listed."""
    return list(_help_of())


def page(helps: list[Help]) -> str:
    """The whole page, as Markdown: a section for each command."""
    blocks = (f"## `{one.name}`\n\n```text\n{one.text.strip()}\n```\n" for one in helps)
    return HEAD + "\n".join(blocks)


def sections(text: str) -> list[Help]:
    """The help of each command as a page has it: the inverse of ``page``."""
    return [
        Help(*found) for found in re.findall(r"^## `([^`]+)`\n\n```text\n(.*?)\n```$", text, re.MULTILINE | re.DOTALL)
    ]


def _help_of(*path: str) -> Iterator[Help]:
    environment = {**os.environ, "COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb", "TYPER_USE_RICH": "0"}
    done = subprocess.run([COMMAND, *path, "--help"], env=environment, capture_output=True, text=True, check=True)
    shown = "\n".join(line.rstrip() for line in done.stdout.splitlines())
    here = Help(" ".join(["lexloci", *path]), shown.strip("\n"))
    yield here
    for name in here.commands:
        yield from _help_of(*path, name)


def main() -> None:
    """Write the page."""
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(page(all_help()), encoding="utf-8")
    print(PAGE)


if __name__ == "__main__":
    main()
