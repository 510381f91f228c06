"""``compare`` and ``replay``: what they print and write, their exit codes, and what they refuse."""

from __future__ import annotations

import csv
import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

RECORDS = Path(__file__).parents[2] / "examples" / "records"
BARE, ON_RECORD = RECORDS / "portfolio.yaml", RECORDS / "on-record.yaml"


def documented(section: str) -> set[str]:
    """The names that a section of the reference of the output tells about."""
    page = (Path(__file__).parents[2] / "docs" / "reference" / "output.md").read_text(encoding="utf-8")
    body = page.split(f"\n## {section}\n")[1].split("\n## ")[0]
    return set(re.findall(r"`(\w+)`", body))


@pytest.fixture
def call(run_main):
    """Runs the command in this process: exit code, output, messages."""
    return run_main


def test_two_portfolios_are_compared_and_the_record_behind_the_move_is_named(call):
    code, out, _ = call("compare", BARE, "--with", ON_RECORD)
    assert code == 0
    assert f"{BARE} → {ON_RECORD}" in out.replace("\n", "")
    told = " ".join(out.split())  # where lines end follows from the length of the files' names
    assert "now known or on record" in told
    assert "1 → 0 without a place" in told


def test_the_second_plan_without_a_place_ends_with_3(call):
    assert call("compare", ON_RECORD, "--with", BARE)[0] == 3


def test_a_bill_that_is_supposed_closes_the_rental_and_is_named(call):
    code, out, _ = call("compare", ON_RECORD, "--suppose", "us_ear.remote_access_security_act", "--json")
    found = json.loads(out)
    assert "scenario us_ear.remote_access_security_act from" in found["after_label"]
    (change,) = found["outcome_changes"]
    assert (change["rule_id"], change["after"]) == (
        "us_ear.remote_access_security_act",
        "licence required, case by case",
    )
    (move,) = found["moves"]
    assert (move["after"], move["rule_id"]) == (None, "us_ear.remote_access_security_act")
    assert (code, found["unplaced_after"]) == (3, 1)


def test_two_rulebooks_are_compared(call, tmp_path):
    compiled = tmp_path / "law.json"
    assert call("rules", "compile", "--output", compiled)[0] == 0
    code, out, _ = call("compare", ON_RECORD, "--rulebook", compiled)
    assert code == 0
    assert "nothing moved" in out


def test_the_events_of_a_scenario_are_compared_with_the_plan_as_it_is(call, tmp_path):
    scenario = tmp_path / "scenario.yaml"
    scenario.write_text(
        "lexloci_scenario: 1\nname: what may come\nevents:\n"
        "  - {id: bill, kind: bill passes, thing: us_ear.remote_access_security_act, on: [2025-12-02, 2026-01-01], "
        'probability: 0.1, source: "assumption: a test"}\n'
        "  - {id: dearer, kind: price moves, thing: johor-h100, on: [2026-01-01], factor: 2, probability: 0.1, "
        'source: "assumption: a test"}\n',
        encoding="utf-8",
    )
    later = tmp_path / "later.yaml"
    text = ON_RECORD.read_text(encoding="utf-8")
    assert text.count("  - id: tune\n") == 1
    later.write_text(text.replace("  - id: tune\n", "  - id: tune\n    release: 2025-12-10\n"), encoding="utf-8")
    code, out, _ = call("compare", later, "--scenario", scenario, "--json")
    found = json.loads(out)
    assert found["before_label"] == "as it is"
    assert found["after_label"] == "what may come: bill on 2025-12-02, dearer on 2026-01-01"
    (move,) = found["moves"]
    assert (move["after"], move["rule_id"]) == (None, "us_ear.remote_access_security_act")
    assert (code, found["unplaced_after"]) == (3, 1)
    code, out, _ = call("compare", later, "--scenario", scenario, "--event", "dearer", "--json")
    found = json.loads(out)
    assert (code, found["moves"], found["unplaced_after"]) == (0, [], 0)
    assert found["after_label"] == "what may come: dearer on 2026-01-01"


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ((), 2, "nothing to compare"),
        (("--event", "bill"), 2, "give --scenario too"),
        (("--scenario", "no-such-file.yaml"), 1, "no-such-file.yaml"),
        (("2025-11-15",), 2, "give two days"),
        (("--suppose", "us_ear.no_such_bill"), 1, "there is no scenario 'us_ear.no_such_bill'"),
        (("--suppose", "us_ear.gain_ai_act=soon"), 1, "'soon' is no day"),
        (("--suppose", "us_ear.gain_ai_act", "--rulebook", "law"), 1, "not both"),
    ],
)
def test_wrong_use_is_told(call, arguments, code, words):
    said = call("compare", ON_RECORD, *arguments)
    assert said[0] == code
    assert words in re.sub(r"[\s│]+", " ", said[2])


