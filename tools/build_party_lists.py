"""Builds the bundled party lists of ``lexloci.parties`` from the published snapshots.

``python tools/build_party_lists.py SCREENING_LIST.json US_1260H.csv CITATION_DATES.csv MOFCOM.json METI.json``

Inputs: the US Consolidated Screening List as one JSON file with lookup tables (generated from
data.trade.gov, see data/SOURCES.md), the extract of the 1260H lists by edition, the table of dates of
Federal Register citations, and MOFCOM's and METI's lists as registries of records. The dated events and the
consequences of the lists are copied from the tables beside this script. The output is the same for the same
input, byte by byte.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from lexloci.parties.importers.csl_tables import rows_of_tables, title_of
from lexloci.parties.importers.registry import CODE_OF_LIST, TITLES, edition_of, is_group, row_of_record
from lexloci.parties.importers.repair import names_of, scripts_of, scripts_throughout
from lexloci.parties.listing import ListedParty
from lexloci.parties.row_form import as_array

DATA = Path(__file__).resolve().parent.parent / "src" / "lexloci" / "parties" / "data"
TABLES = {
    "list_events.csv": Path(__file__).with_name("party_list_events.csv"),
    "list_consequences.csv": Path(__file__).with_name("party_list_consequences.csv"),
}
LIMIT_DAYS = 30  # docs/explanation/answers.md: a party list older than this gives human review
EDITION_LIMIT_DAYS = 400  # section 1260H(b) of the FY2021 NDAA: one edition a year; an edition stands until the next
TRADE_NAMES = {
    "Alibaba Group Holding Limited": "Alibaba|Alibaba Group",
    "Baidu, Inc.": "Baidu",
    "BYD Company Limited": "BYD",
    "Zhongji Innolight Co. Ltd.": "Innolight",
    "Tencent Holdings Limited": "Tencent",
    "Huawei Technologies Co. Ltd.": "Huawei",
    "Inspur Group Co. Ltd.": "Inspur|Inspur Group",
    "SenseTime Group Inc.": "SenseTime",
    "Hangzhou Hikvision Digital Technology Co. Ltd.": "Hikvision",
}
CITATIONS = {
    "CN-ECL": "Export Control Law of the PRC; Regulations on dual-use items",
    "CN-UEL": "Provisions on the Unreliable Entity List",
    "CN-AL": "announcements of MOFCOM",
    "JP-EUL": "METI, Foreign End User List, catch-all control",
}
US_PUBLIC = "US public domain; transcription MIT"
OFFICIAL = "official list; transcription MIT"


def write_rows(name: str, rows: Iterable[ListedParty]) -> None:
    """Writes rows as a compressed array of arrays."""
    text = json.dumps([as_array(row) for row in rows], ensure_ascii=False, separators=(",", ":"))
    (DATA / name).write_bytes(gzip.compress(text.encode(), 9, mtime=0))


def write_1260h(source: Path) -> int:
    """Writes the 1260H extract with its trade names; returns how many parties it has."""
    editions = ["2024-01-31", "2025-01-07", "2026-06-08"]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["name", "aliases", "first_listed", *editions, "note"])
    rows = list(csv.DictReader(source.read_text(encoding="utf-8").splitlines()))
    for row in rows:
        own, *aliases = names_of(row["name"], (), "1260H")
        trade = TRADE_NAMES.get(row["name"], "").split("|")
        names = list(dict.fromkeys(name for name in (*aliases, *trade) if name and name != own))
        if row["name"].endswith(")") and own == row["name"]:
            own, inside = own[:-1].rsplit(" (", 1)
            names = [*names, inside]
        cells = [row[f"on_{edition}"] for edition in editions]
        writer.writerow([own, "|".join(names), row["first_listed"], *cells, row["note"]])
    (DATA / "us_1260h.csv").write_text(out.getvalue(), encoding="utf-8")
    events = csv.DictReader(TABLES["list_events.csv"].read_text(encoding="utf-8").splitlines())
    proposed = {row["party"] for row in events if row["list"] == "1260H"}
    known = {name for line in csv.reader(out.getvalue().splitlines()) for name in line[:1]}
    return len(rows) + len(proposed - known)


def write_citation_dates(source: Path) -> None:
    """Writes the citations whose date was checked against Federal Register documents; the others stay out."""
    rows = csv.DictReader(source.read_text(encoding="utf-8").splitlines())
    kept = [row for row in rows if row["date"] and row["basis"].startswith("order-aligned")]
    lines = ["volume,page,published", *(f"{row['volume']},{row['page']},{row['date']}" for row in kept)]
    (DATA / "federal_register_dates.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def screening_lists(snapshot: dict[str, Any], rows: list[ListedParty], source: Path) -> list[dict[str, Any]]:
    """The lists of the Consolidated Screening List as entries of the index."""
    counts = Counter(row.list_code for row in rows)
    return [
        {
            "code": authority["code"],
            "title": title_of(name),
            "dated": snapshot["sourceGeneratedAt"][:10],
            "limit_days": LIMIT_DAYS,
            "complete": True,
            "parties": counts[authority["code"]],
            "citation": authority["citation"].replace("C.F.R.", "CFR"),
            "source": f"US Consolidated Screening List, {snapshot['source']['url']}",
            **_scripts([row for row in rows if row.list_code == authority["code"]]),
            "licence": US_PUBLIC,
            "sha256": _sum_of(source),
        }
        for name, authority in snapshot["listAuthority"].items()
    ]


def list_1260h(parties: int, source: Path) -> dict[str, Any]:
    """The 1260H extract as an entry of the index."""
    return {
        "code": "1260H",
        "title": "Section 1260H list of Chinese military companies",
        "dated": "2026-06-08",
        "limit_days": EDITION_LIMIT_DAYS,
        "complete": False,
        "parties": parties,
        "citation": "section 1260H of the FY2021 NDAA (P.L. 116-283); 91 FR 35189 (2026-06-10)",
        "source": "extract of the editions to 2026-06-08, "
        "https://www.federalregister.gov/documents/2026/06/10/2026-11571/",
        "scripts": ["Latn"],
        "scripts_throughout": ["Latn"],
        "licence": "facts",
        "sha256": _sum_of(source),
    }


def registry_lists(records: list[dict[str, Any]], source: Path) -> list[dict[str, Any]]:
    """The lists of a registry as entries of the index: each by its edition, else by the day it was last read."""
    entries = []
    for code in dict.fromkeys(CODE_OF_LIST[record["list_id"]] for record in records):
        own = [record for record in records if CODE_OF_LIST[record["list_id"]] == code]
        edition = edition_of(own[0]["source_url"]) if not own[0]["date_added"] else None
        rows = [row_of_record(record) for record in own]
        entries.append(
            {
                "code": code,
                "title": TITLES[code],
                "dated": edition.isoformat() if edition else min(record["last_verified"] for record in own),
                "limit_days": EDITION_LIMIT_DAYS if edition else LIMIT_DAYS,
                "complete": not any(is_group(record) for record in own),
                "parties": len(own),
                "citation": CITATIONS[code],
                "source": own[0]["source_url"] if edition else "https://aqygzj.mofcom.gov.cn/flzc/gzjgfxwj/index.html",
                **_scripts(rows),
                "licence": OFFICIAL,
                "sha256": _sum_of(source),
            }
        )
    return entries


def _scripts(rows: list[ListedParty]) -> dict[str, list[str]]:
    return {
        "scripts": sorted(scripts_of(name for row in rows for name in row.names)),
        "scripts_throughout": sorted(scripts_throughout(row.names for row in rows)),
    }


def _sum_of(source: Path) -> str:
    return hashlib.sha256(source.read_bytes()).hexdigest()


def main(arguments: list[str]) -> int:
    """Builds all files; 2 on wrong usage."""
    if len(arguments) != 5:
        print(__doc__, file=sys.stderr)
        return 2
    screening, extract, dates, mofcom, meti = (Path(argument) for argument in arguments)
    snapshot = json.loads(screening.read_text(encoding="utf-8"))
    rows = rows_of_tables(snapshot)
    if len(rows) != snapshot["entryCount"]:
        print(f"{screening}: {len(rows)} rows, but it says {snapshot['entryCount']}", file=sys.stderr)
        return 1
    write_rows("screening-list.json.gz", rows)
    lists = screening_lists(snapshot, rows, screening)
    lists.append(list_1260h(write_1260h(extract), extract))
    for name, source in (("mofcom.json.gz", mofcom), ("meti.json.gz", meti)):
        records = json.loads(source.read_text(encoding="utf-8"))
        write_rows(name, map(row_of_record, records))
        lists += registry_lists(records, source)
    write_citation_dates(dates)
    for name, table in TABLES.items():
        (DATA / name).write_bytes(table.read_bytes())
    names = ("screening-list.json.gz", "us_1260h.csv", "mofcom.json.gz", "meti.json.gz", "federal_register_dates.csv")
    files = {name: hashlib.sha256((DATA / name).read_bytes()).hexdigest() for name in (*names, *TABLES)}
    text = json.dumps({"lists": lists, "sha256": files}, ensure_ascii=False, indent=1)
    (DATA / "index.json").write_text(text + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
