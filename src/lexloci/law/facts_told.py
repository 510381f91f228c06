"""Which facts of an act can its answer rest on, or tell? All others may differ, and the answer is the same."""

from __future__ import annotations

import re
from datetime import date

from lexloci.law.names_read import names_read
from lexloci.law.program import program_of
from lexloci.law.rule import Rulebook
from lexloci.model.act import ActKind, Role

_FILLED = re.compile(r"{([a-z_.0-9]+)}")
_BESIDE_RULES = frozenset({"chip.name"})
"""Facts that decide which tables stand behind an answer (``plan.judge``)."""


def facts_told(rulebook: Rulebook, kind: ActKind, known_at: date) -> frozenset[str]:
    """The facts that a rule for a kind of act reads in a condition, or names in its reason, as known by a day.

    A fact of ``party`` is that of every role.
    """
    kept: dict[tuple[ActKind, date], frozenset[str]] = rulebook.kept.setdefault("law.facts_told", {})
    found = kept.get((kind, known_at))
    if found is None:
        names = set(program_of(rulebook, kind, known_at).names)
        for rule in rulebook.rules_by_act.get(kind, ()):
            names.update(names_read(rulebook, rule.not_subject_when))
            names.update(_FILLED.findall(rule.reason))
        spelt = {f"{role.value}.{name[6:]}" for name in names if name.startswith("party.") for role in Role}
        found = kept[kind, known_at] = frozenset(names | spelt | _BESIDE_RULES)
    return found
