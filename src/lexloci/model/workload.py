"""What is to run: datasets, models and the jobs that use them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Annotated

from annotated_types import Ge, Gt, Le, Lt

from lexloci.model.doc import Doc
from lexloci.model.errors import LexlociError
from lexloci.model.party import CountryCode, Sources


class DataCategory(StrEnum):
    """What the law calls the data; mixed personal data is stated by its two counts of persons."""

    PUBLIC = "public"
    GENERAL = "general"
    PERSONAL = "personal"
    IMPORTANT = "important"
    CORE = "core"


class WorkloadKind(StrEnum):
    """What a job does."""

    PRE_TRAIN = "pre-train"
    CONTINUE = "continue"
    FINE_TUNE = "fine-tune"
    POST_TRAIN = "post-train"
    SERVE = "serve"
    COPY = "copy"

    @property
    def is_training(self) -> bool:
        """Whether the job changes the weights of a model."""
        return self not in (WorkloadKind.SERVE, WorkloadKind.COPY)


class TrainingMethod(StrEnum):
    """Which weights a job trains."""

    FULL = "full"
    LORA = "lora"


class TrainingPrecision(StrEnum):
    """What the matrix products of training are computed in."""

    BF16 = "bf16"
    FP16 = "fp16"
    FP8 = "fp8"
    MXFP8 = "mxfp8"
    FP4 = "fp4"
    NVFP4 = "nvfp4"
    MXFP4 = "mxfp4"


@dataclass(frozen=True, slots=True)
class Dataset:
    """A body of data and what the law counts in it."""

    id: Annotated[str, Doc("short name used elsewhere in the file")]
    name: Annotated[str, Doc("name for people")]
    handler: Annotated[str, Doc("id of the party that decides on it, the exporter if it leaves")]
    category: Annotated[DataCategory, Doc("nature of the data")]
    origin: Annotated[CountryCode, Doc("country where it was collected or generated")]
    located_at: Annotated[str | None, Doc("id of the site where it lies; not stated: everywhere (public data)")] = None
    bytes: Annotated[float, Ge(0), Doc("volume", unit="bytes")] = 0.0
    persons: Annotated[
        int | None,
        Ge(0),
        Doc(
            "non-sensitive persons exported by the handler since 1 January with this export, as China counts them; "
            "not stated: unknown",
            unit="persons",
        ),
    ] = None
    sensitive_persons: Annotated[
        int | None, Ge(0), Doc("persons with sensitive personal information, counted likewise", unit="persons")
    ] = None
    separate_consent: Annotated[
        str | None,
        Doc("`obtained` or `not obtained`: each person's separate consent to the export; not stated: unknown"),
    ] = None
    notified_as_important: Annotated[
        bool | None, Doc("whether an authority notified or published it as important data")
    ] = None
    state_organ: Annotated[bool | None, Doc("whether a state organ handles it")] = None
    foreign_origin_only: Annotated[
        bool | None, Doc("whether all of it was collected abroad and nothing domestic was mixed in")
    ] = None
    sources: Sources = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Model:
    """A model: its size, its shape and whether its weights are published."""

    id: Annotated[str, Doc("short name used elsewhere in the file")]
    name: Annotated[str, Doc("name for people")]
    parameters: Annotated[float, Gt(0), Doc("all parameters", unit="parameters")]
    active_parameters: Annotated[
        float | None, Gt(0), Doc("parameters that a token uses; not stated: all (dense)", unit="parameters")
    ] = None
    layers: Annotated[int | None, Gt(0), Doc("number of layers")] = None
    hidden: Annotated[int | None, Gt(0), Doc("width of the residual stream")] = None
    kv_bytes_per_token: Annotated[
        float | None,
        Gt(0),
        Doc("key-value cache of a token; not stated: from layers and hidden, or from parameters", unit="bytes"),
    ] = None
    context_tokens: Annotated[int, Gt(0), Doc("sequence length in training", unit="tokens")] = 8192
    open_weights: Annotated[bool | None, Doc("whether the weights are or will be published; not stated: unknown")] = (
        None
    )
    located_at: Annotated[
        str | None,
        Doc("id of the site where weights lie that no workload here makes; not stated: unknown, unless published"),
    ] = None
    weight_bytes_per_parameter: Annotated[float, Gt(0), Doc("size of a stored weight", unit="bytes")] = 2.0
    training_flop: Annotated[
        float | None,
        Gt(0),
        Doc("operations of its whole training so far; not stated: from the workloads that train it", unit="FLOP"),
    ] = None
    sources: Sources = field(default_factory=dict)

    @property
    def used_parameters(self) -> float:
        """Parameters that one token uses: the active ones of a mixture, all of a dense model."""
        return self.active_parameters or self.parameters

    @property
    def weight_bytes(self) -> float:
        """Size of the stored weights, in bytes."""
        return self.parameters * self.weight_bytes_per_parameter


@dataclass(frozen=True, slots=True)
class AdoptionPoint:
    """A share of the peak demand on a day; between two points the demand changes evenly."""

    on: Annotated[date, Doc("the day")]
    percent: Annotated[float, Ge(0), Le(100), Doc("share of the peak demand that there is on that day", unit="%")]


@dataclass(frozen=True, slots=True)
class Demand:
    """Requests for a served model."""

    region: Annotated[str, Doc("name of the region of users; `links` may give round trips to it")]
    countries: Annotated[tuple[CountryCode, ...], Doc("countries whose public is served")]
    output_tokens_per_s: Annotated[
        float | None, Gt(0), Doc("peak demand of generated tokens; state it, or requests_per_s", unit="tokens/s")
    ] = None
    input_tokens_per_output_token: Annotated[
        float, Ge(0), Doc("prompt tokens for each generated one, where no lengths of requests are stated")
    ] = 3.0
    tokens_per_s_per_user: Annotated[float, Gt(0), Doc("speed at which one user must see tokens", unit="tokens/s")] = (
        20.0
    )
    adoption: Annotated[
        tuple[AdoptionPoint, ...],
        Doc("how the demand grows: an assumption, and shown as one; not stated: the peak from the first day on"),
    ] = ()
    adoption_step_days: Annotated[
        int, Gt(0), Doc("chips are planned for so many days at a time, for the highest demand in them", unit="days")
    ] = 182
    max_round_trip_ms: Annotated[
        float | None, Gt(0), Doc("slowest acceptable round trip from the region to the site", unit="ms")
    ] = None
    requests_per_s: Annotated[float | None, Gt(0), Doc("peak demand in requests", unit="requests/s")] = None
    lengths: Annotated[
        str | None,
        Doc(
            "lengths of requests: `azure-2023-code`, `azure-2023-conversation`, `mooncake-2025-conversation`, or a CSV "
            "file with the columns prompt_tokens and answer_tokens, its path from this file; not stated: the means, or "
            "requests that fill the model's context"
        ),
    ] = None
    prompt_tokens: Annotated[
        float | None, Gt(0), Doc("mean tokens of a prompt, with answer_tokens; not stated: see lengths", unit="tokens")
    ] = None
    answer_tokens: Annotated[float | None, Gt(0), Doc("mean tokens of an answer", unit="tokens")] = None
    prefix_cache_share: Annotated[
        float,
        Ge(0),
        Lt(1),
        Doc("share of the prompts' tokens that a cache of prefixes holds already, so that they are not read again"),
    ] = 0.0
    max_first_token_s: Annotated[
        float | None,
        Gt(0),
        Doc("longest wait of 99 in 100 users for the first token, round trip included; not stated: 6 s", unit="s"),
    ] = None
    latitude: Annotated[
        float | None,
        Ge(-90),
        Le(90),
        Doc("where the users are; with the site's it gives the round trip where no link does", unit="degrees north"),
    ] = None
    longitude: Annotated[float | None, Ge(-180), Le(180), Doc("where the users are", unit="degrees east")] = None
    mean_share: Annotated[
        float | None,
        Gt(0),
        Le(1),
        Doc("mean demand over its peak, for energy; not stated: full load throughout, the most that it can draw"),
    ] = None
    to_public: Annotated[
        bool, Doc("whether it is offered to the public (else to business customers under contract)")
    ] = True
    users_personal_data: Annotated[
        bool | None, Doc("whether prompts hold personal data of the users; not stated: unknown")
    ] = None
    persons: Annotated[
        int | None, Ge(0), Doc("users whose non-sensitive data the service would handle in a year", unit="persons")
    ] = None
    sensitive_persons: Annotated[int | None, Ge(0), Doc("likewise, sensitive data", unit="persons")] = None

    @property
    def peak_told(self) -> str:
        """The peak in words, as it is stated: tokens or requests a second."""
        if self.output_tokens_per_s is not None:
            return f"{self.output_tokens_per_s:,.0f} tokens/s"
        return f"{self.requests_per_s:,.6g} requests/s"

    def scaled(self, share: float) -> Demand:
        """The same users with a share of the peak."""
        tokens, requests = self.output_tokens_per_s, self.requests_per_s
        return replace(
            self,
            output_tokens_per_s=None if tokens is None else tokens * share,
            requests_per_s=None if requests is None else requests * share,
        )


@dataclass(frozen=True, slots=True)
class Rollouts:
    """What post-training by reinforcement generates and then learns from."""

    tokens_per_trained_token: Annotated[
        float, Gt(0), Doc("tokens generated for each one trained on; above 1 where answers are thrown away")
    ] = 1.0
    prompt_tokens: Annotated[
        float | None, Gt(0), Doc("mean tokens of a prompt; needed unless tokens_per_s is stated", unit="tokens")
    ] = None
    answer_tokens: Annotated[
        float | None, Gt(0), Doc("mean tokens of an answer; needed unless tokens_per_s is stated", unit="tokens")
    ] = None
    tokens_per_s: Annotated[
        float | None,
        Gt(0),
        Doc("measured speed of generating on the job's chips; not stated: estimated", unit="tokens/s"),
    ] = None
    chip_share: Annotated[
        float | None,
        Gt(0),
        Lt(1),
        Doc("share of the chips that generate while the others train; not stated: all chips do both in turn"),
    ] = None
    reference_parameters: Annotated[
        float | None,
        Gt(0),
        Doc(
            "parameters that a token uses of the reference model, which passes once over all that is generated; "
            "often the model's own size; not stated: no such pass is counted, and the estimate says so",
            unit="parameters",
        ),
    ] = None
    reward_parameters: Annotated[
        float | None,
        Gt(0),
        Doc(
            "parameters that a token uses of the reward model, which passes once over all that is generated; "
            "not stated: no such pass is counted (a rule or a test may judge), and the estimate says so",
            unit="parameters",
        ),
    ] = None


@dataclass(frozen=True, slots=True)
class Exchange:
    """How sites that train one model together exchange what they learned; plain figures of DiLoCo where not stated."""

    bytes_per_parameter: Annotated[
        float, Gt(0), Doc("after compression: 4 as it is (DiLoCo, arXiv:2311.08105), 1 in 8 bits (INTELLECT-1)")
    ] = 4.0
    inner_steps: Annotated[int, Gt(0), Doc("steps that each site takes alone between two exchanges", unit="steps")] = (
        100
    )
    overlap: Annotated[
        float,
        Ge(0),
        Le(1),
        Doc("share of an exchange that runs beside the next steps; 0: training waits for all of it"),
    ] = 0.0
    token_penalty: Annotated[
        float, Ge(1), Doc("tokens needed over those of plain training; 1: a token teaches as much")
    ] = 1.0

    def __post_init__(self) -> None:
        for name, fits in (
            ("bytes_per_parameter", self.bytes_per_parameter > 0),
            ("inner_steps", self.inner_steps >= 1),
            ("overlap", 0.0 <= self.overlap <= 1.0),
            ("token_penalty", self.token_penalty >= 1.0),
        ):
            if not fits:
                message = f"exchange between sites: {name} is {getattr(self, name)}"
                raise LexlociError(f"{message}; see docs/explanation/estimates.md")


@dataclass(frozen=True, slots=True)
class Workload:
    """A job: what it computes, on which data, when."""

    id: Annotated[str, Doc("short name used elsewhere in the file")]
    name: Annotated[str, Doc("name for people")]
    party: Annotated[str, Doc("id of the party for whom it runs")]
    kind: Annotated[WorkloadKind, Doc("what the job does")]
    model: Annotated[str, Doc("id of the model")]
    datasets: Annotated[tuple[str, ...], Doc("ids of the datasets that it reads")] = ()
    tokens: Annotated[float | None, Gt(0), Doc("tokens to train on", unit="tokens")] = None
    method: Annotated[
        TrainingMethod, Doc("full: all weights; lora: low-rank adapters beside frozen weights (not kind pre-train)")
    ] = TrainingMethod.FULL
    precision: Annotated[
        TrainingPrecision, Doc("of the matrix products in training; the chip must state its peak in it")
    ] = TrainingPrecision.BF16
    batch_sequences: Annotated[
        int | None,
        Gt(0),
        Doc(
            "sequences of a step, of one site where several train it; not stated: usual for the size of the model",
            unit="sequences",
        ),
    ] = None
    exchange: Annotated[
        Exchange | None, Doc("how sites exchange where several train it (`lexloci estimate FILE JOB@POOL+POOL`)")
    ] = None
    rollouts: Annotated[
        Rollouts | None, Doc("what it generates to learn from (kind post-train); not stated: not counted")
    ] = None
    demand: Annotated[Demand | None, Doc("requests to serve (kind serve)")] = None
    prompts_apart: Annotated[
        bool, Doc("whether other chips read prompts than those that generate: prefill and decode split (kind serve)")
    ] = False
    drafting: Annotated[
        tuple[float, float, float] | None,
        Doc("speed with speculative decoding over that without: low, likely, high (kind serve); not stated: none"),
    ] = None
    to_site: Annotated[str | None, Doc("id of the site that the weights must reach (kind copy)")] = None
    after: Annotated[
        tuple[str, ...], Doc("ids of workloads that must end first; a copy moves the weights of the first of them")
    ] = ()
    release: Annotated[date | None, Doc("earliest start; not stated: as_of")] = None
    deadline: Annotated[
        date | None, Doc("day by which it should end; late days cost; not stated: the horizon's end")
    ] = None
    may_pause: Annotated[
        bool,
        Doc("whether training may stop where a lawful stretch of days ends, and go on in a later one"),
    ] = False
    restart_hours: Annotated[
        float, Ge(0), Doc("work that each pause costs: what is done again, and starting up", unit="h")
    ] = 0.0
    may_split: Annotated[
        bool, Doc("whether it may run at two sites at once (kind pre-train), exchanging as `exchange` says")
    ] = False
    must_end: Annotated[
        date | None, Doc("day by which it must have ended, or be left out; not stated: the horizon's end")
    ] = None
    days: Annotated[float | None, Gt(0), Doc("how long a service must run (kind serve)", unit="days")] = None
    usd_per_day_late: Annotated[float, Ge(0), Doc("cost of a late day", unit="USD")] = 0.0
    usd_if_unplaced: Annotated[
        float | None,
        Gt(0),
        Doc("cost of leaving it out; not stated: ten times the dearest lawful option of the portfolio", unit="USD"),
    ] = None
    max_chips: Annotated[int | None, Gt(0), Doc("most chips that it may use at once", unit="chips")] = None
    military_or_weapons_use: Annotated[
        bool | None,
        Doc(
            "whether the model serves weapons of mass destruction, a military or a military-intelligence use; "
            "not stated: unknown, an attestation may say"
        ),
    ] = None
    sources: Sources = field(default_factory=dict)