def test_a_replay_prints_and_writes_the_same_story(call, tmp_path):
    table, whole, picture = (tmp_path / name for name in ("months.csv", "all.json", "story.svg"))
    days = ("--from", "2025-11-20", "--until", "2026-02-01")
    code, out, err = call("replay", ON_RECORD, *days, "--output", table, "--picture", picture)
    assert (code, err) == (0, f"wrote {table}\nwrote {picture}\n")
    assert "Share of compute offshore" in out
    assert call("replay", ON_RECORD, *days, "--output", whole)[0] == 0
    found = json.loads(whole.read_text(encoding="utf-8"))
    assert json.loads(call("replay", ON_RECORD, *days, "--json")[1]) == found
    assert set(found) | {name for one in found["months"] for name in one} <= documented("Replay")
    rows = list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))
    assert [(row["month"], row["party"]) for row in rows] == [(one["month"], one["party"]) for one in found["months"]]
    assert [float(row["offshore_share"]) for row in rows] == [
        round(one["offshore_share"], 4) for one in found["months"]
    ]
    for bend in found["bends"]:
        assert bend["on"] in out
        assert bend["on"] in picture.read_text(encoding="utf-8")


def test_the_picture_is_whole_xml_and_its_bars_fill_each_month(call, tmp_path):
    picture = tmp_path / "story.svg"
    call("replay", BARE, "--from", "2025-11-20", "--until", "2026-02-01", "--picture", picture)
    root = ET.fromstring(picture.read_text(encoding="utf-8"))
    space = {"s": "http://www.w3.org/2000/svg"}
    bars = list(root.iterfind(".//s:g[@class='party']/s:rect", space))
    heights: dict[str, float] = {}
    for bar in bars:
        heights[bar.attrib["x"]] = heights.get(bar.attrib["x"], 0.0) + float(bar.attrib["height"])
        assert bar.find("s:title", space) is not None
    assert len(heights) == 3, "November to January"
    assert all(height == pytest.approx(96.0, abs=0.1) for height in heights.values())
    assert {bar.attrib["class"] for bar in bars} == {"nowhere"}
    assert root.find("s:desc", space) is not None


def test_a_table_of_another_kind_is_refused_before_any_work(call, tmp_path):
    code, _, err = call("replay", ON_RECORD, "--from", "2025-01-01", "--output", tmp_path / "months.xlsx")
    assert code == 1
    assert err.endswith("name a file that ends with .csv or .json\n")
    assert not list(tmp_path.iterdir())


SCENARIO = {
    "lexloci_scenario": 1,
    "name": "a tenant in Johor",
    "events": [
        {
            "id": "lost",
            "kind": "site lost",
            "thing": "johor",
            "days": 400,
            "on": ["2025-12-02"],
            "probability": 0.5,
            "source": "assumption: a test",
        },
        {
            "id": "act",
            "kind": "bill passes",
            "thing": "us_ear.remote_access_security_act",
            "on": ["2025-12-02", "2026-01-05"],
            "probability": 0.5,
            "source": "assumption: a test",
        },
    ],
}


@pytest.fixture
def scenario(tmp_path):
    """Writes a scenario file, changed as asked, and returns its place."""

    def write(**changes: object) -> Path:
        file = tmp_path / "scenario.yaml"
        file.write_text(json.dumps({**SCENARIO, **changes}, indent=1), encoding="utf-8")
        return file

    return write


