"""Listings that happened: Alibaba under section 1260H on 2026-06-08, Zhipu on the Entity List by 90 FR 4617.

What is expected comes from the dated events of the lists: before the day nothing changes, from the day on it does.
"""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from lexloci.case import read_portfolio, template
from lexloci.model.fact import UNKNOWN
from lexloci.model.portfolio import Portfolio
from lexloci.parties.bundled import EXTRACT_1260H, bundled, read, with_known_events
from lexloci.parties.events import EventKind
from lexloci.parties.federal_register import first_published
from lexloci.parties.importers.file import ListFile, Reading
from lexloci.parties.importers.formats import read_list
from lexloci.parties.listing import ListedParty, ListSet
from lexloci.parties.update import renewed
from lexloci.rulebook.book import bundled_rulebook
from lexloci.scenario.watch import Watched, watch

TOP = Path(__file__).resolve().parents[2]
EDITION = "2026-06-08"
ADDED_BY = "90 FR 4617"
HOLDER = "Beijing Zhipu Huazhang Technology Co., Ltd."
DAY = timedelta(1)


def rows_of(code: str) -> tuple[ListedParty, ...]:
    return tuple(row for row in bundled().parties if row.list_code == code)


def lists(**rows: tuple[ListedParty, ...]) -> ListSet:
    """The bundled lists with rows of the Entity List and of 1260H alone, of which an index is quick to build."""
    held = {"EL": rows_of("EL"), "1260H": rows_of("1260H")} | {
        code.removeprefix("_"): own for code, own in rows.items()
    }
    return ListSet(bundled().lists, tuple(row for own in held.values() for row in own))


def before_the_edition() -> bytes:
    """The bundled table of 1260H as it stood before its last edition."""
    table = list(csv.DictReader(read(EXTRACT_1260H).decode().splitlines()))
    out = io.StringIO()
    names = [name for name in table[0] if name != EDITION]
    writer = csv.DictWriter(out, names, extrasaction="ignore")
    writer.writeheader()
    for row in table:
        first = "" if row["first_listed"] == EDITION else row["first_listed"]
        writer.writerow({**row, "first_listed": first})
    return out.getvalue().encode()


def facts_of(found: Watched) -> dict[tuple[str, str], tuple[object, object]]:
    return {(one.party, one.fact): (one.before, one.after) for one in found.facts}


@pytest.mark.slow
def test_alibaba_comes_on_the_1260h_list_on_the_day_of_its_edition() -> None:
    alibaba = next(row for row in rows_of("1260H") if row.name == "Alibaba Group Holding Limited")
    day = next(event.effective_from for event in alibaba.events or () if event.kind is EventKind.ADDED)
    assert day == date(2026, 6, 8)
    older = with_known_events(read_list(ListFile("older.csv", before_the_edition()))[1].rows)
    before = lists(_1260H=tuple(older))
    edition = ListFile("edition.csv", read(EXTRACT_1260H))
    after = renewed(read_list(edition)[1], day, edition, before)
    portfolio = read_portfolio(str(TOP / "examples/southeast-asia/portfolio.yaml"))
    found = watch(portfolio, bundled_rulebook(), before, after, day)
    assert facts_of(found) == {("alibaba", "list_1260h"): (False, True)}
    assert found.got_worse
    own = {pool.id for pool in portfolio.pools if pool.holder == "alibaba" or "alibaba" in pool.users}
    own |= {pool.id for pool in portfolio.pools if portfolio.site_by_id[pool.site].operator == "alibaba"}
    assert {one.pool for one in found.pools} == own
    assert {part for one in found.pools for part in one.parts} >= {"alibaba (holder)", "alibaba (user)"}
    assert found.outcomes == ()  # the list bars contracts of the Department of Defense: it is no export control
    early = watch(portfolio, bundled_rulebook(), before, after, day - DAY)
    assert facts_of(early) == {}
    assert not early.got_worse


@pytest.fixture(scope="module")
def portfolio() -> Portfolio:
    """The smallest portfolio, its chips held by the party that comes on the Entity List."""
    text = template().replace("name: non-Chinese operator, Johor\n    generic: true ", f"name: {HOLDER}\n    #")
    text = text.replace("about: [operator, customer]", "about: [customer]").replace("on: 2026-07-31", "on: 2025-01-02")
    assert HOLDER in text
    return read_portfolio("first.yaml", text=text)


@pytest.fixture(scope="module")
def both() -> tuple[ListSet, ListSet]:
    """The Entity List without the parties that the notice added, and with them."""
    rows = rows_of("EL")
    before = lists(_EL=tuple(row for row in rows if ADDED_BY not in row.citation))
    assert len(before.parties) < len(lists().parties)
    dated = bundled().list_of("EL").dated + DAY
    return before, renewed(Reading(rows, ("EL",), dated), dated, ListFile("el.json", b"x"), before)


def test_a_holder_that_comes_on_the_entity_list_stops_its_workloads_from_that_day(
    portfolio: Portfolio, both: tuple[ListSet, ListSet]
) -> None:
    window = first_published(ADDED_BY)
    assert window is not None
    assert window.latest == date(2025, 1, 16)
    rulebook = bundled_rulebook()
    found = watch(portfolio, rulebook, *both, window.latest)
    facts = facts_of(found)
    assert facts["operator", "entity_list"] == (False, True)
    assert facts["operator", "entity_list_policy"][1] == "presumption of denial"
    assert ("operator", "EL", True, True) in [
        (row.party, row.list_code, row.is_confirmed, row.came) for row in found.rows
    ]
    assert [(pool.pool, pool.parts) for pool in found.pools] == [
        ("johor-h100", ("operator (holder)", "operator (operator)"))
    ]
    assert [(one.workload, one.pool) for one in found.worse] == [("tune-assistant", "johor-h100")]
    early = watch(portfolio, rulebook, *both, window.earliest - timedelta(9))
    assert (facts_of(early), early.outcomes, early.got_worse) == ({}, (), False)
    between = watch(portfolio, rulebook, *both, window.latest - DAY)  # released, perhaps in force, not yet printed
    assert facts_of(between)["operator", "entity_list"] == (False, UNKNOWN)


def test_a_holder_of_another_name_is_not_touched(portfolio: Portfolio, both: tuple[ListSet, ListSet]) -> None:
    others = tuple(
        replace(party, name="Zorvelquin Tabak Sdn Bhd") if party.id == "operator" else party
        for party in portfolio.parties
    )
    found = watch(replace(portfolio, parties=others), bundled_rulebook(), *both, date(2025, 1, 16))
    assert (found.facts, found.rows, found.outcomes, found.got_worse) == ((), (), (), False)
