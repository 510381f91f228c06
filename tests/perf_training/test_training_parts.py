"""Parts of a step by hand: exchanges of pipelines, waiting for domains, scores that are written, rows left open."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lexloci.perf.collectives import DOMAIN_LATENCY_S, FABRIC_LATENCY_S
from lexloci.perf.efficiency import Epoch, fitted
from lexloci.perf.layer import MATURE_MONTHS, RELEASE_MONTHS, Task
from lexloci.perf.layout import Layout
from lexloci.perf.left_out import INTERVAL_ROWS, spread_of
from lexloci.perf.machine import Machine
from lexloci.perf.memory import ADAPTER_SHARE, chip_parameters, training_memory
from lexloci.perf.operators import MEMORY_SHARE
from lexloci.perf.shape import Shape
from lexloci.perf.step import StepModel, unevenness
from lexloci.perf.training_rows import training_rows

H100 = Machine(2.0, 989.5e12, 1979e12, 80e9, 3350e9, 8.0, 450e9, 50e9, 132.0)
SHAPE = Shape(32.0, 4096.0, 32.0, 8.0, 128.0, 14336.0, 128256.0, value_dim=128.0)
LAYOUT = Layout(8.0, 4.0, 16.0, 1.0, 1.0, 1.0, 1.0, 1.0, 3.0, 1.0, 0.0)
TASK = Task(8192.0, 256.0, 0.0, float(Epoch.MATURE))
WEIGHTS = "exchange of gradients and weights"


def _parts(layout=LAYOUT, task=TASK):
    step = StepModel(SHAPE, H100, layout, task, fitted()).step()
    return {name: float(value) for name, value in step.parts.items()}


def test_stages_keep_gathered_weights_for_the_whole_step():
    twice = replace(TASK, batch_sequences=512.0)
    assert not LAYOUT.gathers_again
    assert _parts(task=twice)[WEIGHTS] == pytest.approx(_parts()[WEIGHTS])
    flat = replace(LAYOUT, pipeline=1.0)
    assert flat.gathers_again
    assert _parts(flat, twice)[WEIGHTS] == pytest.approx(2.0 * _parts(flat)[WEIGHTS])


def test_stages_that_gather_once_hold_weights_and_gradients_whole():
    used = {s: training_memory(SHAPE, replace(LAYOUT, sharding=s), 8192.0, 256.0) for s in (1.0, 2.0, 3.0)}
    assert float(used[3.0].weights) == float(used[1.0].weights)
    assert float(used[2.0].gradients) == float(used[3.0].gradients) == float(used[1.0].gradients)
    flat = {s: training_memory(SHAPE, replace(LAYOUT, pipeline=1.0, sharding=s), 8192.0, 256.0) for s in (1.0, 2.0)}
    assert float(flat[2.0].gradients) == pytest.approx(float(flat[1.0].gradients) / 16)


def test_frozen_weights_that_are_sharded_are_gathered_all_the_same():
    lora = replace(TASK, adapters_only=1.0)
    model = StepModel(SHAPE, H100, LAYOUT, lora, fitted())
    shared, routed = chip_parameters(SHAPE, LAYOUT)
    once = float(model.network.gather_s(2.0 * shared, 16.0, 8.0) + model.network.gather_s(2.0 * routed, 128.0))
    exposed = float(fitted().at("data_exposed", Epoch.MATURE))
    assert _parts(task=lora)[WEIGHTS] == pytest.approx(exposed * once * (1.0 + ADAPTER_SHARE))
    kept = _parts(replace(LAYOUT, sharding=1.0), lora)[WEIGHTS]
    assert kept == pytest.approx(exposed * once * 2.0 * ADAPTER_SHARE)


def test_each_tensor_rank_hands_on_its_part_and_the_next_stage_gathers_it():
    model = StepModel(SHAPE, H100, LAYOUT, TASK, fitted())
    fabric = 50e9 * float(fitted().at("fabric"))
    part = 2.0 * 8192 * 4096 / 8
    assert float(model._handed_on_s()) == pytest.approx(part / fabric + FABRIC_LATENCY_S)
    whole = StepModel(SHAPE, H100, replace(LAYOUT, sequence_parallel=0.0), TASK, fitted())
    domain = 450e9 * float(fitted().at("domain", 2))
    gathered = 7.0 * part / domain + DOMAIN_LATENCY_S
    assert float(whole._handed_on_s()) == pytest.approx(part / fabric + FABRIC_LATENCY_S + gathered)


@pytest.mark.parametrize(("chips", "doublings"), [(1, 0), (8, 0), (16, 1), (512, 6)])
def test_chips_wait_for_each_other_by_doublings_of_domains(chips, doublings):
    layout = replace(LAYOUT, tensor=1.0, pipeline=1.0, data=float(chips))
    share = float(unevenness(H100, layout, fitted()))
    assert share == pytest.approx(doublings * float(fitted().at("doubling")))
    parts = _parts(layout)
    waiting = parts.pop("unevenness of many chips")
    assert waiting == pytest.approx(share * sum(parts.values()))


def test_unfused_scores_take_their_products_and_the_traffic_of_softmax_and_dropout():
    pairs = 16.0 * 2048.0**2
    task = replace(TASK, sequence_tokens=2048.0, epoch=float(Epoch.UNFUSED))
    model = StepModel(SHAPE, H100, LAYOUT, task, fitted())
    forward, backward = (float(np.asarray(part)) for part in model._unfused_scores(pairs))
    streamed = pairs / (MEMORY_SHARE * 3350e9)
    # at least: nine and eleven bytes a pair, and two bytes for each of two and of four products
    assert forward >= (9.0 + 2.0 * 2.0) * streamed
    assert backward >= (11.0 + 4.0 * 2.0) * streamed
    operations = 4.0 * 128.0 * pairs / 989.5e12
    assert forward > 9.0 * streamed + operations


@pytest.mark.parametrize(("months", "young"), [(0, 1.0), (12, 1.0), (15, 0.5), (18, 0.0), (30, 0.0)])
def test_kernels_for_a_generation_come_with_a_release(months, young):
    assert (MATURE_MONTHS, RELEASE_MONTHS) == (18.0, 6.0)
    model = StepModel(SHAPE, H100, LAYOUT, replace(TASK, chip_age_months=float(months)), fitted())
    assert float(model.young_attention) == pytest.approx(np.exp(-young * float(fitted().at("young_attention", 2))))


def test_a_local_batch_of_a_pipeline_is_split_into_as_many_as_there_are_stages():
    by_id = {row.id: row for row in training_rows()}
    for name, micro in (("titan-405b-3d-1f1b", 4.0), ("titan-405b-4d-cp1", 1.0)):
        row = by_id[name]
        assert row.layout["micro_batch"] == micro
        assert Layout(**row.layout).micro_batches(row.task["batch_sequences"]) == row.layout["pipeline"] == 8.0


def test_a_family_weighs_its_rows_in_an_interval_up_to_sixty():
    rows = [row for row in training_rows() if row.step_s and row.family in ("mpt-foundry", "internevo")]
    big = np.array([row.family == "mpt-foundry" for row in rows])
    measured = np.array([row.step_s for row in rows])
    assert (big.sum(), (~big).sum(), INTERVAL_ROWS) == (176, 40, 60.0)
    # a family of 176 counts 60 to the other's 40: their errors' middle lies with it, their low end with the other
    found = spread_of(rows, measured / np.exp(np.where(big, 0.1, -0.3)))
    assert found.middle == pytest.approx(0.1)
    assert found.low == pytest.approx(-0.3)
    # a second prediction counts as much as the first
    both = spread_of(rows, measured / np.exp(0.2), measured / np.exp(-0.2))
    assert (both.low, both.high) == pytest.approx((-0.2, 0.2))
