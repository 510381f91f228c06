"""The quotes of a pool in the model of CP-SAT: nodes that are there only while a quote is taken and paid.

The pool's cumulative resource has the nodes of its largest quote on top. What is not had in an hour is taken by
intervals: all of it before the begin and after the end of the quote, what the largest has more between them, and all of
it over the whole horizon where no quote is taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lexloci.plan.quotes import Quote

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

    from lexloci.plan.cp_model import Model


def add_quotes(whole: Model, quotes: Sequence[Quote], intervals: list[cp_model.IntervalVar], demands: list[int]) -> int:
    """Adds the quotes of a pool, of which one at most is taken, and returns the nodes that come on top of its own."""
    most = max(quote.nodes for quote in quotes)
    taken = [
        (quote, literal)
        for quote in quotes
        if (literal := _add_quote(whole, quote, most, intervals, demands)) is not None
    ]
    none = whole.model.new_bool_var(f"no quote of {quotes[0].pool}")
    whole.model.add(sum(literal for _, literal in taken) + none == 1)
    horizon_h = whole.problem.horizon_h
    intervals.append(whole.model.new_optional_fixed_size_interval_var(0, horizon_h, none, f"none had {quotes[0].pool}"))
    demands.append(most)
    return most


def _add_quote(
    whole: Model, quote: Quote, most: int, intervals: list[cp_model.IntervalVar], demands: list[int]
) -> cp_model.IntVar | None:
    """Whether it is taken, and the hours paid: ``paid >= term``, ``paid >= end - start``; None: it cannot begin."""
    model, step, horizon_h = whole.model, quote.step_h, whole.problem.horizon_h
    begins = [start for start in (quote.begins[:1], quote.begins[-1:]) if start]
    if not begins or begins[0][0] >= horizon_h:
        return None
    after_h = -(-horizon_h // step) * step  # no end beyond the horizon is of use; a term that passes it is paid
    last_h = min(begins[-1][0], after_h - step)
    latest_h = after_h if quote.last_end_h is None else min(after_h, quote.last_end_h // step * step)
    literal = model.new_bool_var(f"quote {quote.id}")
    start = step * model.new_int_var(begins[0][0] // step, last_h // step, f"begin {quote.id}")
    end = step * model.new_int_var(0, latest_h // step, f"end {quote.id}")
    model.add(end >= start).only_enforce_if(literal)
    for first, last, lacks in ((0, start, most), (start, end, most - quote.nodes), (end, after_h, most)):
        if lacks:
            length = model.new_int_var(0, after_h, "")
            intervals.append(model.new_optional_interval_var(first, length, last, literal, f"not had {quote.id}"))
            demands.append(lacks)
    paid = model.new_int_var(0, after_h + quote.term_h, f"paid {quote.id}")
    model.add(paid >= quote.term_h * literal)
    model.add(paid >= end - start).only_enforce_if(literal)
    whole.quotes.append((quote.id, literal, paid))
    return literal
