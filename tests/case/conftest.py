"""A portfolio with one of everything, and the lines that a check prints for a broken copy of it."""

from pathlib import Path

import pytest

from lexloci.case import check


@pytest.fixture
def full() -> str:
    """The text of a right portfolio with one of everything."""
    return (Path(__file__).parent / "data" / "everything_once.yaml").read_text(encoding="utf-8")


@pytest.fixture
def lines_of(full):
    """What a check prints when texts of the full portfolio are replaced by others."""

    def lines(*changes: tuple[str, str]) -> list[str]:
        text = full
        for old, new in changes:
            assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the portfolio"
            text = text.replace(old, new)
        return [str(mistake) for mistake in check("p.yaml", text=text)]

    return lines
