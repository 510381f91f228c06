"""Which countries and chips the catalogue knows, as far as the check of a file asks."""

from __future__ import annotations

from collections.abc import Collection


def country_codes() -> Collection[str]:
    """The ISO 3166-1 alpha-2 codes."""
    from lexloci.catalogue import countries

    return countries()


def closest_country_code(text: str) -> str | None:
    """The code of the country that somebody meant by a misspelt code or name; None where none is near."""
    from lexloci.catalogue import closest_country

    found = closest_country(text)
    return found.code if found else None


def chip_ids() -> Collection[str]:
    """The ids of the chips of the catalogue."""
    from lexloci.catalogue import chips

    return chips()
