"""Published training configurations as columns that the step model takes, with what the sources leave open filled in.

What a row does not state is filled by stated defaults, the same for all rows: see ``_layout``. ``filled`` counts
them. A row is scored by its step time or its tokens a second, never by a published utilisation.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from lexloci.catalogue.chips import chip as catalogue_chip
from lexloci.catalogue.chips import chips as catalogue_chips
from lexloci.model.chip import Chip
from lexloci.model.errors import CatalogueError
from lexloci.perf.efficiency import epoch_of
from lexloci.perf.layer import Task
from lexloci.perf.layout import Layout, Recompute
from lexloci.perf.machine import (
    GEMM_UNITS,
    PRECISIONS,
    USABLE_BYTES_PER_GB,
    Generation,
    Machine,
    Precision,
    generation_of,
)
from lexloci.perf.memory import training_memory
from lexloci.perf.shape import Shape

_DATA = Path(__file__).parent / "data"

Row = Mapping[str, str]
Figures = dict[str, float]

NO_CHIPS: Mapping[str, Chip] = MappingProxyType({})

CHIP_IDS = {
    "A100-80G": "a100-sxm-80gb",
    "A100-40G": "a100-sxm-40gb",
    "A100-SXM": "a100-sxm-80gb",
    "A100-SXM-80G": "a100-sxm-80gb",
    "A800": "a800-sxm",
    "A800-80G": "a800-sxm",
    "V100": "v100-sxm-32gb",
    "V100-32G": "v100-sxm-32gb",
    "H100-SXM": "h100-sxm",
    "H100-96G-HBM2e-500W": "h100-sxm",
    "H200": "h200-sxm",
    "H800": "h800-sxm",
    "B200": "b200",
    "GB200": "gb200",
    "B300": "b300",
    "GB300": "gb300",
    "TPUv3": "tpu-v3",
    "TPUv4": "tpu-v4",
    "TPUv5e": "tpu-v5e",
    "TPUv5p": "tpu-v5p",
    "TPUv6e": "tpu-v6e",
    "Ascend-910B(A2)": "ascend-910b",
    "Ascend-910C(A3)": "ascend-910c",
}
"""Names of chips in the tables, and their ids in the catalogue."""


@dataclass(frozen=True, slots=True)
class TrainingRow:
    """One published configuration, ready to be predicted; ``step_s`` is None where only a utilisation was published."""

    id: str
    family: str
    source: str
    core: bool
    shape: Figures
    machine: Figures
    layout: Figures
    task: Figures
    chips: float
    step_s: float | None
    dated: str
    notes: str
    chip: str = ""

    @property
    def parameters(self) -> float:
        """All parameters of the model."""
        return float(np.asarray(Shape(**self.shape).parameters()))

    @property
    def is_mixture(self) -> bool:
        """Whether the model has experts."""
        return self.shape["experts"] > 0


@dataclass(frozen=True, slots=True)
class Columns:
    """Rows as arrays: what the step model takes."""

    shape: Shape
    machine: Machine
    layout: Layout
    task: Task
    step_s: NDArray[np.float64]


TRAINING_TABLE = "training_configurations.csv.gz"

T = TypeVar("T")


def chip_named(name: str, own: Mapping[str, Chip] = NO_CHIPS) -> Chip:
    """The chip that a table names: a user's own by id, else the catalogue's, by the table's own name or by its id."""
    if name in own:
        return own[name]
    if name in CHIP_IDS:
        return catalogue_chip(CHIP_IDS[name])
    plain = re.sub(r"[\s_()]+", "-", name.lower()).strip("-")
    known = catalogue_chips()
    for tried in (
        plain,
        f"{plain}-sxm",
        plain.replace("tpuv", "tpu-v"),
        plain.replace("-sxm", ""),
        plain.split("-")[0],
    ):
        if tried in known:
            return known[tried]
    return catalogue_chip(name)


@lru_cache(maxsize=1)
def training_rows() -> tuple[TrainingRow, ...]:
    """The published configurations that ship. Raises CatalogueError where the table is missing or malformed."""
    return read_training_rows(table_text(TRAINING_TABLE), TRAINING_TABLE)


def read_training_rows(text: str, name: str, refused: list[str] | None = None) -> tuple[TrainingRow, ...]:
    """The configurations of a table in CSV. Raises CatalogueError with the row that is malformed.

    With a list ``refused``, rows that cannot be read are named there, with the reason, and left out.
    """
    found = []
    for row in csv.DictReader(io.StringIO(text)):
        try:
            found.append(training_row(row))
        except (KeyError, ValueError, TypeError, CatalogueError) as error:
            if refused is not None:
                refused.append(f"{row.get('id', '?')}: {error!r}")
                continue
            raise CatalogueError(f"{name}: row {row.get('id', '?')!r} is malformed ({error!r}); mend it") from error
    return tuple(found)


