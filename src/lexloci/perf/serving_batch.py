"""How many users a copy of a model serves at once, and how fast, under limits or at greatest load.

With r = prompt tokens for each generated one, a user of B sees a token every

    t(B) = step(B) + B r x time of a prompt's token

since prompts are read between steps. Under a limit on the time per token, B is the largest whose t(B), over the
mean's share of the 99th percentile, keeps it. Under a limit on the time to the first token a request must also find
a place: B places held t(B) x answer tokens each are busy to a share rho such that the 99th percentile of the wait,
t(B) answer / (B (1 - rho)) x ln 100 for Poisson arrivals (M/M/c in heavy traffic: Halfin and Whitt, Operations
Research 29(3), 1981), is what the limit leaves beside reading the prompt; throughput = rho B / t(B).

Requests of unlike lengths count by their distribution, not by their means: a user holds a place for as long as the
answer is, so the cache is averaged over that time, and its chance excess over that average must fit too; attention of
reading sees long prompts oftener; the wait for a place grows with the variation of answers, 1 + their squared
coefficient of variation (Lee and Longton, Operational Research Quarterly 10(1), 1959, over that of equal answers);
and the limit on the first token is kept for the 99th percentile of prompts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

import numpy as np

from lexloci.perf.serving_machine import Tuning
from lexloci.perf.serving_step import Serving
from lexloci.perf.shape import Numbers

_GRID = 24
_ROUNDS = 4
_WAIT_99 = log(100.0)
_ONE_IN_TWENTY = 1.645
_LATE = 8.0
"""Users of a full step for each that is still served late in a run."""
NO_LIMIT = 1e9
"""A limit of so many seconds is none."""
ANSWER_VARIATION = 0.595
"""Variance of the answers' lengths over the square of their mean: conversations of Azure's trace of November 2023."""
MOST_AT_ONCE = 4096.0
"""Requests that a run of TensorRT-LLM's benchmark has in flight at most on one group of chips that attends together
(tensorrt_llm/bench/build/tuning.py at commit 04cba88, looked up 2026-11-30: finetune_setting takes the requests whose
cache fits, 4,096 at most, over all stages; that each chip with its own users has as many is recalled)."""
MOST_USERS = 1e6
"""Users of one copy beyond which nobody looks."""


@dataclass(frozen=True, slots=True)
class Lengths:
    """Tokens of prompt and answer (means), of cache held by a user on average over time, and of a long prompt.

    ``read_prompt``: the prompt to which an average token of a prompt belongs. ``cached_spread``: standard deviation of
    the cache among users; ``answer_variation``, ``prompt_variation``: squared coefficients of variation of answers and
    prompts; all 0 for like requests. ``found``: share of the prompts' tokens that a cache of prefixes holds already.
    """

    prompt: Numbers
    output: Numbers
    cached: Numbers
    long_prompt: Numbers
    read_prompt: Numbers
    cached_spread: Numbers = 0.0
    answer_variation: Numbers = 0.0
    prompt_variation: Numbers = 0.0
    found: Numbers = 0.0

    @property
    def unread(self) -> Numbers:
        """Tokens of a prompt that must be read, on average."""
        return self.prompt * (1.0 - self.found)

    @classmethod
    def fixed(cls, prompt: Numbers, output: Numbers) -> Lengths:
        """Requests that are all alike: a user holds the prompt and, on average, half of the answer."""
        return cls(prompt, output, prompt + output / 2.0, prompt, prompt)

    @classmethod
    def of_requests(cls, prompts: Sequence[float], answers: Sequence[float]) -> Lengths:
        """Requests of a sample: a prompt and an answer each."""
        prompt, answer = np.asarray(prompts, dtype=np.float64), np.asarray(answers, dtype=np.float64)
        mean_prompt, mean_answer = float(prompt.mean()), float(answer.mean())
        held = prompt + answer / 2.0
        cached = float((answer * held).mean()) / mean_answer
        spread = float((answer * (held - cached) ** 2).mean() / mean_answer) ** 0.5
        return cls(
            prompt=mean_prompt,
            output=mean_answer,
            cached=cached,
            long_prompt=float(np.percentile(prompt, 99.0)),
            read_prompt=float((prompt**2).mean()) / mean_prompt,
            cached_spread=spread,
            answer_variation=float(answer.var()) / mean_answer**2,
            prompt_variation=float(prompt.var()) / mean_prompt**2,
        )

    def most_users(self, serving: Serving) -> Numbers:
        """Users whose cache fits beside the weights in 95 of 100 moments; below 1 the model does not fit.

        Of n users the cache is n x mean, and above that by 1.645 x spread x sqrt(n) once in twenty moments.
        """
        room = serving.most_users(self.cached)
        excess = _ONE_IN_TWENTY * self.cached_spread / np.maximum(self.cached, 1.0)
        return ((np.sqrt(excess**2 + 4.0 * np.maximum(room, 0.0)) - excess) / 2.0) ** 2

    @classmethod
    def varied(cls, prompt: Numbers, output: Numbers) -> Lengths:
        """Requests of which only the means are known, with answers that vary as those of conversations do.

        Over time a user has E(n^2) / 2 E(n) tokens of answer in the cache, n the answer's length.
        """
        cached = prompt + output * (1.0 + ANSWER_VARIATION) / 2.0
        return cls(prompt, output, cached, prompt, prompt, answer_variation=ANSWER_VARIATION)


@dataclass(frozen=True, slots=True)
class Speed:
    """Output tokens a second of one copy, users at once, mean time per token, and share of places that are busy."""

    tokens_per_s: Numbers
    users: Numbers
    token_s: Numbers
    busy: Numbers


@dataclass(frozen=True, slots=True)
class Way:
    """How a copy serves: ``prompts_apart`` is 1 where other chips read the prompts.

    ``drafting`` is the speed of generating with drafted tokens over that without.
    """

    prompts_apart: Numbers = 0.0
    drafting: Numbers = 1.0


PLAIN = Way()


def token_s(serving: Serving, users: Numbers, lengths: Lengths, way: Way = PLAIN) -> Numbers:
    """Mean time between two tokens of a user among ``users``."""
    ratio = lengths.unread / np.maximum(lengths.output, 1.0) * (1.0 - np.asarray(way.prompts_apart))
    reading = users * ratio * serving.mixed_prompt_token_s(lengths.read_prompt)
    return serving.step_s(users, lengths.cached) / way.drafting + reading


def users_within(serving: Serving, most: Numbers, lengths: Lengths, limit_s: Numbers, way: Way = PLAIN) -> Numbers:
    """The most users, 1 to ``most``, whose time per token keeps the limit; 0 where not even one's does.

    Searched on a grid of logarithms that is refined around the last user count that keeps the limit, and does not
    depend on ``most``: more memory never means fewer users.
    """
    width = np.log(MOST_USERS) / (_GRID - 1)
    low: Numbers = np.zeros(np.broadcast(np.asarray(most), np.asarray(limit_s)).shape)
    steps = np.arange(float(_GRID))
    for _ in range(_ROUNDS):
        tried = np.exp(np.multiply.outer(steps, np.ones_like(low)) * width + low)
        keeps = np.asarray(token_s(serving, tried, lengths, way) <= limit_s)
        last = np.where(keeps, np.expand_dims(steps, tuple(range(1, keeps.ndim))), -1.0).max(axis=0)
        low, width = low + np.maximum(last, 0.0) * width, width / (_GRID - 1)
    users = np.minimum(np.exp(low), most)
    alone = token_s(serving, np.ones_like(low), lengths, way) <= limit_s
    users = np.where(np.asarray(limit_s) >= NO_LIMIT, most, users)
    return np.where(alone & (np.asarray(most) >= 1.0), users, 0.0)


def speed_under_limits(
    serving: Serving, lengths: Lengths, first_s: Numbers, each_s: Numbers, way: Way = PLAIN
) -> Speed:
    """Speed of a copy whose users wait at most ``first_s`` for the first token and ``each_s`` for each other one.

    Both limits are on the 99th percentile; NO_LIMIT is none. A copy that cannot keep them has 0 users. Where prompts
    are read apart, ``first_s`` is what that leaves, and the software is set for one phase.
    """
    head, queue = serving.efficiency.at("limit_head"), serving.efficiency.at("queue")
    limit = np.where(np.asarray(each_s) >= NO_LIMIT, NO_LIMIT, np.asarray(each_s) * head)
    users = users_within(serving, lengths.most_users(serving), lengths, limit, way)
    at_once = np.maximum(users, 1.0)
    each = token_s(serving, at_once, lengths, way)
    apart = np.asarray(way.prompts_apart)
    reading = lengths.long_prompt * serving.mixed_prompt_token_s(lengths.long_prompt) * (1.0 - apart)
    left = np.asarray(first_s) - reading - each
    held = each * lengths.output
    queue = queue * (1.0 + lengths.answer_variation)
    busy = 1.0 / (1.0 + queue * held * _WAIT_99 / (at_once * np.maximum(left, 1e-6)))
    busy = np.where(np.asarray(first_s) >= NO_LIMIT, 1.0, np.where(left > 0, busy, 0.0))
    serves = (users >= 1.0) & (busy > 0)
    factor = serving.efficiency.at("tuning", np.where(apart > 0, float(Tuning.APART), float(Tuning.DEFAULT)))
    return Speed(
        np.where(serves, busy * at_once / each * factor, 0.0),
        np.where(serves, users, 0.0),
        each,
        np.where(serves, busy, 0.0),
    )


def share_of_run(
    serving: Serving, lengths: Lengths, users: Numbers, tokens_per_s: Numbers, least_s: float, least_requests: float
) -> Numbers:
    """Share of full speed over a benchmark's run, at whose end the longest answers are waited for.

    The run lasts ``least_s`` or the time of ``least_requests``, whichever is longer, on copies that reach
    ``tokens_per_s`` together. Where lengths fall off exponentially, N users at the end take
    answer x (a ln N + b N) for a step of a + b N: answer x a x (ln N - 1) more than at full speed, and less where the
    longest answer is cut off, hence the fitted ``drain`` for ln N - 1.
    """
    lasts = np.maximum(least_s, least_requests * lengths.output / np.maximum(tokens_per_s, 1e-9))
    late_step = serving.step_s(np.maximum(np.asarray(users) / _LATE, 1.0), lengths.cached)
    waits = serving.efficiency.at("drain") * lengths.output * late_step
    return lasts / (lasts + waits)


def run_speed(serving: Serving, lengths: Lengths, requests: Numbers) -> Speed:
    """Speed of a copy that works off a run of so many requests, all there at the start, each with its full length.

    Full batches take a step for each token of the answer; the last batch is as large as what remains. Prompts and
    requests add their own time.
    """
    room = serving.most_users(lengths.prompt + lengths.output)
    users = np.maximum(np.minimum(np.minimum(room, requests), MOST_AT_ONCE * serving.ranks()), 1.0)
    waves = np.floor(np.asarray(requests) / users)
    rest = np.maximum(requests - waves * users, 0.0)
    step = serving.step_s(users, lengths.cached)
    last = np.where(rest > 0, serving.step_s(np.maximum(rest, 1.0), lengths.cached), 0.0)
    generating = lengths.output * (waves * step + last * serving.efficiency.at("last_wave"))
    reading = requests * lengths.unread * serving.mixed_prompt_token_s(lengths.read_prompt)
    taking_in = requests * serving.efficiency.at("request_us") * 1e-6
    taking_in = taking_in * serving.efficiency.at("host", serving.machine.host)
    total = generating + reading + taking_in
    fits = np.where(np.asarray(room) >= 1.0, 1.0, 0.0)
    return Speed(fits * requests * lengths.output / total, fits * users, step, fits)
