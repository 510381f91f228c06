"""The files of an export: what a host needs to load them, and the folder they are written to."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import date
from hashlib import sha256
from pathlib import Path

import cedarpy
import pytest
import yaml
from cel_expr_python import cel
from export_engines import Cel
from export_random import rulebook_of
from law_support import DAY, PERMIT, make_rule

from lexloci.cli import rule_export
from lexloci.law.export.bands import band_of, bands_of, cedar_request
from lexloci.law.export.cedar import cedar_policies, cedar_schema
from lexloci.law.export.files import FORMAT, OUT_OF_SCOPE, Target, export_files
from lexloci.law.export.selection import select
from lexloci.model.act import ActKind
from lexloci.model.errors import LexlociError, RulebookError
from lexloci.model.outcome import Outcome
from lexloci.model.portfolio import Basis
from lexloci.rulebook.book import bundled_rulebook

TODAY = date(2026, 11, 22)
REAL = select(bundled_rulebook(), (), TODAY, TODAY, Basis.TEXT)
SMALL = select(
    rulebook_of([PERMIT, make_rule("duty", ["f.a"], Outcome.PERMITTED_WITH_DUTIES), make_rule("ban", ["n.x > 5.0"])]),
    (ActKind.EXPORT,),
    DAY,
    DAY,
    Basis.TEXT,
)


def resources(selection):
    return list(yaml.safe_load_all(export_files(selection, Target.CEL, "")["admission-policy.yaml"]))


def test_the_admission_policy_holds_the_expressions_in_order():
    definition, policy, binding = resources(SMALL)
    named = json.loads(export_files(SMALL, Target.CEL, "")["expressions.json"])
    variables = policy["spec"]["variables"]
    assert variables[0]["name"] == "request"
    assert variables[1:] == [{"name": one["name"], "expression": one["expression"]} for one in named]
    assert policy["apiVersion"] == "admissionregistration.k8s.io/v1"
    assert policy["spec"]["failurePolicy"] == "Fail"
    assert binding["spec"] == {"policyName": policy["metadata"]["name"], "validationActions": ["Deny", "Audit"]}
    (rule,) = policy["spec"]["matchConstraints"]["resourceRules"]
    assert rule["resources"] == [definition["spec"]["names"]["plural"]]
    assert rule["apiGroups"] == [definition["spec"]["group"]]
    assert definition["metadata"]["name"] == f"acts.{definition['spec']['group']}"


def test_nothing_that_is_sent_is_pruned_before_the_policy_sees_it():
    schema = resources(SMALL)[0]["spec"]["versions"][0]["schema"]["openAPIV3Schema"]
    spec = schema["properties"]["spec"]
    assert spec["x-kubernetes-preserve-unknown-fields"] is True
    assert spec["properties"]["facts"] == {"type": "object", "x-kubernetes-preserve-unknown-fields": True}


def test_the_real_policy_stays_within_the_limits_of_kubernetes():
    policy = resources(REAL)[1]
    names = [one["name"] for one in policy["spec"]["variables"]]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name) for name in names)
    assert max(len(one["expression"]) for one in policy["spec"]["variables"]) < 50_000  # cel-go reads up to 100,000
    assert max(len(one["valueExpression"]) for one in policy["spec"]["auditAnnotations"]) < 5 * 1024
    assert len(json.dumps(policy)) < 1_000_000  # an object of etcd holds 1.5 MiB


def test_every_expression_reads_only_what_stands_before_it():
    seen = {"request"}
    for one in resources(REAL)[1]["spec"]["variables"][1:]:
        assert set(re.findall(r"variables\.(\w+)", one["expression"])) <= seen, one["name"]
        seen.add(one["name"])


@pytest.mark.parametrize(
    ("facts", "admitted"), [({"f.a": False, "n.x": 1}, True), ({"f.a": True, "n.x": 1}, True), ({"n.x": 6}, False)]
)
def test_the_policy_admits_what_may_be_placed_and_says_why_not(facts, admitted):
    request = {"kind": "export", "on": "2030-01-01", "asked": ["aa"], "roles": [], "authorisations": [], "facts": facts}
    spec = resources(SMALL)[1]["spec"]
    found = Cel(SMALL).variables(request)
    environment = cel.NewEnv(variables={"variables": cel.Type.Map(cel.Type.STRING, cel.Type.DYN)})

    def value(expression):
        return environment.compile(expression).eval(data={"variables": found}).plain_value()

    (validation,) = spec["validations"]
    assert value(validation["expression"]) is admitted
    assert found["blocking"] == ([] if admitted else ["aa.ban"])
    assert found["duties"] == ([] if facts.get("f.a") is False else ["aa.duty"])


def test_the_schema_and_the_policies_of_cedar_hold_together():
    text = export_files(REAL, Target.CEDAR, "")
    checked = cedarpy.validate_policies(text["lexloci.cedar"], text["lexloci.cedarschema"])
    assert checked.validation_passed, checked.errors[:3]
    policies = cedar_policies(REAL)
    names = [policy.id for policy in policies]
    assert len(set(names)) == len(names)
    assert json.loads(text["bands.json"])["policies"] == names
    assert {one.id for one in REAL.rules if one.blocks} <= set(names)
    assert sum(policy.permits for policy in policies) == len(REAL.kinds)


def test_a_text_of_the_law_is_quoted_for_each_engine():
    odd = 'a "quoted" \\ back\tslash'
    escaped = odd.replace("\\", "\\\\").replace('"', '\\"')
    selection = select(
        rulebook_of([PERMIT, make_rule("odd", [f't.x == "{escaped}"'])]), (ActKind.EXPORT,), DAY, DAY, Basis.TEXT
    )
    assert cedarpy.validate_policies(
        "\n".join(policy.text for policy in cedar_policies(selection)), cedar_schema(selection)
    ).validation_passed
    request = {"kind": "export", "on": "2030-01-01", "asked": [], "roles": [], "authorisations": []}
    assert Cel(selection).ask({**request, "facts": {"t.x": odd}}).outcome == "prohibited"
    assert Cel(selection).ask({**request, "facts": {"t.x": "other"}}).outcome == "permitted"


@pytest.mark.parametrize(("value", "band"), [(-1e300, 0), (4.999, 0), (5, 1), (5.0, 1), (6, 2), (1e26, 3), (1e27, 4)])
def test_a_number_lies_in_one_band(value, band):
    assert band_of([5.0, 1e26], value) == band


def test_every_comparison_with_a_cut_is_one_of_bands():
    cuts = [1.0, 2.5, 1e26]
    for value in (0, 1, 1.5, 2.5, 3, 9.9e25, 1e26, 1e27):
        for cut in cuts:
            ours, its = band_of(cuts, value), band_of(cuts, cut)
            assert ((ours < its), (ours == its), (ours > its)) == ((value < cut), (value == cut), (value > cut))


@pytest.mark.parametrize(
    ("value", "band"), [(10**26, 3), (10**400, None), (float("nan"), None), (True, None), ("7", None), (6, 2)]
)
def test_a_number_is_told_as_the_band_of_its_double(value, band):
    bands = {"kinds": ["export"], "facts": {"n.x": "number"}, "cuts": {"n.x": [5.0, 1e26]}, "roles": []}
    request = {"kind": "export", "on": "2030-01-01", "asked": [], "roles": [], "authorisations": []}
    told = cedar_request(bands, {**request, "facts": {"n.x": value}})["context"]
    assert told["facts"] == ({} if band is None else {"n.x": band})
    assert told["absent"] == []


def test_the_bands_name_every_limit_of_the_law():
    cuts = bands_of(REAL)["cuts"]
    assert all(limits == sorted(set(limits)) for limits in cuts.values())
    assert 4800.0 in cuts["chip.total_processing_performance"]


def test_two_numbers_that_are_compared_are_refused_for_cedar():
    selection = select(rulebook_of([make_rule("pair", ["n.x < n.y"])]), (ActKind.EXPORT,), DAY, DAY, Basis.TEXT)
    with pytest.raises(RulebookError, match=r"n\.x is compared with n\.y, two numbers; .*cel or rego"):
        export_files(selection, Target.CEDAR, "")


@pytest.mark.parametrize("target", list(Target))
def test_the_manifest_seals_the_files_and_says_what_is_left_out(target):
    written = export_files(SMALL, target, "lexloci 9")
    files = dict(written)
    manifest = json.loads(files.pop("manifest.json"))
    assert manifest["sha256"] == {name: sha256(text.encode()).hexdigest() for name, text in files.items()}
    assert manifest["out_of_scope"] == list(OUT_OF_SCOPE)
    assert (manifest["rulebook"], manifest["written_by"]) == ("in memory", "lexloci 9")
    assert manifest["rules"] == [one.id for one in SMALL.rules]
    assert (manifest["from"], manifest["until"], manifest["review_by"]) == ("2029-01-01", "2030-07-01", "2030-06-30")
    assert manifest["issue_again_on"] == ["2030-07-01"]
    assert export_files(SMALL, target, "lexloci 9") == written


SEALLESS = json.dumps({"format": FORMAT, "sha256": 5})


def run(*words, cwd):
    return subprocess.run(
        [sys.executable, "-c", "from lexloci.cli.main import main; main()", "rules", "export", *words],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def write(folder, target=Target.REGO):
    rule_export.export_rulebook(target, (ActKind.USE,), TODAY, None, Basis.TEXT, folder, as_json=True)


def test_the_folder_holds_the_files_and_an_export_replaces_an_export(tmp_path, capsys):
    folder = tmp_path / "deep" / "law"
    write(folder)
    assert {path.name for path in folder.iterdir()} == {"lexloci.rego", "manifest.json"}
    assert json.loads(capsys.readouterr().out) == json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    write(folder, Target.CEDAR)
    assert {path.name for path in folder.iterdir()} == {
        "bands.json",
        "lexloci.cedar",
        "lexloci.cedarschema",
        "manifest.json",
    }
    assert [path.name for path in folder.parent.iterdir()] == ["law"]


@pytest.mark.parametrize(
    "content", [{"notes.txt": "mine"}, {"manifest.json": "{}"}, {"manifest.json": "["}, {"manifest.json": SEALLESS}]
)
def test_a_folder_with_other_things_is_refused_and_left_alone(tmp_path, content):
    for name, text in content.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(LexlociError, match="holds other things than an earlier export"):
        write(tmp_path)
    assert {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()} == content


def test_an_export_to_which_something_was_added_is_refused(tmp_path):
    write(tmp_path / "law")
    (tmp_path / "law" / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(LexlociError, match="holds other things"):
        write(tmp_path / "law")


def test_a_write_that_fails_leaves_the_earlier_export(tmp_path, monkeypatch):
    write(tmp_path / "law")
    before = (tmp_path / "law" / "manifest.json").read_bytes()
    really = Path.rename

    def fails(self, target):
        if self.name == "new":
            raise OSError(28, "No space left on device")
        return really(self, target)

    monkeypatch.setattr(Path, "rename", fails)
    with pytest.raises(LexlociError, match="No space left on device; name a folder"):
        write(tmp_path / "law", Target.CEL)
    assert (tmp_path / "law" / "manifest.json").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["law"]


def test_the_command_writes_and_says_when_to_issue_again(tmp_path):
    done = run("--to", "rego", "--kind", "use", "--as-of", "2026-11-22", "--basis", "text", "-o", "law", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "wrote law: lexloci.rego, manifest.json\n")
    manifest = json.loads((tmp_path / "law" / "manifest.json").read_text(encoding="utf-8"))
    assert done.stdout.splitlines()[-1] == f"issue again on {', '.join(manifest['issue_again_on'])}"


def test_a_kind_that_there_is_not_is_an_error_in_one_line(tmp_path):
    words = ("--to", "cel", "--as-of", "2026-11-22", "--basis", "text", "-o", "law", "--kind", "exprot")
    done = run(*words, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.strip().endswith("--kind 'exprot' is no kind of act; did you mean export?")
    assert not list(tmp_path.iterdir())


def test_the_day_and_the_layer_must_be_named(tmp_path):
    assert run("--to", "cel", "--basis", "text", "-o", "law", cwd=tmp_path).returncode == 2
    assert run("--to", "cel", "--as-of", "2026-11-22", "-o", "law", cwd=tmp_path).returncode == 2
