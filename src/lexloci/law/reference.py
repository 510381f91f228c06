"""The reference: every rule asked about an act one by one, line by line. The specification of ``lexloci.law.scan``.

It is slow and plain. Whatever is faster must give the same list (tests/law/test_law_scan.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from lexloci.law.asked import Asked, look_up, roles_of
from lexloci.law.clauses import NearMiss
from lexloci.law.evaluate import RuleVerdict, Situation, ask, evaluate, lines_of
from lexloci.law.expression import Expression, Not, names
from lexloci.law.rule import Condition, EffectKind, Rule, Rulebook
from lexloci.law.specialise import specialised_lines
from lexloci.law.standing import standing_at
from lexloci.model.act import Act, Question
from lexloci.model.fact import UNKNOWN, Fact
from lexloci.model.outcome import Outcome
from lexloci.model.portfolio import Basis

_NO_FACTS = ("parameter", "set", "defined")


def ask_all(
    rulebook: Rulebook,
    act: Act,
    known_at: date,
    bodies: Iterable[str] | None,
    vouched: frozenset[str] = frozenset(),
) -> list[Asked]:
    """Every rule for this kind of act that may stand on the day, with what its conditions say; known at ``known_at``.

    A rule for several roles: the first role for which it is true, else every role for which it is
    open. A rule that is false is listed only where what is ``vouched`` for rules it out.
    """
    wanted = None if bodies is None else set(bodies)
    asked: list[Asked] = []
    for rule in rulebook.rules_by_act.get(act.kind, ()):
        if wanted is not None and rule.body not in wanted:
            continue
        standing = {layer: standing_at(rule, act.on, known_at, layer) for layer in Basis}
        if any(one.applies for one in standing.values()):
            found = _ask_roles(rulebook, rule, act, known_at, vouched)
            asked += [Asked(rule, verdict, role, standing) for role, verdict in found]
    return asked


def _ask_roles(
    rulebook: Rulebook, rule: Rule, act: Act, known_at: date, vouched: frozenset[str]
) -> list[tuple[str, RuleVerdict]]:
    still_open: list[tuple[str, RuleVerdict]] = []
    ruled_out: list[tuple[str, RuleVerdict]] = []
    for role, when, unless in _variants(rule, act):
        situation = Situation(rulebook, lambda name: look_up(act, name), act.on, known_at)
        verdict = ask(when, unless, situation)
        if verdict.truth is True:
            return [(role, verdict)]
        if verdict.truth is None:
            still_open.append((role, verdict))
            continue
        leaning = _leaning(when, unless, situation, vouched)
        if leaning:
            ruled_out.append((role, RuleVerdict(False, (), leaning)))
    return still_open or ruled_out


def near_misses(
    rulebook: Rulebook,
    act: Act,
    question: Question,
    bodies: Iterable[str] | None,
    certain: Outcome,
    silent: Iterable[str],
) -> list[NearMiss]:
    """What ``lexloci.law.scan.near_misses`` gives: the rules that fail by one line, and would change the answer."""
    known_at, found = question.known_at, []
    met = {one.rule.id for one in ask_all(rulebook, act, known_at, bodies)}
    for rule in rulebook.rules_by_act.get(act.kind, ()):
        is_asked = bodies is None or rule.body in set(bodies)
        stands = standing_at(rule, act.on, known_at, question.basis).applies
        is_above = rule.kind is EffectKind.OUTCOME and rule.outcome.severity > certain.severity
        is_permit = rule.kind is EffectKind.PERMIT and rule.body in set(silent)
        if is_asked and stands and rule.id not in met and (is_above or is_permit):
            for role, when, unless in _variants(rule, act):
                found += _one_line_away(rulebook, rule, act, known_at, role, when, unless)
    return found


def _one_line_away(
    rulebook: Rulebook,
    rule: Rule,
    act: Act,
    known_at: date,
    role: str,
    when: Sequence[Condition],
    unless: Sequence[Condition],
) -> list[NearMiss]:
    texts = [line.text for line in when] + [f"unless: {line.text}" for line in unless]
    failing: dict[Expression, NearMiss] = {}
    for line, text in zip(specialised_lines(when, unless, rulebook, act.on, known_at), texts, strict=True):
        for part in lines_of(line):
            situation = Situation(rulebook, lambda name: look_up(act, name), act.on, known_at)
            if evaluate(part, situation)[0] is False and part not in failing:
                facts = [name for name in names(part) if name.partition(".")[0] not in _NO_FACTS]
                failing[part] = NearMiss(rule, role, text, tuple(dict.fromkeys(facts)))
    return list(failing.values()) if len(failing) == 1 else []


def _variants(rule: Rule, act: Act) -> Iterator[tuple[str, tuple[Condition, ...], tuple[Condition, ...]]]:
    if not rule.for_any:
        yield "", rule.when, rule.unless
        return
    present = roles_of(act)
    for role in rule.for_any:
        if role in present:
            yield role, *rule.variants[role]


def _leaning(
    when: Iterable[Condition], unless: Iterable[Condition], known: Situation, vouched: frozenset[str]
) -> Mapping[str, Fact]:
    """What is vouched for and rules the rule out: the facts of its false lines, where all of those lean on them."""

    def bare(name: str) -> Fact:
        return Fact(UNKNOWN) if name in vouched else known.lookup(name)

    leaning: dict[str, Fact] = {}
    for line in all_lines(when, unless, known):
        full = Situation(known.rulebook, known.lookup, known.on, known.known_at)
        if evaluate(line, full)[0] is not False:
            continue
        if evaluate(line, Situation(known.rulebook, bare, known.on, known.known_at))[0] is False:
            return {}
        leaning.update({name: fact for name, fact in full.read.items() if name in vouched})
    return leaning


def all_lines(when: Iterable[Condition], unless: Iterable[Condition], situation: Situation) -> Iterator[Expression]:
    """The lines that must all hold, one by one."""
    conditions = [*(line.expression for line in when), *(Not(line.expression) for line in unless)]
    return (line for condition in conditions for line in lines_of(condition, situation))
