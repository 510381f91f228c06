"""Which instruments does the rulebook hold, how, and when was each last read?

``<authority>/instruments.yaml`` (docs/reference/rulebook.md describes every key). What fails when it is read: unknown
keys, statuses and levels; rules, parameters, sets, contested points, scenarios and kinds of authorisation that the
rulebook has not; an id given twice; a day of reading that cannot be.

Invariants: of a rulebook with such files, each rule, parameter, set, contested point and scenario is held by an
instrument; none of its rules claims to be checked further than its instruments; none of its sources was read before the
day from which the engine counts the age of all rules.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path

from lexloci.law.load import INSTRUMENTS_FILE, name_of
from lexloci.law.mistake import RuleMistake, UnsoundRulebookError, mend_of
from lexloci.law.node import Node, read_node
from lexloci.law.rule import Rulebook
from lexloci.law.rule_file import VERIFICATIONS
from lexloci.law.version import release_day
from lexloci.model.citation import Citation, Verification
from lexloci.rulebook.added import added_folders
from lexloci.rulebook.book import FOLDER, bundled_rulebook
from lexloci.rulebook.instrument import HELD_KINDS, Instrument, InstrumentStatus, LastRead, PolicyTarget

_STATUSES = {status.value: status for status in InstrumentStatus}
_WHOLE = (InstrumentStatus.MODELLED, InstrumentStatus.SIGNAL)
_RANK = {level: place for place, level in enumerate(Verification)}
Known = Mapping[str, Mapping[str, str]]
"""For each kind of name that may hold an instrument, the names and the file of each (empty where it has none)."""


@lru_cache(maxsize=1)
def bundled_instruments() -> tuple[Instrument, ...]:
    """Every instrument of the rulebook in use, in the order of the files."""
    return load_instruments(bundled_rulebook(), FOLDER, *added_folders())


def load_instruments(rulebook: Rulebook, folder: Path, *others: Path) -> tuple[Instrument, ...]:
    """The instruments in a rulebook's folder and in those added to it; UnsoundRulebookError holds all that is wrong."""
    mistakes: list[RuleMistake] = []
    known = _names_known(rulebook, (folder, *others))
    prefixes = ["", *(f"{name_of(other) or other.name}/" for other in others)]
    days = {f"{one.name}/": (one.version, one.reviewed) for one in rulebook.sources}
    days[""] = (rulebook.version, rulebook.reviewed)
    found: dict[str, Instrument] = {}
    for place, prefix in zip((folder, *others), prefixes, strict=True):
        own: list[Instrument] = []
        for path in sorted(place.glob(f"*/{INSTRUMENTS_FILE}")):
            top = read_node(path, prefix + path.relative_to(place).as_posix(), mistakes)
            for name, node in top.items() if top else ():
                one = _instrument(node, path.parent.name, known)
                first = found.setdefault(name, one)
                if first is not one:
                    node.refuse(f"the id is given twice, first at {first.file}:{first.line}", "rename one of them")
                mistakes += _wrong_days(one, *days[prefix])
                own.append(one)
        if own and not mistakes:
            others_of = [one for one in prefixes if one and one != prefix]
            mistakes += _unheld(own, _of_part(known, prefix, others_of))
            mistakes += _claiming_more(own, rulebook)
    if mistakes:
        raise UnsoundRulebookError(mistakes)
    return tuple(found.values())


def _names_known(rulebook: Rulebook, folders: Iterable[Path]) -> Known:
    scenarios = {
        f"{path.parent.parent.name}.{path.stem}": f"{name_of(folder)}/{path.relative_to(folder).as_posix()}".strip("/")
        for folder in folders
        for path in folder.glob("*/scenarios/*.yaml")
    }
    authorisations = {kind for rule in rulebook.rules for kind in rule.lifted_by}
    authorisations |= {duty.evidence for rule in rulebook.rules for duty in rule.duties if duty.evidence}
    return {
        "rules": {rule.id: rule.file for rule in rulebook.rules if rule.id not in scenarios},
        "parameters": {name: one.file for name, one in rulebook.parameters.items()},
        "sets": {name: one.file for name, one in rulebook.sets.items()},
        "points": {name: one.file for name, one in rulebook.points.items()},
        "scenarios": scenarios,
        "authorisations": dict.fromkeys(authorisations, ""),
    }


