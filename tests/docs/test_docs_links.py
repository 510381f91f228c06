"""A reader of the documentation meets no dead link and no page without a way to it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

TOP = Path(__file__).resolve().parents[2]
PAGES = sorted([*TOP.glob("*.md"), *TOP.glob("docs/**/*.md")])
FENCE = re.compile(r"^(```+).*?^\1\s*$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`[^`\n]*`")
LINK = re.compile(r"!?\[[^\]]*\]\(\s*([^)\s]+)[^)]*\)")
HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*$", re.MULTILINE)


def prose(text: str) -> str:
    """The text without its blocks of code and its code spans."""
    return CODE.sub("", FENCE.sub("", text))


def anchors(text: str) -> set[str]:
    """The names under which the headings of a page can be reached, as Python-Markdown makes them."""
    headings = HEADING.findall(FENCE.sub("", text))
    return {re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", heading).strip().lower()) for heading in headings}


def dead_links(page: Path) -> list[str]:
    """The relative links of a page that lead to no file or no heading."""
    dead = []
    for target in LINK.findall(prose(page.read_text(encoding="utf-8"))):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        file = page.parent / name if name else page
        if not file.exists() or (anchor and anchor not in anchors(file.read_text(encoding="utf-8"))):
            dead.append(target)
    return dead


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(TOP)))
def test_relative_links_lead_somewhere(page):
    assert dead_links(page) == []


def test_a_dead_link_and_a_dead_anchor_are_found(tmp_path):
    (tmp_path / "there.md").write_text("# Two words, here\n", encoding="utf-8")
    page = tmp_path / "page.md"
    page.write_text(
        "[a](gone.md) [b](there.md) [c](there.md#two-words-here) [d](there.md#gone) [e](https://example.org/x)\n"
        "`[f](code.md)`\n\n```text\n[g](fenced.md)\n```\n![h](gone.png)\n",
        encoding="utf-8",
    )
    assert dead_links(page) == ["gone.md", "there.md#gone", "gone.png"]


def pages_in(navigation: object) -> set[str]:
    """The files that a navigation of mkdocs names."""
    if isinstance(navigation, str):
        return {navigation}
    parts = navigation.values() if isinstance(navigation, dict) else navigation
    return set().union(*(pages_in(part) for part in parts))


def test_every_page_of_the_documentation_is_in_its_navigation():
    navigation = yaml.safe_load((TOP / "mkdocs.yml").read_text(encoding="utf-8"))["nav"]
    written = {page.relative_to(TOP / "docs").as_posix() for page in TOP.glob("docs/**/*.md")}
    assert pages_in(navigation) == written


def test_decisions_are_numbered_without_a_gap():
    numbers = [int(page.name[:4]) for page in sorted(TOP.glob("docs/adr/*.md"))]
    assert numbers == list(range(1, len(numbers) + 1))
