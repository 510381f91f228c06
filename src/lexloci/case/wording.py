"""How a mistake names a field and shows a value, always on one line."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from lexloci.model.errors import Mistake

FieldPath = tuple[str | int, ...]

_PLAIN_KEY = re.compile(r"[\w-]{1,60}")
_LONGEST = 60
_MOST_COMPARED = 2_000
_LONGEST_MESSAGE = 400


def shown(value: object) -> str:
    """A value as a message shows it: text in quotation marks, everything on one line and not too long.

    >>> shown("Malaysa"), shown(True), shown(12), shown(["a"])
    ('"Malaysa"', 'true', '12', 'a list')
    """
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, (list, tuple)):
        return "a list"
    if isinstance(value, (int, float, date)):
        text = str(value)
        return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    return f'"{printable(str(value))}"'


def printable(text: str) -> str:
    """Text cut to a length fit for a message, with characters that do not print written as escapes."""
    cut = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    return "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in cut)


def mistake_at(file: str, line: int, path: FieldPath, message: str, mend: str = "") -> Mistake:
    """A mistake at a path of a file, kept to one line of bounded length whatever the file holds."""
    return Mistake(file, line, field_name(path), _one_line(message), _one_line(mend))


def _one_line(text: str) -> str:
    cut = text if len(text) <= _LONGEST_MESSAGE else f"{text[:_LONGEST_MESSAGE]}…"
    return "".join(char if char.isprintable() else " " for char in cut)


def field_name(path: FieldPath) -> str:
    """The name of a field, such as ``sites[2].country``; empty for the whole file.

    >>> field_name(("sites", 2, "country"))
    'sites[2].country'
    """
    name = ""
    for step in path:
        if isinstance(step, int):
            name += f"[{step}]"
            continue
        key = step if _PLAIN_KEY.fullmatch(step) and step.isprintable() else shown(step)
        name += f".{key}" if name else key
    return name


def nearest(word: str, words: Iterable[str]) -> str | None:
    """The one of ``words`` that ``word`` was probably meant to be; None where none is near, or too many to compare."""
    from rapidfuzz import fuzz, process

    words = list(words)
    if len(words) > _MOST_COMPARED:
        return None
    found = process.extractOne(word[:200], words, scorer=fuzz.ratio, processor=_folded, score_cutoff=65)
    return found[0] if found else None


def _folded(word: str) -> str:
    return word.casefold().replace("-", "_")
