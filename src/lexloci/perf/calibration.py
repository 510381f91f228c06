"""What a user's own measured runs say of a chip and a software: how fast, and how sure.

A calibration holds for one kind of work (training or serving), one kind of model and one family of chips: what H100
showed says nothing of H20, whose arithmetic is cut. It is read from a file that ``lexloci calibrate`` wrote beside the
published figures of this release, and passed to the estimates; other jobs do not use it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from hashlib import sha256
from math import isfinite
from pathlib import Path
from typing import Any

from lexloci.model.errors import LexlociError

FORMAT = "lexloci calibration 2"
TRAINING = "training"
SERVING = "serving"
KINDS = ("dense", "mixture")
_DATA = Path(__file__).parent / "data"
_FIT_FILES = (_DATA / "training_fit.json", _DATA / "serving_fit.json")
_FARTHEST = 30.0
"""No figure is off by a factor of e to the 30."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """What runs of one kind showed, and their errors.

    ``logs``: in training, figures as logs in the order of ``efficiency.FIGURES``; in serving, none. ``middle``,
    ``low``, ``high``: in log, median, 5 and 95 % of measured over predicted time in training, by the figures; of
    measured over predicted speed in serving. ``kind``: dense or mixture. ``family``: of the chips, as
    ``chip_family`` names it. ``runs``: how many; ``name``: the file that they came from.
    """

    generation: int
    kind: str
    logs: tuple[float, ...]
    middle: float
    low: float
    high: float
    runs: int
    name: str
    work: str
    family: str

    def holds_for(self, work: str, generation: int, family: str, *, is_mixture: bool) -> bool:
        """Whether it speaks for a kind of work, a generation and family of chips and a kind of model."""
        same = self.work == work and (self.kind == "mixture") == is_mixture
        return same and self.generation == generation and self.family == family


def calibration_for(
    calibrations: tuple[Calibration, ...], work: str, generation: int, family: str, *, is_mixture: bool
) -> Calibration | None:
    """The first calibration that speaks for what is asked; None where none does."""
    found = (one for one in calibrations if one.holds_for(work, generation, family, is_mixture=is_mixture))
    return next(found, None)


@lru_cache(maxsize=1)
def published_figures() -> str:
    """A digest of the fitted figures that ship: a calibration made beside others says nothing of these."""
    return sha256(b"".join(file.read_bytes() for file in _FIT_FILES)).hexdigest()[:16]


def calibration_document(calibrations: Sequence[Calibration]) -> dict[str, Any]:
    """What a file of calibrations holds, for JSON."""
    held = [asdict(one) for one in calibrations]
    return {"format": FORMAT, "figures": published_figures(), "calibrations": held}


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
        if held["figures"] != published_figures():
            raise LexlociError(f"{path}: was made beside the published figures of another release; {mend}")
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
    if one.kind not in KINDS:
        raise LexlociError(f"{path}: kind {one.kind!r} is neither {' nor '.join(KINDS)}; {mend}")
    wanted = sum(len(figure.keys) for figure in FIGURES) if one.work == TRAINING else 0
    if len(one.logs) != wanted:
        raise LexlociError(f"{path}: holds {len(one.logs)} figures of {wanted}, of another release; {mend}")
    if not all(isfinite(figure) and abs(figure) < _FARTHEST for figure in (*one.logs, one.low, one.middle, one.high)):
        raise LexlociError(f"{path}: holds a figure that no run gives; {mend}")
    if not one.low <= one.middle <= one.high:
        raise LexlociError(f"{path}: low, middle and high are out of order; {mend}")
