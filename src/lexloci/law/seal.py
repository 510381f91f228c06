"""Is a quoted text still the one that was compared with its source? Its seal is a hash that its file states beside it.

A text that somebody changed in passing no longer says what the source says, and whoever reads it cannot see that.
Line breaks and spaces do not count, so that a file may be wrapped again.
"""

from __future__ import annotations

import hashlib

DIGITS = 16  # 64 bits: no two texts of a rulebook meet by chance, and a person can compare them


def seal_of(text: str) -> str:
    """The first 16 hexadecimal digits of the SHA-256 of the text in UTF-8, each run of white space as one space."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:DIGITS]
