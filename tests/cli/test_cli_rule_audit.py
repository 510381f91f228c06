"""``lexloci rules audit`` and ``rules coverage``: what must be read again, and what is modelled."""

from __future__ import annotations

import re
from pathlib import Path

from lexloci.catalogue.table import tables
from lexloci.parties.lists import lists
from lexloci.rulebook.book import bundled_rulebook
from lexloci.rulebook.instruments import bundled_instruments

TOP = Path(__file__).resolve().parents[2]
OUTPUT = (TOP / "docs" / "reference" / "output.md").read_text(encoding="utf-8")


def section(title):
    return OUTPUT.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def names_in(form):
    """Every name of a field in a JSON value; names of counted things are no fields."""
    if isinstance(form, dict):
        counted = {"levels", "effects", "statuses"}
        return set(form) | {name for key, value in form.items() if key not in counted for name in names_in(value)}
    return {name for one in form for name in names_in(one)} if isinstance(form, list) else set()


def documented(title):
    cells = re.findall(r"^\| (`[^|]*) \|", section(title), re.MULTILINE)
    return {name for cell in cells for name in re.findall(r"`(\w+)`", cell)}


def test_before_any_source_is_too_old_the_audit_ends_with_0(call):
    said = call("rules", "audit", "--known-at", "2024-12-31")
    assert said.code == 0
    assert "is past its review date on 2024-12-31" in said.out


def test_once_a_source_is_too_old_the_audit_ends_with_3_and_names_it(call):
    said = call("rules", "audit", "--known-at", "2026-08-31")
    assert said.code == 3
    assert "2026-08-30" in said.out
    assert "Entity List" in said.out


def test_once_the_rules_are_too_old_every_instrument_is_to_be_read_again(call):
    said = call("rules", "audit", "--known-at", "2027-06-01", "--json")
    past = {one["id"] for one in said.json["sources"] if one["is_past"] and one["kind"] == "instrument"}
    assert said.code == 3
    assert past == {one.id for one in bundled_instruments()}


def test_the_audit_has_every_instrument_list_and_table(call):
    sources = call("rules", "audit", "--known-at", "2026-10-04", "--json").json["sources"]
    count = len(bundled_instruments()) + len(lists()) + len(tables())
    assert len(sources) == count
    assert [one["until"] for one in sources] == sorted(one["until"] for one in sources)
    assert all(one["read_by"] for one in sources if one["kind"] == "instrument")


def test_the_audit_never_asks_what_day_it_is(call):
    said = call("rules", "audit")
    assert said.code == 2
    assert "--known-at" in said.err
    assert call("rules", "audit", "--known-at", "yesterday").code == 2


def test_the_coverage_as_json_has_every_instrument(call):
    form = call("rules", "coverage", "--json").json
    assert form["rulebook"] == bundled_rulebook().version
    assert [one["id"] for one in form["instruments"]] == [one.id for one in bundled_instruments()]
    (target,) = [one for one in form["instruments"] if one["id"] == "CN-AIPLUS"]
    assert [one["more_than"] for one in target["policy_targets"]] == [70, 90]


def test_the_coverage_names_what_is_not_modelled_and_why(call):
    said = call("rules", "coverage")
    assert said.code == 0
    assert "US-BILL-MATCH" in said.out
    assert "not modelled" in said.out
    assert "verified" in said.out


def test_every_field_is_in_the_reference_and_no_other(call):
    coverage = names_in(call("rules", "coverage", "--json").json)
    audit = names_in(call("rules", "audit", "--known-at", "2026-10-04", "--json").json)
    assert coverage == documented("Coverage of the law")
    assert audit == documented("Audit of the sources")


def test_a_mistake_in_the_instruments_is_told_by_the_check(call, tmp_path):
    source = TOP / "src" / "lexloci" / "rulebook"
    for path in source.rglob("*.yaml"):
        place = tmp_path / path.relative_to(source)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    assert call("rules", "check", tmp_path).code == 0
    file = tmp_path / "tw" / "instruments.yaml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("tw.permit_export]", "tw.permit_exports]"), encoding="utf-8"
    )
    said = call("rules", "check", tmp_path)
    assert said.code == 1
    assert "tw/instruments.yaml:" in said.err
    assert "there is no tw.permit_exports; did you mean tw.permit_export?" in said.err
