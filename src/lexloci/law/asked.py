"""What an act says to a rule: its facts, the roles that take part in it, and a rule's verdict about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from lexloci.law.evaluate import RuleVerdict
from lexloci.law.rule import Rule, Standing
from lexloci.model.act import Act, Role
from lexloci.model.fact import ABSENT, UNKNOWN, Fact
from lexloci.model.portfolio import Basis

if TYPE_CHECKING:
    from lexloci.law.weigh import Weights

_PREFIXES = frozenset(role.value for role in Role)


@dataclass(slots=True)
class Asked:
    """A rule asked about an act (for one role where it names several), and what its conditions say.

    Where they are false, ``verdict.read`` holds what was vouched for (readings, attestations) and
    without which the rule would be open. ``weights`` is how it counts where they hold, if that was worked out before.
    """

    rule: Rule
    verdict: RuleVerdict
    role: str
    standing: Mapping[Basis, Standing]
    weights: Weights | None = field(default=None, compare=False, repr=False)


def look_up(act: Act, name: str) -> Fact:
    """A fact of the act: stated, else absent (its role is not in the act, or the case is closed), else unknown."""
    return act.facts.get(name) or silence(name, roles_of(act), is_closed=act.closed)


def silence(name: str, roles: frozenset[str], *, is_closed: bool) -> Fact:
    """What a fact is that nobody states, in an act with these roles."""
    if name.startswith("reading."):
        # A contested point stays open in a closed case too: no silence settles what the sources leave open.
        return Fact(UNKNOWN, "no reading adopted")
    role = role_in(name)
    if role and role not in roles:
        return Fact(ABSENT, f"the act has no {role.replace('_', ' ')}")
    return Fact(ABSENT, "closed case") if is_closed else Fact(UNKNOWN, "not stated")


@cache
def role_in(name: str) -> str:
    """The role whose fact it is; empty where it is no fact of a party."""
    prefix = name.partition(".")[0]
    return prefix if prefix in _PREFIXES else ""


def roles_of(act: Act) -> frozenset[str]:
    """The roles that take part in the act: those with a party, and those with a fact."""
    return frozenset({role.value for role in act.parties} | {role for role in map(role_in, act.facts) if role})


def facts_read(asked: Iterable[Asked]) -> Mapping[str, Fact]:
    """Every fact that these rules have read."""
    read: dict[str, Fact] = {}
    for one in asked:
        read.update(one.verdict.read)
    return read