def table_text(name: str) -> str:
    """The text of a table that ships in ``perf/data``."""
    try:
        return gzip.decompress((_DATA / name).read_bytes()).decode("utf-8")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise CatalogueError(f"perf/data/{name}: cannot be read ({error}); reinstall lexloci") from error


def columns(rows: Sequence[TrainingRow]) -> Columns:
    """The rows as arrays of one length."""

    def packed(kind: type[T], parts: list[Figures]) -> T:
        return kind(**{f.name: np.array([p[f.name] for p in parts]) for f in fields(kind)})  # type: ignore[arg-type]

    return Columns(
        packed(Shape, [row.shape for row in rows]),
        packed(Machine, [row.machine for row in rows]),
        packed(Layout, [row.layout for row in rows]),
        packed(Task, [row.task for row in rows]),
        np.array([row.step_s or np.nan for row in rows]),
    )


def training_row(row: Row, own: Mapping[str, Chip] = NO_CHIPS) -> TrainingRow:
    """One row of the table of training runs, in the columns of ``data/training_configurations.csv.gz``."""
    shape, machine = _shape(row), _machine(row, own)
    chips = _number(row["chips"]) or default_chips(float(row["params_total_b"]))
    sequence = _number(row["seq_len"]) or 2048.0
    layout, batch = _layout(row, shape, machine, chips, sequence)
    task = {
        "sequence_tokens": sequence,
        "batch_sequences": batch,
        "precision": float(PRECISIONS[row["precision"]]),
        "epoch": float(epoch_of(_month(row["date"]))),
        "overlap": float("TP" in row["overlap"] and "vanilla" not in row["overlap"]),
        "whole_run": float(bool(row["chip_hours"])),
        "adapters_only": float(row["task"] == "lora"),
        "chip_age_months": _chip_age_months(row, own),
    }
    recompute = layout["recompute"]
    layout["recompute"] = least_recompute(shape, machine, layout, task) if recompute < 0 else recompute
    while used_bytes(shape, layout, task) > machine["memory_bytes"] and _widened(row, shape, layout):
        layout["recompute"] = least_recompute(shape, machine, layout, task) if recompute < 0 else recompute
    return TrainingRow(
        id=row["id"],
        family=row["family"],
        source=row["source"],
        core=row["core"] == "1",
        shape=shape,
        machine=machine,
        layout=layout,
        task=task,
        chips=chips,
        step_s=_step_s(row, chips, sequence, batch),
        dated=_month(row["date"]),
        notes=row["notes"],
        chip=chip_named(row["chip"], own).id,
    )


def _chip_age_months(row: Row, own: Mapping[str, Chip]) -> float:
    released = chip_named(row["chip"], own).released
    if released is None:
        return 24.0
    return max(0.0, _months(_month(row["date"])) - _months(released.isoformat()))


def default_chips(parameters_b: float) -> float:
    """Chips of a run that states none: 64 to 2,048, by the size of the model."""
    return float(2 ** np.clip(np.ceil(np.log2(parameters_b * 4.0)), 5, 11))


def _month(dated: str) -> str:
    if dated[:2] == "20":
        return dated if len(dated) > 4 else f"{dated}-06"
    return f"20{dated[:2]}-{dated[3:5]}"  # releases named by month, such as 26.04.01


def _number(text: str) -> float | None:
    return float(text) if text else None


def _step_s(row: Row, chips: float, sequence: float, batch: float) -> float | None:
    if row["step_time_s"]:
        return float(row["step_time_s"])
    if row["tokens_per_s_per_chip"]:
        return batch * sequence / (float(row["tokens_per_s_per_chip"]) * chips)
    if row["tokens_per_s"]:
        return batch * sequence / float(row["tokens_per_s"])
    return _number(row["derived_step_time_s"])


