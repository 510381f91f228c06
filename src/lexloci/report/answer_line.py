"""What decided an answer, or what it waits for, in one line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from lexloci.model.determination import Determination, FindingStatus, Missing, MissingKind
from lexloci.model.outcome import Outcome

_COUNTED = {
    MissingKind.FACT: ("fact", "facts"),
    MissingKind.READING: ("reading", "readings"),
    MissingKind.VERIFICATION: ("source read", "sources read"),
    MissingKind.DECISION: ("person's decision", "persons' decisions"),
    MissingKind.NOT_MODELLED: ("law that is not modelled", "laws that are not modelled"),
    MissingKind.STALE: ("newer list", "newer lists"),
}
_KIND_WORDS = {
    MissingKind.FACT: "facts",
    MissingKind.READING: "readings",
    MissingKind.VERIFICATION: "sources read",
    MissingKind.DECISION: "a person's decision on",
    MissingKind.NOT_MODELLED: "law that is not modelled:",
    MissingKind.STALE: "newer data:",
}


def answer_line(determination: Determination) -> str:
    """What decided: the rule that fired, the rules that bring the duties, or what a human review waits for.

    A permission says on which readings it rests. Empty where it asks for nothing and rests on none.
    """
    if determination.outcome is Outcome.HUMAN_REVIEW:
        return _needs(determination.missing)
    if determination.outcome.is_placeable:
        duties = _by_body(dict.fromkeys(duty.rule for duty in determination.duties))
        readings = sorted({point.point for point in determination.contested if point.reading})
        parts = (("duties of", duties), ("rests on readings of", readings))
        return "; ".join(f"{words} {', '.join(names)}" for words, names in parts if names)
    for finding in determination.findings:
        if finding.status is FindingStatus.FIRED and finding.outcome is determination.outcome:
            return f"{finding.title} ({finding.citation.text})"
    return ""


def _by_body(rules: Iterable[str]) -> list[str]:
    """The rules by the folder that holds them: the rule where it is alone, else how many there are."""
    bodies: dict[str, list[str]] = {}
    for rule in rules:
        bodies.setdefault(rule.partition(".")[0], []).append(rule)
    return [found[0] if len(found) == 1 else f"{body} ({len(found)} rules)" for body, found in bodies.items()]


def answer_brief(determination: Determination) -> str:
    """What decided, in a few words for a cell: how many duties and readings, what is missing, or the rule's title."""
    if determination.outcome is Outcome.HUMAN_REVIEW:
        counts = Counter(missing.kind for missing in determination.missing)
        return "needs " + ", ".join(_counted(count, *_COUNTED[kind]) for kind, count in counts.items())
    if determination.outcome.is_placeable:
        readings = sum(bool(point.reading) for point in determination.contested)
        parts = ((len(determination.duties), "", "duty", "duties"), (readings, "rests on ", "reading", "readings"))
        return "; ".join(f"{words}{_counted(count, one, many)}" for count, words, one, many in parts if count)
    fired = (one for one in determination.findings if one.status is FindingStatus.FIRED)
    return next((one.title for one in fired if one.outcome is determination.outcome), "")


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def _needs(missing: Sequence[Missing]) -> str:
    """All that a human review waits for, by kind: ``needs facts tenant.headquarters; readings ...``."""
    names: dict[MissingKind, dict[str, None]] = {}
    for one in missing:
        names.setdefault(one.kind, {})[_name(one, missing)] = None
    return "needs " + "; ".join(f"{_KIND_WORDS[kind]} {', '.join(named)}" for kind, named in names.items())


def _name(one: Missing, missing: Sequence[Missing]) -> str:
    """The name; a fact missing about one party in several roles is named once, as an attestation may name it."""
    attribute = one.name.partition(".")[2]
    roles = {other.name for other in missing if other.about == one.about and other.name.partition(".")[2] == attribute}
    return f"party.{attribute} of {one.about}" if one.about and len(roles) > 1 else one.name
