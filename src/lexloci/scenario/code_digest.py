"""Which code is this? A digest of all files of the package: whatever may change a figure changes it."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).parents[1]
_MADE_HERE = "__pycache__"


@cache
def digest_of_code() -> str:
    """A digest of the code and tables of the package as they lie on the disk, the same for the same files."""
    return digest_of(_PACKAGE)


def digest_of(folder: Path) -> str:
    """A digest of the names and contents of all files in a folder but those that Python makes there."""
    whole = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and _MADE_HERE not in path.parts:
            name = path.relative_to(folder).as_posix()
            whole.update(f"{name} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return whole.hexdigest()
