"""What is the smallest lawful change that would make an act placeable?

Only what may lawfully be moved is moved: an authorisation, approval, filing or contract that a rule names, or
another site where some are given. What is so stays so: the class of a chip, a headquarters, the nature of data.
Every change that is named was judged again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from lexloci.law.decide import decide
from lexloci.law.on_record import OnRecord
from lexloci.law.rule import Rulebook
from lexloci.model.act import Act, Question
from lexloci.model.determination import Determination, FindingStatus, SourceAge
from lexloci.model.fact import Fact
from lexloci.model.outcome import Outcome
from lexloci.model.record import Authorisation

NO_SITE = ""
MOST_AUTHORISATIONS = 4


@dataclass(frozen=True)
class Lever:
    """A change: authorisations to obtain (by kind), at another of the sites that were given where one is named.

    ``determination`` is the answer after it.
    """

    authorisations: tuple[str, ...]
    site: str
    determination: Determination


def smallest_levers(
    rulebook: Rulebook,
    act: Act,
    question: Question,
    on_record: OnRecord,
    sites: Mapping[str, Mapping[str, Fact]] | None = None,
    bodies: Sequence[str] | None = None,
    sources: Sequence[SourceAge] = (),
) -> tuple[Lever, ...]:
    """All changes of the smallest size that make an act placeable; empty: there is no lawful lever.

    Another site counts as one change, as each authorisation does; at most four are combined. ``sites`` are facts by
    the name of a site, which take the place of the act's own. An act that is placeable already needs no change.
    """
    places = {NO_SITE: act} | {
        name: replace(act, facts={**act.facts, **facts}) for name, facts in (sites or {}).items()
    }

    def ask(there: Act, record: OnRecord) -> Determination:
        return decide(rulebook, there, question, record, sources, bodies)

    kinds = {name: _kinds(rulebook, ask(there, on_record)) for name, there in places.items()}
    for size in range(MOST_AUTHORISATIONS + 1):
        found = tuple(_levers(places, kinds, on_record, size, ask))
        if found:
            return tuple(one for one in found if one.authorisations or one.site)
    return ()


def _kinds(rulebook: Rulebook, determination: Determination) -> tuple[str, ...]:
    """The kinds of authorisation that lift a rule which stands in the way."""
    in_the_way = [
        one.rule
        for one in determination.findings
        if one.status in (FindingStatus.FIRED, FindingStatus.POSSIBLE) and not one.outcome.is_placeable
    ]
    in_the_way += [rule for conflict in determination.conflicts for rule in conflict.rules]
    return tuple(sorted({kind for rule in in_the_way for kind in rulebook.rule(rule).lifted_by}))


def _levers(
    places: Mapping[str, Act],
    kinds: Mapping[str, tuple[str, ...]],
    on_record: OnRecord,
    size: int,
    ask: Callable[[Act, OnRecord], Determination],
) -> Iterator[Lever]:
    """The changes of a size after which the act is placeable."""
    for name, there in places.items():
        authorisations = size - (name != NO_SITE)
        if authorisations < 0:
            continue
        for chosen in combinations(kinds[name], authorisations):
            determination = ask(there, _with(on_record, chosen, there))
            if determination.outcome.is_placeable:
                yield Lever(chosen, name, determination)


def _with(on_record: OnRecord, kinds: Sequence[str], act: Act) -> OnRecord:
    """What is on record, and authorisations of these kinds that would count for the act on its day."""
    assumed = {kind: Authorisation(f"{kind}, if granted", kind, "", "", (), act.on) for kind in kinds}
    return replace(on_record, authorisations={**on_record.authorisations, **assumed})


def with_smallest(determination: Determination, levers: Sequence[Lever]) -> Determination:
    """The determination of an act with the smallest lawful change first among its levers, or that there is none."""
    if determination.outcome.is_placeable:
        return determination
    ways = [" and ".join(kind.replace("_", " ") for kind in one.authorisations) for one in levers]
    if ways:
        text = f"the smallest lawful change that permits it, duties kept: {'; or '.join(ways)}"
    elif determination.outcome is Outcome.HUMAN_REVIEW:
        text = "no authorisation settles this by itself: see what is missing"
    else:
        text = "no authorisation that the rules name permits this"
    return replace(determination, levers=(text, *determination.levers))
