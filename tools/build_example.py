"""Writes the example without its readings: the same file, so that both can be compared line by line.

Usage: python tools/build_example.py
"""

from __future__ import annotations

from pathlib import Path

EXAMPLE = Path(__file__).parents[1] / "examples" / "southeast-asia"
NAME = "name: Chinese labs at home and in South-East Asia\n"
READINGS = "# Contested points that the plan relies on"
ATTESTATIONS = "# Facts that named persons vouch for"


def without_readings(text: str) -> str:
    """The portfolio's text with an empty list of readings and a name that says so."""
    begin, end = text.index(READINGS), text.index(ATTESTATIONS)
    text = text[:begin] + "# No reading of a contested point is on record here.\nreadings: []\n\n" + text[end:]
    return text.replace(NAME, NAME.rstrip() + ", without readings\n")


def main() -> None:
    """Write the file."""
    text = (EXAMPLE / "portfolio.yaml").read_text(encoding="utf-8")
    (EXAMPLE / "portfolio-without-readings.yaml").write_text(without_readings(text), encoding="utf-8")


if __name__ == "__main__":
    main()
