"""Builds the bundled party lists of ``lexloci.parties`` from the published snapshots.

``python tools/build_party_lists.py SCREENING_LIST.json US_1260H.csv CITATION_DATES.csv``

Inputs: the US Consolidated Screening List as one JSON file with lookup tables (generated from
data.trade.gov, see data/SOURCES.md), the extract of the 1260H lists by edition, and the table of
dates of Federal Register citations. The output is the same for the same input, byte by byte.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import re
import sys
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parent.parent / "src" / "lexloci" / "parties" / "data"
LIMIT_DAYS = 30  # docs/explanation/answers.md: a party list older than this gives human review
ANNUAL_LIMIT_DAYS = 400  # section 1260H(b) of the FY2021 NDAA: one edition a year; an edition stands until the next
OFFICE_LISTS = ("EL", "MEU", "UVL", "DPL")  # kept by the Bureau of Industry and Security
SUBORDINATE = re.compile(r"^.*?(?:\. ?Affiliated Entity:|\. ?Subordinate Institution ?[-–]|, and subordinate entity) *")
OTHER_NAME = re.compile(r",? *\(?\b[afn]\.k\.a\.[,:]? *", re.IGNORECASE)
TRAILING_BRACKETS = re.compile(r"^(?P<name>.*\S) *\((?P<inside>[^()]+)\)\.?$")
ABBREVIATION = re.compile(r"^[A-Z][A-Z0-9&. -]{2,14}$")
UNSETTLED = {
    # Sources disagree: a transcription has them removed on 2026-02-17 (the notice of 2026-02-13 that
    # would have dropped them was withdrawn) and listed again on 2026-06-08; the outcome is open.
    "Yangtze Memory Technologies Co. Ltd. (YMTC)": "2026-02-17",
    "ChangXin Memory Technologies Inc. (CXMT)": "2026-02-17",
}
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
LETTER = "2025-10-07: a letter says that it merits inclusion, a proposal without effect."
WITHDRAWN = "2026-02-13: a notice on public inspection was withdrawn about an hour later, without effect."
PROPOSALS = {
    "Alibaba Group Holding Limited": f"{LETTER}|{WITHDRAWN}",
    "Baidu, Inc.": f"{LETTER}|{WITHDRAWN}",
    "BYD Company Limited": f"{LETTER}|{WITHDRAWN}",
    "Zhongji Innolight Co. Ltd.": LETTER,
    "Yangtze Memory Technologies Co. Ltd. (YMTC)": WITHDRAWN,
    "ChangXin Memory Technologies Inc. (CXMT)": WITHDRAWN,
}


def names_of(raw: dict[str, Any], code: str) -> list[str]:
    """The names of a row, the first one its own: prefixes, glued aliases and bracketed names taken apart."""
    first: str = raw["n"]
    rest: list[str] = raw.get("a", [])
    pieces = [SUBORDINATE.sub("", first)] if code in OFFICE_LISTS else [first]
    pieces += [piece for alias in rest for piece in alias.split(";")]
    names: list[str] = []
    for place, piece in enumerate(pieces):
        names += split_brackets(piece, own=place == 0) if code in (*OFFICE_LISTS, "1260H") else [piece]
    clean = [re.sub(r"\s+", " ", name).strip(" ;,") for name in names]
    return list(dict.fromkeys(name for name in clean if name))


def split_brackets(name: str, *, own: bool) -> list[str]:
    """The names inside one cell: "X (ABC)" and "X, a.k.a. Y" hold two; "X (Limited)" holds one.

    In an alias the brackets may name a parent ("10th Research Institute of ... (CETC)"), so there the
    abbreviation counts as a name only where it begins as the alias does.
    """
    parts = OTHER_NAME.split(name)
    if len(parts) > 1:
        return [part.strip().removesuffix(")") if "(" not in part else part for part in parts]
    match = TRAILING_BRACKETS.match(name)
    if match is None:
        return [name]
    base, inside = match["name"], match["inside"]
    if inside.startswith("a sub"):
        return [base]
    if inside.split()[0].casefold() == base.split()[0].casefold():
        return [base, inside]
    if ABBREVIATION.match(inside):
        return [base, inside] if own or inside[0].casefold() == base[0].casefold() else [base, name]
    return [name]


def screening_rows(snapshot: dict[str, Any]) -> list[list[Any]]:
    """One row a party: code, names, kind, countries, licence requirement, licence policy, citation."""
    tables = snapshot["tables"]
    codes = [snapshot["listAuthority"][source]["code"] for source in tables["sources"]]
    rows = []
    for raw in snapshot["entries"]:
        code = codes[raw["s"]]
        requirement = tables["licenceRequirements"][raw["lr"]] if "lr" in raw else ""
        policy = tables["licencePolicies"][raw["lp"]] if "lp" in raw else ""
        citation = re.sub(r"\s+", " ", raw.get("fr", "")).strip()
        kind = raw.get("t") or ""
        rows.append([code, names_of(raw, code), kind, raw.get("c", []), requirement, policy, citation])
    return rows


def write_1260h(source: Path) -> None:
    """Writes the 1260H extract with its trade names, its unsettled rows and its proposals."""
    editions = ["2024-01-31", "2025-01-07", "2026-06-08"]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["name", "aliases", "first_listed", *editions, "unsettled_from", "proposals", "note"])
    for row in csv.DictReader(source.read_text(encoding="utf-8").splitlines()):
        own, *aliases = names_of({"n": row["name"]}, "1260H")
        trade = TRADE_NAMES.get(row["name"], "").split("|")
        names = list(dict.fromkeys(name for name in (*aliases, *trade) if name and name != own))
        if row["name"].endswith(")") and own == row["name"]:
            own, inside = own[:-1].rsplit(" (", 1)
            names = [*names, inside]
        cells = [row[f"on_{edition}"] for edition in editions]
        proposed = PROPOSALS.get(row["name"], "")
        unsettled = UNSETTLED.get(row["name"], "")
        writer.writerow([own, "|".join(names), row["first_listed"], *cells, unsettled, proposed, row["note"]])
    (DATA / "us_1260h.csv").write_text(out.getvalue(), encoding="utf-8")


def write_citation_dates(source: Path) -> None:
    """Writes the citations whose date was checked against Federal Register documents; the others stay out."""
    rows = csv.DictReader(source.read_text(encoding="utf-8").splitlines())
    kept = [row for row in rows if row["date"] and row["basis"].startswith("order-aligned")]
    lines = ["volume,page,published", *(f"{row['volume']},{row['page']},{row['date']}" for row in kept)]
    (DATA / "federal_register_dates.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_index(snapshot: dict[str, Any], rows: list[list[Any]]) -> None:
    """Writes index.json: every list with its date, source and size, every file with its sum."""
    dated = snapshot["sourceGeneratedAt"][:10]
    lists = []
    for source, authority in snapshot["listAuthority"].items():
        code = authority["code"]
        size = sum(1 for row in rows if row[0] == code)
        title = re.sub(r" \([^)]*\)", "", source.split(" - ")[0])
        lists.append(
            {
                "code": code,
                "title": title,
                "dated": dated,
                "limit_days": LIMIT_DAYS,
                "complete": True,
                "citation": authority["citation"].replace("C.F.R.", "CFR"),
                "parties": size,
                "source": f"US Consolidated Screening List, {snapshot['source']['url']}",
            }
        )
    extract = (DATA / "us_1260h.csv").read_text(encoding="utf-8").splitlines()
    lists.append(
        {
            "code": "1260H",
            "title": "Section 1260H list of Chinese military companies",
            "dated": "2026-06-08",
            "limit_days": ANNUAL_LIMIT_DAYS,
            "complete": False,
            "parties": len(extract) - 1,
            "citation": "section 1260H of the FY2021 NDAA (P.L. 116-283); 91 FR 35189 (2026-06-10)",
            "source": "extract of the editions to 2026-06-08, "
            "https://www.federalregister.gov/documents/2026/06/10/2026-11571/",
        }
    )
    names = ("screening-list.json.gz", "us_1260h.csv", "federal_register_dates.csv")
    files = {name: hashlib.sha256((DATA / name).read_bytes()).hexdigest() for name in names}
    text = json.dumps({"lists": lists, "sha256": files}, ensure_ascii=False, indent=1)
    (DATA / "index.json").write_text(text + "\n", encoding="utf-8")


def main(arguments: list[str]) -> int:
    """Builds all files; 2 on wrong usage."""
    if len(arguments) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    screening, list_1260h, dates = (Path(argument) for argument in arguments)
    snapshot = json.loads(screening.read_text(encoding="utf-8"))
    rows = screening_rows(snapshot)
    if len(rows) != snapshot["entryCount"]:
        print(f"{screening}: {len(rows)} rows, but it says {snapshot['entryCount']}", file=sys.stderr)
        return 1
    text = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
    (DATA / "screening-list.json.gz").write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    write_1260h(list_1260h)
    write_citation_dates(dates)
    write_index(snapshot, rows)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
