"""Which bit of which word stands for a clause in a table of decisions, and how is the outcome read off the bits?

Only clauses that can matter have a bit. They are sorted by severity, so that a word is at least as
severe as a level where it is at least as large as the lowest bit of that level. The lowest bit of the
first word stands for no clause: it says that no unknown fact matters in a row. Where the clauses that
fire are asked, words in the order of the program follow. The weighing is that of ``lexloci.law.weigh``
and ``lexloci.law.explain``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from lexloci.law.clauses import Clause
from lexloci.law.fields import places_in
from lexloci.law.program import Program
from lexloci.law.rule import EffectKind, Standing
from lexloci.model.citation import Verification
from lexloci.model.outcome import Outcome
from lexloci.model.portfolio import Basis

Words = NDArray[np.uint64]
BITS = 64
CLEAR = np.uint64(1)
_BESIDE = -1  # the severity of what has no outcome of its own
_DUTY = Outcome.PERMITTED_WITH_DUTIES.severity


@dataclass(frozen=True, slots=True)
class Weight:
    """How the bit of a clause counts on a layer: with which severity, and whether in what is certain and possible."""

    clause: int
    severity: int
    certain: bool = False
    possible: bool = False


@dataclass(frozen=True, eq=False)
class Layout:
    """The bits of the clauses, in words; a clause of several terms (``columns_terms``) has a bit for each.

    ``levels`` are, for each word of outcomes, its severities from the least with the lowest bit of each;
    ``certain`` and ``possible`` are the bits that count there; ``speaking`` for each body of law that must speak the
    bits of which one must be certain; ``conflicts`` the bits of a counter-rule and of what it is against.
    ``is_open`` says that the worst stays possible whatever the rows say. ``gathered`` are the clauses of several
    terms, whose bit in the words of what fires is set where one of some bits in a word beyond them is.
    """

    outcome_words: int
    firing_words: int
    words: int
    levels: Sequence[Sequence[tuple[np.uint64, int]]]
    certain: Words
    possible: Words
    speaking: Sequence[Words]
    conflicts: Sequence[tuple[Words, Words]]
    is_open: bool
    gathered: Sequence[tuple[int, int, np.uint64]]
    _bits: Mapping[int, Sequence[int]] = field(repr=False)
    _terms: Mapping[int, Sequence[int]] = field(repr=False)

    def words_of(self, terms: int) -> Words:
        """The bits of some terms."""
        return _words((bit for term in places_in(terms) for bit in self._bits[term]), self.words)

    def words_of_clauses(self, clauses: int) -> Words:
        """The bits of some clauses of the program."""
        return self.words_of(_union(1 << term for place in places_in(clauses) for term in self._terms.get(place, ())))


@dataclass(frozen=True)
class Weighing:
    """On what a table of acts is weighed: the layer, the authorisations held, the bodies that must speak."""

    layer: Basis
    authorisations: frozenset[str]
    asked: tuple[str, ...]
    is_stale: bool
    firing: bool

    def lifts(self, clause: Clause) -> bool:
        """Whether an authorisation lifts its rule."""
        return not self.authorisations.isdisjoint(clause.rule.lifted_by)

    def weights(self, clause: Clause, place: int) -> tuple[Weight, ...]:
        """How a clause that stands counts; nothing where it can change no outcome."""
        rule, standing = clause.rule, clause.standing[self.layer]
        if rule.kind not in (EffectKind.OUTCOME, EffectKind.PERMIT):
            return ()
        if self.lifts(clause):
            return (Weight(place, _DUTY, certain=True, possible=True),)
        if standing is Standing.IN_FORCE and rule.decides:
            return (Weight(place, rule.outcome.severity, certain=True, possible=True),)
        open_weight = Weight(place, rule.outcome.severity, possible=True)
        is_permit = standing is Standing.IN_FORCE and rule.kind is EffectKind.PERMIT and not rule.review
        if is_permit and rule.verification is Verification.RECALLED:
            return Weight(place, _DUTY, certain=True), open_weight
        return (open_weight,)


@dataclass(frozen=True)
class Counted:
    """The clauses that can change an answer: their weights by severity, and the counter-rules among them.

    A conflict is the clauses of a counter-rule and of what it is against. ``clauses`` are all that need a bit.
    """

    weights: Sequence[Weight]
    conflicts: Sequence[tuple[int, int]]
    clauses: int


def counted(program: Program, weighing: Weighing, certain: int, possible: int) -> Counted:
    """What can change an answer, where some clauses are ``possible`` and of these only some can be ``certain``."""
    conflicts = list(_conflicts(program, weighing, possible))
    weights = [Weight(place, _BESIDE) for place in places_in(_union(counter for counter, _ in conflicts))]
    against = _union(against for _, against in conflicts)
    for place in places_in(possible):
        for weight in weighing.weights(program.clauses[place], place):
            counts = weight.certain and bool(certain >> place & 1)
            if counts or (weight.possible and weight.severity) or against >> place & 1:
                weights.append(Weight(place, weight.severity, counts, weight.possible))
    weights.sort(key=lambda weight: (weight.severity, weight.clause))
    clauses = possible if weighing.firing else _union(1 << weight.clause for weight in weights)
    return Counted(weights, conflicts, clauses)


def layout_of(program: Program, weighing: Weighing, found: Counted, terms: Mapping[int, Sequence[int]]) -> Layout:
    """The layout of the clauses that can change an answer, of which each has some ``terms``."""
    weights = [(term, weight) for weight in found.weights for term in terms[weight.clause]]
    outcome_words = -(-(1 + len(weights)) // BITS)
    bits: dict[int, list[int]] = {}
    for bit, (term, _) in enumerate(weights, 1):
        bits.setdefault(term, []).append(bit)
    firing_words = max(1, -(-len(program.clauses) // BITS)) if weighing.firing else 0
    gathered, end = _firing_bits(terms, bits, outcome_words, firing_words) if firing_words else ([], 0)

    def where(counts: Callable[[Weight], bool]) -> Words:
        return _words([bit for bit, (_, weight) in enumerate(weights, 1) if counts(weight)], outcome_words)

    def of_clauses(mask: int) -> Words:
        return where(lambda weight: bool(mask >> weight.clause & 1))

    def speaking(body: str) -> Words:
        return where(lambda weight: weight.certain and body in ("", program.clauses[weight.clause].rule.body))

    bodies = [speaking(body) for body in dict.fromkeys(weighing.asked or ("",))]
    return Layout(
        outcome_words=outcome_words,
        firing_words=firing_words,
        words=max(outcome_words, -(-end // BITS)),
        levels=_levels([weight for _, weight in weights], outcome_words),
        certain=where(lambda weight: weight.certain),
        possible=where(lambda weight: weight.possible),
        speaking=bodies,
        conflicts=[(of_clauses(counter), of_clauses(against)) for counter, against in found.conflicts],
        is_open=weighing.is_stale or any(not body.any() for body in bodies),
        gathered=gathered,
        _bits=bits,
        _terms=terms,
    )


def _firing_bits(
    terms: Mapping[int, Sequence[int]], bits: dict[int, list[int]], outcome_words: int, firing_words: int
) -> tuple[list[tuple[int, int, np.uint64]], int]:
    """Gives every clause a bit in the order of the program, those of several terms by way of bits beyond."""
    gathered: list[tuple[int, int, np.uint64]] = []
    end = (outcome_words + firing_words) * BITS
    for clause, own in terms.items():
        if len(own) == 1:
            bits.setdefault(own[0], []).append(outcome_words * BITS + clause)
            continue
        if end % BITS + len(own) > BITS:
            end += BITS - end % BITS
        for place, term in enumerate(own):
            bits.setdefault(term, []).append(end + place)
        gathered.append((clause, end // BITS, np.uint64((1 << len(own)) - 1 << end % BITS)))
        end += len(own)
    return gathered, end


def _union(masks: Iterable[int]) -> int:
    union = 0
    for mask in masks:
        union |= mask
    return union


def _conflicts(program: Program, weighing: Weighing, possible: int) -> Iterable[tuple[int, int]]:
    """For each counter-rule that no authorisation lifts, its clauses and those of what it is against."""
    counters: dict[str, int] = {}
    findings: dict[str, int] = {}
    for place in places_in(possible):
        clause = program.clauses[place]
        if not weighing.lifts(clause) and clause.rule.kind in (EffectKind.COUNTER, EffectKind.OUTCOME):
            group = counters if clause.rule.kind is EffectKind.COUNTER else findings
            group[clause.rule.id] = group.get(clause.rule.id, 0) | 1 << place
    for rule_id, counter in counters.items():
        against = _union(findings.get(name, 0) for name in program.rulebook.rule(rule_id).against)
        if against:
            yield counter, against


def _words(bits: Iterable[int], words: int) -> Words:
    mask = _union(1 << bit for bit in bits)
    return np.array([mask >> BITS * word & (1 << BITS) - 1 for word in range(words)], np.uint64)


def _levels(weights: Sequence[Weight], words: int) -> list[list[tuple[np.uint64, int]]]:
    levels: list[dict[int, int]] = [{} for _ in range(words)]
    for bit, weight in enumerate(weights, 1):
        if weight.severity > 0:
            levels[bit // BITS].setdefault(weight.severity, bit % BITS)
    return [[(np.uint64(1 << bit), severity) for severity, bit in sorted(found.items())] for found in levels]