def _shape(row: Row) -> Figures:
    latent = "mla" in row["arch"]
    layers, dense_layers = float(row["layers"]), _number(row["first_dense_layers"]) or 0.0
    if "interleaved" in row["arch"]:
        dense_layers = layers / 2.0
    mixture = row["arch"].startswith("moe")
    return {
        "layers": layers,
        "hidden": float(row["hidden"]),
        "heads": float(row["heads"]),
        "kv_heads": float(row["kv_heads"] or row["heads"]),
        "head_dim": 192.0 if latent else float(row["head_dim"]),
        "ffn": float(row["ffn"]),
        "vocab": float(row["vocab"]),
        "gated": float(row["gated_mlp"] or 0),
        "tied": float(row["tied_embeddings"] or 0),
        "experts": float(row["n_experts"] or 0) if mixture else 0.0,
        "top_k": float(row["topk"] or 0),
        "shared_experts": float(row["shared_experts"] or 0),
        "expert_ffn": float(row["moe_ffn"] or 0),
        "dense_layers": dense_layers,
        # Latent attention as DeepSeek-V2, V3 and Kimi K2 have it (their config.json), where the row says MLA.
        "latent": float(latent),
        "query_rank": 1536.0 * latent,
        "kv_rank": 512.0 * latent,
        "value_dim": 128.0 if latent else float(row["head_dim"]),
        "prediction_layers": float("MTP on" in row["notes"]),
    }


def _machine(row: Row, own: Mapping[str, Chip]) -> Figures:
    name = row["chip"]
    chip = chip_named(name, own)
    generation = generation_of(f"{chip.id} {chip.name}" if name in own else name, chip.designer)
    memory, bandwidth = chip.memory_gb or 80.0, chip.memory_gb_per_s or 2000.0
    if "HBM2e" in name:
        memory, bandwidth = 96.0, 2400.0
    bf16 = chip.bf16_tflops or float(row["peak_tflops"])
    peak = float(row["peak_tflops"])
    low = peak if PRECISIONS[row["precision"]] > Precision.BF16 else 2.0 * bf16
    scale_up = _number(row["scaleup_GBps_bidir"]) or chip.interconnect_gb_per_s or 300.0
    return {
        "generation": float(generation),
        "bf16_flop_per_s": bf16 * 1e12,
        "low_precision_flop_per_s": low * 1e12,
        "memory_bytes": memory * USABLE_BYTES_PER_GB,
        "memory_bytes_per_s": bandwidth * 1e9,
        "domain_chips": float(row["scaleup_domain"] or 8),
        "domain_bytes_per_s": scale_up / 2.0 * 1e9,
        "fabric_bytes_per_s": (_number(row["internode_Gbps_per_chip"]) or 200.0) / 8.0 * 1e9,
        "gemm_units": GEMM_UNITS[generation],
        "power_share": 500.0 / 700.0 if "500W" in name else 1.0,
    }


def _layout(row: Row, shape: Figures, machine: Figures, chips: float, sequence: float) -> tuple[Figures, float]:
    """The stated layout completed, and the batch in sequences.

    What a row that states its layout leaves out is one, and the data ranks take the rest; of virtual stages, as many
    as bring the bubble to a tenth. A row that states none
    gets full sharding on TPUs, elsewhere tensor ranks within a domain and as many pipeline stages as its memory
    asks for. A batch that is not stated is 16 micro-batches for each data rank (8 for each stage, if more). A
    micro-batch that is not stated is the largest up to 8,192 tokens that leaves four for each stage; one that is
    stated as the whole batch of a pipeline's rank is a local batch, and is split into as many as there are stages
    (torchtitan's default for its micro-batches).
    """
    sharding = _sharding(row)
    if not (row["tp"] or row["pp"] or sharding == 3.0) and machine["generation"] == Generation.TPU:
        sharding = 3.0
    whole_sequences = chips / (_number(row["global_batch_seqs"]) or chips)
    tensor, pipeline = _number(row["tp"]), _number(row["pp"])
    context = _number(row["cp"]) or 1.0
    if tensor is None and pipeline is None and sharding == 3.0:
        kept = 4.0 * sequence * shape["layers"] * shape["hidden"] / machine["memory_bytes"]
        tensor = float(2.0 ** np.ceil(np.log2(max(1.0, whole_sequences, kept))))
    elif tensor is None and pipeline is None:
        tensor, pipeline = _fitting_ranks(shape, machine, chips)
    tensor, pipeline = tensor or 1.0, pipeline or 1.0
    data = max(1.0, chips / (tensor * pipeline * context))
    micro = _number(row["micro_batch"])
    batch = _number(row["global_batch_seqs"]) or data * (micro or 1.0) * max(
        16.0, 8.0 * pipeline if pipeline > 1 else 1.0
    )
    if micro is None:
        fitting = batch / data / (4.0 * pipeline if pipeline > 1 else 1.0)
        micro = float(np.clip(2.0 ** np.floor(np.log2(max(fitting, 1.0))), 1.0, max(1.0, 8192.0 / sequence)))
    local = pipeline > 1 and micro > 1 and micro * data >= batch
    micro = max(1.0, np.floor(batch / data / pipeline)) if local else micro
    micro = min(micro, batch / data)
    experts = _number(row["n_experts"]) or 0.0
    expert = _number(row["ep"]) or (
        min(experts, data * tensor, machine["domain_chips"]) if experts and sharding < 3.0 else 1.0
    )
    virtual = 2.0 if row["vpp"] == "interleaved" else _number(row["vpp"])
    if virtual is None:
        virtual = 1.0 if local else _unstated_stages(pipeline, batch / data / micro, shape["layers"])
    return {
        "tensor": tensor,
        "pipeline": pipeline,
        "data": data,
        "context": context,
        "expert": expert,
        "expert_tensor": tensor if experts and experts < 64 and tensor > 1 else 1.0,
        "virtual_stages": virtual,
        "micro_batch": micro,
        "sharding": sharding,
        "sequence_parallel": 0.0 if row["seq_parallel"] == "0" or row["date"] < "2022-05" else 1.0,
        "recompute": _recompute(row["recompute"]),
    }, batch


