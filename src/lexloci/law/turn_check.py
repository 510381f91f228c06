"""Do the turns of a rule's standing contradict one another?

Each layer of the law begins with a turn to *in force* or *unsettled*, and is followed turn by turn in the order of
the file; publication is left to the day on which somebody asks, but for a turn that no such day could show.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lexloci.law.rule import Standing, Turn
from lexloci.model.portfolio import Basis

Wrong = tuple[int, str, str]
"""The place of a turn in the list, what is wrong with it, and how to mend it."""


def contradictions(turns: Sequence[Turn]) -> Iterator[Wrong]:
    """What contradicts itself in the turns of one rule; nothing where they can all be true."""
    for place in range(1, len(turns)):
        if turns[place].on < turns[place - 1].on:
            yield place, f"has turns out of order: {turns[place].on} after {turns[place - 1].on}", "order them by date"
            return
    now: dict[Basis, Standing] = {}
    for place, turn in enumerate(turns):
        wrong = _wrong_change(now, turn) or _never_shown(turns, place)
        if wrong is not None:
            yield place, *wrong
        now |= dict.fromkeys(_layers(turn), turn.standing)


def _layers(turn: Turn) -> tuple[Basis, ...]:
    return tuple(Basis) if turn.layer is None else (turn.layer,)


def _wrong_change(now: dict[Basis, Standing], turn: Turn) -> tuple[str, str] | None:
    """What is wrong with a turn after those before it, and how to mend it."""
    layers = _layers(turn)
    if all(now.get(layer) is turn.standing for layer in layers):
        return f"turns on {turn.on} to what it is already: {turn.standing.value}", "remove the turn, or mend its day"
    if turn.layer is Basis.ENFORCEMENT and Basis.TEXT not in now:
        return "is enforced or not before its text begins", "write the turn of the text before it"
    match turn.standing:
        case Standing.STAYED if any(now.get(layer) not in (Standing.IN_FORCE, Standing.UNSETTLED) for layer in layers):
            before = "ends before it begins" if not now else "is stayed while it is not in force"
            return before, "the turn before it says since when it is in force"
        case Standing.NOT_IN_FORCE if any(layer not in now for layer in layers):
            return "ends before it begins", "the first turn says when it comes into force"
        case Standing.NOT_ENFORCED if turn.layer is not Basis.ENFORCEMENT:
            before = "ends before it begins: its text" if not now else "its text"
            return f"{before} cannot be not enforced", "write layer: enforcement"
    return None


def _never_shown(turns: Sequence[Turn], place: int) -> tuple[str, str] | None:
    """Whether later turns of the day, published no later, hide a turn on each of its layers whenever it is known."""
    turn = turns[place]
    hiding = [
        one
        for one in turns[place + 1 :]
        if one.on == turn.on and one.published <= turn.published and one.standing is not turn.standing
    ]
    hidden = {layer for one in hiding for layer in _layers(one)}
    if not hidden.issuperset(_layers(turn)):
        return None
    what = f"turns on {turn.on} to {turn.standing.value}, and another turn of that day and layer always takes its place"
    return what, "remove the one that is wrong, or say when each was published"
