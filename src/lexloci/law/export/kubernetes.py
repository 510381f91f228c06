"""A selection as Kubernetes resources: a kind ``Act``, and a policy that admits only acts that may be placed.

``ValidatingAdmissionPolicy`` of admissionregistration.k8s.io/v1 (Kubernetes 1.30 and later). An ``Act``
holds a request in its ``spec`` (``lexloci.law.export.request``); its schema prunes nothing, so that the
policy sees every key that was sent. What fails while it is evaluated is refused (failurePolicy Fail).

Limits, as in Kubernetes' source (apiserver/pkg/apis/cel/config.go, apis/admissionregistration/validation,
read 2026-11-22): a cost of 1,000,000 an expression and 10,000,000 a policy, 5 KiB for an annotation's
expression and for a message; and 1.5 MiB for an object in etcd. Variables are evaluated only when used.
"""

from __future__ import annotations

from typing import Any

from lexloci.law.export.cel import Named, cel_expressions
from lexloci.law.export.selection import Selection
from lexloci.model.act import Role

GROUP = "lexloci.internal"
"""The group of the kind ``Act``: ``.internal`` is reserved for private use (ICANN, 2024-07-29)."""
_NAME = "lexloci-acts"
_OPEN = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}


def kubernetes_resources(selection: Selection) -> str:
    """One YAML text: the definition of the kind Act, the policy, and its binding."""
    import yaml

    resources = (_definition(selection), _policy(selection, cel_expressions(selection)), _binding())
    return yaml.safe_dump_all(resources, sort_keys=False, allow_unicode=True, width=10**9)


def _definition(selection: Selection) -> dict[str, Any]:
    texts = {"type": "array", "items": {"type": "string"}}
    spec = {
        **_OPEN,
        "required": ["kind", "on", "asked", "roles", "authorisations", "facts"],
        "properties": {
            "kind": {"type": "string", "enum": [kind.value for kind in selection.kinds]},
            "on": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
            "asked": texts,
            "roles": {"type": "array", "items": {"type": "string", "enum": [role.value for role in Role]}},
            "authorisations": texts,
            "facts": _OPEN,
        },
    }
    schema = {"type": "object", "required": ["spec"], "properties": {"spec": spec}}
    version = {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"acts.{GROUP}"},
        "spec": {
            "group": GROUP,
            "scope": "Namespaced",
            "names": {"plural": "acts", "singular": "act", "kind": "Act"},
            "versions": [version],
        },
    }


def _policy(selection: Selection, expressions: tuple[Named, ...]) -> dict[str, Any]:
    epoch = selection.epoch
    request = Named("request", "has(object.spec) ? object.spec : {}")
    rule = {"apiGroups": [GROUP], "apiVersions": ["v1"], "operations": ["CREATE", "UPDATE"], "resources": ["acts"]}
    return {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "ValidatingAdmissionPolicy",
        "metadata": {
            "name": _NAME,
            "annotations": {
                f"{GROUP}/rulebook": selection.rulebook.version,
                f"{GROUP}/basis": epoch.basis.value,
                f"{GROUP}/known-at": epoch.known_at.isoformat(),
                f"{GROUP}/from": epoch.begin.isoformat() if epoch.begin else "",
                f"{GROUP}/until": epoch.end.isoformat() if epoch.end else "",
            },
        },
        "spec": {
            "failurePolicy": "Fail",
            "matchConstraints": {"resourceRules": [rule]},
            "variables": [{"name": one.name, "expression": one.expression} for one in (request, *expressions)],
            "validations": [
                {
                    "expression": 'variables.outcome in ["permitted", "permitted with duties"]',
                    "message": "the law does not certainly permit this act",
                    "messageExpression": _MESSAGE,
                    "reason": "Forbidden",
                }
            ],
            "auditAnnotations": [
                {"key": "outcome", "valueExpression": "variables.outcome"},
                {"key": "in-the-way", "valueExpression": 'variables.blocking.join(", ")'},
                {"key": "duties", "valueExpression": 'variables.duties.join(", ")'},
            ],
        },
    }


_MESSAGE = (
    'variables.outcome + "; certain: " + variables.certain_outcome + "; possible: " + variables.possible_outcome'
    ' + "; rules: " + variables.blocking.join(", ")'
)


def _binding() -> dict[str, Any]:
    return {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "ValidatingAdmissionPolicyBinding",
        "metadata": {"name": _NAME},
        "spec": {"policyName": _NAME, "validationActions": ["Deny", "Audit"]},
    }
