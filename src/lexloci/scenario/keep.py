"""Finished work on file: one line a future, appended when it is done, so that a run that is killed loses none.

The first line says what was asked (a digest of portfolio, law, scenario and settings) and which code answered. A file
that was kept for another question, or by other code, is refused: its figures may be others. A last line that was cut
off by a kill is taken off again; every other line is whole.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from lexloci.model.errors import LexlociError
from lexloci.scenario.code_digest import digest_of_code
from lexloci.scenario.event import Happened
from lexloci.scenario.futures import Result

Task = tuple[str, Happened]
"""A plan, by its name, and a future."""


class Kept:
    """The finished work of one question; a file where there is one, else memory alone."""

    def __init__(self, path: Path | None, question: str) -> None:
        """LexlociError where the file was kept for another question or by other code, or cannot be written."""
        self.results: dict[Task, Result] = {}
        self._file = _opened(path, question, self.results) if path else None

    def add(self, task: Task, result: Result) -> None:
        """Keeps a result: on the file before it counts."""
        if self._file is not None:
            line = {"plan": task[0], "future": form_of(task[1]), "result": asdict(result)}
            self._file.write(json.dumps(line) + "\n")
            self._file.flush()
        self.results[task] = result

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()


def form_of(happened: Happened) -> list[list[str]]:
    """A future as JSON has it: events with their days, in order."""
    return [[name, day.isoformat()] for name, day in sorted(happened)]


def _opened(path: Path, question: str, results: dict[Task, Result]) -> Any:
    try:
        whole = _read(path, question, results) if path.exists() else 0
        file = path.open("r+" if whole else "w", encoding="utf-8")
        file.seek(whole)
        file.truncate()
    except OSError as error:
        raise LexlociError(f"{path}: cannot be kept: {error.strerror}; name a file that you may write") from None
    if not whole:
        file.write(json.dumps({"question": question, "code": digest_of_code()}) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return file


def _read(path: Path, question: str, results: dict[Task, Result]) -> int:
    """Reads what was kept, and returns the length of all whole lines in bytes; 0 where not even the first is whole."""
    data = path.read_bytes()
    whole = data.rfind(b"\n") + 1
    lines = data[:whole].splitlines()
    if not lines:
        return 0
    try:
        forms: list[Mapping[str, Any]] = [json.loads(line) for line in lines]
        if forms[0]["question"] != question:
            raise LexlociError(f"{path}: was kept for another question; name another file, or remove it")
        if forms[0].get("code") != digest_of_code():
            other = "was kept by another version of lexloci, whose figures may differ"
            raise LexlociError(f"{path}: {other}; name another file, or remove it")
        for form in forms[1:]:
            happened = frozenset((name, date.fromisoformat(day)) for name, day in form["future"])
            results[form["plan"], happened] = Result(**form["result"])
    except (ValueError, KeyError, TypeError):
        raise LexlociError(f"{path}: is no file of finished work; name another") from None
    return whole
