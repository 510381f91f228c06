"""Writes a file as a whole or not at all."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from lexloci.model.errors import LexlociError


@contextmanager
def whole_file(target: Path) -> Iterator[TextIO]:
    """A file to write to, which takes the place of ``target`` at the end: an error or a stop leaves the old one.

    LexlociError where it cannot be written.
    """
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with draft.open("w", encoding="utf-8", newline="") as file:
            yield file
        draft.replace(target)
    except OSError as error:
        raise LexlociError(f"{target}: cannot be written: {error.strerror}; name a file that you may write") from None
    finally:
        draft.unlink(missing_ok=True)
    sys.stderr.write(f"wrote {target}\n")
