"""The commands that screen: who on the lists a name, or each name of a file, may be; what a person decided."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from io import StringIO
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from lexloci.cli.party_rows import STDIN, rows_of
from lexloci.parties.consequences import consequences_for
from lexloci.parties.decisions import Decision, Decisions, append_decision, decision_on, entry_hash, read_decisions
from lexloci.parties.findings import BATCH, Finding, Question, false_positives, find, index_of
from lexloci.parties.folding import ScreeningError, readings
from lexloci.parties.in_order import in_order
from lexloci.parties.lists import ListSet, current_lists
from lexloci.parties.status import status

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text

COLUMNS: Final = ("id", "name", "list", "entry", "listed_name", "probability", "listed", "decision", "why_not_certain")
SHOWN: Final = 10
LEAST: Final = 0.01  # probability from which a candidate of a single name is shown


@dataclass(frozen=True)
class Asking:
    """How a screening is asked: the day and the day of knowledge, the threshold, the lists, the decisions on record."""

    on: date
    known_at: date
    threshold: float
    codes: frozenset[str]
    decisions: Decisions
    lists: ListSet

    def found(self, question: Question, findings: Sequence[Finding]) -> list[tuple[Finding, Decision | None]]:
        """The findings on the lists that are asked, each with its decision; those decided to be no match come last.

        All of them count, however few of them are shown, and a match on record whose name does not find its entry.
        """
        chosen = [*findings, *self._on_record(question, findings)]
        chosen = [one for one in chosen if not self.codes or one.entry.list_code in self.codes]
        found = [(one, self.decisions.on(question, one.entry)) for one in chosen]
        return sorted(found, key=lambda pair: pair[1] is not None and not pair[1].is_match)

    def _on_record(self, question: Question, findings: Sequence[Finding]) -> list[Finding]:
        """The entries that the party was decided to be, as they were then, and that its name does not find."""
        found = {entry_hash(one.entry) for one in findings}
        return [
            Finding(row, 0.0, question.name, row.name, (), ("a match on record; its name does not find the entry",))
            for one in self.decisions.matches(question)
            if one.entry_hash not in found
            for row in self.lists.parties
            if row.list_code == one.list_code and row.name == one.entry and entry_hash(row) == one.entry_hash
        ]

    def counts(self, finding: Finding, decision: Decision | None) -> bool:
        """Whether a finding is told of a party of a file: a likely one, or a match on record."""
        return finding.probability >= self.threshold or (decision is not None and decision.is_match)

    def standing(self, finding: Finding) -> str:
        """Whether the entry is listed on the day: listed, not listed or not known."""
        code = finding.entry.list_code
        value = status(finding.entry, code, self.on, self.known_at, self.lists.list_of(code)).value
        return "listed" if value is True else "not listed" if value is False else "not known"

    def why(self, finding: Finding) -> str:
        """What the list says of the entry on the day, in words."""
        code = finding.entry.list_code
        return status(finding.entry, code, self.on, self.known_at, self.lists.list_of(code)).origin


def is_file(argument: str) -> bool:
    """Whether what was given is a file to screen: standard input, a file there is, a name that ends like one."""
    if argument == STDIN or argument.lower().endswith((".csv", ".parquet")):
        return True
    try:
        return Path(argument).is_file()
    except (OSError, ValueError):
        return False


def asking(
    on: date | None, known_at: date | None, threshold: float, codes: Sequence[str], decisions: Path | None
) -> Asking:
    """The asking of the options; the day is by default the newest list's. CatalogueError for an unknown list."""
    lists = current_lists()
    for code in codes:
        lists.list_of(code)
    day = on or max(one.dated for one in lists.lists)
    kept = read_decisions(decisions) if decisions else Decisions(())
    return Asking(day, known_at or day, threshold, frozenset(codes), kept, lists)


def screen_name(question: Question, how: Asking, as_json: bool) -> bool:
    """Print who a party may be; True when nobody of at least the threshold is left undecided or is a match."""
    findings = how.found(question, find([question], lists=how.lists, at_least=LEAST, most=None)[0])
    if as_json:
        from lexloci.cli.show import print_json

        print_json(_object(question, findings, how))
    else:
        from lexloci.cli.show import show

        show(_table(question, findings[:SHOWN], how))
    _tell_rate(how.threshold)
    return _is_clear(question, findings, how.threshold)


