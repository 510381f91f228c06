"""What the commands that analyse a rulebook print; they need z3, which the extra ``analysis`` brings."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from lexloci.cli.rulebooks import rulebook_at
from lexloci.cli.show import print_json, show
from lexloci.law.rule import Rulebook
from lexloci.model.act import ActKind
from lexloci.model.errors import LexlociError
from lexloci.model.portfolio import Basis
from lexloci.rulebook.book import FOLDER, bundled_rulebook

if TYPE_CHECKING:
    from rich.console import RenderableType

    from lexloci.law.analysis.difference import Difference
    from lexloci.law.analysis.encode import Encoding
    from lexloci.law.analysis.firing import Patterns
    from lexloci.law.analysis.witness import Witness
    from lexloci.rulebook.analyse import Analysis

T = TypeVar("T")


def analyse(kind: ActKind | None, as_of: date | None, basis: Basis, only: str | None, *, as_json: bool) -> bool:
    """Print what the analysis finds (of ``only`` one question); False where an invariant is not proved."""
    _need_z3()
    from lexloci.law.analysis.declared import read_invariants
    from lexloci.report import analysis_json, analysis_table
    from lexloci.rulebook.analyse import Analysis

    rulebook = bundled_rulebook()
    declared = read_invariants(FOLDER, rulebook)
    asked = Analysis(rulebook, basis, as_of or rulebook.reviewed, kind, _with_progress)
    questions: dict[
        str, tuple[Callable[[], list[Any]], Callable[..., RenderableType], Callable[..., dict[str, Any]]]
    ] = {
        "gaps": (asked.gaps, analysis_table.gaps_table, analysis_json.gap_json),
        "dead": (asked.dead, analysis_table.dead_table, analysis_json.dead_json),
        "redundant": (asked.redundant, analysis_table.redundant_table, analysis_json.redundant_json),
        "overlaps": (asked.overlaps, analysis_table.overlaps_table, analysis_json.overlap_json),
        "invariants": (
            lambda: asked.invariants(declared),
            analysis_table.invariants_table,
            analysis_json.proof_json,
        ),
    }
    form: dict[str, Any] = _head(asked)
    all_hold = True
    for name, (ask, table, row_json) in questions.items():
        if only in (None, name):
            found = ask()
            all_hold = all_hold and (name != "invariants" or all(proof.holds for proof in found))
            why = [_reasons(name, found)] if name in ("gaps", "overlaps") else []
            form[name] = [row_json(*row) for row in zip(found, *why, strict=True)]
            if not as_json:
                show(table(found, *why))
    if as_json:
        print_json(form)
    return all_hold


def _reasons(name: str, found: Sequence[Any]) -> list[str]:
    from lexloci.rulebook.reasons import bundled_reasons

    reasons = bundled_reasons()
    if name == "gaps":
        return [reasons.of_gap(one.body, one.kind.value, has_rules=one.has_rules) for one in found]
    return [reasons.of_overlap(one.rules, is_conflict=one.is_conflict) for one in found]


def diff(before: str, after: str, kind: ActKind | None, basis: Basis, most: int, *, as_json: bool) -> None:
    """Print acts that two days, or two rulebooks, answer differently."""
    _need_z3()
    from lexloci.report.analysis_json import difference_json
    from lexloci.report.analysis_table import differences_table

    found = _differences(before, after, kind, basis, most)
    if as_json:
        differences = [difference_json(one) for one in found]
        print_json({"before": before, "after": after, "basis": basis.value, "differences": differences})
        return
    if found:
        show(differences_table(found))
    else:
        sys.stdout.write(f"proved: {before} and {after} answer every act alike\n")


def _differences(before: str, after: str, kind: ActKind | None, basis: Basis, most: int) -> list[Difference]:
    from lexloci.rulebook.analyse import compare_days, compare_rulebooks

    days = _day(before), _day(after)
    if days[0] is not None and days[1] is not None:
        return compare_days(bundled_rulebook(), days[0], days[1], basis, kind, most, _with_progress)
    if days != (None, None):
        raise LexlociError(
            f"{before} and {after}: a day cannot be compared with a rulebook; name two days or two folders"
        )
    return compare_rulebooks(_rulebook_at(before), _rulebook_at(after), basis, kind, most, _with_progress)


def firing(kind: ActKind | None, basis: Basis, most: int, *, as_json: bool) -> None:
    """Print which rules can fire together, and how much of that the decided cases exercise."""
    _need_z3()
    from lexloci.report.analysis_json import patterns_json
    from lexloci.report.analysis_table import patterns_table
    from lexloci.rulebook.analyse import Analysis
    from lexloci.rulebook.decided_cases import bundled_cases

    rulebook = bundled_rulebook()
    asked = Analysis(rulebook, basis, rulebook.reviewed, kind, _with_progress)
    encoding, found = asked.firing(bundled_cases(), most)
    every = kind is not None or as_json
    witnesses = _witnesses(encoding, found, every=every)
    if as_json:
        forms = [
            patterns_json(
                one, {key[2]: witness for key, witness in witnesses.items() if key[:2] == (one.kind.value, one.body)}
            )
            for one in found
        ]
        print_json({**_head(asked), "patterns": forms})
    else:
        show(patterns_table(found, witnesses, every=every))


def _witnesses(
    encoding: Encoding, found: Sequence[Patterns], *, every: bool
) -> dict[tuple[str, str, frozenset[str]], Witness]:
    """An act for each pattern that no case exercises: for all, or for the smallest of each list."""
    from lexloci.law.analysis.firing import witness_of

    parts = [(one, pattern) for one in found for pattern in (one.uncovered if every else one.uncovered[:1])]
    return {
        (one.kind.value, one.body, pattern): witness_of(encoding, one.kind, one.body, pattern)
        for one, pattern in _with_progress(parts, "examples")
    }


def kind_named(name: str | None) -> ActKind | None:
    """The kind of act of a name; LexlociError with the closest where there is none of it."""
    from lexloci.cli.rule_export import kinds_named

    return kinds_named([name])[0] if name else None


def _head(asked: Analysis) -> dict[str, Any]:
    return {"rulebook": asked.rulebook.version, "as_of": asked.as_of.isoformat(), "basis": asked.layer.value}


def _need_z3() -> None:
    """LexlociError where z3 is not installed."""
    try:
        import z3  # noqa: F401
    except ImportError:
        raise LexlociError("the analysis needs z3; install it with: pip install 'lexloci[analysis]'") from None


def _with_progress(parts: Sequence[T], what: str) -> Iterable[T]:
    """The parts one by one, with a bar on standard error where that is a terminal."""
    from rich.console import Console
    from rich.progress import track

    return track(parts, what, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty())


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _rulebook_at(text: str) -> Rulebook:
    place = Path(text)
    if place.exists():
        return rulebook_at(place)
    raise LexlociError(f"{text}: is no day, no folder and no compiled rulebook; write YYYY-MM-DD, or name a rulebook")
