"""Reads decided cases: acts that a source has answered, with the outcome that the rulebook must give.

docs/reference/rulebook.md describes every key. What fails here, never when judged: unknown keys, facts, chips, bodies
of law, rules, contested points, options, authorities, kinds of authorisation and outcomes; values that are none of
their fact's; ids given twice; a file without a case, which would agree with anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from lexloci.case.input_file import read_text
from lexloci.case.wording import shown
from lexloci.case.yaml_source import load
from lexloci.catalogue import chips, countries
from lexloci.law.node import Node
from lexloci.law.rule import Rulebook
from lexloci.model.act import ActKind
from lexloci.model.errors import InputError, Mistake, RulebookError
from lexloci.model.fact import Plain
from lexloci.model.outcome import Outcome
from lexloci.model.portfolio import Basis
from lexloci.rulebook.book import bundled_rulebook
from lexloci.rulebook.stated import mend_of, wrong_value

RULEBOOK_FOLDER = Path(__file__).parent
ANY_LICENCE = "licence required"
_WORDS = {words: words for words in (*(outcome.value for outcome in Outcome), ANY_LICENCE)}
_OTHER_FILES = ("version.yaml", "vocabulary.yaml", "instruments.yaml", "reasons.yaml")
_OTHER_KINDS = ("rules", "definitions", "parameters", "sets", "points", "invariants", "scenarios")


@dataclass(frozen=True)
class DecidedCase:
    """One case: what was done, what is on record, and what the law answers on each layer.

    ``expect`` holds an outcome's words, or ``licence required`` for any policy of review. ``missing`` is None where
    the case does not say what would settle a human review. ``line`` is where it begins in ``file``, from 1.
    """

    id: str
    file: str
    line: int
    on: date
    known_at: date
    kind: ActKind
    bodies: tuple[str, ...]
    closed: bool
    facts: Mapping[str, Plain]
    unknown: tuple[str, ...]
    readings: Mapping[str, str]
    not_subject: tuple[str, ...]
    authorisations: tuple[str, ...]
    expect: Mapping[Basis, str]
    signals: tuple[str, ...]
    notes: tuple[str, ...]
    missing: tuple[str, ...] | None
    duties: tuple[str, ...]
    citation: str
    source: str
    note: str


def decided_cases_in(places: Sequence[str], rulebook: Rulebook) -> tuple[DecidedCase, ...]:
    """The cases of files and folders, in order; ``-`` is standard input.

    A folder stands for every YAML file beneath it but a rulebook's rules, definitions, parameters, sets and points.
    Raises InputError or RulebookError with the mistakes of the first file that has any, and for an id given twice.
    """
    files = [file for place in places for file in _files(place)]
    return _unique(case for file in files for case in read_decided_cases(read_text(file), _label(file), rulebook))


@cache
def bundled_cases() -> tuple[DecidedCase, ...]:
    """Every case of the package, in the order of their files, which are named from the rulebook's folder on."""
    rulebook = bundled_rulebook()
    return _unique(
        case
        for path in sorted(RULEBOOK_FOLDER.glob("*/cases/*.yaml"))
        for case in read_decided_cases(read_text(path), path.relative_to(RULEBOOK_FOLDER).as_posix(), rulebook)
    )


def read_decided_cases(text: str, file: str, rulebook: Rulebook) -> tuple[DecidedCase, ...]:
    """The cases of a YAML or JSON text; ``file`` names it in mistakes.

    Raises InputError for mistakes of YAML, else RulebookError: a line for each case that is wrong.
    """
    source = load(text, file)
    if not isinstance(source.data, dict):
        raise RulebookError(f"{file}:{source.first_line} is no mapping; write `cases:` and a list under it")
    top = Node(source, (), source.data, Path(file).stem)
    nodes = top.children("cases")
    top.refuse_the_rest()
    if not nodes:
        raise top.error("holds no case", "write `cases:` and a list under it")
    found: list[DecidedCase] = []
    wrong: list[str] = []
    for node in nodes:
        try:
            found.append(_case(node, rulebook))
        except RulebookError as error:
            wrong.append(str(error))
    if wrong:
        raise RulebookError("\n".join(wrong))
    return tuple(found)


def _files(place: str) -> list[str]:
    folder = Path(place)
    if place == "-" or not folder.is_dir():
        return [place]
    paths = sorted(path for path in folder.rglob("*") if path.suffix in (".yaml", ".yml") and path.is_file())
    found = [str(path) for path in paths if path.name not in _OTHER_FILES and path.parent.name not in _OTHER_KINDS]
    if not found:
        raise InputError([Mistake(place, 0, "", "holds no file of cases", "name a .yaml file, or a folder with one")])
    return found


def _label(file: str) -> str:
    return "standard input" if file == "-" else file


def _unique(cases: Iterable[DecidedCase]) -> tuple[DecidedCase, ...]:
    found: dict[str, DecidedCase] = {}
    for case in cases:
        first = found.setdefault(case.id, case)
        if first is not case:
            where = f"{case.file}:{case.line} {case.id}"
            raise RulebookError(f"{where}: the id stands twice, first at {first.file}:{first.line}; rename one of them")
    return tuple(found.values())


