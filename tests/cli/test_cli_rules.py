"""``rules``: decided cases are run, one rule is shown whole, and what the rulebook holds is counted."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from lexloci.model.citation import Verification
from lexloci.rulebook.book import bundled_rulebook
from lexloci.rulebook.decided_cases import bundled_cases

RULEBOOK = bundled_rulebook()
TOP = Path(__file__).resolve().parents[2]
ASCEND = {
    "id": "ascend",
    "on": "2025-06-01",
    "kind": "use",
    "bodies": ["us"],
    "facts": {"chip": "ascend-910c", "site.country": "MY"},
    "expect": {"text": "prohibited", "enforcement": "prohibited"},
    "citation": "15 CFR 736.2(b)(10)",
}
WRONG = {**ASCEND, "id": "wrong", "expect": {"text": "permitted", "enforcement": "prohibited"}}
OPEN = {**ASCEND, "id": "open", "unknown": ["chip.designer_headquarters"]}


@pytest.fixture
def cases(tmp_path):
    """Writes a file of cases."""

    def write(*rows, name="cases.yaml"):
        file = tmp_path / name
        file.write_text(json.dumps({"cases": rows}, indent=1), encoding="utf-8")
        return file

    return write


def names_in(form):
    """Every field name in a form, at any depth."""
    if isinstance(form, dict):
        return set(form) | {name for value in form.values() for name in names_in(value)}
    return {name for value in form for name in names_in(value)} if isinstance(form, list) else set()


def test_the_cases_of_the_package_are_run_where_none_are_named(call):
    said = call("rules", "test")
    count = len(bundled_cases())
    assert (said.code, said.out, said.err) == (0, f"agree {count}/{count}\n", "")


def test_cases_that_agree_end_with_0_and_only_the_count(call, cases):
    said = call("rules", "test", cases(ASCEND))
    assert (said.code, said.out) == (0, "agree 1/1\n")


def test_a_disagreement_says_what_was_expected_what_came_out_and_which_rule_fired(call, cases):
    file = cases(ASCEND, WRONG)
    said = call("rules", "test", file)
    first, *others, last = said.out.splitlines()
    line = file.read_text(encoding="utf-8").splitlines().index('   "id": "wrong",')
    assert said.code == 3
    assert first == f"{file}:{line} wrong, text: expected permitted, came out prohibited"
    assert "  fired: us_ear.gp10_prc_chips: prohibited" in others
    assert last == "agree 1/2"
    assert "enforcement" not in said.out


def test_a_disagreement_shows_what_is_possible_and_what_is_missing(call, cases):
    said = call("rules", "test", cases(OPEN))
    assert said.code == 3
    assert "expected prohibited, came out human review" in said.out
    assert "  possible: us_ear.gp10_prc_chips: prohibited" in said.out
    assert "  missing: fact chip.designer_headquarters: " in said.out
    assert re.search(r"^  certain permitted.*, possible prohibited$", said.out, re.MULTILINE)


def test_files_folders_and_standard_input_are_run_together(call, cases, tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    text = cases(ASCEND).read_text(encoding="utf-8")
    (folder / "more.yaml").write_text(text.replace("ascend", "again", 1), encoding="utf-8")
    said = call("rules", "test", cases(ASCEND), folder, "-", stdin=text.replace('"ascend"', '"third"'))
    assert (said.code, said.out) == (0, "agree 3/3\n")


def test_json_holds_the_counts_and_each_disagreement_with_its_determination(call, cases):
    said = call("rules", "test", cases(ASCEND, WRONG), "--json")
    assert said.code == 3
    assert (said.json["agree"], said.json["cases"], said.json["rulebook"]) == (1, 2, RULEBOOK.version)
    (one,) = said.json["disagreements"]
    assert (one["case"], one["layer"], one["expected"], one["outcome"]) == ("wrong", "text", "permitted", "prohibited")
    assert one["determination"]["outcome"] == "prohibited"
    assert call("rules", "test", cases(ASCEND), "--json").json["disagreements"] == []


def test_a_case_that_cannot_be_read_ends_with_1_and_nothing_is_judged(call, cases):
    said = call("rules", "test", cases(ASCEND, {**WRONG, "facts": {"site.contry": "MY"}}))
    assert (said.code, said.out) == (1, "")
    (line,) = said.err.splitlines()
    assert re.search(r"cases\.yaml:\d+ wrong: facts: site\.contry is no fact .*; did you mean site\.country\?$", line)


@pytest.mark.parametrize(
    ("text", "words"),
    [("cases: [\n", "is no YAML"), ("lexloci: 1\n", "lexloci is no key here"), ("cases: []\n", "holds no case")],
)
def test_a_file_of_something_else_is_one_line(call, tmp_path, text, words):
    file = tmp_path / "other.yaml"
    file.write_text(text, encoding="utf-8")
    said = call("rules", "test", file)
    assert (said.code, said.out, len(said.err.splitlines())) == (1, "", 1)
    assert said.err.startswith(f"{file}:")
    assert words in said.err


def test_a_file_that_is_not_there_is_one_line(call, tmp_path):
    said = call("rules", "test", tmp_path / "gone.yaml")
    assert (said.code, len(said.err.splitlines())) == (1, 1)
    assert "does not exist" in said.err


def test_terminal_escapes_of_a_case_are_not_printed(call, cases):
    said = call("rules", "test", cases({**WRONG, "id": "a\u202eb"}))
    assert said.code == 3
    assert "\u202e" not in said.out


def test_a_rule_is_shown_with_all_that_a_lawyer_checks(call):
    said = call("rules", "show", "us_ear.rental_as_transfer")
    rule = RULEBOOK.rule("us_ear.rental_as_transfer")
    flat = " ".join(said.out.split())
    point = RULEBOOK.points["us_ear.rental_transfer"]
    expected = [rule.id, rule.title, rule.authority, rule.verification.value, rule.citation.text, rule.citation.url]
    expected += [rule.text, rule.reason, rule.outcome.value, *rule.lifted_by, f"{rule.lead_time_days} days"]
    expected += [line.text for line in (*rule.when, *rule.unless)]
    expected += [word for turn in rule.turns for word in (turn.standing.value, turn.on.isoformat(), turn.by)]
    expected += ["us_ear.rental_transfer", point.question, *point.options.values(), "rental-new-end-user"]
    assert said.code == 0
    assert [words for words in expected if " ".join(words.split()) not in flat] == []


def test_a_rule_shows_the_named_conditions_limits_and_sets_that_it_reads(call):
    terms = {
        one["name"]: one["lines"] for one in call("rules", "show", "us_ear.gp10_prc_chips", "--json").json["terms"]
    }
    assert "defined.prc_designed_advanced_chip" in terms
    limit = RULEBOOK.parameters["pd_a"]
    assert terms["parameter.pd_a"][0] == limit.meaning
    assert terms["parameter.pd_a"][1].endswith(f": {limit.versions[0].value} {limit.unit}")
    assert "CN" in terms["set.d5_or_macau"][1]


def test_a_rule_that_never_decides_by_itself_says_so(call):
    weak = next(rule for rule in RULEBOOK.rules if rule.verification is Verification.RECALLED)
    strong = next(rule for rule in RULEBOOK.rules if rule.verification is Verification.PRIMARY)
    assert "never decides by itself" in call("rules", "show", weak.id).out
    assert "never decides by itself" not in call("rules", "show", strong.id).out


def test_the_point_on_which_a_party_may_plan_as_not_subject_is_among_the_contested(call):
    said = call("rules", "show", "us_ear.gp10_prc_chips", "--json")
    assert [one["point"] for one in said.json["contested"]] == ["us_ear.gp10_reach"]
    assert {one["id"] for one in said.json["contested"][0]["options"]} == set(
        RULEBOOK.points["us_ear.gp10_reach"].options
    )


@pytest.mark.slow
def test_every_rule_can_be_shown_and_names_a_case_in_which_it_holds(call):
    for rule in RULEBOOK.rules[::7]:
        form = call("rules", "show", rule.id, "--json").json
        assert form["rule"] == rule.id
        assert form["cases"], rule.id


def test_an_unknown_rule_is_one_line_with_the_closest_id(call):
    said = call("rules", "show", "us_ear.gp10_prc_chps")
    assert (said.code, said.out) == (1, "")
    assert said.err == "there is no rule 'us_ear.gp10_prc_chps'; did you mean us_ear.gp10_prc_chips?\n"
    assert call("rules", "show", "zzz").err == "there is no rule 'zzz'; docs/reference/coverage.md names them\n"


def test_every_folder_is_counted_and_the_counts_add_up(call):
    said = call("rules", "coverage")
    folders = {rule.id.partition(".")[0] for rule in RULEBOOK.rules}
    counts = {}
    for folder, rules, cases in re.findall(r"^│ (\w+) +│ +(\d+) │ +(\d+) │", said.out, re.MULTILINE):
        counts[folder] = (int(rules), int(cases))
    total = counts.pop("all")
    assert said.code == 0
    assert set(counts) == folders
    assert total == (len(RULEBOOK.rules), len(bundled_cases()))
    assert tuple(map(sum, zip(*counts.values(), strict=True))) == total


def test_the_coverage_says_how_old_it_is_and_where_the_gaps_are_listed(call):
    said = call("rules", "coverage")
    assert RULEBOOK.version in said.out
    assert RULEBOOK.reviewed.isoformat() in said.out
    assert "docs/reference/coverage.md" in said.out
    assert "recalled" in said.out
    assert "signal" in said.out


def test_every_field_of_the_json_is_in_the_reference_and_no_other(call, cases):
    output, form_of_a_rule = (
        (TOP / "docs/reference" / page).read_text(encoding="utf-8") for page in ("output.md", "rulebook.md")
    )
    forms = [
        call("rules", "test", cases(WRONG), "--json").json,
        call("rules", "show", "us_ear.gp10_prc_chips", "--json").json,
    ]
    used = {name for form in forms for name in names_in(form)}
    sections = {title: body for title, _, body in (part.partition("\n") for part in output.split("\n## "))}
    of_rules = sections["Run of cases"] + sections["Rule"]
    cells = re.findall(r"^\| (`[^|]*) \|", of_rules, re.MULTILINE)
    documented = {name for cell in cells for name in re.findall(r"`(\w+)`", cell)}
    assert documented
    assert documented - used == set()
    assert {name for name in used if f"`{name}`" not in output + form_of_a_rule} == set()


def test_the_example_of_a_case_in_the_reference_agrees(call, tmp_path):
    text = (TOP / "docs/reference/rulebook.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```yaml\n(cases:\n.*?)```", text, re.DOTALL)
    file = tmp_path / "example.yaml"
    file.write_text(example, encoding="utf-8")
    assert call("rules", "test", file).out == "agree 1/1\n"
