"""Bundled dated facts: chips, countries, grids and prices; each row with unit, source, date and licence."""

from lexloci.catalogue.chips import chip, chips
from lexloci.catalogue.country import Country, closest_country, countries, country, province_carbon
from lexloci.catalogue.price import PriceRange, Term, rental_prices
from lexloci.catalogue.request_lengths import RequestLengths, bundled_lengths, request_lengths
from lexloci.catalogue.table import Table, table, tables
from lexloci.catalogue.world import Shape, world_outline

__all__ = [
    "Country",
    "PriceRange",
    "RequestLengths",
    "Shape",
    "Table",
    "Term",
    "bundled_lengths",
    "chip",
    "chips",
    "closest_country",
    "countries",
    "country",
    "province_carbon",
    "rental_prices",
    "request_lengths",
    "table",
    "tables",
    "world_outline",
]
