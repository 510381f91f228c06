"""Part e: proofs about a rulebook of 100 rules: invariants, and differences between two days and two versions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from statistics import median

from benchmarks.law.arena import BenchmarkError
from benchmarks.law.measure import timed
from benchmarks.law.report import Report, Table, figure
from benchmarks.law.workload import BODY, FIRST_DAY, KIND, KNOWN_AT, LAST_DAY, make_rulebook

from lexloci.law.expression import Not
from lexloci.law.rule import Condition, Dated, EffectKind, Rule, Rulebook
from lexloci.model.citation import Citation
from lexloci.model.outcome import Outcome
from lexloci.model.portfolio import Basis

RULES = 100
MOST_INVARIANT_MS = 200.0
MOST_DIFFERENCE_MS = 1_000.0
MIDDLE = FIRST_DAY + (LAST_DAY - FIRST_DAY) / 2


def run(report: Report, rounds: int) -> None:
    """Times each question, and refuses an answer that is not what the rulebook was made for."""
    rulebook = make_rulebook(RULES)
    questions = _questions(rulebook)
    _holds(rulebook, _lasting_prohibition(rulebook), weaker=False)  # loads the solver, untimed
    found: dict[str, float] = {}
    for name, (ask, expected, _) in questions.items():
        times: list[float] = []
        for _ in range(rounds):
            answers: list[bool] = []
            times.append(timed(lambda ask=ask, answers=answers: answers.append(ask()))[0] * 1e3)  # type: ignore[misc]
            if answers != [expected]:
                raise BenchmarkError(f"analysis: {name}: answered {answers[0]} and not {expected}")
        found[name] = median(times)
    report.figures["analysis"] = found
    lines = tuple((name, figure(found[name])) for name in questions)
    report.add(Table(f"Analysis of {RULES} rules", "z3; no peer here proves", ("question", "ms"), lines))
    for name, (_, _, most) in questions.items():
        report.target(name, f"<= {most:,.0f} ms", f"{figure(found[name])} ms", is_met=found[name] <= most)


def _questions(rulebook: Rulebook) -> dict[str, tuple[Callable[[], bool], bool, float]]:
    """Each question: how to ask it, the answer that is right, and the most milliseconds."""
    rule = _lasting_prohibition(rulebook)
    return {
        "an invariant that holds, proved": (lambda: _holds(rulebook, rule, weaker=False), True, MOST_INVARIANT_MS),
        "an invariant that does not, with an act": (
            lambda: _holds(rulebook, rule, weaker=True),
            False,
            MOST_INVARIANT_MS,
        ),
        "two days that differ, with an act": (lambda: _differ_by_day(rulebook, 0, 400), True, MOST_DIFFERENCE_MS),
        "two days that do not, proved": (
            lambda: _differ_by_day(rulebook, *_quiet_days(rulebook)),
            False,
            MOST_DIFFERENCE_MS,
        ),
        "two versions that differ, with an act": (
            lambda: _differ(rulebook, _raised(rulebook)),
            True,
            MOST_DIFFERENCE_MS,
        ),
        "two versions that do not, proved": (
            lambda: _differ(rulebook, _rewritten(rulebook)),
            False,
            MOST_DIFFERENCE_MS,
        ),
    }


def _lasting_prohibition(rulebook: Rulebook) -> Rule:
    """A prohibition that stands to this day, of at least three lines."""
    return next(
        rule
        for rule in rulebook.rules
        if rule.outcome is Outcome.PROHIBITED and len(rule.turns) == 1 and len(rule.when) >= 3 and not rule.unless
    )


def _holds(rulebook: Rulebook, rule: Rule, *, weaker: bool) -> bool:
    """Whether what meets the rule's lines (all but one, if ``weaker``) is prohibited since the rule stands."""
    from lexloci.law.analysis.declared import Invariant, Promise
    from lexloci.law.analysis.invariants import prove

    invariant = Invariant(
        id=f"{BODY}.bench",
        title="what the rule names is prohibited",
        why="the benchmark",
        citation=Citation("none"),
        acts=(KIND,),
        bodies=(BODY,),
        given=rule.when[: -1 if weaker else None],
        promise=Promise.AT_LEAST,
        outcome=Outcome.PROHIBITED,
        since=rule.turns[0].on,
        until=None,
        layers=(Basis.TEXT,),
        file="",
    )
    (proof,) = prove(rulebook, (invariant,))
    return proof.holds


def _differ_by_day(rulebook: Rulebook, first: int, second: int) -> bool:
    """Whether an act is answered differently on two days, counted from the first day of the rows."""
    from lexloci.law.analysis.clock import fixed
    from lexloci.law.analysis.difference import Side, differences
    from lexloci.law.analysis.space import space_of

    sides = [Side(rulebook, fixed(FIRST_DAY + timedelta(days=day), KNOWN_AT)) for day in (first, second)]
    space = space_of([rulebook])
    return any(True for _ in differences(sides[0], sides[1], space, Basis.TEXT, KIND, (BODY,), 1))


def _differ(before: Rulebook, after: Rulebook) -> bool:
    """Whether an act is answered differently by two versions on a day in the middle."""
    from lexloci.law.analysis.clock import fixed
    from lexloci.law.analysis.difference import Side, differences
    from lexloci.law.analysis.space import space_of

    clock = fixed(MIDDLE, KNOWN_AT)
    sides = [Side(rulebook, clock) for rulebook in (before, after)]
    space = space_of([before, after])
    return any(True for _ in differences(sides[0], sides[1], space, Basis.TEXT, KIND, (BODY,), 1))


def _quiet_days(rulebook: Rulebook) -> tuple[int, int]:
    """Two days, as far apart as there are, between which no rule's standing changes."""
    days = sorted({(turn.on - FIRST_DAY).days for rule in rulebook.rules for turn in rule.turns})
    first, next_change = max(pairwise(days), key=lambda pair: pair[1] - pair[0])
    return first, next_change - 1


def _raised(rulebook: Rulebook) -> Rulebook:
    """The version in which the limit of a prohibition that stands in the middle is ten times as high."""
    for rule in rulebook.rules:
        stands = rule.turns[0].on <= MIDDLE and len(rule.turns) == 1
        if stands and rule.kind is EffectKind.OUTCOME and rule.outcome is Outcome.PROHIBITED:
            for name, timeline in rulebook.parameters.items():
                if any(f"parameter.{name}" in line.text for line in rule.when):
                    old = timeline.versions[0]
                    new = replace(timeline, versions=(Dated(old.since, old.published, old.value * 10, old.citation),))
                    return replace(rulebook, version="2027.01.02", parameters={**rulebook.parameters, name: new})
    raise BenchmarkError("analysis: the rulebook has no prohibition with a limit")


def _rewritten(rulebook: Rulebook) -> Rulebook:
    """The version that says the same in other words: every line twice denied, the lines the other way round."""
    rules = tuple(replace(rule, when=tuple(map(_twice_denied, reversed(rule.when)))) for rule in rulebook.rules)
    return replace(rulebook, version="2027.01.03", rules=rules)


def _twice_denied(condition: Condition) -> Condition:
    return Condition(f"!(!({condition.text}))", Not(Not(condition.expression)))
