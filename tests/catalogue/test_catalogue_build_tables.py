"""The tables' builders: units of the sources, merging, levels of verification, offers and coordinates."""

from __future__ import annotations

import csv
import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

import build_catalogue
import catalogue_chips
import catalogue_countries
import catalogue_prices

COLLECTED = {
    "chip": "X1",
    "vendor": "NVIDIA",
    "designer_hq": "US",
    "release": "2022-10",
    "fp16_bf16_tflops_dense": "100",
    "fp8_int8_tops_dense": "",
    "fp4_tflops_dense": "",
    "mem_gb": "",
    "mem_bw_gbps": "2000",
    "scaleup": "NVLink4",
    "scaleup_GBps_bidir": "",
    "scaleup_domain": "8",
    "die_area_mm2": "",
    "tdp_w": "400",
    "tpp": "1600",
    "verification": "verified",
    "sources": "a datasheet",
    "uncertain": "",
}
EPOCH = {
    "Tensor-FP16/BF16 performance (FLOP/s)": "9e13",
    "FP8 performance (FLOP/s)": "",
    "INT8 performance (OP/s)": "2e14",
    "FP4 performance (FLOP/s)": "",
    "Memory (bytes)": "80000000000.0",
    "Memory bandwidth (byte/s)": "1e12",
    "Intranode bandwidth (byte/s)": "900000000000.0",
    "Die Size (mm^2)": "814.0",
    "TDP (W)": "",
    "Release date": "2022-09-20",
    "Total processing performance (bit-OP/s)": "1.6e15",
}
ENTRY = {"name": "X1", "id": "x1", "for_data_centres": "yes", "title": ""}


def row(epoch=EPOCH, entry=ENTRY, **changes):
    return catalogue_chips.chip_row({**COLLECTED, **changes}, epoch, entry)


def test_a_blank_cell_is_filled_in_our_units_with_its_source():
    built = row()
    assert (built["fp8_tflops"], built["memory_gb"], built["interconnect_gb_per_s"]) == ("200", "80", "900")
    assert built["die_area_mm2"] == "814"
    sources = json.loads(built["sources"])
    assert {name for name, text in sources.items() if text == catalogue_chips.EPOCH} == {
        "fp8_tflops", "memory_gb", "interconnect_gb_per_s", "die_area_mm2",
    }  # fmt: skip
    assert sources["*"].startswith("a datasheet")


def test_what_the_classes_rest_on_has_a_source_with_a_date():
    sources = json.loads(row(scaleup_GBps_bidir="600")["sources"])
    assert sources["interconnect_gb_per_s"].startswith("NVLink4, both directions added: a datasheet")
    assert all("2026-11" in sources[name] for name in ("interconnect_gb_per_s", "for_data_centres"))


def test_a_cell_of_the_collection_is_never_overwritten():
    built = row()
    assert (built["bf16_tflops"], built["memory_gb_per_s"], built["power_w"]) == ("100", "2000", "400")


def test_what_neither_has_stays_blank():
    built = row(epoch={}, tdp_w="")
    assert (built["fp4_tflops"], built["power_w"], built["memory_gb"]) == ("", "", "")


def test_a_row_without_a_source_says_that_it_was_recalled():
    assert json.loads(row(sources="")["sources"])["*"].startswith("published figures as recalled, no source read")


def test_a_domain_of_unknown_size_is_one_chip_by_assumption():
    built = row(scaleup_domain="")
    assert built["scale_up_chips"] == "1"
    assert json.loads(built["sources"])["scale_up_chips"].startswith("assumption: ")


def test_a_chinese_chip_is_not_said_to_be_subject_to_the_ear_nor_not_to_be():
    assert row()["subject_to_ear"] == "yes"
    assert row(designer_hq="CN")["subject_to_ear"] == ""


@pytest.mark.parametrize(
    ("said", "level"),
    [
        ("verified", "verified"),
        ("verified(100 TFLOPS datasheet)", "verified"),
        ("verified(0.1 PF FP8)", "verified"),
        ("verified(100, 16GB)", "verified"),
        ("partly verified", "partly verified"),
        ("partly verified(100 FP8)", "partly verified"),
        ("recalled", "two collections agree"),
        ("verified(die,mem)", "two collections agree"),
        ("verified(die,mem); FP8 dense 100 recalled", "two collections agree"),
        ("verified(96 GB, 700 GB/s, 400 W)", "two collections agree"),
        ("low", "low"),
        ("rumour", "low"),
        ("estimate", "low"),
        ("tertiary", "low"),
        ("verified(100, 96GB tertiary)", "low"),
        ("partly (tertiary: a blog)", "low"),
    ],
)
def test_the_level_is_that_of_the_operations_per_second(said, level):
    assert catalogue_chips.verification({**COLLECTED, "verification": said}, EPOCH)[0] == level


