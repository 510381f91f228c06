"""What a portfolio file may hold, as a page of Markdown for people, from the model's fields."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import is_dataclass
from enum import Enum

from lexloci.case.fields import FieldSpec, fields_of, limit_words
from lexloci.case.portfolio_file import FORMAT_KEY
from lexloci.case.schema import FORMAT_MEANING, first_paragraph, things_of
from lexloci.model.portfolio import Portfolio


def portfolio_reference() -> str:
    """The reference page of the portfolio file in Markdown: every field with its type, unit and meaning."""
    lines = [*_PREFACE.splitlines(), "", *_table(Portfolio)]
    for thing in things_of(Portfolio):
        lines += ["", f"## {thing.__name__}", "", first_paragraph(thing), "", *_table(thing)]
    return "\n".join(lines) + "\n"


_PREFACE = """# The portfolio file

A portfolio is one file of YAML 1.2 or JSON in UTF-8. `lexloci init` writes a small one to begin with, and
`lexloci check FILE` tells every mistake in it. [portfolio.schema.json](portfolio.schema.json) is its JSON
Schema for editors. This page is written by `python -m lexloci.case.reference`.

- A field that is not named here is a mistake, and so is a value of another type. Nothing is converted:
  `"8"` is text, `8` a whole number, `1e9` a number that is not written whole, `NO` text.
- Days are written `YYYY-MM-DD`. A span of days begins with its first day and ends before its last.
- What is not stated is unknown, unless its meaning below says otherwise.
- Ids are unique among parties, sites, pools, datasets, models and workloads, and are one word.
- Anchors, aliases, tags, a key that stands twice and a second document are mistakes. A file has at most
  64 MiB, 2,000,000 values and 20 levels.

## Portfolio"""


def _table(thing: type) -> Iterator[str]:
    yield "| field | type | unit | not stated | meaning |"
    yield "|---|---|---|---|---|"
    if thing is Portfolio:
        yield f"| `{FORMAT_KEY}` | whole number |  | **required** | {FORMAT_MEANING} |"
    for spec in fields_of(thing).values():
        cells = (f"`{spec.name}`", _type_words(spec), spec.unit, _default_words(spec), spec.meaning)
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _type_words(spec: FieldSpec) -> str:
    held = (spec.kind.item or spec.kind).base
    words = spec.kind.words
    if is_dataclass(held):
        link = f"[{held.__name__}](#{held.__name__.lower()})"
        words = f"list of {link}" if spec.kind.item else link
    limits = " and ".join(limit_words(limit) for limit in spec.limits)
    return f"{words}, {limits}" if limits else words


def _default_words(spec: FieldSpec) -> str:
    if spec.required:
        return "**required**"
    if isinstance(spec.default, bool):
        return "`true`" if spec.default else "`false`"
    if isinstance(spec.default, (int, float)):
        return f"`{spec.default:g}`"
    if isinstance(spec.default, Enum):
        return f"`{spec.default.value}`"
    return "none" if spec.default in ((), {}, "") else ""
