"""What the tests of the engine share: the invented rulebook, an act of it, and rulebooks built in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path

from lexloci.law.decide import decide
from lexloci.law.evaluate import Situation
from lexloci.law.expression import parse
from lexloci.law.load import load_rulebook
from lexloci.law.on_record import NOTHING_ON_RECORD, OnRecord
from lexloci.law.rule import (
    Condition,
    Dated,
    EffectKind,
    FactType,
    Rule,
    Rulebook,
    Scope,
    Standing,
    Timeline,
    Turn,
)
from lexloci.model.act import Act, ActKind, Question, Role
from lexloci.model.citation import Citation, Verification
from lexloci.model.determination import Determination, Finding, FindingStatus, SourceAge
from lexloci.model.fact import UNKNOWN, Fact, Value
from lexloci.model.outcome import Outcome
from lexloci.model.party import NotSubject
from lexloci.model.portfolio import Basis
from lexloci.model.record import Authorisation, Reading

SAMPLE = Path(__file__).parent / "rulebook_sample"
DAY = date(2030, 1, 1)
QUESTION = Question(DAY, DAY, Basis.TEXT)
BEGIN = date(2029, 1, 1)
NO_CITATION = Citation("none")
BENIGN: Mapping[str, Value] = {
    "chip.power": 10,
    "chip.maker": "other",
    "site.country": "AA",
    "consignee.listed": False,
    "end_user.listed": False,
    "deal.helped": False,
    "deal.recalled": False,
    "deal.odd": False,
    "deal.courted": False,
    "deal.rumoured": False,
    "deal.funded": False,
    "deal.fast": False,
    "deal.large": False,
    "deal.sealed": False,
    "deal.shared": False,
}


@cache
def sample() -> Rulebook:
    return load_rulebook(SAMPLE)


def act(
    facts: Mapping[str, Value] | None = None,
    *,
    kind: ActKind = ActKind.EXPORT,
    on: date = DAY,
    asked: tuple[str, ...] = ("aa",),
    closed: bool = False,
) -> Act:
    """An act of which everything is harmless but what ``facts`` say."""
    values = {**BENIGN, **(facts or {})}
    stated = {name: Fact(value, "case") for name, value in values.items()}
    parties = {Role.CONSIGNEE: "consignee-party", Role.END_USER: "end-user-party"}
    return Act("act", kind, "the leg", on, stated, asked, parties, closed=closed)


def ask_sample(
    facts: Mapping[str, Value] | None = None,
    on_record: OnRecord = NOTHING_ON_RECORD,
    *,
    kind: ActKind = ActKind.EXPORT,
    on: date = DAY,
    asked: tuple[str, ...] = ("aa",),
    question: Question = QUESTION,
    sources: Sequence[SourceAge] = (),
) -> Determination:
    return decide(sample(), act(facts, kind=kind, on=on, asked=asked), question, on_record, sources)


def finding(determination: Determination, rule: str) -> Finding:
    shown = (*determination.findings, *determination.signals, *determination.notes)
    return next(one for one in shown if one.rule == rule)


def status(determination: Determination, rule: str) -> FindingStatus:
    return finding(determination, rule).status


def held(kind: str, **fields: object) -> OnRecord:
    conditions = tuple(fields.get("conditions", ()))  # type: ignore[call-overload]
    licence = Authorisation("no. 1", kind, "office", "consignee-party", ("x",), BEGIN, conditions=conditions)
    return OnRecord(authorisations={kind: licence})


def not_subject(authority: str = "aa_office", option: str = "") -> OnRecord:
    record = NotSubject(authority, "abroad", "counsel", BEGIN)
    readings = {}
    if option:
        readings["aa.reach_abroad"] = Reading("aa.reach_abroad", option, "officer", BEGIN, "counsel")
    return OnRecord(not_subject={authority: record}, readings=readings)


def condition(text: str) -> Condition:
    return Condition(text, parse(text))


def make_rule(
    name: str,
    when: Sequence[str] = (),
    outcome: Outcome = Outcome.PROHIBITED,
    *,
    unless: Sequence[str] = (),
    kind: EffectKind = EffectKind.OUTCOME,
    for_any: tuple[str, ...] = (),
    verification: Verification = Verification.PRIMARY,
    turns: tuple[Turn, ...] = (Turn(BEGIN, Standing.IN_FORCE, BEGIN),),
    scope: Scope = Scope.ITEM,
    lifted_by: tuple[str, ...] = (),
    body: str = "aa",
) -> Rule:
    """A rule in memory; by default it prohibits and is in force on both layers since 2029."""
    return Rule(
        id=f"{body}.{name}",
        title=name,
        authority=f"{body}_office",
        body=body,
        scope=scope,
        verification=verification,
        citation=NO_CITATION,
        text="text",
        acts=frozenset((ActKind.EXPORT,)),
        turns=turns,
        when=tuple(condition(text) for text in when),
        unless=tuple(condition(text) for text in unless),
        kind=kind,
        outcome=outcome,
        reason="reason",
        for_any=for_any,
        lifted_by=lifted_by,
    )


PERMIT = make_rule("permit", outcome=Outcome.PERMITTED, kind=EffectKind.PERMIT)
PARAMETERS = {"limit": Timeline("limit", "a limit", (Dated(BEGIN, BEGIN, 5.0, NO_CITATION),))}
SETS = {"far": Timeline("far", "far places", (Dated(BEGIN, BEGIN, frozenset({"BB", "CC"}), NO_CITATION),))}
DEFINITIONS = {
    "both": Timeline("both", "two flags", (Dated(BEGIN, BEGIN, (condition("f.a"), condition("f.b")), NO_CITATION),))
}


def make_rulebook(rules: Sequence[Rule], vocabulary: Mapping[str, FactType] | None = None) -> Rulebook:
    known = dict(vocabulary or {})
    return Rulebook("in memory", DAY, 180, tuple(rules), DEFINITIONS, PARAMETERS, SETS, {}, known)


def make_act(values: Mapping[str, Value], asked: tuple[str, ...] = ("aa",)) -> Act:
    return Act("act", ActKind.EXPORT, "leg", DAY, {name: Fact(value) for name, value in values.items()}, asked)


def situation(values: Mapping[str, Value], on: date = DAY) -> Situation:
    """The facts of a situation; what is not among them is unknown."""
    return Situation(make_rulebook(()), lambda name: Fact(values.get(name, UNKNOWN)), on, DAY)
