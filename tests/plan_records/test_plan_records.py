"""What is on record for an act: nothing before its day, nothing after its end, nothing for another thing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from lexloci.model.act import Act, ActKind, Question, Role
from lexloci.model.fact import ABSENT, UNKNOWN, Fact
from lexloci.model.party import NotSubject, Party
from lexloci.model.portfolio import Basis, Portfolio
from lexloci.model.record import Attestation, Authorisation, Reading
from lexloci.model.site import Pool, Site, Tenure
from lexloci.model.workload import DataCategory, Dataset, Workload, WorkloadKind
from lexloci.model.workload import Model as Network
from lexloci.plan.records import LISTINGS, UNLISTED, with_records

DAY = date(2026, 3, 1)
BEGIN = date(2026, 1, 1)
ONE = timedelta(days=1)
QUESTION = Question(DAY, DAY, Basis.ENFORCEMENT)
LAB, OPERATOR, STRANGER = (Party(name, name) for name in ("lab", "operator", "stranger"))
PORTFOLIO = Portfolio(
    name="records",
    as_of=DAY,
    basis=Basis.ENFORCEMENT,
    horizon_until=date(2027, 1, 1),
    parties=(LAB, OPERATOR, STRANGER),
    sites=(Site("johor", "Johor", "MY", "operator"), Site("jakarta", "Jakarta", "ID", "operator")),
    pools=(
        Pool("small", "johor", "h100", 600, "operator", Tenure.RENTED),
        Pool("large", "johor", "h100", 900, "operator", Tenure.RENTED),
    ),
    datasets=(
        Dataset("chats", "Chats", "lab", DataCategory.PERSONAL, "CN"),
        Dataset("books", "Books", "lab", DataCategory.GENERAL, "CN"),
    ),
    models=(Network("net", "Net", 1e9),),
    workloads=(
        Workload("train", "Training", "lab", WorkloadKind.PRE_TRAIN, "net"),
        Workload("serve", "Serving", "lab", WorkloadKind.SERVE, "net"),
    ),
)
ACT = Act(
    id="act",
    kind=ActKind.REMOTE_ACCESS,
    leg="access",
    on=DAY,
    facts={"site.country": Fact("MY", "sites"), "tenant.entity_list": Fact(UNKNOWN, "no list")},
    asked=("us",),
    parties={Role.TENANT: "lab", Role.PROVIDER: "operator", Role.OPERATOR: "operator"},
    things=("train", "small", "johor", "net", "chats"),
)


def reading(option="service", on=BEGIN, until=None, parties=()):
    return Reading("us.rental", option, "officer", on, "counsel", parties, until)


def attestation(fact, value=True, about=("lab",), on=BEGIN, until=None):
    return Attestation(fact, value, about, "officer", on, "file 7", until)


def licence(covers=("lab",), holder="lab", granted=BEGIN, until=None, chips=None, kind="licence", name="no. 1"):
    return Authorisation(name, kind, "office", holder, covers, granted, until, chips)


def records(act=ACT, question=QUESTION, **sections):
    return with_records(replace(PORTFOLIO, **sections), act, question)


def fact(name, *attestations, act=ACT, question=QUESTION):
    return records(act, question, attestations=attestations)[0].facts.get(name)


def value(name, *attestations, act=ACT, question=QUESTION):
    found = fact(name, *attestations, act=act, question=question)
    return None if found is None else found.value


def lifts(held, act=ACT, question=QUESTION):
    return records(act, question, authorisations=(held,))[1].authorisations == {held.kind: held}


def on_day(as_of, on=None):
    return {"act": replace(ACT, on=on or as_of), "question": Question(as_of, as_of, Basis.ENFORCEMENT)}


END = date(2026, 6, 1)
SPANS = [
    (BEGIN - ONE, BEGIN - ONE, False),  # before it began
    (BEGIN, BEGIN, True),  # on its first day
    (END - ONE, END - ONE, True),  # on its last day
    (END, END, False),  # on the first day after
    (DAY, END - ONE, True),  # the act lies ahead and within
    (DAY, END, False),  # it will have ended by the act
    (END, DAY, False),  # it has ended by the question, though not by the act
    (BEGIN - ONE, DAY, False),  # it is not yet made on the day of the question
]


@pytest.mark.parametrize(("as_of", "on", "counts"), SPANS)
def test_a_record_counts_from_its_first_day_until_its_last_by_both_clocks(as_of, on, counts):
    when = on_day(as_of, on)
    assert (value("supply.new", attestation("supply.new", until=END), **when) is True) is counts
    found, record = records(**when, readings=(reading(until=END),))
    assert ("us.rental" in record.readings) is ("reading.us.rental" in found.facts) is counts
    assert lifts(licence(until=END), **when) is counts


def test_a_licence_does_not_reach_back_to_an_act_before_it_was_granted():
    assert not lifts(licence(), **on_day(DAY, BEGIN - ONE))
    assert lifts(licence(), **on_day(DAY, BEGIN))


def test_an_act_is_given_its_records_and_otherwise_left_as_it_is():
    found, record = records()
    assert found == ACT
    assert (record.readings, record.attestations, record.authorisations, record.not_subject) == ({}, {}, {}, {})


# Readings.


def test_a_reading_becomes_a_fact_with_who_adopted_it_when_and_on_whose_advice():
    found, record = records(readings=(reading(),))
    assert found.facts["reading.us.rental"] == Fact("service", "adopted by officer on 2026-01-01, advised by counsel")
    assert record.readings == {"us.rental": reading()}


def test_readings_that_differ_count_as_none():
    for readings in ((reading("service"), reading("transfer")), (reading("transfer"), reading("service"))):
        found, record = records(readings=readings)
        assert record.readings == {}
        assert "reading.us.rental" not in found.facts


def test_readings_that_agree_count():
    assert records(readings=(reading(), reading(on=DAY)))[1].readings == {"us.rental": reading()}


def test_a_reading_that_has_ended_contradicts_nothing():
    found = records(readings=(reading("transfer", until=DAY), reading("service")))[1].readings
    assert found["us.rental"].option == "service"


@pytest.mark.parametrize(("parties", "counts"), [((), True), (("lab",), True), (("stranger",), False)])
def test_a_reading_covers_the_parties_that_it_names(parties, counts):
    assert bool(records(readings=(reading(parties=parties),))[1].readings) is counts


# Attestations.


def test_an_attestation_fills_an_unknown_fact_and_says_who_vouches():
    assert fact("tenant.entity_list", attestation("tenant.entity_list", value=False)) == Fact(
        False, "attested by officer on 2026-01-01: file 7"
    )


@pytest.mark.parametrize("stated", ["MY", 5, True, ABSENT])
def test_an_attestation_never_overrules_a_stated_fact(stated):
    act = replace(ACT, facts={"supply.x": Fact(stated, "portfolio")})
    found = fact("supply.x", attestation("supply.x", value="other"), act=act)
    assert found.value is UNKNOWN
    assert found.origin.startswith(f"contradicted: portfolio says {stated}")


def test_an_attestation_that_agrees_with_a_stated_fact_adds_its_voucher():
    found = fact("site.country", attestation("site.country", value="MY"))
    assert found == Fact("MY", "sites; attested by officer on 2026-01-01: file 7")


def test_attestations_that_differ_count_as_none():
    yes, no = (attestation("tenant.entity_list", value=said) for said in (True, False))
    for pair in ((yes, no), (no, yes)):
        assert value("tenant.entity_list", *pair) is UNKNOWN
        assert records(attestations=pair)[1].attestations == {}


def test_a_fact_of_a_party_speaks_for_every_role_that_the_party_has():
    said = attestation("party.us_person", value=False, about=("operator",))
    assert value("provider.us_person", said) is False
    assert value("operator.us_person", said) is False
    assert value("tenant.us_person", said) is None


def test_a_fact_of_a_role_speaks_only_where_the_party_has_that_role():
    assert value("tenant.red_flags_resolved", attestation("tenant.red_flags_resolved")) is True
    other = attestation("tenant.red_flags_resolved", about=("operator",))
    assert value("tenant.red_flags_resolved", other) is None
    assert value("user.red_flags_resolved", attestation("user.red_flags_resolved")) is None


def test_unlisted_says_no_to_every_list_and_to_nothing_else():
    found = records(attestations=(attestation(UNLISTED),))[0]
    assert {name: one.value for name, one in found.facts.items() if name.startswith("tenant.")} == {
        f"tenant.{name}": False for name in LISTINGS
    }
    assert "provider.entity_list" not in found.facts


def test_not_unlisted_leaves_every_list_open():
    act = replace(ACT, facts={"tenant.sdn_list": Fact(False, "screened")})
    said = attestation(UNLISTED, value=False)
    assert value("tenant.entity_list", said, act=act) is UNKNOWN
    assert value("tenant.sdn_list", said, act=act) is UNKNOWN


def test_unlisted_against_a_listing_leaves_it_unknown():
    act = replace(ACT, facts={"tenant.entity_list": Fact(True, "Entity List")})
    assert value("tenant.entity_list", attestation(UNLISTED), act=act) is UNKNOWN


def test_unlisted_and_an_attested_listing_differ_and_count_as_none():
    unlisted, listed = attestation(UNLISTED), attestation("party.entity_list", value=True)
    for pair in ((unlisted, listed), (listed, unlisted)):
        assert value("tenant.entity_list", *pair) is UNKNOWN
        assert value("tenant.sdn_list", *pair) is False


def test_unlisted_and_an_attested_absence_agree():
    unlisted, absent = attestation(UNLISTED), attestation("party.entity_list", value=False)
    for pair in ((unlisted, absent), (absent, unlisted)):
        assert value("tenant.entity_list", *pair) is False


@pytest.mark.parametrize(
    ("about", "counts"),
    [
        (("small",), True),
        (("large",), False),
        (("small", "large"), True),
        (("lab", "small"), True),
        (("lab", "large"), False),
        (("stranger", "small"), False),
        (("train",), True),
        (("serve",), False),
        (("serve", "small"), False),
        (("chats",), True),
        (("books",), False),
        (("books", "train"), False),
        (("nothing",), False),
        ((), False),
    ],
)
def test_an_attestation_counts_only_for_the_things_that_it_is_about(about, counts):
    assert (value("supply.new", attestation("supply.new", about=about)) is True) is counts


def test_an_attestation_about_a_thing_of_a_kind_that_the_act_lacks_still_counts():
    act = replace(ACT, things=("small", "johor"))
    assert value("supply.new", attestation("supply.new", about=("small", "train")), act=act) is True


def test_an_attestation_about_a_tenant_in_one_pool_says_nothing_about_it_in_another():
    said = attestation("tenant.red_flags_resolved", about=("lab", "large"))
    assert value("tenant.red_flags_resolved", said) is None
    elsewhere = replace(ACT, things=("train", "large", "johor", "net"))
    assert value("tenant.red_flags_resolved", said, act=elsewhere) is True


# Authorisations.


@pytest.mark.parametrize(
    ("covers", "counts"),
    [
        (("lab",), True),
        (("operator",), True),
        (("stranger",), False),
        (("stranger", "lab"), True),
        (("johor",), True),
        (("jakarta",), False),
        (("lab", "jakarta"), False),
        (("small", "chats"), True),
        (("small", "books"), False),
        (("train", "net"), True),
        (("serve",), False),
        (("lab", "misspelt"), False),
        ((), False),
    ],
)
def test_an_authorisation_covers_an_act_with_one_of_each_kind_of_thing_that_it_names(covers, counts):
    assert lifts(licence(covers)) is counts


@pytest.mark.parametrize(("holder", "counts"), [("lab", True), ("operator", True), ("stranger", False)])
def test_an_authorisation_counts_for_the_acts_of_its_holder(holder, counts):
    assert lifts(licence(("johor", "lab"), holder)) is counts


def test_an_authorisation_of_the_holder_of_chips_says_nothing_of_a_tenant_that_it_does_not_name():
    assert not lifts(licence(("johor",), "operator"))
    assert not lifts(licence(("small", "operator"), "operator"))
    assert lifts(licence(("small", "lab"), "operator"))


def test_an_authorisation_that_names_no_pool_counts_the_chips_of_every_pool_of_its_holder():
    assert not lifts(licence(("johor", "lab"), "operator", chips=1499))
    assert lifts(licence(("johor", "lab"), "operator", chips=1500))
    assert lifts(licence(("small", "lab"), "operator", chips=600))


def test_an_attestation_stands_for_no_reading_of_a_contested_point():
    assert "reading.us.rental" not in records(attestations=(attestation("reading.us.rental", "service"),))[0].facts


@pytest.mark.parametrize(
    ("covers", "chips", "counts"),
    [
        (("small",), 599, False),
        (("small",), 600, True),
        (("johor",), 600, True),
        (("johor",), 599, False),
        (("small", "large"), 1499, False),
        (("small", "large"), 1500, True),
        (("small", "large"), None, True),
    ],
)
def test_an_authorisation_covers_no_more_chips_than_it_says_over_all_its_pools(covers, chips, counts):
    assert lifts(licence(covers, chips=chips)) is counts


def test_the_first_of_several_authorisations_of_a_kind_that_covers_the_act_counts():
    held = (licence(("jakarta",), name="no. 1"), licence(name="no. 2"), licence(name="no. 3"))
    assert records(authorisations=held)[1].authorisations["licence"].id == "no. 2"


def test_every_further_authorisation_of_the_kind_that_covers_the_act_binds_too():
    held = (licence(("jakarta",), name="no. 1"), licence(name="no. 2"), licence(name="no. 3"))
    record = records(authorisations=held)[1]
    assert [one.id for one in record.held("licence")] == ["no. 2", "no. 3"]
    assert [one.id for one in record.further["licence"]] == ["no. 3"]
    assert record.held("filing") == ()
    assert records(authorisations=held[:2])[1].further == {}


def test_authorisations_of_several_kinds_count_together():
    held = (licence(), licence(kind="filing", name="no. 2"))
    assert set(records(authorisations=held)[1].authorisations) == {"licence", "filing"}


# Not subject.


def recorded(party, on=BEGIN, authority="us_bis"):
    return replace(party, not_subject_to=(NotSubject(authority, "abroad", "counsel", on),))


def not_subject(*parties, act=ACT):
    return set(records(act, parties=parties)[1].not_subject)


def test_a_record_of_being_not_subject_counts_when_every_acting_party_made_it():
    assert not_subject(recorded(LAB), recorded(OPERATOR), STRANGER) == {"us_bis"}
    assert not_subject(recorded(LAB), OPERATOR, STRANGER) == set()
    assert not_subject(LAB, recorded(OPERATOR), STRANGER) == set()
    assert not_subject(LAB, OPERATOR, recorded(STRANGER)) == set()


def test_records_for_different_authorities_do_not_add_up():
    assert not_subject(recorded(LAB), recorded(OPERATOR, authority="us_ofac"), STRANGER) == set()


@pytest.mark.parametrize(("on", "expected"), [(DAY, {"us_bis"}), (DAY + ONE, set())])
def test_a_record_of_being_not_subject_has_no_effect_before_its_day(on, expected):
    assert not_subject(recorded(LAB), recorded(OPERATOR, on=on), STRANGER) == expected


@pytest.mark.parametrize("role", [Role.EXPORTER, Role.END_USER, Role.CONSIGNEE, Role.HOLDER, Role.USER, Role.HANDLER])
def test_every_answerable_role_must_have_made_it(role):
    act = replace(ACT, parties={**ACT.parties, role: "stranger"})
    assert not_subject(recorded(LAB), recorded(OPERATOR), STRANGER, act=act) == set()
    assert not_subject(recorded(LAB), recorded(OPERATOR), recorded(STRANGER), act=act) == {"us_bis"}


def test_an_acting_party_that_is_unknown_has_made_no_record():
    act = replace(ACT, facts={**ACT.facts, "exporter.name": Fact(UNKNOWN, "not stated")})
    assert not_subject(recorded(LAB), recorded(OPERATOR), STRANGER, act=act) == set()


def test_an_act_without_acting_parties_is_never_not_subject():
    act = replace(ACT, parties={Role.OPERATOR: "operator"}, facts={})
    assert not_subject(recorded(LAB), recorded(OPERATOR), STRANGER, act=act) == set()


def test_an_attestation_that_names_something_unknown_says_nothing():
    """What is left of it would say more than was signed."""
    for about in (("lab", "gone"), ("gone",)):
        known, record = records(attestations=(attestation("tenant.entity_list", value=False, about=about),))
        assert known.facts["tenant.entity_list"].value is UNKNOWN
        assert record.attestations == {}
