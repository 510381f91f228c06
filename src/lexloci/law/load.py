"""Reads a rulebook from its folders and refuses what does not compile, every mistake at once.

Layout: ``version.yaml`` and ``vocabulary.yaml`` at the top; one folder an authority with ``rules/``
(one rule a file, its id is ``<folder>.<file>``), ``definitions/``, ``parameters/``, ``sets/`` and
``points/`` (a mapping of names a file). docs/reference/rulebook.md describes every key. The
rulebook of another package, whose ``version.yaml`` has a ``name``, is added to it name by name.

What fails here, never when asked: unknown keys, outcomes, facts, parameters, sets, definitions,
points and options; comparisons of unlike types; values outside a closed domain; dates that are
missing, malformed, out of order or contradict one another; quoted texts that do not match their
seal; cycles of definitions; names given twice, and those that nothing reads; numbers that overflow.

A rule in ``scenarios/`` is a bill or a draft: it is checked with the others, and is a rule only in a
rulebook that was asked for with the day from which it is supposed to be law.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TypeVar

from lexloci.case.yaml_source import Source
from lexloci.law.check import mistakes_of
from lexloci.law.dated_file import dated_set, definition, parameter, point, vocabulary
from lexloci.law.mistake import RuleMistake, UnsoundRulebookError, mend_of
from lexloci.law.node import Node, read_node
from lexloci.law.rule import FactType, Rule, Rulebook, RulebookSource
from lexloci.law.rule_file import rule_of, supposed_from
from lexloci.law.version import release_day
from lexloci.model.errors import RulebookError

T = TypeVar("T")
VERSION_FILE = "version.yaml"
VOCABULARY_FILE = "vocabulary.yaml"
REASONS_FILE = "reasons.yaml"  # read by lexloci.rulebook.reasons
_TOP_FILES = ((VERSION_FILE,), (VOCABULARY_FILE,), (REASONS_FILE,))
INSTRUMENTS_FILE = "instruments.yaml"
KINDS = ("rules", "definitions", "parameters", "sets", "points", "cases", "invariants", "scenarios")
_NAME = re.compile(r"[a-z0-9]+([._-][a-z0-9]+)*")


def load_rulebook(folder: Path, *others: Path, scenarios: Mapping[str, date] | None = None) -> Rulebook:
    """The rulebook in a folder, with those of other packages added; UnsoundRulebookError holds all that is wrong.

    The files of one that was added are called by the name of its rulebook and their place in it. ``scenarios`` are
    bills and drafts by id, each with the day from which it is supposed to be law: they are rules like the others, and
    the version names them. RulebookError where there is no such scenario.
    """
    supposed = dict(scenarios or {})
    reading = _Reading()
    parts = [_part(reading, folder, ""), *(_part(reading, other, name_of(other) or other.name) for other in others)]
    own, *added = (part.source for part in parts)
    drafts = tuple(_scenarios(reading, parts, supposed))
    rulebook = Rulebook(
        version="+".join([own.version, *(f"{one.name} {one.version}" for one in added)]),
        reviewed=own.reviewed,
        limit_days=own.limit_days,
        vocabulary=_vocabulary(reading, parts),
        definitions=_named(reading, parts, "definitions", definition),
        parameters=_named(reading, parts, "parameters", parameter),
        sets=_named(reading, parts, "sets", dated_set),
        points=_named(reading, parts, "points", lambda node, _: point(node)),
        rules=(*_rules(reading, parts), *drafts),
        sources=tuple(added),
    )
    if not reading.names_are_open:
        reading.mistakes += mistakes_of(rulebook, reading.line, reading.mistakes)
    if reading.mistakes:
        raise UnsoundRulebookError(reading.mistakes)
    return _with_scenarios(rulebook, {rule.id for rule in drafts}, supposed)


def is_addition(folder: Path) -> bool:
    """Whether the rulebook in a folder is one to be added to another: its version.yaml gives it a name."""
    return bool(name_of(folder))


def name_of(folder: Path) -> str:
    """The name that a rulebook gives itself, before anything else of it is read; empty where it gives none."""
    node = read_node(folder / VERSION_FILE, VERSION_FILE, [])
    name = node.data.get("name") if node else None
    return name if isinstance(name, str) else ""


@dataclass
class _Reading:
    """What was read so far: the mistakes, the files, and where each name was given first.

    ``names_are_open`` is set where names may be missing because a file could not be read whole: to look for
    unknown names would then tell the same mistake many times over.
    """

    mistakes: list[RuleMistake] = field(default_factory=list)
    names_are_open: bool = False
    _files: dict[str, Source] = field(default_factory=dict)
    _given: dict[tuple[str, str], str] = field(default_factory=dict)

    def node(self, path: Path, label: str) -> Node | None:
        """The mapping in a file, which mistakes name by its label."""
        node = read_node(path, label, self.mistakes)
        if node is None:
            self.names_are_open = True
        else:
            self._files[label] = node.source
        return node

    def line(self, file: str, *steps: str | int) -> int:
        """The line of a value of a file that was read."""
        return self._files[file].line(steps)

    def is_new(self, kind: str, name: str, node: Node, *steps: str | int) -> bool:
        """Whether a name is the first of its kind; it is a mistake where it is not."""
        first = self._given.get((kind, name))
        if first is None:
            self._given[kind, name] = f"{node.source.file}:{node.line(*steps)}"
            return True
        node.refuse(f"{name} is given twice among the {kind}, first at {first}", "rename one of them", *steps)
        return False


@dataclass(frozen=True)
class _Part:
    """One of the rulebooks that are read together.

    ``prefix`` begins the names of its files; ``released`` is the day of its version, the last of all days for none.
    """

    folder: Path
    prefix: str
    source: RulebookSource
    released: date

    def files(self, pattern: str) -> Iterator[tuple[Path, str]]:
        """The files that match, in order, each with its name in mistakes."""
        for path in sorted(self.folder.glob(pattern)):
            yield path, self.prefix + path.relative_to(self.folder).as_posix()


def _part(reading: _Reading, folder: Path, name: str) -> _Part:
    """A rulebook's folder; ``name`` is empty for the one that the others are added to."""
    part = _Part(folder, f"{name}/" if name else "", RulebookSource(name, "", date.min, 1), date.max)
    node = reading.node(folder / VERSION_FILE, part.prefix + VERSION_FILE)
    if node is None:  # a folder without it is no rulebook, and what else it holds is nobody's mistake
        raise UnsoundRulebookError(reading.mistakes)
    reading.mistakes += _strays(part)
    if name and not any(part.files("*/rules/*.yaml")):
        node.refuse("its rulebook holds no rule", "put rules in <authority>/rules/<name>.yaml beside it")
    return _Part(folder, part.prefix, *_version(reading, node, name))


