"""``determine``: what is asked, on which layer, and what is printed."""

from __future__ import annotations

import csv
import io
import json

import pytest

APPROVAL = "licence required, presumption of approval"
DENIAL = "licence required, presumption of denial"


def test_text_and_enforcement_differ_on_the_ai_diffusion_rule(call, acts, export):
    by_text = call("determine", acts({**export, "basis": "text"}), "--json")
    enforced = call("determine", acts({**export, "basis": "enforcement"}), "--json")
    assert (by_text.code, by_text.json[0]["outcome"]) == (3, APPROVAL)
    assert (enforced.code, enforced.json[0]["outcome"]) == (0, "permitted")


def test_a_bare_act_without_a_basis_is_human_review_where_the_layers_differ(call, acts, export):
    said = call("determine", acts(export), "--json")
    (answer,) = said.json
    assert said.code == 3
    assert (answer["outcome"], answer["certain"], answer["possible"]) == ("human review", "permitted", APPROVAL)
    assert [missing["name"] for missing in answer["missing"]] == ["basis"]
    assert (answer["other_layer"]["basis"], answer["other_layer"]["outcome"]) == ("text", APPROVAL)


def test_the_layers_agree_before_the_rule_had_to_be_kept(call, acts, export):
    (answer,) = call("determine", acts({**export, "on": "2025-05-01"}), "--json").json
    assert answer["outcome"] == "permitted"


def test_the_option_for_the_basis_wins_over_the_row(call, acts, export):
    file = acts({**export, "basis": "text"})
    assert call("determine", file, "--basis", "enforcement", "--json").json[0]["outcome"] == "permitted"
    assert call("determine", file, "--basis", "text", "--json").json[0]["basis"] == "text"


def test_a_listed_end_user_is_found_by_its_name(call, acts, export):
    said = call("determine", acts({**export, "basis": "enforcement", "end_user.name": "Inspur Group"}), "--json")
    (answer,) = said.json
    assert (said.code, answer["outcome"]) == (3, DENIAL)
    (fired,) = [one for one in answer["findings"] if one["rule"] == "us_lists.entity_list_denial"]
    assert fired["status"] == "fired"
    (listed,) = [fact for fact in fired["facts"] if fact["name"] == "end_user.entity_list"]
    assert (listed["state"], listed["value"]) == ("known", True)
    assert answer["sources"]


def test_what_the_row_states_is_not_overwritten_by_the_lists(call, acts, export):
    row = {**export, "basis": "enforcement", "end_user.name": "Inspur Group", "end_user.entity_list": False}
    (answer,) = call("determine", acts(row), "--json").json
    assert "us_lists.entity_list_denial" not in {one["rule"] for one in answer["findings"] if one["status"] == "fired"}


def test_a_listed_tenant_is_a_question_for_a_person(call, acts):
    row = {
        "id": "access",
        "kind": "remote access",
        "on": "2025-06-01",
        "basis": "enforcement",
        "chip": "h100-sxm",
        "site.country": "MY",
        "operator.name": "Sample Data Centre Sdn Bhd",
        "provider.name": "Sample Data Centre Sdn Bhd",
        "tenant.name": "Inspur Group",
        "tenant.headquarters": "CN",
        "tenant.ultimate_parent_headquarters": "CN",
    }
    (answer,) = call("determine", acts(row), "--json").json
    assert answer["outcome"] == "human review"
    assert "us_lists.entity_list_other_role" in {missing["name"] for missing in answer["missing"]}


def test_a_role_without_a_name_leaves_its_listings_unknown(call, acts, export):
    row = {name: value for name, value in export.items() if name != "end_user.name"} | {"basis": "enforcement"}
    (answer,) = call("determine", acts(row), "--json").json
    assert answer["outcome"] == "human review"
    assert "end_user.entity_list" in {missing["name"] for missing in answer["missing"]}


def test_a_role_that_an_export_always_has_is_unknown_where_the_row_is_silent(call, acts, export):
    row = {name: value for name, value in export.items() if not name.startswith("consignee.")}
    (answer,) = call("determine", acts({**row, "basis": "enforcement"}), "--json").json
    assert answer["outcome"] == "human review"
    assert all(missing["name"].startswith("consignee.") for missing in answer["missing"])


def test_closed_makes_absent_what_is_not_stated(call, acts, export):
    row = {name: value for name, value in export.items() if name != "end_user.name"} | {"basis": "enforcement"}
    said = call("determine", acts({**row, "given": "closed"}), "--json")
    assert (said.code, said.json[0]["outcome"]) == (0, "permitted")


def test_only_the_bodies_that_are_named_are_asked(call, acts, export):
    everyone = {**export, "basis": "enforcement", "departure.country": "MY", "kind": "reexport", "site.country": "CN"}
    (both,) = call("determine", acts(everyone), "--json").json
    (one,) = call("determine", acts({**everyone, "authority": "my"}), "--json").json
    assert {finding["rule"].partition("_")[0] for finding in one["findings"]} <= {"my.permit", "my.strategic"}
    assert any(finding["rule"].startswith("us_") for finding in both["findings"])
    assert not any(finding["rule"].startswith("us_") for finding in one["findings"])


