"""lexloci reach: the tables, the JSON, the event study beside them, and questions that cannot be answered."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from lexloci.case import template


@pytest.fixture
def portfolio(tmp_path):
    """The portfolio that ``lexloci init`` writes."""
    file = tmp_path / "first.yaml"
    file.write_text(template(), encoding="utf-8")
    return str(file)


@pytest.fixture
def prices(tmp_path):
    """Half a year of prices before the portfolio's day, a fall of a tenth on it, and a week after."""
    random = np.random.default_rng(3)
    market = random.normal(0, 0.01, 187)
    stock = 0.8 * market + random.normal(0, 0.01, 187)
    stock[179] -= 0.1
    days = [date(2026, 8, 3) + timedelta(days=place - 180) for place in range(188)]
    columns = (np.cumprod([50, *(1 + row)]) for row in (stock, market))
    rows = [f"{day},{one:.4f},{index:.4f}" for day, one, index in zip(days, *columns, strict=True)]
    file = tmp_path / "prices.csv"
    file.write_text("\n".join(["date,stock,index", *rows]), encoding="utf-8")
    return str(file)


def test_json_tells_ties_shifts_homes_and_consequences(call, portfolio):
    said = call("reach", portfolio, "--party", "Malaysian software company", "--list", "el", "--json")
    assert said.code == 0
    assert (said.json["party"], said.json["list"], said.json["on"]) == ("customer", "EL", "2026-08-03")
    assert said.json["homes"] == [{"workload": "tune-assistant", "before": ["johor-h100"], "after": []}]
    (shift,) = said.json["shifts"]
    assert (shift["since"], shift["after"]) == ("2026-08-03", "human review")
    assert said.json["consequences"][0]["citation"].startswith("15 CFR 744.11")
    assert said.json["event_study"] is None


def test_tables_and_a_last_line_for_people(call, portfolio):
    said = call("reach", portfolio, "--party", "operator", "--list", "1260H")
    assert "2027-06-30" in said.out
    assert "Answers that change: 1 of 1 placements involve them" in said.out
    assert said.out.rstrip().endswith("supposed, not published; not legal advice")


def test_an_event_study_stands_beside_the_reach(call, portfolio, prices):
    options = ("--party", "operator", "--list", "CMIC", "--prices", prices, "--rows-before", 0, "--rows-after", 2)
    study = call("reach", portfolio, *options, "--json").json["event_study"]
    assert [one["day"] for one in study["returns"]] == ["2026-08-03", "2026-08-04", "2026-08-05"]
    assert study["returns"][0]["abnormal"] == pytest.approx(-0.1, abs=0.03)
    assert study["low"] < study["cumulative"] < study["high"] < 0
    table = call("reach", portfolio, *options, "--security", "stock", "--market", "index").out
    assert "stock around 2026-08-03" in table
    assert "cumulative" in table


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--party", "operatr", "--list", "EL"), "no party is called operatr; did you mean operator?"),
        (("--party", "operator", "--list", "UN"), "no rule asks for the list UN"),
        (("--party", "operator", "--list", "EL", "--prices", "none.csv"), "none.csv does not exist"),
    ],
)
def test_what_cannot_be_answered_is_told_in_a_line(call, portfolio, arguments, words):
    said = call("reach", portfolio, *arguments)
    assert (said.code, said.out) == (1, "")
    assert words in said.err.splitlines()[-1]


def test_standard_input_holds_one_file(call):
    said = call("reach", "-", "--party", "a", "--list", "EL", "--prices", "-", stdin=template())
    assert "cannot hold both" in said.err
