"""What a user's own measured runs say of a chip and a software: how fast, and how sure.

A calibration holds for one kind of work (training or serving), one kind of model and one generation of chips; for a
chip of no measured generation, for its own family alone. It is read from a file that ``lexloci calibrate`` wrote, and
passed to the estimates; other jobs do not use it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from lexloci.model.errors import LexlociError

FORMAT = "lexloci calibration 1"
TRAINING = "training"
SERVING = "serving"
_OTHER = 0
"""The place of the generation that no row speaks for, in ``machine.Generation`` and ``ServingGeneration`` alike."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """What runs of one kind showed, and their errors.

    ``logs``: in training, figures as logs in the order of ``efficiency.FIGURES``; in serving, none. ``middle``,
    ``low``, ``high``: in log, median, 5 and 95 % of measured over predicted time in training, by the figures; of
    measured over predicted speed in serving. ``kind``: dense or mixture. ``family``: of the chips, where their
    generation was never measured. ``runs``: how many; ``name``: the file that they came from.
    """

    generation: int
    kind: str
    logs: tuple[float, ...]
    middle: float
    low: float
    high: float
    runs: int
    name: str
    work: str = TRAINING
    family: str = ""

    def holds_for(self, work: str, generation: int, family: str, *, is_mixture: bool) -> bool:
        """Whether it speaks for a kind of work, a generation (or, of none, a family) of chips and a kind of model."""
        same = self.work == work and self.generation == generation and (self.kind == "mixture") == is_mixture
        return same and (self.family == family or (not self.family and generation != _OTHER))


def calibration_for(
    calibrations: tuple[Calibration, ...], work: str, generation: int, family: str, *, is_mixture: bool
) -> Calibration | None:
    """The first calibration that speaks for what is asked; None where none does."""
    found = (one for one in calibrations if one.holds_for(work, generation, family, is_mixture=is_mixture))
    return next(found, None)


@lru_cache(maxsize=16)
def kept_calibrations(path: str) -> tuple[Calibration, ...]:
    """The calibrations of a file, read once."""
    return read_calibrations(Path(path))


def read_calibrations(path: Path) -> tuple[Calibration, ...]:
    """The calibrations of a file. LexlociError with what is wrong and how to mend it."""
    mend = f"write it anew with: lexloci calibrate RUNS --output {path}"
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        if held["format"] != FORMAT:
            raise LexlociError(f"{path}: format {held['format']!r} is not {FORMAT!r}; {mend}")
        found = tuple(Calibration(**{**one, "logs": tuple(map(float, one["logs"]))}) for one in held["calibrations"])
        for one in found:
            _check(one, path, mend)
    except OSError as error:
        raise LexlociError(f"{path}: cannot be read: {error.strerror}; {mend}") from None
    except (ValueError, KeyError, TypeError) as error:
        raise LexlociError(f"{path}: is no calibration ({error}); {mend}") from None
    return found


def _check(one: Calibration, path: Path, mend: str) -> None:
    from lexloci.perf.efficiency import FIGURES

    if one.work not in (TRAINING, SERVING):
        raise LexlociError(f"{path}: work {one.work!r} is neither {TRAINING} nor {SERVING}; {mend}")
    wanted = sum(len(figure.keys) for figure in FIGURES) if one.work == TRAINING else 0
    if len(one.logs) != wanted:
        raise LexlociError(f"{path}: holds {len(one.logs)} figures of {wanted}, of another release; {mend}")
    if not one.low <= one.middle <= one.high:
        raise LexlociError(f"{path}: low, middle and high are out of order; {mend}")
