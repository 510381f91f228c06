"""The commands that screen: who on the lists a name, or each name of a file, may be; what a person decided."""

from __future__ import annotations

import csv
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from io import StringIO
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from lexloci.cli.asking import Asking, Found
from lexloci.cli.party_rows import STDIN, rows_of
from lexloci.parties.consequences import consequences_for
from lexloci.parties.decisions import (
    MATCH,
    NO_MATCH,
    append_decision,
    decision_on,
    entries_of,
    entry_id,
    read_decisions,
)
from lexloci.parties.events import EventKind
from lexloci.parties.findings import BATCH, Question, false_positives, find, index_of
from lexloci.parties.folding import ScreeningError
from lexloci.parties.importers.file import shown
from lexloci.parties.in_order import in_order
from lexloci.parties.lists import ListedParty, ListSet, current_lists
from lexloci.parties.screening import candidates
from lexloci.parties.unread import why_unread

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text

COLUMNS: Final = (
    "id",
    "name",
    "list",
    "entry",
    "listed_name",
    "probability",
    "listed",
    "decision",
    "why_not_certain",
    "entry_id",
)
ENDINGS: Final = (".csv", ".parquet", ".tsv", ".txt", ".json", ".jsonl", ".xlsx", ".xls", ".ods")
SHOWN: Final = 10
LEAST: Final = 0.01  # probability from which a candidate of a single name is shown


def is_file(argument: str) -> bool:
    """Whether what was given is a file to screen: standard input, what is there, a name that ends like a file's."""
    if argument == STDIN or argument.lower().endswith(ENDINGS):
        return True
    try:
        return Path(argument).is_file() or (os.sep in argument and Path(argument).exists())
    except (OSError, ValueError):
        return False


def screen_name(question: Question, how: Asking, as_json: bool) -> bool:
    """Print who a party may be; True when nobody of at least the threshold is left undecided or is a match."""
    findings = how.found(question, find([question], lists=how.lists, at_least=LEAST, most=None)[0])
    more = _possible_by_rule(question, findings, how)
    if as_json:
        from lexloci.cli.show import print_json

        print_json(_object(question, findings, how) | {"possible_by_rule": more})
    else:
        from lexloci.cli.show import show

        show(_table(question, findings[:SHOWN], how))
        _tell_by_rule(more)
    if why := _why_unknown(question, how):
        sys.stderr.write(f"{shown(question.name)}: nobody knows whether it is clear: {why}\n")
    _tell_rate(how.threshold)
    return _is_clear(question, findings, how)


def _possible_by_rule(question: Question, found: Sequence[Found], how: Asking) -> list[dict[str, str]]:
    """The further entries that ``lexloci determine`` holds possible, by rule: not so probable as the threshold."""
    counted = {one.finding.entry for one in found if one.decision is not None or one.is_open(how.threshold)}
    names = (question.name, question.aliases, question.country)
    return [
        {
            "list": one.entry.list_code,
            "entry": one.entry.name,
            "listed_name": one.listed_name,
            "rule": one.match.value,
        }
        for one in candidates(*names, limit=None, lists=how.lists)
        if one.entry not in counted and (not how.codes or one.entry.list_code in how.codes)
    ]


def _tell_by_rule(more: Sequence[dict[str, str]]) -> None:
    if more:
        some = "; ".join(f"{one['list']}:{one['listed_name']} ({one['rule']})" for one in more[:SHOWN])
        rest = f" and {len(more) - SHOWN} more" if len(more) > SHOWN else ""
        sys.stdout.write(f"below the threshold, but possible to determine and plan, by rule: {some}{rest}\n")


