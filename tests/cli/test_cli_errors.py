"""What is wrong is told in one line on standard error, with the exit code that says whose mistake it is."""

from __future__ import annotations

import pytest

from lexloci.case.input_file import MAX_BYTES

READS_A_FILE = [("check",), ("determine",), ("plan",), ("explain", "x@y"), ("compare", "2025-01-01", "2025-02-01")]


def on(command, file):
    """The arguments of a command with its file in front of what follows."""
    return (command[0], file, *command[1:])


@pytest.fixture
def wrong_files(tmp_path):
    """Files that nobody can read as a portfolio, each with words of its message."""
    empty, binary, huge = (tmp_path / name for name in ("empty.yaml", "binary.yaml", "huge.yaml"))
    empty.touch()
    binary.write_bytes(b"lexloci: 1\nname: \xff\xfe\x00\n")
    with huge.open("wb") as stream:
        stream.truncate(MAX_BYTES + 1)
    return {
        tmp_path / "gone.yaml": "does not exist",
        tmp_path: "is a directory",
        empty: "is empty",
        binary: "is no UTF-8",
        huge: "is larger than 64 MiB",
    }


@pytest.mark.parametrize("command", READS_A_FILE, ids=lambda command: command[0])
def test_a_file_that_cannot_be_read_is_one_line_on_standard_error(call, command, wrong_files):
    for file, words in wrong_files.items():
        said = call(*on(command, file))
        assert (said.code, said.out) == (1, ""), file
        assert said.err.startswith(str(file))
        assert words in said.err
        assert len(said.err.splitlines()) == 1


@pytest.mark.parametrize("command", READS_A_FILE, ids=lambda command: command[0])
def test_every_mistake_of_a_portfolio_is_told_by_line_and_nothing_is_answered(call, command, records, tmp_path):
    text = records[1].read_text(encoding="utf-8")
    file = tmp_path / "wrong.yaml"
    file.write_text(text.replace("basis: enforcement", "basis: practice").replace("chips: 64", "chips: -1"), "utf-8")
    said = call(*on(command, file))
    assert (said.code, said.out) == (1, "")
    assert [line.split(" ")[1] for line in said.err.splitlines()] == ["basis:", "pools[0].chips:"]
    assert all(line.startswith(f"{file}:") for line in said.err.splitlines())


def test_an_unknown_chip_of_a_portfolio_is_told(call, records, tmp_path):
    file = tmp_path / "chip.yaml"
    file.write_text(records[1].read_text(encoding="utf-8").replace("chip: h100-sxm", "chip: h100-smx"), "utf-8")
    said = call("determine", file)
    assert (said.code, said.out) == (1, "")
    assert "did you mean h100-sxm?" in said.err


def test_text_that_is_neither_portfolio_nor_acts_is_refused_with_what_is_missing(call):
    said = call("determine", "-", stdin="hello: world\n")
    assert (said.code, said.out) == (1, "")
    assert "standard input" in said.err
    assert "lexloci" in said.err


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("unknown",),
        ("plan",),
        ("plan", "x.yaml", "--as-of", "2025-13-01"),
        ("plan", "x.yaml", "--as-of", "01.02.2025"),
        ("plan", "x.yaml", "--basis", "practice"),
        ("plan", "x.yaml", "--time-limit", "0"),
        ("plan", "x.yaml", "--no-such-option"),
        ("explain", "x.yaml"),
        ("compare", "x.yaml", "2025-01-01"),
        ("compare", "x.yaml", "2025-01-01", "tomorrow"),
        ("check", "x.yaml", "y.yaml"),
    ],
    ids=" ".join,
)
def test_wrong_use_ends_with_2(call, arguments):
    said = call(*arguments)
    assert said.code == 2
    assert "Traceback" not in said.err


def test_help_and_version_end_with_0(call):
    for arguments in (("--help",), ("-h",), ("plan", "--help"), ("--version",)):
        said = call(*arguments)
        assert (said.code, said.err) == (0, "")
        assert "lexloci" in said.out