def _version(reading: _Reading, node: Node, name: str) -> tuple[RulebookSource, date]:
    """What version.yaml says, and the day of its version."""
    if name:
        stated = node.text("name")
        if stated and _NAME.fullmatch(stated) is None:
            node.refuse(f"name: {stated!r} is no name of a package", "write such as name: lexloci-japan", "name")
        reading.is_new("rulebooks", name, node, "name")
    source = RulebookSource(name, node.text("version"), node.day("reviewed"), node.days("limit_days", 1))
    node.refuse_the_rest()
    released = None if "+" in source.version else release_day(source.version)
    if released is None and source.version:
        mend = "write the day of its release as YYYY.MM.DD, and .1 after it for another one on that day"
        node.refuse(f"version: {source.version!r} is no calendar version", mend, "version")
    elif released is not None and source.reviewed > released:
        mend = "a source cannot be read after the release: mend one of them"
        node.refuse(f"reviewed {source.reviewed} is later than the version of {released}", mend, "reviewed")
    return source, released or date.max


def _strays(part: _Part) -> Iterator[RuleMistake]:
    """A mistake for each file that nothing would read: a rule that is not loaded permits in silence."""
    for path, label in (*part.files("**/*.yaml"), *part.files("**/*.yml")):
        parts = path.relative_to(part.folder).parts
        is_read = (
            parts in _TOP_FILES
            or (len(parts) == 2 and parts[1] == INSTRUMENTS_FILE)
            or (len(parts) == 3 and parts[1] in KINDS and path.suffix == ".yaml")
        )
        if not is_read:
            mend = f"move it to <authority>/<kind>/<name>.yaml, kind being one of {', '.join(KINDS)}"
            yield RuleMistake(label, 0, "", "nothing reads this file", mend)


