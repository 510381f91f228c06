"""Which lists and tables several answers used, each once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lexloci.model.determination import Determination, SourceAge


def sources_of(determinations: Iterable[Determination]) -> tuple[SourceAge, ...]:
    """Which lists and tables the answers and their legs used, each once, by name and date."""
    found = {source for determination in determinations for source in _with_legs(determination)}
    return tuple(sorted(found, key=lambda source: (source.name, source.dated, source.age_days, source.limit_days)))


def _with_legs(determination: Determination) -> Iterator[SourceAge]:
    yield from determination.sources
    for leg in determination.legs:
        yield from _with_legs(leg)
