"""Reads a portfolio file into the model, or tells every mistake in it at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from lexloci.case.beside import check_lengths, folder_of, with_paths
from lexloci.case.checks import CHECKS
from lexloci.case.entry import Entry, EntryReader, built
from lexloci.case.input_file import file_label, read_text
from lexloci.case.wording import FieldPath, shown
from lexloci.case.yaml_source import Source, scan
from lexloci.model.errors import InputError, Mistake
from lexloci.model.portfolio import Portfolio

FurtherCheck = Callable[[Portfolio], Iterable[tuple[FieldPath, str, str]]]
FORMAT_KEY = "lexloci"
FORMAT_VERSION = 1


def read_portfolio(path: str | Path, *, text: str | None = None, further: FurtherCheck | None = None) -> Portfolio:
    """The portfolio in a YAML or JSON file; ``-`` reads standard input, ``text`` replaces the file's content.

    ``further`` gives field, message and mend of what only a later room can tell of a portfolio without mistakes.
    Raises InputError with every mistake at once, each with its line, its field and the mend.
    """
    source, entry, mistakes = _read(path, text)
    if mistakes:
        raise InputError(mistakes)
    portfolio = with_paths(built(entry, Portfolio), folder_of(path))
    found = [source.mistake(*one) for one in further(portfolio)] if further else []
    if found:
        raise InputError(found)
    return portfolio


def check(path: str | Path, *, text: str | None = None, further: FurtherCheck | None = None) -> tuple[Mistake, ...]:
    """All mistakes of a portfolio file in the order of its lines; empty where it has none."""
    try:
        read_portfolio(path, text=text, further=further)
    except InputError as error:
        return error.mistakes
    return ()


def _read(path: str | Path, text: str | None) -> tuple[Source, Entry, list[Mistake]]:
    file = file_label(path)
    source, mistakes = scan(read_text(path) if text is None else text, file)
    if not isinstance(source.data, dict):
        message = f"{shown(source.data)} is no portfolio"
        mend = "begin with `lexloci: 1`, then a field a line; acts are for `lexloci determine`"
        raise InputError([*mistakes, source.mistake((), message, mend)])
    reader = EntryReader(source)
    _check_format(source, reader)
    entry = reader.read({key: value for key, value in source.data.items() if key != FORMAT_KEY}, Portfolio, ())
    for one in CHECKS:
        for place, message, mend in one(entry):
            reader.note(place, message, mend)
    for place, message, mend in check_lengths(entry, folder_of(path)):
        reader.note(place, message, mend)
    return source, entry, _without_echoes(mistakes, reader.mistakes)


def _check_format(source: Source, reader: EntryReader) -> None:
    mend = f"write `{FORMAT_KEY}: {FORMAT_VERSION}` on the first line"
    if FORMAT_KEY not in source.data:
        reader.note((FORMAT_KEY,), "is missing: the version of the file's format", mend)
        return
    version: Any = source.data[FORMAT_KEY]
    if type(version) is not int or version != FORMAT_VERSION:
        reader.note((FORMAT_KEY,), f"{shown(version)} is no version of the format that is read here", mend)


def _without_echoes(form: list[Mistake], content: list[Mistake]) -> list[Mistake]:
    """Mistakes of form, and those of content that do not only follow from one of them."""
    broken = {(mistake.line, mistake.field) for mistake in form}
    return [*form, *(mistake for mistake in content if (mistake.line, mistake.field) not in broken)]
