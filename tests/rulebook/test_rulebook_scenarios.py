"""Bills and drafts are no law until somebody supposes them, and then from the day that is supposed."""

from __future__ import annotations

import shutil
from datetime import date

import pytest

from lexloci.law.load import load_rulebook
from lexloci.law.mistake import UnsoundRulebookError
from lexloci.model.errors import RulebookError
from lexloci.rulebook.book import FOLDER, bundled_rulebook, supposed_rulebook
from lexloci.rulebook.decided_cases import decided_cases_in, read_decided_cases
from lexloci.rulebook.judge_cases import judge

DAY = date(2026, 6, 1)
SCENARIOS = sorted(f"{path.parent.parent.name}.{path.stem}" for path in FOLDER.glob("*/scenarios/*.yaml"))
BOOKS = {one: supposed_rulebook({one: DAY}) for one in SCENARIOS}
CASE = """\
cases:
  - id: case
    on: {on}
    kind: {kind}
    bodies: [{body}]
    facts: {facts}
    expect: {{text: "{expect}", enforcement: "{expect}"}}
    citation: the scenario
"""
TO_SINGAPORE = "chip: {chip}, item.subject_to_ear: true, departure.country: US, site.country: SG"
CLEAN = "end_user.headquarters: SG, end_user.ultimate_parent_headquarters: SG, end_user.red_flags_resolved: true"
RENTED = (
    "chip: h100-sxm, item.subject_to_ear: true, site.country: SG, supply.tenure: owned, provider.headquarters: {home}"
)
TENANT = "tenant.headquarters: {tenant}, tenant.ultimate_parent_headquarters: {tenant}, tenant.red_flags_resolved: true"
OUT_OF_MALAYSIA = (
    "chip: {chip}, departure.country: MY, site.country: {site}, supply.restricted_activity_suspected: false"
)
IN_MALAYSIA = "chip: h100-sxm, site.country: MY, chip.subject_to_ear: {ear}, " + TENANT


def supplied(chip="h100-sxm"):
    return f"{TO_SINGAPORE.format(chip=chip)}, {CLEAN}"


def rented(tenant, home="SG"):
    return f"{RENTED.format(home=home)}, {TENANT.format(tenant=tenant)}"


def findings(book, kind, body, facts, on=DAY, expect="permitted"):
    """The ids of the rules that count in the answer to one act."""
    text = CASE.format(on=on, kind=kind, body=body, facts=f"{{{facts}}}", expect=expect)
    (case,) = read_decided_cases(text, "case.yaml", book)
    return {finding.rule for one in judge(book, case) for finding in one.determination.findings}


ACTS = [
    ("us_ear.remote_access_security_act", "remote access", "us", rented("CN"), rented("SG")),
    ("us_ear.remote_access_security_act", "remote access", "us", rented("RU"), rented("IN")),
    ("us_ear.iaas_customer_identification", "remote access", "us", rented("SG", "US"), rented("SG", "SG")),
    ("us_ear.iaas_customer_identification", "remote access", "us", rented("SG", "US"), rented("US", "US")),
    ("us_ear.chip_security_act", "export", "us", supplied("h100-sxm"), supplied("h20")),
    ("us_ear.global_licence_draft", "export", "us", supplied("h100-sxm"), supplied("mi210")),
    (
        "us_ear.gain_ai_act",
        "export",
        "us",
        supplied("h20").replace("site.country: SG", "site.country: CN"),
        supplied("h20"),
    ),
    (
        "my.strategic_items_listing",
        "reexport",
        "my",
        OUT_OF_MALAYSIA.format(chip="h100-sxm", site="TH"),
        OUT_OF_MALAYSIA.format(chip="h100-sxm", site="MY"),
    ),
    (
        "my.reciprocal_trade_agreement",
        "remote access",
        "my",
        IN_MALAYSIA.format(ear="true", tenant="CN"),
        IN_MALAYSIA.format(ear="true", tenant="SG"),
    ),
    (
        "my.reciprocal_trade_agreement",
        "remote access",
        "my",
        IN_MALAYSIA.format(ear="true", tenant="CN"),
        IN_MALAYSIA.format(ear="false", tenant="CN"),
    ),
]
each_act = pytest.mark.parametrize(
    ("scenario", "kind", "body", "reached", "clear"), ACTS, ids=[f"{one[0]}-{place}" for place, one in enumerate(ACTS)]
)


def test_the_rulebook_in_use_holds_no_scenario():
    assert SCENARIOS
    assert not {rule.id for rule in bundled_rulebook().rules} & set(SCENARIOS)


def test_every_scenario_is_tried_here():
    assert sorted({one[0] for one in ACTS}) == SCENARIOS


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_scenario_adds_its_rule_and_nothing_else_and_the_version_says_so(scenario):
    book, used = BOOKS[scenario], bundled_rulebook()
    assert {rule.id for rule in book.rules} - {rule.id for rule in used.rules} == {scenario}
    assert len(book.rules) == len(used.rules) + 1
    assert book.version == f"{used.version}+scenario {scenario} from 2026-06-01"
    assert book.digest != used.digest
    assert "no law" in book.rule(scenario).turns[0].by
    assert book.rule(scenario).title.startswith("Scenario: ")


@each_act
def test_a_scenario_reaches_what_its_bill_says_and_no_more(scenario, kind, body, reached, clear):
    assert scenario in findings(BOOKS[scenario], kind, body, reached)
    assert scenario not in findings(BOOKS[scenario], kind, body, clear)


