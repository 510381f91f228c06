"""Builds the sample of request lengths that ships from published traces of real services.

    python tools/build_request_lengths.py FOLDER src/lexloci/catalogue/data/request_lengths.csv.gz

FOLDER holds ``azure-2023/AzureLLMInferenceTrace_code.csv``, ``..._conv.csv`` and
``mooncake-2025/conversation_trace.jsonl``.
Every n-th request in the order of the trace is kept, about 2,000 of each. Same input, same bytes. Run it before
build_catalogue.py --seal, which records the hash of what it wrote.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import sys
from pathlib import Path
from typing import Final

KEPT: Final = 2000
Pair = tuple[int, int]


def azure(path: Path) -> list[Pair]:
    """Prompt and answer tokens of a trace of Azure."""
    rows = csv.DictReader(path.open(encoding="utf-8"))
    return [(int(row["ContextTokens"]), int(row["GeneratedTokens"])) for row in rows]


def mooncake(path: Path) -> list[Pair]:
    """Prompt and answer tokens of a trace of Mooncake."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
    return [(int(row["input_length"]), int(row["output_length"])) for row in rows]


def sample(pairs: list[Pair]) -> list[Pair]:
    """Every n-th request that has a prompt and an answer."""
    whole = [pair for pair in pairs if min(pair) > 0]
    return whole[:: max(1, len(whole) // KEPT)]


def main(folder: Path, target: Path) -> None:
    """Write the table."""
    traces = {
        "azure-2023-code": azure(folder / "azure-2023" / "AzureLLMInferenceTrace_code.csv"),
        "azure-2023-conversation": azure(folder / "azure-2023" / "AzureLLMInferenceTrace_conv.csv"),
        "mooncake-2025-conversation": mooncake(folder / "mooncake-2025" / "conversation_trace.jsonl"),
    }
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("distribution", "prompt_tokens", "answer_tokens"))
    for name, pairs in traces.items():
        writer.writerows((name, *pair) for pair in sample(pairs))
    target.write_bytes(gzip.compress(text.getvalue().encode(), 9, mtime=0))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
