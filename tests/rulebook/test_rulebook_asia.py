"""China's export regime against a second reading of it in Python; what the Asian rules must and must not say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lexloci.law.decide import decide
from lexloci.law.on_record import NOTHING_ON_RECORD, OnRecord
from lexloci.law.rule import EffectKind
from lexloci.model.act import ActKind, Question
from lexloci.model.citation import Verification
from lexloci.model.determination import Determination
from lexloci.model.fact import Plain
from lexloci.model.outcome import Outcome
from lexloci.model.portfolio import Basis
from lexloci.model.record import Authorisation
from lexloci.rulebook.book import bundled_rulebook
from lexloci.rulebook.decided_cases import RULEBOOK_FOLDER
from lexloci.rulebook.facts import act_from_row

RULEBOOK = bundled_rulebook()
ASIAN = ("cn_data", "cn_ai", "cn_chips", "cn_counter", "sg", "my", "asia_other", "ae", "sa", "eu", "tw")
RULES = [rule for rule in RULEBOOK.rules if rule.id.partition(".")[0] in ASIAN]
TODAY = date(2026, 6, 1)
EXEMPT_PURPOSES = ("contract with the person", "human resources", "emergency")


def asked(
    kind: ActKind,
    facts: dict[str, Plain],
    bodies: tuple[str, ...],
    on: date = TODAY,
    record: OnRecord = NOTHING_ON_RECORD,
    *,
    closed: bool = True,
) -> Determination:
    act = act_from_row("act", kind, on, facts, asked=bodies, closed=closed, origin="test")
    return decide(RULEBOOK, act, Question(on, on, Basis.TEXT), record, bodies=bodies)


# China's export regime, read a second time


@dataclass(frozen=True)
class Export:
    """A dataset on its way out of mainland China."""

    on: date
    to: str
    category: str
    collected_in: str
    only_foreign: bool
    purpose: str
    persons: int
    sensitive: int
    handled: int
    persons_since_last_year: int
    sensitive_since_last_year: int
    critical_operator: bool
    notified: bool
    state_organ: bool
    consent: str
    within_bay_area: bool
    genomes: int

    def facts(self) -> dict[str, Plain]:
        return {
            "departure.country": "CN",
            "site.country": self.to,
            "dataset.category": self.category,
            "dataset.origin": self.collected_in,
            "dataset.foreign_origin_only": self.only_foreign,
            "dataset.purpose": self.purpose,
            "dataset.persons": self.persons,
            "dataset.sensitive_persons": self.sensitive,
            "dataset.persons_handled": self.handled,
            "dataset.persons_since_previous_year": self.persons_since_last_year,
            "dataset.sensitive_persons_since_previous_year": self.sensitive_since_last_year,
            "dataset.notified_as_important": self.notified,
            "dataset.state_organ": self.state_organ,
            "dataset.separate_consent": self.consent,
            "dataset.gba_recipient": self.within_bay_area,
            "dataset.genomes": self.genomes,
            "handler.name": "handler",
            "handler.critical_infrastructure_operator": self.critical_operator,
        }


def needs_assessment(export: Export) -> bool:
    """Whether an export of personal information is above the thresholds of its day, and not exempt."""
    if export.on < date(2024, 3, 22):
        exported = export.persons_since_last_year >= 100_000 or export.sensitive_since_last_year >= 10_000
        return exported or export.handled >= 1_000_000
    exempt = (
        (export.collected_in != "CN" and export.only_foreign)
        or export.purpose in EXEMPT_PURPOSES
        or (export.to == "HK" and export.within_bay_area)
    )
    return not exempt and (export.persons >= 1_000_000 or export.sensitive >= 10_000)


def second_reading(export: Export) -> Outcome:
    """The answer as the order of decision of the fact base gives it, without the rulebook."""
    licence = Outcome.LICENCE_CASE_BY_CASE
    since_provisions = export.on >= date(2024, 3, 22)
    foreign = since_provisions and export.collected_in != "CN" and export.only_foreign
    scenario = since_provisions and export.purpose in EXEMPT_PURPOSES
    if export.category == "core":
        return Outcome.PROHIBITED
    if export.category == "important":
        return licence
    if since_provisions and export.notified:
        return licence
    if export.category == "general":
        return Outcome.PERMITTED
    if export.category == "public":
        held = export.persons >= 100_000 or export.sensitive >= 1
        return Outcome.HUMAN_REVIEW if export.collected_in == "CN" and held else Outcome.PERMITTED
    asked_for = (
        needs_assessment(export),
        export.state_organ,
        export.critical_operator and not foreign and not scenario,
        export.consent == "not obtained" and not scenario,
        export.genomes > 500 and export.sensitive >= 1,
    )
    if any(asked_for):
        return licence
    if since_provisions and export.collected_in != "CN" and not export.only_foreign:
        return Outcome.HUMAN_REVIEW
    return Outcome.PERMITTED_WITH_DUTIES


def around(*limits: int) -> st.SearchStrategy[int]:
    return st.sampled_from(sorted({0, 1, *(one + step for one in limits for step in (-1, 0, 1))}))


def exports(days: tuple[date, ...], categories: tuple[str, ...]) -> st.SearchStrategy[Export]:
    return st.builds(
        Export,
        on=st.sampled_from(days),
        to=st.sampled_from(["MY", "HK"]),
        category=st.sampled_from(categories),
        collected_in=st.sampled_from(["CN", "FR"]),
        only_foreign=st.booleans(),
        purpose=st.sampled_from(["training", "service to the person", "human resources", "emergency", "other"]),
        persons=around(100_000, 1_000_000),
        sensitive=around(10_000),
        handled=around(1_000_000, 10_000_000),
        persons_since_last_year=around(100_000),
        sensitive_since_last_year=around(10_000),
        critical_operator=st.booleans(),
        notified=st.booleans(),
        state_organ=st.booleans(),
        consent=st.sampled_from(["obtained", "not obtained"]),
        within_bay_area=st.booleans(),
        genomes=around(500),
    )


@settings(max_examples=400)
@given(exports((date(2025, 4, 9), TODAY), ("public", "general", "personal", "important", "core")))
def test_exports_from_china_are_answered_as_a_second_reading_answers_them(export: Export):
    assert asked(ActKind.DATA_EXPORT, export.facts(), ("cn",), export.on).outcome is second_reading(export)


@settings(max_examples=200)
@given(exports((date(2023, 6, 1), date(2024, 3, 21), date(2024, 3, 22)), ("personal",)))
def test_personal_information_is_judged_by_the_thresholds_of_its_day(export: Export):
    assert asked(ActKind.DATA_EXPORT, export.facts(), ("cn",), export.on).outcome is second_reading(export)


@settings(max_examples=200)
@given(exports((TODAY,), ("personal", "general", "important")), st.data())
def test_an_export_with_facts_left_out_is_never_answered_more_mildly(export: Export, data: st.DataObject):
    facts = export.facts()
    left_out = data.draw(st.sets(st.sampled_from(sorted(set(facts) - {"handler.name"}))))
    known = {name: value for name, value in facts.items() if name not in left_out}
    full = asked(ActKind.DATA_EXPORT, facts, ("cn",), closed=False)
    part = asked(ActKind.DATA_EXPORT, known, ("cn",), closed=False)
    assert part.possible.severity >= full.certain.severity
    assert part.outcome is Outcome.HUMAN_REVIEW or part.outcome.severity >= full.certain.severity


def test_the_assessment_names_the_law_and_both_counts():
    facts: dict[str, Plain] = {
        "departure.country": "CN",
        "site.country": "MY",
        "dataset.category": "personal",
        "dataset.origin": "CN",
        "dataset.persons": 2_400_000,
        "dataset.sensitive_persons": 60_000,
    }
    found = asked(ActKind.DATA_EXPORT, facts, ("cn",))
    finding = next(one for one in found.findings if one.rule == "cn_data.security_assessment")
    for words in ("CAC Order 16, art. 7", "1,000,000", "10,000", "2,400,000", "60,000"):
        assert words in finding.reason


@pytest.mark.parametrize("kind", ["security_assessment", "negative_list_exemption"])
def test_an_assessment_on_record_lifts_the_threshold_but_not_consent(kind: str):
    held = OnRecord(authorisations={kind: Authorisation("1", kind, "CAC", "handler", (), date(2024, 4, 10))})
    facts: dict[str, Plain] = {
        "departure.country": "CN",
        "site.country": "SG",
        "dataset.category": "personal",
        "dataset.origin": "CN",
        "dataset.persons": 1_500_000,
        "dataset.separate_consent": "obtained",
    }
    assert asked(ActKind.DATA_EXPORT, facts, ("cn",), record=held).outcome is Outcome.PERMITTED_WITH_DUTIES
    refused = {**facts, "dataset.separate_consent": "not obtained"}
    assert asked(ActKind.DATA_EXPORT, refused, ("cn",), record=held).outcome is Outcome.LICENCE_CASE_BY_CASE


@pytest.mark.parametrize(
    ("facts", "rule"),
    [
        ({"dataset.persons": 99_999}, "cn_data.volume_exemption"),
        ({"dataset.persons": 2_000_000, "dataset.purpose": "human resources"}, "cn_data.scenario_exemption"),
        ({"dataset.origin": "FR", "dataset.foreign_origin_only": True}, "cn_data.foreign_origin"),
        ({"dataset.category": "general"}, "cn_data.general_data"),
    ],
    ids=["volume", "scenario", "foreign origin", "general"],
)
def test_an_exemption_is_shown_with_its_provision(facts: dict[str, Plain], rule: str):
    export: dict[str, Plain] = {"departure.country": "CN", "site.country": "MY", "dataset.category": "personal"}
    found = asked(ActKind.DATA_EXPORT, {**export, "dataset.origin": "CN", **facts}, ("cn",))
    assert rule in {one.rule for one in found.findings}
    assert found.outcome.is_placeable


# What a placement asks of each body of law

SPEAKING = [
    ("cn", ActKind.USE, {"chip": "h800-sxm", "site.country": "CN", "site.state_funded": False}),
    (
        "cn",
        ActKind.REEXPORT,
        {"chip": "h20", "departure.country": "TW", "site.country": "CN", "site.state_funded": False},
    ),
    ("cn", ActKind.REMOTE_ACCESS, {"site.country": "MY", "tenant.headquarters": "CN"}),
    ("cn", ActKind.WEIGHTS_TRANSFER, {"departure.country": "MY", "site.country": "CN"}),
    ("cn", ActKind.OFFERING, {"offering.country": "CN", "offering.to_public": True, "offering.labelled": True}),
    ("my", ActKind.REEXPORT, {"chip": "b200", "departure.country": "TW", "site.country": "MY"}),
    ("my", ActKind.TRANSFER, {"chip": "b200", "departure.country": "MY", "site.country": "MY"}),
    ("my", ActKind.REMOTE_ACCESS, {"site.country": "MY", "tenant.headquarters": "CN"}),
    ("my", ActKind.USE, {"chip": "b200", "site.country": "MY"}),
    ("my", ActKind.WEIGHTS_TRANSFER, {"departure.country": "MY", "site.country": "CN"}),
    ("my", ActKind.OFFERING, {"offering.country": "MY", "offering.to_public": True}),
    ("sg", ActKind.REEXPORT, {"chip": "h200-sxm", "departure.country": "TW", "site.country": "SG"}),
    ("sg", ActKind.REMOTE_ACCESS, {"site.country": "SG", "tenant.headquarters": "CN"}),
    ("sg", ActKind.USE, {"chip": "h200-sxm", "site.country": "SG"}),
    ("sg", ActKind.WEIGHTS_TRANSFER, {"departure.country": "SG", "site.country": "CN"}),
    ("sg", ActKind.OFFERING, {"offering.country": "SG", "offering.to_public": False}),
    ("id", ActKind.OFFERING, {"offering.country": "ID", "offering.to_public": True}),
    ("ae", ActKind.OFFERING, {"offering.country": "AE", "offering.to_public": True}),
    ("sa", ActKind.OFFERING, {"offering.country": "SA", "offering.to_public": True}),
    (
        "tw",
        ActKind.REEXPORT,
        {"chip": "h100-sxm", "departure.country": "TW", "site.country": "MY", "end_user.headquarters": "MY"},
    ),
]
SILENT = [
    ("id", ActKind.REEXPORT, {"chip": "gb200", "departure.country": "TW", "site.country": "ID"}),
    ("id", ActKind.REMOTE_ACCESS, {"site.country": "ID", "tenant.headquarters": "CN"}),
    ("ae", ActKind.REMOTE_ACCESS, {"site.country": "AE", "tenant.headquarters": "CN"}),
    ("ae", ActKind.REMOTE_ACCESS, {"site.country": "AE", "tenant.headquarters": "AE"}),
    ("sa", ActKind.USE, {"chip": "gb300", "site.country": "SA"}),
    ("vn", ActKind.OFFERING, {"offering.country": "VN", "offering.to_public": True}),
    ("hk", ActKind.USE, {"chip": "h20", "site.country": "HK"}),
    ("sg", ActKind.USE, {"chip": "h20", "site.country": "MY"}),
    ("my", ActKind.WEIGHTS_TRANSFER, {"departure.country": "SG", "site.country": "CN"}),
    ("cn", ActKind.USE, {"chip": "h20", "site.country": "HK", "site.state_funded": False}),
]


def _named(rows: list[tuple[str, ActKind, dict[str, Plain]]]) -> list[str]:
    return [f"{body}-{kind.value}-{place}" for place, (body, kind, _) in enumerate(rows)]


@pytest.mark.parametrize(("body", "kind", "facts"), SPEAKING, ids=_named(SPEAKING))
def test_a_body_of_law_with_a_source_lets_a_placement_go_on(body: str, kind: ActKind, facts: dict[str, Plain]):
    assert asked(kind, facts, (body,)).outcome.is_placeable


@pytest.mark.parametrize(("body", "kind", "facts"), SILENT, ids=_named(SILENT))
def test_a_body_of_law_without_a_source_goes_to_a_person(body: str, kind: ActKind, facts: dict[str, Plain]):
    assert asked(kind, facts, (body,)).outcome is Outcome.HUMAN_REVIEW


@pytest.mark.parametrize(
    ("known", "missing"),
    [(True, None), (False, "site.state_funded")],
    ids=["stated", "not stated"],
)
def test_foreign_chips_in_china_ask_whether_there_is_state_money(known: bool, missing: str | None):
    facts: dict[str, Plain] = {"chip": "h20", "site.country": "CN"}
    facts |= {"site.state_funded": False} if known else {}
    found = asked(ActKind.USE, facts, ("cn",), closed=False)
    assert [one.name for one in found.missing] == ([missing] if missing else [])


def test_china_counters_the_guidance_on_its_chips_from_its_statement_on():
    facts: dict[str, Plain] = {
        "chip": "ascend-910a",
        "site.country": "CN",
        "site.state_funded": False,
        "user.name": "laboratory",
        "user.headquarters": "CN",
    }
    pair = ("us_ear.gp10_prc_chips", "cn_counter.anti_foreign_sanctions")
    assert [one.rules for one in asked(ActKind.USE, facts, ("us", "cn")).conflicts] == [pair]
    assert asked(ActKind.USE, facts, ("us", "cn"), date(2025, 5, 20)).conflicts == ()
    elsewhere = {**facts, "site.country": "MY", "user.headquarters": "SG"}
    assert asked(ActKind.USE, elsewhere, ("us", "cn")).conflicts == ()


# Form


@pytest.mark.parametrize("folder", ASIAN)
def test_the_readme_of_a_folder_names_each_of_its_rules(folder: str):
    text = (RULEBOOK_FOLDER / folder / "README.md").read_text(encoding="utf-8")
    ids = [rule.id for rule in RULES if rule.id.startswith(f"{folder}.")]
    assert ids
    assert [one for one in ids if f"`{one}`" not in text] == []


def test_a_permission_from_absence_of_evidence_is_marked_as_recalled():
    for rule in RULES:
        if "absence of evidence" in rule.text:
            assert (rule.kind, rule.verification) == (EffectKind.PERMIT, Verification.RECALLED), rule.id


def test_a_permission_never_rests_on_nothing():
    for rule in RULES:
        if rule.kind is EffectKind.PERMIT:
            places = ("country", "defined.")
            assert any(place in condition.text for condition in rule.when for place in places), rule.id
