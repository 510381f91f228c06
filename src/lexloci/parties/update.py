"""Takes a new file of a list up, or sets it aside: the last good list stays in use until a better one is there.

What becomes of each party between two snapshots is kept as events: who is new came on between the two days, who is
gone went off between them, and whose entry was amended has the old entry until the day of the new one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

from lexloci.model.errors import InputError, LexlociError, Mistake
from lexloci.parties.between import Between, dated_rows
from lexloci.parties.bundled import with_known_events
from lexloci.parties.collector import collector_at_rest
from lexloci.parties.difference import Difference, by_list, difference
from lexloci.parties.guard import doubts_about
from lexloci.parties.importers.file import ListFile, Reading, UnreadableListError, shown
from lexloci.parties.importers.formats import read_list
from lexloci.parties.importers.repair import scripts_of, scripts_throughout
from lexloci.parties.listing import ListedParty, ListSet, PartyList
from lexloci.parties.quarantine import Quarantined, decide, file_of, set_aside
from lexloci.parties.store import NewRecord, records, write_record

LIMIT_DAYS: Final = 30  # docs/explanation/answers.md: of a list that lexloci does not know
OF_ITS_PUBLISHER: Final = "as its publisher states"  # the licence of a file that a user gives
EARLIEST_DAY: Final = timedelta(hours=14)  # so far ahead of UTC a day begins; the Ministry's is 8 hours ahead


@dataclass(frozen=True)
class Update:
    """What became of a file: the lists that it renewed with what differs, or where it lies aside and why."""

    file: str
    format: str
    dated: date | None
    lists: tuple[PartyList, ...] = ()
    differences: Mapping[str, Difference] | None = None
    quarantined: Quarantined | None = None
    is_known: bool = False


@dataclass(frozen=True, slots=True)
class Given:
    """What the user says of a file: its format and its day, where it does not tell them itself."""

    format: str | None = None
    dated: date | None = None


@collector_at_rest()
def update(folder: Path, file: ListFile, given: Given, recorded: str, current: ListSet) -> Update:
    """Takes the file up where nothing speaks against it, else sets it aside with the reasons.

    ``recorded`` is the moment, as ISO text. InputError where the user must state the day.
    """
    sha256 = _sum_of(file)
    same = [one for one in records(folder) if one.sha256 == sha256 and not _is_replaced(one.lists, current)]
    if any(given.dated is None or given.dated <= one.dated for one in same):  # else it is the same on a later day
        return Update(file.name, given.format or "", given.dated, is_known=True)
    try:
        form, reading = read_list(file, given.format)
    except UnreadableListError as error:
        entry = _aside(file, given, sha256, recorded, [str(error)], acceptable=False)
        set_aside(folder, entry, file)
        return Update(file.name, given.format or "", given.dated, quarantined=entry)
    dated = day_of_file(file, reading, given)
    differences = differences_of(reading, current)
    today = (datetime.fromisoformat(recorded) + EARLIEST_DAY).date()
    doubts = doubts_about(form.name, reading, dated, today, current, differences)
    if doubts:
        acceptable = all(one.acceptable for one in doubts)
        known = Given(form.name, dated)
        entry = _aside(file, known, sha256, recorded, [one.reason for one in doubts], acceptable=acceptable)
        set_aside(folder, entry, file)
        return Update(file.name, form.name, dated, quarantined=entry)
    return _take_up(folder, file, (form.name, reading, dated, sha256, recorded), current, differences, {})


@collector_at_rest()
def accept(folder: Path, entry: Quarantined, *, by: str, reason: str, recorded: str, current: ListSet) -> Update:
    """Takes a file of the quarantine up, because a person says so. LexlociError where nobody may accept it."""
    if not entry.acceptable:
        raise LexlociError(
            f"{entry.file}: {'; '.join(entry.reasons)}: nobody can accept it; drop it, and give a whole file"
        )
    file = file_of(folder, entry)
    form, reading = read_list(file, entry.format or None)
    dated = date.fromisoformat(entry.dated)
    known = {one.code: one for one in current.lists}
    newer = next((known[code] for code in reading.codes if code in known and known[code].dated > dated), None)
    if newer is not None:
        raise LexlociError(f"{entry.file}: a newer {newer.title}, of {newer.dated}, was recorded meanwhile; drop it")
    accepted = {"by": by, "reason": reason, "doubts": "; ".join(entry.reasons)}
    found = differences_of(reading, current)
    done = _take_up(folder, file, (form.name, reading, dated, entry.sha256, recorded), current, found, accepted)
    decide(folder, entry, "accepted", by=by, reason=reason, recorded=recorded)
    return done


def differences_of(reading: Reading, current: ListSet) -> dict[str, Difference]:
    """What differs between the lists in use and those of a file, for each list that is in use."""
    known = {one.code for one in current.lists}
    old, new = by_list(current.parties), by_list(reading.rows)
    found = {}
    for code in reading.codes:
        if code in known:
            rows = with_known_events(new.get(code, []))
            if code in (*reading.extracts, *reading.adds_to):
                rows = _joined(old.get(code, []), rows, is_addition=code in reading.adds_to)
            found[code] = difference(old.get(code, []), rows)
    return found


def renewed(reading: Reading, dated: date, file: ListFile, current: ListSet, recorded: str = "") -> ListSet:
    """The lists in use once the file has replaced what it holds; nothing is written."""
    sha256 = _sum_of(file)
    source = (shown(file.name), sha256, recorded)
    lists, rows, past = _renewed(reading, dated, source, current, differences_of(reading, current))
    codes = {one.code for one in lists}
    kept = [row for row in current.parties if row.list_code not in codes]
    new = {one.code: one for one in lists}
    others = [one for code, one in new.items() if code not in {known.code for known in current.lists}]
    return ListSet(
        (*(new.get(one.code, one) for one in current.lists), *others),
        (*kept, *(row for code in rows for row in rows[code])),
        (*current.past, *(row for code in past for row in past[code])),
    )


def _take_up(
    folder: Path,
    file: ListFile,
    read: tuple[str, Reading, date, str, str],
    current: ListSet,
    found: Mapping[str, Difference],
    accepted: dict[str, str],
) -> Update:
    form, reading, dated, sha256, recorded = read
    lists, rows, past = _renewed(reading, dated, (shown(file.name), sha256, recorded), current, found)
    new = NewRecord(lists, rows, past, shown(file.name), form, dated, sha256, recorded, accepted, current.lists)
    write_record(folder, new)
    return Update(file.name, form, dated, lists, found)


def _renewed(
    reading: Reading, dated: date, source: tuple[str, str, str], current: ListSet, found: Mapping[str, Difference]
) -> tuple[tuple[PartyList, ...], dict[str, list[ListedParty]], dict[str, list[ListedParty]]]:
    """The lists of a file with their rows and the rows that it ends, dated by what was known before."""
    lists: list[PartyList] = []
    rows: dict[str, list[ListedParty]] = {}
    past: dict[str, list[ListedParty]] = {}
    known = {one.code: one for one in current.lists}
    older, newer = by_list(current.parties), by_list(reading.rows)
    for code in reading.codes:
        own = with_known_events(newer.get(code, []))
        before = known.get(code)
        if before is None:
            rows[code], past[code] = own, []
        else:
            old, between = older.get(code, []), Between(before.dated, dated, *source)
            if code in (*reading.extracts, *reading.adds_to):
                rows[code], past[code] = _joined(old, own, is_addition=code in reading.adds_to), []
            else:
                rows[code], past[code] = dated_rows(old, own, between, found[code])
        lists.append(_list(reading, code, rows[code], dated, source, before))
    return tuple(lists), rows, past


def _joined(old: list[ListedParty], new: list[ListedParty], *, is_addition: bool) -> list[ListedParty]:
    """The rows of an extract, or of an addition, and the old ones that are not in it: absence from it says nothing.

    An extract tells all of a party's past; an addition of a party that was there before adds to what is known of it.
    """
    there = {row.key for row in new}
    kept = [row for row in old if row.key not in there]
    if not is_addition:
        return [*new, *kept]
    before = {row.key: row for row in old}
    return [*kept, *(_added_to(before[row.key], row) if row.key in before else row for row in new)]


def _added_to(old: ListedParty, new: ListedParty) -> ListedParty:
    """A party that was on the list and is added again: with all its names, and what happened before."""
    names = tuple(dict.fromkeys((*new.names, *old.names)))
    if new.events is None or old.events is None:
        return replace(old, names=names)
    events = tuple(dict.fromkeys((*old.events, *new.events)))
    countries = tuple(dict.fromkeys((*new.countries, *old.countries)))
    return replace(new, names=names, countries=countries, events=events, seen_on=old.seen_on)


def _list(
    reading: Reading,
    code: str,
    rows: Sequence[ListedParty],
    dated: date,
    source: tuple[str, str, str],
    before: PartyList | None,
) -> PartyList:
    scripts = tuple(sorted(scripts_of(name for row in rows for name in (*row.names, *row.weak_names))))
    file, sha256, recorded = source
    is_addition = code in reading.adds_to
    is_joined = before is not None and code in (*reading.extracts, *reading.adds_to)
    return PartyList(
        code,
        before.title if before else reading.titles.get(code, code),
        before.dated if before and is_addition else dated,
        before.limit_days if before else LIMIT_DAYS,
        code not in reading.extracts and (not is_addition or bool(before and before.complete)),
        len(rows),
        before.citation if before else "",
        f"{before.source}; file {file}" if before and is_joined else f"file {file}",
        scripts,
        _licence(before if is_joined else None),
        sha256,
        recorded,
        tuple(sorted(scripts_throughout((*row.names, *row.weak_names) for row in rows))),
    )


def _licence(before: PartyList | None) -> str:
    """The licence of a list read from a file, which joins what was there ``before`` (None: it replaces that)."""
    if before is None:
        return OF_ITS_PUBLISHER
    return before.licence if OF_ITS_PUBLISHER in before.licence else f"{before.licence}; added files {OF_ITS_PUBLISHER}"


def day_of_file(file: ListFile, reading: Reading, given: Given) -> date:
    """The day of the snapshot, from the file or from the user. InputError where neither or both state one."""
    if reading.dated is None and given.dated is None:
        raise InputError(
            [Mistake(shown(file.name), 0, "", "does not say of which day it is", "give --dated YYYY-MM-DD")]
        )
    if reading.dated and given.dated and reading.dated != given.dated:
        message = f"says that it is of {reading.dated}, and --dated says {given.dated}"
        raise InputError([Mistake(shown(file.name), 0, "", message, "leave --dated away")])
    return reading.dated or given.dated or date.min


def _aside(
    file: ListFile, given: Given, sha256: str, recorded: str, reasons: list[str], *, acceptable: bool
) -> Quarantined:
    return Quarantined(
        sha256[:12],
        shown(file.name),
        sha256,
        len(file.content),
        recorded,
        tuple(reasons),
        acceptable,
        given.format or "",
        given.dated.isoformat() if given.dated else "",
    )


def _sum_of(file: ListFile) -> str:
    """The sum of the file; where several files make one edition, of all of them in the order of their names."""
    whole = hashlib.sha256(file.content)
    for name in sorted(file.siblings):
        whole.update(file.siblings[name])
    return whole.hexdigest()


def _is_replaced(lists: tuple[PartyList, ...], current: ListSet) -> bool:
    """Whether a record is no longer the one in use for any of its lists."""
    in_use = {(one.code, one.sha256) for one in current.lists}
    return not any((one.code, one.sha256) in in_use for one in lists)
