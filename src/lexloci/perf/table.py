"""Which published measurements every estimate rests on, and how old they are.

``data/SOURCES.md`` says what each column holds, where the rows come from and under what terms; ``training_rows`` and
``serving_rows`` read them.
"""

from __future__ import annotations

from datetime import date

_DATED = date(2026, 11, 22)
_LIMIT_DAYS = 365


def measurement_tables() -> tuple[tuple[str, date, int], ...]:
    """Name, date of compilation and limit of age in days of each table that estimates rest on."""
    return (
        ("published training configurations (perf/data/training_configurations.csv.gz)", _DATED, _LIMIT_DAYS),
        ("published serving measurements (perf/data/serving_rows.csv.gz)", _DATED, _LIMIT_DAYS),
    )
