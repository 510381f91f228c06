"""Files that were not taken up: kept aside with the reasons, until a person accepts or drops them, on record."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from lexloci.model.errors import CatalogueError, LexlociError
from lexloci.parties.importers.file import ListFile
from lexloci.parties.store import MEND_OF_FOLDER

_FOLDER: Final = "quarantine"
_DECISIONS: Final = "decisions.jsonl"


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A file that lies aside: its id, name and sum, what it was given as, when, why, and whether it may be accepted."""

    id: str
    file: str
    sha256: str
    size_bytes: int
    recorded: str
    reasons: tuple[str, ...]
    acceptable: bool
    format: str = ""
    dated: str = ""


def quarantined(folder: Path) -> tuple[Quarantined, ...]:
    """What lies aside, the oldest first. CatalogueError where it cannot be read."""
    place = folder / _FOLDER
    try:
        names = [one.name for one in place.iterdir() if one.is_dir() and not one.name.startswith(".")]
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise CatalogueError(f"{place}: cannot be read ({error.strerror}); {MEND_OF_FOLDER}") from None
    return tuple(sorted((_read(place / name) for name in names), key=lambda one: (one.recorded, one.id)))


def _read(folder: Path) -> Quarantined:
    try:
        form = json.loads((folder / "quarantine.json").read_text(encoding="utf-8"))
        return Quarantined(**{**form, "reasons": tuple(form["reasons"])})
    except (OSError, ValueError, KeyError, TypeError) as error:
        why = f"what lies aside there cannot be read ({error})"
        raise CatalogueError(f"{folder}: {why}; move this folder away, and give its file again") from error


def set_aside(folder: Path, entry: Quarantined, file: ListFile) -> None:
    """Keeps a file with its reasons; the same file given again takes its own place. LexlociError where it cannot."""
    place = folder / _FOLDER
    draft, final = place / f".{entry.id}-{os.getpid()}", place / entry.id
    try:
        shutil.rmtree(draft, ignore_errors=True)
        (draft / "siblings").mkdir(parents=True)
        (draft / "content").write_bytes(file.content)
        for name, content in file.siblings.items():
            (draft / "siblings" / name).write_bytes(content)
        (draft / "quarantine.json").write_text(json.dumps(asdict(entry), ensure_ascii=False), encoding="utf-8")
        shutil.rmtree(final, ignore_errors=True)
        draft.rename(final)
    except OSError as error:
        why = f"{entry.file}: not taken up: {'; '.join(entry.reasons)}"
        raise LexlociError(f"{why}; nor set aside, for {place} cannot be written ({error.strerror})") from None
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def file_of(folder: Path, entry: Quarantined) -> ListFile:
    """The file of an entry, with those that were beside it. CatalogueError where it is gone."""
    place = folder / _FOLDER / entry.id
    try:
        siblings = {one.name: one.read_bytes() for one in (place / "siblings").iterdir()}
        return ListFile(entry.file, (place / "content").read_bytes(), siblings)
    except OSError as error:
        raise CatalogueError(
            f"{place}: the file cannot be read ({error.strerror}); drop it, and give it again"
        ) from None


def find(folder: Path, number: str) -> Quarantined:
    """The entry of an id, or of the beginning of one. LexlociError where there is none, or more than one."""
    found = [one for one in quarantined(folder) if number and one.id.startswith(number)]
    if len(found) == 1:
        return found[0]
    what = "no file of the id" if not found else f"{len(found)} files whose id begins with"
    raise LexlociError(f'the quarantine has {what} "{number}"; `lexloci lists quarantine` shows what lies there')


def decide(folder: Path, entry: Quarantined, decision: str, *, by: str, reason: str, recorded: str) -> None:
    """Records who decided what about an entry, when and why, and takes it out of the quarantine."""
    form = {**asdict(entry), "decision": decision, "by": by, "reason": reason, "decided": recorded}
    place = folder / _FOLDER
    try:
        with (place / _DECISIONS).open("a", encoding="utf-8") as file:
            file.write(json.dumps(form, ensure_ascii=False) + "\n")
        shutil.rmtree(place / entry.id)
    except OSError as error:
        raise LexlociError(f"{place}: cannot be written ({error.strerror})") from None


def decisions(folder: Path) -> Sequence[dict[str, object]]:
    """All decisions about files of the quarantine, the oldest first."""
    try:
        lines = (
            (folder / _FOLDER / _DECISIONS).read_text(encoding="utf-8").split("\n")
        )  # a reason may hold other ends of line
        return [json.loads(line) for line in lines if line]
    except FileNotFoundError:
        return []
    except (OSError, ValueError) as error:
        raise CatalogueError(f"{folder / _FOLDER / _DECISIONS}: is spoilt ({error}); put it right") from error
