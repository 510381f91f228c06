"""What the commands about the rulebook print."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from difflib import get_close_matches

from lexloci.cli.show import print_json, show
from lexloci.model.errors import LexlociError
from lexloci.rulebook.book import bundled_rulebook
from lexloci.rulebook.decided_cases import bundled_cases, decided_cases_in
from lexloci.rulebook.judge_cases import judge, rules_met


def run_cases(places: Sequence[str], as_json: bool) -> bool:
    """Print each disagreement of the cases in files and folders (none: the package's); True when all agree."""
    from lexloci.report.case_text import cases_json, cases_text

    rulebook = bundled_rulebook()
    cases = decided_cases_in(places, rulebook) if places else bundled_cases()
    judged = [one for case in cases for one in judge(rulebook, case)]
    if as_json:
        print_json(cases_json(rulebook, judged))
    else:
        sys.stdout.write(cases_text(judged))
    return not any(one.differences for one in judged)


def show_rule(rule_id: str, as_json: bool) -> None:
    """Print one rule; LexlociError with the closest id where there is none."""
    from lexloci.report.rule_sheet import CasesOfRule, rule_json, rule_sheet

    rulebook = bundled_rulebook()
    ids = [rule.id for rule in rulebook.rules]
    if rule_id not in ids:
        close = get_close_matches(rule_id, ids, 1)
        mend = f"did you mean {close[0]}?" if close else "docs/reference/coverage.md names them"
        raise LexlociError(f"there is no rule {rule_id!r}; {mend}")
    rule = rulebook.rule(rule_id)
    met = [(case.id, *rules_met(rulebook, case)) for case in bundled_cases()]
    cases = CasesOfRule(
        hold=tuple(case for case, hold, _ in met if rule_id in hold),
        open=tuple(case for case, _, may in met if rule_id in may),
    )
    if as_json:
        print_json(rule_json(rulebook, rule, cases))
    else:
        show(rule_sheet(rulebook, rule, cases))
