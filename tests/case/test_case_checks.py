"""Every kind of mistake in a portfolio is told by line and field, with the mend, in exactly these words."""

import pytest

from lexloci.case import check, read_portfolio
from lexloci.model.errors import InputError
from lexloci.model.portfolio import Basis
from lexloci.model.site import Tenure


def test_a_right_portfolio_has_no_mistakes_and_becomes_the_model(full):
    assert check("p.yaml", text=full) == ()
    portfolio = read_portfolio("p.yaml", text=full)
    assert portfolio.basis is Basis.ENFORCEMENT
    assert portfolio.party_by_id["cloud"].owners[0].percent == 60.0
    assert portfolio.party_by_id["holding"].aliases == ("控股",)
    assert portfolio.pool_by_id["johor-h100"].tenure is Tenure.LEASED
    assert portfolio.workload_by_id["serve"].demand.countries == ("SG", "MY")
    assert portfolio.link("ulanqab", "johor").gbps == 10.0
    assert portfolio.authorisations[0].covers == ("chats", "johor")
    assert portfolio.attestations[0].value is True


VALUES = [
    ("power_mw: 20", "power_mw: 300 MW", '17 sites[0].power_mw: "300 MW" is no number; write the number alone, in MW'),
    ("power_mw: 20", 'power_mw: "20"', '17 sites[0].power_mw: "20" is no number; write the number without quotation marks, in MW'),
    ("power_mw: 20", "power_mw: 20_000", '17 sites[0].power_mw: "20_000" is no number; write 20000, in MW'),
    ("power_mw: 20", "power_mw: lots", '17 sites[0].power_mw: "lots" is no number; write a number, in MW'),
    ("power_mw: 20", "power_mw: true", "17 sites[0].power_mw: true is no number; write a number, in MW"),
    ("power_mw: 20", "power_mw: 0", "17 sites[0].power_mw: 0 is out of range; write more than 0, in MW"),
    ("power_mw: 20", "pue: 0.9", "17 sites[0].pue: 0.9 is out of range; write at least 1 and at most 3"),
    ("power_mw: 20", "pue: null", "17 sites[0].pue: is empty; write a number, or delete the line"),
    (
        "power_mw: 20",
        "latitude: 91",
        "17 sites[0].latitude: 91 is out of range; write at least -90 and at most 90, in degrees north",
    ),
    (
        "power_mw: 20",
        "power_mw: .nan",
        '17 sites[0].power_mw: ".nan" is no finite number that fits; '
        "write a finite number, or put text in quotation marks",
    ),
    ("chips: 64, holder", "chips: 64.0, holder", "22 pools[0].chips: 64.0 is no whole number; write 64"),
    (
        "chips: 64, holder",
        "chips: 64.5, holder",
        "22 pools[0].chips: 64.5 is no whole number; write it without a fraction",
    ),
    ("chips: 64, holder", "chips: -8, holder", "22 pools[0].chips: -8 is out of range; write more than 0, in chips"),
    ("percent: 60", "percent: 160", "9 parties[0].owners[0].percent: 160 is out of range; write at least 0 and at most 100, in %"),
    ("country: MY, op", "country: Malaysa, op", '17 sites[0].country: "Malaysa" is no ISO 3166 code; did you mean MY?'),
    ("country: MY, op", "country: my, op", '17 sites[0].country: "my" is no ISO 3166 code; did you mean MY?'),
    ("country: MY, op", "country: false, op", '17 sites[0].country: false is no ISO 3166 code; for Norway write NO, or "NO"'),
    ("countries: [SG, MY]", "countries: [SG, QQQ]", '42 workloads[2].demand.countries[1]: "QQQ" is no ISO 3166 code; write one such as MY or SG'),
    ("tenure: leased,", "tenure: lease,", '22 pools[0].tenure: "lease" is none of its choices; did you mean leased?'),
    ("tenure: leased,", "tenure: 7,", "22 pools[0].tenure: 7 is none of its choices; write owned, leased or rented"),
    ("deadline: 2026-12-01", "deadline: 2026-02-30", "33 workloads[0].deadline: 2026-02-30 is no day of the calendar; write one that exists, as YYYY-MM-DD"),
    ("deadline: 2026-12-01", "deadline: 01/12/2026", '33 workloads[0].deadline: "01/12/2026" is no day; write it as YYYY-MM-DD'),
    ("deadline: 2026-12-01", "deadline: 20261201", "33 workloads[0].deadline: 20261201 is no day; write it as YYYY-MM-DD"),
    (
        "deadline: 2026-12-01",
        "deadline: 2026-12-01T00:00:00",
        '33 workloads[0].deadline: "2026-12-01T00:00:00" is no day; write the day alone: 2026-12-01',
    ),
    ("headquarters: MY,", "generic: yes, headquarters: MY,", '9 parties[0].generic: "yes" is neither true nor false; write true'),
    ("headquarters: MY,", "generic: 0, headquarters: MY,", "9 parties[0].generic: 0 is neither true nor false; write false"),
    (
        "headquarters: MY,",
        "critical_infrastructure_operator: unknown, headquarters: MY,",
        '9 parties[0].critical_infrastructure_operator: "unknown" is neither true nor false; '
        "delete the line: what is not stated is unknown",
    ),
    ("name: Johor Cloud", "name: 7", '9 parties[0].name: 7 is no text; put it in quotation marks: "7"'),
    ("name: Johor Cloud", 'name: " "', "9 parties[0].name: is blank; write a text, or delete the line"),
    ("name: Johor Cloud", "name: null", "9 parties[0].name: is empty; write a text, or delete the line"),
    (
        "name: Johor Cloud",
        r'name: "Johor \u202eCloud"',
        r'9 parties[0].name: "Johor \u202eCloud" holds the character U+202E, which does not show; delete it',
    ),
    ("value: true", "value: [1]", "46 attestations[0].value: a list is no value; write true or false or number or text"),
    ("users: [lab]", "users: lab", '22 pools[0].users: "lab" is no list; write [lab]'),
    ("users: [lab]", "users: null", "22 pools[0].users: is empty; delete the line, or write a list"),
    ("between: [johor, ulanqab]", "between: [johor]", "25 links[0].between: holds 1, not 2; write 2"),
    ("  - {between: [johor, ulanqab], gbps: 10}", "  - johor", '25 links[0]: "johor" is no link; write a mapping of fields, such as `id: ...`'),
    ("{lei: 5493001KJTIIGC8Y1R12}", "{uscc: 91330000}", '10 parties[1].identifiers.uscc: 91330000 is no text; put it in quotation marks: "91330000"'),
    ("{lei: 5493001KJTIIGC8Y1R12}", "[lei]", "10 parties[1].identifiers: a list is no mapping; write `name: text`, or delete it"),
]

