"""The answer for one act, with all that it rests on: what fired, what may, what just fails, what would settle it.

The steps: ask every rule for this kind of act; weigh each on the layer that governs and on the
other; join the outcomes by the most severe; where a body of law that was asked is silent, where a
list is too old, or where two authorities pull apart, the worst stays possible. Nothing here knows
what any rule is about. ``lexloci.law.decide`` puts an explanation into words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from lexloci.law.asked import Asked
from lexloci.law.clauses import NearMiss
from lexloci.law.on_record import NOTHING_ON_RECORD, OnRecord
from lexloci.law.program import Program, compiled_of, program_of
from lexloci.law.rule import EffectKind, Rulebook
from lexloci.law.scan import asked_of, near_misses, scan
from lexloci.law.settle import Atom, shortest
from lexloci.law.weigh import Weighed, weight_of
from lexloci.law.wording import levers_of, missing_of
from lexloci.model.act import Act, Question
from lexloci.model.determination import FindingStatus, Missing, MissingKind, SourceAge
from lexloci.model.fact import UNKNOWN
from lexloci.model.outcome import Outcome, join, settle
from lexloci.model.portfolio import Basis

OpenQuestion = tuple[Outcome, tuple[frozenset[Atom], ...]]
_NOTHING: frozenset[str] = frozenset()
# Names of their own, because a member is looked up in its class for each rule of each answer.
_COUNTER, _PERMITTED, _PROHIBITED = EffectKind.COUNTER, Outcome.PERMITTED, Outcome.PROHIBITED
_COUNTING = (EffectKind.OUTCOME, EffectKind.PERMIT)


@dataclass(slots=True)
class LayerAnswer:
    """The outcome on one layer, the rules behind it, and the open questions with what each would do.

    ``conflicts`` are a counter-rule and the finding that it is against; ``silent`` the bodies of law
    that were asked and say nothing certain.
    """

    certain: Outcome
    possible: Outcome
    weighed: tuple[Weighed, ...]
    open_atoms: tuple[OpenQuestion, ...]
    conflicts: tuple[tuple[Weighed, Weighed], ...]
    silent: tuple[str, ...]

    @property
    def outcome(self) -> Outcome:
        """Decided where certain and possible agree (but for a duty); else human review."""
        return settle(self.certain, self.possible)


@dataclass(slots=True)
class Explanation:
    """The answer on the layer that governs (``here``) and on the other (``there``).

    ``ruled_out`` are the rules that only a reading or an attestation rules out; ``missing`` is the
    shortest list that would settle a human review; ``levers`` are lawful changes that would alter
    the outcome.
    """

    rulebook: Rulebook
    act: Act
    question: Question
    on_record: OnRecord
    ages: tuple[SourceAge, ...]
    here: LayerAnswer
    there: LayerAnswer
    ruled_out: tuple[Asked, ...]
    near_misses: tuple[NearMiss, ...]
    missing: tuple[Missing, ...]
    levers: tuple[str, ...]

    @property
    def outcome(self) -> Outcome:
        """The outcome on the layer that governs."""
        return self.here.outcome

    @property
    def fired(self) -> tuple[Weighed, ...]:
        """The rules that certainly count."""
        return tuple(one for one in self.here.weighed if one.is_certain)


def explain(
    rulebook: Rulebook,
    act: Act,
    question: Question,
    on_record: OnRecord = NOTHING_ON_RECORD,
    sources: Sequence[SourceAge] = (),
    bodies: Sequence[str] | None = None,
) -> Explanation:
    """The explained answer for one act on the layer of ``question.basis``, with the other layer beside it.

    ``sources`` are the lists and tables that its facts came from; a stale one keeps the worst
    possible. ``bodies`` restricts the bodies of law that are asked (test cases).
    """
    program = program_of(rulebook, act.kind, question.known_at)
    found = scan(program, act, bodies)
    vouched = _vouched(program, act, on_record) if program.readings or on_record.attestations else _NOTHING
    asked = asked_of(found, vouched)
    ages = tuple(sources) if act.closed else (*sources, *ages_of(rulebook, question.known_at))
    here, there = answers(rulebook, act, question, on_record, asked, ages, bodies)
    basis = question.basis
    return Explanation(
        rulebook,
        act,
        question,
        on_record,
        ages,
        here,
        there,
        ruled_out(asked, basis) if vouched else (),
        near_misses(found, basis, here.certain, here.silent),
        _missing(rulebook, act, here) if here.open_atoms else (),
        levers_of(here.weighed),
    )


def _vouched(program: Program, act: Act, on_record: OnRecord) -> frozenset[str]:
    """The facts of the act that stand on somebody's word: readings adopted, and what is attested."""
    facts = act.facts
    readings = [name for name in program.readings if name in facts and facts[name].value is not UNKNOWN]
    return frozenset((*readings, *on_record.attestations)) if readings or on_record.attestations else _NOTHING


