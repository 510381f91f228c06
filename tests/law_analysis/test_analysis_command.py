"""``rules analyse``, ``diff`` and ``firing``: what they print, how they end, and what they say without z3."""

from __future__ import annotations

import json
import re
import shutil
import sys
from pathlib import Path

import pytest

from lexloci.cli.main import main
from lexloci.law.analysis import declared, invariants
from lexloci.law.load import load_rulebook
from lexloci.rulebook.book import FOLDER
from lexloci.rulebook.reasons import Reasons

TOP = Path(__file__).resolve().parents[2]
SAMPLE = TOP / "tests" / "law" / "rulebook_sample"


@pytest.fixture
def call(monkeypatch, capsys):
    """Runs the command in this process: exit code, standard output, standard error."""

    def run(*arguments):
        monkeypatch.setenv("COLUMNS", "160")
        monkeypatch.setattr(sys, "argv", ["lexloci", "rules", *map(str, arguments)])
        code = 0
        try:
            main()
        except SystemExit as end:
            code = end.code
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def form(call, *arguments):
    code, out, _ = call(*arguments, "--json")
    assert code == 0
    return json.loads(out)


def test_gaps_are_told_with_the_facts_that_make_them(call):
    found = form(call, "analyse", "--only", "gaps", "--kind", "build")["gaps"]
    of = {one["body"]: one["witness"]["facts"] for one in found}
    assert of["us"]["site.country"] == "US"
    assert of["sg"] == {"site.country": "SG", "site.capacity_allocated": True}
    assert {one["witness"]["outcome"] for one in found} == {"human review"}
    assert {one["body"]: one["body_has_rules"] for one in found}["sg"] is True
    assert {one["body"]: one["body_has_rules"] for one in found}["vn"] is False


def test_every_gap_and_overlap_has_a_reason_and_one_without_it_is_shouted(call, monkeypatch):
    whole = form(call, "analyse", "--only", "gaps", "--kind", "use")["gaps"]
    assert whole
    assert all(one["reason"] for one in whole)
    _, out, _ = call("analyse", "--only", "overlaps", "--kind", "use")
    assert "without a reason: none" in " ".join(out.split())
    monkeypatch.setattr(Reasons, "of_gap", lambda *_, **__: "")
    _, out, _ = call("analyse", "--only", "gaps", "--kind", "use")
    assert f"without a reason: {len(whole)}" in " ".join(out.split())
    assert "NO REASON GIVEN" in " ".join(out.split())


def test_overlaps_are_told_with_both_rules(call):
    code, out, err = call("analyse", "--only", "overlaps", "--kind", "investment")
    assert (code, err) == (0, "")
    assert "us_investment.permit_outbound" in out
    assert "us_investment.outbound_prohibited" in out


def test_nothing_found_is_said(call):
    assert call("analyse", "--only", "dead", "--kind", "build")[1].endswith(": none\n")
    assert call("analyse", "--only", "redundant", "--kind", "build")[1].endswith(": none\n")


def test_invariants_that_hold_end_with_0_and_their_times(call):
    code, out, _ = call("analyse", "--only", "invariants", "--kind", "data export")
    assert code == 0
    assert "cn_data.core_data_never_leaves" in out
    assert re.search(r"proved: at least prohibited +│ +\d+ ms", out)


def test_a_broken_invariant_ends_with_3_and_its_act(call, monkeypatch, tmp_path):
    folder = tmp_path / "cn_data" / "invariants"
    folder.mkdir(parents=True)
    text = (FOLDER / "cn_data" / "invariants" / "core_data_never_leaves.yaml").read_text(encoding="utf-8")
    wrong = text.replace('"core"', '"general"')
    (folder / "core_data_never_leaves.yaml").write_text(wrong, encoding="utf-8")
    monkeypatch.setattr("lexloci.cli.rule_analysis.FOLDER", tmp_path)
    code, out, _ = call("analyse", "--only", "invariants")
    assert code == 3
    assert "BROKEN: data export on" in out
    assert "dataset.category = general" in out


def test_two_days_that_are_alike_are_proved_so(call):
    code, out, _ = call("diff", "2026-02-01", "2026-02-02", "--kind", "data export")
    assert (code, out) == (0, "proved: 2026-02-01 and 2026-02-02 answer every act alike\n")


def test_the_difference_between_two_days_names_the_rule_and_the_act(call):
    (one,) = form(call, "diff", "2025-05-14", "2025-05-15", "--kind", "weights transfer")["differences"]
    assert [change["rule"] for change in one["changed"]] == ["us_ear.ai_diffusion_weights"]
    assert (one["before"]["on"], one["after"]["on"]) == ("2025-05-14", "2025-05-15")
    assert one["after"]["outcome"] == "licence required, presumption of denial"
    assert "us_ear.ai_diffusion_weights" in call("diff", "2025-05-14", "2025-05-15", "--kind", "weights transfer")[1]