KEYS = [
    ("power_mw: 20", "power_mv: 20", "17 sites[0].power_mv: is no field of a site; did you mean power_mw?"),
    ("power_mw: 20", "colour: red", "17 sites[0].colour: is no field of a site; delete it; docs/reference/portfolio.md lists the fields"),
    ("power_mw: 20", "pue: 1.2, pue: 1.3", "17 sites[0].pue: the key stands twice, first on line 17; delete one of them"),
    ("country: MY, op", "op", "17 sites[0].country: is missing; state it: country or special region (HK, MO apart)"),
    ("parameters: 2e11, ", "", "31 models[0].parameters: is missing; state it: all parameters, in parameters"),
    ("{headquarters: press,", "{headquarter: press,", "15 parties[2].sources.headquarter: is no field of a party; did you mean headquarters?"),
    ("lexloci: 1", "lexloci: 2", "1 lexloci: 2 is no version of the format that is read here; write `lexloci: 1` on the first line"),
    ("lexloci: 1", "lexloci: true", "1 lexloci: true is no version of the format that is read here; write `lexloci: 1` on the first line"),
    ("lexloci: 1\n", "", "1 lexloci: is missing: the version of the file's format; write `lexloci: 1` on the first line"),
]

NAMES = [
    ("holder: cloud", "holder: clowd", '22 pools[0].holder: "clowd" is no id in `parties`; did you mean cloud?'),
    ("supplier: holding", "supplier: zzz", '22 pools[0].supplier: "zzz" is no id in `parties`; add it under `parties`'),
    ("{owner: lab, percent: 40}", "{owner: labb, percent: 40}", '9 parties[0].owners[1].owner: "labb" is no id in `parties`; did you mean lab?'),
    ("MY, ultimate_parent: holding", "MY, ultimate_parent: holdin", '9 parties[0].ultimate_parent: "holdin" is no id in `parties`; did you mean holding?'),
    ("operator: cloud", "operator: zzz", '17 sites[0].operator: "zzz" is no id in `parties`; add it under `parties`'),
    ("owner: holding, power", "owner: zzz, power", '17 sites[0].owner: "zzz" is no id in `parties`; add it under `parties`'),
    ("site: johor,", "site: jahor,", '22 pools[0].site: "jahor" is no id in `sites`; did you mean johor?'),
    ("users: [lab]", "users: [zzz]", '22 pools[0].users[0]: "zzz" is no id in `parties`; add it under `parties`'),
    ("chip: h100-sxm", "chip: h100-smx", '22 pools[0].chip: "h100-smx" is no chip of the catalogue or of `chips`; did you mean h100-sxm?'),
    ("chip: domestic-1", "chip: abacus", '23 pools[1].chip: "abacus" is no chip of the catalogue or of `chips`; describe it under `chips`'),
    ("web text, handler: lab", "web text, handler: zzz", '28 datasets[0].handler: "zzz" is no id in `parties`; add it under `parties`'),
    ("located_at: ulanqab", "located_at: ulanqap", '29 datasets[1].located_at: "ulanqap" is no id in `sites`; did you mean ulanqab?'),
    ("pre-train, party: lab", "pre-train, party: zzz", '33 workloads[0].party: "zzz" is no id in `parties`; add it under `parties`'),
    ("    model: big", "    model: small", '35 workloads[2].model'.replace("35", "39") + ': "small" is no id in `models`; add it under `models`'),
    ("datasets: [web]", "datasets: [webb]", '33 workloads[0].datasets[0]: "webb" is no id in `datasets`; did you mean web?'),
    ("after: [pre]}", "after: [pre, prx]}", '34 workloads[1].after[1]: "prx" is no id in `workloads`; add it under `workloads`'),
    ("after: [pre]}", "after: [pre, pre]}", '34 workloads[1].after[1]: "pre" stands twice in the list; delete one of them'),
    ("to_site: ulanqab", "to_site: zzz", '34 workloads[1].to_site: "zzz" is no id in `sites`; add it under `sites`'),
    ("parties: [lab]", "parties: [zzz]", '44 readings[0].parties[0]: "zzz" is no id in `parties`; add it under `parties`'),
    ("about: [lab,", "about: [zzz,", '46 attestations[0].about[0]: "zzz" is no id in the file; name a thing of the file by its id'),
    ("about: [lab, johor-h100]", "about: []", "46 attestations[0].about: names nothing; name each thing by its id"),
    ("CAC, holder: lab", "CAC, holder: zzz", '48 authorisations[0].holder: "zzz" is no id in `parties`; add it under `parties`'),
    ("covers: [chats, johor]", "covers: [chats, jahor]", '48 authorisations[0].covers[1]: "jahor" is no id in the file; did you mean johor?'),
    ("covers: [chats, johor]", "covers: []", "48 authorisations[0].covers: names nothing; name each thing by its id"),
    ("between: [johor, ulanqab]", "between: [johor, south-east asia]", '25 links[0].between[1]: "south-east asia" is no site and no region of a demand; did you mean south-east Asia?'),
    ("between: [johor, ulanqab]", "between: [johor, johor]", "25 links[0].between: joins no site to another place; name two sites, or a site and a region"),
    ("between: [johor, ulanqab]", "between: [south-east Asia, johor]", "26 links[1].between: stands already at links[0]; delete one of them"),
    ("id: home,", "id: web,", '28 datasets[0].id: "web" is already the id of a pool, pools[1]; give each its own'),
    ("id: home,", "id: johor-h100,", '23 pools[1].id: "johor-h100" is already the id of a pool, pools[0]; give each its own'),
    ("id: home,", "id: at home,", '23 pools[1].id: "at home" holds a space, a slash or a sign that does not show; write it as one word, such as "at-home"'),
]

