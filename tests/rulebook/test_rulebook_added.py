"""A country's rules from another installed package are found by its entry point, and never passed over in silence."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from lexloci.law.seal import seal_of
from lexloci.model.errors import RulebookError
from lexloci.rulebook import added
from lexloci.rulebook.added import added_folders
from lexloci.rulebook.book import bundled_rulebook
from lexloci.rulebook.decided_cases import decided_cases_in
from lexloci.rulebook.judge_cases import judge

TOP = Path(__file__).resolve().parents[2]
TEXT = "Invented text of a country that is not there."
VERSION = "name: lexloci-zz\nversion: 2026.03.01\nreviewed: 2026-02-01\nlimit_days: 90\n"
RULE = f"""\
id: zz_law.ban
title: an invented ban
authority: zz_office
body: zz
scope: place
verification: primary
citation: Act 1
url: https://example.org/zz
text: {TEXT}
text_sha256: "{seal_of(TEXT)}"
acts: [use]
turns:
  - {{on: 2026-01-01, standing: in force, published: 2025-12-01, by: Act 1}}
when:
  - site.country == "ZZ"
outcome: prohibited
reason: It is banned.
"""


@pytest.fixture
def site(tmp_path, monkeypatch):
    """A folder of installed packages, on the path before all others."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    bundled_rulebook.cache_clear()
    yield folder
    for name in [name for name in sys.modules if name.startswith("lexloci_zz")]:
        del sys.modules[name]
    bundled_rulebook.cache_clear()


def write(folder, file, text):
    path = folder / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def install(site, value="lexloci_zz", package="lexloci_zz", init=""):
    """A package with a rulebook, and what an installer writes beside it."""
    write(site, f"{package}/__init__.py", init)
    write(site, f"{package}/version.yaml", VERSION)
    write(site, f"{package}/zz_law/rules/ban.yaml", RULE)
    write(site, "lexloci_zz-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: lexloci-zz\nVersion: 1.0\n")
    write(site, "lexloci_zz-1.0.dist-info/entry_points.txt", f"[lexloci.rulebooks]\nzz = {value}\n")


def test_nothing_is_added_where_no_package_names_a_rulebook(site):
    assert added_folders() == ()
    assert bundled_rulebook().sources == ()


def test_the_rules_of_an_installed_package_are_part_of_the_rulebook(site):
    own = len(bundled_rulebook().rules)
    bundled_rulebook.cache_clear()
    install(site)
    rulebook = bundled_rulebook()
    assert rulebook.rule("zz_law.ban").file == "lexloci-zz/zz_law/rules/ban.yaml"
    assert len(rulebook.rules) == own + 1
    assert rulebook.version.endswith("+lexloci-zz 2026.03.01")
    assert [source.name for source in rulebook.sources] == ["lexloci-zz"]


def test_a_package_of_rules_is_data_and_is_not_run(site):
    install(site, init="raise SystemExit('this was run')")
    assert added_folders() == (site / "lexloci_zz",)
    assert "lexloci_zz" not in sys.modules


def test_a_rulebook_may_lie_in_a_package_beneath_another_or_beside_a_module(site):
    install(site, value="lexloci_zz.rules", package="lexloci_zz/rules")
    write(site, "lexloci_zz/__init__.py", "")
    assert added_folders() == (site / "lexloci_zz" / "rules",)
    write(site, "lexloci_zz/rules/book.py", "")
    write(site, "lexloci_zz-1.0.dist-info/entry_points.txt", "[lexloci.rulebooks]\nzz = lexloci_zz.rules.book\n")
    assert added_folders() == (site / "lexloci_zz" / "rules",)


def test_a_package_without_an_init_is_found(site):
    install(site)
    (site / "lexloci_zz" / "__init__.py").unlink()
    assert added_folders() == (site / "lexloci_zz",)


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("lexloci_zzz", "there is no such package"),
        ("lexloci_zzz.rules", "No module named 'lexloci_zzz'"),
        ("lexloci_zz.rules", "there is no such package"),
        ("lexloci_zz:rules", "it names an attribute"),
        ("json", "there is no version.yaml beside it"),
        ("lexloci_zz.broken.rules", "ZeroDivisionError: division by zero"),
    ],
)
def test_a_rulebook_that_is_named_and_not_found_is_an_error_in_one_line(site, value, why):
    install(site, value=value)
    write(site, "lexloci_zz/broken/__init__.py", "1 / 0\n")
    with pytest.raises(RulebookError) as caught:
        bundled_rulebook()
    said = str(caught.value)
    assert said.startswith(f"the package lexloci-zz 1.0 adds the rulebook zz at {value}, which cannot be read: ")
    assert why in said
    assert said.endswith("; mend the package, or uninstall it")
    assert "\n" not in said


def test_a_mistake_in_an_added_rule_is_an_error_by_its_file(site):
    install(site)
    write(site, "lexloci_zz/zz_law/rules/ban.yaml", RULE.replace("site.country", "site.contry"))
    with pytest.raises(
        RulebookError, match=r"^lexloci-zz/zz_law/rules/ban\.yaml:15 zz_law\.ban: when: no fact site\.c"
    ):
        bundled_rulebook()


def test_a_rule_that_the_package_has_already_is_refused(site):
    install(site)
    write(site, "lexloci_zz/us_ear/rules/aca.yaml", RULE)
    with pytest.raises(
        RulebookError, match=r"^lexloci-zz/us_ear/rules/aca\.yaml:1 .*first at us_ear/rules/aca\.yaml:1"
    ):
        bundled_rulebook()


def test_a_package_in_an_archive_on_the_path_is_not_passed_over(site, tmp_path, monkeypatch):
    install(site)
    archive = tmp_path / "packages.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for path in site.rglob("*"):
            if path.is_file():
                packed.write(path, path.relative_to(site))
    monkeypatch.setattr(sys, "path", [str(archive), *(entry for entry in sys.path if entry != str(site))])
    with pytest.raises(RulebookError, match=r"which cannot be read: there is no version\.yaml beside it"):
        added_folders()


def test_a_finder_of_packages_of_its_own_is_asked(site, monkeypatch):
    class Finder:
        @staticmethod
        def find_distributions(context):
            return iter(())

        @staticmethod
        def find_spec(name, path=None, target=None):
            return None

    assert not added._may_be_named()
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path, Finder])
    assert added._may_be_named()


def test_the_list_of_installed_packages_is_read_only_where_one_may_name_a_rulebook():
    code = (
        "import sys, lexloci.rulebook.book as book; book.bundled_rulebook(); print('importlib.metadata' in sys.modules)"
    )
    environment = {**os.environ, "PYTHONPATH": str(TOP / "src")}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_the_package_of_the_how_to_is_read_and_its_cases_agree(site, monkeypatch):
    example = TOP / "examples" / "country-rules"
    project = tomllib.loads((example / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    (entry,) = project["entry-points"]["lexloci.rulebooks"].items()
    info = f"lexloci_atlantis-{project['version']}.dist-info"
    write(site, f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n")
    write(site, f"{info}/entry_points.txt", f"[lexloci.rulebooks]\n{entry[0]} = {entry[1]}\n")
    monkeypatch.syspath_prepend(str(example / "src"))
    rulebook = bundled_rulebook()
    (source,) = rulebook.sources
    assert source.name == project["name"]
    assert source.version == project["version"]
    cases = decided_cases_in([str(example / "src")], rulebook)
    assert cases
    assert {one.differences for case in cases for one in judge(rulebook, case)} == {()}
