"""The bundled accelerators: figures as the law's own examples print them, units that make sense, sources."""

from __future__ import annotations

from dataclasses import fields

import pytest

from lexloci.catalogue import chip, chips
from lexloci.catalogue.chips import LEVELS, _chip_from
from lexloci.catalogue.table import read_rows
from lexloci.model.chip import Chip
from lexloci.model.errors import CatalogueError

# Printed TPP, PD, DRAM GB/s, 2022 I/O GB/s and class since 2023 of chips in published export-control analyses:
# s-w-kelly/chip-export-controls @d813a66, src/data/chipData.js (from makers' datasheets);
# airensurzyn/export-control-threshold-analysis. None: not printed.
PRINTED = {
    "a100-sxm-80gb": (4992, 6.04, 2039, 600, "a"),
    "a800-sxm": (4992, 6.04, 2039, 400, "a"),
    "h100-sxm": (15832, 19.45, 3350, 900, "a"),
    "h800-sxm": (15832, 19.45, 3350, 400, "a"),
    "h200-sxm": (15832, 19.45, 4800, 900, "a"),
    "h20": (2368, 2.91, 4000, 900, ""),
    "b200": (36000, 22.1, 8000, 1800, "a"),
    "b300": (56000, 34.4, 7700, 1800, "a"),
    "gb300": (56000, 34.4, 8000, 1800, "a"),
    "mi210": (2896, 3.67, 1600, None, "b"),
    "mi300x": (20919, 20.6, 5300, 896, "a"),
    "mi325x": (20919, 20.6, 6000, 896, "a"),
    "mi355x": (40265, 39.6, 8000, None, "a"),
    "rtx-4090": (5285, None, 1008, None, "a"),
    "rtx-4090d": (4708, None, 1008, None, None),
}

# Where ours differ from the printed figure, and why.
DIFFERENCES = {
    ("gb300", "TPP"): 60000.0,  # 15 PFLOPS FP4 dense x 4; the printed row is the B300's 14 PFLOPS; highest claim counts
    ("gb300", "PD"): 36.9,  # follows from it
    ("mi210", "PD"): 4.0,  # 724 mm2 (TechPowerUp) against an estimate of 790 mm2
    ("b200", "DRAM"): 7700.0,  # the 180 GB part; the printed row is the 192 GB one
    ("mi210", "DRAM"): 1638.0,  # 1.6 TB/s rounded in print
}


def class_of(chip: Chip) -> str:
    """Paragraph of ECCN 3A090 by the figures alone (88 FR 73458, in force since 2023-11-17): a, b or none."""
    performance, density = chip.total_processing_performance, chip.performance_density
    assert performance is not None
    assert density is not None
    if performance >= 4800 or (performance >= 1600 and density >= 5.92):
        return "a"
    if (performance >= 2400 and density >= 1.6) or (performance >= 1600 and density >= 3.2):
        return "b"
    return ""


def ours(id: str, figure: str) -> float | None:
    found = chip(id)
    return {
        "TPP": found.total_processing_performance,
        "PD": found.performance_density,
        "DRAM": found.memory_gb_per_s,
        "I/O": found.interconnect_gb_per_s,
    }[figure]


@pytest.mark.parametrize("id", PRINTED)
def test_figures_of_the_law_come_out_as_printed(id):
    for figure, printed, tolerance in zip(("TPP", "PD", "DRAM", "I/O"), PRINTED[id], (1, 0.05, 0.5, 0.5), strict=False):
        expected = DIFFERENCES.get((id, figure), printed)
        if expected is not None:
            assert ours(id, figure) == pytest.approx(expected, abs=tolerance), figure


def test_every_listed_difference_is_one():
    for (name, figure), value in DIFFERENCES.items():
        printed = dict(zip(("TPP", "PD", "DRAM"), PRINTED[name], strict=False))[figure]
        assert value != pytest.approx(printed, rel=0.01)


@pytest.mark.parametrize(("id", "paragraph"), [(name, row[4]) for name, row in PRINTED.items() if row[4] is not None])
def test_the_class_of_each_printed_chip_follows_from_our_figures(id, paragraph):
    assert class_of(chip(id)) == paragraph


@pytest.mark.parametrize("id", ["l20", "l2"])
def test_chips_made_to_stay_below_the_thresholds_stay_below_them(id):
    assert class_of(chip(id)) == ""


def test_stated_performance_that_differs_from_the_derived_is_listed_and_higher():
    differing = {}
    for found in chips().values():
        stated = found.stated_total_processing_performance
        if stated is None:
            continue
        pairs = ((found.bf16_tflops, 16), (found.fp8_tflops, 8), (found.fp4_tflops, 4))
        derived = max(tflops * bits for tflops, bits in pairs if tflops)
        assert stated > derived, "a stated figure below the derived one would lower the law's figure"
        assert found.sources["stated_total_processing_performance"]
        differing[found.id] = (derived, stated)
    assert differing == {"rtx-4090d": (4704, 4708), "rtx-5090d": (pytest.approx(3806.4), 4750)}


@pytest.mark.parametrize(
    ("full", "cut"), [("a100-sxm-80gb", "a800-sxm"), ("h100-sxm", "h800-sxm"), ("h100-pcie", "h800-pcie")]
)
def test_the_parts_cut_for_china_in_2022_differ_in_the_interconnect_alone(full, cut):
    assert chip(cut).interconnect_gb_per_s == 400
    assert chip(full).interconnect_gb_per_s >= 600
    assert chip(cut).total_processing_performance == chip(full).total_processing_performance