SENSE = [
    ("horizon_until: 2027-01-01", "horizon_until: 2026-08-03", "5 horizon_until: 2026-08-03 is not after as_of 2026-08-03; write a later day"),
    ("available_until: 2028-01-01", "available_until: 2025-02-01", "22 pools[0].available_until: 2025-02-01 is not after held_since 2025-02-01; write a later day"),
    ("available_until: 2028-01-01", "available_from: 2026-01-01, available_until: 2025-06-01", "22 pools[0].available_until: 2025-06-01 is not after available_from 2026-01-01; write a later day"),
    ("leased, leased_since: 2025-03-01", "leased", "22 pools[0].leased_since: is missing from a leased pool; state the day on which the tenant got possession"),
    ("leased, leased_since: 2025-03-01", "leased, leased_since: null", "22 pools[0].leased_since: is missing from a leased pool; state the day on which the tenant got possession"),
    ("tenure: leased,", "tenure: rented,", "22 pools[0].leased_since: stands on a pool that is rented; delete it, or write tenure: leased"),
    ("chips: 64, holder", "chips: 60, holder", "22 pools[0].chips: 60 chips are no whole number of nodes of 8; write a multiple, or state chips_per_node"),
    ("deadline: 2026-12-01", "deadline: 2026-08-03", "33 workloads[0].deadline: 2026-08-03 is not after as_of 2026-08-03; write a later day"),
    ("deadline: 2026-12-01", "release: 2026-12-01, deadline: 2026-11-01", "33 workloads[0].deadline: 2026-11-01 is not after release 2026-12-01; write a later day"),
    ("until: 2027-02-01", "until: 2026-02-01", "44 readings[0].until: 2026-02-01 is not after on 2026-02-01; write a later day"),
    ("until: 2027-03-01", "until: 2026-02-28", "46 attestations[0].until: 2026-02-28 is not after on 2026-03-01; write a later day"),
    ("until: 2029-04-01", "until: 2026-04-01", "48 authorisations[0].until: 2026-04-01 is not after granted 2026-04-01; write a later day"),
    ("percent: 60", "percent: 61", "9 parties[0].owners: the shares add up to 101 %; write at most 100 % in all"),
    ("{owner: lab, percent: 40}", "{owner: holding, percent: 4}", '9 parties[0].owners[1].owner: "holding" stands twice; add its shares up in one entry'),
    ("SG, ultimate_parent: holding", "SG, ultimate_parent: cloud", "9 parties[0].ultimate_parent: closes a circle: cloud -> holding -> cloud; name the one that has no parent"),
    ("datasets: [web],", "datasets: [web], after: [serve],", "33 workloads[0].after: closes a circle: pre -> serve -> pre; delete one of these steps"),
    ("datasets: [web],", "datasets: [web], after: [pre],", "33 workloads[0].after: closes a circle: pre -> pre; delete one of these steps"),
    ("category: personal", "category: general", "29 datasets[1].persons: stands on data of category general; write category: personal, or delete the count"),
    (" located_at: ulanqab,", "", "29 datasets[1].located_at: is missing from data of category personal; name the site where it lies; only public data may lie everywhere"),
    ("separate_consent: not obtained", "separate_consent: none", '29 datasets[1].separate_consent: "none" is none of its choices; write obtained or not obtained'),
    ("active_parameters: 2e10", "active_parameters: 2e12", "31 models[0].active_parameters: 2e+12 is more than parameters 2e+11; exchange them"),
    (" tokens: 1e12,", "", "33 workloads[0].tokens: is missing from a job of kind pre-train; state it"),
    ("to_site: ulanqab, ", "", "34 workloads[1].to_site: is missing from a job of kind copy; state it"),
    (", after: [pre]}", "}", "34 workloads[1].after: is missing from a job of kind copy; state it"),
    (", after: [pre]}", ", after: []}", "34 workloads[1].after: is missing from a job of kind copy; state it"),
    ("days: 30", "days: 30\n    tokens: 1e9", "42 workloads[2].tokens: stands on a job of kind serve; only training has it; delete it"),
    ("days: 30", "to_site: johor", "41 workloads[2].to_site: stands on a job of kind serve; only copy has it; delete it"),
    ("countries: [SG, MY]", "countries: []", "42 workloads[2].demand.countries: names no country; name each country that is served"),
    ("datasets: [web],", "datasets: [web], days: 3,", "33 workloads[0].days: stands on a job of kind pre-train; only serve has it; delete it"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "line"), [*VALUES, *KEYS, *NAMES, *SENSE])
