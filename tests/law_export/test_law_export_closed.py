"""An export fails closed: what is missing, malformed, out of scope or out of date is never placeable."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from export_engines import Cedar, Cel, Rego, asked_of
from export_oracle import reference
from export_random import ROLES, rulebook_of
from law_support import BEGIN, DAY, PERMIT, make_rule

from lexloci.law.export.bands import cedar_request
from lexloci.law.export.request import KEYS, request_of
from lexloci.law.export.selection import select
from lexloci.law.rule import EffectKind, Standing, Turn
from lexloci.model.act import Act, ActKind, Role
from lexloci.model.citation import Verification
from lexloci.model.errors import LexlociError
from lexloci.model.fact import ABSENT, UNKNOWN, Fact
from lexloci.model.outcome import Outcome
from lexloci.model.portfolio import Basis

ENDS = date(2030, 3, 1)
BAN = make_rule("ban", ["f.a"], Outcome.PROHIBITED)
HARMLESS = {
    "kind": "export",
    "on": DAY.isoformat(),
    "asked": ["aa"],
    "roles": [],
    "authorisations": [],
    "facts": {"f.a": False},
}
REVIEW = "human review"
ENGINES = [Cel, Rego]


def selection_of(*rules, on=DAY, known_at=DAY):
    return select(rulebook_of(list(rules)), (ActKind.EXPORT,), on, known_at, Basis.TEXT)


def ends_in_march(name, lines, outcome=Outcome.PROHIBITED):
    turns = (Turn(BEGIN, Standing.IN_FORCE, BEGIN), Turn(ENDS, Standing.NOT_IN_FORCE, BEGIN))
    return make_rule(name, lines, outcome, turns=turns)


@pytest.mark.parametrize("engine", ENGINES)
def test_the_harmless_request_is_permitted(engine):
    assert engine(selection_of(PERMIT, BAN)).ask(HARMLESS).outcome == "permitted"


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("value", "outcome"),
    [
        (True, "prohibited"),
        (None, "permitted"),
        ("false", REVIEW),
        (0, REVIEW),
        ([], REVIEW),
        ({}, REVIEW),
    ],
)
def test_a_fact_of_another_type_is_unknown_and_null_is_absent(engine, value, outcome):
    request = {**HARMLESS, "facts": {"f.a": value}}
    assert engine(selection_of(PERMIT, BAN)).ask(request).outcome == outcome


@pytest.mark.parametrize("engine", ENGINES)
def test_a_missing_fact_is_human_review(engine):
    request = {**HARMLESS, "facts": {}}
    answer = engine(selection_of(PERMIT, BAN)).ask(request)
    assert (answer.outcome, answer.certain, answer.possible) == (REVIEW, "permitted", "prohibited")


MALFORMED = [
    *({key: value for key, value in HARMLESS.items() if key != missing} for missing in KEYS),
    *({**HARMLESS, key: wrong} for key in KEYS for wrong in (None, 5, "text", ["x", 5])),
    {**HARMLESS, "not_subject": ["aa_office"]},
    {**HARMLESS, "closed": True},
    {**HARMLESS, "kind": "use"},
    {**HARMLESS, "kind": "exprot"},
    {**HARMLESS, "roles": ["tennant"]},
    {**HARMLESS, "on": "1 January 2030"},
    {**HARMLESS, "on": "2030-1-01"},
    {**HARMLESS, "asked": {"aa": True}},
    {**HARMLESS, "asked": ["aa", 5]},
    {**HARMLESS, "facts": [["f.a", False]]},
    {},
    [],
    None,
    "export",
]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_request_that_is_not_as_it_must_be_is_human_review(engine):
    running = engine(selection_of(PERMIT, BAN))
    for request in MALFORMED:
        if request != {**HARMLESS, "authorisations": ["x", 5]}:
            assert running.ask(request).outcome == REVIEW, request


def test_cedar_is_told_no_request_that_is_not_as_it_must_be():
    engine = Cedar(selection_of(PERMIT, BAN))
    for request in MALFORMED:
        with pytest.raises(LexlociError, match=r"^[^\n]*[;] [^\n]*$"):
            cedar_request(engine.bands, request)


def test_cedar_permits_no_kind_of_act_that_was_not_exported():
    engine = Cedar(selection_of(PERMIT, BAN))
    for with_schema in (True, False):
        asked = {**cedar_request(engine.bands, HARMLESS), "action": 'Lexloci::Action::"use"'}
        (decision,) = engine.decide([asked_of(asked)], with_schema=with_schema)
        assert not decision.allows


@pytest.mark.parametrize("change", ["type", "left out", "key", "list"])
def test_cedar_permits_nothing_that_fails_even_without_the_schema(change):
    engine = Cedar(selection_of(PERMIT, make_rule("limit", ["n.x > 5.0"])))
    request = {**HARMLESS, "facts": {"n.x": 1}}
    asked = cedar_request(engine.bands, request)
    context = asked["context"]
    (sound,) = engine.decide([asked_of(asked)], with_schema=False)
    assert sound.allows
    broken = {
        "type": {**context, "facts": {"n.x": "low"}},
        "left out": {**context, "facts": {}},
        "key": {key: value for key, value in context.items() if key != "facts"},
        "list": {**context, "asked": "aa"},
    }
    (decision,) = engine.decide([asked_of({**asked, "context": broken[change]})], with_schema=False)
    assert not decision.allows


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("on", "outcome"),
    [("2028-12-31", REVIEW), ("2029-01-01", "permitted"), ("2030-02-28", "permitted"), ("2030-03-01", REVIEW)],
)
def test_a_day_outside_the_epoch_is_human_review(engine, on, outcome):
    running = engine(selection_of(PERMIT, ends_in_march("ban", ["f.a"])))
    assert running.ask({**HARMLESS, "on": on}).outcome == outcome


@pytest.mark.parametrize(("on", "allows"), [("2028-12-31", False), ("2029-01-01", True), ("2030-03-01", False)])
def test_cedar_forbids_a_day_outside_the_epoch(on, allows):
    selection = selection_of(PERMIT, ends_in_march("ban", ["f.a"]))
    for only in ("", "permit", "forbid"):
        (decision,) = Cedar(selection, only).ask_all([{**HARMLESS, "on": on}])
        assert decision.allows is allows
    assert ("epoch" in decision.ids) is not allows


def test_an_export_of_a_rulebook_past_its_limit_of_age_places_nothing():
    old = DAY + timedelta(days=181)
    selection = selection_of(PERMIT, BAN, on=old, known_at=old)
    request = {**HARMLESS, "on": old.isoformat()}
    assert selection.epoch.is_stale
    for engine in ENGINES:
        answer = engine(selection).ask(request)
        assert (answer.outcome, answer.possible) == (REVIEW, "prohibited")
    (decision,) = Cedar(selection).ask_all([request])
    assert not decision.allows
    assert "stale" in decision.ids


@pytest.mark.parametrize("engine", ENGINES)
def test_a_role_that_only_a_fact_names_takes_part(engine):
    running = engine(selection_of(PERMIT, make_rule("listed", ["consignee.on"])))
    facts = {"consignee.at": "BB"}
    assert running.ask({**HARMLESS, "facts": {}}).outcome == "permitted"
    assert running.ask({**HARMLESS, "facts": facts}).outcome == REVIEW
    assert running.ask({**HARMLESS, "roles": ["consignee"]}).outcome == REVIEW


def test_the_request_of_an_act_says_what_the_act_says():
    facts = {"f.a": Fact(True), "n.x": Fact(UNKNOWN), "t.x": Fact(ABSENT), "end_user.at": Fact(UNKNOWN)}
    act = Act("act", ActKind.EXPORT, "leg", DAY, facts, ("aa",), {Role.CONSIGNEE: "somebody"})
    assert request_of(act, {"licence"}) == {
        "kind": "export",
        "on": "2030-01-01",
        "asked": ["aa"],
        "roles": ["consignee", "end_user"],
        "authorisations": ["licence"],
        "facts": {"f.a": True, "t.x": None},
    }
    assert json.loads(json.dumps(request_of(act))) == request_of(act)


def test_a_closed_case_has_no_request():
    act = Act("act", ActKind.EXPORT, "leg", DAY, {}, ("aa",), closed=True)
    with pytest.raises(ValueError, match="closed case"):
        request_of(act)


UNSETTLED = (Turn(BEGIN, Standing.UNSETTLED, BEGIN),)


def same_everywhere(selection, request):
    """The outcome, once the reference and all engines agree on it."""
    outcome = reference(selection, request).outcome
    for engine in ENGINES:
        assert engine(selection).ask(request).outcome == outcome
    for only in ("", "permit", "forbid"):
        (decision,) = Cedar(selection, only).ask_all([request])
        assert decision.allows is (outcome in ("permitted", "permitted with duties"))
    return outcome


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({}, "permitted"),
        ({"verification": Verification.RECALLED}, "permitted with duties"),
        ({"verification": Verification.UNPUBLISHED}, REVIEW),
        ({"verification": Verification.RECALLED, "turns": UNSETTLED}, REVIEW),
        ({"verification": Verification.RECALLED, "review": "who decides?"}, REVIEW),
        ({"turns": UNSETTLED}, REVIEW),
        ({"review": "who decides?"}, REVIEW),
        ({"turns": UNSETTLED, "lifted_by": ("licence",)}, "permitted with duties"),
    ],
)
def test_a_permission_speaks_where_it_is_settled_or_only_recalled(changes, outcome):
    request = {**HARMLESS, "authorisations": ["licence"]}
    assert same_everywhere(selection_of(replace(PERMIT, **changes)), request) == outcome


@pytest.mark.parametrize(("roles", "outcome"), [([], REVIEW), (["consignee"], "permitted")])
def test_a_permission_for_a_role_is_silent_where_nobody_has_the_role(roles, outcome):
    permit = replace(make_rule("permit", ['party.at != "BB"'], Outcome.PERMITTED, kind=PERMIT.kind), for_any=ROLES)
    request = {**HARMLESS, "roles": roles, "facts": dict.fromkeys(["consignee.at"] if roles else [])}
    assert same_everywhere(selection_of(permit), request) == outcome


@pytest.mark.parametrize(
    ("facts", "held", "outcome"),
    [
        ({"f.a": True, "f.b": True}, [], REVIEW),
        ({"f.a": True}, [], REVIEW),
        ({"f.a": True, "f.b": False}, [], "licence required, presumption of denial"),
        ({"f.a": False, "f.b": True}, [], "permitted"),
        ({"f.a": True, "f.b": True}, ["waiver"], "licence required, presumption of denial"),
        ({"f.a": True, "f.b": True}, ["licence"], "permitted with duties"),
    ],
)
def test_a_counter_rule_that_meets_its_rule_is_human_review(facts, held, outcome):
    rule = make_rule("rule", ["f.a"], Outcome.LICENCE_PRESUMED_DENIED, lifted_by=("licence",))
    counter = make_rule("counter", ["f.b"], Outcome.PERMITTED, kind=EffectKind.COUNTER, lifted_by=("waiver",))
    selection = selection_of(PERMIT, rule, replace(counter, against=("aa.rule",)))
    assert same_everywhere(selection, {**HARMLESS, "facts": facts, "authorisations": held}) == outcome


@pytest.mark.parametrize(("facts", "outcome"), [({"f.a": True}, "prohibited"), ({"f.a": False}, REVIEW)])
def test_where_nobody_is_asked_something_must_be_certain(facts, outcome):
    assert same_everywhere(selection_of(BAN), {**HARMLESS, "asked": [], "facts": facts}) == outcome


def test_a_body_of_law_that_has_no_rule_is_silent():
    assert same_everywhere(selection_of(PERMIT), {**HARMLESS, "asked": ["aa", "zz"]}) == REVIEW
