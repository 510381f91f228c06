"""Machine code that is kept is made anew when any of its sources changes, and never lies beside them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from lexloci.law.columns import machine_code

_HELPER = """
from pathlib import Path
from lexloci.law.columns.machine_code import compiler
sources = tuple(Path(__file__).parent.glob("*.py"))
FIGURE = 1
@compiler(sources, forceinline=True)
def helped(number):
    return number + FIGURE
"""
_ASKED = """
from helper import helped, sources
from lexloci.law.columns.machine_code import compiler
@compiler(sources)
def asked(number):
    return 10 * helped(number)
if __name__ == "__main__":
    print(asked(4), sum(asked.stats.cache_hits.values()) if asked.stats.cache_path else "not kept")
"""


def answer(package: Path, kept: Path) -> str:
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(kept), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, str(package / "asked.py")]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=300, check=False)
    return done.stdout.strip() or done.stderr


@pytest.mark.slow
def test_a_change_in_a_function_that_was_taken_in_makes_the_code_anew(tmp_path: Path) -> None:
    package, kept = tmp_path / "package", tmp_path / "kept"
    package.mkdir()
    (package / "helper.py").write_text(_HELPER)
    (package / "asked.py").write_text(_ASKED)
    assert answer(package, kept) == "50 0"
    assert answer(package, kept) == "50 1"
    (package / "helper.py").write_text(_HELPER.replace("FIGURE = 1", "FIGURE = 2"))
    assert answer(package, kept) == "60 0"
    (package / "helper.py").write_text(_HELPER)
    assert answer(package, kept) == "50 1"
    assert sorted(one.name for one in package.iterdir()) == ["asked.py", "helper.py"]


@pytest.mark.slow
def test_where_nothing_can_be_kept_the_answer_is_the_same(tmp_path: Path) -> None:
    (tmp_path / "helper.py").write_text(_HELPER)
    (tmp_path / "asked.py").write_text(_ASKED)
    (tmp_path / "taken").write_text("a file, where a folder would have to be")
    assert answer(tmp_path, tmp_path / "taken") == "50 not kept"


def test_each_state_of_the_sources_has_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine_code.config, "CACHE_DIR", str(tmp_path / "kept"))
    one, other = tmp_path / "one.py", tmp_path / "other.py"
    one.write_text("a")
    other.write_text("b")
    folders = set()
    for text in ("b", "c", "b"):
        other.write_text(text)
        machine_code.kept_in.cache_clear()
        folders.add(machine_code.kept_in((one, other)))
    machine_code.kept_in.cache_clear()
    assert len(folders) == 2
    assert {folder.parent for folder in folders if folder} == {tmp_path / "kept"}
