"""``rules check``: every mistake of a rulebook at once, by line and column, and CEL asked as a second reader."""

from __future__ import annotations

import shutil
from importlib import util
from pathlib import Path

import pytest

from lexloci.law.seal import seal_of
from lexloci.rulebook.book import bundled_rulebook

TOP = Path(__file__).resolve().parents[2]
SAMPLE = TOP / "tests" / "law" / "rulebook_sample"
REACH = "aa/rules/reach.yaml"
ADDED = """\
id: zz_law.ban
title: an invented ban
authority: zz_office
body: zz
scope: place
verification: primary
citation: Act 1
url: https://example.org/zz
text: Invented.
text_sha256: "{seal}"
acts: [use]
turns:
  - {{on: 2026-01-01, standing: in force, published: 2025-12-01, by: Act 1}}
when:
  - site.country == "ZZ"
outcome: prohibited
reason: It is banned.
"""


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(SAMPLE, tmp_path / "rulebook")


def change(folder, file, old, new):
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_rulebook_in_use_has_no_mistake(call):
    said = call("rules", "check")
    rulebook = bundled_rulebook()
    assert (said.code, said.err) == (0, "")
    assert said.out == f"rulebook {rulebook.version}: {len(rulebook.rules)} rules, no mistakes\n"


def test_every_mistake_is_told_with_line_and_caret_and_ends_with_1(call, folder):
    change(folder, REACH, "scope: item", "scope: thing")
    change(folder, REACH, 'chip.maker == "acme"', 'chip.makr == "acme"')
    said = call("rules", "check", folder)
    assert (said.code, said.out) == (1, "")
    assert said.err.splitlines() == [
        f"{REACH}:5 aa.reach: scope: 'thing' is none of its options; one of: item, data, person, place",
        f"{REACH}:15 aa.reach: when: no fact chip.makr in the vocabulary; did you mean chip.maker?",
        '  chip.makr == "acme"',
        "  ^",
    ]


def test_json_holds_each_mistake_with_its_place(call, folder):
    assert call("rules", "check", folder, "--json").json == {
        "rulebook": "2032.01.01",
        "cel_asked": True,
        "mistakes": [],
    }
    change(folder, REACH, 'chip.maker == "acme"', 'deal.odd && chip.makr == "acme"')
    said = call("rules", "check", folder, "--json")
    assert said.code == 1
    assert said.json["rulebook"] is None
    assert said.json["mistakes"] == [
        {
            "file": REACH,
            "line": 15,
            "about": "aa.reach: when",
            "message": "no fact chip.makr in the vocabulary",
            "mend": "did you mean chip.maker?",
            "condition": 'deal.odd && chip.makr == "acme"',
            "column": 13,
        }
    ]


def test_what_only_cel_refuses_is_a_mistake_too(call, folder):
    change(folder, REACH, 'chip.maker == "acme"', "chip.power > 5")
    said = call("rules", "check", folder)
    assert said.code == 1
    assert f"{REACH}:15 aa.reach: when: CEL: found no matching overload" in said.err


def test_without_cel_the_rest_is_checked_and_the_gap_is_told(call, folder, monkeypatch):
    change(folder, REACH, 'chip.maker == "acme"', "chip.power > 5")
    real = util.find_spec
    monkeypatch.setattr(
        "lexloci.cli.rule_check.find_spec", lambda name: None if name == "cel_expr_python" else real(name)
    )
    said = call("rules", "check", folder)
    assert (said.code, said.out) == (0, "rulebook 2032.01.01: 20 rules, no mistakes\n")
    assert "pip install 'lexloci[rulebook]'" in said.err
    assert call("rules", "check", folder, "--json").json["cel_asked"] is False


def test_a_folder_with_a_name_is_checked_as_an_addition(call, tmp_path):
    folder = tmp_path / "zz"
    (folder / "zz_law" / "rules").mkdir(parents=True)
    text = ADDED.format(seal=seal_of("Invented."))
    (folder / "zz_law" / "rules" / "ban.yaml").write_text(text, encoding="utf-8")
    version = "name: lexloci-zz\nversion: 2026.03.01\nreviewed: 2026-02-01\nlimit_days: 90\n"
    (folder / "version.yaml").write_text(version, encoding="utf-8")
    assert "+lexloci-zz 2026.03.01: " in call("rules", "check", folder).out
    change(folder, "zz_law/rules/ban.yaml", "site.country", "site.contry")
    assert call("rules", "check", folder).err.startswith(
        "lexloci-zz/zz_law/rules/ban.yaml:15 zz_law.ban: when: no fact"
    )


@pytest.mark.parametrize("place", ["nowhere", "."])
def test_a_folder_that_is_no_rulebooks_is_one_line(call, tmp_path, place):
    said = call("rules", "check", tmp_path / place)
    assert (said.code, said.out, len(said.err.splitlines())) == (1, "", 1)
    assert "is no rulebook's folder, it holds no version.yaml" in said.err


def test_terminal_escapes_of_a_rule_are_not_printed(call, folder):
    change(folder, REACH, 'chip.maker == "acme"', '"chip.maker == \\"a\\u202eb\\""')
    said = call("rules", "check", folder)
    assert said.code == 1
    assert "\u202e" not in said.err


def test_a_rule_is_shown_with_the_seal_of_its_text(call):
    rule = bundled_rulebook().rule("us_ear.gp10_prc_chips")
    assert f"SHA-256 {rule.text_sha256}" in call("rules", "show", rule.id).out
    assert call("rules", "show", rule.id, "--json").json["text_sha256"] == rule.text_sha256
