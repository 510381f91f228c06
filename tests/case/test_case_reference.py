"""The schema, the page and the template say what the check does."""

import copy
import json
from pathlib import Path

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lexloci.case import check, portfolio_reference, portfolio_schema, read_portfolio, template
from lexloci.case.entry import EntryReader
from lexloci.case.fields import fields_of
from lexloci.case.reference import write
from lexloci.case.schema import things_of
from lexloci.case.yaml_source import load
from lexloci.model.errors import Mistake
from lexloci.model.portfolio import Portfolio

DOCS = Path(__file__).parents[2] / "docs" / "reference"
VALIDATOR = jsonschema.Draft202012Validator(portfolio_schema())


@pytest.mark.parametrize("name", ["portfolio.md", "portfolio.schema.json"])
def test_the_documentation_is_up_to_date(tmp_path, name):
    write(tmp_path)
    written = (tmp_path / name).read_text(encoding="utf-8")
    assert (DOCS / name).read_text(encoding="utf-8") == written, "run: python -m lexloci.case.reference"


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(portfolio_schema())


def test_the_template_passes_and_the_schema_accepts_it():
    assert check("template.yaml", text=template()) == ()
    assert list(VALIDATOR.iter_errors(load(template(), "template.yaml").data)) == []


def test_the_template_is_a_small_case_of_its_own():
    portfolio = read_portfolio("template.yaml", text=template())
    assert (portfolio.as_of.isoformat(), portfolio.horizon_until.isoformat()) == ("2026-08-03", "2027-01-01")
    assert len(portfolio.workloads) == len(portfolio.pools) == len(portfolio.sites) == 1
    named = [party.id for party in portfolio.parties if not party.generic]
    assert named == ["nvidia"]  # a named supplier, so that the list screening is seen at work


def test_the_schema_accepts_everything_once(full):
    assert list(VALIDATOR.iter_errors(load(full, "p.yaml").data)) == []


def test_every_field_is_on_the_page_with_its_unit_and_meaning():
    page = portfolio_reference()
    for thing in (Portfolio, *things_of(Portfolio)):
        for spec in fields_of(thing).values():
            rows = [row for row in page.splitlines() if row.startswith(f"| `{spec.name}` |")]
            assert any(
                f"| {spec.unit} |" in row and row.endswith(f"| {spec.meaning.replace('|', chr(92) + '|')} |")
                for row in rows
            )


def test_every_link_on_the_page_has_its_heading():
    page = portfolio_reference()
    anchors = {line[3:].lower() for line in page.splitlines() if line.startswith("## ")}
    assert {thing.__name__.lower() for thing in things_of(Portfolio)} < anchors


def nodes(tree, above=()):
    inner = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for step, value in inner:
        yield (*above, step)
        yield from nodes(value, (*above, step))


def mistakes_of_types(tree) -> list[Mistake]:
    """What the reader alone says, without the checks across fields, of a file in the format's version."""
    reader = EntryReader(load(json.dumps(tree), "p.json"))
    reader.read({key: value for key, value in tree.items() if key != "lexloci"}, Portfolio, ())
    return reader.mistakes


VALUES = st.sampled_from([None, True, 3, -3, 2.5, "x", "MY", "2026-08-03", "", [], ["x"], {}, {"x": "y"}, {"id": "x"}])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=300)
@given(data=st.data())
def test_schema_and_check_agree_on_types_fields_and_limits(full, data):
    tree = copy.deepcopy(load(full, "p.yaml").data)
    path = data.draw(st.sampled_from([path for path in nodes(tree) if path[0] != "lexloci"]))
    holder = tree
    for step in path[:-1]:
        holder = holder[step]
    if data.draw(st.booleans()):
        holder[path[-1]] = data.draw(VALUES)
    else:
        value = holder.pop(path[-1])
        if isinstance(holder, dict) and data.draw(st.booleans()):
            holder[f"{path[-1]}_"] = value
    assert VALIDATOR.is_valid(tree) == (not mistakes_of_types(tree))


def test_the_schema_asks_for_the_version_of_the_format():
    assert not VALIDATOR.is_valid({**load(template(), "t").data, "lexloci": 2})
