"""Where the machine code that numba makes is kept: a folder of the user's, one for each state of the sources.

Left to itself, numba keeps machine code beside the module and makes it anew when that module changes; not when a
function or a figure changes that it took in from another module, and then stale code would go on deciding.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from numba import config, njit

Function = TypeVar("Function", bound=Callable[..., Any])


def compiler(sources: Iterable[Path], **options: bool) -> Callable[[Function], Function]:
    """Compiles functions without Python's lock, by these options of numba; keeps the code while no source changes.

    ``sources``: every file whose functions or figures go into the code. Where no folder can be written, nothing is
    kept, and each process compiles for itself.
    """
    folder = kept_in(tuple(sorted(sources)))

    def compiled(function: Function) -> Function:
        if folder is None:
            made: Function = njit(nogil=True, **options)(function)
            return made
        before, config.CACHE_DIR = config.CACHE_DIR, str(folder)
        try:
            kept: Function = njit(nogil=True, cache=True, **options)(function)
        finally:
            config.CACHE_DIR = before
        return kept

    return compiled


@cache
def kept_in(sources: tuple[Path, ...]) -> Path | None:
    """The folder for code of these sources, made if need be; None where none can be written.

    It lies in the folder that NUMBA_CACHE_DIR names, else in the platform's own for caches.
    """
    from platformdirs import user_cache_path

    digest = hashlib.sha256()
    for source in sources:
        digest.update(hashlib.sha256(source.read_bytes()).digest())
    base = Path(config.CACHE_DIR) if config.CACHE_DIR else user_cache_path("lexloci", appauthor=False) / "compiled"
    folder = base / digest.hexdigest()[:16]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError:
        return None
    return folder
