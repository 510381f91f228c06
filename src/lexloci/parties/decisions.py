"""What a person decided of a party and an entry: match or no match, remembered until either changes.

One JSON object a line, in a file that only grows; who reads it later sees every decision in its order, and the last
one on a party and an entry counts. A decision stands on the party as it was asked and the entry as it was
listed, by a hash of each: a change of either and the decision no longer applies, and the finding says so.
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
from lexloci.parties.folding import ScreeningError
from lexloci.parties.lists import ListedParty

MATCH: Final = "match"
NO_MATCH: Final = "no match"


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


def _hash(content: object) -> str:
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


class Decisions:
    """The decisions of a file: the last one on each party and entry, and the party and entry that it stood on."""

    def __init__(self, decisions: Iterable[Decision]) -> None:
        self._last: dict[tuple[str, str], Decision] = {}
        self._by_name: dict[tuple[str, str, str], Decision] = {}
        for one in decisions:
            self._last[one.party_hash, one.entry_hash] = one
            self._by_name[one.party, one.list_code, one.entry] = one
        self._matches: dict[str, list[Decision]] = {}
        for one in self._last.values():
            if one.is_match:
                self._matches.setdefault(one.party_hash, []).append(one)

    @property
    def has_match(self) -> bool:
        """Whether any party was decided to be that of an entry."""
        return bool(self._matches)

    def matches(self, question: Question) -> list[Decision]:
        """The decisions that a party is that of an entry; the entry may have changed since."""
        return self._matches.get(party_hash(question), []) if self._matches else []

    def on(self, question: Question, entry: ListedParty) -> Decision | None:
        """The decision that applies to a party and an entry as they are now."""
        return self._last.get((party_hash(question), entry_hash(entry)))

    def outdated(self, question: Question, entry: ListedParty) -> Decision | None:
        """A decision on a party and an entry of these names that no longer applies, for one of them has changed."""
        if self.on(question, entry) is not None:
            return None
        return self._by_name.get((question.name, entry.list_code, entry.name))


def read_decisions(file: Path) -> Decisions:
    """The decisions of a file; none where there is no file. Raises ScreeningError, naming a line that is not whole."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return Decisions(())
    except (OSError, UnicodeDecodeError) as error:
        raise ScreeningError(f"{file}: cannot be read ({error}); name a file of decisions") from None
    return Decisions([_decision(file, number, line) for number, line in enumerate(lines, 1) if line.strip()])


def _decision(file: Path, number: int, line: str) -> Decision:
    try:
        row: dict[str, Any] = json.loads(line)
        return Decision(**{**row, "on": date.fromisoformat(row["on"])})
    except (ValueError, TypeError, KeyError):
        raise ScreeningError(
            f"{file}:{number}: this line is no decision that lexloci wrote; mend it or take the line out"
        ) from None


def append_decision(file: Path, decision: Decision) -> None:
    """Adds a decision to the file as one line, whole or not at all, after the writes of others."""
    row = {name: getattr(decision, name) for name in Decision.__slots__} | {"on": decision.on.isoformat()}
    line = (json.dumps(row, ensure_ascii=False) + "\n").encode()
    try:
        with file.open("ab") as out:
            fcntl.flock(out, fcntl.LOCK_EX)
            size = out.seek(0, os.SEEK_END)
            try:
                out.write(line)
                out.flush()
                os.fsync(out.fileno())
            except OSError:
                out.truncate(size)
                raise
    except OSError as error:
        raise ScreeningError(f"{file}: cannot be written: {error.strerror}; name a file that you may write") from None