def _vocabulary(reading: _Reading, parts: Sequence[_Part]) -> dict[str, FactType]:
    """The facts of all vocabularies; only the first rulebook must have one, and the others add to it."""
    found: dict[str, FactType] = {}
    for part in parts:
        path = part.folder / VOCABULARY_FILE
        if part.prefix and not path.exists():
            continue
        known = len(reading.mistakes)
        node = reading.node(path, part.prefix + VOCABULARY_FILE)
        if node is None:
            continue
        facts = vocabulary(node)
        again = found.keys() & facts
        if again:
            name = min(again)
            where = "facts" if name in node.child("facts").data else "party_attributes"
            node.refuse(f"{name} is in the vocabulary already", "use that fact, or rename this one", where)
        found |= facts
        reading.names_are_open |= len(reading.mistakes) > known
    return found


def _named(reading: _Reading, parts: Sequence[_Part], kind: str, build: Callable[[Node, date], T]) -> dict[str, T]:
    """Everything of one kind in all folders, by name; points are called by their folder too."""
    found: dict[str, T] = {}
    for part in parts:
        for path, label in part.files(f"*/{kind}/*.yaml"):
            top = reading.node(path, label)
            for name, node in top.items() if top else ():
                full = f"{path.parent.parent.name}.{name}" if kind == "points" else name
                if reading.is_new(kind, full, node):
                    found[full] = build(node, part.released)
    return found


def _rules(reading: _Reading, parts: Sequence[_Part]) -> Iterator[Rule]:
    for part in parts:
        for path, label in part.files("*/rules/*.yaml"):
            rule_id = f"{path.parent.parent.name}.{path.stem}"
            node = reading.node(path, label)
            if node is not None and reading.is_new("rules", rule_id, node):
                yield rule_of(node, rule_id, part.released)


def _scenarios(reading: _Reading, parts: Sequence[_Part], supposed: Mapping[str, date]) -> Iterator[Rule]:
    """The bills and drafts of all folders, each from the day that is supposed; for one that is not, from the last."""
    for part in parts:
        for path, label in part.files("*/scenarios/*.yaml"):
            rule_id = f"{path.parent.parent.name}.{path.stem}"
            node = reading.node(path, label)
            if node is not None and reading.is_new("rules", rule_id, node):
                yield rule_of(node, rule_id, part.released, supposed_from(supposed.get(rule_id, date.max)))


def _with_scenarios(rulebook: Rulebook, drafts: Collection[str], supposed: Mapping[str, date]) -> Rulebook:
    """The rulebook without the bills and drafts that nobody supposed, and with a version that names the others."""
    for unknown in sorted(supposed.keys() - set(drafts)):
        mend = mend_of(unknown, drafts, f"one of: {', '.join(sorted(drafts)) or 'none, this rulebook has no scenario'}")
        raise RulebookError(f"there is no scenario {unknown!r}; {mend}")
    if not drafts:
        return rulebook
    added = [f"scenario {one} from {supposed[one].isoformat()}" for one in sorted(supposed)]
    rules = tuple(rule for rule in rulebook.rules if rule.id in supposed or rule.id not in drafts)
    return replace(rulebook, rules=rules, version="+".join([rulebook.version, *added]))
