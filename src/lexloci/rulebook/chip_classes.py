"""In which class of ECCN 3A090 is a chip on a day, by its figures?

The definitions of the rulebook (``us_ear/definitions``) are asked by the reference evaluator about the facts of
the chip, as known on that day. They have three values: a figure that is unknown, or on a low level of
verification, leaves the class open (``REVIEW``) wherever it could move it, and decides nothing where it could
not: a circuit for data centres with a TPP of 4800 or more is 3A090.a whatever its die area.

Classes are of the item alone. Is-informed letters bind their addressees and destinations, and stand in the rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from lexloci.law.evaluate import Situation, Truth, evaluate
from lexloci.law.expression import Flag
from lexloci.law.rule import Rulebook
from lexloci.model.chip import Chip
from lexloci.model.fact import UNKNOWN, Fact
from lexloci.rulebook.facts import chip_facts

_A, _B, _ADVANCED = "chip_3a090_a", "chip_3a090_b", "advanced_chip"
_FOR_DATA_CENTRES = "chip.for_data_centres"


class ChipClass(StrEnum):
    """The class of a chip; ``WHOLE`` is ECCN 3A090 before it had paragraphs .a and .b."""

    WHOLE = "3A090"
    A = "3A090.a"
    B = "3A090.b"
    NONE = "not 3A090"
    REVIEW = "human review"


@dataclass(frozen=True, slots=True)
class Classified:
    """The class of a chip on a day, and what follows from the same figures.

    ``possible`` are the classes that its unknown figures leave open (one where it is decided), and ``open_facts``
    those figures. ``by_weak_figures`` is the class that figures on a low level of verification would give: it is
    shown, and never decides. ``exceptions``: whether License Exceptions NAC and ACA may carry it; ``by_note_2``:
    whether only Note 2 (not designed or marketed for data centres) keeps it out of 3A090; ``prohibition_10``:
    whether BIS presumes its manufacture unlawful. None is unknown.
    """

    chip: Chip
    on: date
    possible: tuple[ChipClass, ...]
    open_facts: tuple[str, ...]
    by_weak_figures: ChipClass | None
    exceptions: Truth
    by_note_2: Truth
    prohibition_10: Truth

    @property
    def chip_class(self) -> ChipClass:
        """The class; ``REVIEW`` where more than one is possible."""
        return self.possible[0] if len(self.possible) == 1 else ChipClass.REVIEW


def classify(rulebook: Rulebook, chip: Chip, on: date) -> Classified:
    """The class of one chip on a day, by the definitions as known on that day."""
    facts = chip_facts(chip)
    possible, unknown = _possible(rulebook, facts, on)
    weak = None
    if chip.verification.startswith("low"):
        taken, _ = _possible(rulebook, chip_facts(replace(chip, verification="")), on)
        weak = taken[0] if len(taken) == 1 else ChipClass.REVIEW
    exceptions, _ = _holds(rulebook, facts, on, "exception_eligible_chip")
    prohibited, _ = _holds(rulebook, facts, on, "prc_designed_advanced_chip")
    return Classified(
        chip, on, possible, tuple(sorted(unknown)), weak, exceptions, _by_note_2(rulebook, facts, on), prohibited
    )


def classify_all(rulebook: Rulebook, chips: Iterable[Chip], on: date) -> tuple[Classified, ...]:
    """The class of each chip on a day, in their order."""
    return tuple(classify(rulebook, chip, on) for chip in chips)


def _possible(rulebook: Rulebook, facts: Mapping[str, Fact], on: date) -> tuple[tuple[ChipClass, ...], frozenset[str]]:
    """The classes that the facts leave open, the strictest first, and the unknown facts that do it."""
    is_a, unknown_a = _holds(rulebook, facts, on, _A)
    is_b, unknown_b = _holds(rulebook, facts, on, _B)
    whole = rulebook.definitions[_B].at(on, on) is None
    first = ChipClass.WHOLE if whole else ChipClass.A
    if is_a:
        return (first,), frozenset()
    possible = [first] if is_a is None else []
    possible += [] if is_b is False else [ChipClass.B]
    possible += [] if is_b else [ChipClass.NONE]
    return tuple(possible), unknown_a | unknown_b


def _by_note_2(rulebook: Rulebook, facts: Mapping[str, Fact], on: date) -> Truth:
    """Whether the chip is in no class, and would be in one if it were for data centres."""
    now, _ = _holds(rulebook, facts, on, _ADVANCED)
    for_data_centres = {**facts, _FOR_DATA_CENTRES: Fact(True, "supposed")}
    then, _ = _holds(rulebook, for_data_centres, on, _ADVANCED)
    if now or then is False or facts[_FOR_DATA_CENTRES].value is True:
        return False
    return True if now is False and then else None


def _holds(rulebook: Rulebook, facts: Mapping[str, Fact], on: date, definition: str) -> tuple[Truth, frozenset[str]]:
    def look_up(name: str) -> Fact:
        return facts.get(name, Fact(UNKNOWN, "not stated"))

    return evaluate(Flag(f"defined.{definition}"), Situation(rulebook, look_up, on, on))
