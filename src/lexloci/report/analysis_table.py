"""What the analysis of a rulebook found, as tables for the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from lexloci.report.plain import plain

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

    from lexloci.law.analysis.difference import Difference
    from lexloci.law.analysis.firing import Patterns
    from lexloci.law.analysis.gaps import Gap
    from lexloci.law.analysis.invariants import Proof
    from lexloci.law.analysis.overlaps import Overlap
    from lexloci.law.analysis.rule_states import DeadRule, RedundantRule
    from lexloci.law.analysis.witness import Witness


NO_REASON = "NO REASON GIVEN"


def gaps_table(gaps: Sequence[Gap], reasons: Sequence[str]) -> Table | Text:
    """Acts of which a body of law that is asked says nothing, each with its reason; those without one first."""
    known = sorted(zip(gaps, reasons, strict=True), key=lambda pair: bool(pair[1]))
    rows = [
        (gap.kind.value, gap.body, "yes" if gap.has_rules else "no", facts_text(gap.witness), reason or NO_REASON)
        for gap, reason in known
    ]
    title = f"gaps: acts that are answered with human review, not modelled; without a reason: {_count(reasons)}"
    return _table(title, ("act", "body", "has rules\nof others", "whatever else is stated", "why"), rows)


def _count(reasons: Sequence[str]) -> str:
    return str(sum(not reason for reason in reasons) or "none")


def dead_table(dead: Sequence[DeadRule]) -> Table | Text:
    """The rules that can never fire."""
    rows = [(one.rule, "\n".join(one.contradiction)) for one in dead]
    return _table("dead rules: they can fire on no act and no day", ("rule", "what contradicts itself"), rows)


def redundant_table(redundant: Sequence[RedundantRule]) -> Table | Text:
    """The rules without which every answer would be the same."""
    rows = [(one.rule, "\n".join(one.by)) for one in redundant]
    return _table("redundant rules: without them every answer is the same", ("rule", "always said by"), rows)


def overlaps_table(overlaps: Sequence[Overlap], reasons: Sequence[str]) -> Table | Text:
    """What one rule permits and another prohibits, and the conflicts of laws, each with its reason."""
    rows = [
        (
            "\n".join(one.rules),
            " against ".join(one.bodies) if one.is_conflict else " and ".join(one.bodies),
            "conflict of laws" if one.is_conflict else "the prohibition wins",
            f"{one.witness.act.kind.value}\n{facts_text(one.witness)}",
            reason or NO_REASON,
        )
        for one, reason in zip(overlaps, reasons, strict=True)
    ]
    title = "overlaps: a permission with a prohibition, and counter-rules with what they are against"
    title += f"; without a reason: {_count(reasons)}"
    return _table(title, ("rules", "bodies", "what it is", "for example", "why"), rows)


def invariants_table(proofs: Sequence[Proof]) -> Table | Text:
    """What came of each invariant."""
    rows = [
        (f"{one.invariant.id}\n{one.invariant.title}", _result(one), f"{one.seconds * 1000:.0f} ms") for one in proofs
    ]
    return _table("invariants", ("invariant", "result", "took"), rows)


def _result(proof: Proof) -> str:
    if proof.counterexample is not None:
        return f"BROKEN: {_answered(proof.counterexample)}"
    return "EMPTY: no act meets what is given" if proof.is_empty else f"proved: {proof.invariant.says}"


def differences_table(differences: Sequence[Difference]) -> Table | Text:
    """Acts that are answered differently, with both answers and the rules behind them."""
    rows = [
        (
            f"{one.kind.value}\n{', '.join(one.bodies)}",
            _before_and_after(one),
            "\n".join(f"{change.rule}: {change.before or '-'} → {change.after or '-'}" for change in one.rules),
            facts_text(one.before),
        )
        for one in differences
    ]
    return _table("differences", ("act\nbodies", "outcome", "rules behind it", "for example"), rows)


def _before_and_after(difference: Difference) -> str:
    before, after = difference.before, difference.after
    days = f"\non {before.act.on}" if before.act.on == after.act.on else ""
    answers = [one.determination for one in (before, after)]
    words = [one.outcome.value for one in answers]
    if words[0] == words[1]:
        words = [f"{one.outcome.value} (certain {one.certain.value}, possible {one.possible.value})" for one in answers]
    return f"{' → '.join(words)}{days}"


def patterns_table(
    found: Sequence[Patterns], witnesses: Mapping[tuple[str, str, frozenset[str]], Witness], *, every: bool
) -> Table | Text:
    """For each body of law and kind of act how many firing patterns the cases exercise, and what none does.

    ``every`` lists all that are not covered, else the smallest.
    """
    rows = []
    for one in found:
        shown = one.uncovered if every else one.uncovered[:1]
        lines = []
        for pattern in shown:
            witness = witnesses.get((one.kind.value, one.body, pattern))
            example = f"\n  {facts_text(witness, '; ')}" if witness else ""
            lines.append(f"{', '.join(sorted(pattern))}{example}")
        more = "" if one.is_complete else "+"
        rows.append((one.kind.value, one.body, f"{len(one.found)}{more}", str(len(one.exercised)), "\n".join(lines)))
    title = f"firing patterns: {coverage_text(found)}"
    return _table(title, ("act", "body", "patterns", "in cases", "not in a case"), rows)


def coverage_text(found: Iterable[Patterns]) -> str:
    """How many of the firing patterns the decided cases exercise."""
    listed = list(found)
    every, exercised = sum(len(one.found) for one in listed), sum(len(one.exercised) for one in listed)
    share = f" ({100 * exercised / every:.0f} %)" if every else ""
    cut = sum(not one.is_complete for one in listed)
    more = f"; {cut} lists are cut short (+)" if cut else ""
    return f"the decided cases exercise {exercised} of {every}{share}{more}"


def facts_text(witness: Witness, between: str = "\n") -> str:
    """What an act states, and the parties of it of whom nothing is stated; a closed act, the rest is absent."""
    act = witness.act
    named = {name.partition(".")[0] for name in act.facts}
    lines = [f"{name} = {_value(fact.value)}" for name, fact in act.facts.items()]
    lines += [f"a party as {role.value}" for role in act.parties if role.value not in named]
    return between.join(lines) or "nothing"


def _answered(witness: Witness) -> str:
    act = witness.act
    found = witness.determination
    head = f"{act.kind.value} on {act.on}, known {witness.question.known_at}, {witness.question.basis.value}"
    return f"{head}: {found.outcome.value}\n{facts_text(witness)}"


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Table | Text:
    from rich.table import Table
    from rich.text import Text

    if not rows:
        return Text(f"{title}: none")
    table = Table(title=title, title_justify="left", show_lines=True)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text("\n".join(plain(line) for line in cell.split("\n"))) for cell in row))
    return table
