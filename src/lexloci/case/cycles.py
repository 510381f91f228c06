"""Finds circles among things that name one another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence


def cycles_in(edges: Mapping[str, Sequence[str]]) -> Iterator[list[str]]:
    """Circles of a directed graph that share no node, at least one in each tangle; none where it has none.

    ``edges`` maps a node to the nodes that it names. Linear in nodes and edges, and not recursive.
    """
    remaining = _not_above_leaves(edges)
    step = {node: next(other for other in edges[node] if other in remaining) for node in edges if node in remaining}
    walked: dict[str, str] = {}
    for start in step:
        node, trail = start, []
        while node not in walked:
            walked[node] = start
            trail.append(node)
            node = step[node]
        if walked[node] == start:
            cycle = trail[trail.index(node) :]
            least = cycle.index(min(cycle))
            yield cycle[least:] + cycle[:least]


def _not_above_leaves(edges: Mapping[str, Sequence[str]]) -> set[str]:
    """The nodes from which a circle can be reached: what stays when leaves are taken away in turn."""
    naming: dict[str, list[str]] = {}
    open_edges = {node: len(others) for node, others in edges.items()}
    for node, others in edges.items():
        for other in others:
            naming.setdefault(other, []).append(node)
            open_edges.setdefault(other, 0)
    leaves = [node for node, count in open_edges.items() if not count]
    remaining = set(open_edges)
    while leaves:
        leaf = leaves.pop()
        remaining.discard(leaf)
        for node in naming.get(leaf, ()):
            open_edges[node] -= 1
            if not open_edges[node]:
                leaves.append(node)
    return remaining
