"""The wheel that people install holds all that the source tree holds, and says the same version everywhere."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml
from hatchling.builders.wheel import WheelBuilder

import lexloci
from lexloci.law.compiled import load_compiled
from lexloci.law.load import load_rulebook

TOP = Path(__file__).resolve().parents[2]
NOT_SHIPPED = ("__pycache__", ".mypy_cache", ".ruff_cache")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, built from the source tree as it stands."""
    folder = tmp_path_factory.mktemp("wheel")
    file = next(WheelBuilder(str(TOP)).build(directory=str(folder), versions=["standard"]))
    with zipfile.ZipFile(file) as archive:
        yield archive


def test_every_file_of_the_package_is_in_the_wheel(wheel):
    files = (path for path in (TOP / "src").rglob("*") if path.is_file() and not set(NOT_SHIPPED) & set(path.parts))
    expected = {path.relative_to(TOP / "src").as_posix() for path in files}
    assert "lexloci/py.typed" in expected
    assert expected <= set(wheel.namelist())


@pytest.fixture(scope="module")
def unpacked(wheel, tmp_path_factory):
    """Runs a program with the wheel's package, unpacked as an installation unpacks it."""
    folder = tmp_path_factory.mktemp("unpacked")
    wheel.extractall(folder)

    def run(*arguments):
        environment = {**os.environ, "PYTHONPATH": str(folder), "PYTHONSAFEPATH": "1", "COLUMNS": "160"}
        done = subprocess.run(
            [sys.executable, *arguments], capture_output=True, text=True, check=True, cwd=folder, env=environment
        )
        return done.stdout

    return run


def test_the_wheel_holds_the_rulebook_compiled_and_equal_to_its_folders(wheel, tmp_path):
    file = tmp_path / "compiled.json"
    file.write_bytes(wheel.read("lexloci/rulebook/compiled.json"))
    compiled, folders = load_compiled(file), load_rulebook(TOP / "src/lexloci/rulebook")
    assert compiled == folders
    assert compiled.digest == folders.digest
    assert not (TOP / "src/lexloci/rulebook/compiled.json").exists()


def test_an_installed_wheel_takes_its_rulebook_from_the_compiled_file(unpacked):
    program = (
        "import sys; from lexloci.rulebook.book import bundled_rulebook; import lexloci\n"
        "print(bundled_rulebook().digest, 'yaml' in sys.modules, lexloci.__file__)"
    )
    digest, reads_yaml, file = unpacked("-c", program).split()
    assert (digest, reads_yaml) == (load_rulebook(TOP / "src/lexloci/rulebook").digest, "False")
    assert not Path(file).is_relative_to(TOP)


def test_an_installed_wheel_shows_a_rule(unpacked):
    command = ("-c", "import sys; from lexloci.cli.main import main; sys.exit(main())")
    said = unpacked(*command, "rules", "show", "us_ear.gp10_prc_chips")
    assert "General Prohibition 10" in said
    assert "us_ear/rules/gp10_prc_chips.yaml" in said
    assert load_rulebook(TOP / "src/lexloci/rulebook").digest[:12] in unpacked(*command, "rules", "version")


def test_nothing_but_the_package_and_its_description_is_in_the_wheel(wheel):
    tops = {name.split("/")[0] for name in wheel.namelist()}
    assert tops == {"lexloci", f"lexloci-{lexloci.__version__}.dist-info"}


def test_the_licence_travels_with_the_wheel(wheel):
    licences = f"lexloci-{lexloci.__version__}.dist-info/licenses/"
    for name in ("LICENSE", "NOTICE"):
        assert wheel.read(licences + name) == (TOP / name).read_bytes()


def test_the_wheel_installs_the_command(wheel):
    text = wheel.read(f"lexloci-{lexloci.__version__}.dist-info/entry_points.txt").decode()
    assert "lexloci = lexloci.cli.main:main" in text


def test_the_citation_names_the_version_of_the_package():
    citation = yaml.safe_load((TOP / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == lexloci.__version__
    assert lexloci.__version__ in (TOP / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_map_of_the_house_names_every_room():
    rooms = {path.parent.name for path in (TOP / "src/lexloci").glob("*/__init__.py")}
    table = re.findall(r"^\| `(\w+)/` \|", (TOP / "CONTRIBUTING.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(table) == rooms


def test_the_import_contract_names_every_room():
    rooms = {path.parent.name for path in (TOP / "src/lexloci").glob("*/__init__.py")}
    settings = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))
    layers = settings["tool"]["importlinter"]["contracts"][0]["layers"]
    assert {room.strip() for layer in layers for room in re.split(r"[|:]", layer)} == rooms
