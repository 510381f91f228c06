"""Copies that only read prompts, where others generate (prefill and decode split), and how many prompts they read.

A copy reads one prompt after another. For Poisson arrivals the wait before reading is that of a single server with
reading times of any distribution (Pollaczek and Khinchine), its 99th percentile taken as ln 100 times its mean; the
cache of the prompt then goes over the fabric to the copy that generates. Of what the limit on the first token leaves
beside the reading of a long prompt and its way, half is for the wait to be read and half for a place to generate.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, log

import numpy as np

from lexloci.perf.serving_batch import NO_LIMIT, Lengths
from lexloci.perf.serving_machine import Tuning
from lexloci.perf.serving_step import Serving

_WAIT_99 = log(100.0)


@dataclass(frozen=True, slots=True)
class Reader:
    """One copy that reads.

    ``fed_tokens_per_s``: generated tokens a second whose prompts it reads, infinite where prompts have no tokens;
    ``left_s``: of the limit on the first token, what a place to generate may be waited for; ``least_s``: its seconds
    for a generated token by the data sheet.
    """

    fed_tokens_per_s: float
    left_s: float
    least_s: float


def reader_of(serving: Serving, lengths: Lengths, first_s: float) -> Reader | None:
    """What a copy reads within a limit on the first token; None where it cannot hold or read a long prompt in time."""
    long_prompt = float(lengths.long_prompt)
    cache = _number(serving.cache_bytes_per_token())
    if _number(serving.free_bytes()) < long_prompt * cache:
        return None
    faster = _number(serving.efficiency.at("tuning", float(Tuning.APART)))
    mean_s = _number(lengths.unread * serving.prompt_token_s(lengths.read_prompt)) / faster
    long_s = _number(lengths.long_prompt * serving.prompt_token_s(lengths.long_prompt)) / faster
    fabric = _number(serving.machine.fabric_bytes_per_s) * _number(serving.replica.chips)
    way_s = long_prompt * cache / (fabric * _number(serving.efficiency.at("link")))
    left_s = (first_s - long_s - way_s) / 2.0
    if left_s <= 0.0:
        return None
    waiting = (1.0 + float(lengths.prompt_variation)) / 2.0 * mean_s * _WAIT_99
    busy = left_s / (left_s + waiting) if first_s < NO_LIMIT else 1.0
    ratio = float(lengths.unread) / float(lengths.output)
    least_s = ratio * _number(serving.roofline_prompt_token_s())
    fed = busy / mean_s * float(lengths.output) if mean_s > 0.0 else inf
    return Reader(fed, left_s, least_s)


def _number(value: object) -> float:
    return float(np.asarray(value, dtype=np.float64))
