"""The builder of the bundled lists: what it repairs, and that it builds the same bytes again."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

import build_party_lists as builder


@pytest.fixture
def inputs(tmp_path: Path) -> list[str]:
    """Three small input files."""
    source = "Entity List (EL) - Bureau of Industry and Security"
    snapshot = {
        "source": {"url": "https://example.org/csl.json"},
        "sourceGeneratedAt": "2026-07-31T13:15:00+00:00",
        "entryCount": 1,
        "listAuthority": {source: {"code": "EL", "citation": "15 C.F.R. § 744.16"}},
        "tables": {
            "sources": [source],
            "licenceRequirements": ["All"],
            "licencePolicies": ["Presumption"],
            "programmes": ["NPWMD; IRAN"],
        },
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
    record = {
        "list_id": "cn-attention-list",
        "entity_name": "SUBARU Corporation",
        "aliases": ["斯巴鲁株式会社"],
        "addresses": [],
        "date_added": "2026-02-24",
        "entity_type": "organization",
        "last_verified": "2026-07-19",
        "source_url": "https://example.org/art.html",
    }
    edition = {
        **record,
        "list_id": "jp-end-user-list",
        "entity_name": "",
        "addresses": ["People's Republic of China Some Works"],
        "date_added": None,
        "source_url": "https://example.org/20250929006.html",
    }
    (tmp_path / "cn.json").write_text(json.dumps([record]), encoding="utf-8")
    (tmp_path / "jp.json").write_text(json.dumps([edition]), encoding="utf-8")
    return [str(tmp_path / name) for name in ("csl.json", "1260h.csv", "dates.csv", "cn.json", "jp.json")]


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
    assert rows == [["EL", ["Inspur Group", "IGL"], "", ["CN"], "All", "Presumption", "88 FR 13675", "inspur group"]]
    index = json.loads(written[0]["index.json"])
    assert [(one["code"], one["dated"], one["scripts"]) for one in index["lists"]] == [
        ("EL", "2026-07-31", ["Latn"]),
        ("1260H", "2026-06-08", ["Latn"]),
        ("CN-AL", "2026-07-19", ["Hani", "Latn"]),
        ("JP-EUL", "2025-09-29", ["Hani", "Latn"]),
    ]
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