def test_h20_is_below_the_limits_by_its_figures():
    h20 = chip("h20")
    assert h20.total_processing_performance == 2368
    assert h20.performance_density == pytest.approx(2.91, abs=0.005)


def test_there_are_the_chips_of_the_collection():
    assert len(chips()) == 99


IDS = """a100-sxm-80gb a800-sxm h100-sxm h800-sxm h20 h200-sxm b200 b300 gb200 gb300 mi210 mi300x mi325x mi355x
ascend-910b ascend-910c ascend-950pr ppu mlu590 p800 rtx-4090 rtx-4090d l40s"""


@pytest.mark.parametrize("id", IDS.split())
def test_the_ids_that_examples_and_rules_use_exist(id):
    assert chip(id).id == id


@pytest.mark.parametrize("found", chips().values(), ids=chips())
class TestEveryChip:
    def test_has_an_id_of_small_letters_digits_and_hyphens(self, found):
        assert found.id == found.id.lower()
        assert found.id.replace("-", "").isalnum()

    def test_has_a_name_a_designer_and_its_country(self, found):
        assert found.name
        assert found.designer
        assert found.designer_headquarters in {"US", "CN"}

    def test_has_a_source_and_a_level_of_verification(self, found):
        assert found.sources["*"]
        assert found.verification in LEVELS
        assert set(found.sources) - {"*"} <= {each.name for each in fields(Chip)}

    def test_has_figures_in_their_units(self, found):
        bounds = {
            "bf16_tflops": (20, 15_000),
            "fp8_tflops": (80, 25_000),
            "fp4_tflops": (500, 50_000),
            "memory_gb": (0.5, 500),
            "memory_gb_per_s": (200, 30_000 if "wse" not in found.id and "groq" not in found.id else 3e7),
            "interconnect_gb_per_s": (30, 4000),
            "die_area_mm2": (250, 2000 if found.id != "wse-3" else 50_000),
            "power_w": (50, 2000 if found.id != "wse-3" else 25_000),
        }
        for name, (low, high) in bounds.items():
            value = getattr(found, name)
            assert value is None or low <= value <= high, name

    def test_does_not_slow_down_at_lower_precision(self, found):
        known = [each for each in (found.bf16_tflops, found.fp8_tflops, found.fp4_tflops) if each is not None]
        assert known == sorted(known)

    def test_is_subject_to_the_ear_if_designed_in_the_us_and_else_unknown(self, found):
        assert found.subject_to_ear is (True if found.designer_headquarters == "US" else None)
        assert found.sources["subject_to_ear"]

    def test_is_low_if_only_rumoured_estimated_or_of_doubtful_origin(self, found):
        raw = found.sources["verification"]
        if raw.startswith(("low", "rumour", "estimate", "tertiary")):
            assert found.verification == "low"

    def test_says_why_two_collections_agree(self, found):
        if found.verification == "two collections agree":
            assert "Epoch AI" in found.sources["verification"] or "https://" in found.sources["verification"]

    def test_has_a_performance_of_the_law_unless_low(self, found):
        if found.verification != "low":
            assert found.total_processing_performance is not None


@pytest.mark.parametrize("id", ["rtx-4090", "rtx-4090d", "rtx-5090", "rtx-5090d"])
def test_consumer_parts_are_not_for_data_centres(id):
    assert chip(id).for_data_centres is False


@pytest.mark.parametrize("id", ["h100-sxm", "l40s", "t4", "mi300x", "ascend-910c", "gaudi-3", "tpu-v5p"])
def test_data_centre_parts_are(id):
    assert chip(id).for_data_centres is True


@pytest.mark.parametrize("id", ["rtx-pro-6000d", "b20", "ascend-310p"])
def test_where_the_product_line_leaves_it_open_it_is_unknown(id):
    assert chip(id).for_data_centres is None


@pytest.mark.parametrize("id", ["ppu", "mlu590", "p800", "ascend-910b", "b20", "mi308x", "h20-141gb"])
def test_chips_known_from_press_or_memory_alone_are_low(id):
    assert chip(id).verification == "low"


def test_a_chip_without_figures_has_no_performance():
    assert chip("b20").total_processing_performance is None
    assert chip("b20").performance_density is None


def test_a_cell_filled_from_epoch_says_so():
    assert chip("tpu-v5e").die_area_mm2 == 325
    assert chip("tpu-v5e").sources["die_area_mm2"].startswith("Epoch AI")


def test_an_unknown_chip_is_refused_with_the_closest():
    with pytest.raises(CatalogueError, match=r'there is no chip "h100-sxn"; did you mean h100-sxm\?'):
        chip("h100-sxn")


def test_the_closest_may_be_found_by_name():
    with pytest.raises(CatalogueError, match=r"did you mean h100-sxm\?"):
        chip("NVIDIA H100 SXM5 80 GB")


def test_an_unknown_chip_like_none_is_refused_with_the_other_mend():
    with pytest.raises(CatalogueError, match="define it under `chips` in the portfolio"):
        chip("qqqqqq")


def test_the_table_cannot_be_changed_by_a_caller():
    with pytest.raises(TypeError):
        chips()["h100-sxm"] = chip("h20")  # type: ignore[index]


@pytest.mark.parametrize(
    ("column", "text"),
    [("bf16_tflops", "fast"), ("verification", "sure"), ("for_data_centres", "maybe"), ("released", "May")],
)
def test_a_malformed_row_is_refused(column, text):
    row = {**read_rows("chips")[0], column: text}
    with pytest.raises((ValueError, KeyError)):
        _chip_from(row)
