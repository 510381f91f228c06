"""An independent reader of the model, pydantic in strict mode, refuses nothing that passes here and reads the same."""

import json
from functools import cache

import pydantic
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lexloci.case import check, read_portfolio
from lexloci.case.yaml_source import load
from lexloci.model.portfolio import Portfolio

VALUES = st.sampled_from(
    [
        *(
            None,
            True,
            0,
            3,
            -3,
            2.5,
            8.0,
            1e15,
            10**30,
            "",
            "x",
            "3",
            "MY",
            "true",
            "leased",
            "lab",
            "personal",
            "text",
        ),
        *("2026-08-03", "2026-02-30", "2026-08-03T00:00:00", [], ["lab"], ["x", 1], {}, {"x": "y"}, {"x": 1}),
    ]
)


@cache
def oracle() -> pydantic.TypeAdapter:
    return pydantic.TypeAdapter(Portfolio)


def read_by_oracle(tree) -> Portfolio:
    return oracle().validate_json(json.dumps(tree), strict=True)


def nodes(tree, above=()):
    inner = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for step, value in inner:
        yield (*above, step)
        yield from nodes(value, (*above, step))


def test_the_oracle_reads_everything_once_alike(full):
    assert read_by_oracle(load(full, "p").data) == read_portfolio("p", text=full)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=300)
@given(data=st.data())
def test_what_passes_here_passes_the_oracle_and_is_equal(full, data):
    tree = load(full, "p.yaml").data
    path = data.draw(st.sampled_from([path for path in nodes(tree) if path[0] != "lexloci"]))
    holder = tree
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = data.draw(VALUES)
    text = json.dumps(tree)
    mistakes = check("p.json", text=text)
    if not mistakes:
        assert read_portfolio("p.json", text=text) == read_by_oracle(tree)
