"""A user's own lists: good snapshots, each written whole or not at all, and what became of the parties between them.

The folder (``LEXLOCI_LISTS``, else the platform's place for a user's data) holds ``records/NNNNNN``, one for
each file that was taken up, in their order: ``record.json`` with the day, the sum, when and as what; for each list
a file of its rows, and one of the rows that this record ended (``.past``), if any. A record is written beside its place
and moved there as a whole; what a stop leaves behind is never read. The newest record of a list is the list in
use; of older ones the ended rows alone are read, so that a year of daily updates reads no slower than a day's.
"""

from __future__ import annotations

import errno
import gzip
import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from lexloci.model.errors import CatalogueError, LexlociError
from lexloci.parties.collector import collector_at_rest
from lexloci.parties.listing import ListedParty, ListSet, PartyList
from lexloci.parties.row_form import as_array, from_array, list_as_object, list_from_object

ENVIRONMENT: Final = "LEXLOCI_LISTS"
MEND_OF_FOLDER: Final = f"name a folder that can be written, with room in it, in {ENVIRONMENT}"
_MEANWHILE: Final = "was recorded meanwhile; give the file again; nothing was changed"
_RECORDS: Final = "records"
_PAST: Final = ".past"


@dataclass(frozen=True, slots=True)
class Record:
    """A file that was taken up: where it lies here, its lists, its name, sum and format, when, and who accepted it.

    ``files`` has the sum of each file of rows, by the code of its list; those of ended rows by the code and ``.past``.
    """

    folder: Path
    lists: tuple[PartyList, ...]
    file: str
    format: str
    dated: date
    sha256: str
    recorded: str
    accepted: Mapping[str, str]
    files: Mapping[str, str]


def store_folder() -> Path:
    """Where the user's lists are kept: the folder that LEXLOCI_LISTS names, else the platform's own for data."""
    named = os.environ.get(ENVIRONMENT)
    if named:
        return Path(named)
    from platformdirs import user_data_path

    return user_data_path("lexloci", appauthor=False) / "lists"


def records(folder: Path) -> tuple[Record, ...]:
    """All records, the oldest first; none where there is no store. CatalogueError where one cannot be read."""
    place = folder / _RECORDS
    try:
        names = sorted(one.name for one in place.iterdir() if one.name.isdigit())
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise CatalogueError(f"{place}: cannot be read ({error.strerror}); {MEND_OF_FOLDER}") from None
    return tuple(_record(place / name) for name in names)


