"""Keeps the state of a search in a file, whole or not at all, so that a run that was killed goes on from there.

The file is NumPy's ``.npz``: arrays and one line of JSON, nothing that is run when it is read. It names the problem
(SHA-256 of its fields), the settings and the form; with others it is refused.
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lexloci.model.errors import PlanError
from lexloci.plan.problem import Problem

Arrays = dict[str, NDArray[Any]]
_FORM = 2


class Checkpoint:
    """A checkpoint file of one problem under one set of settings."""

    def __init__(self, path: Path, problem: Problem, settings: tuple[object, ...]) -> None:
        self.path = path
        self.identity = [_FORM, fingerprint(problem), *settings]

    def exists(self) -> bool:
        """Whether there is a state to go on from."""
        return self.path.exists()

    def read(self) -> tuple[dict[str, Any], Arrays]:
        """The facts and the arrays that were kept; PlanError where the file is another's or damaged."""
        try:
            with np.load(self.path, allow_pickle=False) as file:
                arrays = {name: file[name] for name in file.files}
            facts: dict[str, Any] = json.loads(str(arrays.pop("facts")))
            identity = facts.pop("identity")
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
            raise PlanError(f"{self.path}: no checkpoint can be read from it ({error}); remove it") from None
        if identity != self.identity:
            raise PlanError(
                f"{self.path}: this checkpoint is of another problem, seed or limit; remove it or name another file"
            )
        return facts, arrays

    def write(self, facts: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> None:
        """Keep a state in the place of the one before."""
        draft = self.path.with_name(f".{self.path.name}.{os.getpid()}")
        try:
            with draft.open("wb") as file:
                np.savez(file, allow_pickle=False, facts=json.dumps({**facts, "identity": self.identity}), **arrays)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(self.path)
        except OSError as error:
            raise PlanError(f"{self.path}: no checkpoint can be written: {error.strerror}; name another file") from None
        finally:
            draft.unlink(missing_ok=True)

    def remove(self) -> None:
        """Take the file away: the search has ended."""
        self.path.unlink(missing_ok=True)


def fingerprint(problem: Problem) -> str:
    """A digest of all that a problem says."""
    digest = hashlib.sha256()
    for job in problem.jobs:
        own = None if job.delay_h is None else sorted(job.delay_h.items())
        digest.update(
            repr(
                (job.id, job.usd_if_unplaced, job.release_h, job.due_h, job.usd_per_hour_late, job.after, own)
            ).encode()
        )
    for part in (problem.options, problem.pools, problem.power, problem.quotes, problem.usd_per_peak):
        digest.update(repr(part).encode())
    digest.update(repr((problem.horizon_h, sorted(problem.delay_h.items()))).encode())
    return digest.hexdigest()
