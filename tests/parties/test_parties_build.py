"""The builder of the bundled lists: what it repairs, and that it builds the same bytes again."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

import build_party_lists as builder


@pytest.mark.parametrize(
    ("name", "aliases", "names"),
    [
        (
            "Huawei Technologies Co., Ltd. (Huawei). Affiliated Entity: Hangzhou Huawei Enterprises",
            [],
            ["Hangzhou Huawei Enterprises"],
        ),
        ("CETC 13. Subordinate Institution - MT Microsystems", [], ["MT Microsystems"]),
        ("PAEC (PAEC), and subordinate entity Some Institute (SINS)", [], ["Some Institute", "SINS"]),
        ("Huawei Technologies Co., Ltd. (Huawei)", [], ["Huawei Technologies Co., Ltd.", "Huawei"]),
        ("LTS Holding Limited (f.k.a. IPP Ltd.)", [], ["LTS Holding Limited", "IPP Ltd."]),
        ("X", ["DJEL;\u00a0Dongfang Jingyuan Electron Limited", "HPSTAR;"], None),
        (
            "Cambricon Jixingge (Nanjing) Technology Co., Ltd.",
            [],
            ["Cambricon Jixingge (Nanjing) Technology Co., Ltd."],
        ),
        (
            "China Communications Construction Group (Limited)",
            [],
            ["China Communications Construction Group (Limited)"],
        ),
        ("Guangzhou Hongyu Co., Ltd. (a subordinate institute of CETC-7)", [], ["Guangzhou Hongyu Co., Ltd."]),
        ("AL-NASER  AIRLINES ", ["AL-NASER AIRLINES"], ["AL-NASER AIRLINES"]),
    ],
)
def test_names_are_repaired(name: str, aliases: list[str], names: list[str] | None) -> None:
    expected = names or ["X", "DJEL", "Dongfang Jingyuan Electron Limited", "HPSTAR"]
    assert builder.names_of({"n": name, "a": aliases}, "EL") == expected


def test_a_parent_in_the_brackets_of_an_alias_is_no_name() -> None:
    aliases = ["10th Research Institute of China Electronics (CETC)", "Air Institute (AI)"]
    names = builder.names_of({"n": "Southwest Institute", "a": aliases}, "EL")
    assert "CETC" not in names
    assert "10th Research Institute of China Electronics" in names
    assert "AI" not in names or "Air Institute" in names


def test_names_of_the_treasury_lists_stay_as_printed() -> None:
    raw = {"n": "SOCIETE (SATS)", "a": ["A; B"]}
    assert builder.names_of(raw, "SDN") == ["SOCIETE (SATS)", "A", "B"]


@pytest.fixture
def inputs(tmp_path: Path) -> list[str]:
    """Three small input files."""
    source = "Entity List (EL) - Bureau of Industry and Security"
    snapshot = {
        "source": {"url": "https://example.org/csl.json"},
        "sourceGeneratedAt": "2026-07-31T13:15:00+00:00",
        "entryCount": 1,
        "listAuthority": {source: {"code": "EL", "citation": "15 C.F.R. § 744.16"}},
        "tables": {"sources": [source], "licenceRequirements": ["All"], "licencePolicies": ["Presumption"]},
        "entries": [{"n": "Inspur  Group", "a": ["IGL"], "s": 0, "c": ["CN"], "lr": 0, "lp": 0, "fr": "88  FR 13675"}],
    }
    (tmp_path / "csl.json").write_text(json.dumps(snapshot), encoding="utf-8")
    head = "name,first_listed,on_2024-01-31,on_2025-01-07,on_2026-06-08,removed,note\n"
    rows = "Semiconductor Manufacturing International Corporation (SMIC),2021-06-03,yes,yes,yes,,\n"
    (tmp_path / "1260h.csv").write_text(head + rows, encoding="utf-8")
    dates = "volume,page,entity_list_entries,date,basis,year_by_volume\n"
    dates += (
        '88,13675,42,2023-03-06,order-aligned with documents,2023\n89,51652,2,2024-06-18,"recalled, unverified",2024\n'
    )
    (tmp_path / "dates.csv").write_text(dates, encoding="utf-8")
    return [str(tmp_path / name) for name in ("csl.json", "1260h.csv", "dates.csv")]


def test_the_builder_writes_the_same_bytes_twice(
    inputs: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = []
    for place in ("one", "two"):
        (tmp_path / place).mkdir()
        monkeypatch.setattr(builder, "DATA", tmp_path / place)
        assert builder.main(inputs) == 0
        written.append({path.name: path.read_bytes() for path in (tmp_path / place).iterdir()})
    assert written[0] == written[1]
    rows = json.loads(gzip.decompress(written[0]["screening-list.json.gz"]))
    assert rows == [["EL", ["Inspur Group", "IGL"], "", ["CN"], "All", "Presumption", "88 FR 13675"]]
    assert b"Semiconductor Manufacturing International Corporation,SMIC,2021-06-03" in written[0]["us_1260h.csv"]


def test_recalled_dates_stay_out(inputs: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(builder, "DATA", tmp_path)
    assert builder.main(inputs) == 0
    assert (tmp_path / "federal_register_dates.csv").read_text().splitlines() == [
        "volume,page,published",
        "88,13675,2023-03-06",
    ]


def test_a_snapshot_that_lost_rows_is_refused(
    inputs: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(builder, "DATA", tmp_path)
    snapshot = json.loads(Path(inputs[0]).read_text())
    snapshot["entryCount"] = 2
    Path(inputs[0]).write_text(json.dumps(snapshot))
    assert builder.main(inputs) == 1
    assert "1 rows, but it says 2" in capsys.readouterr().err
    assert not (tmp_path / "index.json").exists()


def test_wrong_usage_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert builder.main([]) == 2
    assert "SCREENING_LIST.json" in capsys.readouterr().err
