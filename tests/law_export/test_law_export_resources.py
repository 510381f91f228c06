"""The Kubernetes resources, the manifest and a request are whole: an API server or a reader relies on every key."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest
import yaml
from export_random import rulebook_of
from law_support import BEGIN, DAY, PERMIT, make_act, make_rule

from lexloci.law.export.files import MANIFEST, OUT_OF_SCOPE, Target, export_files
from lexloci.law.export.request import request_of
from lexloci.law.export.selection import select
from lexloci.law.rule import Standing, Turn
from lexloci.model.act import ActKind, Role
from lexloci.model.fact import ABSENT, UNKNOWN
from lexloci.model.portfolio import Basis

END = date(2030, 3, 1)
TURNS = (Turn(BEGIN, Standing.IN_FORCE, BEGIN), Turn(END, Standing.STAYED, BEGIN))
SELECTION = select(
    rulebook_of([PERMIT, make_rule("ban", ["f.a"], turns=TURNS)]), (ActKind.EXPORT,), DAY, DAY, Basis.TEXT
)
TEXT, TEXTS = {"type": "string"}, {"type": "array", "items": {"type": "string"}}
OPEN = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}


@pytest.fixture(scope="module")
def resources():
    return list(yaml.safe_load_all(export_files(SELECTION, Target.CEL, "lexloci 1")["admission-policy.yaml"]))


def test_the_definition_of_an_act_names_its_kind_and_what_a_request_holds(resources):
    definition = resources[0]
    (version,) = definition["spec"].pop("versions")
    assert definition == {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "acts.lexloci.internal"},
        "spec": {
            "group": "lexloci.internal",
            "scope": "Namespaced",
            "names": {"plural": "acts", "singular": "act", "kind": "Act"},
        },
    }
    schema = version.pop("schema")["openAPIV3Schema"]
    assert version == {"name": "v1", "served": True, "storage": True}
    assert (schema["type"], schema["required"], list(schema["properties"])) == ("object", ["spec"], ["spec"])
    assert schema["properties"]["spec"] == {
        **OPEN,
        "required": ["kind", "on", "asked", "roles", "authorisations", "facts"],
        "properties": {
            "kind": {**TEXT, "enum": ["export"]},
            "on": {**TEXT, "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
            "asked": TEXTS,
            "roles": {"type": "array", "items": {**TEXT, "enum": [role.value for role in Role]}},
            "authorisations": TEXTS,
            "facts": OPEN,
        },
    }


def test_the_policy_says_of_which_law_it_is_and_refuses_what_fails(resources):
    policy = resources[1]
    spec = policy.pop("spec")
    assert policy == {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "ValidatingAdmissionPolicy",
        "metadata": {
            "name": "lexloci-acts",
            "annotations": {
                "lexloci.internal/rulebook": "in memory",
                "lexloci.internal/basis": "text",
                "lexloci.internal/known-at": "2030-01-01",
                "lexloci.internal/from": "2029-01-01",
                "lexloci.internal/until": "2030-03-01",
            },
        },
    }
    assert spec["variables"][0] == {"name": "request", "expression": "has(object.spec) ? object.spec : {}"}
    assert {key: value for key, value in spec.items() if key != "variables"} == {
        "failurePolicy": "Fail",
        "matchConstraints": {
            "resourceRules": [
                {
                    "apiGroups": ["lexloci.internal"],
                    "apiVersions": ["v1"],
                    "operations": ["CREATE", "UPDATE"],
                    "resources": ["acts"],
                }
            ]
        },
        "validations": [
            {
                "expression": 'variables.outcome in ["permitted", "permitted with duties"]',
                "message": "the law does not certainly permit this act",
                "messageExpression": 'variables.outcome + "; certain: " + variables.certain_outcome + "; possible: "'
                ' + variables.possible_outcome + "; rules: " + variables.blocking.join(", ")',
                "reason": "Forbidden",
            }
        ],
        "auditAnnotations": [
            {"key": "outcome", "valueExpression": "variables.outcome"},
            {"key": "in-the-way", "valueExpression": 'variables.blocking.join(", ")'},
            {"key": "duties", "valueExpression": 'variables.duties.join(", ")'},
        ],
    }


def test_the_policy_is_bound_and_denies(resources):
    assert resources[2] == {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "ValidatingAdmissionPolicyBinding",
        "metadata": {"name": "lexloci-acts"},
        "spec": {"policyName": "lexloci-acts", "validationActions": ["Deny", "Audit"]},
    }


@pytest.mark.parametrize("target", Target)
def test_the_manifest_says_of_which_law_the_export_is_and_until_when(target):
    manifest = json.loads(export_files(SELECTION, target, "lexloci 1")[MANIFEST])
    assert set(manifest.pop("sha256")) == set(export_files(SELECTION, target, "")) - {MANIFEST}
    assert manifest == {
        "format": "lexloci export 1",
        "target": target.value,
        "rulebook": "in memory",
        "digest": SELECTION.rulebook.digest,
        "basis": "text",
        "on": "2030-01-01",
        "known_at": "2030-01-01",
        "from": "2029-01-01",
        "until": "2030-03-01",
        "review_by": "2030-06-30",
        "issue_again_on": ["2030-03-01", "2030-07-01"],
        "kinds": ["export"],
        "rules": ["aa.permit", "aa.ban"],
        "out_of_scope": list(OUT_OF_SCOPE),
        "written_by": "lexloci 1",
    }


def test_an_act_becomes_a_request_of_plain_values():
    values = {"f.a": True, "t.x": "BB", "n.x": 1.5, "f.day": DAY, "f.none": ABSENT, "f.open": UNKNOWN, "user.x": 1}
    act = replace(make_act(values, asked=("bb", "aa")), parties={Role.CONSIGNEE: "somebody"})
    assert request_of(act, ["b", "a"]) == {
        "kind": "export",
        "on": "2030-01-01",
        "asked": ["bb", "aa"],
        "roles": ["consignee", "user"],
        "authorisations": ["a", "b"],
        "facts": {"f.a": True, "t.x": "BB", "n.x": 1.5, "f.day": "2030-01-01", "f.none": None, "user.x": 1},
    }


def test_a_rulebook_is_within_its_limit_of_age_on_the_last_day_and_not_after():
    def is_stale(known_at):
        return select(SELECTION.rulebook, (ActKind.EXPORT,), known_at, known_at, Basis.TEXT).epoch.is_stale

    assert not is_stale(date(2030, 6, 30))
    assert is_stale(date(2030, 7, 1))