def test_one_mistake_gives_exactly_one_line(lines_of, old, new, line):
    assert lines_of((old, new)) == [f"p.yaml:{line}"]


def test_a_service_without_demand_is_a_mistake(lines_of):
    demand = "    demand: {region: south-east Asia, countries: [SG, MY], output_tokens_per_s: 20000}\n"
    link = "  - {between: [johor, south-east Asia], round_trip_ms: 12}\n"
    expected = ["p.yaml:34 workloads[2].demand: is missing from a job of kind serve; state it"]
    assert lines_of((demand, ""), (link, "")) == expected
    assert lines_of((demand, "    demand: null\n"), (link, ""))[0].endswith("is missing from a job of kind serve; state it")


def test_a_demand_on_training_is_a_mistake(lines_of):
    assert lines_of(("    kind: serve", "    kind: post-train")) == [
        "p.yaml:35 workloads[2].tokens: is missing from a job of kind post-train; state it",
        "p.yaml:41 workloads[2].days: stands on a job of kind post-train; only serve has it; delete it",
        "p.yaml:42 workloads[2].demand: stands on a job of kind post-train; only serve has it; delete it",
    ]


def test_a_region_may_not_be_named_as_a_site(lines_of):
    link = "  - {between: [johor, south-east Asia], round_trip_ms: 12}\n"
    assert lines_of(("region: south-east Asia", "region: johor"), (link, "")) == [
        'p.yaml:41 workloads[2].demand.region: "johor" is the id of a site; name the region otherwise'
    ]


