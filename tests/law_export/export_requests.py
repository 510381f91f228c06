"""Random requests for an exported selection, from the literals of its formulas; the seed decides all."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from lexloci.law.export.formula import AllOf, Among, AnyOf, Compared, Formula
from lexloci.law.export.selection import Selection
from lexloci.model.act import Role
from lexloci.rulebook.book import bundled_rulebook
from lexloci.rulebook.decided_cases import bundled_cases
from lexloci.rulebook.judge_cases import act_of

Request = dict[str, Any]
_ROLES = [role.value for role in Role]


def requests_for(selection: Selection, seed: int, count: int) -> list[Request]:
    """Requests of the selection's kinds on days of its epoch: known, unknown, absent and mistyped facts mixed."""
    dice = random.Random(seed)
    values = values_of(selection)
    cases = [facts for kind, facts in _case_facts() if kind in {kind.value for kind in selection.kinds}]
    return [_request(selection, dice, values, cases) for _ in range(count)]


def _request(
    selection: Selection, dice: random.Random, values: dict[str, list[Any]], cases: Sequence[dict[str, Any]]
) -> Request:
    unknown, absent, strange = dice.choice([(0.0, 0.3, 0.0), (0.02, 0.5, 0.0), (0.1, 0.1, 0.02), (0.6, 0.2, 0.05)])
    start = dict(dice.choice(cases)) if cases and dice.random() < 0.6 else {}
    benign = dice.random() < 0.7
    as_decided = bool(start) and dice.random() < 0.5
    if as_decided:  # the case as it stands, or nearly: what it does not state is absent
        unknown, absent, strange = dice.choice([0.0, 0.02]), 1.0, 0.0
    facts = {
        name: value
        for name, options in values.items()
        if name in start or dice.random() >= unknown
        for value in [start[name] if name in start else _value(dice, options, absent, strange, benign=benign)]
    }
    held = sorted({kind for one in selection.rules for kind in one.rule.lifted_by})
    return {
        "kind": dice.choice(selection.kinds).value,
        "on": dice.choice([selection.epoch.begin or selection.epoch.on, selection.epoch.on]).isoformat(),
        "asked": dice.sample([*selection.bodies, "zz"], k=dice.choice([0, 1, 1, 1, 2])),
        "roles": _roles_in(start) if as_decided else dice.sample(_ROLES, k=dice.randrange(6)),
        "authorisations": dice.sample(held, k=min(len(held), 0 if as_decided else dice.choice([0, 0, 1, 3]))),
        "facts": facts,
    }


def _roles_in(facts: dict[str, Any]) -> list[str]:
    return sorted({name.partition(".")[0] for name in facts} & set(_ROLES))


def _value(dice: random.Random, options: list[Any], absent: float, strange: float, *, benign: bool) -> Any:
    if dice.random() < absent:
        return None
    if dice.random() < strange:
        return dice.choice([True, 7, 0.5, "text", [], {}])
    if options == [False, True] and benign:
        return dice.random() < 0.03
    return dice.choice(options)


def values_of(selection: Selection) -> dict[str, list[Any]]:
    """For each fact the values that matter: its domain, its literals, what lies beside them, and something else."""
    found: dict[str, list[Any]] = {}
    literals: dict[str, set[Any]] = {}
    for one in selection.rules:
        for name, literal in (*_literals(one.holds), *_literals(one.refuted)):
            literals.setdefault(name, set()).add(literal)
    for fact in selection.facts:
        known = sorted(literals.get(fact.name, ()))
        if fact.type == "bool":
            found[fact.name] = [False, True]
        elif fact.type == "number":
            beside = [number for cut in known for number in (cut * 0.999, cut, cut * 1.001)]
            found[fact.name] = [0, *beside, *(int(cut) for cut in known if cut == int(cut) and cut < 2**53)]
        else:
            found[fact.name] = [*known, "elsewhere", 'a "quoted" text']
    return found


def _literals(formula: Formula) -> Iterator[tuple[str, Any]]:
    match formula:
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from _literals(part)
        case Compared(fact, _, literal):
            yield fact.name, literal
        case Among(fact, members):
            yield from ((fact.name, member) for member in members)


@cache
def _case_facts() -> tuple[tuple[str, dict[str, Any]], ...]:
    """The kind and the stated facts of every decided case of the package."""
    rulebook = bundled_rulebook()
    acts = (act_of(rulebook, case) for case in bundled_cases())
    return tuple(
        (
            act.kind.value,
            {name: fact.value for name, fact in act.facts.items() if isinstance(fact.value, bool | int | float | str)},
        )
        for act in acts
    )
