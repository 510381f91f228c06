"""Make the tables of measured training that ship in ``src/lexloci/perf/data`` from the raw collections.

    python tools/build_training_tables.py training_runs.csv vtrain.csv failures.csv src/lexloci/perf/data

All rows and columns are kept, ordered by id where there is one; same input, same bytes.
"""

from __future__ import annotations

import csv
import gzip
import io
import sys
from pathlib import Path

from lexloci.perf.training_rows import TRAINING_TABLE
from lexloci.perf.vtrain_rows import VTRAIN_TABLE

FAILURES_TABLE = "failures.csv.gz"


def packed(text: str) -> bytes:
    """A table as gzipped CSV with its rows ordered by id, without a time stamp."""
    reader = csv.DictReader(io.StringIO(text))
    names = list(reader.fieldnames or ())
    rows = sorted(reader, key=lambda row: row["id"]) if "id" in names else list(reader)
    written = io.StringIO()
    writer = csv.DictWriter(written, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return gzip.compress(written.getvalue().encode("utf-8"), compresslevel=9, mtime=0)


def main(arguments: list[str]) -> int:
    """Read the three raw tables and write the shipped ones; 2 on wrong usage."""
    if len(arguments) != 4:
        print(__doc__, file=sys.stderr)
        return 2
    target = Path(arguments[3])
    for name, source in zip((TRAINING_TABLE, VTRAIN_TABLE, FAILURES_TABLE), arguments[:3], strict=True):
        (target / name).write_bytes(packed(Path(source).read_text(encoding="utf-8")))
        print(f"{name}: written")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
