"""``lexloci explain`` says which smallest lawful change would permit what it explains."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from lexloci.cli.main import app

ACTS = """
- id: licence
  kind: export
  on: 2025-05-01
  given: closed
  authority: [us]
  chip: h20
  site.country: CN
  exporter.name: NVIDIA
  end_user.headquarters: CN
  basis: text
- id: fine
  kind: export
  on: 2025-03-01
  given: closed
  authority: [us]
  chip: h20
  site.country: CN
  exporter.name: NVIDIA
  end_user.headquarters: CN
  basis: text
- id: nothing-helps
  kind: data export
  on: 2026-05-01
  given: closed
  authority: [cn]
  dataset.category: core
  dataset.origin: CN
  dataset.collected_in_operations_in_china: true
  departure.country: CN
  site.country: MY
  basis: text
"""


@pytest.fixture
def levers(tmp_path):
    file = tmp_path / "acts.yaml"
    file.write_text(ACTS, encoding="utf-8")

    def of(which):
        answer = CliRunner().invoke(app, ["explain", str(file), which, "--json"])
        assert answer.exit_code in (0, 3), answer.output
        return json.loads(answer.stdout)[0]["levers"]

    return of


def test_the_smallest_set_of_authorisations_comes_first(levers):
    assert levers("licence")[0] == "the smallest lawful change that permits it, duties kept: bis licence"


def test_what_is_permitted_needs_none(levers):
    assert levers("fine") == []


def test_where_no_authorisation_helps_that_is_said(levers):
    assert levers("nothing-helps")[0].startswith("no authorisation")
