"""What is the smallest lawful change that would make an act placeable?

Only what may lawfully be moved is moved: an authorisation, approval, filing or contract that a rule names, or
another site where some are given. What is so stays so: the class of a chip, a headquarters, the nature of data.
Every change that is named was judged again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from lexloci.law.decide import decide
from lexloci.law.on_record import OnRecord
from lexloci.law.rule import Rulebook
from lexloci.model.act import Act, Question
from lexloci.model.determination import Determination, FindingStatus
from lexloci.model.fact import Fact
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
) -> tuple[Lever, ...]:
    """All changes of the smallest size that make an act placeable; empty: there is no lawful lever.

    Another site counts as one change, as each authorisation does; at most four are combined. ``sites`` are facts by
    the name of a site, which take the place of the act's own. An act that is placeable already needs no change.
    """
    places = {NO_SITE: act} | {
        name: replace(act, facts={**act.facts, **facts}) for name, facts in (sites or {}).items()
    }
    kinds = {
        name: _kinds(rulebook, decide(rulebook, there, question, on_record, bodies=bodies))
        for name, there in places.items()
    }
    for size in range(MOST_AUTHORISATIONS + 1):
        found = tuple(_levers(rulebook, places, kinds, question, on_record, bodies, size))
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
    rulebook: Rulebook,
    places: Mapping[str, Act],
    kinds: Mapping[str, tuple[str, ...]],
    question: Question,
    on_record: OnRecord,
    bodies: Sequence[str] | None,
    size: int,
) -> Iterator[Lever]:
    """The changes of a size after which the act is placeable."""
    for name, there in places.items():
        authorisations = size - (name != NO_SITE)
        if authorisations < 0:
            continue
        for chosen in combinations(kinds[name], authorisations):
            record = _with(on_record, chosen, there)
            determination = decide(rulebook, there, question, record, bodies=bodies)
            if determination.outcome.is_placeable:
                yield Lever(chosen, name, determination)


def _with(on_record: OnRecord, kinds: Sequence[str], act: Act) -> OnRecord:
    """What is on record, and authorisations of these kinds that would count for the act on its day."""
    assumed = {kind: Authorisation(f"{kind}, if granted", kind, "", "", (), act.on) for kind in kinds}
    return replace(on_record, authorisations={**on_record.authorisations, **assumed})