def ruled_out(asked: Sequence[Asked], layer: Basis) -> tuple[Asked, ...]:
    """The rules that stand on a layer and that only what is vouched for rules out."""
    return tuple([one for one in asked if one.verdict.truth is False and one.standing[layer].applies])


def answers(
    rulebook: Rulebook,
    act: Act,
    question: Question,
    on_record: OnRecord,
    asked: Sequence[Asked],
    ages: Sequence[SourceAge],
    bodies: Sequence[str] | None,
) -> tuple[LayerAnswer, LayerAnswer]:
    """The answers on the layer that governs and on the other, from what the rules say, whoever asked them."""
    here = _answer(rulebook, act, question.known_at, question.basis, on_record, asked, ages, bodies)
    for one in asked:
        if one.rule.differs_by_layer:
            other = question.basis.other
            return here, _answer(rulebook, act, question.known_at, other, on_record, asked, ages, bodies)
    return here, here


def ages_of(rulebook: Rulebook, known_at: date) -> tuple[SourceAge, ...]:
    """The age of the rulebook, and of each that was added to it: the oldest decides whether it is stale."""
    compiled = compiled_of(rulebook)
    found = compiled.ages.get(known_at)
    if found is None:
        own = f"rulebook {rulebook.version.partition('+')[0]}"
        found = compiled.ages[known_at] = (
            SourceAge.at(known_at, own, rulebook.reviewed, rulebook.limit_days),
            *(
                SourceAge.at(known_at, f"rulebook {added.name} {added.version}", added.reviewed, added.limit_days)
                for added in rulebook.sources
            ),
        )
    return found


def _answer(
    rulebook: Rulebook,
    act: Act,
    known_at: date,
    layer: Basis,
    on_record: OnRecord,
    asked: Sequence[Asked],
    ages: Sequence[SourceAge],
    bodies: Sequence[str] | None,
) -> LayerAnswer:
    """Weighs the rules on one layer, and joins them."""
    is_text, is_bare = layer is Basis.TEXT, not (on_record.authorisations or on_record.not_subject)
    weighed: list[Weighed] = []
    certain, severity = _PERMITTED, 0
    speaking: list[str] = []
    open_atoms: list[OpenQuestion] = []
    counters = False
    for one in asked:  # weighing is written out here where it was done beforehand: this is the innermost loop
        if is_bare and one.weights is not None and one.verdict.truth is True:
            weight = one.weights.text if is_text else one.weights.enforcement
        else:
            weight = weight_of(rulebook, one, act, known_at, layer, on_record)
        if weight is None:
            continue
        weighed.append(Weighed(one, weight))
        rule = one.rule
        if rule.kind not in _COUNTING:
            counters = counters or rule.kind is _COUNTER
        elif weight.is_certain:
            speaking.append(rule.body)
            if weight.severity > severity:
                certain, severity = weight.counted, weight.severity
        else:
            open_atoms.append((weight.counted, weight.alternatives))
    must_speak = act.asked if bodies is None else bodies
    silent = tuple([body for body in must_speak if body not in speaking])
    conflicts = _conflicts(weighed) if counters else ()
    open_atoms += _open_beside(act, weighed, silent, ages, conflicts)
    if not must_speak and not speaking:
        open_atoms.append((_PROHIBITED, _not_modelled(act.kind._value_)))
    possible = join([certain, *[outcome for outcome, _ in open_atoms]]) if open_atoms else certain
    return LayerAnswer(certain, possible, tuple(weighed), tuple(open_atoms), conflicts, silent)