def screen_file(file: str, how: Asking, as_json: bool) -> bool:
    """Print who each party of a CSV or Parquet file may be, row by row as it is read; True when all are clear.

    The rows are shared out to the cores; what is printed, and its order, is the same on one.
    """
    is_clear, unnamed = True, []
    rows = rows_of(file)
    batches = iter(lambda: list(islice(rows, BATCH)), [])
    index_of(how.lists)  # before the processes begin, so that they share it
    answers = in_order(partial(_answer, how, as_json), batches)
    first = next(answers, None)
    if not as_json:
        sys.stdout.write(",".join(COLUMNS) + "\n")
    with _progress(file) as advance:
        for answer in () if first is None else chain([first], answers):
            sys.stdout.write(answer.text)
            sys.stdout.flush()
            is_clear &= answer.is_clear
            unnamed += answer.unnamed
            advance(answer.rows)
    if unnamed:
        shown = ", ".join(unnamed[:SHOWN]) + (" ..." if len(unnamed) > SHOWN else "")
        sys.stderr.write(f"{file}: {len(unnamed)} rows have no name, so nobody knows whether they are clear: {shown}\n")
    _tell_rate(how.threshold)
    return is_clear


@dataclass(frozen=True, slots=True)
class Answer:
    """What is printed of some rows of a file, whether all are clear, which have no name, and how many there are."""

    text: str
    is_clear: bool
    unnamed: list[str]
    rows: int


def _answer(how: Asking, as_json: bool, batch: Sequence[tuple[str, Question]]) -> Answer:
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    is_clear, unnamed = True, []
    least = LEAST if how.decisions.has_match else how.threshold  # a match on record counts below the threshold too
    answers = find([question for _, question in batch], lists=how.lists, at_least=least, most=None)
    for (name, question), findings in zip(batch, answers, strict=True):
        found = [one for one in how.found(question, findings) if how.counts(*one)]
        is_clear &= _is_clear(question, found, how.threshold)
        unnamed += [] if _has_name(question) else [name]
        if as_json:
            json.dump({"id": name, **_object(question, found, how)}, out, ensure_ascii=False)
            out.write("\n")
        else:
            writer.writerows(_row(name, question, one, how) for one in found[:SHOWN])
    return Answer(out.getvalue(), is_clear, unnamed, len(batch))


def decide(question: Question, entry: str, is_match: bool, reason: str, by: str, on: date, file: Path) -> None:
    """Put a decision on record. ``entry`` is LIST:NAME, the name that the entry stands under."""
    code, _, name = entry.partition(":")
    lists = current_lists()
    lists.list_of(code)
    rows = [party for party in lists.parties if party.list_code == code and name in party.names]
    if len(rows) != 1:
        what = "no entry" if not rows else f"{len(rows)} entries"
        near = [one.entry for one in find([Question(name)], lists=lists)[0] if one.entry.list_code == code]
        mend = f"; did you mean {code}:{near[0].name}?" if near and not rows else ""
        raise ScreeningError(f'{what} of {code} bears the name "{name}"{mend}')
    read_decisions(file)  # a file that is not whole is not written to
    append_decision(file, decision_on(question, rows[0], is_match=is_match, reason=reason, by=by, on=on))
    sys.stderr.write(f"{file}: {question.name} and {code}:{rows[0].name}: {'match' if is_match else 'no match'}\n")


def _has_name(question: Question) -> bool:
    return any(readings(name) for name in (question.name, *question.aliases))


def _is_clear(question: Question, found: Iterable[tuple[Finding, Decision | None]], threshold: float) -> bool:
    """Whether nobody likely is left: of a party without a name nobody knows."""
    return _has_name(question) and not any(
        decision.is_match if decision is not None else one.probability >= threshold for one, decision in found
    )


def _tell_rate(threshold: float) -> None:
    rate = false_positives(threshold)
    sys.stderr.write(
        f"threshold {threshold:g}: of {rate.names} ordinary companies {rate.rate:.1%} have a candidate as probable "
        f"({rate.source})\n"
    )


