"""Says what nodes cost that are only there if they are leased or bought, and which of the quotes a schedule needs.

A quote offers nodes of a pool: from an hour within ``begins_h`` on, for ``least_hours`` or longer, for ``usd`` once and
``usd_per_hour`` for every hour between its begin and its end, used or not. Of the quotes of one pool one at most is
taken, once. A purchase is a quote that costs once and lasts. Where the slots of a schedule are known, the pools do not
disturb each other, and the cheapest quote of each is found exactly: it begins as late as its slots and its dates allow.

>>> quote = Quote("q", pool="a", nodes=2, begins_h=(0, 9), least_hours=4, usd_per_hour=3.0)
>>> quote.taken_for(5, 7), quote.taken_for(2, 9), quote.taken_for(5, 7).usd
(Taken(quote='q', start_h=5, end_h=9, usd=12.0), Taken(quote='q', start_h=2, end_h=9, usd=21.0), 12.0)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf, isfinite

from lexloci.model.errors import PlanError

Usage = tuple[int, int, int]
"""So many nodes from an hour to an hour: ``(start_h, end_h, nodes)``."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A quote that is taken: the hours ``[start_h, end_h)`` for which its nodes are there and paid, and its price."""

    quote: str
    start_h: int
    end_h: int
    usd: float


@dataclass(frozen=True, slots=True)
class Quote:
    """Nodes of a pool that may be had, and at what price; see the module.

    ``begins_h`` is ``[first, after_last)``; begin and end are multiples of ``step_h``; ``last_end_h``: the hour by
    which it must have ended, None where it may last as long as one likes.
    """

    id: str
    pool: str
    nodes: int
    begins_h: tuple[int, int]
    least_hours: int = 1
    usd: float = 0.0
    usd_per_hour: float = 0.0
    step_h: int = 1
    last_end_h: int | None = None

    @property
    def term_h(self) -> int:
        """The shortest time for which it can be taken."""
        return _up(max(1, self.least_hours), self.step_h)

    @property
    def begins(self) -> range:
        """The hours at which it may begin."""
        after_last = self.begins_h[1]
        if self.last_end_h is not None:
            after_last = min(after_last, self.last_end_h - self.term_h + 1)
        return range(_up(self.begins_h[0], self.step_h), after_last, self.step_h)

    def greatest_usd(self, horizon_h: int) -> float:
        """What it costs at most where it is had until the horizon and for its term."""
        return self.usd + self.usd_per_hour * (_up(horizon_h, self.step_h) + self.term_h)

    def taken_for(self, first_h: int, end_h: int) -> Taken | None:
        """The cheapest way to have it for the hours ``[first_h, end_h)``; None where it cannot be had for them."""
        begins = self.begins
        if not begins or first_h < begins[0]:
            return None
        start = begins[min(len(begins) - 1, (first_h - begins[0]) // self.step_h)]
        end = max(start + self.term_h, _up(end_h, self.step_h))
        if self.last_end_h is not None and end > self.last_end_h:
            return None
        return Taken(self.id, start, end, self.usd + self.usd_per_hour * (end - start))


def _up(hours: int, step_h: int) -> int:
    return -(-hours // step_h) * step_h


def cheapest(quotes: Sequence[Quote], base: Iterable[Usage], used: Sequence[Usage]) -> Taken | None:
    """The cheapest of a pool's quotes with which it has what is used; None where it needs none.

    ``base``: the nodes that it has without a quote. PlanError where no quote does.
    """
    lacks = lacking(base, used)
    if not lacks:
        return None
    most = max(nodes for _, _, nodes in lacks)
    first, end = lacks[0][0], lacks[-1][1]
    found = [taken for one in quotes if one.nodes >= most and (taken := one.taken_for(first, end)) is not None]
    if not found:
        raise PlanError(f"no quote covers {most} nodes from hour {first} to hour {end}; take others or run less")
    return min(found, key=lambda one: (one.usd, one.quote))


def lacking(base: Iterable[Usage], used: Sequence[Usage]) -> list[Usage]:
    """The hours in which more is used than there is, in order, with how much more."""
    has = list(base)
    cuts = sorted({hour for start, end, _ in (*has, *used) for hour in (start, end)})
    found = []
    for start, end in pairwise(cuts):
        over = _at(used, start) - _at(has, start)
        if over > 0:
            found.append((start, end, over))
    return found


def _at(intervals: Iterable[Usage], hour: int) -> int:
    return sum(nodes for start, end, nodes in intervals if start <= hour < end)


def widened(base: Sequence[Usage], quotes: Sequence[Quote], horizon_h: int) -> tuple[Usage, ...]:
    """The most nodes that a pool can have in each hour, whichever quote is taken."""
    offers = [(one.begins[0], min(horizon_h, one.last_end_h or horizon_h), one.nodes) for one in quotes if one.begins]
    cuts = sorted({hour for start, end, _ in (*base, *offers) for hour in (start, end)})
    found = []
    for start, end in pairwise(cuts):
        extra = max((nodes for first, last, nodes in offers if first <= start < last), default=0)
        if (nodes := _at(base, start) + extra) > 0:
            found.append((start, end, nodes))
    return tuple(found)


def with_taken(base: Sequence[Usage], nodes: int, taken: Taken, horizon_h: int) -> tuple[Usage, ...]:
    """What a pool has with a quote that is taken."""
    more = (taken.start_h, min(taken.end_h, horizon_h), nodes)
    cuts = sorted({hour for start, end, _ in (*base, more) for hour in (start, end)})
    steps = ((start, end, _at((*base, more), start)) for start, end in pairwise(cuts))
    return tuple(step for step in steps if step[2] > 0)


def check_quotes(quotes: Iterable[Quote], pools: Iterable[str]) -> None:
    """Raises PlanError where a quote has no meaning."""
    known = set(pools)
    for one in quotes:
        where = f"quote {one.id!r}"
        if one.pool not in known:
            raise PlanError(f"{where}: pool {one.pool!r} is no pool; name a pool of the problem")
        if one.nodes < 1 or one.least_hours < 0 or one.step_h < 1:
            raise PlanError(f"{where}: nodes, least_hours or step_h is too small; write 1, 0 and 1 or more")
        if not 0 <= one.begins_h[0] < one.begins_h[1]:
            raise PlanError(f"{where}: begins_h {one.begins_h} holds no hour; write [first, after_last)")
        if not all(isfinite(usd) and 0 <= usd < inf for usd in (one.usd, one.usd_per_hour)):
            raise PlanError(f"{where}: a price is no finite figure of 0 or more; write one")
