"""The index of the bundled lists, built once."""

from __future__ import annotations

import pytest

from lexloci.parties.engine import Index
from lexloci.parties.lists import listed_parties


@pytest.fixture(scope="session")
def index() -> Index:
    return Index.of(listed_parties())
