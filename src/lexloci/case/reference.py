"""Writes what the documentation says of the portfolio file.

``python -m lexloci.case.reference [FOLDER]`` writes portfolio.md and portfolio.schema.json there, by
default to docs/reference.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from lexloci.case.page import portfolio_reference
from lexloci.case.schema import portfolio_schema


def write(folder: Path) -> None:
    """Writes the page and the schema to a folder."""
    schema = json.dumps(portfolio_schema(), indent=2, ensure_ascii=False) + "\n"
    (folder / "portfolio.schema.json").write_text(schema, encoding="utf-8")
    (folder / "portfolio.md").write_text(portfolio_reference(), encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/reference"))
