"""One rule for a lawyer, as a sheet for the terminal and as JSON (docs/reference/output.md)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from lexloci.law.names_read import names_read
from lexloci.law.rule import DutyRule, EffectKind, Rule, Rulebook, Timeline
from lexloci.model.citation import Citation
from lexloci.report.plain import plain

if TYPE_CHECKING:
    from rich.table import Table

T = TypeVar("T")


@dataclass(frozen=True)
class CasesOfRule:
    """The ids of the decided cases in which a rule's conditions hold, and of those in which they may."""

    hold: tuple[str, ...]
    open: tuple[str, ...]


def rule_sheet(rulebook: Rulebook, rule: Rule, cases: CasesOfRule) -> Table:
    """Everything that a lawyer checks in a rule: a label on the left, the words on the right.

    The text is a quotation or a close paraphrase, so it stands without quotation marks.
    """
    from rich.table import Table
    from rich.text import Text

    sheet = Table.grid(padding=(0, 2, 0, 0))
    sheet.add_column(no_wrap=True, style="bold")
    sheet.add_column(overflow="fold")
    for label, lines in _rows(rulebook, rule, cases):
        for place, line in enumerate(lines):
            sheet.add_row("" if place else label, Text(plain(line)))
    return sheet


def rule_json(rulebook: Rulebook, rule: Rule, cases: CasesOfRule) -> dict[str, Any]:
    """The same as plain values; the named conditions, limits and sets that it reads are its ``terms``."""
    read = names_read(rulebook, (*rule.when, *rule.unless, *rule.not_subject_when))
    return {
        "rulebook": rulebook.version,
        "rule": rule.id,
        "title": rule.title,
        "authority": rule.authority,
        "body": rule.body,
        "scope": rule.scope.value,
        "verification": rule.verification.value,
        "citation": {"text": rule.citation.text, "url": rule.citation.url},
        "text": rule.text,
        "text_sha256": rule.text_sha256,
        "acts": sorted(rule.acts),
        "turns": [
            {
                "on": turn.on.isoformat(),
                "standing": turn.standing.value,
                "published": turn.published.isoformat(),
                "layer": turn.layer.value if turn.layer else None,
                "by": turn.by,
            }
            for turn in rule.turns
        ],
        "for_any": list(rule.for_any),
        "when": [line.text for line in rule.when],
        "unless": [line.text for line in rule.unless],
        "effect": rule.kind.value,
        "outcome": rule.outcome.value if _has_outcome(rule) else None,
        "reason": rule.reason,
        "review": rule.review,
        "lifted_by": list(rule.lifted_by),
        "not_subject_point": rule.not_subject_point,
        "not_subject_when": [line.text for line in rule.not_subject_when],
        "duties": [
            {"text": duty.text, "evidence": duty.evidence, "lead_time_days": duty.lead_time_days}
            for duty in rule.duties
        ],
        "levers": list(rule.levers),
        "against": list(rule.against),
        "lead_time_days": rule.lead_time_days,
        "contested": [
            {
                "point": name,
                "question": point.question,
                "options": [{"id": option, "text": text} for option, text in point.options.items()],
                "citation": {"text": point.citation.text, "url": point.citation.url},
            }
            for name, point in ((name, rulebook.points[name]) for name in _points_read(rule, read))
        ],
        "terms": [{"name": name, "lines": lines} for name, lines in _terms(rulebook, read)],
        "cases": list(cases.hold),
        "open_cases": list(cases.open),
        "file": rule.file,
    }


