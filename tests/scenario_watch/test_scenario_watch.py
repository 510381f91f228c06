"""What a new list changes for a portfolio: parties, pools, answers; nothing where it changes nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path

import pytest

from lexloci.case import read_portfolio
from lexloci.model.fact import UNKNOWN
from lexloci.model.outcome import Outcome
from lexloci.model.portfolio import Portfolio
from lexloci.parties import lists as room
from lexloci.parties.bundled import bundled
from lexloci.parties.importers.file import ListFile, Reading
from lexloci.parties.listing import ListedParty, ListSet
from lexloci.parties.update import renewed
from lexloci.rulebook.book import bundled_rulebook
from lexloci.scenario.watch import Watched, watch

TOP = Path(__file__).resolve().parents[2]
DAY = date(2026, 8, 5)
TENANT = "Zorvelquin Tabak Sdn Bhd"


@pytest.fixture(scope="module")
def portfolio() -> Portfolio:
    """The smallest portfolio with a customer that has a name; it is not on any list."""
    from lexloci.case import template

    text = template().replace("name: Malaysian software company\n    generic: true", f"name: {TENANT}")
    text = text.replace("about: [operator, customer]", "about: [operator]")
    assert TENANT in text
    return read_portfolio("first.yaml", text=text)


@lru_cache(maxsize=1)
def lists() -> ListSet:
    """The bundled lists with the rows of three of them, whose index is quick to build."""
    whole = bundled()
    return ListSet(whole.lists, tuple(row for row in whole.parties if row.list_code in ("EL", "1260H", "CN-AL")))


def with_row(code: str, name: str, **more: object) -> ListSet:
    """The bundled lists once a file of a later day has added a party to one of them."""
    base = lists()
    rows = [row for row in base.parties if row.list_code == code]
    new = ListedParty(code, (name,), "Entity", ("MY",), key=name.casefold(), **more)  # type: ignore[arg-type]
    reading = Reading((*rows, new), (code,), DAY)
    return renewed(reading, DAY, ListFile("new.json", name.encode()), base)


@pytest.fixture(scope="module")
def listed(portfolio: Portfolio) -> Watched:
    """The customer is added to the Entity List, with a policy of denial for all items."""
    words = {"licence_requirement": "For all items subject to the EAR", "licence_policy": "Policy of denial"}
    return watch(portfolio, bundled_rulebook(), lists(), with_row("EL", TENANT, **words), DAY)


def test_a_party_that_is_listed_changes_its_facts_its_pool_and_its_answer(listed: Watched) -> None:
    facts = {(one.party, one.fact): one for one in listed.facts}
    entity_list = facts["customer", "entity_list"]
    assert (entity_list.before, entity_list.after, entity_list.is_worse) == (False, True, True)
    assert "of 2026-08-05" in entity_list.why or "2026-08-05" in entity_list.why
    assert facts["customer", "entity_list_policy"].after == "policy of denial"
    assert [(row.party, row.list_code, row.is_confirmed, row.came) for row in listed.rows] == [
        ("customer", "EL", True, True)
    ]
    assert [(pool.pool, pool.parts, pool.is_changed) for pool in listed.pools] == [
        ("johor-h100", ("customer (user)",), True)
    ]
    assert [(one.workload, one.pool) for one in listed.outcomes] == [("tune-assistant", "johor-h100")]
    assert listed.outcomes[0].before in (Outcome.PERMITTED, Outcome.PERMITTED_WITH_DUTIES)
    assert listed.outcomes[0].after not in (Outcome.PERMITTED, Outcome.PERMITTED_WITH_DUTIES)
    assert listed.outcomes[0].rule
    assert listed.worse == listed.outcomes
    assert listed.got_worse
    assert [(old and old.dated, new.dated) for old, new in listed.lists] == [(date(2026, 7, 31), DAY)]


def test_a_party_that_is_taken_off_is_told_and_is_not_worse(portfolio: Portfolio) -> None:
    found = watch(portfolio, bundled_rulebook(), with_row("EL", TENANT), lists(), DAY)
    assert [(row.came, row.party) for row in found.rows] == [(False, "customer")]
    assert all(not one.is_worse for one in found.facts if one.fact == "entity_list")
    assert found.worse == ()


def test_a_name_that_is_only_alike_opens_the_answer(portfolio: Portfolio) -> None:
    found = watch(portfolio, bundled_rulebook(), lists(), with_row("EL", "Zorvelquin Tabak Works"), DAY)
    entity_list = next(one for one in found.facts if one.fact == "entity_list")
    assert (entity_list.before, entity_list.after, entity_list.is_worse) == (False, UNKNOWN, True)
    assert found.got_worse


def test_a_list_that_no_rule_asks_is_told_by_its_entries_alone(portfolio: Portfolio) -> None:
    found = watch(portfolio, bundled_rulebook(), lists(), with_row("CN-AL", TENANT), DAY)
    assert (found.facts, found.outcomes) == ((), ())
    assert [(row.list_code, row.came) for row in found.rows] == [("CN-AL", True)]
    assert [(pool.pool, pool.is_changed) for pool in found.pools] == [("johor-h100", False)]
    assert found.got_worse


def test_the_same_rows_of_a_later_day_change_nothing(portfolio: Portfolio) -> None:
    base = lists()
    rows = tuple(row for row in base.parties if row.list_code == "EL")
    later = renewed(Reading(rows, ("EL",), DAY), DAY, ListFile("x", b"x"), base)
    found = watch(portfolio, bundled_rulebook(), base, later, DAY)
    assert (found.facts, found.rows, found.pools, found.outcomes, found.got_worse) == ((), (), (), (), False)
    assert len(found.lists) == 1


def test_a_fresh_list_in_place_of_one_past_its_limit_is_no_worse(portfolio: Portfolio) -> None:
    late = date(2026, 9, 15)
    base = lists()
    rows = tuple(row for row in base.parties if row.list_code == "EL")
    fresh = renewed(Reading(rows, ("EL",), late), late, ListFile("x", b"x"), base)
    found = watch(replace(portfolio, horizon_until=date(2027, 6, 1)), bundled_rulebook(), base, fresh, late)
    assert found.worse == ()
    assert not found.got_worse


@pytest.fixture
def call(
    run_main: Callable[..., tuple[int, str, str]], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., tuple[int, str, str]]]:
    """Runs the command by the small lists: exit code, standard output, standard error."""
    monkeypatch.setattr(room, "bundled", lists)
    room.forget()
    yield run_main
    room.forget()


@pytest.mark.slow
def test_the_command_tells_what_changes_and_ends_with_3(call) -> None:
    files = (TOP / "examples/southeast-asia/portfolio.yaml", TOP / "examples/lists/1260h-supposed.csv")
    code, out, err = call("watch", *files, "--json")
    told = json.loads(out)
    assert (code, err) == (3, "")
    assert (told["on"], told["got_worse"]) == ("2026-09-01", True)
    assert [(one["party"], one["fact"], one["before"], one["after"]) for one in told["facts"]] == [
        ("bytedance", "list_1260h", "no", "yes")
    ]
    assert {"johor-h100", "singapore-h200"} <= {one["pool"] for one in told["pools"]}
    assert told["answers"] == []
    assert told["lists"] == [{"code": "1260H", "before": "2026-06-08", "after": "2026-09-01"}]


@pytest.mark.slow
def test_the_command_warns_of_a_file_that_would_be_set_aside(call, tmp_path: Path) -> None:
    portfolio = TOP / "examples/southeast-asia/portfolio.yaml"
    short = tmp_path / "x.csv"
    short.write_text("name,first_listed,on_2026-05-01,note\nX,2026-05-01,yes,\n", encoding="utf-8")
    code, _, err = call("watch", portfolio, short, "--as-of", "2026-08-01")
    assert "older than the list in use" in err
    assert code in (0, 3)
    broken = tmp_path / "y.json"
    broken.write_text('{"results": [', encoding="utf-8")
    code, out, err = call("watch", portfolio, broken)
    assert (code, out) == (1, "")
    assert "is no list to compare with" in err
    assert err.count("\n") == 1
