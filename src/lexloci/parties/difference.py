"""What differs between two snapshots of a list, by party: who came, who went, whose entry was amended.

Rows of one party share its key; the order of rows, a point that ends a name or not, and what two formats of one list
tell at different lengths (identifiers, remarks, days), are no difference.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lexloci.parties.listing import ListedParty

Key = tuple[str, str]
_Content = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Amended:
    """A party that both snapshots have, otherwise: its rows before and after."""

    before: tuple[ListedParty, ...]
    after: tuple[ListedParty, ...]

    @property
    def what(self) -> tuple[str, ...]:
        """What was amended, in words."""
        return tuple(
            words for words, read in _PARTS if Counter(map(read, self.before)) != Counter(map(read, self.after))
        )


@dataclass(frozen=True, slots=True)
class Difference:
    """Parties that came, went, and were amended; each party's rows together."""

    added: tuple[tuple[ListedParty, ...], ...]
    removed: tuple[tuple[ListedParty, ...], ...]
    amended: tuple[Amended, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs."""
        return not (self.added or self.removed or self.amended)


def _without_points(names: Iterable[str]) -> frozenset[str]:
    return frozenset(name.rstrip(" .") for name in names)


_PARTS = (
    ("names", lambda row: _without_points(row.names)),
    ("weak names", lambda row: _without_points(row.weak_names)),
    ("kind", lambda row: row.kind),
    ("countries", lambda row: frozenset(row.countries)),
    ("licence requirement", lambda row: row.licence_requirement),
    ("licence policy", lambda row: row.licence_policy),
    ("citation", lambda row: row.citation),
    ("programmes", lambda row: frozenset(row.programmes)),
)


def difference(old: Iterable[ListedParty], new: Iterable[ListedParty]) -> Difference:
    """What the new rows have that the old ones had not, and the other way round."""
    before, after = by_party(old), by_party(new)
    added = tuple(rows for key, rows in after.items() if key not in before)
    removed = tuple(rows for key, rows in before.items() if key not in after)
    amended = tuple(
        Amended(before[key], rows)
        for key, rows in after.items()
        if key in before and before[key] is not rows and not _same(before[key], rows)
    )
    return Difference(added, removed, amended)


def by_list(rows: Iterable[ListedParty]) -> dict[str, list[ListedParty]]:
    """The rows of each list, in their order."""
    found: dict[str, list[ListedParty]] = {}
    for row in rows:
        found.setdefault(row.list_code, []).append(row)
    return found


def by_party(rows: Iterable[ListedParty]) -> dict[Key, tuple[ListedParty, ...]]:
    """The rows of each party, in the order in which the parties stand."""
    found: dict[Key, tuple[ListedParty, ...]] = {}
    several: dict[Key, list[ListedParty]] = {}  # few; a tuple grown row by row would take the square of their number
    for row in rows:
        key = (row.list_code, row.key)
        if key not in found:
            found[key] = (row,)
        else:
            several.setdefault(key, [*found[key]]).append(row)
    return found | {key: tuple(own) for key, own in several.items()}


def _same(old: Sequence[ListedParty], new: Sequence[ListedParty]) -> bool:
    if len(old) == len(new) and all(map(as_printed, old, new)):
        return True
    return Counter(map(_content, old)) == Counter(map(_content, new))


def as_printed(old: ListedParty, new: ListedParty) -> bool:
    """Whether two rows say the same in the same order: so do nearly all rows of two days, and no set need be made."""
    return (
        old.names == new.names
        and old.licence_requirement == new.licence_requirement
        and old.licence_policy == new.licence_policy
        and old.citation == new.citation
        and old.countries == new.countries
        and old.programmes == new.programmes
        and old.weak_names == new.weak_names
        and old.kind == new.kind
    )


def printed(row: ListedParty) -> _Content:
    """What ``as_printed`` compares, with the party."""
    return (
        row.list_code,
        row.key,
        row.names,
        row.licence_requirement,
        row.licence_policy,
        row.citation,
        row.countries,
        row.programmes,
        row.weak_names,
        row.kind,
    )


def _content(row: ListedParty) -> _Content:
    """What a row says of the party: the order of aliases, countries and programmes is none of it."""
    return (
        _without_points(row.names),
        _without_points(row.weak_names),
        row.kind,
        frozenset(row.countries),
        row.licence_requirement,
        row.licence_policy,
        row.citation,
        frozenset(row.programmes),
    )