def _case(node: Node, rulebook: Rulebook) -> DecidedCase:
    node.name = node.text("id")
    rules = {rule.id for rule in rulebook.rules}
    on = node.day("on")
    case = DecidedCase(
        id=node.name,
        file=node.source.file,
        line=node.source.line(node.path),
        on=on,
        known_at=node.day("known_at") if node.has("known_at") else on,
        kind=node.choice("kind", {kind.value: kind for kind in ActKind}),
        bodies=_known(node, "bodies", _bodies(rulebook)),
        closed=node.choice("given", {"closed": "closed", "open": "open"}, "closed") == "closed",
        facts=_facts(node, rulebook),
        unknown=_known(node, "unknown", rulebook.vocabulary),
        readings=_readings(node, rulebook),
        not_subject=_known(node, "not_subject", {rule.authority for rule in rulebook.rules}),
        authorisations=_known(node, "authorisations", _authorisations(rulebook)),
        expect=_expect(node),
        signals=_known(node, "signals", rules),
        notes=_known(node, "notes", rules),
        missing=node.texts("missing") if node.has("missing") else None,
        duties=_known(node, "duties", rules),
        citation=node.text("citation"),
        source=node.optional("source"),
        note=node.optional("note"),
    )
    node.refuse_the_rest()
    _refuse_nonsense(node, case)
    return case


def _refuse_nonsense(node: Node, case: DecidedCase) -> None:
    if not case.bodies:
        raise node.error("bodies names no body of law", "write such as bodies: [us]", "bodies")
    if case.missing is not None and Outcome.HUMAN_REVIEW.value not in case.expect.values():
        raise node.error("says what is missing, and expects no human review", "delete missing, or expect it", "missing")


def _bodies(rulebook: Rulebook) -> set[str]:
    return {*(rule.body for rule in rulebook.rules), *(code.lower() for code in countries())}


def _authorisations(rulebook: Rulebook) -> set[str]:
    lifting = {kind for rule in rulebook.rules for kind in rule.lifted_by}
    return lifting | {duty.evidence for rule in rulebook.rules for duty in rule.duties if duty.evidence}


def _known(node: Node, key: str, known: Iterable[str]) -> tuple[str, ...]:
    """The names in the list under a key, each of which must be known."""
    options = sorted(known)
    texts = node.texts(key)
    for place, text in enumerate(texts):
        if text not in options:
            mend = mend_of(text, options, "a name that the rulebook has (docs/reference/rulebook.md)")
            raise node.error(f"{key}: there is no {shown(text)}", mend, key, place)
    return texts


def _below(node: Node, key: str) -> Node:
    """The mapping under a key, whose mistakes name the case too."""
    child = node.child(key)
    child.name = f"{node.name}: {key}"
    return child


def _readings(node: Node, rulebook: Rulebook) -> dict[str, str]:
    child = _below(node, "readings")
    found: dict[str, str] = {}
    for point in child.data:
        if point not in rulebook.points:
            mend = mend_of(point, rulebook.points, "a contested point of docs/reference/facts.md")
            raise child.error(f"there is no contested point {shown(point)}", mend, point)
        found[point] = child.choice(point, {option: option for option in rulebook.points[point].options})
    return found


def _expect(node: Node) -> dict[Basis, str]:
    child = _below(node, "expect")
    found = {layer: child.choice(layer.value, _WORDS) for layer in Basis if child.has(layer.value)}
    child.refuse_the_rest()
    if not found:
        raise node.error("expects nothing", "write expect: {text: permitted, enforcement: permitted}", "expect")
    return found


def _facts(node: Node, rulebook: Rulebook) -> dict[str, Plain]:
    if not node.has("facts"):
        raise node.error("states no facts", "write facts: and `name: value` lines under it")
    child = _below(node, "facts")
    wrong = [
        str(child.error(*mistake, name))
        for name, value in child.data.items()
        if (mistake := _wrong_fact(rulebook, name, value)) is not None
    ]
    if wrong:
        raise RulebookError("\n".join(wrong))
    return dict(child.data)


def _wrong_fact(rulebook: Rulebook, name: str, value: object) -> tuple[str, str] | None:
    """What is wrong with a stated fact, and how to mend it; None where nothing is."""
    if name == "chip":
        is_known = isinstance(value, str) and value in chips()
        what = f"chip: the catalogue has no {shown(value)}"
        return None if is_known else (what, mend_of(str(value), chips(), "the id of a chip of the catalogue"))
    if name not in rulebook.vocabulary:
        return f"{name} is no fact of the vocabulary", mend_of(
            name, rulebook.vocabulary, "one of docs/reference/facts.md"
        )
    if name.startswith("party."):
        return f"{name} names no role", f"write the role, such as end_user{name.removeprefix('party')}"
    if not isinstance(value, (bool, int, float, str)):
        return f"{name}: {shown(value)} is no value", "write one value, or name the fact under unknown"
    fact = rulebook.vocabulary[name]
    if fact.type == "text" and not isinstance(value, str):
        return f"{name}: {shown(value)} is no text", "put it in quotation marks"
    mistake = wrong_value(fact, value)
    return None if mistake is None else (f"{name}: {mistake[0]}", mistake[1])