def test_two_versions_of_a_rulebook_are_compared(call, tmp_path):
    changed = tmp_path / "changed"
    shutil.copytree(SAMPLE, changed)
    path = changed / "aa" / "rules" / "power_limit.yaml"
    text = path.read_text(encoding="utf-8")
    other = re.sub(r"^outcome: .*$", "outcome: licence required, presumption of approval", text, flags=re.MULTILINE)
    assert other != text
    path.write_text(other, encoding="utf-8")
    assert call("diff", SAMPLE, SAMPLE)[1].startswith("proved: ")
    found = form(call, "diff", SAMPLE, changed)["differences"]
    assert {change["rule"] for one in found for change in one["changed"]} == {"aa.power_limit"}


def test_a_day_is_not_compared_with_a_rulebook(call):
    code, _, err = call("diff", "2025-05-14", SAMPLE)
    assert (code, len(err.splitlines())) == (1, 1)
    assert "name two days or two folders" in err


@pytest.mark.parametrize("arguments", [("diff", "2025-13-01", "2025-05-14"), ("diff", "nowhere", "nowhere")])
def test_what_is_neither_a_day_nor_a_rulebook_is_told(call, arguments):
    code, _, err = call(*arguments)
    assert (code, len(err.splitlines())) == (1, 1)


def test_an_unknown_kind_of_act_is_one_line_with_the_closest(call):
    code, _, err = call("firing", "--kind", "exprt")
    assert (code, len(err.splitlines())) == (1, 1)
    assert "did you mean export?" in err


def test_firing_patterns_are_counted_with_an_act_for_each_that_no_case_has(call):
    found = form(call, "firing", "--kind", "build")["patterns"]
    of = {one["body"]: one for one in found}
    assert of["my"]["found"] == len(of["my"]["exercised"]) + len(of["my"]["uncovered"])
    assert of["my"]["is_complete"]
    assert all(one["witness"]["bodies"] == ["my"] for one in of["my"]["uncovered"])
    code, out, _ = call("firing", "--kind", "build", "--most", "2")
    assert code == 0
    assert "2+" in out


def test_without_z3_one_line_says_how_to_install_it(call, monkeypatch):
    monkeypatch.setitem(sys.modules, "z3", None)
    for arguments in (["analyse"], ["diff", "2025-05-14", "2025-05-15"], ["firing"]):
        code, out, err = call(*arguments)
        assert (code, out) == (1, "")
        assert err == "the analysis needs z3; install it with: pip install 'lexloci[analysis]'\n"


def names_in(form):
    if isinstance(form, dict):
        return set(form) | {name for key, value in form.items() if key != "facts" for name in names_in(value)}
    return {name for value in form for name in names_in(value)} if isinstance(form, list) else set()


def test_every_field_of_the_json_is_in_the_reference_and_no_other(call):
    page = (TOP / "docs/reference/output.md").read_text(encoding="utf-8")
    section = page.partition("\n## Analysis of a rulebook\n")[2].partition("\n## ")[0]
    documented = set(re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (`[^|]*) \|", section, re.MULTILINE))))
    forms = [
        form(call, "analyse", "--kind", "investment"),
        form(call, "diff", "2025-05-14", "2025-05-15", "--kind", "weights transfer"),
        form(call, "firing", "--kind", "build"),
    ]
    used = {name for one in forms for name in names_in(one)}
    lists = {"gaps", "dead", "redundant", "overlaps", "invariants", "differences", "patterns"}
    assert used - lists <= documented
    # Nothing is dead, redundant or broken in the rulebook, so that these fields do not show.
    assert documented - used <= {"contradiction", "by", "counterexample"}
    assert lists <= set(re.findall(r"`(\w+)`", section))


def test_the_invariant_in_the_reference_is_that_of_the_rulebook():
    page = (TOP / "docs/reference/rulebook.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"```yaml\n(id: cn_data\.core_data_never_leaves\n.*?)```", page, re.DOTALL)
    file = FOLDER / "cn_data" / "invariants" / "core_data_never_leaves.yaml"
    assert shown == file.read_text(encoding="utf-8")


def test_every_key_of_an_invariant_is_in_the_reference():
    page = (TOP / "docs/reference/rulebook.md").read_text(encoding="utf-8")
    section = page.partition("\n## Invariants\n")[2].partition("\n## ")[0]
    keys = {"id", "title", "why", "citation", "url", "acts", "bodies", "given", "from", "until", "basis"}
    keys |= {promise.value for promise in declared.Promise}
    cells = "".join(re.findall(r"^\| (`[^|]*) \|", section, re.MULTILINE))
    assert set(re.findall(r"`(\w+)`", cells)) == keys


def test_a_rulebook_without_invariants_has_nothing_to_prove(tmp_path):
    rulebook = load_rulebook(SAMPLE)
    assert declared.read_invariants(tmp_path, rulebook) == ()
    assert list(invariants.prove(rulebook, ())) == []
