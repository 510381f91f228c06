"""The command that begins: a small commented portfolio, written where there is nothing yet."""

from __future__ import annotations

import sys
from pathlib import Path

from lexloci.case import template
from lexloci.model.errors import LexlociError


def write_template(file: str) -> None:
    """Print the template, or write it to a file that does not exist."""
    if file == "-":
        sys.stdout.write(template())
        return
    try:
        with Path(file).open("x", encoding="utf-8") as paper:
            paper.write(template())
    except FileExistsError:
        raise LexlociError(f"{file}: exists already; choose another name, or print it: lexloci init") from None
    except OSError as error:
        raise LexlociError(f"{file}: cannot be written: {error.strerror}; choose another place") from None
    sys.stderr.write(f"{file} written; now: lexloci plan {file}\n")
