"""What each workload may do in each pool: the table from which a planner reads why not elsewhere.

The planner fills it; the report only shows it. A pair that is not in ``cells`` was not asked, and is
shown as not asked: never as permitted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lexloci.model.determination import Determination
from lexloci.model.outcome import Outcome


@dataclass(frozen=True)
class Cell:
    """The answer for one workload in one pool.

    ``outcome`` is the answer of the law, ``possible`` the worst that an unknown fact or an open point
    could still bring, ``reason`` the line for people that decided (a rule, a date, memory, capacity),
    ``determination`` the whole answer. Without a determination the law was not asked (the work does
    not fit): such a cell is shown as not asked with its reason, whatever its outcome says.
    """

    outcome: Outcome
    possible: Outcome
    reason: str
    determination: Determination | None = None


@dataclass(frozen=True)
class Matrix:
    """All answers: ``rows`` workload id -> name, ``columns`` pool id -> name, both in the order to show.

    ``cells`` maps (workload id, pool id) to its cell.
    """

    rows: Mapping[str, str]
    columns: Mapping[str, str]
    cells: Mapping[tuple[str, str], Cell] = field(default_factory=dict)

    def cell(self, workload: str, pool: str) -> Cell | None:
        """The answer for a workload id in a pool id; None where the pair was not asked."""
        return self.cells.get((workload, pool))
