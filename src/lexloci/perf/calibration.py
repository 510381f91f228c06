"""What a user's own measured runs say of a chip and a software: the figures of efficiency, and how sure they are.

A calibration holds for one generation of chips. It is read from a file that ``lexloci calibrate`` wrote, and passed to
the estimates; jobs on other generations do not use it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from lexloci.model.errors import LexlociError

FORMAT = "lexloci calibration 1"


@dataclass(frozen=True, slots=True)
class Calibration:
    """Figures fitted to a user's runs, as logs in the order of ``efficiency.FIGURES``, and their errors.

    ``middle``, ``low``, ``high``: median, 5 and 95 % of measured over predicted time, in log, for ``kind`` (dense or
    mixture). ``runs``: how many runs; ``name``: the file that they came from.
    """

    generation: int
    kind: str
    logs: tuple[float, ...]
    middle: float
    low: float
    high: float
    runs: int
    name: str

    def holds_for(self, generation: int, *, is_mixture: bool) -> bool:
        """Whether it speaks for a generation and kind of model."""
        return self.generation == generation and (self.kind == "mixture") == is_mixture


def read_calibrations(path: Path) -> tuple[Calibration, ...]:
    """The calibrations of a file. LexlociError with what is wrong and how to mend it."""
    from lexloci.perf.efficiency import FIGURES

    wanted = sum(len(figure.keys) for figure in FIGURES)
    mend = f"write it anew with: lexloci calibrate RUNS --output {path}"
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        if held["format"] != FORMAT:
            raise LexlociError(f"{path}: format {held['format']!r} is not {FORMAT!r}; {mend}")
        found = tuple(Calibration(**{**one, "logs": tuple(map(float, one["logs"]))}) for one in held["calibrations"])
    except OSError as error:
        raise LexlociError(f"{path}: cannot be read: {error.strerror}; {mend}") from None
    except (ValueError, KeyError, TypeError) as error:
        raise LexlociError(f"{path}: is no calibration ({error}); {mend}") from None
    for one in found:
        if len(one.logs) != wanted:
            raise LexlociError(f"{path}: holds {len(one.logs)} figures of {wanted}, of another release; {mend}")
        if not one.low <= one.middle <= one.high:
            raise LexlociError(f"{path}: low, middle and high are out of order; {mend}")
    return found
