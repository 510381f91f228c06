"""What is behind a change of an answer, or a move of work: the rule, the record, the chips, or price and capacity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lexloci.model.determination import Determination, Finding, FindingStatus, MissingKind
from lexloci.model.outcome import Outcome
from lexloci.model.plan import Placement
from lexloci.model.site import Pool
from lexloci.model.workload import WorkloadKind
from lexloci.plan.options import PoolAnswer, why_unlawful
from lexloci.plan.planner import Planned


@dataclass(frozen=True, slots=True)
class Cause:
    """Why something changed, in words; ``rule`` is the id of the rule behind it, empty where there is none."""

    words: str
    rule: str = ""


def cause_of_change(was: PoolAnswer, now: PoolAnswer) -> Cause:
    """The most severe rule that counts now and did not before, or no longer does; else what the answer says."""
    before, after = was.segments[0].determination, now.segments[0].determination
    settled = _settled(before, after)
    changed = [(one, "") for one in _counting_apart(after.findings, before.findings)]
    changed += [(one, "no longer counts: ") for one in _counting_apart(before.findings, after.findings)]
    if not changed:
        return Cause(settled or why_unlawful(now.segments[0]))
    finding, gone = max(changed, key=lambda one: one[0].outcome.severity)
    words = f"{gone}{finding.title}, {finding.history}"
    return Cause(f"{settled}; {words}" if settled else words, finding.rule)


def cause_of_answer(answer: PoolAnswer) -> Cause:
    """What decides the answer of a pool for a start on its first day."""
    first = answer.segments[0]
    return _with_rule(why_unlawful(first), first.determination, None, answer)


def cause_of_move(
    workload: str, old: Placement | None, new: Placement | None, before: Planned, after: Planned
) -> Cause:
    """What closes the old pool; else what opens the new one; else price, capacity or dates."""
    asked = after.portfolio.workload_by_id[workload]
    if asked.kind is WorkloadKind.COPY:
        return Cause(f"it follows {asked.after[0]}")
    was, now = pools(before, workload), pools(after, workload)
    closed = _closed(old, was, now) if old else None
    opened = _opened(new, was, now) if new else None
    if closed or opened:
        return closed or opened or Cause("")
    if old is None:
        return Cause("it had no place before: price, capacity or dates decide")
    return Cause(f"{old.pool} stays lawful: price, capacity or dates decide")


def pools(planned: Planned, workload: str) -> Mapping[str, PoolAnswer]:
    """What each pool answered to a workload, by the id of the pool."""
    return {answer.pool.id: answer for answer in planned.answers.get(workload, ())}


def _closed(old: Placement, was: Mapping[str, PoolAnswer], now: Mapping[str, PoolAnswer]) -> Cause | None:
    answer = now.get(old.pool)
    if answer is None:
        return Cause(f"{old.pool} is gone, or not yet there")
    first = answer.segments[0].determination
    if not answer.choices:
        return _with_rule(answer.why_not, first, was.get(old.pool), answer)
    fits = any((end - start).days * 24 >= one.hours for one in answer.choices for start, end in one.windows)
    closed = next((one for one in answer.segments if not one.determination.outcome.is_placeable), None)
    if closed is None or fits:
        return None
    words = f"{old.pool} is not lawful from {closed.start} until {closed.end}: {why_unlawful(closed)}"
    return _with_rule(words, closed.determination, None, answer)


def _opened(new: Placement, was: Mapping[str, PoolAnswer], now: Mapping[str, PoolAnswer]) -> Cause | None:
    before, answer = was.get(new.pool), now.get(new.pool)
    if answer is None:
        return None
    if before is None:
        since = there_since(answer.pool)
        return Cause(f"{new.pool} is there" + (f" since {since}" if since else ""))
    if before.choices:
        return None
    cause = cause_of_change(before, answer)
    return Cause(f"{new.pool} opens: {cause.words}", cause.rule)


def there_since(pool: Pool) -> str:
    """The day from which work may run in a pool, as text; empty where none is stated."""
    days = [day for day in (pool.held_since, pool.available_from, pool.leased_since) if day is not None]
    return max(days).isoformat() if days else ""


def _with_rule(words: str, said: Determination, was: PoolAnswer | None, now: PoolAnswer) -> Cause:
    """The words with the rule that decides; a human review names the rule that began to ask."""
    if said.outcome is Outcome.HUMAN_REVIEW and was is not None:
        cause = cause_of_change(was, now)
        return Cause(f"{words}; {cause.words}" if cause.rule else words, cause.rule)
    counting = [one for one in said.findings if one.status is FindingStatus.FIRED and one.outcome is said.outcome]
    counting += [one for one in said.findings if one.status is FindingStatus.POSSIBLE]
    return Cause(words, counting[0].rule if counting else "")


def _settled(before: Determination, after: Determination) -> str:
    """Which records or facts were missing before and are there now."""
    if before.outcome is not Outcome.HUMAN_REVIEW or after.outcome is Outcome.HUMAN_REVIEW:
        return ""
    left = {one.name for one in after.missing}
    names = dict.fromkeys(
        f"the reading of {one.name}" if one.kind is MissingKind.READING else one.name
        for one in before.missing
        if one.name not in left
    )
    return f"now known or on record: {', '.join(names)}" if names else ""


def _counting_apart(findings: Sequence[Finding], others: Sequence[Finding]) -> list[Finding]:
    """The findings that count and are not among the others with the same status."""
    counting = (FindingStatus.FIRED, FindingStatus.POSSIBLE)
    known = {(other.rule, other.status) for other in others}
    return [one for one in findings if one.status in counting and (one.rule, one.status) not in known]
