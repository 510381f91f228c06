"""A rule in an answer, in words: what it says, what it read, since when it stands, how it counts."""

from __future__ import annotations

from datetime import date

from lexloci.law.asked import look_up
from lexloci.law.standing import describe
from lexloci.law.weigh import Weighed
from lexloci.model.act import Act, Role
from lexloci.model.determination import FactRead, Finding
from lexloci.model.fact import ABSENT, UNKNOWN, Fact
from lexloci.model.portfolio import Basis


def finding_of(one: Weighed, act: Act, known_at: date, layer: Basis) -> Finding:
    """The finding of a weighed rule about an act, on a layer of the law."""
    rule, role = one.rule, one.asked.role
    return Finding(
        rule=rule.id,
        title=rule.title,
        authority=rule.authority,
        status=one.status,
        outcome=one.outcome,
        reason=fill(rule.reason, act, role),
        citation=rule.citation,
        verification=rule.verification,
        text=rule.text,
        facts=tuple([FactRead(name, fact.value, fact.origin) for name, fact in one.asked.verdict.read.items()]),
        leg=act.leg,
        on=act.on,
        history=describe(rule, act.on, known_at, layer),
        party=act.parties.get(Role(role), "") if role else "",
    )


def fill(reason: str, act: Act, role: str) -> str:
    """The reason with each ``{fact}`` replaced by its value; ``{party.x}`` means the role that met the rule."""
    pieces: list[str] = []
    for part in reason.replace("{", "\0{").replace("}", "}\0").split("\0"):
        if part.startswith("{") and part.endswith("}"):
            name = part[1:-1]
            name = f"{role}.{name[6:]}" if role and name.startswith("party.") else name
            pieces.append(_words(look_up(act, name)))
        else:
            pieces.append(part)
    return "".join(pieces)


def _words(fact: Fact) -> str:
    value = fact.value
    if value is UNKNOWN or value is ABSENT:
        return "(not stated)"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        # Never rounded to a whole number: a figure just below a limit must not read as the limit.
        return f"{value:,.4f}".rstrip("0").rstrip(".") if abs(value) < 1e15 else f"{value:.4g}"
    return value.isoformat() if isinstance(value, date) else str(value)
