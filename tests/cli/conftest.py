"""The command, in this process and as the script that users run."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from lexloci.cli.main import main

TOP = Path(__file__).resolve().parents[2]
SCRIPT = Path(sys.executable).parent / "lexloci"


@dataclass(frozen=True)
class Said:
    """What a run said: exit code, standard output, standard error."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def call(monkeypatch, capsys):
    """Runs the command in this process, with its own handling of errors; the rulebook is loaded once for all tests."""

    monkeypatch.delenv("COLUMNS", raising=False)

    def run(*arguments: object, stdin: str = "") -> Said:
        monkeypatch.setattr(sys, "argv", ["lexloci", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        code = 0
        try:
            main()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(bool(end.code))
        captured = capsys.readouterr()
        return Said(code, captured.out, captured.err)

    return run


@pytest.fixture
def script():
    """Runs the installed script in a process of its own, in a pipe."""

    def run(*arguments: object, stdin: str = "") -> Said:
        environment = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
        done = subprocess.run(
            [SCRIPT, *map(str, arguments)], input=stdin, capture_output=True, text=True, check=False, env=environment
        )
        return Said(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture
def records():
    """A small portfolio with nothing on record, and the same with all that it needs."""
    folder = TOP / "examples" / "records"
    return folder / "portfolio.yaml", folder / "on-record.yaml"


@pytest.fixture
def acts(tmp_path):
    """Writes a YAML file of acts, each a mapping; columns with dots stay as they are."""

    def write(*rows: dict[str, object]) -> Path:
        file = tmp_path / "acts.yaml"
        file.write_text(json.dumps(list(rows), ensure_ascii=False), encoding="utf-8")
        return file

    return write


@pytest.fixture
def export():
    """A row: NVIDIA sells H100 chips from the United States to a data centre company in Malaysia."""
    row: dict[str, object] = {
        "id": "export",
        "kind": "export",
        "on": "2025-06-01",
        "chip": "h100-sxm",
        "departure.country": "US",
        "site.country": "MY",
        "exporter.name": "NVIDIA",
    }
    for role in ("purchaser", "consignee", "end_user"):
        row[f"{role}.name"] = "Sample Data Centre Sdn Bhd"
        row[f"{role}.headquarters"] = row[f"{role}.ultimate_parent_headquarters"] = "MY"
    return row
