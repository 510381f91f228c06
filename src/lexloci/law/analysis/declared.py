"""Invariants as they are declared beside the rules: what must hold of every act, on every day, whatever else is known.

Layout: ``<authority>/invariants/<name>.yaml``, one invariant a file; docs/reference/rulebook.md describes every key.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from lexloci.law.condition_check import Line, condition_mistakes
from lexloci.law.dated_file import conditions
from lexloci.law.mistake import RuleMistake, UnsoundRulebookError
from lexloci.law.node import Node, read_node
from lexloci.law.rule import Condition, Rulebook
from lexloci.model.act import ActKind
from lexloci.model.citation import Citation
from lexloci.model.outcome import Outcome
from lexloci.model.portfolio import Basis

_ONLY_ONE = "give one of never, at_least and not_placeable: true"


class Promise(StrEnum):
    """What an invariant says of the outcome."""

    NEVER = "never"
    AT_LEAST = "at_least"
    NOT_PLACEABLE = "not_placeable"


@dataclass(frozen=True)
class Invariant:
    """What must hold of every act of some kinds of which ``given`` certainly holds.

    On every day from ``since`` to before ``until`` (None: for ever), by the law known on any day from ``since`` on,
    judged by the ``bodies`` of law with nothing on record, on each of the ``layers``. ``outcome`` is that of
    ``never`` (the answer is never that) or ``at_least`` (what is certain is that or more severe); ``not_placeable``
    means never permitted, nor permitted with duties.
    """

    id: str
    title: str
    why: str
    citation: Citation
    acts: tuple[ActKind, ...]
    bodies: tuple[str, ...]
    given: tuple[Condition, ...]
    promise: Promise
    outcome: Outcome | None
    since: date
    until: date | None
    layers: tuple[Basis, ...]
    file: str

    @property
    def says(self) -> str:
        """The promise in words."""
        if self.outcome is None:
            return "never permitted, nor permitted with duties"
        return f"{self.promise.value.replace('_', ' ')} {self.outcome.value}"


def read_invariants(folder: Path, rulebook: Rulebook) -> tuple[Invariant, ...]:
    """The invariants in the folders of a rulebook, in order of their ids; UnsoundRulebookError holds all mistakes."""
    mistakes: list[RuleMistake] = []
    found: list[Invariant] = []
    for path in sorted(folder.glob("*/invariants/*.yaml")):
        node = read_node(path, path.relative_to(folder).as_posix(), mistakes)
        if node is not None:
            found.append(_invariant(node, f"{path.parent.parent.name}.{path.stem}", rulebook))
    lines = (Line(one.file, f"{one.id}: given", condition, "name the role") for one in found for condition in one.given)
    mistakes += [mistake for line in lines for mistake in condition_mistakes(rulebook, line)]
    if mistakes:
        raise UnsoundRulebookError(mistakes)
    return tuple(found)


def _invariant(node: Node, invariant_id: str, rulebook: Rulebook) -> Invariant:
    node.name = invariant_id
    if node.text("id") not in (invariant_id, ""):
        node.refuse(f"id {node.text('id')} does not match its file", f"write {invariant_id}", "id")
    promise, outcome = _promise(node)
    bodies = {rule.body: rule.body for rule in rulebook.rules}
    layers = {basis.value: basis for basis in Basis}
    found = Invariant(
        id=invariant_id,
        title=node.text("title"),
        why=node.text("why"),
        citation=Citation(node.text("citation"), node.optional("url")),
        acts=node.choices("acts", {act.value: act for act in ActKind}),
        bodies=node.choices("bodies", bodies),
        given=conditions(node, "given"),
        promise=promise,
        outcome=outcome,
        since=node.day("from"),
        until=node.day("until") if node.has("until") else None,
        layers=(node.choice("basis", layers),) if node.has("basis") else tuple(Basis),
        file=node.source.file,
    )
    node.refuse_the_rest()
    if found.until is not None and found.until <= found.since:
        node.refuse("until is not after from", "mend the days", "until")
    _refuse_empty(node, (("acts", found.acts), ("bodies", found.bodies), ("given", node.data.get("given"))))
    return found


def _refuse_empty(node: Node, lists: Iterable[tuple[str, object]]) -> None:
    for key, values in lists:
        if not values:
            node.refuse(f"{key} names nothing", f"write {key}: [...]", key)


def _promise(node: Node) -> tuple[Promise, Outcome | None]:
    """The one promise that is made."""
    given = [promise for promise in Promise if node.has(promise.value)]
    outcomes = {outcome.value: outcome for outcome in Outcome}
    outcome = None
    for promise in given:
        if promise is not Promise.NOT_PLACEABLE:
            allowed = outcomes if promise is Promise.NEVER else {o.value: o for o in list(Outcome)[1:-1]}
            outcome = node.choice(promise.value, allowed)
        else:
            node.read.add(promise.value)
            if node.data[promise.value] is not True:
                node.refuse("not_placeable is not true", _ONLY_ONE, promise.value)
    if len(given) != 1:
        node.refuse(f"makes {len(given)} promises", _ONLY_ONE)
    return (given[0] if given else Promise.NOT_PLACEABLE), outcome