@pytest.mark.parametrize("said", ["recalled", "verified(die,mem)", "verified(100 GB, 100 W)", ""])
@pytest.mark.parametrize("epoch", [{}, {**EPOCH, "Total processing performance (bit-OP/s)": "1.7e15"}])
def test_what_was_only_recalled_is_low_without_a_second_collection_that_agrees(said, epoch):
    assert catalogue_chips.verification({**COLLECTED, "verification": said}, epoch)[0] == "low"


@given(st.floats(0.5, 2.0))
def test_two_collections_agree_within_a_hundredth(factor):
    epoch = {**EPOCH, "Total processing performance (bit-OP/s)": str(factor * 1.6e15)}
    level, why = catalogue_chips.verification({**COLLECTED, "verification": "recalled"}, epoch)
    assert (level == "two collections agree") == (abs(factor - 1) <= 0.01) == bool(why)


@pytest.mark.parametrize(
    ("collected", "epoch", "released"),
    [
        ("2022-10", "2022-09-20", "2022-10-01"),
        ("2022", "2022-09-20", "2022-09-20"),
        ("2021-2022", "2022-09-20", "2022-09-20"),
        ("2023", "2022-09-20", ""),
        ("", "2022-09-20", "2022-09-20"),
        ("2023", "", ""),
        ("2023-2024", "", ""),
    ],
)
def test_a_release_is_a_day_only_where_the_month_is_known(collected, epoch, released):
    assert catalogue_chips._released(collected, epoch)[0] == released


def offer(model="NVIDIA H100 SXM5", price=2.0, *, memory=80, form="SXM", spot=False, provider="a", caveats=None):
    return {
        "gpu_model": model, "vram_gb": memory, "interconnect": form, "is_spot": spot, "price_usd_hour": price,
        "provider_id": provider, "source_url": f"https://{provider}.example/pricing", "caveats": caveats,
    }  # fmt: skip


def prices(tmp_path, *offers):
    file = tmp_path / "offers.json"
    file.write_text(json.dumps(offers), encoding="utf-8")
    return list(catalogue_prices.price_rows(file))


@pytest.mark.parametrize(
    ("model", "memory", "form", "chip"),
    [
        ("NVIDIA H100 SXM5", 80, "SXM", "h100-sxm"),
        ("NVIDIA HGX H100", 80, "SXM", "h100-sxm"),
        ("H100 SXM", 80, "", "h100-sxm"),
        ("NVIDIA H100 PCIe NVLink", 80, "NVLink", "h100-pcie"),
        ("NVIDIA H100 NVL", 94, "NVL", "h100-nvl"),
        ("NVIDIA H100", 80, "", None),
        ("NVIDIA A100 80GB SXM", 80, "SXM", "a100-sxm-80gb"),
        ("NVIDIA A100 SXM4", 40, "NVLink", "a100-sxm-40gb"),
        ("NVIDIA A100 NVLink", 80, "NVLink", None),
        ("NVIDIA A100 80GB PCIe", 80, "PCIe", "a100-pcie-80gb"),
        ("NVIDIA A10", 24, "PCIe", "a10"),
        ("NVIDIA L40S", 48, "PCIe", "l40s"),
        ("NVIDIA L40", 48, "PCIe", "l40"),
        ("NVIDIA L40", 40, "PCIe", None),
        ("RTX 4090 (48 GB mod)", 48, "PCIe", None),
        ("RTX 4090 (High freq.)", 24, "PCIe", None),
        ("NVIDIA GeForce RTX 4090", 24, "PCIe", "rtx-4090"),
        ("NVIDIA B200 NVL", 180, "NVL", None),
        ("NVIDIA B200", 192, "", "b200"),
        ("NVIDIA B300", 180, "", None),
        ("NVIDIA H200", 141, "", None),
        ("A800 80G", 80, "", None),
        ("NVIDIA GH200", 96, "", None),
        ("AMD MI300X", 192, "", "mi300x"),
        ("NVIDIA RTX Pro 6000 SE", 96, "PCIe", "rtx-pro-6000-server"),
        ("RTX PRO 6000 WE", 96, "PCIe", None),
    ],
)
def test_an_offer_counts_for_a_chip_only_if_it_names_its_form(model, memory, form, chip):
    assert catalogue_prices.offered_chip(model, memory, form) == chip


