"""Reads the values of a rulebook's file, each with its file and line, and refuses what is not there to be read."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from lexloci.case.yaml_source import Source, load
from lexloci.model.errors import LexlociError, RulebookError

T = TypeVar("T")
_REQUIRED: Any = object()


def read_node(path: Path, folder: Path) -> Node:
    """The mapping in a file."""
    name = str(path.relative_to(folder))
    try:
        source = load(path.read_text(encoding="utf-8"), name)
    except (OSError, UnicodeDecodeError, LexlociError) as error:
        why = "; ".join(str(error).splitlines())
        raise RulebookError(f"{name}: cannot be read: {why}; mend the file") from None
    if not isinstance(source.data, dict):
        raise RulebookError(f"{name}: is no mapping; write `key: value` lines")
    return Node(source, (), source.data, path.stem)


@dataclass
class Node:
    """A mapping in a file; notes which keys were read, so that the rest can be refused."""

    source: Source
    path: tuple[str | int, ...]
    data: dict[str, Any]
    name: str
    read: set[str] = field(default_factory=set)

    def error(self, what: str, mend: str, *steps: str | int) -> RulebookError:
        """The error at this mapping, or at what ``steps`` lead to beneath it."""
        line = self.source.line((*self.path, *steps))
        return RulebookError(f"{self.source.file}:{line} {self.name}: {what}; {mend}")

    def has(self, key: str) -> bool:
        """Whether the key is given."""
        return key in self.data

    def items(self) -> Iterator[tuple[str, Node]]:
        """Each key whose value is a mapping (a plain value is refused)."""
        for key in self.data:
            yield key, self.child(key) if isinstance(self.data[key], dict) else self._plain(key)

    def _plain(self, key: str) -> Node:
        return Node(self.source, (*self.path, key), {"": self.data[key]}, key)

    def child(self, key: str) -> Node:
        """The mapping under a key; empty where the key is not given."""
        self.read.add(key)
        value = self.data.get(key, {})
        if not isinstance(value, dict):
            raise self.error(f"{key} is no mapping", "write `key: value` lines under it", key)
        return Node(self.source, (*self.path, key), value, key)

    def children(self, key: str) -> list[Node]:
        """The mappings in the list under a key."""
        self.read.add(key)
        value = self.data.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.error(f"{key} is no list of mappings", "write `- {key: value}` lines under it", key)
        return [Node(self.source, (*self.path, key, place), item, self.name) for place, item in enumerate(value)]

    def text(self, key: str) -> str:
        """The text under a key, which must be given."""
        self.read.add(key)
        value = self.data.get(key)
        if not isinstance(value, str) or not value.strip():
            raise self.error(f"{key} is missing or no text", f"write {key}: ...", key)
        return " ".join(value.split())

    def optional(self, key: str) -> str:
        """The text under a key; empty where it is not given."""
        return self.text(key) if self.has(key) else ""

    def texts(self, key: str) -> tuple[str, ...]:
        """The texts in the list under a key; empty where it is not given."""
        self.read.add(key)
        value = self.data.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.error(f"{key} is no list of texts", f"write `{key}: [...]`", key)
        return tuple(" ".join(item.split()) for item in value)

    def number(self, key: str, default: float = _REQUIRED) -> float:
        """The number under a key."""
        self.read.add(key)
        value = self.data.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.error(f"{key} is missing or no number", f"write {key}: 1", key)
        return float(value)

    def day(self, key: str) -> date:
        """The day under a key, as YYYY-MM-DD."""
        self.read.add(key)
        text = str(self.data.get(key))
        try:
            day = date.fromisoformat(text)
        except ValueError:
            day = None
        if day is None or day.isoformat() != text:
            raise self.error(f"{key} is missing or no day", f"write {key}: YYYY-MM-DD", key)
        return day

    def choice(self, key: str, options: Mapping[str, T], default: T | None = _REQUIRED) -> T:
        """The option that the text under a key names."""
        if not self.has(key) and default is not _REQUIRED and default is not None:
            self.read.add(key)
            return default
        return self._option(key, self.text(key), options)

    def choices(self, key: str, options: Mapping[str, T]) -> tuple[T, ...]:
        """The options that the list under a key names."""
        return tuple(self._option(key, text, options) for text in self.texts(key))

    def _option(self, key: str, text: str, options: Mapping[str, T]) -> T:
        if text in options:
            return options[text]
        close = difflib.get_close_matches(text, options, 1)
        mend = f"did you mean {close[0]}?" if close else f"one of: {', '.join(options)}"
        raise self.error(f"{key}: {text!r} is none of its options", mend, key)

    def refuse_the_rest(self) -> None:
        """RulebookError where a key was given that nothing reads."""
        for key in self.data:
            if key not in self.read:
                raise self.error(f"{key} is no key here", "remove it, or see docs/reference/rulebook.md", key)
