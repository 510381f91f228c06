"""The three engines behind one call: an exported selection is compiled once and asked many requests."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import cedarpy
import regorus
from cel_expr_python import cel

from lexloci.law.export.bands import bands_of, cedar_request
from lexloci.law.export.cedar import Policy, cedar_policies, cedar_schema
from lexloci.law.export.cel import cel_expressions
from lexloci.law.export.rego import rego_module
from lexloci.law.export.selection import Selection


@dataclass(frozen=True)
class Answer:
    """What an engine says: the outcome with its certain and worst possible, and the ids of rules by their state."""

    outcome: str
    certain: str = ""
    possible: str = ""
    fired: frozenset[str] = frozenset()
    lifted: frozenset[str] = frozenset()
    open: frozenset[str] = frozenset()


class Cel:
    """The expressions in their order, each with those before it."""

    def __init__(self, selection: Selection) -> None:
        environment = cel.NewEnv(variables={"variables": cel.Type.Map(cel.Type.STRING, cel.Type.DYN)})
        self.named = [(one, environment.compile(one.expression)) for one in cel_expressions(selection)]
        self.read = {one.name: set(_READ.findall(one.expression)) for one, _ in self.named}

    def variables(self, request: object) -> dict[str, Any]:
        found: dict[str, Any] = {"request": request}
        for one, program in self.named:
            read = {name: found[name] for name in self.read[one.name]}
            found[one.name] = _plain(program.eval(data={"variables": read}))
        return found

    def ask(self, request: object) -> Answer:
        found = self.variables(request)
        states = {one.about: found[one.name] for one, _ in self.named if one.name.startswith("rule_")}
        return Answer(
            found["outcome"],
            found["certain_outcome"],
            found["possible_outcome"],
            frozenset(rule for rule, state in states.items() if state == "fired"),
            frozenset(rule for rule, state in states.items() if state in ("lifted", "possible, lifted")),
            frozenset(rule for rule, state in states.items() if state == "possible"),
        )


def _plain(value: cel.Value) -> Any:
    """A value of CEL as JSON; a failure is an error of the test."""
    plain = value.plain_value()
    if isinstance(plain, str) and plain.startswith(_FAILURES):
        raise ValueError(plain)
    return plain


_READ = re.compile(r"\bvariables\.(\w+)")
_FAILURES = ("INVALID_ARGUMENT", "NOT_FOUND", "OUT_OF_RANGE", "UNKNOWN:", "INTERNAL", "UNIMPLEMENTED")


class Rego:
    """The module, asked for its whole answer."""

    def __init__(self, selection: Selection) -> None:
        self.engine = regorus.Engine()
        self.engine.add_policy("lexloci.rego", rego_module(selection))

    def ask(self, request: object) -> Answer:
        self.engine.set_input_json(json.dumps(request))
        found = json.loads(self.engine.eval_rule_as_json("data.lexloci.answer"))
        sets = (frozenset(found[name]) for name in ("fired", "lifted", "possible_rules"))
        return Answer(found["outcome"], found["certain"], found["possible"], *sets)


@dataclass(frozen=True)
class Decision:
    """What Cedar says: whether the act may be placed, and the ids of the policies that decided."""

    allows: bool
    ids: frozenset[str]


class Cedar:
    """The policies with their schema; ``only`` the permits, or ``only`` the forbids with a permit for everything."""

    def __init__(self, selection: Selection, only: str = "") -> None:
        kept = [policy for policy in cedar_policies(selection) if only != ("forbid" if policy.permits else "permit")]
        anything = Policy("anything", permits=True, text="permit (principal, action, resource);\n")
        self.policies = [*kept, anything] if only == "forbid" else kept
        self.text = "\n".join(policy.text for policy in self.policies)
        self.schema = cedar_schema(selection)
        self.bands = bands_of(selection)

    def ask_all(self, requests: Sequence[Mapping[str, Any]], *, with_schema: bool = True) -> list[Decision]:
        asked = [asked_of(cedar_request(self.bands, request)) for request in requests]
        return self.decide(asked, with_schema=with_schema)

    def decide(self, asked: list[dict[str, Any]], *, with_schema: bool = True) -> list[Decision]:
        policies = cedarpy.PolicySet.from_str(self.text)
        schema = cedarpy.Schema.from_str(self.schema) if with_schema else None
        results = cedarpy.is_authorized_batch(asked, policies, [], schema)
        return [
            Decision(
                result.decision == cedarpy.Decision.Allow,
                frozenset(self.policies[int(name.removeprefix("policy"))].id for name in result.diagnostics.reasons),
            )
            for result in results
        ]


def asked_of(request: Mapping[str, Any]) -> dict[str, Any]:
    return {"principal": 'Lexloci::Party::"party"', "resource": 'Lexloci::Site::"site"', **request}
