"""Reads a register from a file or standard input, whatever its form: which form it is, its content says."""

from __future__ import annotations

import codecs
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any, Final

from lexloci.case.input_file import file_label
from lexloci.case.wording import shown
from lexloci.case.yaml_source import load
from lexloci.model.errors import InputError, Mistake
from lexloci.parties.collector import collector_at_rest
from lexloci.parties.ownership.graph import Register
from lexloci.parties.ownership.registers.bods import register_of_bods
from lexloci.parties.ownership.registers.ftm import register_of_ftm
from lexloci.parties.ownership.registers.gleif import register_of_gleif
from lexloci.parties.ownership.registers.native import register_of, register_of_csv

MOST_BYTES: Final = 2**31


def read_register(path: str | Path) -> Register:
    """The register in a file, ``-`` for standard input; InputError says what is wrong and how to mend it.

    JSON or YAML with ``edges``, CSV with a header, BODS, FollowTheMoney (a list, or one entity a line), GLEIF RR-CDF.
    A file may hold 2 GiB. The collector of cycles rests meanwhile: there are none among millions of small lists.
    """
    file = file_label(path)
    text = _text(path, file)
    try:
        with collector_at_rest():
            register = _register(text, file, path)
    except OverflowError:
        raise InputError(
            [Mistake(file, 0, "", "holds a number that is too large for a share", "write 0 to 100")]
        ) from None
    _refuse_what_nobody_can_write(register, file)
    _doubt_what_ends_before_it_begins(register)
    return register


def _doubt_what_ends_before_it_begins(register: Register) -> None:
    """A holding with such days would be held on no day; which of them is wrong is not known, so it counts on all."""
    wrong = [
        place
        for place, day in register.held_until.items()
        if place in register.held_from and day < register.held_from[place]
    ]
    for place in wrong:
        if place == wrong[0]:
            words = f"{len(wrong)} holdings end before they begin, and count on every day, such as that of"
            owner, owned = (register.ids[column[place]] for column in (register.owner, register.owned))
            register.warnings.append(f"{words} {owner} in {owned}")
        del register.held_from[place], register.held_until[place]


def _refuse_what_nobody_can_write(register: Register, file: str) -> None:
    """Half of a surrogate pair is no character: it could be read from an escape, and never printed again."""
    notes = (note.name or "" for note in register.notes.values())
    named = (str(party) for party in [*register.ids, *register.seeds, *register.possible_seeds])
    for texts in (named, notes):
        try:
            "\n".join(texts).encode()
        except UnicodeEncodeError as error:
            message = f"holds the escape \\u{ord(error.object[error.start]):04x} alone, which is no character"
            raise InputError([Mistake(file, 0, "", message, "write the whole character")]) from None


def _register(text: str, file: str, path: str | Path) -> Register:
    start = text[:4096].lstrip()
    if start.startswith("<"):
        return register_of_gleif(text, file)
    if start.startswith(("{", "[")):
        return _of_json(text, file)
    header = {name.strip() for name in start.split("\n", 1)[0].split(",")}
    if str(path).lower().endswith(".csv") or {"owner", "owned"} <= header:
        return register_of_csv(text, file)
    return register_of(load(text, file).data, file)


class _TwiceError(Exception):
    """A field that stands twice in an object."""


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _TwiceError(Counter(name for name, _ in pairs).most_common(1)[0][0])
    return found


def _twice(error: _TwiceError, file: str, line: int) -> InputError:
    message = f"has the field {shown(str(error))} twice in one object"
    return InputError([Mistake(file, line, "", message, "write it once: of two, the first would be lost")])


def _of_json(text: str, file: str) -> Register:
    document: Any
    try:
        document = json.loads(text, object_pairs_hook=_each_once)
    except _TwiceError as error:
        raise _twice(error, file, 0) from None
    except json.JSONDecodeError as error:
        if error.msg != "Extra data":
            if '"edges"' not in text[:65536] and '"schema"' in text[:65536]:
                return register_of_ftm(_lines(text, file), file)
            message = f"is no JSON: {error.msg} in column {error.colno}"
            raise InputError([Mistake(file, error.lineno, "", message, "check the brackets and commas")]) from None
        document = _lines(text, file)
    except ValueError:
        message = "holds a number of more digits than any share or id has"
        raise InputError([Mistake(file, 0, "", message, "write it as text")]) from None
    except RecursionError:
        raise InputError([Mistake(file, 0, "", "is nested too deeply", "write a flat list of edges")]) from None
    if isinstance(document, list):
        first = next((one for one in document if isinstance(one, dict)), {})
        if "statementType" in first or "recordType" in first or "statementId" in first:
            return register_of_bods(document, file)
        return register_of_ftm(document, file)
    if isinstance(document, dict) and "schema" in document and "properties" in document:
        return register_of_ftm([document], file)
    return register_of(document, file)


def _lines(text: str, file: str) -> list[Any]:
    found = []
    for number, line in enumerate(text.split("\n"), 1):  # splitlines would cut names at U+2028 too
        if line.strip():
            try:
                found.append(json.loads(line, object_pairs_hook=_each_once))
            except _TwiceError as error:
                raise _twice(error, file, number) from None
            except (ValueError, RecursionError):
                message = "is no JSON object on a line of its own"
                raise InputError([Mistake(file, number, "", message, "write one entity a line")]) from None
    return found


def _text(path: str | Path, file: str) -> str:
    try:
        raw = sys.stdin.buffer.read(MOST_BYTES + 1) if str(path) == "-" else _bytes(Path(path))
    except FileNotFoundError:
        raise InputError([Mistake(file, 0, "", "does not exist", "check the name")]) from None
    except OSError as error:
        raise InputError([Mistake(file, 0, "", f"cannot be read: {error.strerror}", "name a readable file")]) from None
    if len(raw) > MOST_BYTES:
        raise InputError(
            [Mistake(file, 0, "", "is larger than 2 GiB", "split it, or leave out what nobody listed holds")]
        )
    raw = raw.removeprefix(codecs.BOM_UTF8)
    if not raw.strip():
        raise InputError([Mistake(file, 0, "", "is empty", "write edges and seeds")])
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        message = f"the byte 0x{raw[error.start]:02X} is no UTF-8"
        raise InputError([Mistake(file, line, "", message, "save it as UTF-8")]) from None


def _bytes(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(MOST_BYTES + 1)