def screen_file(file: str, how: Asking, as_json: bool) -> bool:
    """Print who each party of a CSV or Parquet file may be, row by row as it is read; True when all are clear.

    The rows are shared out to the cores; what is printed, and its order, is the same on one.
    """
    is_clear = True
    unknown: dict[str, list[str]] = {}
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
            for name, why in answer.unknown:
                unknown.setdefault(why, []).append(name)
            advance(answer.rows)
    for why, names in unknown.items():
        some = ", ".join(names[:SHOWN]) + (" ..." if len(names) > SHOWN else "")
        sys.stderr.write(f"{file}: of {len(names)} rows nobody knows whether they are clear: {why}: {some}\n")
    _tell_rate(how.threshold)
    return is_clear


@dataclass(frozen=True, slots=True)
class Answer:
    """What is printed of some rows of a file, whether all are clear, of which that is not known and why; how many."""

    text: str
    is_clear: bool
    unknown: list[tuple[str, str]]
    rows: int


def _answer(how: Asking, as_json: bool, batch: Sequence[tuple[str, Question]]) -> Answer:
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    is_clear, unknown = True, []
    least = LEAST if how.decisions.has_match else how.threshold  # a match on record counts below the threshold too
    answers = find([question for _, question in batch], lists=how.lists, at_least=least, most=None)
    for (name, question), findings in zip(batch, answers, strict=True):
        found = [one for one in how.found(question, findings) if one.counts(how.threshold)]
        is_clear &= _is_clear(question, found, how)
        if why := _why_unknown(question, how):
            unknown.append((name, why))
        if as_json:
            json.dump({"id": name, **_object(question, found, how)}, out, ensure_ascii=False)
            out.write("\n")
        else:
            writer.writerows(_row(name, question, one, how) for one in found[:SHOWN])
    return Answer(out.getvalue(), is_clear, unknown, len(batch))


def decide(question: Question, entry: str, is_match: bool, reason: str, by: str, on: date, file: Path) -> None:
    """Put a decision on record. ``entry`` is LIST:NAME, the name that the entry stands under, or LIST:#ID."""
    code, _, name = entry.partition(":")
    lists = current_lists()
    lists.list_of(code)
    if not name.strip():
        raise ScreeningError(f"{shown(entry)}: names no entry; write LIST:ENTRY, such as EL:Sugon")
    kept = read_decisions(file)  # a file that is not whole is not written to
    row = _entry_of(code, name, lists)
    if row is None:
        before = [one for one in kept.of(question) if (one.list_code, one.entry) == (code, name)]
        if not before:
            near = [one.entry for one in find([Question(name)], lists=lists)[0] if one.entry.list_code == code]
            mend = f"did you mean {code}:{near[0].name}?" if near else f"`lexloci lists show {code}` shows its entries"
            raise ScreeningError(f'no entry of {code} bears the name "{shown(name)}"; {mend}')
        row = ListedParty(code, (name,))  # an entry that is gone: what was decided of it is decided again
        made = decision_on(question, row, is_match=is_match, reason=reason, by=by, on=on)
        made = replace(made, entry_hash=before[-1].entry_hash)
    else:
        made = decision_on(question, row, is_match=is_match, reason=reason, by=by, on=on)
    append_decision(file, made)
    verdict = MATCH if is_match else NO_MATCH
    sys.stderr.write(f"{file}: {shown(question.name)} and {code}:{row.name}: {verdict}\n")


def _entry_of(code: str, name: str, lists: ListSet) -> ListedParty | None:
    """The entry of a name or an id; None where there is none. ScreeningError where there are several."""
    rows = entries_of((*lists.parties, *lists.past), code, name)
    own = [row for row in rows if row.name == name]
    if len(rows) > 1 and len(own) != 1:
        told = ", ".join(f"{code}:{entry_id(row)} ({'; '.join(filter(None, _told_of(row)))})" for row in rows)
        raise ScreeningError(f'{len(rows)} entries of {code} bear the name "{name}"; name one by its id: {told}')
    return next(iter(own or rows), None)


