"""Compiles a rulebook into one file, and says which version and which law a rulebook is."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path

from lexloci.cli.rulebooks import rulebook_at
from lexloci.cli.show import print_json
from lexloci.cli.whole_file import whole_file
from lexloci.law.compiled import compile_rulebook, is_compiled
from lexloci.law.rule import Rulebook
from lexloci.model.errors import LexlociError
from lexloci.rulebook.book import FOLDER

_SHOWN_DIGITS = 12


def compile_to_file(folder: str | None, output: str, as_json: bool) -> None:
    """Write the rulebook in a folder (None: the package's own) into one file, and print what it is."""
    from lexloci.law.load import load_rulebook

    target = Path(output)
    if target.exists() and not is_compiled(target):
        raise LexlociError(f"{target}: is there already, and is no compiled rulebook; remove it, or name another file")
    rulebook = load_rulebook(Path(folder) if folder else FOLDER)
    data = compile_rulebook(rulebook)
    with whole_file(target) as file:
        file.write(data.decode("utf-8"))
    _print(rulebook, as_json)


def show_version(place: str | None, as_json: bool) -> None:
    """Print version, digest, number of rules and age of the rulebook in a compiled file or a folder (None: in use)."""
    _print(rulebook_at(None if place is None else Path(place)), as_json)


def _print(rulebook: Rulebook, as_json: bool) -> None:
    form = {
        "rulebook": rulebook.version,
        "digest": rulebook.digest,
        "rule_count": len(rulebook.rules),
        "reviewed": rulebook.reviewed.isoformat(),
        "limit_days": rulebook.limit_days,
        "added": [{**asdict(one), "reviewed": one.reviewed.isoformat()} for one in rulebook.sources],
    }
    if as_json:
        print_json(form)
        return
    ages = [(rulebook.reviewed, rulebook.limit_days), *((one.reviewed, one.limit_days) for one in rulebook.sources)]
    reviewed = "; ".join(f"{day}, too old {limit} days later" for day, limit in ages)
    for name, value in (
        ("rulebook", rulebook.version),
        ("digest", rulebook.digest[:_SHOWN_DIGITS]),
        ("rules", str(len(rulebook.rules))),
        ("reviewed", reviewed),
    ):
        sys.stdout.write(f"{name:<10}{value}\n")
