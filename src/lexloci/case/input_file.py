"""Reads an input file as text: UTF-8, of a bounded size, from a path or from standard input."""

from __future__ import annotations

import codecs
import sys
from pathlib import Path
from typing import BinaryIO

from lexloci.case.yaml_source import MAX_CHARACTERS
from lexloci.model.errors import InputError, Mistake

MAX_BYTES = MAX_CHARACTERS
STANDARD_INPUT = "standard input"


def file_label(path: str | Path) -> str:
    """The name of a file in mistakes: as the user named it, on one line."""
    name = str(path)
    if name == "-":
        return STANDARD_INPUT
    return "".join(char if char.isprintable() else "?" for char in name)


def read_text(path: str | Path, *, byte_order_mark: bool = False) -> str:
    """The text of a file, or of standard input for ``-``.

    ``byte_order_mark`` lets the file begin with one, as spreadsheets write their CSV. Raises InputError
    where the file is missing, a directory, unreadable, larger than 64 MiB, empty or not UTF-8.
    """
    file = file_label(path)
    try:
        if str(path) == "-":
            raw = _bounded(sys.stdin.buffer)
        else:
            with Path(path).open("rb") as stream:
                raw = _bounded(stream)
    except IsADirectoryError:
        raise _error(file, "is a directory", "name a file in it") from None
    except FileNotFoundError:
        raise _error(
            file, "does not exist", "check the name; `lexloci init` writes a portfolio to begin with"
        ) from None
    except PermissionError:
        raise _error(file, "may not be read by you", "change its permissions") from None
    except (OSError, ValueError) as error:
        raise _error(
            file, f"cannot be read: {str(error).splitlines()[0] if str(error) else 'no reason given'}"
        ) from None
    return _decoded(raw, file, byte_order_mark=byte_order_mark)


def _bounded(stream: BinaryIO) -> bytes:
    return stream.read(MAX_BYTES + 1)


def _decoded(raw: bytes, file: str, *, byte_order_mark: bool) -> str:
    if len(raw) > MAX_BYTES:
        raise _error(file, f"is larger than {MAX_BYTES // 2**20} MiB", "split it")
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise _error(file, "is written in UTF-16", "save it as UTF-8")
    if raw.startswith(codecs.BOM_UTF8):
        if not byte_order_mark:
            raise _error(file, "begins with a byte order mark", "save it as UTF-8 without one")
        raw = raw[len(codecs.BOM_UTF8) :]
    if not raw.strip():
        raise _error(file, "is empty", "write its content; `lexloci init` writes a portfolio to begin with")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        message = f"the byte 0x{raw[error.start]:02X} is no UTF-8"
        raise InputError([Mistake(file, line, "", message, "save it as UTF-8")]) from None


def _error(file: str, message: str, mend: str = "") -> InputError:
    return InputError([Mistake(file, 0, "", message, mend)])