def test_a_parent_of_a_parent_is_the_one_to_name(lines_of):
    changes = (("SG, ultimate_parent: holding", "SG, ultimate_parent: lab"), ("headquarters: CN\n", "ultimate_parent: lab\n"))
    assert lines_of(*changes) == [
        'p.yaml:9 parties[0].ultimate_parent: "holding" is not the ultimate one: its own is "lab"; write lab'
    ]


def test_a_copy_of_another_model_is_a_mistake(lines_of):
    other = "models:\n  - {id: small, name: Small, parameters: 1e9}\n"
    assert lines_of(("models:\n", other), ("kind: copy, model: big", "kind: copy, model: small")) == [
        'p.yaml:35 workloads[1].model: "small" is not the model of pre, whose weights are copied; write big'
    ]


def test_owners_may_own_each_other(lines_of):
    assert lines_of(("aliases: [控股]", "owners: [{owner: cloud, percent: 10}]")) == []


def test_thirds_of_a_party_add_up_to_the_whole(lines_of):
    thirds = "owners: [{owner: holding, percent: 33.333333}, {owner: lab, percent: 66.666667}]}"
    assert lines_of(("owners: [{owner: holding, percent: 60}, {owner: lab, percent: 40}]}", thirds)) == []


def test_knowledge_after_the_day_of_the_plan_is_hindsight_and_allowed(lines_of):
    assert lines_of(("known_at: 2026-08-01", "known_at: 2026-12-01")) == []


def test_an_uncounted_person_on_personal_data_is_unknown_and_allowed(lines_of):
    assert lines_of((" persons: 500000,", "")) == []


def test_null_where_a_fact_may_be_unknown_is_unknown(full):
    portfolio = read_portfolio("p.yaml", text=full.replace("supplier: holding", "supplier: null"))
    assert portfolio.pool_by_id["johor-h100"].supplier is None


def test_all_mistakes_come_at_once_in_the_order_of_the_lines(lines_of):
    changes = (
        ("until: 2029-04-01", "until: soon"),
        ("power_mw: 20", "power_mw: 300 MW, colour: red"),
        ("country: MY, op", "country: Malaysa, op"),
        ("holder: cloud", "holder: clowd"),
        ("tokens: 1e12", "tokens: *all"),
    )
    assert lines_of(*changes) == [
        "p.yaml:17 sites[0].colour: is no field of a site; delete it; docs/reference/portfolio.md lists the fields",
        'p.yaml:17 sites[0].country: "Malaysa" is no ISO 3166 code; did you mean MY?',
        'p.yaml:17 sites[0].power_mw: "300 MW" is no number; write the number alone, in MW',
        'p.yaml:22 pools[0].holder: "clowd" is no id in `parties`; did you mean cloud?',
        "p.yaml:33 workloads[0].tokens: the alias *all is not read; write the value out",
        'p.yaml:48 authorisations[0].until: "soon" is no day; write it as YYYY-MM-DD',
    ]


def test_a_wrong_field_does_not_make_its_thing_unknown(lines_of):
    assert lines_of(("id: cloud, name: Johor Cloud", "id: cloud, name: 7")) == [
        'p.yaml:9 parties[0].name: 7 is no text; put it in quotation marks: "7"'
    ]


def test_read_portfolio_raises_what_check_returns(full):
    text = full.replace("power_mw: 20", "power_mw: 0")
    with pytest.raises(InputError) as raised:
        read_portfolio("p.yaml", text=text)
    assert raised.value.mistakes == check("p.yaml", text=text)


@pytest.mark.parametrize("text", ["[1, 2]", "just words", "7", "null"])
def test_a_file_that_is_no_mapping_is_no_portfolio(text):
    (mistake,) = check("p.yaml", text=text)
    assert "is no portfolio; begin with `lexloci: 1`" in str(mistake)


def test_two_things_do_not_share_the_mapping_that_stands_for_nothing(full):
    portfolio = read_portfolio("p.yaml", text=full)
    assert portfolio.sites[0].sources == {}
    assert portfolio.sites[0].sources is not portfolio.sites[1].sources
