"""What the tests of compiled rulebooks share: everything in a rulebook spelt out, and files that are wrong inside."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

MARK = "lexloci compiled rulebook"


def spelt(value: Any) -> Any:
    """All that a value holds, with the order of names and the places that no comparison counts."""
    if is_dataclass(value) and not isinstance(value, type):
        return [type(value).__name__, *((each.name, spelt(getattr(value, each.name))) for each in fields(value))]
    if isinstance(value, Mapping):
        return [(name, spelt(one)) for name, one in value.items()]
    if isinstance(value, tuple):
        return ["tuple", *(spelt(one) for one in value)]
    if isinstance(value, frozenset):
        return ["set", *sorted(spelt(one) for one in value)]
    return value


def parts(data: bytes) -> list[Any]:
    """Header, content and asides of a compiled file."""
    mark, _, *rest = json.loads(data)
    assert mark == MARK
    return rest


def file_of(lines: list[bytes]) -> bytes:
    """A file with these lines after the first, whose SHA-256 is right."""
    rest = b",\n".join(lines) + b"]\n"
    return b'["%s","%s",\n%s' % (MARK.encode(), hashlib.sha256(rest).hexdigest().encode(), rest)


def compact(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def rewritten(data: bytes, change: Callable[[dict[str, Any], Any, list[Any]], None]) -> bytes:
    """The file after a change of header, content or asides, with every SHA-256 made right again."""
    header, content, asides = parts(data)
    said = header["digest"]
    change(header, content, asides)
    if header.get("digest") == said:
        header["digest"] = hashlib.sha256(compact(content)).hexdigest()
    return file_of([compact(header), compact(content), compact(asides)])
