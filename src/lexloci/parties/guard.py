"""Why a file must not replace a list before a person has looked: what is lost, cut off, spoilt, older or of the future.

The limits, and why they are where they are:

- On 2024-05-06 the file of the Consolidated Screening List lacked all 14,973 rows of SDN and all of SSI, and in October
  2019 its ITAR list fell from 686 rows to 515 and rose again (github.com/InternationalTradeAdministration/
  developerportal, issues 146 and 95): a fall of 25 % was a fault. Lawful removals are smaller: between the lists of
  2021-07 and 2026-07-31 OFAC took 1,689 of 8,976 parties off, 19 % in five years. So more than a tenth of the
  parties at once, if they are more than fifty, is a doubt; so is more than half of a short list.
- A list that had parties and has none, or is missing from a file that holds several, is a doubt.
- Of a list that tells from when to when each party stood there, the same shares hold of those that it ends.
- Where as many keep their number and bear none of the names that they bore, letters were replaced: no law renames so
  many in a day.
- Where as many lose other names, or all that is said of their countries or licences, a column is empty or a file beside
  it is cut off; so it looks where the three that stood last lose them. Who is looked up by such a name would not be
  found, and an entry without words asks for less.
- Three parties or more that stood last are lost when a file is cut at the end of a line; the law takes them one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import takewhile
from typing import Final

from lexloci.parties.difference import Amended, Difference, Key, by_list, by_party
from lexloci.parties.events import EventKind, begins_listed, fold
from lexloci.parties.importers.csl import LISTS_OF_CSL
from lexloci.parties.importers.file import Reading
from lexloci.parties.importers.repair import party_key
from lexloci.parties.listing import CRAFTS, ListedParty, ListSet

LARGEST_SHARE: Final = 0.10
FEWEST_PARTIES: Final = 50
LARGEST_SHARE_OF_SHORT: Final = 0.50
SHORTEST_TAIL: Final = 3
_ENDS: Final = (EventKind.REMOVED, EventKind.SUSPENDED)
_Amount = Callable[[Sequence[ListedParty]], int]


@dataclass(frozen=True, slots=True)
class Doubt:
    """A reason to keep a file aside; whether a person may accept the file all the same."""

    reason: str
    acceptable: bool = True


def doubts_about(
    format_name: str, reading: Reading, dated: date, today: date, current: ListSet, differences: dict[str, Difference]
) -> tuple[Doubt, ...]:
    """All reasons against taking the file as the newest good one; none where it may be taken."""
    found = [Doubt(one) for one in reading.doubts]
    if dated > today:
        found.append(Doubt(f"its day {dated} is later than today, {today} where the day comes first", acceptable=False))
    known = {one.code: one for one in current.lists}
    for code in reading.codes:
        if code in known and dated < known[code].dated:
            older = f"it is of {dated}, older than the list in use of {known[code].dated}"
            found.append(Doubt(f"{known[code].title}: {older}", acceptable=False))
    rows = by_list(current.parties)
    if format_name.startswith("csl"):
        gone = [code for code in LISTS_OF_CSL if code not in reading.codes and rows.get(code)]
        found += [Doubt(f"{known[code].title}: all of its {len(rows[code])} rows are missing") for code in gone]
    new = by_list(reading.rows)
    for code, one in differences.items():
        old, loss = rows.get(code, []), ""
        if code in (*reading.extracts, *reading.adds_to):  # absence from it says nothing, and who is not in it stays
            there = {row.key for row in new.get(code, [])}
            old = [row for row in old if row.key in there]
        else:
            loss = _loss(one, old)
        texts = (loss, _ending(new.get(code, []), old, dated), _renaming(one, old), *_thinning(one, old))
        found += [Doubt(f"{known[code].title}: {text}") for text in texts if text]
    return tuple(found)


def _loss(one: Difference, old: Sequence[ListedParty]) -> str:
    """How a list lost more than it should, in words; "" where it did not."""
    lost = len(one.removed)
    if not lost:
        return ""
    parties = list(by_party(old))
    share = lost / len(parties)
    words = f"{lost} of {len(parties)} parties would go ({share:.0%}), more than changes in law explain"
    if _is_too_many(lost, len(parties)):
        return words
    lost_keys = {*map(_key_of, one.removed), *(_key_of(rows.before) for rows in one.amended if _lost_rows(rows))}
    tail = _tail(_last_first(old), lost_keys)
    if tail < SHORTEST_TAIL:
        return ""
    return f"{lost} of {len(parties)} parties would go, and nothing is left of the last {tail}: it seems cut off"


def _is_too_many(parties: int, of: int) -> bool:
    return parties > (LARGEST_SHARE if parties > FEWEST_PARTIES else LARGEST_SHARE_OF_SHORT) * of


def _ending(new: Sequence[ListedParty], old: Sequence[ListedParty], on: date) -> str:
    """How many parties stay and are listed no more by the days that stand beside them, in words; "" where few are."""
    told = {row.key for row in new if any(event.kind in _ENDS for event in row.events or ())}
    if not told:
        return ""
    ended = {key for key, rows in by_party(row for row in new if row.key in told).items() if not _stands(rows, on)}
    standing = {key for key, rows in by_party(old).items() if _stands(rows, on)}
    lost = len(ended & standing)
    if not _is_too_many(lost, len(standing)):
        return ""
    share = f"{lost} of {len(standing)} parties that are listed ({lost / len(standing):.0%})"
    return f"{share} would be listed no more by its days, more than changes in law explain"


def _stands(rows: Sequence[ListedParty], on: date) -> bool:
    """Whether a party may be listed on a day by its events; without events it is, for it is on the list."""
    events = (row.events for row in rows)
    return any(
        one is None or fold(one, before=begins_listed(one), as_of=on, known_at=on).listed is not False for one in events
    )


def _last_first(rows: Sequence[ListedParty]) -> list[Key]:
    """The parties by their last rows, the last of all first."""
    return list(dict.fromkeys((row.list_code, row.key) for row in reversed(rows)))


def _tail(last_first: Iterable[Key], lost: Collection[Key]) -> int:
    """How many of those that stand last are lost, one after the other."""
    return sum(1 for _ in takewhile(lost.__contains__, last_first))


def _lost_rows(one: Amended) -> bool:
    return len(one.after) < len(one.before)


def _renaming(one: Difference, old: Sequence[ListedParty]) -> str:
    """How many parties bear none of the names that they bore, in words; "" where few do."""
    renamed = sum(_names_of(amended.before).isdisjoint(_names_of(amended.after)) for amended in one.amended)
    if renamed < SHORTEST_TAIL:
        return ""
    parties = len(by_party(old))
    if not _is_too_many(renamed, parties):
        return ""
    return f"{renamed} of {parties} parties would bear none of the names that they bear ({renamed / parties:.0%})"


def _thinning(one: Difference, old: Sequence[ListedParty]) -> Iterator[str]:
    """What many parties would lose of their entries while they stay, in words, one for each thing."""
    for what, amount, is_had in _ENTRY:
        losers = {_key_of(rows.before) for rows in one.amended if amount(rows.after) < amount(rows.before)}
        if len(losers) < SHORTEST_TAIL:
            continue
        had = {key for key, rows in by_party(old).items() if is_had(rows)}
        if (
            _is_too_many(len(losers), len(had))
            or _tail((key for key in _last_first(old) if key in had), losers) >= SHORTEST_TAIL
        ):
            yield f"{len(losers)} of {len(had)} parties would lose {what}: a column is empty, or a file is cut off"


def _key_of(rows: Sequence[ListedParty]) -> Key:
    """What names the party of some rows."""
    return rows[0].list_code, rows[0].key


def _number_of_names(rows: Sequence[ListedParty]) -> int:
    return len({name for row in rows for name in (*row.names, *row.weak_names)})


def _has_aliases(rows: Sequence[ListedParty]) -> bool:
    """Whether it has other names that are not weak: weak ones stand in another place of some files."""
    return any(name != rows[0].name for row in rows for name in row.names)


def _has(field: str) -> Callable[[Sequence[ListedParty]], bool]:
    return lambda rows: any(getattr(row, field) for row in rows)


def _is_screened(rows: Sequence[ListedParty]) -> bool:
    return any(row.kind not in CRAFTS for row in rows)


# What is lost, how much of it some rows have, who has it.
_ENTRY: Final[tuple[tuple[str, _Amount, _Amount], ...]] = (
    ("other names", _number_of_names, _has_aliases),
    ("countries", _has("countries"), _has("countries")),
    ("the licence requirement", _has("licence_requirement"), _has("licence_requirement")),
    ("the licence policy", _has("licence_policy"), _has("licence_policy")),
    ("the kind of a party, as no vessel or aircraft is screened,", _is_screened, _is_screened),
)


def _names_of(rows: Sequence[ListedParty]) -> set[str]:
    return {party_key(name) for row in rows for name in (*row.names, *row.weak_names)}
