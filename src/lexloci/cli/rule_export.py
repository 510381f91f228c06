"""Writes the law of one epoch as files for another engine, whole or not at all."""

from __future__ import annotations

import json as json_text
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from pathlib import Path

from lexloci import __version__
from lexloci.law.export.files import FORMAT, MANIFEST, Target, export_files
from lexloci.law.export.selection import select
from lexloci.model.act import ActKind
from lexloci.model.errors import LexlociError
from lexloci.model.portfolio import Basis
from lexloci.rulebook.book import bundled_rulebook


def export_rulebook(
    target: Target,
    kinds: Sequence[ActKind],
    on: date,
    known_at: date | None,
    basis: Basis,
    folder: Path,
    *,
    as_json: bool,
) -> None:
    """Write the export into a folder and print its days; LexlociError where the folder holds anything else."""
    _refuse_foreign(folder)
    selection = select(bundled_rulebook(), kinds, on, known_at or on, basis)
    files = export_files(selection, target, f"lexloci {__version__}")
    try:
        _write_whole(folder, files)
    except OSError as error:
        raise LexlociError(f"{folder}: cannot be written: {error.strerror}; name a folder that you may write") from None
    manifest = json_text.loads(files[MANIFEST])
    if as_json:
        sys.stdout.write(files[MANIFEST])
    else:
        sys.stdout.write(_summary(manifest))
    sys.stderr.write(f"wrote {folder}: {', '.join(sorted(files))}\n")


def kinds_named(names: Sequence[str]) -> tuple[ActKind, ...]:
    """The kinds of act with these names; LexlociError with the closest name for one that there is not."""
    known = [kind.value for kind in ActKind]
    for name in names:
        if name not in known:
            close = get_close_matches(name, known, 1)
            mend = f"did you mean {close[0]}?" if close else f"write one of {', '.join(known)}"
            raise LexlociError(f"--kind {name!r} is no kind of act; {mend}")
    return tuple(ActKind(name) for name in dict.fromkeys(names))


def _summary(manifest: Mapping[str, list[str] | str | None]) -> str:
    again = manifest["issue_again_on"] or []
    return (
        f"rulebook {manifest['rulebook']}, {manifest['basis']}, {len(manifest['rules'] or '')} rules\n"
        f"for acts from {manifest['from'] or 'ever'} to before {manifest['until'] or 'ever'},"
        f" as known on {manifest['known_at']}\n"
        f"issue again on {', '.join(again)}\n"
    )


def _refuse_foreign(folder: Path) -> None:
    """LexlociError for a folder that holds what no earlier export wrote."""
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return
    if not _is_export(folder):
        raise LexlociError(f"{folder}: holds other things than an earlier export; name a new or empty folder")


def _is_export(folder: Path) -> bool:
    """Whether the folder holds an export's files, and nothing else."""
    try:
        manifest = json_text.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        names = {path.name for path in folder.iterdir()}
    except (OSError, ValueError):
        return False
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        return False
    files = manifest.get("sha256")
    return isinstance(files, dict) and names <= {MANIFEST, *files}


def _write_whole(folder: Path, files: Mapping[str, str]) -> None:
    """The folder with all files, or as it was: written beside it, then moved into its place."""
    folder = folder.resolve()
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}.") as draft:
        new, old = Path(draft, "new"), Path(draft, "old")
        new.mkdir()
        for name, text in files.items():
            (new / name).write_text(text, encoding="utf-8", newline="\n")
        if folder.exists():
            folder.rename(old)
        try:
            new.rename(folder)
        except OSError:
            if old.exists():
                shutil.move(old, folder)
            raise
