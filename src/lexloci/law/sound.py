"""What is wrong in a rulebook that was not read from its folders, where the reader of the files would have told it?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from lexloci.law.check import mistakes_of
from lexloci.law.rule import EffectKind, Rule, Rulebook, Timeline
from lexloci.law.turn_check import contradictions
from lexloci.law.version import release_day
from lexloci.model.errors import RulebookError
from lexloci.model.outcome import Outcome

_FACT_TYPES = frozenset({"bool", "number", "text", "country"})


def refuse_unsound(rulebook: Rulebook) -> None:
    """RulebookError with the first thing for which a rule could fall silent or an answer could fail, in one line."""
    wrong = next(_wrong(rulebook), None)
    if wrong is not None:
        raise RulebookError(wrong)


def _wrong(rulebook: Rulebook) -> Iterator[str]:
    yield from _wrong_version(rulebook)
    yield from _wrong_names(rulebook)
    for timelines in (rulebook.definitions, rulebook.parameters, rulebook.sets):
        for timeline in timelines.values():
            yield from _wrong_timeline(timeline)
    for rule in rulebook.rules:
        yield from _wrong_rule(rule)
    for mistake in mistakes_of(rulebook, lambda *_: 0):
        yield str(mistake).splitlines()[0]


def _wrong_version(rulebook: Rulebook) -> Iterator[str]:
    released = release_day(rulebook.version)
    if released is None:
        yield f"version {rulebook.version!r} is no calendar version; write the day of its release as YYYY.MM.DD"
    elif rulebook.reviewed > released:
        yield f"reviewed {rulebook.reviewed} is later than the version of {released}; mend one of them"
    if min((rulebook.limit_days, *(source.limit_days for source in rulebook.sources))) < 1:
        yield "limit_days is below 1; write the days after which its rules are to be looked at again"


def _wrong_names(rulebook: Rulebook) -> Iterator[str]:
    for name, fact in rulebook.vocabulary.items():
        if fact.name != name or fact.type not in _FACT_TYPES:
            yield f"the fact {name} is called {fact.name} and has the type {fact.type}; mend the vocabulary"
    for name, point in rulebook.points.items():
        if len(point.options) < 2:
            yield f"the contested point {name} has fewer than two options; give it two"
    for rule, count in Counter(rule.id for rule in rulebook.rules).items():
        if count > 1:
            yield f"the rule {rule} is given {count} times; remove all but one"


def _wrong_timeline(timeline: Timeline[Any]) -> Iterator[str]:
    days = [version.since for version in timeline.versions]
    if not days or any(later <= earlier for earlier, later in pairwise(days)):
        yield f"the versions of {timeline.id} are none, or not in the order of their days; order them"
    if any(version.value == () for version in timeline.versions):
        yield f"a version of {timeline.id} has no condition; give it one"


def _wrong_rule(rule: Rule) -> Iterator[str]:
    if not rule.acts or not rule.turns:
        yield f"{rule.id} has no kinds of act, or no turns; say what it speaks about and since when"
    if rule.outcome is Outcome.HUMAN_REVIEW:
        yield f"{rule.id} has the outcome human review, which no rule has; write its outcome, or a review"
    if rule.kind is EffectKind.PERMIT and not rule.outcome.is_placeable:
        yield f"{rule.id} permits, and has the outcome {rule.outcome.value}; write effect: outcome"
    if min((rule.lead_time_days, *(duty.lead_time_days for duty in rule.duties))) < 0:
        yield f"{rule.id} has a lead time below 0; write the days that it takes"
    for _, what, mend in contradictions(rule.turns):
        yield f"{rule.id} {what}; {mend}"
