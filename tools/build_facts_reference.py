#!/usr/bin/env python3
"""Writes docs/reference/facts.md: facts, roles, kinds of authorisation and contested points, as the rulebook has them.

``.venv/bin/python tools/build_facts_reference.py`` writes the page; a test holds the committed page to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import yaml

import lexloci.rulebook
from lexloci.law.rule import FactType, Rulebook
from lexloci.model.act import ActKind, Role
from lexloci.plan.records import LISTINGS
from lexloci.rulebook.book import bundled_rulebook
from lexloci.rulebook.facts import ROLES_OF

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "facts.md"
VOCABULARY = Path(lexloci.rulebook.__file__).parent / "vocabulary.yaml"
HEAD = """<!-- Written by tools/build_facts_reference.py: change the rulebook, then run it. -->

# Facts, records and contested points

The names by which rules ask. A file of [bare acts](../how-to/judge-bare-acts.md) states facts under these names, an
attestation vouches for one of them, and an answer names those that are missing. In a portfolio most of them follow from
the [fields of the file](portfolio.md).

Types: `bool` is `true` or `false`; `country` is an ISO 3166 code of two letters (HK and MO stand apart from CN);
`number` is in the unit that the question names; `text` is one of the values shown, or free where none is.
"""
ATTESTATIONS = """## How an attestation names a fact

| `fact` | `about` | speaks for |
|---|---|---|
| `tenant.red_flags_resolved` (a role, then an attribute) | ids of parties | a named party where it has that role |
| `party.red_flags_resolved` (`party`, then an attribute) | ids of parties | a named party in every role that it has |
| `party.unlisted`, with the value `true` | ids of parties | as `party.`, for each of {listings}: each is false |
| `supply.bought_to_order` (any other fact) | ids of parties, sites, pools, datasets, models or workloads | acts in \
which one of these takes part |

An attestation counts from its day `on` to the day before `until`, and fills only a fact that is unknown. Where it
contradicts what the portfolio or a list says, or where two attestations differ, the fact is unknown.
"""


def page(rulebook: Rulebook, vocabulary: Mapping[str, Mapping[str, Mapping[str, object]]]) -> str:
    """The whole page, as Markdown."""
    parts = (
        HEAD,
        _acts(),
        _facts(rulebook.vocabulary[name] for name in vocabulary["facts"]),
        _parties(rulebook, vocabulary["party_attributes"]),
        ATTESTATIONS.format(listings=", ".join(f"`{name}`" for name in LISTINGS)),
        _authorisations(rulebook),
        _points(rulebook),
        _bodies(rulebook),
    )
    return "\n".join(parts)


def vocabulary() -> dict[str, dict[str, dict[str, object]]]:
    """The vocabulary as its file has it: facts, and the attributes that exist for every role."""
    read: dict[str, dict[str, dict[str, object]]] = yaml.safe_load(VOCABULARY.read_text(encoding="utf-8"))
    return read


def _facts(facts: Iterable[FactType]) -> str:
    rows = [f"| `{fact.name}` | `{fact.type}` | {_cell(fact.question)} | {_codes(fact.domain)} |" for fact in facts]
    return _section("Facts about things", "| fact | type | question | values |", rows)


def _parties(rulebook: Rulebook, attributes: Iterable[str]) -> str:
    roles = ", ".join(f"`{role.value}`" for role in Role)
    rows = []
    for name in attributes:
        fact = rulebook.vocabulary[f"{Role.TENANT.value}.{name}"]
        question = _cell(fact.question).replace("the tenant", "the party")
        rows.append(f"| `{name}` | `{fact.type}` | {question} | {_codes(fact.domain)} |")
    text = f"Each exists for every role: `tenant.headquarters`, `end_user.entity_list`. The roles are {roles}."
    return _section("Facts about parties", "| attribute | type | question | values |", rows, text)


def _authorisations(rulebook: Rulebook) -> str:
    lifts: dict[str, list[str]] = {}
    shows: dict[str, list[str]] = {}
    for rule in rulebook.rules:
        for kind in rule.lifted_by:
            lifts.setdefault(kind, []).append(rule.id)
        for duty in rule.duties:
            if duty.evidence:
                shows.setdefault(duty.evidence, []).append(rule.id)
    rows = [
        f"| `{kind}` | {_codes(lifts.get(kind, ()))} | {_codes(shows.get(kind, ()))} |"
        for kind in sorted({*lifts, *shows})
    ]
    text = (
        "An authorisation on record lifts the finding of a rule when its `kind` is one that the rule names, its\n"
        "holder takes part in the act, and so does what it `covers`. The same record shows a duty done.\n"
        "Its conditions become duties."
    )
    return _section("Kinds of authorisation", "| kind | lifts | shows the duty done of |", rows, text)


def _points(rulebook: Rulebook) -> str:
    return "## Contested points\n\n" + "\n".join(_point(rulebook, name) for name in sorted(rulebook.points))


def _point(rulebook: Rulebook, name: str) -> str:
    point = rulebook.points[name]
    options = "\n".join(f"- `{option}`: {text}" for option, text in point.options.items())
    citation = f"[{point.citation.text}]({point.citation.url})" if point.citation.url else point.citation.text
    return f"### `{name}`\n\n{point.question}\n\n{options}\n\nSource: {citation}\n"


def _acts() -> str:
    rows = [f"| `{kind.value}` | {_codes(role.value for role in ROLES_OF.get(kind, ()))} |" for kind in ActKind]
    text = (
        "Somebody always takes part in each of these roles: name the party in a file of acts, or the facts about\n"
        "it are unknown. Rules ask about another role only where the act names it."
    )
    return _section("Kinds of act", "| kind | roles that it always has |", rows, text)


def _bodies(rulebook: Rulebook) -> str:
    bodies: dict[str, set[str]] = {}
    for rule in rulebook.rules:
        bodies.setdefault(rule.body, set()).add(rule.authority)
    rows = [f"| `{body}` | {_codes(sorted(authorities))} |" for body, authorities in sorted(bodies.items())]
    text = "The column `authority` of a file of acts names the bodies of law to ask."
    return _section("Bodies of law", "| body | authorities |", rows, text)


def _section(title: str, head: str, rows: Iterable[str], text: str = "") -> str:
    rule = "|---" * (head.count("|") - 1) + "|"
    return "\n".join(_lines(title, text, head, rule, rows))


def _lines(title: str, text: str, head: str, rule: str, rows: Iterable[str]) -> Iterator[str]:
    yield f"## {title}\n"
    if text:
        yield f"{text}\n"
    yield from (head, rule, *rows, "")


def _codes(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(bundled_rulebook(), vocabulary()), encoding="utf-8")
    print(PAGE)


if __name__ == "__main__":
    main()