def _instrument(node: Node, folder: str, known: Known) -> Instrument:
    url = node.optional("url")
    status = node.choice("status", _STATUSES)
    held = {kind: _held(node, kind, known[kind]) for kind in HELD_KINDS}
    one = Instrument(
        id=node.name,
        folder=folder,
        title=node.text("title"),
        citation=Citation(node.text("citation"), url),
        dated=node.day("dated"),
        status=status,
        rules=held["rules"],
        parameters=held["parameters"],
        sets=held["sets"],
        points=held["points"],
        scenarios=held["scenarios"],
        authorisations=held["authorisations"],
        targets=tuple(_target(item) for item in node.children("policy_targets")),
        left_out=node.optional("left_out"),
        read=_last_read(node.child("read"), url),
        file=node.source.file,
        line=node.line(),
    )
    node.refuse_the_rest()
    if status is InstrumentStatus.MODELLED and not one.rules:
        node.refuse("is modelled, and names no rule", "name its rules, or choose another status", "status")
    if status is InstrumentStatus.SCENARIO and not one.scenarios:
        node.refuse("is a scenario, and names none", "name its rule of scenarios/, or choose another status", "status")
    if status is InstrumentStatus.NOT_MODELLED and (one.rules or one.scenarios):
        node.refuse("is not modelled, and names what models it", "choose another status", "status")
    if status not in _WHOLE and not one.left_out:
        node.refuse("left_out is missing", "say what of it is not modelled, and why", "status")
    return one


def _held(node: Node, kind: str, known: Collection[str]) -> tuple[str, ...]:
    names = node.texts(kind)
    for place, name in enumerate(names):
        if name not in known:
            node.refuse(f"{kind}: there is no {name}", mend_of(name, known, "a name of the rulebook"), kind, place)
    return names


def _last_read(node: Node, url: str) -> LastRead:
    where = node.text("where") if node.has("where") or not url else url
    read = LastRead(node.text("by"), node.day("on"), where, node.choice("level", VERIFICATIONS))
    node.refuse_the_rest()
    return read


def _target(node: Node) -> PolicyTarget:
    target = PolicyTarget(
        node.text("id"), node.text("meaning"), node.text("unit"), int(node.number("year")), node.number("more_than")
    )
    node.refuse_the_rest()
    return target


def _wrong_days(one: Instrument, version: str, reviewed: date) -> Iterable[RuleMistake]:
    """What is wrong with the day on which a source was read for a rulebook of a version and its day of review."""
    released = release_day(version) or date.max
    if one.read.on > released:
        yield _mistake(one, f"was read on {one.read.on}, after the release of {released}", "mend the day of reading")
    if one.dated > one.read.on:
        yield _mistake(one, f"is dated {one.dated}, after it was read on {one.read.on}", "mend one of the days")
    if one.read.on < reviewed:
        what = f"was read on {one.read.on}, and version.yaml counts the age of all rules from {reviewed}"
        yield _mistake(one, what, "read it again, or set reviewed to that day")


def _mistake(one: Instrument, what: str, mend: str) -> RuleMistake:
    return RuleMistake(one.file, one.line, one.id, what, mend)


def _of_part(known: Known, prefix: str, others: Sequence[str]) -> Known:
    """The names that one of several rulebooks gives, told by the beginning of their files."""
    return {
        kind: {
            name: file
            for name, file in names.items()
            if file.startswith(prefix) and not (not prefix and file.startswith(tuple(others)))
        }
        for kind, names in known.items()
        if kind != "authorisations"
    }


def _unheld(own: Iterable[Instrument], known: Known) -> Iterable[RuleMistake]:
    held = {pair for one in own for pair in one.held()}
    for kind, names in known.items():
        for name, file in names.items():
            if (kind, name) not in held:
                mend = f"name it under {kind} of the instrument that it comes from, in {INSTRUMENTS_FILE}"
                yield RuleMistake(file, 0, name, "no instrument holds it", mend)


def _claiming_more(own: Iterable[Instrument], rulebook: Rulebook) -> Iterable[RuleMistake]:
    """Each rule that decides and claims to be checked further than every instrument that holds it was read."""
    best: dict[str, Verification] = {}
    for one in own:
        for rule_id in one.rules:
            best[rule_id] = min(best.get(rule_id, one.read.level), one.read.level, key=_RANK.__getitem__)
    for rule_id, level in best.items():
        rule = rulebook.rule(rule_id)
        if rule.verification.may_decide and _RANK[level] > _RANK[rule.verification]:
            what = f"says {rule.verification.value}, and the best reading of its instruments is: {level.value}"
            yield RuleMistake(rule.file, 0, rule_id, what, "mend its verification, or the reading of its instruments")
