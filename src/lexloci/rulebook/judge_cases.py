"""Does the rulebook answer a decided case as its source does? What differs, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from lexloci.law.decide import decide
from lexloci.law.on_record import OnRecord
from lexloci.law.reference import ask_all
from lexloci.law.rule import Rulebook
from lexloci.law.weigh import weigh
from lexloci.model.act import Act, Question
from lexloci.model.determination import Determination
from lexloci.model.fact import UNKNOWN, Fact
from lexloci.model.outcome import Outcome
from lexloci.model.party import NotSubject
from lexloci.model.portfolio import Basis
from lexloci.model.record import Authorisation, Reading
from lexloci.rulebook.decided_cases import ANY_LICENCE, DecidedCase
from lexloci.rulebook.facts import act_from_row


@dataclass(frozen=True)
class Judged:
    """A case on one layer of the law: the determination, and each thing in which it differs from the case."""

    case: DecidedCase
    layer: Basis
    determination: Determination
    differences: tuple[str, ...]


def judge(rulebook: Rulebook, case: DecidedCase) -> tuple[Judged, ...]:
    """The answers to a case, one for each layer on which it expects something."""
    answers = ((layer, answer(rulebook, case, layer)) for layer in case.expect)
    return tuple(Judged(case, layer, found, tuple(_differences(case, layer, found))) for layer, found in answers)


def act_of(rulebook: Rulebook, case: DecidedCase) -> Act:
    """The act of a case: a reading that is not adopted is unknown, and so is what the case calls unknown."""
    act = act_from_row(
        case.id, case.kind, case.on, case.facts, asked=case.bodies, closed=case.closed, origin=f"case {case.id}"
    )
    readings = {f"reading.{point}": Fact(case.readings.get(point, UNKNOWN), "readings") for point in rulebook.points}
    open_facts = dict.fromkeys(case.unknown, Fact(UNKNOWN, f"case {case.id}: not known"))
    return replace(act, facts={**act.facts, **readings, **open_facts})


def on_record_of(case: DecidedCase) -> OnRecord:
    """The readings, authorisations and records of being not subject that a case holds, all of its day."""
    return OnRecord(
        readings={
            point: Reading(point, option, "counsel", case.on, "adviser") for point, option in case.readings.items()
        },
        authorisations={
            kind: Authorisation(f"{kind} 1", kind, "authority", "holder", (), case.on) for kind in case.authorisations
        },
        not_subject={name: NotSubject(name, "stated in the case", "adviser", case.on) for name in case.not_subject},
    )


def answer(rulebook: Rulebook, case: DecidedCase, layer: Basis) -> Determination:
    """The determination of a case on a layer of the law, by the bodies of law that it asks."""
    question = Question(case.on, case.known_at, layer)
    return decide(rulebook, act_of(rulebook, case), question, on_record_of(case), bodies=case.bodies)


def agrees(outcome: Outcome, words: str) -> bool:
    """Whether an outcome is what a case expects: its exact words, or any licence for ``licence required``."""
    return outcome.is_licence if words == ANY_LICENCE else outcome.value == words


def rules_met(rulebook: Rulebook, case: DecidedCase) -> tuple[frozenset[str], frozenset[str]]:
    """The ids of the rules whose conditions hold in a case on either layer, and of those whose conditions may."""
    act, on_record = act_of(rulebook, case), on_record_of(case)
    standing = [
        one
        for one in ask_all(rulebook, act, case.known_at, case.bodies)
        if any(weigh(rulebook, one, act, case.known_at, layer, on_record) is not None for layer in Basis)
    ]
    hold = frozenset(one.rule.id for one in standing if one.verdict.truth is True)
    return hold, frozenset(one.rule.id for one in standing) - hold


def _differences(case: DecidedCase, layer: Basis, found: Determination) -> Iterator[str]:
    words = case.expect[layer]
    if not agrees(found.outcome, words):
        yield f"expected {words}, came out {found.outcome.value}"
    elif case.missing is not None and found.outcome is Outcome.HUMAN_REVIEW:
        named = {one.name for one in found.missing}
        if named != set(case.missing):
            yield f"expected as missing {_listed(case.missing)}, came out {_listed(named)}"
    yield from _unshown("signal", case.signals, (one.rule for one in found.signals))
    yield from _unshown("note", case.notes, (one.rule for one in found.notes))
    yield from _unshown("source of a duty", case.duties, (duty.rule for duty in found.duties))
    deciding = {one.rule for one in found.findings}
    for rule in (*case.signals, *case.notes):
        if rule in deciding:
            yield f"expected {rule} beside the answer, came out among its findings"


def _unshown(what: str, expected: Iterable[str], shown: Iterable[str]) -> Iterator[str]:
    known = set(shown)
    return (f"expected {rule} as a {what}, came out without it" for rule in expected if rule not in known)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "nothing"
