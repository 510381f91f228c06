"""Says which share of the prompts' tokens of a trace a cache of prefixes would hold already, by the size of the cache.

    python tools/measure_prefix_reuse.py mooncake-2025/conversation_trace.jsonl

Each line of a trace of Mooncake (https://github.com/kvcache-ai/Mooncake, Apache-2.0) is a request with
``input_length`` in tokens and ``hash_ids`` of the blocks of 512 tokens of its prompt; equal ids are equal tokens after
equal tokens. A block is found where it and all before it are in the cache; the block that was asked for longest ago
leaves a full cache.
"""

from __future__ import annotations

import json
import sys
from collections import OrderedDict
from collections.abc import Sequence
from math import inf
from pathlib import Path
from typing import Final

BLOCK_TOKENS: Final = 512
CACHES: Final = (inf, 10_000, 1_000)
"""Blocks of the caches of which the share is said."""
Request = tuple[int, tuple[int, ...]]


def requests_of(path: Path) -> list[Request]:
    """Tokens of the prompt and ids of its blocks, of each request in the order of the trace."""
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
    return [(int(line["input_length"]), tuple(line["hash_ids"])) for line in lines]


def share_found(requests: Sequence[Request], most_blocks: float) -> float:
    """Tokens of prompts that a cache of so many blocks holds when they are asked for, over all tokens of prompts."""
    cache: OrderedDict[int, None] = OrderedDict()
    found = 0
    for tokens, blocks in requests:
        known = next((place for place, block in enumerate(blocks) if block not in cache), len(blocks))
        found += min(known * BLOCK_TOKENS, tokens)
        for block in reversed(blocks):  # the end of a prompt leaves before what it follows (as in vLLM)
            cache[block] = None
            cache.move_to_end(block)
        while len(cache) > most_blocks:
            cache.popitem(last=False)
    return found / sum(tokens for tokens, _ in requests)


def main(paths: Sequence[str]) -> int:
    """Print the shares of each trace; 2 on wrong usage."""
    if not paths or any(path.startswith("-") for path in paths):
        print(__doc__, file=sys.stderr)
        return 2
    for path in paths:
        requests = requests_of(Path(path))
        for most in CACHES:
            size = "without limit" if most == inf else f"of {most:,} blocks"
            print(f"{Path(path).name}: {share_found(requests, most):.2f} with a cache {size}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
