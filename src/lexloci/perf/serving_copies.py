"""What one copy of a model serves on each number of chips, and how copies share the chips of a job.

A copy of the model lies on a power of two of a node's chips, or on whole nodes, within a scale-up domain where one
suffices. Where prompts are read apart (prefill and decode split), some copies only read and the others only generate,
in the numbers that serve most.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import numpy as np

from lexloci.model.workload import Demand, Model
from lexloci.perf.demanded import lengths_of
from lexloci.perf.job import JobSpec
from lexloci.perf.served_shape import ServedShape, shape_in_portfolio
from lexloci.perf.serving_apart import reader_of
from lexloci.perf.serving_batch import Way, speed_under_limits
from lexloci.perf.serving_efficiency import fitted_efficiency
from lexloci.perf.serving_machine import machine_of
from lexloci.perf.serving_step import Precision, Replica, Serving

MOST_NODES_A_REPLICA = 16
FIRST_TOKEN_S = 6.0
"""Limit on the time to the first token where none is stated: MLPerf Inference's for Llama 3.1 405B (v5.0, 2025)."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A size of a copy: its chips, tokens a second, users at once, time per token, share of the roofline, cache.

    ``by_users``: 1 where each chip runs attention for its own users, 0 where it is split over the chips. ``least_s``:
    seconds of the copy that a token takes at least by the data sheet.
    """

    chips: int
    tokens_per_s: float
    users: float
    token_s: float
    roofline_share: float
    cached_bytes: float
    by_users: float = 0.0
    least_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Use:
    """A size of a copy, and of the copies that read prompts apart if there are any.

    ``reading_chips``: chips of one copy that reads, 0 where prompts are read between steps; ``fed_tokens_per_s``:
    generated tokens whose prompts one such copy reads a second.
    """

    copy: Candidate
    reading_chips: int = 0
    fed_tokens_per_s: float = 0.0
    reading_least_s: float = 0.0

    @property
    def least_chips(self) -> int:
        """Chips of the fewest copies."""
        return self.copy.chips + self.reading_chips

    def chips_for(self, tokens_per_s: float) -> int:
        """Chips, in whole copies, that serve so many tokens a second."""
        chips = ceil(tokens_per_s / self.copy.tokens_per_s) * self.copy.chips
        if not self.reading_chips:
            return chips
        return chips + max(1, ceil(tokens_per_s / self.fed_tokens_per_s)) * self.reading_chips

    def on(self, chips: int) -> Served | None:
        """What so many chips serve; None where they hold no copy."""
        copy = self.copy
        if not self.reading_chips:
            copies = chips // copy.chips
            return Served(copies * copy.tokens_per_s, copy, copy.roofline_share, ()) if copies else None
        most = chips // self.reading_chips
        rates = [
            (min(n * self.fed_tokens_per_s, (chips - n * self.reading_chips) // copy.chips * copy.tokens_per_s), n)
            for n in range(1, most + 1)
        ]
        speed, reading = max(rates, default=(0.0, 0))
        if speed <= 0.0:
            return None
        generating = (chips - reading * self.reading_chips) // copy.chips
        told = (
            f"prompts are read on {reading} copies of {self.reading_chips} chips, "
            f"answers generated on {generating} copies of {copy.chips}"
        )
        least = copy.least_s * copy.chips + self.reading_least_s * self.reading_chips
        return Served(speed, copy, min(1.0, speed * least / chips), (told,))


@dataclass(frozen=True, slots=True)
class Served:
    """Output tokens a second of a number of chips, their copy, share of the roofline, and what is to be told."""

    tokens_per_s: float
    copy: Candidate
    share: float
    told: tuple[str, ...]


def best_served(job: JobSpec, chips: int, drafting: float) -> Served | None:
    """The most that so many chips serve, over the sizes of a copy; None where none serves."""
    found = [served for use in uses_of(job, chips, drafting) if (served := use.on(chips))]
    return max(found, key=lambda one: one.tokens_per_s, default=None)


def uses_of(job: JobSpec, most: int, drafting: float) -> list[Use]:
    """The sizes of a copy that serve under the limits, and with which copies that read prompts, if those are apart."""
    first_s, trip_s = first_token_s(demand_of(job)), (job.round_trip_ms or 0.0) / 1000.0
    left_s = max(first_s - trip_s, 0.0)
    if not job.workload.prompts_apart:
        return [Use(copy) for copy in _candidates(job, most, Way(drafting=drafting), left_s)]
    found: list[Use] = []
    lengths = lengths_of(demand_of(job), job.model)
    for size in replica_sizes(job.pool.chips_per_node, most):
        reader = reader_of(serving_of(job, Replica(float(size), 1.0, 0.0, 1.0)), lengths, left_s)
        if reader is not None:
            copies = _candidates(job, most, Way(1.0, drafting), reader.left_s)
            found += [Use(copy, size, reader.fed_tokens_per_s, reader.least_s) for copy in copies]
    return found


def first_token_s(demand: Demand) -> float:
    """The limit on the time to the first token, in seconds."""
    return demand.max_first_token_s if demand.max_first_token_s is not None else FIRST_TOKEN_S


def serving_of(job: JobSpec, replica: Replica) -> Serving:
    """The job's model on a copy's chips. The chip must state its arithmetic, memory and bandwidth."""
    shape = shape_in_portfolio(job.model)
    machine = machine_of(job.chip, job.pool.internode_gbps_per_chip, domain_of(job))
    return Serving(shape, _precision(job.model, shape), machine, replica, fitted_efficiency())


def kv_bytes_per_token(model: Model) -> float:
    """Key-value cache of one token, in bytes: as stated, else two bytes for each value that the shape keeps.

    Where no shape is known, full attention is taken: the most that a model of this size keeps; models with grouped
    or latent attention keep 4 to 60 times less and should state theirs.
    """
    shape = shape_in_portfolio(model)
    return float(shape.layers * shape.cache_elements * _precision(model, shape).cache_bytes)


def _precision(model: Model, shape: ServedShape) -> Precision:
    kept = float(shape.layers * shape.cache_elements)
    cache = model.kv_bytes_per_token / kept if model.kv_bytes_per_token is not None else 2.0
    return Precision(model.weight_bytes_per_parameter, model.weight_bytes_per_parameter, cache)


def replica_sizes(chips_per_node: int, most: int) -> tuple[int, ...]:
    """The numbers of chips that may hold one copy: powers of two within a node, then 1, 2, 4 ... 16 whole nodes."""
    within = [1 << power for power in range(chips_per_node.bit_length()) if 1 << power < chips_per_node]
    beyond = [chips_per_node << power for power in range(MOST_NODES_A_REPLICA.bit_length())]
    return tuple(size for size in (*within, *beyond) if size <= most)


def _candidates(job: JobSpec, most: int, way: Way, first_s: float) -> list[Candidate]:
    """Sizes of a copy that serve under the limits; sizes beyond a scale-up domain only where none within it serves."""
    sizes = replica_sizes(job.pool.chips_per_node, most)
    domain = domain_of(job)
    within = [size for size in sizes if size <= domain]
    found = _evaluated(job, within, way, first_s) if within else []
    return found or _evaluated(job, [size for size in sizes if size > domain], way, first_s)


def _evaluated(job: JobSpec, sizes: list[int], way: Way, first_s: float) -> list[Candidate]:
    if not sizes:
        return []
    demand, lengths = demand_of(job), lengths_of(demand_of(job), job.model)
    mixture = job.model.used_parameters < job.model.parameters
    splits = (0.0, 1.0) if mixture else (0.0,)
    replica = Replica(
        tensor=np.array([float(size) for size in sizes for _ in splits]),
        stages=np.ones(len(sizes) * len(splits)),
        by_users=np.array([split for _ in sizes for split in splits]),
        apart=way.prompts_apart,
    )
    serving = serving_of(job, replica)
    # the demand states the mean speed of a user, the limit is one on the 99th percentile
    each_s = 1.0 / demand.tokens_per_s_per_user / float(np.asarray(serving.efficiency.at("limit_head")))
    speed = speed_under_limits(serving, lengths, first_s, each_s, way)
    users = np.maximum(speed.users, 1.0)
    least = serving.roofline_step_s(users, lengths.cached) / np.maximum(np.asarray(way.drafting), 1.0)
    reading = users * lengths.unread / max(float(lengths.output), 1.0) * serving.roofline_prompt_token_s()
    least = least + reading * (1.0 - float(np.asarray(way.prompts_apart)))
    cached = users * lengths.cached * serving.cache_bytes_per_token()
    found: dict[int, Candidate] = {}
    for place, size in enumerate(size for size in sizes for _ in splits):
        tokens = float(np.asarray(speed.tokens_per_s)[place])
        least_s = float(np.asarray(least)[place]) / float(users[place])
        if tokens > 0.0 and (size not in found or tokens > found[size].tokens_per_s):
            found[size] = Candidate(
                size,
                tokens,
                float(users[place]),
                float(np.asarray(speed.token_s)[place]),
                min(tokens * least_s, 1.0),
                float(np.asarray(cached)[place]),
                float(np.asarray(replica.by_users)[place]),
                least_s,
            )
    return list(found.values())


def domain_of(job: JobSpec) -> int:
    """Chips of a scale-up domain, at least a node."""
    return max(job.chip.scale_up_chips, job.pool.chips_per_node)


def demand_of(job: JobSpec) -> Demand:
    """The demand of a service. ValueError where it states none."""
    if job.workload.demand is None:
        raise ValueError(f"workload {job.workload.id} states no demand")
    return job.workload.demand
