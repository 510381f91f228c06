"""Reads the values of a rulebook's file, each with its file and line, and refuses what is not there to be read."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from lexloci.case.yaml_source import Source, load
from lexloci.law.mistake import RuleMistake, mend_of
from lexloci.model.errors import InputError, RulebookError

T = TypeVar("T")
_REQUIRED: Any = object()
_MOST_DAYS = 36_525


def read_node(path: Path, label: str, mistakes: list[RuleMistake]) -> Node | None:
    """The mapping in a file, which mistakes name by its label; None, and ``mistakes``, where it cannot be read."""
    try:
        source = load(path.read_text(encoding="utf-8"), label)
    except InputError as error:
        mistakes += [
            RuleMistake(label, one.line, path.stem, f"cannot be read: {one.message}", one.mend or "mend the file")
            for one in error.mistakes
        ]
        return None
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or str(error)
        mistakes.append(RuleMistake(label, 0, "", f"cannot be read: {why}", "mend the file"))
        return None
    if not isinstance(source.data, dict):
        mistakes.append(RuleMistake(label, source.first_line, "", "is no mapping", "write `key: value` lines"))
        return None
    return Node(source, (), source.data, path.stem, mistakes)


@dataclass
class Node:
    """A mapping in a file; notes which keys were read, so that the rest can be refused.

    What is wrong is added to ``mistakes``, and a value of the right type stands in for it until all of them are
    told; where there is no such list (None), the first is raised.
    """

    source: Source
    path: tuple[str | int, ...]
    data: dict[str, Any]
    name: str
    mistakes: list[RuleMistake] | None = None
    read: set[str] = field(default_factory=set)

    def error(self, what: str, mend: str, *steps: str | int) -> RulebookError:
        """The error at this mapping, or at what ``steps`` lead to beneath it."""
        return RulebookError(str(self._mistake(what, mend, *steps)))

    def refuse(self, what: str, mend: str, *steps: str | int) -> None:
        """Notes the mistake at this mapping, or at what ``steps`` lead to beneath it."""
        if self.mistakes is None:
            raise self.error(what, mend, *steps)
        self.mistakes.append(self._mistake(what, mend, *steps))

    def line(self, *steps: str | int) -> int:
        """The line of this mapping, or of what ``steps`` lead to beneath it."""
        return self.source.line((*self.path, *steps))

    def _mistake(self, what: str, mend: str, *steps: str | int) -> RuleMistake:
        return RuleMistake(self.source.file, self.line(*steps), self.name, what, mend)

    def has(self, key: str) -> bool:
        """Whether the key is given."""
        return key in self.data

    def items(self) -> Iterator[tuple[str, Node]]:
        """Each key with the mapping under it."""
        for key in self.data:
            yield key, self.child(key)

    def child(self, key: str) -> Node:
        """The mapping under a key; empty where the key is not given."""
        self.read.add(key)
        value = self.data.get(key, {})
        if not isinstance(value, dict):
            self.refuse(f"{key} is no mapping", "write `key: value` lines under it", key)
            value = {}
        return Node(self.source, (*self.path, key), value, key, self.mistakes)

    def children(self, key: str) -> list[Node]:
        """The mappings in the list under a key."""
        self.read.add(key)
        value = self.data.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self.refuse(f"{key} is no list of mappings", "write `- {key: value}` lines under it", key)
            return []
        return [
            Node(self.source, (*self.path, key, place), item, self.name, self.mistakes)
            for place, item in enumerate(value)
        ]

    def text(self, key: str) -> str:
        """The text under a key, which must be given."""
        self.read.add(key)
        value = self.data.get(key)
        if not isinstance(value, str) or not value.strip():
            self.refuse(f"{key} is missing or no text", f"write {key}: ...", key)
            return ""
        return " ".join(value.split())

    def optional(self, key: str) -> str:
        """The text under a key; empty where it is not given."""
        return self.text(key) if self.has(key) else ""

    def texts(self, key: str) -> tuple[str, ...]:
        """The texts in the list under a key; empty where it is not given."""
        self.read.add(key)
        value = self.data.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.refuse(f"{key} is no list of texts", f"write `{key}: [...]`", key)
            return ()
        return tuple(" ".join(item.split()) for item in value)

    def number(self, key: str) -> float:
        """The number under a key; an integer that a float cannot hold exactly is refused."""
        self.read.add(key)
        value = self.data.get(key)
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.refuse(f"{key} is missing or no number", f"write {key}: 1", key)
            return 0.0
        if abs(value) > sys.float_info.max or float(value) != value:
            self.refuse(f"{key} has too many digits to be kept exactly", f"write {key}: 1.0e30", key)
            return 0.0
        return float(value)

    def days(self, key: str, least: int, default: int = _REQUIRED) -> int:
        """The whole number of days under a key, from ``least`` to a hundred years, so that no sum of days overflows."""
        self.read.add(key)
        value = self.data.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= _MOST_DAYS:
            self.refuse(f"{key} is missing or no whole number from {least} to {_MOST_DAYS}", f"write {key}: 30", key)
            return least
        return value

    def day(self, key: str) -> date:
        """The day under a key, as YYYY-MM-DD."""
        self.read.add(key)
        text = str(self.data.get(key))
        try:
            day = date.fromisoformat(text)
        except ValueError:
            day = None
        if day is None or day.isoformat() != text:
            self.refuse(f"{key} is missing or no day", f"write {key}: YYYY-MM-DD", key)
            return date.min
        return day

    def choice(self, key: str, options: Mapping[str, T], default: T | None = _REQUIRED) -> T:
        """The option that the text under a key names."""
        if not self.has(key) and default is not _REQUIRED and default is not None:
            self.read.add(key)
            return default
        text = self.text(key)
        return self._option(key, text, options) if text else next(iter(options.values()))

    def choices(self, key: str, options: Mapping[str, T]) -> tuple[T, ...]:
        """The options that the list under a key names."""
        return tuple(self._option(key, text, options) for text in self.texts(key))

    def _option(self, key: str, text: str, options: Mapping[str, T]) -> T:
        if text in options:
            return options[text]
        mend = mend_of(text, options, f"one of: {', '.join(options)}")
        self.refuse(f"{key}: {text!r} is none of its options", mend, key)
        return next(iter(options.values()))

    def refuse_the_rest(self) -> None:
        """Refuses each key that was given and that nothing reads."""
        for key in self.data:
            if key not in self.read:
                self.refuse(f"{key} is no key here", "remove it, or see docs/reference/rulebook.md", key)
