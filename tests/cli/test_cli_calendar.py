"""``calendar``: when the answer changes, for an act and for a placement, as a table and as JSON."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]
REFERENCE = TOP / "docs" / "reference" / "output.md"
H20_LETTER, DIFFUSION, AFFILIATES = "us_ear.letter_h20", "us_ear.ai_diffusion_worldwide", "us_lists.affiliates"
PERMITTED, CASE_BY_CASE = "permitted", "licence required, case by case"


@pytest.fixture
def h20(export):
    """A row: NVIDIA sells H20 chips from the United States to a company in China; only US law is asked."""
    row = {**export, "id": "h20", "chip": "h20", "site.country": "CN", "exporter.is_nvidia": True}
    for role in ("purchaser", "consignee", "end_user"):
        row[f"{role}.name"] = "Sample Software Company"
        row[f"{role}.headquarters"] = row[f"{role}.ultimate_parent_headquarters"] = "CN"
    return {**row, "authority": "us"}


def begun(interval):
    return {change["rule"]: change for change in interval["begins"]}


def by_rule(calendar):
    """On which days a rule began, ended or became only possible."""
    found: dict[str, list[tuple[str, str]]] = {}
    for interval in calendar["intervals"]:
        for change in interval["begins"]:
            found.setdefault(change["rule"], []).append((interval["since"], change["what"]))
    return found


def test_the_h20_letter_begins_on_the_day_on_which_it_was_disclosed(call, acts, h20):
    said = call("calendar", acts({**h20, "given": "closed"}), "--from", "2022-01-01", "--until", "2027-01-01", "--json")
    assert (said.code, said.err) == (0, "")
    assert [(one["since"], one["until"], one["outcome"]) for one in said.json["intervals"]] == [
        ("2022-01-01", "2025-04-15", PERMITTED),
        ("2025-04-15", "2027-01-01", CASE_BY_CASE),
    ]
    change = begun(said.json["intervals"][1])[H20_LETTER]
    assert change["what"] == "begins to count"
    assert change["why"].startswith("in force since 2025-04-09, letter told to NVIDIA on 2025-04-09, disclosed")
    known_later = call("calendar", acts({**h20, "given": "closed", "known_at": "2026-01-01"}), "--json").json
    assert [one["since"] for one in known_later["intervals"]] == [None, "2020-12-23", "2025-04-09"]
    assert known_later["known_at"] == "2026-01-01"


def test_the_turns_of_an_open_export_are_those_of_the_rulebook_as_each_day_knew_them(call, acts, h20):
    said = call(
        "calendar", acts(h20), "--from", "2022-01-01", "--until", "2026-12-01", "--basis", "enforcement", "--json"
    )
    turns = by_rule(said.json)
    assert turns["us_ear.supercomputer"] == [("2022-10-21", "may count")]
    assert turns[H20_LETTER] == [("2025-04-15", "begins to count")]
    assert turns[AFFILIATES] == [
        ("2025-09-29", "may count"),
        ("2025-11-12", "no longer counts"),
        ("2026-11-10", "may count"),
    ]
    assert said.json["known_at"] is None
    days = [one["since"] for one in said.json["intervals"]]
    assert days == sorted(set(days))


def test_a_rule_on_one_layer_alone_is_marked(call, acts, export):
    row = {**export, "given": "closed", "authority": "us", "exporter.is_nvidia": True}
    last = call("calendar", acts(row), "--json").json["intervals"][-1]
    assert (last["since"], last["until"], last["outcome"]) == ("2025-05-15", None, "human review")
    assert begun(last)[DIFFUSION]["layer"] == "text"
    enforced = call("calendar", acts(row), "--basis", "enforcement", "--json").json
    assert DIFFUSION not in by_rule(enforced)
    by_text = call("calendar", acts(row), "--basis", "text", "--json").json
    assert by_rule(by_text)[DIFFUSION] == [("2025-05-15", "begins to count")]
    assert begun(by_text["intervals"][-1])[DIFFUSION]["layer"] is None


def test_each_row_agrees_with_determine_on_its_first_and_last_day(call, acts, h20):
    said = call("calendar", acts(h20), "--from", "2022-01-01", "--until", "2026-12-01", "--json").json
    for interval in said["intervals"]:
        asked = call("determine", acts({**h20, "on": interval["since"]}), "--json").json[0]
        names = ("outcome", "certain", "possible")
        assert [asked[name] for name in names] == [interval[name] for name in names]


def test_the_table_shows_days_outcome_rule_and_source(call, acts, h20):
    said = call("calendar", acts({**h20, "given": "closed"}))
    words = " ".join(said.out.split())
    assert "h20: on both layers of the law, each day judged by what was known on it" in words
    assert "… 2020-12-23 ? human review" in words
    assert "2025-04-15 … ◆ licence: case by case" in words
    assert "Is-informed letter to NVIDIA on the H20" in words
    assert "begins to count; in force since 2025-04-09" in words
    assert "not legal advice" in words
    known = call("calendar", acts({**h20, "given": "closed"}), "--known-at", "2025-01-01").out
    assert "by what was known at 2025-01-01" in known
    assert "Is-informed" not in known


def test_a_placement_is_judged_within_its_portfolio(call, records):
    _, on_record = records
    said = call("calendar", on_record, "--json")
    assert said.code == 0
    assert (said.json["id"], said.json["basis"], said.json["known_at"]) == (
        "tune@johor-h100",
        "enforcement",
        "2025-12-01",
    )
    (only,) = said.json["intervals"]
    assert (only["since"], only["until"], only["outcome"]) == ("2025-12-01", "2026-06-01", "permitted with duties")
    assert only["begins"] == []
    shown = " ".join(call("calendar", on_record, "tune@johor-h100", "--from", "2026-01-01").out.split())
    assert "2026-01-01 2026-06-01 ◉ with duties duties of" in shown
    assert "by what was known at 2025-12-01" in shown


def test_an_id_is_needed_where_there_are_several_and_the_error_lists_them(call, acts, h20):
    several = acts({**h20, "id": "first"}, {**h20, "id": "second"})
    said = call("calendar", several)
    assert (said.code, said.out) == (1, "")
    assert said.err.strip() == f"{several} holds 2 acts or placements; name one of first, second"
    wrong = call("calendar", several, "frist")
    assert (wrong.code, wrong.err.strip()) == (
        1,
        f"{several} no act or placement 'frist'; name one of first, second",
    )
    assert call("calendar", several, "second", "--json").json["id"] == "second"
    many = call("calendar", TOP / "examples/southeast-asia/portfolio.yaml")
    assert re.search(
        r"holds \d+ acts or placements; name one of (\S+@\S+, ){19}\S+@\S+ and \d+ more$", many.err.strip()
    )


def test_what_cannot_be_asked_is_told_in_one_line(call, acts, records, h20):
    empty = call("calendar", acts(h20), "--from", "2025-01-01", "--until", "2025-01-01")
    assert (empty.code, empty.err.strip()) == (
        1,
        "no day lies from 2025-01-01 until before 2025-01-01; move one of them",
    )
    early = call("calendar", records[1], "--from", "2025-01-01")
    assert early.code == 1
    assert early.err.strip().startswith("tune cannot start in johor-h100 on 2025-01-01, before 2025-12-01")
    unknown = call("calendar", acts({**h20, "chip": "h2000"}))
    assert unknown.code == 1
    assert "acts.yaml:1" in unknown.err
    assert len(unknown.err.strip().splitlines()) == 1


def test_every_field_of_the_json_is_documented(call, acts, h20):
    calendar = call("calendar", acts({**h20, "given": "closed"}), "--json").json
    documented = set(re.findall(r"`([a-z_]+)`", REFERENCE.read_text(encoding="utf-8")))

    def names(value):
        if isinstance(value, dict):
            return set(value) | {name for inner in value.values() for name in names(inner)}
        return {name for inner in value for name in names(inner)} if isinstance(value, list) else set()

    assert names(calendar) <= documented
