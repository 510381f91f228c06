"""The files of an export: the rules in the form of an engine, and a manifest that says what they are good for."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from enum import StrEnum
from hashlib import sha256
from typing import Any

from lexloci.law.export.bands import bands_of
from lexloci.law.export.cedar import cedar_policies, cedar_schema
from lexloci.law.export.cel import cel_expressions
from lexloci.law.export.kubernetes import kubernetes_resources
from lexloci.law.export.rego import rego_module
from lexloci.law.export.selection import Selection

MANIFEST = "manifest.json"
FORMAT = "lexloci export 1"
OUT_OF_SCOPE = (
    "records of a party that it is not subject to an authority: a request that carries one is human review",
    "closed cases, in which what is not stated is absent",
    "the ages of lists and tables: whoever states a fact sees to it that its list is not too old",
    "the other layer of the law, signals and notes",
    "the records behind facts, readings and authorisations: whoever states them has checked dates and coverage",
    "several acts of one placement: every one of them must be placeable",
)


class Target(StrEnum):
    """The engine that an export is written for."""

    CEL = "cel"
    REGO = "rego"
    CEDAR = "cedar"


def export_files(selection: Selection, target: Target, written_by: str) -> dict[str, str]:
    """The texts of an export by file name, the manifest among them; the same selection gives the same bytes.

    ``written_by`` is the name and version of the program that writes it.
    """
    files = dict(_WRITERS[target](selection))
    return {**files, MANIFEST: _json({**_manifest(selection, target, files), "written_by": written_by})}


def _cel(selection: Selection) -> Mapping[str, str]:
    expressions = [
        {"name": one.name, "about": one.about, "expression": one.expression} for one in cel_expressions(selection)
    ]
    return {"expressions.json": _json(expressions), "admission-policy.yaml": kubernetes_resources(selection)}


def _rego(selection: Selection) -> Mapping[str, str]:
    return {"lexloci.rego": rego_module(selection)}


def _cedar(selection: Selection) -> Mapping[str, str]:
    policies = cedar_policies(selection)
    return {
        "lexloci.cedarschema": cedar_schema(selection),
        "lexloci.cedar": "\n".join(policy.text for policy in policies),
        "bands.json": _json({**bands_of(selection), "policies": [policy.id for policy in policies]}),
    }


_WRITERS: Mapping[Target, Callable[[Selection], Mapping[str, str]]] = {
    Target.CEL: _cel,
    Target.REGO: _rego,
    Target.CEDAR: _cedar,
}


def _manifest(selection: Selection, target: Target, files: Mapping[str, str]) -> dict[str, Any]:
    """What the export is: of which law, for which days, and what it leaves out."""
    epoch = selection.epoch
    return {
        "format": FORMAT,
        "target": target.value,
        "rulebook": selection.rulebook.version,
        "digest": selection.rulebook.digest,
        "basis": epoch.basis.value,
        "on": epoch.on.isoformat(),
        "known_at": epoch.known_at.isoformat(),
        "from": epoch.begin.isoformat() if epoch.begin else None,
        "until": epoch.end.isoformat() if epoch.end else None,
        "review_by": epoch.review_by.isoformat(),
        "issue_again_on": [day.isoformat() for day in epoch.issue_again_on],
        "kinds": [kind.value for kind in selection.kinds],
        "rules": [one.id for one in selection.rules],
        "out_of_scope": list(OUT_OF_SCOPE),
        "sha256": {name: sha256(text.encode()).hexdigest() for name, text in files.items()},
    }


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"
