"""Circles are found where there are some, and only there."""

from graphlib import CycleError, TopologicalSorter

from hypothesis import given, settings
from hypothesis import strategies as st

from lexloci.case.cycles import cycles_in

# A busy machine is no mistake.
UNHURRIED = settings(deadline=None)

NODES = st.sampled_from("abcdefgh")


@UNHURRIED
@given(st.dictionaries(NODES, st.lists(NODES, max_size=3, unique=True)))
def test_a_circle_is_found_exactly_where_no_order_exists(edges):
    try:
        list(TopologicalSorter(edges).static_order())
        has_order = True
    except CycleError:
        has_order = False
    assert (not list(cycles_in(edges))) == has_order


@UNHURRIED
@given(st.dictionaries(NODES, st.lists(NODES, max_size=3, unique=True)))
def test_what_is_found_is_a_circle_and_no_two_share_a_node(edges):
    seen = []
    for cycle in cycles_in(edges):
        seen += cycle
        for node, following in zip(cycle, [*cycle[1:], cycle[0]], strict=True):
            assert following in edges[node]
    assert len(seen) == len(set(seen))


def test_a_chain_of_a_hundred_thousand_is_walked():
    edges = {str(place): [str(place + 1)] for place in range(100_000)}
    assert list(cycles_in(edges)) == []
    edges["100000"] = ["0"]
    assert len(next(cycles_in(edges))) == 100_001
