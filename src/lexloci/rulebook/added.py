"""Which rulebooks do other installed packages add to the bundled one?

A package names its rulebook under the entry point group ``lexloci.rulebooks``; the value is a package or module whose
folder holds the rulebook (docs/how-to/ship-a-countrys-rules.md). It is data: the package itself is not run, unless
the value lies beneath another package.

Invariant: whatever is named is read or is an error. A country whose rules were passed over would permit in silence.
"""

from __future__ import annotations

import sys
from importlib.machinery import PathFinder
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from lexloci.model.errors import RulebookError

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "lexloci.rulebooks"


def added_folders() -> tuple[Path, ...]:
    """The folders of the rulebooks that installed packages add, by the names of their entry points.

    RulebookError names the package of one that cannot be found.
    """
    if not _may_be_named():
        return ()
    from importlib.metadata import entry_points

    try:
        points = sorted(entry_points(group=GROUP), key=lambda one: (one.name, one.value))
    except Exception as error:  # noqa: BLE001 - what a damaged package or a foreign finder raises is not foreseen
        what = "the list of installed packages, which may add rulebooks, cannot be read"
        raise RulebookError(f"{what}: {_in_a_line(error)}; mend or uninstall the package at fault") from None
    return tuple(_folder(point) for point in points)


def _folder(point: EntryPoint) -> Path:
    owner = f"the package {point.dist.name} {point.dist.version}" if point.dist else "a package"
    why = "it names an attribute" if point.attr else ""
    folders: list[Path] = []
    if not why:
        try:
            spec = find_spec(point.module)
        except Exception as error:  # noqa: BLE001 - a package above it is run, and whatever it raises is its own mistake
            why = _in_a_line(error)
        else:
            folders = [] if spec is None else [Path(one) for one in spec.submodule_search_locations or ()]
            if spec is not None and not folders and spec.origin:
                folders = [Path(spec.origin).parent]
    found = next((folder for folder in folders if (folder / "version.yaml").is_file()), None)
    if found is None:
        why = why or ("there is no version.yaml beside it" if folders else "there is no such package")
        what = f"{owner} adds the rulebook {point.name} at {point.value}, which cannot be read: {why}"
        raise RulebookError(f"{what}; mend the package, or uninstall it")
    return found


def _in_a_line(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())


def _may_be_named() -> bool:
    """Whether importlib.metadata could find the group: asked beforehand because to import it takes five times as long.

    True wherever a package could stand that a look into the folders of ``sys.path`` does not show.
    """
    if any(hasattr(finder, "find_distributions") and finder is not PathFinder for finder in sys.meta_path):
        return True
    return any(_may_hold(Path(entry or ".")) for entry in sys.path)


def _may_hold(place: Path) -> bool:
    if not place.is_dir():
        return place.exists()
    if place.suffix == ".egg":
        return True
    try:
        folders = [path for path in place.iterdir() if path.name.lower().endswith((".dist-info", ".egg-info"))]
        return any(_names_the_group(folder / "entry_points.txt") for folder in folders)
    except OSError:
        return True


def _names_the_group(file: Path) -> bool:
    try:
        return GROUP.encode() in file.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return False
