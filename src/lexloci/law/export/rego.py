"""A selection as Rego: one module, ``package lexloci``, in the syntax of Rego v1.

``input`` is the request (``lexloci.law.export.request``). ``holds`` and ``refuted`` hold the ids of
the rules whose formula is true; what follows from them is the same text for every rulebook
(``outcome.rego``). ``data.lexloci.answer`` is the whole answer, ``data.lexloci.outcome`` its
outcome; undefined counts as human review.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files

from lexloci.law.asked import role_in
from lexloci.law.export.formula import Absent, AllOf, Among, AnyOf, Compared, Fact, Formula, HasRole, Pair, shared_parts
from lexloci.law.export.request import KEYS
from lexloci.law.export.selection import LEVELS, ExportedRule, Selection
from lexloci.law.expression import Literal
from lexloci.model.act import Role

_READERS = {"bool": "truth", "number": "number", "text": "text"}


def rego_module(selection: Selection) -> str:
    """The module of a selection: its constants, the outcome, and the two formulas of each rule."""
    head = "# The outcome of a request, from the rulebook below.\npackage lexloci\n\nimport rego.v1\n"
    fixed = files(__package__).joinpath("outcome.rego").read_text(encoding="utf-8")
    return "\n".join((head, _constants(selection), fixed, *_Rego(selection).rules()))


def _constants(selection: Selection) -> str:
    epoch = selection.epoch
    constants = {
        "request_keys": sorted(KEYS),
        "kinds": sorted(kind.value for kind in selection.kinds),
        "all_roles": sorted(role.value for role in Role),
        "role_of": {fact.name: role for fact in selection.facts if (role := role_in(fact.name))},
        "begin": epoch.begin.isoformat() if epoch.begin else "",
        "end": epoch.end.isoformat() if epoch.end else "A",  # after every digit
        "stale": epoch.is_stale,
        "words": [outcome.value for outcome in LEVELS],
        "rules": {one.id: _rule(one) for one in selection.rules},
        "against": {counter.id: [one.id for one in against] for counter, against in selection.conflicts},
    }
    return "\n\n".join(
        f"{name} := {json.dumps(value, ensure_ascii=False, indent=2)}" for name, value in constants.items()
    )


def _rule(one: ExportedRule) -> dict[str, object]:
    return {
        "title": one.rule.title,
        "citation": one.rule.citation.text,
        "body": one.rule.body,
        "kinds": [kind.value for kind in one.kinds],
        "counts": one.counts,
        "decides": one.decides,
        "fired_level": one.fired_level,
        "possible_level": one.possible_level,
        "lifted_by": list(one.rule.lifted_by),
    }


@dataclass(frozen=True)
class _Rego:
    selection: Selection

    @cached_property
    def names(self) -> dict[Formula, str]:
        """A name for every disjunction within a formula, and for what occurs more than once."""
        found: dict[Formula, str] = {}

        def name(formula: Formula) -> None:
            if formula not in found:
                found[formula] = f"part_{len(found) + 1}"

        def visit(formula: Formula, *, top: bool) -> None:
            if not isinstance(formula, AllOf | AnyOf):
                return
            for part in formula.parts:
                visit(part, top=isinstance(formula, AnyOf) and top)
            if isinstance(formula, AnyOf) and not top:
                name(formula)

        formulas = [formula for one in self.selection.rules for formula in (one.holds, one.refuted)]
        for formula in shared_parts(formulas):
            visit(formula, top=True)
            name(formula)
        for formula in formulas:
            visit(formula, top=True)
        return found

    def rules(self) -> Iterator[str]:
        """The named parts, then each rule's formulas."""
        for formula, name in self.names.items():
            whole = formula.parts if isinstance(formula, AnyOf) else (formula,)
            yield from (self.body(name, part, itself=isinstance(formula, AllOf)) for part in whole)
        for one in self.selection.rules:
            yield f"# {one.rule.title} ({one.rule.citation.text})"
            for kind, formula in (("holds", one.holds), ("refuted", one.refuted)):
                head = f"{kind} contains {_literal(one.id)}"
                parts = formula.parts if isinstance(formula, AnyOf) and formula not in self.names else (formula,)
                guard = (f"of_kind({_literal(one.id)})",) if self.selection.of_other_kinds(one) else ()
                yield from (self.body(head, part, guard) for part in parts)

    def body(self, head: str, formula: Formula, guard: tuple[str, ...] = (), *, itself: bool = False) -> str:
        """One rule: its head, ``guard``, and a line for each part; ``itself``: it gives a named formula its name."""
        named = formula in self.names and not itself
        parts = formula.parts if isinstance(formula, AllOf) and not named else (formula,)
        lines = [*guard, *(line for number, part in enumerate(parts) for line in self.lines(part, number))] or ["true"]
        return f"{head} if {{\n" + "".join(f"\t{line}\n" for line in lines) + "}\n"

    def lines(self, formula: Formula, number: int) -> list[str]:
        """A part as the lines of a body; ``number`` keeps its variable apart."""
        if formula in self.names:
            return [self.names[formula]]
        match formula:
            case AllOf(parts):
                return [line for place, part in enumerate(parts) for line in self.lines(part, 100 * number + place)]
            case HasRole(role, lacks):
                return [f"{'not ' if lacks else ''}{_literal(role)} in present"]
            case Absent(fact):
                return [f"{_literal(fact.name)} in absent"]
            case Among(fact, members, outside):
                value = f"value_{number}"
                inside = f"{value} in {{{', '.join(map(_literal, members))}}}"
                tests = [f"not {inside}"] if outside and members else [inside] if members else []
                return [f"{value} := {_read(fact)}", *tests]
            case Pair(fact, operator, other):
                return [f"{_read(fact)} {operator} {_read(other)}"]
            case Compared(fact, operator, literal):
                return [f"{_read(fact)} {operator} {_literal(literal)}"]
        raise AssertionError(formula)


def _read(fact: Fact) -> str:
    """The value of a fact of its type; undefined where it has none."""
    return f"{_READERS[fact.type]}({_literal(fact.name)})"


def _literal(literal: Literal) -> str:
    return json.dumps(
        float(literal) if isinstance(literal, int) and not isinstance(literal, bool) else literal, ensure_ascii=False
    )
