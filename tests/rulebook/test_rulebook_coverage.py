"""The page of what is modelled names rules that exist, and every US rule."""

from __future__ import annotations

import re
from pathlib import Path

from lexloci.rulebook.book import bundled_rulebook
from lexloci.rulebook.decided_cases import RULEBOOK_FOLDER

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "coverage.md").read_text(encoding="utf-8")
NAMED = set(re.findall(r"`([a-z0-9_]+\.[a-z0-9_]+)`", PAGE))
IDS = {rule.id for rule in bundled_rulebook().rules}
FOLDERS = {path.parent.name for path in RULEBOOK_FOLDER.glob("*/rules")}


def test_every_rule_that_the_page_names_exists():
    assert NAMED
    assert not NAMED - IDS


def test_every_us_rule_is_on_the_page():
    assert {rule for rule in IDS if rule.startswith("us_")} - NAMED == set()


def test_every_folder_of_the_rulebook_is_on_the_page():
    folders_named = {name.partition(".")[0] for name in NAMED} | set(
        re.findall(r"^\| `([a-z_]+)` \|", PAGE, re.MULTILINE)
    )
    assert folders_named == FOLDERS


def test_every_folder_tells_a_lawyer_what_it_models():
    for folder in FOLDERS:
        assert len((RULEBOOK_FOLDER / folder / "README.md").read_text(encoding="utf-8")) > 300
