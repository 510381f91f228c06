"""Reads a rulebook from its files and tells every mistake at once, Google's CEL asked as a second reader."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

from lexloci.cli.show import print_json
from lexloci.law.load import VERSION_FILE, is_addition, load_rulebook
from lexloci.law.mistake import RuleMistake, UnsoundRulebookError
from lexloci.law.rule import Rulebook
from lexloci.model.errors import LexlociError
from lexloci.report.plain import plain
from lexloci.rulebook.added import added_folders
from lexloci.rulebook.book import FOLDER
from lexloci.rulebook.instruments import load_instruments

NO_CEL = "the second reader was not asked: CEL is not installed; pip install 'lexloci[rulebook]'"


def check_rules(folder: str | None, as_json: bool) -> bool:
    """Print the mistakes of the rulebook in a folder (None: the one in use); True where there is none.

    A folder whose version.yaml has a name is checked as an addition to the package's rulebook.
    """
    try:
        rulebook: Rulebook | None = _read(folder)
        mistakes: tuple[RuleMistake, ...] = ()
    except UnsoundRulebookError as error:
        rulebook, mistakes = None, tuple(error.mistakes)
    has_cel = find_spec("cel_expr_python") is not None
    if rulebook is not None and has_cel:
        from lexloci.law.cel_check import cel_mistakes

        mistakes = cel_mistakes(rulebook)
    if not has_cel:
        sys.stderr.write(f"{NO_CEL}\n")
    if as_json:
        _print_json(rulebook, mistakes, was_cel_asked=has_cel and rulebook is not None)
    else:
        _print(rulebook, mistakes)
    return not mistakes


def _read(folder: str | None) -> Rulebook:
    if folder is None:
        folders = (FOLDER, *added_folders())
    else:
        place = Path(folder)
        if not (place / VERSION_FILE).is_file():
            raise LexlociError(f"{folder}: is no rulebook's folder, it holds no {VERSION_FILE}; name one that does")
        folders = (FOLDER, place) if is_addition(place) else (place,)
    rulebook = load_rulebook(*folders)
    load_instruments(rulebook, *folders)
    return rulebook


def _print(rulebook: Rulebook | None, mistakes: tuple[RuleMistake, ...]) -> None:
    for mistake in mistakes:
        sys.stderr.writelines(f"{plain(line)}\n" for line in str(mistake).split("\n"))
    if rulebook is not None and not mistakes:
        sys.stdout.write(f"rulebook {plain(rulebook.version)}: {len(rulebook.rules)} rules, no mistakes\n")


def _print_json(rulebook: Rulebook | None, mistakes: tuple[RuleMistake, ...], *, was_cel_asked: bool) -> None:
    form = {
        "rulebook": rulebook.version if rulebook else None,
        "cel_asked": was_cel_asked,
        "mistakes": [
            {
                "file": one.file,
                "line": one.line,
                "about": one.field,
                "message": one.message,
                "mend": one.mend,
                "condition": one.condition,
                "column": one.column,
            }
            for one in mistakes
        ],
    }
    print_json(form)
