"""Is a file a portfolio or a file of acts? A portfolio has the key ``lexloci``."""

from __future__ import annotations

import re
from pathlib import Path

_PORTFOLIO_KEY = re.compile(r"""^\s*[{]?\s*["']?lexloci["']?\s*:""", re.MULTILINE)
_ACTS_KEY = re.compile(r"""^(?:[{]\s*["'])?acts["']?\s*:|^\s*[-\[]""")


def is_portfolio(text: str, file: str) -> bool:
    """Whether the text is a portfolio; a CSV, a list or a mapping with ``acts`` is a file of acts.

    What is neither is read as a portfolio, whose reader says what is wrong with it.
    """
    if Path(file).suffix.lower() == ".csv":
        return False
    if _PORTFOLIO_KEY.search(text):
        return True
    body = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#")).lstrip()
    first = body.split("\n", 1)[0]
    is_csv = {"id", "kind", "on"} <= {name.strip().strip('"') for name in first.split(",")}
    return not (is_csv or _ACTS_KEY.match(body))
