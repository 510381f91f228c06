"""The portfolio with which a user begins."""

from __future__ import annotations

from importlib.resources import files


def template() -> str:
    """The text of a small commented portfolio that passes the check, for `lexloci init`."""
    return files("lexloci.case").joinpath("template.yaml").read_text(encoding="utf-8")
