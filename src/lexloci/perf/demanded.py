"""What users ask of a served model: the lengths of their requests, and tokens a second."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from lexloci.catalogue import request_lengths
from lexloci.model.workload import Demand, Model

if TYPE_CHECKING:
    from lexloci.perf.serving_batch import Lengths


@dataclass(frozen=True, slots=True)
class Asked:
    """Means of one request in tokens, and generated and read tokens a second at the peak of the demand."""

    prompt_tokens: float
    answer_tokens: float
    output_tokens_per_s: float

    @property
    def prompt_tokens_per_s(self) -> float:
        """Tokens of prompts a second."""
        return self.output_tokens_per_s * self.prompt_tokens / self.answer_tokens


def asked_of(demand: Demand, model: Model) -> Asked:
    """What a demand asks, from the lengths of its requests: a sample, means, or requests that fill the context.

    Raises LexlociError where a file of lengths cannot be read.
    """
    prompt, answer = _means(demand, model)
    rate = demand.output_tokens_per_s
    if rate is None:
        if demand.requests_per_s is None:
            raise ValueError(f"the demand of {demand.region} states neither output_tokens_per_s nor requests_per_s")
        rate = demand.requests_per_s * answer
    return Asked(prompt, answer, rate)


def lengths_of(demand: Demand, model: Model) -> Lengths:
    """The lengths of a demand's requests, as serving counts with them."""
    from lexloci.perf.serving_batch import Lengths

    lengths = _lengths(demand.lengths) if demand.lengths is not None else Lengths.fixed(*_means(demand, model))
    return replace(lengths, found=demand.prefix_cache_share) if demand.prefix_cache_share else lengths


def _means(demand: Demand, model: Model) -> tuple[float, float]:
    if demand.lengths is not None:
        sample = request_lengths(demand.lengths)
        return sum(sample.prompts) / len(sample.prompts), sum(sample.answers) / len(sample.answers)
    if demand.prompt_tokens is not None and demand.answer_tokens is not None:
        return demand.prompt_tokens, demand.answer_tokens
    ratio = demand.input_tokens_per_output_token
    prompt = model.context_tokens * ratio / (1.0 + ratio)
    return prompt, model.context_tokens - prompt


@lru_cache(maxsize=64)
def _lengths(name: str) -> Lengths:
    from lexloci.perf.serving_batch import Lengths

    sample = request_lengths(name)
    return Lengths.of_requests(sample.prompts, sample.answers)


def lengths_told(demand: Demand, model: Model) -> str:
    """What the lengths rest on, and what of the prompts is found in a cache, for people."""
    share = demand.prefix_cache_share
    found = (
        f"; {share:.0%} of the prompts' tokens are found in a cache of prefixes, as stated, whose memory is not counted"
        if share
        else ""
    )
    return _lengths_told(demand, model) + found


def _lengths_told(demand: Demand, model: Model) -> str:
    if demand.lengths is not None:
        lengths, sample = _lengths(demand.lengths), request_lengths(demand.lengths)
        long = sum(p + a > model.context_tokens for p, a in zip(sample.prompts, sample.answers, strict=True))
        told = (
            f"requests as in {sample.name}: {float(lengths.prompt):.0f} tokens of prompt on average and "
            f"{float(lengths.long_prompt):.0f} in one of 100, {float(lengths.output):.0f} of answer"
        )
        share = long / len(sample.prompts)
        beyond = f"; {share:.1%} of them are longer than the context of {model.context_tokens} tokens"
        return told + (beyond if long else "")
    if demand.prompt_tokens is not None:
        told = f"every request has {demand.prompt_tokens:g} tokens of prompt and {demand.answer_tokens:g} of answer"
        if demand.prompt_tokens + (demand.answer_tokens or 0.0) > model.context_tokens:
            told += f", longer than the context of {model.context_tokens} tokens"
        return told
    return f"every request fills the context of {model.context_tokens} tokens"
