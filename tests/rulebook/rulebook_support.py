"""Reads the decided cases beside the rules, and turns each into an act and its determination."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import lexloci.rulebook
from lexloci.case.yaml_source import load
from lexloci.law.decide import decide
from lexloci.law.on_record import OnRecord
from lexloci.model.act import Act, ActKind, Question
from lexloci.model.determination import Determination
from lexloci.model.fact import UNKNOWN, Fact, Plain
from lexloci.model.outcome import Outcome
from lexloci.model.party import NotSubject
from lexloci.model.portfolio import Basis
from lexloci.model.record import Authorisation, Reading
from lexloci.rulebook.book import bundled_rulebook
from lexloci.rulebook.facts import act_from_row

RULEBOOK_FOLDER = Path(lexloci.rulebook.__file__).parent
ANY_LICENCE = "licence required"
_KEYS = {
    "id",
    "on",
    "known_at",
    "kind",
    "bodies",
    "given",
    "facts",
    "unknown",
    "readings",
    "not_subject",
    "authorisations",
}
_KEYS |= {"expect", "signals", "notes", "missing", "duties", "citation", "source", "note"}


@dataclass(frozen=True)
class DecidedCase:
    """One case of ``<authority>/cases/*.yaml``: what was done, and what the law answers."""

    id: str
    file: str
    on: date
    known_at: date
    kind: ActKind
    bodies: tuple[str, ...]
    closed: bool
    facts: Mapping[str, Plain]
    unknown: tuple[str, ...]
    readings: Mapping[str, str]
    not_subject: tuple[str, ...]
    authorisations: tuple[str, ...]
    expect: Mapping[Basis, str]
    signals: tuple[str, ...]
    notes: tuple[str, ...]
    missing: tuple[str, ...] | None
    duties: tuple[str, ...]


@cache
def decided_cases() -> tuple[DecidedCase, ...]:
    """Every case of every authority, in the order of their files."""
    found: list[DecidedCase] = []
    for path in sorted(RULEBOOK_FOLDER.glob("*/cases/*.yaml")):
        name = str(path.relative_to(RULEBOOK_FOLDER))
        found += [_case(row, name) for row in load(path.read_text(encoding="utf-8"), name).data["cases"]]
    return tuple(found)


def _case(row: dict[str, Any], file: str) -> DecidedCase:
    unread = set(row) - _KEYS
    if unread:
        raise ValueError(f"{file} {row.get('id')}: no such key: {', '.join(sorted(unread))}")
    if row.get("given", "closed") not in ("closed", "open"):
        raise ValueError(f"{file} {row['id']}: given is closed or open")
    on = date.fromisoformat(str(row["on"]))
    return DecidedCase(
        id=row["id"],
        file=file,
        on=on,
        known_at=date.fromisoformat(str(row["known_at"])) if "known_at" in row else on,
        kind=ActKind(row["kind"]),
        bodies=tuple(row["bodies"]),
        closed=row.get("given", "closed") == "closed",
        facts=row["facts"],
        unknown=tuple(row.get("unknown", ())),
        readings=row.get("readings", {}),
        not_subject=tuple(row.get("not_subject", ())),
        authorisations=tuple(row.get("authorisations", ())),
        expect={Basis(layer): words for layer, words in row["expect"].items()},
        signals=tuple(row.get("signals", ())),
        notes=tuple(row.get("notes", ())),
        missing=tuple(row["missing"]) if "missing" in row else None,
        duties=tuple(row.get("duties", ())),
    )


def act_of(case: DecidedCase) -> Act:
    """The act of a case: a reading that is not adopted is unknown, and so is what the case calls unknown."""
    rulebook = bundled_rulebook()
    stray = (set(case.facts) | set(case.unknown)) - set(rulebook.vocabulary) - {"chip"}
    if stray:
        raise ValueError(f"{case.file} {case.id}: no fact of the vocabulary: {', '.join(sorted(stray))}")
    act = act_from_row(
        case.id, case.kind, case.on, case.facts, asked=case.bodies, closed=case.closed, origin=f"case {case.id}"
    )
    readings = {f"reading.{point}": Fact(case.readings.get(point, UNKNOWN), "readings") for point in rulebook.points}
    open_facts = dict.fromkeys(case.unknown, Fact(UNKNOWN, f"case {case.id}: not known"))
    return replace(act, facts={**act.facts, **readings, **open_facts})


def on_record_of(case: DecidedCase) -> OnRecord:
    """The readings, authorisations and records of being not subject that a case holds."""
    return OnRecord(
        readings={
            point: Reading(point, option, "counsel", case.on, "adviser") for point, option in case.readings.items()
        },
        authorisations={
            kind: Authorisation(f"{kind} 1", kind, "authority", "holder", (), case.on) for kind in case.authorisations
        },
        not_subject={name: NotSubject(name, "stated in the case", "adviser", case.on) for name in case.not_subject},
    )


def answer(case: DecidedCase, layer: Basis, act: Act | None = None) -> Determination:
    """The determination of a case on a layer of the law, by the bodies of law that it asks."""
    question = Question(case.on, case.known_at, layer)
    return decide(bundled_rulebook(), act or act_of(case), question, on_record_of(case), bodies=case.bodies)


def agrees(outcome: Outcome, words: str) -> bool:
    """Whether an outcome is what a case expects: its exact words, or any licence for ``licence required``."""
    return outcome.is_licence if words == ANY_LICENCE else outcome.value == words