@each_act
def test_a_scenario_begins_on_the_day_that_is_supposed(scenario, kind, body, reached, clear):
    assert scenario not in findings(BOOKS[scenario], kind, body, reached, date(2026, 5, 31))
    assert scenario in findings(BOOKS[scenario], kind, body, reached, date(2026, 6, 2))


@each_act
def test_without_the_scenario_the_answer_does_not_name_it(scenario, kind, body, reached, clear):
    assert scenario not in findings(bundled_rulebook(), kind, body, reached)


def test_what_is_supposed_counts_whenever_the_law_is_known():
    rule = BOOKS["us_ear.chip_security_act"].rule("us_ear.chip_security_act")
    assert rule.turns[0].on == DAY
    assert rule.turns[0].published < date(2018, 1, 1)


def test_a_measure_that_nobody_knows_is_never_decided():
    text = CASE.format(
        on=DAY,
        kind="remote access",
        body="my",
        facts=f"{{{IN_MALAYSIA.format(ear='true', tenant='CN')}}}",
        expect="human review",
    )
    book = BOOKS["my.reciprocal_trade_agreement"]
    (case,) = read_decided_cases(text, "case.yaml", book)
    assert not [one.differences for one in judge(book, case) if one.differences]


@pytest.mark.parametrize(
    ("memory", "interconnect", "is_reached"),
    [(1399.0, 0.0, False), (1400.0, 0.0, True), (0.0, 1099.0, False), (0.0, 1100.0, True), (599.0, 1099.0, False)],
)
def test_the_bandwidths_of_the_gain_ai_act_include_their_limits(memory, interconnect, is_reached):
    facts = (
        "item.class: accelerator, item.subject_to_ear: true, departure.country: US, site.country: CN, "
        "chip.total_processing_performance: 1000.0, chip.performance_density: 1.0, "
        f"chip.memory_gb_per_s: {memory}, chip.interconnect_gb_per_s: {interconnect}, end_user.headquarters: CN"
    )
    reached = "us_ear.gain_ai_act" in findings(BOOKS["us_ear.gain_ai_act"], "export", "us", facts)
    assert reached is is_reached


@pytest.mark.parametrize("memory", range(600, 1400, 50))
def test_no_pair_of_bandwidths_with_the_sum_of_the_gain_ai_act_is_missed(memory):
    facts = (
        "item.class: accelerator, item.subject_to_ear: true, departure.country: US, site.country: CN, "
        "chip.total_processing_performance: 1000.0, chip.performance_density: 1.0, "
        f"chip.memory_gb_per_s: {memory}.0, chip.interconnect_gb_per_s: {1700 - memory}.0, end_user.headquarters: CN"
    )
    assert "us_ear.gain_ai_act" in findings(BOOKS["us_ear.gain_ai_act"], "export", "us", facts)


def test_several_scenarios_can_be_supposed_from_different_days():
    book = supposed_rulebook({"us_ear.gain_ai_act": DAY, "my.strategic_items_listing": date(2027, 1, 1)})
    assert book.version.endswith(
        "+scenario my.strategic_items_listing from 2027-01-01+scenario us_ear.gain_ai_act from 2026-06-01"
    )


def test_a_scenario_that_is_not_there_is_an_error_with_the_nearest_name():
    with pytest.raises(RulebookError, match=r"^there is no scenario 'us_ear\.gain_ai'; did you mean us_ear\.gain_ai_a"):
        supposed_rulebook({"us_ear.gain_ai": DAY})


def test_a_rule_in_force_is_no_scenario():
    with pytest.raises(RulebookError, match=r"there is no scenario 'us_ear\.h200_rule'"):
        supposed_rulebook({"us_ear.h200_rule": DAY})


@pytest.fixture
def copy(tmp_path):
    """The top files of the package and one scenario, whose text is changed by a test."""

    def make(old="", new=""):
        for name in ("version.yaml", "vocabulary.yaml", "us_ear"):
            source = FOLDER / name
            (shutil.copytree if source.is_dir() else shutil.copy)(source, tmp_path / name)
        path = tmp_path / "us_ear" / "scenarios" / "chip_security_act.yaml"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")
        return tmp_path

    return make


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("defined.advanced_chip", "defined.advanced_chips", "no definition advanced_chips"),
        ("acts: ", "turns: []\nacts: ", "turns is no key here"),
        ("Bill, no law", "A bill", "the quoted text was changed"),
        ("id: us_ear.chip_security_act", "id: us_ear.chips", "does not match its file"),
    ],
)
def test_a_mistake_in_a_scenario_is_told_when_the_rulebook_is_read_and_not_when_it_is_supposed(copy, old, new, said):
    with pytest.raises(UnsoundRulebookError) as caught:
        load_rulebook(copy(old, new))
    told = str(caught.value)
    assert said in told
    assert told.startswith("us_ear/scenarios/chip_security_act.yaml:")


def test_a_scenario_may_not_have_the_id_of_a_rule(copy):
    folder = copy()
    rule = folder / "us_ear" / "rules" / "records.yaml"
    (folder / "us_ear" / "scenarios" / "records.yaml").write_text(rule.read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(UnsoundRulebookError, match=r"us_ear\.records is given twice among the rules"):
        load_rulebook(folder)


def test_cases_of_a_folder_pass_over_scenarios_and_instruments():
    assert decided_cases_in([str(FOLDER / "my")], bundled_rulebook())