def _widened(row: Row, shape: Figures, layout: Figures) -> bool:
    """Whether a rank that the row leaves open could be doubled, so that the model fits; changes the layout."""
    if not row["vpp"] and layout["virtual_stages"] > 1.0:
        layout["virtual_stages"] = 1.0
    elif not row["zero_or_fsdp"] and layout["sharding"] < 1.0:
        layout["sharding"] = 1.0
    elif not row["ep"] and layout["expert"] * 2.0 <= min(shape["experts"], layout["data"] * layout["tensor"]):
        layout["expert"] *= 2.0
    elif not (row["tp"] or row["pp"]) and layout["data"] >= 2.0:
        layout["tensor" if layout["sharding"] >= 3.0 else "pipeline"] *= 2.0
        layout["data"] /= 2.0
    else:
        return False
    return True


def _unstated_stages(pipeline: float, micro_batches: float, layers: float) -> float:
    """Virtual stages where none are stated: as many, in powers of two, as bring the bubble to a tenth of the work.

    Interleaving is what pipelines of many stages were made fit with: Megatron's published runs of 2021 all used it
    (arXiv:2104.04473, section 5.1, recalled).
    """
    virtual = 1.0
    while (pipeline - 1.0) / (virtual * micro_batches) > 0.10 and 2.0 * virtual * pipeline <= layers:
        virtual *= 2.0
    return virtual


def _sharding(row: Row) -> float:
    text = row["zero_or_fsdp"]
    if "no reshard" in text or "SHARD_GRAD_OP" in text:
        return 2.0
    if "fsdp" in text or "zero3" in text:
        return 3.0
    return 1.0 if text or row["date"] >= "2023" else 0.0


_STATED_RECOMPUTE = {"none": 0.0, "selective": 1.0, "selective+SP": 1.0, "minimal": 1.0, "full": 2.0, "yes": 2.0}


def _recompute(text: str) -> float:
    """What a row says of recomputation; -1 where it leaves it open."""
    if "/" in text or "unstated" in text:
        return -1.0
    return _STATED_RECOMPUTE.get(text.split("(", maxsplit=1)[0].strip(), 1.0 if "offload" in text else -1.0)


def _fitting_ranks(shape: Figures, machine: Figures, chips: float) -> tuple[float, float]:
    """The fewest tensor and pipeline ranks, powers of two, whose weights and gradients take a third of the memory."""
    held = 6.0 * float(np.asarray(Shape(**shape).parameters())) / (machine["memory_bytes"] / 3.0)
    if shape["experts"] > 0:
        held /= 8.0
    ranks = float(2.0 ** np.ceil(np.log2(max(held, 1.0))))
    tensor = min(8.0, ranks, chips)
    return tensor, max(1.0, min(ranks / tensor, chips / tensor, shape["layers"]))


def used_bytes(shape: Figures, layout: Figures, task: Figures) -> float:
    """Memory that one chip of a layout needs, in bytes."""
    used = training_memory(
        Shape(**shape),
        Layout(**layout),
        task["sequence_tokens"],
        task["batch_sequences"],
        float(task["epoch"] == 0),
        float(task["precision"] > 0),
        task["adapters_only"],
    )
    return float(np.asarray(used.total))


def least_recompute(shape: Figures, machine: Figures, layout: Figures, task: Figures) -> float:
    """The least recomputation that fits the memory, where the source does not say."""
    for choice in (0.0, 1.0, 1.125, 1.25, 1.375, 1.5, 1.625, 1.75, 1.875):
        if used_bytes(shape, {**layout, "recompute": choice}, task) <= machine["memory_bytes"]:
            return choice
    return float(Recompute.FULL)


def _months(dated: str) -> float:
    return 12.0 * float(dated[:4]) + float(dated[5:7])
