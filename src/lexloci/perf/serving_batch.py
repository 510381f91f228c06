"""How many users a copy of a model serves at once, and how fast, under limits or at greatest load.

With r = prompt tokens for each generated one, a user of B sees a token every

    t(B) = step(B) + B r x time of a prompt's token

since prompts are read between steps. Under a limit on the time per token, B is the largest whose t(B), over the
mean's share of the 99th percentile, keeps it. Under a limit on the time to the first token a request must also find
a place: B places held t(B) x answer tokens each are busy to a share rho such that the 99th percentile of the wait,
t(B) answer / (B (1 - rho)) x ln 100 for Poisson arrivals (M/M/c in heavy traffic: Halfin and Whitt, Operations
Research 29(3), 1981), is what the limit leaves beside reading the prompt; throughput = rho B / t(B).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log

import numpy as np

from lexloci.perf.serving_step import Serving
from lexloci.perf.shape import Numbers

_GRID = 24
_ROUNDS = 4
_WAIT_99 = log(100.0)
NO_LIMIT = 1e9
"""A limit of so many seconds is none."""
MOST_USERS = 1e6
"""Users of one copy beyond which nobody looks."""


@dataclass(frozen=True, slots=True)
class Lengths:
    """Tokens of prompt and answer (means), of cache held by a user on average over time, and of a long prompt."""

    prompt: Numbers
    output: Numbers
    cached: Numbers
    long_prompt: Numbers

    @classmethod
    def fixed(cls, prompt: Numbers, output: Numbers) -> Lengths:
        """Requests that are all alike: a user holds the prompt and, on average, half of the answer."""
        return cls(prompt, output, prompt + output / 2.0, prompt)


@dataclass(frozen=True, slots=True)
class Speed:
    """Output tokens a second of one copy, users at once, mean time per token, and share of places that are busy."""

    tokens_per_s: Numbers
    users: Numbers
    token_s: Numbers
    busy: Numbers


def token_s(serving: Serving, users: Numbers, lengths: Lengths, prompts_apart: Numbers = 0.0) -> Numbers:
    """Mean time between two tokens of a user among ``users``; ``prompts_apart``: 1 where other chips read prompts."""
    ratio = lengths.prompt / np.maximum(lengths.output, 1.0) * (1.0 - np.asarray(prompts_apart))
    return serving.step_s(users, lengths.cached) + users * ratio * serving.prompt_token_s(lengths.prompt)


def users_within(
    serving: Serving, most: Numbers, lengths: Lengths, limit_s: Numbers, prompts_apart: Numbers = 0.0
) -> Numbers:
    """The most users, 1 to ``most``, whose time per token keeps the limit; 0 where not even one's does.

    Searched on a grid of logarithms that is refined around the last user count that keeps the limit, and does not
    depend on ``most``: more memory never means fewer users.
    """
    width = np.log(MOST_USERS) / (_GRID - 1)
    low: Numbers = np.zeros(np.broadcast(np.asarray(most), np.asarray(limit_s)).shape)
    steps = np.arange(float(_GRID))
    for _ in range(_ROUNDS):
        tried = np.exp(np.multiply.outer(steps, np.ones_like(low)) * width + low)
        keeps = np.asarray(token_s(serving, tried, lengths, prompts_apart) <= limit_s)
        last = np.where(keeps, np.expand_dims(steps, tuple(range(1, keeps.ndim))), -1.0).max(axis=0)
        low, width = low + np.maximum(last, 0.0) * width, width / (_GRID - 1)
    users = np.minimum(np.exp(low), most)
    alone = token_s(serving, np.ones_like(low), lengths, prompts_apart) <= limit_s
    users = np.where(np.asarray(limit_s) >= NO_LIMIT, most, users)
    return np.where(alone & (np.asarray(most) >= 1.0), users, 0.0)


def speed_under_limits(
    serving: Serving, lengths: Lengths, first_s: Numbers, each_s: Numbers, prompts_apart: Numbers = 0.0
) -> Speed:
    """Speed of a copy whose users wait at most ``first_s`` for the first token and ``each_s`` for each other one.

    Both limits are on the 99th percentile; NO_LIMIT is none. A copy that cannot keep them has 0 users.
    """
    head, queue = serving.efficiency.at("limit_head"), serving.efficiency.at("queue")
    limit = np.where(np.asarray(each_s) >= NO_LIMIT, NO_LIMIT, np.asarray(each_s) * head)
    users = users_within(serving, serving.most_users(lengths.cached), lengths, limit, prompts_apart)
    at_once = np.maximum(users, 1.0)
    each = token_s(serving, at_once, lengths, prompts_apart)
    reading = lengths.long_prompt * serving.prompt_token_s(lengths.long_prompt)
    left = np.asarray(first_s) - reading - each
    held = each * lengths.output
    busy = 1.0 / (1.0 + queue * held * _WAIT_99 / (at_once * np.maximum(left, 1e-6)))
    busy = np.where(np.asarray(first_s) >= NO_LIMIT, 1.0, np.where(left > 0, busy, 0.0))
    serves = (users >= 1.0) & (busy > 0)
    factor = serving.efficiency.at("tuning", 0.0)
    return Speed(
        np.where(serves, busy * at_once / each * factor, 0.0),
        np.where(serves, users, 0.0),
        each,
        np.where(serves, busy, 0.0),
    )


def run_speed(serving: Serving, lengths: Lengths, requests: Numbers) -> Speed:
    """Speed of a copy that works off a run of so many requests, all there at the start, each with its full length.

    Full batches take a step for each token of the answer; the last batch is as large as what remains. Prompts and
    requests add their own time.
    """
    room = serving.most_users(lengths.prompt + lengths.output)
    users = np.maximum(np.minimum(room, requests), 1.0)
    waves = np.floor(np.asarray(requests) / users)
    rest = np.maximum(requests - waves * users, 0.0)
    step = serving.step_s(users, lengths.cached)
    last = np.where(rest > 0, serving.step_s(np.maximum(rest, 1.0), lengths.cached), 0.0)
    generating = lengths.output * (waves * step + last * serving.efficiency.at("last_wave"))
    reading = requests * lengths.prompt * serving.prompt_token_s(lengths.prompt)
    taking_in = requests * serving.efficiency.at("request_us") * 1e-6
    taking_in = taking_in * serving.efficiency.at("host", serving.machine.host)
    total = generating + reading + taking_in
    fits = np.where(np.asarray(room) >= 1.0, 1.0, 0.0)
    return Speed(fits * requests * lengths.output / total, fits * users, step, fits)
