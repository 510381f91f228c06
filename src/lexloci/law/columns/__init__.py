"""Decisions for whole tables: columns in, outcomes and firing rules out, a bit for each clause (docs/adr/0006)."""

from lexloci.law.columns.decide import OUTCOMES, Coded, ColumnAnswer, Engine, decide_columns

__all__ = ["OUTCOMES", "Coded", "ColumnAnswer", "Engine", "decide_columns"]