def _rows(rulebook: Rulebook, rule: Rule, cases: CasesOfRule) -> Iterator[tuple[str, list[str]]]:
    """The labels and lines of a sheet; a label without lines is not shown."""
    read = names_read(rulebook, (*rule.when, *rule.unless, *rule.not_subject_when))
    yield "rule", [rule.id]
    yield "title", [rule.title]
    yield "authority", [f"{rule.authority}, body of law {rule.body}"]
    follows = "follows the thing, whoever acts" if rule.scope.follows_the_thing else "follows the party"
    yield "scope", [f"{rule.scope.value}: {follows}"]
    decides = "" if rule.verification.may_decide else "; it raises a question and never decides by itself"
    yield "verified", [rule.verification.value + decides]
    yield "provision", _cited(rule.citation)
    yield "text", [rule.text, f"SHA-256 {rule.text_sha256}"]
    yield "stands", [f"{turn} (published {turn.published})" for turn in rule.turns]
    yield "about", [", ".join(sorted(rule.acts))]
    yield "asked for", [f"each {', '.join(rule.for_any)} (party.)"] if rule.for_any else []
    yield "when all", [line.text for line in rule.when]
    yield "unless any", [line.text for line in rule.unless]
    yield "effect", [_effect(rule)]
    yield "reason", [rule.reason]
    yield "for a person", [rule.review] if rule.review else []
    yield "against", list(rule.against)
    yield "duties", [_duty(duty) for duty in rule.duties]
    yield "lifted by", list(rule.lifted_by)
    yield "not subject", _not_subject(rule)
    yield "would help", list(rule.levers)
    yield "lead time", [f"{rule.lead_time_days} days"] if rule.lead_time_days else []
    for name in _points_read(rule, read):
        point = rulebook.points[name]
        options = [f"- {option}: {text}" for option, text in point.options.items()]
        yield "contested", [name, point.question, *options, *_cited(point.citation)]
    yield "cases", [", ".join(cases.hold) or "none"]
    yield "open in cases", [", ".join(cases.open)] if cases.open else []
    for name, lines in _terms(rulebook, read):
        yield "term", [name, *lines]
    yield "file", [f"{rule.file}, rulebook {rulebook.version}; not legal advice"]


def _cited(citation: Citation) -> list[str]:
    return [citation.text, citation.url] if citation.url else [citation.text]


def _has_outcome(rule: Rule) -> bool:
    return rule.kind in (EffectKind.OUTCOME, EffectKind.PERMIT)


def _effect(rule: Rule) -> str:
    match rule.kind:
        case EffectKind.OUTCOME:
            return str(rule.outcome.value)
        case EffectKind.PERMIT:
            return f"{rule.outcome.value}: a sourced entry that lets its body of law speak"
        case EffectKind.SIGNAL:
            return "signal: unpublished guidance as the press reports it, shown apart; never law"
        case EffectKind.NOTE:
            return "note: a consequence elsewhere, shown apart; changes no answer"
        case EffectKind.COUNTER:
            return "counter: shows a conflict of laws with the rules that it is against"


def _duty(duty: DutyRule) -> str:
    evidence = f"; shown done by {duty.evidence}" if duty.evidence else ""
    return duty.text + evidence + (f"; {duty.lead_time_days} days ahead" if duty.lead_time_days else "")


def _not_subject(rule: Rule) -> list[str]:
    """How a party may plan as not subject to it."""
    if not rule.not_subject_point:
        return []
    needed = [f"only where {line.text}" for line in rule.not_subject_when]
    return [f"under the reading not_subject of {rule.not_subject_point}", *needed]


def _points_read(rule: Rule, read: Iterable[str]) -> tuple[str, ...]:
    points = [name.removeprefix("reading.") for name in read if name.startswith("reading.")]
    return tuple(dict.fromkeys([*points, *([rule.not_subject_point] if rule.not_subject_point else [])]))


def _terms(rulebook: Rulebook, read: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    """The named conditions, limits and sets among the names, each with its meaning and its versions."""
    for name in read:
        kind, _, term = name.partition(".")
        if kind == "defined":
            yield name, _versions(rulebook.definitions[term], lambda lines: "; ".join(line.text for line in lines))
        elif kind == "parameter":
            yield name, _versions(rulebook.parameters[term], lambda value: f"{value:,.12g}")
        elif kind == "set":
            yield name, _versions(rulebook.sets[term], lambda members: ", ".join(sorted(members)))


def _versions(timeline: Timeline[T], words: Callable[[T], str]) -> list[str]:
    unit = f" {timeline.unit}" if timeline.unit else ""
    return [
        timeline.meaning,
        *(
            f"since {version.since} (published {version.published}, {version.citation.text}): "
            f"{words(version.value)}{unit}"
            for version in timeline.versions
        ),
    ]
