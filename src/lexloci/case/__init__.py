"""Reads and checks a portfolio file or a file of acts; tells every mistake at once, by line and field."""

from lexloci.case.acts_file import ActInput, read_acts
from lexloci.case.page import portfolio_reference
from lexloci.case.portfolio_file import check, read_portfolio
from lexloci.case.schema import portfolio_schema
from lexloci.case.template import template

__all__ = [
    "ActInput",
    "check",
    "portfolio_reference",
    "portfolio_schema",
    "read_acts",
    "read_portfolio",
    "template",
]