def test_quartiles_offers_and_providers_are_counted(tmp_path):
    offers = [offer(price=price, provider=provider) for price, provider in zip((1, 2, 3, 4, 5), "aabbc", strict=True)]
    (built,) = prices(tmp_path, *offers)
    assert (built["lower_quartile_usd_per_hour"], built["median_usd_per_hour"]) == ("2", "3")
    assert built["upper_quartile_usd_per_hour"] == "4"
    assert (built["offers"], built["providers"], built["term"]) == ("5", "3", "on-demand")


def test_a_single_offer_has_no_spread(tmp_path):
    (built,) = prices(tmp_path, offer(price=2.5))
    assert built["lower_quartile_usd_per_hour"] == built["upper_quartile_usd_per_hour"] == "2.5"


def test_what_may_be_taken_back_is_counted_apart(tmp_path):
    likely = ["Marketplace cheapest live offer — likely spot, not guaranteed on-demand"]
    built = prices(tmp_path, offer(), offer(spot=True), offer(caveats=likely))
    assert {(each["term"], each["offers"]) for each in built} == {("on-demand", "1"), ("interruptible", "2")}


@pytest.mark.parametrize("caveat", ["Spot price estimated (-56%)", "prices may be stale"])
def test_what_is_no_current_price_is_left_out(tmp_path, caveat):
    assert prices(tmp_path, offer(caveats=[caveat])) == []


@pytest.mark.parametrize(
    ("text", "digits", "degrees"),
    [("+0310", 3, "3.1667"), ("-3352", 3, "-33.8667"), ("+10142", 4, "101.7000"),
     ("-0005", 3, "-0.0833"), ("+515030", 3, "51.8417")],
)  # fmt: skip
def test_coordinates_of_the_tz_database_become_degrees(text, digits, degrees):
    assert catalogue_countries._degrees(text, digits) == degrees


def test_the_newest_year_of_each_country_is_taken(tmp_path):
    owid, geonames = tmp_path / "owid.csv", tmp_path
    (geonames / "countries.json").write_text('{"MY": {"iso3": "MYS"}}', encoding="utf-8")
    column = "Carbon intensity of electricity - gCO2e/kWh"
    owid.write_text(
        f"Entity,Code,Year,{column}\nMalaysia,MYS,2024,600\nMalaysia,MYS,2025,601\nMalaysia,MYS,2023,700\nASEAN,,2025,5\n",
        encoding="utf-8",
    )
    assert [
        (each["code"], each["carbon_g_per_kwh"], each["year"]) for each in catalogue_countries.grid_rows(owid, geonames)
    ] == [("MY", "601", "2025")]


def test_a_tariff_wins_over_a_wholesale_price(tmp_path):
    tariffs, wholesale = tmp_path / "tariffs.csv", tmp_path / "wholesale.csv"
    tariffs.write_text("code,usd_per_kwh,year,source\nSG,0.192,2024,a guide\n", encoding="utf-8")
    wholesale.write_text("region,year,mean_usd_per_mwh\nSG,2024,121.37\nKR,2023,90\nKR,2024,85.3\n", encoding="utf-8")
    built = {each["code"]: each for each in catalogue_countries.electricity_rows(tariffs, wholesale)}
    assert (built["SG"]["usd_per_kwh"], built["SG"]["kind"]) == ("0.192", "tariff")
    assert (built["KR"]["usd_per_kwh"], built["KR"]["kind"]) == ("0.08530", "wholesale")


def test_a_province_in_another_unit_is_refused(tmp_path):
    file = tmp_path / "provinces.json"
    entry = {"emission_factor": 0.5, "unit": "kgCO2/kWh", "description": "X", "year": 2023, "names": []}
    file.write_text(json.dumps({"data": {"CN-XX": entry}}), encoding="utf-8")
    with pytest.raises(ValueError, match="unit kgCO2/kWh"):
        list(catalogue_countries.province_rows(file))


def test_the_seal_holds_the_hash_of_each_file(tmp_path):
    for entry in build_catalogue.TABLES:
        (tmp_path / entry["file"]).write_text(entry["table"], encoding="utf-8")
    build_catalogue.seal(tmp_path)
    with (tmp_path / "tables.csv").open(encoding="utf-8", newline="") as file:
        sealed = list(csv.DictReader(file))
    assert [each["sha256"] for each in sealed] == [
        hashlib.sha256(each["table"].encode()).hexdigest() for each in sealed
    ]
