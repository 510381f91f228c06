"""How fast is a fifty-per-cent rule judged on a graph of millions, and is the answer that of plain Python?

``python benchmarks/ownership.py [--parties N] [--holdings M] [--listed L] [--repeats R]`` draws graphs and judges them
with the proof of every caught party (the holdings that carry it, in the order in which they joined). A worklist over
dictionaries in plain Python finds the caught, too, and the answers are compared party by party. Times are of one core;
the first judgement, with cold memory, is told apart. ``--graph FILE`` reads what ``lexloci own`` reads.
"""

# ruff: noqa: INP001, T201 - a script, which speaks by printing

from __future__ import annotations

import argparse
import statistics
import time
from array import array

import numpy as np

from lexloci.parties.ownership.cascade import CAUGHT, REVIEW, judge
from lexloci.parties.ownership.graph import Register, graph_of
from lexloci.parties.ownership.registers.read import read_register

THRESHOLD = 50.0
SHARES = (5.0, 10.0, 20.0, 25.0, 30.0, 50.0, 51.0, 75.0, 100.0)


def drawn(parties: int, holdings: int, listed: int, bounded: float, seed: int) -> Register:
    """A random graph: anybody holds shares of anybody, some of them between bounds."""
    random = np.random.default_rng(seed)
    register = Register()
    register.ids = list(range(parties))
    register.index = {party: party for party in register.ids}
    register.owner, register.owned = (
        array("l", column.tobytes()) for column in random.integers(0, parties, (2, holdings))
    )
    least = random.choice(SHARES, holdings)
    most = np.where(random.random(holdings) < bounded, np.minimum(least + 25.0, 100.0), least)
    register.least, register.most = array("d", least.tobytes()), array("d", most.tobytes())
    register.seeds = random.choice(parties, listed, replace=False).tolist()
    return register


def plain_python(register: Register, shares: array[float]) -> set[int]:
    """The caught by a worklist over dictionaries: what one writes without arrays; built before, as the arrays are."""
    held_by: dict[int, list[tuple[int, float]]] = {}
    for owner, owned, share in zip(register.owner, register.owned, shares, strict=True):
        if owner != owned:
            held_by.setdefault(owner, []).append((owned, share))
    start = time.process_time()
    places = {register.index[seed] for seed in register.seeds}
    members, front, held = set(places), list(places), {}
    while front:
        for party, share in held_by.get(front.pop(), ()):
            held[party] = held.get(party, 0.0) + share
            if held[party] >= THRESHOLD - 1e-9 and party not in members:
                members.add(party)
                front.append(party)
    print(f"  plain Python (caught only)       {1000 * (time.process_time() - start):9.1f} ms CPU")
    return members


def measure(register: Register, repeats: int) -> None:
    """Judges one graph and prints the times, the counts, and whether plain Python agrees."""
    start = time.process_time()
    graph = graph_of(register)
    print(
        f"  arrays of {len(graph.ids):,} parties, {len(graph.owner):,} holdings: "
        f"{time.process_time() - start:.2f} s CPU"
    )
    times, proofs = [], 0
    for _ in range(repeats + 1):
        start = time.process_time()
        judgement = judge(graph, register.seeds)
        proofs = len(judgement.proof_holdings())
        times.append(1000 * (time.process_time() - start))
    print(f"  lexloci, judged with proofs      {statistics.median(times[1:]):9.1f} ms CPU (first: {times[0]:.1f})")
    caught, review = (set(np.flatnonzero(judgement.answer == answer).tolist()) for answer in (CAUGHT, REVIEW))
    print(
        f"  caught {len(caught):,}, review {len(review):,}, proved by {proofs:,} holdings in {judgement.rounds} rounds"
    )
    agrees = plain_python(register, register.least) == caught
    print(f"  plain Python agrees on the caught: {agrees}")
    if not agrees:
        raise SystemExit(1)


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--parties", type=int, default=2_000_000)
    parser.add_argument("--holdings", type=int, default=3_000_000)
    parser.add_argument("--listed", type=int, default=3_500)
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--graph", help="a file to read instead of a drawn graph")
    options = parser.parse_args()
    if options.graph:
        start = time.process_time()
        register = read_register(options.graph)
        print(f"{options.graph}: read in {time.process_time() - start:.1f} s CPU")
        measure(register, options.repeats)
        return
    for bounded in (0.0, 0.2):
        print(f"{bounded:.0%} of the shares between bounds")
        measure(drawn(options.parties, options.holdings, options.listed, bounded, seed=1), options.repeats)


if __name__ == "__main__":
    main()