def _object(question: Question, found: Sequence[tuple[Finding, Decision | None]], how: Asking) -> dict[str, Any]:
    return {
        "name": question.name,
        "as_of": how.on.isoformat(),
        "known_at": how.known_at.isoformat(),
        "threshold": how.threshold,
        "is_clear": _is_clear(question, found, how.threshold),
        "candidates": [_candidate(question, one, decision, how) for one, decision in found[:SHOWN]],
    }


def _candidate(question: Question, one: Finding, decision: Decision | None, how: Asking) -> dict[str, Any]:
    outdated = how.decisions.outdated(question, one.entry)
    return {
        "list": one.entry.list_code,
        "list_title": how.lists.list_of(one.entry.list_code).title,
        "entry": one.entry.name,
        "probability": round(one.probability, 6),
        "screened_name": one.screened_name,
        "listed_name": one.listed_name,
        "listed": how.standing(one),
        "why": how.why(one),
        "entails": [
            {"acts": what.acts, "text": what.text, "citation": what.citation}
            for what in consequences_for(one.entry, how.on)
        ],
        "words": [{"asked": met.asked, "listed": met.listed, "how": met.how.value} for met in one.meetings],
        "why_not_certain": list(one.doubts),
        "countries": list(one.entry.countries),
        "decision": str(decision) if decision else "",
        "decision_outdated": str(outdated) if outdated else "",
    }


def _row(name: str, question: Question, found: tuple[Finding, Decision | None], how: Asking) -> tuple[str, ...]:
    one, decision = found
    told = str(decision) if decision else ""
    if outdated := how.decisions.outdated(question, one.entry):
        told = f"outdated: {outdated}"
    chance = f"{one.probability:.6f}"
    return (
        name, question.name, one.entry.list_code, one.entry.name, one.listed_name, chance, how.standing(one), told,
        "; ".join(one.doubts),
    )  # fmt: skip


def _table(question: Question, found: Sequence[tuple[Finding, Decision | None]], how: Asking) -> RenderableType:
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    if not found:
        return Text(f"{question.name}: nobody on the lists is likely, as of {how.on.isoformat()}")
    table = Table(title=f"{question.name}, as of {how.on.isoformat()}", title_justify="left")
    for heading in ("probability", "list", "entry", "on the day", "word by word", "why not certain"):
        table.add_column(heading)
    for one, decision in found:
        words = "\n".join(str(met) for met in one.meetings)
        doubts = [*one.doubts]
        if decision:
            doubts.insert(0, str(decision))
        elif outdated := how.decisions.outdated(question, one.entry):
            doubts.insert(0, f"party or entry changed since: {outdated}")
        entry = one.entry.name if one.entry.name == one.listed_name else f"{one.listed_name}\n({one.entry.name})"
        mark = "bold" if one.probability >= how.threshold else ""
        chance = Text(f"{one.probability:.4f}", style=mark)
        table.add_row(chance, one.entry.list_code, Text(entry), how.standing(one), Text(words), Text("\n".join(doubts)))
    return Group(table, *_entailed(found, how))


def _entailed(found: Sequence[tuple[Finding, Decision | None]], how: Asking) -> list[Text]:
    """What the likeliest entry of each list would entail, if the party is the entry's and is listed on the day."""
    from rich.text import Text

    lines: dict[str, list[Text]] = {}
    for one, _ in found:
        code = one.entry.list_code
        if one.probability >= how.threshold and code not in lines:
            lines[code] = [
                Text(f"{code} {one.entry.name}: for {what.acts}: {what.text} ({what.citation})")
                for what in consequences_for(one.entry, how.on)
            ]
    return [line for of_list in lines.values() for line in of_list]


@contextmanager
def _progress(file: str) -> Iterator[Callable[[int], object]]:
    """A counter of rows on a terminal's standard error, else nothing; gives the function that advances it."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (
        SpinnerColumn(),
        TextColumn("screening {task.description}: {task.completed:.0f} names"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(file, total=None)
        yield lambda count: progress.advance(task, count)
