"""What the commands do that change the lists in use or compare snapshots of them."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime
from pathlib import Path

from lexloci.cli.show import print_json, show
from lexloci.model.errors import InputError, LexlociError, Mistake
from lexloci.parties.bundled import bundled
from lexloci.parties.difference import Difference, by_list, difference
from lexloci.parties.folding import check_name
from lexloci.parties.importers.file import MAX_BYTES, ListFile, UnreadableListError, shown
from lexloci.parties.importers.formats import read_list
from lexloci.parties.importers.sdn_csv import siblings_of
from lexloci.parties.lists import ListedParty, current_lists, forget
from lexloci.parties.quarantine import decide, decisions, find, quarantined
from lexloci.parties.store import records, rows_of, store_folder
from lexloci.parties.update import Given, Update, accept, update

STANDARD_INPUT = "standard input"


def update_from(file: str, format_name: str | None, dated: date | None, as_json: bool) -> bool:
    """Takes a file up or sets it aside, and says which; True where it is the newest good one now."""
    done = update(store_folder(), list_file(file), Given(format_name, dated), _now(), current_lists())
    forget()
    if as_json:
        print_json(update_json(done))
    elif done.quarantined is None:
        _tell(done)
    if done.quarantined is not None:
        one = done.quarantined
        again = f"`lexloci lists quarantine --accept {one.id}` takes it all the same"
        mend = again if one.acceptable else "fetch the whole file again, and give that"
        sys.stderr.write(
            f"{shown(done.file)}: set aside: {'; '.join(one.reasons)}; the last good list stays in use; {mend}\n"
        )
    return done.quarantined is None


def list_file(file: str) -> ListFile:
    """A file of a list with the files beside it that belong to it. InputError where it cannot be read."""
    if file == "-":
        return ListFile(STANDARD_INPUT, sys.stdin.buffer.read(MAX_BYTES + 1))
    path = Path(file)
    beside = [path.with_name(name) for name in siblings_of(path.name).values()] if path.name else []
    siblings = {one.name: _bytes_of(one) for one in beside if one.is_file()}
    return ListFile(path.name, _bytes_of(path), siblings)


def _bytes_of(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise InputError([Mistake(shown(str(path)), 0, "", f"cannot be read: {why}", "check its name")]) from None


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _tell(done: Update) -> None:
    from lexloci.report.list_tables import update_table

    if done.is_known:
        sys.stdout.write(f"{shown(done.file)}: recorded before; nothing was changed\n")
        return
    show(update_table(done.lists, done.differences or {}))


def update_json(done: Update) -> dict[str, object]:
    """What became of a file, as JSON."""
    from lexloci.report.list_json import difference_json, list_json

    aside = done.quarantined
    return {
        "file": done.file,
        "format": done.format,
        "dated": done.dated.isoformat() if done.dated else None,
        "status": "quarantined" if aside else "known" if done.is_known else "recorded",
        "lists": [list_json(one, None) for one in done.lists],
        "differences": {code: difference_json(one) for code, one in (done.differences or {}).items()},
        "quarantined": {"id": aside.id, "reasons": list(aside.reasons), "acceptable": aside.acceptable}
        if aside
        else None,
    }


def diff_lists(old: str, new: str, code: str | None, as_json: bool) -> None:
    """Print what differs between two snapshots, list by list."""
    from lexloci.report.list_json import difference_json
    from lexloci.report.list_tables import difference_table

    (before, old_parts), (after, new_parts) = _snapshot(old), _snapshot(new)
    codes = [one for one in after if one in before and code in (None, one)]
    if not codes:
        held = ", ".join(sorted({*before, *after}))
        which = f"no list {code}" if code else "no list that both have"
        raise LexlociError(f"{shown(old, len(old))} and {shown(new, len(new))}: {which}; they hold {held}")
    found: dict[str, Difference] = {}
    for one in codes:
        was, now = before[one], after[one]
        for named, parts in ((old, old_parts), (new, new_parts)):
            if one in parts:
                sys.stderr.write(
                    f"{shown(named, len(named))} holds a part of {one}: who is not in it counts as unchanged\n"
                )
        found[one] = difference(
            _with_absent(was, now) if one in old_parts else was, _with_absent(now, was) if one in new_parts else now
        )
    if as_json:
        print_json({one: difference_json(differs) for one, differs in found.items()})
        return
    for one, differs in found.items():
        show(difference_table(one, differs))


def _with_absent(rows: list[ListedParty], others: list[ListedParty]) -> list[ListedParty]:
    """The rows and those of the others whose parties are not among them."""
    there = {row.key for row in rows}
    return [*rows, *(row for row in others if row.key not in there)]


def _snapshot(named: str) -> tuple[dict[str, list[ListedParty]], frozenset[str]]:
    """The rows of each list of a file, of the records of a day, of the bundle, or in use; and of which only a part."""
    if named in ("bundled", "current"):
        return by_list((bundled() if named == "bundled" else current_lists()).parties), frozenset()
    day = _day(named)
    if day is not None:
        found = {
            one.code: rows_of(record, one.code)
            for record in records(store_folder())
            for one in record.lists
            if one.dated == day
        }
        own = [one.code for one in bundled().lists if one.dated == day and one.code not in found]
        found |= {code: rows for code, rows in by_list(bundled().parties).items() if code in own}
        if not found:
            raise LexlociError(f"no list of {named} is recorded or bundled; `lexloci lists show` has the days")
        return found, frozenset()
    try:
        reading = read_list(list_file(named))[1]
        return by_list(reading.rows), frozenset((*reading.extracts, *reading.adds_to))
    except UnreadableListError as error:
        raise InputError([Mistake(shown(named), 0, "", str(error))]) from None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def show_quarantine(as_json: bool) -> None:
    """Print what lies aside, with the reasons; in JSON the decisions too."""
    from lexloci.report.list_tables import quarantine_table

    waiting = quarantined(store_folder())
    if as_json:
        from dataclasses import asdict

        print_json({"waiting": [asdict(one) for one in waiting], "decisions": list(decisions(store_folder()))})
    elif waiting:
        show(quarantine_table(waiting))
    else:
        sys.stdout.write("nothing lies aside\n")


def decide_on(number: str, by: str, reason: str, *, is_accepted: bool) -> None:
    """Takes a file of the quarantine up, or drops it, and records who decided and why."""
    for text in (by, reason):
        check_name(text)  # half a character could not be written
    folder = store_folder()
    entry = find(folder, number)
    if is_accepted:
        done = accept(folder, entry, by=by, reason=reason, recorded=_now(), current=current_lists())
        forget()
        _tell(done)
    else:
        decide(folder, entry, "dropped", by=by, reason=reason, recorded=_now())
        sys.stdout.write(f"{entry.file} ({entry.id}): dropped\n")
