"""The commands that the documentation shows run as they stand, and print what it shows.

A block marked ``console`` whose commands all begin with ``$ lexloci`` is run, the blocks of a page in order and in one
empty folder that has ``examples`` beside it. Lines beneath a command are what it prints; ``...`` stands for any lines.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from lexloci.case import template

TOP = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```console\n(.*?)^```\s*$", re.MULTILINE | re.DOTALL)
ANSWERED = (0, 3)  # 3: not everything that was asked is permitted; docs/how-to/use-in-a-script.md


def commands(text: str) -> list[tuple[str, str]]:
    """The commands of a page's blocks, each with the output that the page shows beneath it."""
    found: list[tuple[str, str]] = []
    for block in BLOCK.findall(text):
        parts = re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]
        if all(part.startswith("lexloci ") for part in parts):
            found += [(command, output) for command, _, output in (part.partition("\n") for part in parts)]
    return found


def shows(expected: str, printed: str) -> bool:
    """Whether the printed lines are those that the page shows; a line ``...`` stands for any number of lines."""
    lines = (
        r"(?:.*\n)*" if line.strip() == "..." else re.escape(line.rstrip()) + r"[ ]*\n"
        for line in expected.splitlines()
    )
    return re.fullmatch("".join(lines), printed) is not None


PAGES = [
    page
    for page in sorted([*TOP.glob("*.md"), *TOP.glob("docs/**/*.md")])
    if commands(page.read_text(encoding="utf-8"))
]


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(TOP)))
def test_the_commands_of_a_page_run_as_it_shows_them(page, tmp_path):
    (tmp_path / "examples").symlink_to(TOP / "examples")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "COLUMNS": "120", "NO_COLOR": "1", "TERM": "dumb"}
    environment["LEXLOCI_LISTS"] = str(tmp_path / "lists")  # a page takes lists up
    for command, expected in commands(page.read_text(encoding="utf-8")):
        done = subprocess.run(
            ["bash", "-o", "pipefail", "-c", command],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode in ANSWERED, f"{command}\n{done.stdout}{done.stderr}"
        assert "Traceback" not in done.stderr, done.stderr
        assert not expected or shows(expected, done.stdout), f"{command}\n{done.stdout}"


def test_the_command_is_installed_beside_the_python_that_runs_the_tests():
    assert shutil.which("lexloci", path=str(Path(sys.executable).parent))


def test_pages_with_commands_are_found():
    assert TOP / "README.md" in PAGES
    assert TOP / "docs/tutorial/first-portfolio.md" in PAGES


def test_the_smallest_portfolio_of_the_readme_is_what_init_writes():
    text = (TOP / "README.md").read_text(encoding="utf-8")
    shown = re.search(r"<!-- smallest portfolio: begin -->\n```yaml\n(.*?)```\n<!-- smallest", text, re.DOTALL)
    assert shown is not None
    assert shown.group(1) == template()


def test_only_blocks_of_the_command_are_run():
    page = "```console\n$ make demo\n```\n\n```sh\nlexloci x\n```\n\n```console\n$ lexloci a\nout\n$ lexloci b\n```\n"
    assert commands(page) == [("lexloci a", "out\n"), ("lexloci b", "")]


@pytest.mark.parametrize(
    ("expected", "printed", "same"),
    [
        ("a\nb\n", "a\nb\n", True),
        ("a\n...\nc\n", "a\nb\nb\nc\n", True),
        ("a\n...\n", "a\n", True),
        ("a.c\n", "abc\n", False),
        ("a\n", "a\nb\n", False),
    ],
)
def test_shown_output_is_compared_line_by_line(expected, printed, same):
    assert shows(expected, printed) is same
