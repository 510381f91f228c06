"""What decided an answer, or what it waits for, in one line."""

from __future__ import annotations

from lexloci.model.determination import Determination, FindingStatus, Missing, MissingKind
from lexloci.model.outcome import Outcome

_NAMED = {
    MissingKind.FACT: "",
    MissingKind.READING: "a reading of ",
    MissingKind.VERIFICATION: "the source of ",
    MissingKind.DECISION: "a person's decision on ",
    MissingKind.NOT_MODELLED: "not modelled: ",
    MissingKind.STALE: "too old: ",
}


def answer_line(determination: Determination) -> str:
    """What decided: the rule that fired, the rules that bring the duties, or what a human review waits for.

    Empty where the act is permitted and asks for nothing.
    """
    if determination.outcome is Outcome.HUMAN_REVIEW:
        return "needs " + ", ".join(dict.fromkeys(_named(missing) for missing in determination.missing))
    if determination.outcome.is_placeable:
        rules = dict.fromkeys(duty.rule for duty in determination.duties)
        return f"duties of {', '.join(rules)}" if rules else ""
    for finding in determination.findings:
        if finding.status is FindingStatus.FIRED and finding.outcome is determination.outcome:
            return f"{finding.title} ({finding.citation.text})"
    return ""


def _named(missing: Missing) -> str:
    about = f" of {missing.about}" if missing.about else ""
    return f"{_NAMED[missing.kind]}{missing.name}{about}"
