"""What a million tokens cost: the cost of a job over the tokens that it makes or reads while it runs."""

from __future__ import annotations

from lexloci.model.estimate import Estimate, Range


def usd_per_million_tokens(found: Estimate) -> Range | None:
    """USD per million tokens at the speed of the estimate; None for a copy or a job that is not feasible.

    The ends take the dear cost with the slow speed and the cheap one with the fast: more than 90 % lies between.
    A service that is less busy than it could be pays more for each token.
    """
    if not found.feasible or found.tokens_per_s.low <= 0.0:
        return None
    cost, tokens, seconds = found.cost_usd, found.tokens_per_s, found.duration_s
    point = 1e6 * cost.point / (tokens.point * seconds.point)
    cheap = 1e6 * cost.low / (tokens.high * seconds.low)
    dear = 1e6 * cost.high / (tokens.low * seconds.high)
    return Range(point, min(cheap, point), max(dear, point))