def _told_of(row: ListedParty) -> tuple[str, ...]:
    """What tells an entry from one of the same name."""
    return (
        row.name,
        row.kind,
        ", ".join(row.countries),
        row.citation,
        ", ".join(row.programmes),
        *row.names[1:2],
        *(" ".join(filter(None, one)) for one in row.identifiers[:1]),
        *("taken off the list, or rewritten" for event in (row.events or ())[-1:] if event.kind is EventKind.REMOVED),
    )


def _why_unknown(question: Question, how: Asking) -> str:
    """Why nobody knows whether a party is clear, whoever was found; empty where that is known."""
    gone = [f"{one.list_code}:{one.entry}" for one in how.gone(question)]
    if gone:
        return f"a match on record is with {', '.join(gone)}, which the list in use does not have; decide again"
    return why_unread((question.name, *question.aliases))


def _is_clear(question: Question, found: Iterable[Found], how: Asking) -> bool:
    """Whether nobody likely is left: of a party whose names cannot be read nobody knows."""
    return not _why_unknown(question, how) and not any(one.is_open(how.threshold) for one in found)


def _tell_rate(threshold: float) -> None:
    rate = false_positives(threshold)
    sys.stderr.write(
        f"threshold {threshold:g}: of {rate.names} ordinary companies {rate.rate:.1%} have a candidate as probable "
        f"({rate.source})\n"
    )


def _object(question: Question, found: Sequence[Found], how: Asking) -> dict[str, Any]:
    return {
        "name": question.name,
        "as_of": how.on.isoformat(),
        "known_at": how.known_at.isoformat(),
        "threshold": how.threshold,
        "is_clear": _is_clear(question, found, how),
        "why_unknown": _why_unknown(question, how),
        "candidates": [_candidate(one, how) for one in found[:SHOWN]],
    }


def _candidate(found: Found, how: Asking) -> dict[str, Any]:
    one = found.finding
    return {
        "list": one.entry.list_code,
        "list_title": how.lists.list_of(one.entry.list_code).title,
        "entry": one.entry.name,
        "entry_id": entry_id(one.entry),
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
        "decision": str(found.decision) if found.decision else "",
        "decision_outdated": str(found.outdated) if found.outdated else "",
    }


def _row(name: str, question: Question, found: Found, how: Asking) -> tuple[str, ...]:
    one = found.finding
    chance = f"{one.probability:.6f}"
    return (
        name, question.name, one.entry.list_code, one.entry.name, one.listed_name, chance, how.standing(one),
        found.told, "; ".join(one.doubts), entry_id(one.entry),
    )  # fmt: skip


def _table(question: Question, found: Sequence[Found], how: Asking) -> RenderableType:
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    title = f"{shown(question.name)}, as of {how.on.isoformat()}"
    if not found:
        what = "nobody can be found" if _why_unknown(question, how) else "nobody on the lists is likely"
        return Text(f"{title}: {what}")
    table = Table(title=Text(title), title_justify="left")
    for heading in ("probability", "list", "entry", "on the day", "word by word", "why not certain"):
        table.add_column(heading)
    for each in found:
        one = each.finding
        words = "\n".join(str(met) for met in one.meetings)
        doubts = [each.told, *one.doubts] if each.told else one.doubts
        entry = one.entry.name if one.entry.name == one.listed_name else f"{one.listed_name}\n({one.entry.name})"
        chance = Text(f"{one.probability:.4f}", style="bold" if each.is_open(how.threshold) else "")
        table.add_row(chance, one.entry.list_code, Text(entry), how.standing(one), Text(words), Text("\n".join(doubts)))
    return Group(table, *_entailed(found, how))


def _entailed(found: Sequence[Found], how: Asking) -> list[Text]:
    """What the likeliest entry of each list would entail, if the party is the entry's and is listed on the day."""
    from rich.text import Text

    lines: dict[str, list[Text]] = {}
    for each in found:
        one, code = each.finding, each.finding.entry.list_code
        if each.is_open(how.threshold) and code not in lines:
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
