"""How long the requests of a service are: samples of real traces that ship, or a user's own file.

A distribution is two columns, tokens of the prompt and of the answer of each request, as they came; long prompts may go
with short answers, so the pairs are kept together. A user's file is a CSV with the columns ``prompt_tokens`` and
``answer_tokens``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from lexloci.catalogue.table import read_rows
from lexloci.model.errors import LexlociError

PROMPT: Final = "prompt_tokens"
ANSWER: Final = "answer_tokens"
_MOST_TOKENS: Final = 1e9


@dataclass(frozen=True, slots=True)
class RequestLengths:
    """Tokens of the prompt and of the answer of each request of a sample."""

    name: str
    prompts: tuple[float, ...]
    answers: tuple[float, ...]


@lru_cache(maxsize=1)
def bundled_lengths() -> dict[str, RequestLengths]:
    """The distributions that ship, by name. Raises CatalogueError where the table is missing or altered."""
    pairs: dict[str, list[tuple[float, float]]] = {}
    for row in read_rows("request_lengths"):
        pairs.setdefault(row["distribution"], []).append((float(row[PROMPT]), float(row[ANSWER])))
    return {name: _of(name, held) for name, held in pairs.items()}


@lru_cache(maxsize=64)
def request_lengths(name: str) -> RequestLengths:
    """The distribution of a name that ships, or of a CSV file. LexlociError saying what is wrong and how to mend it."""
    bundled = bundled_lengths()
    if name in bundled:
        return bundled[name]
    path = Path(name)
    try:
        if not path.is_file():
            known = ", ".join(bundled)
            raise LexlociError(
                f'"{name}" is neither a file nor a distribution that ships; write one of {known}, or a path'
            )
        return read_lengths(path.read_text(encoding="utf-8-sig"), name)
    except (OSError, UnicodeDecodeError) as error:
        raise LexlociError(f"{name}: cannot be read ({error}); name a CSV file in UTF-8") from None


def read_lengths(text: str, name: str) -> RequestLengths:
    """The distribution in the text of a CSV file. LexlociError naming the first line that is wrong."""
    import csv
    import io

    reader = csv.DictReader(io.StringIO(text))
    try:
        lacking = [column for column in (PROMPT, ANSWER) if column not in (reader.fieldnames or ())]
        if lacking:
            raise LexlociError(f"{name}:1 {lacking[0]}: is missing; name the columns {PROMPT} and {ANSWER}")
        pairs = [
            tuple(_tokens(row[column], f"{name}:{reader.line_num} {column}") for column in (PROMPT, ANSWER))
            for row in reader
        ]
    except csv.Error as error:
        raise LexlociError(f"{name}:{reader.line_num + 1} is no row of a CSV file ({error}); mend the row") from None
    if not pairs:
        raise LexlociError(f"{name}: holds no requests; add one row for each")
    return _of(name, [(prompt, answer) for prompt, answer in pairs])


def _tokens(text: str | None, where: str) -> float:
    try:
        tokens = float(text or "")
    except ValueError:
        tokens = -1.0
    if not 1.0 <= tokens <= _MOST_TOKENS:
        raise LexlociError(f'{where}: "{text or ""}" is no number of tokens; write 1 or more')
    return tokens


def _of(name: str, pairs: list[tuple[float, float]]) -> RequestLengths:
    return RequestLengths(name, tuple(prompt for prompt, _ in pairs), tuple(answer for _, answer in pairs))
