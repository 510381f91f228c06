"""A rulebook as one file that loads in milliseconds: written from its folders once, checked whenever it is read.

The file is JSON of four lines (docs/reference/rulebook.md): what it is and the SHA-256 of all that follows; a header
with the format, the rulebook's version, its digest and its number of rules; the content in canonical form, whose
SHA-256 is the digest; where things stand. Nothing in it is executed.

Invariants: a file that was cut, changed or written for another format is refused; the digest of what was read is the
digest of its content; reading gives what was compiled.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

from lexloci.law.canonical import canonical_bytes, canonical_form, digest_of, from_canonical_form
from lexloci.law.rule import Rulebook
from lexloci.model.errors import RulebookError

FORMAT = 1
MOST_BYTES = 64 * 2**20
_FIRST = re.compile(rb'\["lexloci compiled rulebook","([0-9a-f]{64})",')
_BEGINS = b'["lexloci compiled rulebook",'
_MOST_CHARACTERS = 400
_MEND = "get it again, or write it again with `lexloci rules compile`"


def compile_rulebook(rulebook: Rulebook) -> bytes:
    """The file of a rulebook; RulebookError where its version is no calendar version or it does not hold together.

    The same rulebook gives the same bytes with every version of Python.
    """
    from lexloci.law.sound import refuse_unsound

    refuse_unsound(rulebook)
    form, asides = canonical_form(rulebook)
    content = canonical_bytes(form)
    header = {
        "digest": hashlib.sha256(content).hexdigest(),
        "format": FORMAT,
        "rules": len(rulebook.rules),
        "version": rulebook.version,
    }
    rest = b"%s,\n%s,\n%s]\n" % (canonical_bytes(header), content, canonical_bytes(asides))
    data = b'%s"%s",\n%s' % (_BEGINS, hashlib.sha256(rest).hexdigest().encode("ascii"), rest)
    if read_compiled(data, f"rulebook {rulebook.version}") != rulebook:
        raise RulebookError(f"rulebook {rulebook.version}: reads back as another one; this is a mistake of lexloci")
    return data


def load_compiled(path: Path) -> Rulebook:
    """The rulebook in a compiled file from anywhere; RulebookError in one line where it is not to be trusted.

    Beyond what ``read_compiled`` refuses: a rulebook that does not hold together, and a digest that is not the one
    its folders would have.
    """
    from lexloci.law.sound import refuse_unsound

    try:
        with path.open("rb") as stream:
            data = stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise RulebookError(f"{path}: cannot be read: {error.strerror}; name a compiled rulebook") from None
    if len(data) > MOST_BYTES:
        raise RulebookError(f"{path}: is larger than {MOST_BYTES // 2**20} MiB; name a compiled rulebook")
    rulebook = read_compiled(data, str(path))
    try:
        refuse_unsound(rulebook)
    except RulebookError as error:
        raise RulebookError(f"{path}: {_one_line(str(error))}") from None
    if digest_of(canonical_form(rulebook)[0]) != rulebook.digest:
        _refuse(str(path), "is not in canonical form")
    return rulebook


def read_compiled(data: bytes, file: str) -> Rulebook:
    """The rulebook in the bytes of a compiled file that lexloci wrote; ``file`` names it in errors.

    RulebookError where it was cut or changed, or where its format or a part of it is unknown to this lexloci. That its
    names and dates hold together was checked when it was compiled, and is not checked again.
    """
    first, _, rest = data.partition(b"\n")
    found = _FIRST.fullmatch(first)
    if found is None:
        _refuse(file, "is no compiled rulebook, or its first line was changed")
    if hashlib.sha256(rest).hexdigest().encode("ascii") != found[1]:
        _refuse(file, "was cut or changed since it was written: its SHA-256 is another")
    lines = rest.removesuffix(b"]\n").split(b",\n")
    if len(lines) != 3:
        _refuse(file, "has other lines than a compiled rulebook")
    header = _header(lines[0], file)
    content = lines[1]
    if hashlib.sha256(content).hexdigest() != header["digest"]:
        _refuse(file, "has another digest than its content")
    try:
        rulebook = from_canonical_form(_json(content), _json(lines[2]))
    except (RulebookError, ValueError, RecursionError) as error:
        _refuse(file, f"holds what this lexloci cannot read: {_one_line(str(error))}")
    if (rulebook.version, len(rulebook.rules)) != (header["version"], header["rules"]):
        _refuse(file, "has another version or number of rules than it says")
    vars(rulebook)["digest"] = header["digest"]
    return rulebook


def is_compiled(path: Path) -> bool:
    """Whether a file begins as a compiled rulebook does; False where there is none."""
    try:
        with path.open("rb") as stream:
            return stream.read(len(_BEGINS)) == _BEGINS
    except OSError:
        return False


def _header(line: bytes, file: str) -> Mapping[str, Any]:
    try:
        header = _json(line)
    except (ValueError, RecursionError):
        header = None
    if not isinstance(header, dict) or not isinstance(header.get("format"), int):
        _refuse(file, "has no header of a compiled rulebook")
    if header["format"] != FORMAT:
        raise RulebookError(
            f"{file}: has format {header['format']}, and this lexloci reads format {FORMAT}; "
            "take the lexloci that wrote it, or write it again with `lexloci rules compile`"
        )
    if set(header) != {"digest", "format", "rules", "version"}:
        _refuse(file, "has no header of a compiled rulebook")
    return header


def _json(line: bytes) -> Any:
    return json.loads(line.decode("ascii"))


def _one_line(text: str) -> str:
    """A text with words of a file that anybody may have written: printable, and not too long to read."""
    printable = "".join(char if char.isprintable() else "?" for char in text)
    return printable if len(printable) <= _MOST_CHARACTERS else f"{printable[:_MOST_CHARACTERS]} ..."


def _refuse(file: str, why: str) -> NoReturn:
    raise RulebookError(f"{file}: {why}; {_MEND}")
