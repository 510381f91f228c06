"""Whatever stands at a path, reading it gives text or one clear line."""

import io
import sys
from types import SimpleNamespace

import pytest

from lexloci.case import check, input_file, read_portfolio
from lexloci.case.input_file import file_label, read_text
from lexloci.model.errors import InputError


def message(path) -> str:
    with pytest.raises(InputError) as raised:
        read_text(path)
    return str(raised.value).replace(str(path), "F")


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        (b"", "F is empty; write its content; `lexloci init` writes a portfolio to begin with"),
        (b" \n\n", "F is empty; write its content; `lexloci init` writes a portfolio to begin with"),
        (b"a: 1\nb: \xff\n", "F:2 the byte 0xFF is no UTF-8; save it as UTF-8"),
        (b"name: caf\xe9\n", "F:1 the byte 0xE9 is no UTF-8; save it as UTF-8"),
        (b"\xed\xa0\x80", "F:1 the byte 0xED is no UTF-8; save it as UTF-8"),
        ("a: 1".encode("utf-16"), "F is written in UTF-16; save it as UTF-8"),
        (b"\xef\xbb\xbfa: 1", "F begins with a byte order mark; save it as UTF-8 without one"),
    ],
)
def test_bytes_that_are_no_text_are_told(tmp_path, raw, line):
    path = tmp_path / "p.yaml"
    path.write_bytes(raw)
    assert message(path) == line


def test_a_nul_is_told_with_its_line(tmp_path):
    path = tmp_path / "p.yaml"
    path.write_bytes(b"lexloci: 1\nname: a\0b\n")
    (mistake,) = check(path)
    assert str(mistake) == f"{path}:2 holds the character U+0000, which no YAML may hold; delete it"


def test_a_missing_file_is_told(tmp_path):
    assert (
        message(tmp_path / "p.yaml")
        == "F does not exist; check the name; `lexloci init` writes a portfolio to begin with"
    )


def test_a_directory_is_told(tmp_path):
    assert message(tmp_path) == "F is a directory; name a file in it"


def test_a_name_that_no_file_can_have_is_told():
    with pytest.raises(InputError, match="cannot be read"):
        read_text("a\0b")


def test_a_file_in_a_file_is_told(tmp_path):
    (tmp_path / "p").write_text("x")
    assert message(tmp_path / "p" / "q").startswith("F cannot be read: ")


def test_a_file_that_may_not_be_read_is_told(monkeypatch, tmp_path):
    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.open", refuse)
    assert message(tmp_path / "p.yaml") == "F may not be read by you; change its permissions"


def test_a_file_past_the_limit_is_told(monkeypatch, tmp_path):
    monkeypatch.setattr(input_file, "MAX_BYTES", 2**20)
    path = tmp_path / "p.yaml"
    path.write_bytes(b"x" * (2**20 + 1))
    assert message(path) == "F is larger than 1 MiB; split it"
    path.write_bytes(b"x" * 2**20)
    assert len(read_text(path)) == 2**20


def test_an_endless_file_is_read_up_to_the_limit(monkeypatch):
    monkeypatch.setattr(input_file, "MAX_BYTES", 2**20)
    assert message("/dev/zero") == "F is larger than 1 MiB; split it"


def test_a_dash_reads_standard_input(monkeypatch, full):
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(full.encode())))
    assert read_portfolio("-").name == "everything once"


def test_standard_input_is_named_in_mistakes(monkeypatch):
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"- 1")))
    (mistake,) = check("-")
    assert str(mistake).startswith("standard input:1 a list is no portfolio")


def test_a_file_name_never_breaks_the_line():
    assert file_label("a\nb\x1b[31m") == "a?b?[31m"


def test_a_file_is_read_as_its_text(tmp_path, full):
    path = tmp_path / "p.yaml"
    path.write_text(full, encoding="utf-8")
    assert read_portfolio(path) == read_portfolio("p.yaml", text=full)