@pytest.fixture
def later(tmp_path):
    """The portfolio of the tenant, whose work is released after the events."""
    file = tmp_path / "later.yaml"
    text = ON_RECORD.read_text(encoding="utf-8")
    file.write_text(text.replace("kind: fine-tune", "kind: fine-tune\n    release: 2026-01-10", 1), encoding="utf-8")
    assert "release: 2026-01-10" in file.read_text(encoding="utf-8")
    return file


def test_a_simulation_tells_what_the_plan_may_come_to_and_which_event_hurts(call, scenario, later):
    code, out, _ = call("simulate", later, scenario(), "--samples", 60, "--seed", 3, "--json")
    found = json.loads(out)
    assert set(found) <= documented("Simulation")
    assert code == 3
    by_events = {frozenset(name for name, _ in one["events"]): one["result"] for one in found["futures"]}
    assert set(by_events) == {frozenset(), frozenset({"lost"}), frozenset({"act"}), frozenset({"lost", "act"})}
    assert [result["unplaced"] for events, result in by_events.items() if not events] == [0]
    assert all(result["unplaced"] == 1 for events, result in by_events.items() if events)
    struck = sum(one["times"] for one in found["futures"] if one["events"]) / 60
    assert found["any_unplaced_share"] == pytest.approx(struck)
    again = call("simulate", later, scenario(), "--samples", 60, "--seed", 3)
    assert "work without a place in" in again[1]
    for words in ("VaR 95 %", "CVaR 95 %", "dearer with it by", "nothing happens"):
        assert words in again[1]


def test_work_without_events_ends_with_0(call, scenario, later):
    assert call("simulate", later, scenario(events=[]), "--samples", 2)[0] == 0


def test_every_mistake_of_a_scenario_is_told_at_once_by_line(call, scenario):
    wrong = [
        {**SCENARIO["events"][0], "thing": "johor-2", "probability": 1.5},
        {**SCENARIO["events"][0], "days": None, "on": ["2020-01-01"]},
        {"id": "x", "kind": "bill pases", "thing": "y", "on": [], "probability": 0.5, "source": "z"},
        {**SCENARIO["events"][1], "id": "y", "given": [{"event": "later", "probability": 0.5}]},
        {**SCENARIO["events"][1], "id": "z", "kind": "party listed", "thing": "nvidia", "list": "entity"},
    ]
    file = scenario(
        events=wrong,
        correlations=[{"between": ["x", "nobody"], "correlation": 0.5}],
        offers=[{"id": "none", "pools": ["johor-h100x"], "usd": 1, "source": "a", "usd_later": 2}],
    )
    code, out, err = call("simulate", ON_RECORD, file)
    assert (code, out) == (1, "")
    for words in (
        '"johor-2" is no site of the portfolio; did you mean johor?',
        "events[0].probability: 1.5 is out of range",
        '"lost" is the id of an event before it',
        "events[1].days: is missing: an event of the kind site lost needs it",
        "2020-01-01 lies outside the days of the plan",
        '"bill pases" is none of its choices; did you mean bill passes?',
        "events[2].on: names no day",
        '"later" is no event before it',
        "events[4].list:",
        '"nobody" is no event',
        "offers[0].id:",
        '"johor-h100x" is no pool of the portfolio; did you mean johor-h100?',
        "usd_later: needs a last day to sign",
    ):
        assert words in err, words
    assert all(line.startswith(f"{file}:") for line in err.splitlines())


def test_a_robust_plan_names_the_lease_and_what_it_is_worth(call, scenario, later):
    offers = [{"id": "johor-lease", "pools": ["johor-h100"], "usd": 5, "source": "assumption: a test"}]
    file = scenario(offers=offers)
    code, out, _ = call("robust", later, file, "--samples", 20, "--candidates", 1, "--json")
    found = json.loads(out)
    assert set(found) | {name for one in found["strategies"] for name in one} <= documented("Robust plans")
    assert {one["lease"] for one in found["strategies"]} == {"none", "johor-lease"}
    assert found["worth_of_leases_usd"]["johor-lease"] > 0
    assert code == (3 if found["least_mean"]["any_unplaced_share"] else 0)
    said = call("robust", later, file, "--samples", 20, "--candidates", 1)[1]
    for words in (
        "least mean cost: sign johor-lease",
        "greatest regret",
        "signing johor-lease is worth USD",
        "foresight",
    ):
        assert words in said