def _open_beside(
    act: Act,
    weighed: Sequence[Weighed],
    silent: Iterable[str],
    ages: Iterable[SourceAge],
    conflicts: Sequence[tuple[Weighed, Weighed]],
) -> list[OpenQuestion]:
    """What keeps the worst possible beside the rules: bodies that are silent, what is too old, conflicts."""
    found = [(_PROHIBITED, _ways_out(act, body, weighed)) for body in silent] if silent else []
    for age in ages:
        if age.is_stale:
            found.append((_PROHIBITED, _alone(MissingKind.STALE, age.name)))  # noqa: PERF401 -- mostly none is
    if conflicts:
        found += [(_PROHIBITED, _alone(MissingKind.DECISION, rule_id)) for rule_id in _undecided(conflicts)]
    return found


def _alone(kind: MissingKind, name: str) -> tuple[frozenset[Atom], ...]:
    """One thing that would settle a question by itself."""
    return (frozenset(((kind, name),)),)


def _ways_out(act: Act, body: str, weighed: Sequence[Weighed]) -> tuple[frozenset[Atom], ...]:
    """What would make a silent body of law speak.

    That is what an open permission or duty of the body still asks, or a finding that waits only for a
    decision; where it has neither, its law is not modelled.
    """
    ways: list[frozenset[Atom]] = []
    for one in weighed:
        if one.rule.body == body and one.rule.kind in _COUNTING:
            ways += _ways_to_speak(one)
    return tuple(ways) or _not_modelled(f"{body}: {act.kind._value_}")


@lru_cache(maxsize=1024)
def _not_modelled(name: str) -> tuple[frozenset[Atom], ...]:
    return _alone(MissingKind.NOT_MODELLED, name)


def _ways_to_speak(one: Weighed) -> tuple[frozenset[Atom], ...]:
    if one.asked.verdict.truth is True:
        return one.alternatives
    return (frozenset[Atom]().union(*one.alternatives),) if one.counted.is_placeable else ()


def _conflicts(weighed: Sequence[Weighed]) -> tuple[tuple[Weighed, Weighed], ...]:
    """Where a counter-rule meets a finding that it is against; one that an authorisation lifts leaves no conflict."""
    counters = [one for one in weighed if one.rule.kind is _COUNTER and one.status is not FindingStatus.LIFTED]
    against = {
        one.rule.id: one
        for one in weighed
        if one.rule.kind is EffectKind.OUTCOME and one.status is not FindingStatus.LIFTED
    }
    return tuple(
        [(counter, against[rule_id]) for counter in counters for rule_id in counter.rule.against if rule_id in against]
    )


def _undecided(conflicts: Iterable[tuple[Weighed, Weighed]]) -> tuple[str, ...]:
    """The counter-rules that a person must still decide: neither side is set aside by a reading."""
    return tuple(
        dict.fromkeys(
            counter.rule.id
            for counter, finding in conflicts
            if FindingStatus.EXPOSURE not in (counter.status, finding.status)
        )
    )


def _missing(rulebook: Rulebook, act: Act, answer: LayerAnswer) -> tuple[Missing, ...]:
    """The shortest list that settles a human review; empty where the answer is decided."""
    if answer.outcome is not Outcome.HUMAN_REVIEW:
        return ()
    decided = max(answer.certain.severity, Outcome.PERMITTED_WITH_DUTIES.severity)
    in_the_way = [alternatives for outcome, alternatives in answer.open_atoms if outcome.severity > decided]
    return missing_of(rulebook, act, shortest(in_the_way), answer.weighed)
