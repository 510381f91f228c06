"""What began or ended between two answers: which rules count otherwise, why, and on whose word?

A rule counts otherwise because its standing turned, because a limit, set or definition that it reads
took another version, or because a fact that it reads has another value. A list that passed its limit of
age and a conflict of laws are told too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from lexloci.law.names_read import dated_names
from lexloci.law.rule import Dated, Rule, Rulebook, Timeline
from lexloci.law.standing import describe, turn_at
from lexloci.model.citation import Citation
from lexloci.model.determination import Determination, FactRead, FindingStatus
from lexloci.model.fact import NoValue, Value
from lexloci.model.outcome import Outcome
from lexloci.model.portfolio import Basis

OnDay = tuple[date, Sequence[Determination]]
"""A day, and its answer on each layer that is asked."""
_Legs = tuple[Determination | None, Determination | None]

_BEGINS = {
    FindingStatus.FIRED: "begins to count",
    FindingStatus.POSSIBLE: "may count",
    FindingStatus.LIFTED: "is lifted by an authorisation",
    FindingStatus.EXPOSURE: "is set aside by a reading",
}
_BECOMES = {
    **_BEGINS,
    FindingStatus.FIRED: "counts for certain",
    FindingStatus.POSSIBLE: "becomes only possible",
}
ENDS = "no longer counts"
_RANK = {words: place for place, words in enumerate((*_BECOMES.values(), "begins to count", ENDS, "may count"))}


@dataclass(frozen=True, slots=True)
class Change:
    """What begins or ends: a rule, or a list (``rule`` empty), what it does, why, and the provision.

    ``why`` holds the turn of the rule with its source, the new version of what it reads, or the fact that changed.
    ``layer`` is the layer on which alone it is so, of two that were asked; ``outcome`` what the rule asks for.
    """

    rule: str
    title: str
    what: str
    why: str
    citation: Citation
    outcome: Outcome | None = None
    layer: Basis | None = None


def changes(rulebook: Rulebook, before: OnDay, after: OnDay) -> tuple[Change, ...]:
    """What began or ended between the answers of two days, on whichever layer: what counts for certain comes first."""
    found: dict[Change, list[Basis]] = {}
    for old, new in zip(before[1], after[1], strict=True):
        for change in dict.fromkeys(_on_layer(_Turn(rulebook, before[0], after[0], old, new))):
            found.setdefault(change, []).append(new.basis)
    told = [_on(change, layers, len(after[1])) for change, layers in found.items()]
    return tuple(sorted(told, key=_place))


def _on(change: Change, layers: Sequence[Basis], asked: int) -> Change:
    if len(layers) == asked:
        return change
    return Change(change.rule, change.title, change.what, change.why, change.citation, change.outcome, layer=layers[0])


def _place(change: Change) -> tuple[int, int, str]:
    severity = 0 if change.outcome is None else change.outcome.severity
    return _RANK.get(change.what, len(_RANK)), -severity, change.rule


@dataclass(frozen=True, slots=True)
class _Turn:
    """Two answers on one layer, and their days."""

    rulebook: Rulebook
    day_before: date
    day: date
    before: Determination
    after: Determination


def _on_layer(turn: _Turn) -> Iterator[Change]:
    before, after = _by_leg(turn.before), _by_leg(turn.after)
    for name in dict.fromkeys((*before, *after)):
        legs = before.get(name), after.get(name)
        old, new = map(_statuses, legs)
        for rule_id, party in dict.fromkeys((*old, *new)):
            was, now = old.get((rule_id, party)), new.get((rule_id, party))
            if was is not now:
                yield _of_rule(turn, turn.rulebook.rule(rule_id), _words(was, now), legs)
    yield from _of_conflicts(turn)
    yield from _of_ages(turn)


def _by_leg(determination: Determination) -> dict[str, Determination]:
    return {leg.subject: leg for leg in determination.legs or (determination,)}


def _statuses(leg: Determination | None) -> dict[tuple[str, str], FindingStatus]:
    return {} if leg is None else {(one.rule, one.party): one.status for one in leg.findings}


def _words(was: FindingStatus | None, now: FindingStatus | None) -> str:
    if now is None:
        return ENDS
    return (_BEGINS if was is None else _BECOMES)[now]


def _of_rule(turn: _Turn, rule: Rule, what: str, legs: _Legs) -> Change:
    # A limit that begins with the rule that reads it explains nothing: the rule's own turn goes before.
    reasons = list(_of_standing(turn, rule)) or list(_of_versions(turn, rule))
    if not reasons and legs[0] is not None and legs[1] is not None:
        reasons = [*_of_facts(legs[0], legs[1], rule), *_of_records(legs[0], legs[1], rule)]
    return Change(rule.id, rule.title, what, "; ".join(reasons), rule.citation, rule.outcome)


def _of_standing(turn: _Turn, rule: Rule) -> Iterator[str]:
    layer = turn.after.basis
    now = turn_at(rule, turn.day, turn.after.known_at, layer)
    if now != turn_at(rule, turn.day_before, turn.before.known_at, layer):
        yield describe(rule, turn.day, turn.after.known_at, layer)


def _of_versions(turn: _Turn, rule: Rule) -> Iterator[str]:
    for name, timeline in dated_names(turn.rulebook, rule).items():
        old = timeline.at(turn.day_before, turn.before.known_at)
        new = timeline.at(turn.day, turn.after.known_at)
        if new is not None and new is not old:
            yield f"{name} {_version(timeline, old, new)} since {new.since.isoformat()}, {new.citation.text}"


def _version(timeline: Timeline[Any], old: Dated[Any] | None, new: Dated[Any]) -> str:
    """What the new version says: a figure, who came into a set and who left it, or that the wording is another."""
    if isinstance(new.value, frozenset):
        known = old.value if old is not None else frozenset()
        moves = (("with", new.value - known), ("without", known - new.value))
        return " ".join(f"{word} {', '.join(sorted(names))}" for word, names in moves if names) or "as before"
    if isinstance(new.value, tuple):
        return "reads otherwise" if old is not None else "is defined"
    return f"is {new.value:,.12g}{f' {timeline.unit}' if timeline.unit else ''}"


def _of_facts(before: Determination, after: Determination, rule: Rule) -> Iterator[str]:
    """The facts that the rule read on either day, and that have another value now."""
    old, new = dict(_read(before)), dict(_read(after))
    read = {fact.name for leg in (before, after) for shown, facts in _shown(leg) if shown == rule.id for fact in facts}
    for name in sorted(read & old.keys() & new.keys()):
        if old[name].value != new[name].value:
            origin = f" ({new[name].origin})" if new[name].origin else ""
            yield f"{name} is {_value(new[name].value)}, was {_value(old[name].value)}{origin}"


def _read(leg: Determination) -> Iterator[tuple[str, FactRead]]:
    return ((fact.name, fact) for _, facts in _shown(leg) for fact in facts)


def _shown(leg: Determination) -> Iterator[tuple[str, tuple[FactRead, ...]]]:
    """The rules that a leg shows, those that just fail too, with the facts that they read."""
    yield from ((near.rule, near.facts) for near in leg.near_misses)
    yield from ((one.rule, one.facts) for one in (*leg.notes, *leg.signals, *leg.findings))


def _of_records(before: Determination, after: Determination, rule: Rule) -> Iterator[str]:
    """The authorisations that lift the rule, and the reading that sets it aside, where they begin or end."""
    old, new = ({one for one in leg.vouched if one.name in rule.lifted_by} for leg in (before, after))
    for one in sorted(old ^ new, key=str):
        counts = "counts" if one in new else "no longer counts"
        yield f"{one.name} {_value(one.value)} of {one.by} {counts}, {one.evidence}"
    was, now = ({one.point: one.reading for one in leg.contested} for leg in (before, after))
    point = rule.not_subject_point
    if was.get(point) != now.get(point):
        yield f"the reading of {point} is {now.get(point) or 'open'}, was {was.get(point) or 'open'}"


def _value(value: Value) -> str:
    if isinstance(value, NoValue):
        return value.value
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _of_conflicts(turn: _Turn) -> Iterator[Change]:
    old, new = ({one.rules for one in answer.conflicts} for answer in (turn.before, turn.after))
    for finding, counter in sorted(old ^ new):
        rule = turn.rulebook.rule(counter)
        what = f"pulls against {finding}" if (finding, counter) in new else f"no longer pulls against {finding}"
        yield Change(rule.id, rule.title, what, "; ".join(_of_standing(turn, rule)), rule.citation)


def _of_ages(turn: _Turn) -> Iterator[Change]:
    known = {one.name for one in turn.before.sources if one.is_stale}
    for one in turn.after.sources:
        if one.is_stale and one.name not in known:
            why = f"of {one.dated.isoformat()}, at most {one.limit_days} days old"
            yield Change("", one.name, "is past its limit of age", why, Citation(""))
