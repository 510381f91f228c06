"""Does Google's own CEL read every condition, its facts declared with their types, as one that is true or false?

A second check beside ``lexloci.law.check``, by a parser and type checker that nobody here wrote. It needs the extra
``rulebook`` (cel-expr-python); importing this module without it raises ImportError.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cel_expr_python import cel

from lexloci.law.check import condition_lines
from lexloci.law.condition_check import Line
from lexloci.law.mistake import RuleMistake
from lexloci.law.rule import Rulebook

_TYPES = {"bool": cel.Type.BOOL, "number": cel.Type.DOUBLE, "text": cel.Type.STRING, "country": cel.Type.STRING}
_ERROR = re.compile(r"ERROR: <input>:\d+:(\d+): (.*)")


def cel_mistakes(rulebook: Rulebook) -> tuple[RuleMistake, ...]:
    """What CEL says against the conditions of a rulebook that was loaded; nothing where it agrees with our reader."""
    environment = cel_environment(rulebook)
    return tuple(mistake for line in condition_lines(rulebook) for mistake in _mistakes(environment, line))


def cel_environment(rulebook: Rulebook) -> cel.Env:
    """CEL with every name that a condition may read declared: numbers are doubles, sets are lists of texts."""
    types = {name: _TYPES[fact.type] for name, fact in rulebook.vocabulary.items()}
    types |= {f"parameter.{name}": cel.Type.DOUBLE for name in rulebook.parameters}
    types |= {f"set.{name}": cel.Type.List(cel.Type.STRING) for name in rulebook.sets}
    types |= {f"defined.{name}": cel.Type.BOOL for name in rulebook.definitions}
    types |= {f"reading.{name}": cel.Type.STRING for name in rulebook.points}
    return cel.NewEnv(variables=types)


def _mistakes(environment: cel.Env, line: Line) -> Iterator[RuleMistake]:
    text = line.condition.text
    found: list[tuple[str, int]] = []
    try:
        if environment.compile(text).return_type() != cel.Type.BOOL:
            found.append(("the condition is not true or false", 1))
    except RuntimeError as error:
        found += [(why, int(column)) for column, why in _ERROR.findall(str(error))] or [(str(error), 1)]
    mend = "write what both read alike (docs/reference/rulebook.md)"
    for why, column in found:
        what = f"CEL: {' '.join(why.split())}"
        yield RuleMistake(line.file, line.condition.line, line.field, what, mend, text, column)
