"""Says how severe an answer of the law is, and how several answers join.

The order is fixed (docs/explanation/answers.md): permitted < permitted with duties < licence
required (presumption of approval < case by case < presumption of denial) < prohibited. Human
review stands outside the order: it is the answer when what is certain and what is possible differ.

Invariants:
- an outcome has no truth value: ``bool(outcome)`` raises, so nobody reads a licence as a yes;
- joining is by the most severe, and never lowers.

>>> join([Outcome.PERMITTED, Outcome.LICENCE_PRESUMED_DENIED]).value
'licence required, presumption of denial'
>>> settle(Outcome.PERMITTED, Outcome.PROHIBITED).value
'human review'
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import NoReturn


class Outcome(Enum):
    """The answer of the law for an act, a placement or a plan."""

    PERMITTED = "permitted"
    PERMITTED_WITH_DUTIES = "permitted with duties"
    LICENCE_PRESUMED_APPROVED = "licence required, presumption of approval"
    LICENCE_CASE_BY_CASE = "licence required, case by case"
    LICENCE_PRESUMED_DENIED = "licence required, presumption of denial"
    PROHIBITED = "prohibited"
    HUMAN_REVIEW = "human review"

    _severity: int

    def __bool__(self) -> NoReturn:
        raise TypeError(f"an outcome has no truth value: compare {self.name} with an Outcome instead")

    @property
    def severity(self) -> int:
        """The place in the order of severity, 0 (permitted) to 5 (prohibited); human review has none."""
        if self is Outcome.HUMAN_REVIEW:
            raise ValueError("human review has no severity: compare certain and possible instead")
        return self._severity

    @property
    def is_placeable(self) -> bool:
        """Whether a plan may place work on this answer without a licence or a person's decision."""
        return self in (Outcome.PERMITTED, Outcome.PERMITTED_WITH_DUTIES)

    @property
    def is_licence(self) -> bool:
        """Whether the answer asks for a licence, with any policy of review."""
        return self in (
            Outcome.LICENCE_PRESUMED_APPROVED,
            Outcome.LICENCE_CASE_BY_CASE,
            Outcome.LICENCE_PRESUMED_DENIED,
        )


for _place, _outcome in enumerate(list(Outcome)[:-1]):
    # On the member itself: to look an outcome up in a dict is ten times slower, and joins do it all day.
    _outcome._severity = _place  # noqa: SLF001 -- its own class, above


def join(outcomes: Iterable[Outcome]) -> Outcome:
    """The most severe of several outcomes; permitted when there is none."""
    return max(outcomes, key=lambda outcome: outcome.severity, default=Outcome.PERMITTED)


def settle(certain: Outcome, possible: Outcome) -> Outcome:
    """The answer for a certain and a worst possible outcome.

    Equal, or apart only by a duty: the possible one. Else human review.
    """
    if certain is possible:
        return certain
    if certain.is_placeable and possible.is_placeable:
        return max(certain, possible, key=lambda outcome: outcome.severity)
    return Outcome.HUMAN_REVIEW