def _record(folder: Path) -> Record:
    try:
        form = json.loads((folder / "record.json").read_text(encoding="utf-8"))
        return Record(
            folder,
            tuple(list_from_object(one) for one in form["lists"]),
            form["file"],
            form["format"],
            date.fromisoformat(form["dated"]),
            form["sha256"],
            form["recorded"],
            form["accepted"],
            form["files"],
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _spoilt(folder, str(error)) from error


def rows_of(record: Record, code: str) -> list[ListedParty]:
    """The rows of a list in a record. CatalogueError where they were altered."""
    return _read(record, code)


def past_of(record: Record, code: str) -> list[ListedParty]:
    """The rows of a list that a record ended; none where it ended none. CatalogueError where they were altered."""
    name = f"{code}{_PAST}"
    return _read(record, name) if name in record.files else []


def _read(record: Record, name: str) -> list[ListedParty]:
    try:
        content = (record.folder / f"{name}.json.gz").read_bytes()
        is_written = hashlib.sha256(content).hexdigest() == record.files[name]
        form = json.loads(gzip.decompress(content))
        if not isinstance(form, list):
            raise ValueError("it is of an older form")  # noqa: TRY004, TRY301 - told as the other faults are
        rows = [from_array(row) for row in form]
    except (OSError, EOFError, ValueError, KeyError, IndexError, TypeError) as error:
        raise _spoilt(record.folder, str(error)) from error
    if not is_written:
        raise _spoilt(record.folder, f"the rows of {name} are not those that were written")
    return rows


def _spoilt(folder: Path, why: str) -> CatalogueError:
    return CatalogueError(f"{folder}: a recorded list is spoilt ({why}); remove this folder, and give the file again")


@collector_at_rest()
def in_use(folder: Path, bundled: ListSet) -> ListSet:
    """The lists in use: of each the newest of its records and the bundled one; with the rows that records ended."""
    stored = records(folder)
    newest = _newest(stored, bundled.lists)
    if not newest:
        return bundled
    parties = [row for row in bundled.parties if row.list_code not in newest]
    past: list[ListedParty] = []
    for record in stored:
        for one in record.lists:
            past += past_of(record, one.code)
            if newest.get(one.code, (None,))[0] is record:
                parties += rows_of(record, one.code)
    return ListSet(_joined(newest, bundled.lists), tuple(parties), tuple(past))


def replaced_in(folder: Path, bundled: Sequence[PartyList]) -> frozenset[str]:
    """The codes of the lists of which a record is in use."""
    return frozenset(_newest(records(folder), bundled))


def lists_in_use(folder: Path, bundled: Sequence[PartyList]) -> tuple[PartyList, ...]:
    """The lists in use, without their rows."""
    return _joined(_newest(records(folder), bundled), bundled)


def _newest(stored: Iterable[Record], bundled: Iterable[PartyList]) -> dict[str, tuple[Record, PartyList]]:
    """The newest record of each list, where the bundled one is not newer still (lexloci itself was renewed)."""
    newest = {one.code: (record, one) for record in stored for one in record.lists}
    for own in bundled:
        if own.code in newest and newest[own.code][1].dated < own.dated:
            del newest[own.code]
    return newest


def _joined(newest: Mapping[str, tuple[Record, PartyList]], bundled: Iterable[PartyList]) -> tuple[PartyList, ...]:
    own = {one.code: one for one in bundled}
    return tuple((own | {code: one for code, (_, one) in newest.items()}).values())


@dataclass(frozen=True, slots=True)
class NewRecord:
    """What a record is to hold: its lists with their rows, the rows that it ends, and how it came about."""

    lists: tuple[PartyList, ...]
    rows: Mapping[str, Sequence[ListedParty]]
    past: Mapping[str, Sequence[ListedParty]]
    file: str
    format: str
    dated: date
    sha256: str
    recorded: str
    accepted: Mapping[str, str]
    follows: Sequence[PartyList] = ()
    """The lists that were in use when it was made: what differs was found against them."""


def write_record(folder: Path, new: NewRecord) -> Path:
    """Writes a record as a whole and returns where. LexlociError where it cannot be, or another came between."""
    place = folder / _RECORDS
    draft = place / f".draft-{os.getpid()}"
    try:
        place.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir()
        files = {one.code: _write_rows(draft, one.code, new.rows[one.code]) for one in new.lists}
        ended = [code for code, rows in new.past.items() if rows]
        files |= {f"{code}{_PAST}": _write_rows(draft, f"{code}{_PAST}", new.past[code]) for code in ended}
        form = {
            "file": new.file,
            "format": new.format,
            "dated": new.dated.isoformat(),
            "sha256": new.sha256,
            "recorded": new.recorded,
            "accepted": dict(new.accepted),
            "lists": [list_as_object(one) for one in new.lists],
            "files": files,
        }
        (draft / "record.json").write_text(json.dumps(form, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        last = max((int(one.name) for one in place.iterdir() if one.name.isdigit()), default=0)
        final = place / f"{last + 1:06d}"
        _refuse_if_another_came_between(folder, new)
        draft.rename(final)  # fails where another update was quicker: two never become one
        return final
    except OSError as error:
        if error.errno in {errno.ENOTEMPTY, errno.EEXIST}:
            raise LexlociError(f"{folder}: another update {_MEANWHILE}") from None
        why = f"the list cannot be recorded ({error.strerror}); nothing was changed"
        raise LexlociError(f"{place}: {why}; {MEND_OF_FOLDER}") from None
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _refuse_if_another_came_between(folder: Path, new: NewRecord) -> None:
    """A record made against a list that is no longer in use would take back what was recorded meanwhile."""
    followed = {one.code: one for one in new.follows}
    newest = _newest(records(folder), ())
    for one in new.lists:
        there, before = newest.get(one.code), followed.get(one.code)
        if there is None or before == there[1] or (before is not None and before.dated > there[1].dated):
            continue
        raise LexlociError(f"{folder}: another update of {one.title} {_MEANWHILE}")


def _write_rows(draft: Path, name: str, rows: Iterable[ListedParty]) -> str:
    text = json.dumps([as_array(row) for row in rows], ensure_ascii=False, separators=(",", ":"))
    content = gzip.compress(text.encode(), 1, mtime=0)
    (draft / f"{name}.json.gz").write_bytes(content)
    return hashlib.sha256(content).hexdigest()
