"""The parts of an answer as sentences, the same in the terminal and in HTML."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from lexloci.model.determination import (
    Conflict,
    Contested,
    Determination,
    Duty,
    Missing,
    MissingKind,
    OtherLayer,
    SourceAge,
    Vouched,
)
from lexloci.model.fact import NoValue, Value
from lexloci.report.finding_order import without


def value_words(value: Value) -> str:
    """A fact's value: yes or no, a figure, a date, a text, unknown or absent; a text that says so is quoted."""
    if isinstance(value, NoValue):
        return value.value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (int, float)):
        return f"{value:,}"
    return f"“{value}”" if value in {"unknown", "absent", "yes", "no", ""} else value


def settled_words(determination: Determination) -> str:
    """What is certain and what is the worst possible, where the two differ; else empty."""
    if determination.certain is determination.possible:
        return ""
    return f"certain: {determination.certain.value}; worst possible: {determination.possible.value}"


def clock_words(determination: Determination) -> str:
    """On which day, by which knowledge, on which layer and by which rulebook the answer was given."""
    return (
        f"as of {determination.as_of}, known at {determination.known_at}, on the basis of "
        f"{determination.basis.value}, rulebook {determination.rulebook}"
    )


def answer_parts(answer: Determination, shown: Determination | None) -> Iterator[tuple[str, str, list[str | Conflict]]]:
    """The parts of an answer beside its findings that its root ``shown`` lacks: name, title, items.

    A conflict of laws comes as it is, since its citations may become links.
    """

    def new(name: str) -> list[Any]:
        return without(getattr(answer, name), getattr(shown, name) if shown else ())

    yield "missing", "what would settle it", [missing_words(thing) for thing in new("missing")]
    yield "contested", "contested points", [contested_words(point) for point in new("contested")]
    yield "duties", "duties", [duty_words(duty) for duty in new("duties")]
    yield "conflicts", "conflict of laws", new("conflicts")
    yield "vouched", "vouched for", [vouched_words(thing) for thing in new("vouched")]
    yield "levers", "what would change the answer", new("levers")
    other = answer.other_layer
    if other and (shown is None or other != shown.other_layer):
        yield "other-layer", "the other layer of the law", [other_layer_words(other)]


def missing_words(missing: Missing) -> str:
    """What is needed: the question, then the name of the fact, point, rule or list and what it is about."""
    kind = "" if missing.kind is MissingKind.FACT else f"{missing.kind.value}: "
    about = f" of {missing.about}" if missing.about else ""
    leg = f"; {missing.leg}" if missing.leg else ""
    rules = f"; asked by {', '.join(missing.rules)}" if missing.rules else ""
    return f"{kind}{missing.question} ({missing.name}{about}{leg}{rules})"


def contested_words(point: Contested) -> str:
    """A contested point: who adopted which reading, when, on whose advice; or that it is open, with its options."""
    options = dict(point.options)
    if not point.reading:
        choices = "; ".join(f"{option}: {text}" for option, text in point.options)
        return f"{point.question} Open, no reading adopted. Options: {choices} ({point.point})"
    on = f" on {point.on}" if point.on else ""
    adviser = f", on the advice of {point.adviser}" if point.adviser else ""
    text = options.get(point.reading, "")
    chosen = f"{point.reading}: {text}" if text else point.reading
    return f"{point.question} Reading adopted by {point.adopted_by}{on}{adviser}: {chosen} ({point.point})"


def duty_words(duty: Duty) -> str:
    """What is to be done, how early, for which rule, and whether it is on record."""
    lead = f", {duty.lead_time_days} days ahead" if duty.lead_time_days else ""
    record = f"; on record: {duty.on_record}" if duty.on_record else "; not on record"
    leg = f"; {duty.leg}" if duty.leg else ""
    return f"{duty.text}{lead} ({duty.rule}{leg}{record})"


def vouched_words(vouched: Vouched) -> str:
    """A fact that somebody vouches for: who, when, on what."""
    return f"{vouched.name} = {value_words(vouched.value)}: {vouched.by}, {vouched.on}, on {vouched.evidence}"


def other_layer_words(other: OtherLayer) -> str:
    """The answer on the other layer of the law, and why it differs."""
    differences = "; ".join(other.differences)
    return f"on the basis of {other.basis.value}: {other.outcome.value}" + (f". {differences}" if differences else "")


def source_words(source: SourceAge) -> str:
    """A list or table with its date and age, and whether it is past its limit."""
    state = "PAST ITS LIMIT" if source.is_stale else "within its limit"
    return f"{source.name} of {source.dated}: {source.age_days} days old, {state} of {source.limit_days} days"