def test_csv_yaml_json_and_standard_input_answer_alike(call, tmp_path, export):
    table = io.StringIO()
    writer = csv.DictWriter(table, list(export))
    writer.writeheader()
    writer.writerow(export)
    files = {
        "acts.csv": table.getvalue(),
        "acts.json": json.dumps([export]),
        "acts.yaml": "acts:\n- " + "\n  ".join(f"{name}: {value}" for name, value in export.items()) + "\n",
    }
    answers = []
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
        answers.append(call("determine", tmp_path / name, "--json").json)
        answers.append(call("determine", "-", "--json", stdin=text).json)
    without_origins = [_without_origins(answer) for answer in answers]
    assert without_origins == [without_origins[0]] * 6


def _without_origins(value):
    """The answer without the words for the file and line that state a fact, which differ by form."""
    if isinstance(value, dict):
        return {name: _without_origins(one) for name, one in value.items() if name != "origin"}
    return [_without_origins(one) for one in value] if isinstance(value, list) else value


def test_the_table_names_each_act_with_outcome_worst_and_reason(call, acts, export):
    said = call("determine", acts(export, {**export, "id": "listed", "end_user.name": "Inspur Group"}))
    assert said.code == 3
    for words in ("export", "listed", "? human review", "(worst: licence: presumed approval)", "decision on basis"):
        assert words in said.out


def test_every_unknown_fact_of_a_file_is_told_at_once_with_a_suggestion(call, acts, export):
    said = call(
        "determine", acts({**export, "site.contry": "MY"}, {**export, "id": "other", "tenant.entitylist": True})
    )
    assert said.code == 1
    assert said.out == ""
    first, second = said.err.splitlines()
    assert "site.contry: is no fact of the vocabulary; did you mean site.country?" in first
    assert "did you mean tenant.entity_list?" in second


@pytest.mark.parametrize(
    ("fact", "value", "words"),
    [
        ("site.country", "China", 'site.country: "China" is no ISO 3166 code; did you mean CN?'),
        ("end_user.headquarters", "cn", 'end_user.headquarters: "cn" is no ISO 3166 code; did you mean CN?'),
        ("supply.tenure", "lease", 'supply.tenure: "lease" is none of its choices; did you mean leased?'),
        ("dataset.persons", -1, "dataset.persons: -1 is below 0; write 0 or more"),
    ],
)
def test_a_value_that_no_rule_would_see_is_refused_and_never_judged(call, acts, export, fact, value, words):
    for command in (["determine"], ["explain"]):
        said = call(*command, acts({**export, fact: value}), *([export["id"]] if command == ["explain"] else []))
        assert (said.code, said.out) == (1, "")
        assert words in said.err


def test_a_file_of_acts_is_no_portfolio_and_the_message_names_the_command_for_it(call, acts, export):
    said = call("check", acts(export))
    assert said.code == 1
    assert "acts are for `lexloci determine`" in said.err


def test_an_unknown_chip_is_told_with_its_line_and_a_suggestion(call, acts, export):
    said = call("determine", acts({**export, "chip": "h100-smx"}))
    assert said.code == 1
    assert "acts.yaml:1" in said.err
    assert "did you mean h100-sxm?" in said.err


def test_a_portfolio_is_asked_for_every_workload_in_every_pool(call, records):
    before, after = records
    said = call("determine", before, "--json")
    assert (said.code, [answer["id"] for answer in said.json]) == (3, ["tune@johor-h100"])
    assert call("determine", after).code == 0


def test_what_was_not_yet_on_record_on_a_day_does_not_count(call, records):
    said = call("determine", records[1], "--as-of", "2025-11-15", "--json")
    (answer,) = said.json
    assert said.code == 3
    assert (answer["as_of"], answer["known_at"], answer["outcome"]) == ("2025-11-15", "2025-11-15", "human review")


def test_known_at_moves_by_itself(call, records):
    (answer,) = call("determine", records[1], "--known-at", "2025-12-20", "--json").json
    assert (answer["as_of"], answer["known_at"]) == ("2025-12-01", "2025-12-20")


@pytest.mark.parametrize("basis", ["text", "enforcement"])
def test_every_answer_shows_its_basis_and_the_other(call, records, basis):
    (answer,) = call("determine", records[1], "--basis", basis, "--json").json
    assert {answer["basis"], answer["other_layer"]["basis"]} == {"text", "enforcement"}
    assert answer["basis"] == basis


def test_explain_shows_the_tree_of_one_answer(call, records):
    said = call("explain", records[1], "tune@johor-h100")
    assert said.code == 0
    for words in ("◉ permitted with duties", "contested points", "vouched for", "lists and tables used", "assessment"):
        assert words in said.out


def test_explain_of_an_act_that_is_not_permitted_ends_with_3(call, acts, export):
    said = call("explain", acts(export), "export", "--json")
    assert said.code == 3
    assert [answer["id"] for answer in said.json] == ["export"]


def test_explain_suggests_the_id_that_was_meant(call, records):
    said = call("explain", records[0], "tune@johor-h10")
    assert said.code == 1
    assert said.err.rstrip().endswith("no determination 'tune@johor-h10'; did you mean tune@johor-h100?")
