"""What a person decided of a party and an entry: match or no match, remembered until either changes.

One JSON object a line, in a file that only grows; who reads it later sees every decision in its order, and the last
one on a party and an entry counts. A decision stands on the party as it was asked and the entry as it was
listed, by a hash of each: a change of either and the decision no longer applies, and the finding says so. A match that
no longer applies so stays open until somebody decides again.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from lexloci.parties.findings import Question
from lexloci.parties.folding import ScreeningError, check_name
from lexloci.parties.lists import ListedParty

MATCH: Final = "match"
NO_MATCH: Final = "no match"
ID_MARK: Final = "#"
ID_LENGTH: Final = 12


@dataclass(frozen=True, slots=True)
class Decision:
    """That a party is, or is not, the party of an entry: who decided it, on which day, why."""

    party: str
    party_hash: str
    list_code: str
    entry: str
    entry_hash: str
    is_match: bool
    reason: str
    by: str
    on: date

    def __str__(self) -> str:
        return f"{MATCH if self.is_match else NO_MATCH}, by {self.by} on {self.on.isoformat()}: {self.reason}"


def decision_on(question: Question, entry: ListedParty, *, is_match: bool, reason: str, by: str, on: date) -> Decision:
    """A decision on a party and an entry. Raises ScreeningError without a reason or a person."""
    if not reason.strip() or not by.strip():
        raise ScreeningError("decision: the reason and the person who decided must be given; state --reason and --by")
    for text in (question.name, *question.aliases, *question.identifiers, question.country or "", reason, by):
        check_name(text)
    hashes = party_hash(question), entry_hash(entry)
    return Decision(question.name, hashes[0], entry.list_code, entry.name, hashes[1], is_match, reason, by, on)


def party_hash(question: Question) -> str:
    """The hash of a party as it is asked: its names, country and identifiers, whatever their order."""
    return _hash([question.name, sorted(question.aliases), question.country or "", sorted(question.identifiers)])


def entry_hash(entry: ListedParty) -> str:
    """The hash of an entry as it is listed: what tells who it is, and what the list says of it; no order of aliases."""
    return _hash([
        entry.list_code, entry.name, sorted(entry.names), entry.kind, sorted(entry.countries),
        sorted(entry.identifiers), entry.remarks, entry.citation, entry.licence_requirement, entry.licence_policy,
        sorted(entry.programmes),
    ])  # fmt: skip


def entry_id(entry: ListedParty) -> str:
    """A short name of an entry as it is listed, which tells it from another of the same name on its list."""
    return f"{ID_MARK}{entry_hash(entry)[:ID_LENGTH]}"


def entries_of(rows: Iterable[ListedParty], code: str, named: str) -> list[ListedParty]:
    """The entries of a list that bear a name or are of an id, those that say the same once."""
    found = {
        entry_hash(row): row
        for row in rows
        if row.list_code == code and (named in row.names or (named[:1] == ID_MARK and entry_id(row) == named))
    }
    return list(found.values())


def _hash(content: object) -> str:
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


class Decisions:
    """The decisions of a file: the last one on each party and entry, and the party and entry that it stood on."""

    def __init__(self, decisions: Iterable[Decision]) -> None:
        self._last: dict[tuple[str, str], Decision] = {}
        self._of_party: dict[str, list[Decision]] = {}
        for one in decisions:
            self._last[one.party_hash, one.entry_hash] = one
            self._of_party.setdefault(one.party, []).append(one)

    @property
    def has_match(self) -> bool:
        """Whether any party was decided to be that of an entry."""
        return any(one.is_match for one in self._last.values())

    def on(self, question: Question, entry: ListedParty) -> Decision | None:
        """The decision that applies to a party and an entry as they are now."""
        return self._last.get((party_hash(question), entry_hash(entry)))

    def of(self, question: Question) -> list[Decision]:
        """The decisions on a party of this name, in their order; it or the entry may have changed since."""
        return self._of_party.get(question.name, [])


class Record:
    """What the decisions say of the entries in use: which apply, which no longer do."""

    def __init__(self, decisions: Decisions, rows: Iterable[ListedParty]) -> None:
        self.decisions = decisions
        self._rows: dict[tuple[str, str], list[ListedParty]] = {}
        for row in rows:
            self._rows.setdefault((row.list_code, row.name), []).append(row)

    def rows_of(self, decision: Decision) -> list[ListedParty]:
        """The entries that a decision may be on: those that say the same still, else those that bear its name."""
        named = self._rows.get((decision.list_code, decision.entry), [])
        return [row for row in named if entry_hash(row) == decision.entry_hash] or named

    def outdated(self, question: Question, entry: ListedParty) -> Decision | None:
        """The last decision on a party and an entry of these names that no longer applies: one of them has changed."""
        about = self.decisions.of(question)
        if not about or self.decisions.on(question, entry) is not None:
            return None
        name = (entry.list_code, entry.name)
        return next(
            (one for one in reversed(about) if (one.list_code, one.entry) == name and entry in self.rows_of(one)), None
        )

    def matched(self, question: Question) -> list[ListedParty]:
        """The entries that a party of this name was decided to be, whether or not that applies still."""
        return [row for one in self.decisions.of(question) if one.is_match for row in self.rows_of(one)]

    def gone(self, question: Question) -> list[Decision]:
        """The matches with entries that are on no list in use, under their name or another time."""
        last = {(one.list_code, one.entry): one for one in self.decisions.of(question)}
        return [one for one in last.values() if one.is_match and not self.rows_of(one)]


def read_decisions(file: Path) -> Decisions:
    """The decisions of a file; none where there is no file. Raises ScreeningError, naming a line that is not whole."""
    try:
        lines = file.read_text(encoding="utf-8-sig").split("\n")  # a reason may hold other ends of line
    except FileNotFoundError:
        return Decisions(())
    except (OSError, UnicodeDecodeError) as error:
        raise ScreeningError(f"{file}: cannot be read ({error}); name a file of decisions") from None
    return Decisions([_decision(file, number, line) for number, line in enumerate(lines, 1) if line.strip()])


def _decision(file: Path, number: int, line: str) -> Decision:
    try:
        row: dict[str, Any] = json.loads(line)
        decision = Decision(**{**row, "on": date.fromisoformat(row["on"])})
    except (ValueError, TypeError, KeyError, RecursionError):
        row = {}
    texts = set(Decision.__slots__) - {"is_match", "on"}
    if type(row.get("is_match")) is not bool or not all(isinstance(row[name], str) for name in texts):
        raise ScreeningError(
            f"{file}:{number}: this line is no decision that lexloci wrote; mend it or take the line out"
        )
    return decision


def append_decision(file: Path, decision: Decision) -> None:
    """Adds a decision to the file as one line, whole or not at all, after the writes of others."""
    row = {name: getattr(decision, name) for name in Decision.__slots__} | {"on": decision.on.isoformat()}
    line = (json.dumps(row, ensure_ascii=False) + "\n").encode()
    try:
        with file.open("a+b") as out:
            fcntl.flock(out, fcntl.LOCK_EX)
            size = out.seek(0, os.SEEK_END)
            out.seek(max(0, size - 1))
            begun = out.read(1) not in {b"", b"\n"}  # by hand, without an end of line
            try:
                out.write(b"\n" + line if begun else line)
                out.flush()
                os.fsync(out.fileno())
            except OSError:
                out.truncate(size)
                raise
    except OSError as error:
        raise ScreeningError(f"{file}: cannot be written: {error.strerror}; name a file that you may write") from None
