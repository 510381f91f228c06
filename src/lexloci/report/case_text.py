"""Decided cases that got another answer, as text for the terminal and as JSON (docs/reference/output.md)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from lexloci.law.rule import Rulebook
from lexloci.model.determination import Determination
from lexloci.report.json_form import determination_json
from lexloci.report.plain import plain
from lexloci.rulebook.judge_cases import Judged


def cases_text(judged: Sequence[Judged]) -> str:
    """Each disagreement with the rules behind the answer and what is missing; the last line counts whole cases."""
    wrong = [one for one in judged if one.differences]
    lines = [plain(line) for one in wrong for line in _lines(one)]
    agree, cases = _counts(judged)
    return "\n".join([*lines, f"agree {agree}/{cases}", ""])


def cases_json(rulebook: Rulebook, judged: Sequence[Judged]) -> dict[str, Any]:
    """The counts of whole cases, and each disagreement with its determination."""
    agree, cases = _counts(judged)
    return {
        "rulebook": rulebook.version,
        "agree": agree,
        "cases": cases,
        "disagreements": [
            {
                "case": one.case.id,
                "file": one.case.file,
                "line": one.case.line,
                "layer": one.layer.value,
                "expected": one.case.expect[one.layer],
                "outcome": one.determination.outcome.value,
                "differences": list(one.differences),
                "determination": determination_json(one.determination),
            }
            for one in judged
            if one.differences
        ],
    }


def _counts(judged: Sequence[Judged]) -> tuple[int, int]:
    """How many cases agree on every layer, and how many there are."""
    cases = {one.case.id for one in judged}
    return len(cases - {one.case.id for one in judged if one.differences}), len(cases)


def _lines(one: Judged) -> Iterator[str]:
    found = one.determination
    yield f"{one.case.file}:{one.case.line} {one.case.id}, {one.layer.value}: {'; '.join(one.differences)}"
    if found.certain is not found.possible:
        yield f"  certain {found.certain.value}, possible {found.possible.value}"
    yield from (f"  {line}" for line in _rules(found))
    for missing in found.missing:
        yield f"  missing: {missing.kind.value} {missing.name}: {missing.question}"


def _rules(found: Determination) -> Iterator[str]:
    for finding in found.findings:
        yield f"{finding.status.value}: {finding.rule}: {finding.outcome.value}"
    for finding in (*found.signals, *found.notes):
        yield f"{finding.status.value}: {finding.rule}"
    for duty in found.duties:
        yield f"duty by {duty.rule}: {duty.text}"
    if not found.findings:
        yield "no rule fired or is possible"
