"""The installed script as a process: pipes, signals, streams, and what it loads."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]
SCRIPT = Path(sys.executable).parent / "lexloci"
HEAVY = ("numpy", "ortools", "rapidfuzz", "yaml")  # pydantic is not among them: typer itself loads it for a date


def loaded_by(*arguments):
    """The modules that a run of the command has loaded at its end."""
    code = (
        "import sys; from lexloci.cli.main import main\n"
        f"sys.argv = ['lexloci', *{list(arguments)!r}]\n"
        "try: main()\n"
        "except SystemExit: print('\\n' + ' '.join(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split())


@pytest.mark.parametrize("arguments", [("--help",), ("plan", "--help"), ("--version",)], ids=" ".join)
def test_help_loads_no_heavy_library_and_no_room_but_the_door(arguments):
    modules = loaded_by(*arguments)
    assert {name for name in HEAVY if name in modules} == set()
    assert {name for name in modules if name.startswith("lexloci.")} == {
        "lexloci.cli",
        "lexloci.cli.estimate_commands",
        "lexloci.cli.lists",
        "lexloci.cli.main",
        "lexloci.cli.options",
        "lexloci.cli.party_commands",
        "lexloci.cli.rules",
        "lexloci.cli.scenarios",
        "lexloci.cli.screens",
        "lexloci.model",
        "lexloci.model.errors",
        "lexloci.plan",  # its empty __init__, so that the function plan() keeps its name
    }


def test_the_version_and_what_init_writes_need_no_rich():
    assert "rich.console" not in loaded_by("--version")
    assert {"rich.console", "ortools", "numpy"} & loaded_by("init") == set()


def test_importing_the_package_loads_no_module_but_the_name_of_plan():
    code = "import sys, lexloci; print(sorted(name for name in sys.modules if name.startswith('lexloci')))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['lexloci', 'lexloci.plan']"


def test_results_go_to_standard_output_and_no_progress_to_a_pipe(script, records):
    said = script("plan", records[1])
    assert (said.code, said.err) == (0, "")
    assert "\x1b" not in said.out
    assert "asking the law" not in said.out


def test_a_portfolio_from_standard_input_gives_the_same_bytes_twice(script, records):
    text = records[0].read_text(encoding="utf-8")
    first, second = (script("determine", "-", "--json", stdin=text) for _ in range(2))
    assert first.code == 3
    assert first == second
    assert first.json[0]["outcome"] == "human review"


@pytest.mark.parametrize("form", [(), ("--json",)], ids=["table", "json"])
def test_a_pipe_that_closes_early_ends_without_a_traceback(records, form):
    with subprocess.Popen(
        [SCRIPT, "determine", records[0], *form], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        process.stdout.close()
        said = process.stderr.read()
    assert "Traceback" not in said
    assert "Exception ignored" not in said
    assert process.returncode in (1, 3)


def test_ctrl_c_while_reading_ends_with_130_and_no_traceback():
    with _planning() as process:
        _write_until_it_reads(process)
        process.send_signal(signal.SIGINT)
        out, said = process.communicate()
    assert (process.returncode, out) == (130, "")
    assert said == "stopped\n"


def test_ctrl_c_while_planning_ends_with_130_or_with_the_best_plan_so_far():
    text = (TOP / "examples/southeast-asia/portfolio.yaml").read_text(encoding="utf-8")
    with _planning() as process:
        _write_until_it_reads(process)
        process.stdin.write(text)
        process.stdin.close()
        process.stdin = None
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        out, said = process.communicate()
    assert "Traceback" not in said
    if process.returncode == 130:
        assert out == ""
    else:
        assert process.returncode in (0, 3)
        assert json.loads(out)["solver_status"]


def _planning():
    return subprocess.Popen(
        [SCRIPT, "plan", "-", "--json"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def _write_until_it_reads(process):
    """Write more than a pipe holds: when that is through, the command reads and its start lies behind it."""
    process.stdin.write("# a comment\n" * 100_000)
    process.stdin.flush()


@pytest.mark.parametrize(
    ("command", "words"), [("lists update -", "it is empty"), ("own -", "is empty"), ("determine -", "is empty")]
)
def test_a_standard_input_that_is_closed_is_empty(command, words, tmp_path):
    done = subprocess.run(
        ["sh", "-c", f"exec {SCRIPT} {command} <&-"],
        capture_output=True,
        text=True,
        check=False,
        env={"LEXLOCI_LISTS": str(tmp_path), "PATH": "/usr/bin:/bin"},
    )
    assert done.returncode == 1
    assert words in done.stderr
    assert done.stderr.count("\n") == 1
