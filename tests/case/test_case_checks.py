"""Every kind of mistake in a portfolio is told by line and field, with the mend, in exactly these words."""

from pathlib import Path

import pytest
import yaml

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


TABLE = yaml.safe_load((Path(__file__).parent / "data" / "mistakes.yaml").read_text(encoding="utf-8"))
CASES = [(case["change"], case["to"], case["says"]) for cases in TABLE.values() for case in cases]


@pytest.mark.parametrize(("old", "new", "line"), CASES)
def test_one_mistake_gives_exactly_one_line(lines_of, old, new, line):
    assert lines_of((old, new)) == [f"p.yaml:{line}"]


def test_a_service_without_demand_is_a_mistake(lines_of):
    demand = "    demand: {region: south-east Asia, countries: [SG, MY], output_tokens_per_s: 20000}\n"
    link = "  - {between: [johor, south-east Asia], round_trip_ms: 12}\n"
    expected = ["p.yaml:34 workloads[2].demand: is missing from a job of kind serve; state it"]
    assert lines_of((demand, ""), (link, "")) == expected
    assert lines_of((demand, "    demand: null\n"), (link, ""))[0].endswith(
        "is missing from a job of kind serve; state it"
    )


def test_a_demand_on_training_is_a_mistake(lines_of):
    assert lines_of(("    kind: serve", "    kind: post-train")) == [
        "p.yaml:35 workloads[2].tokens: is missing from a job of kind post-train; state it",
        "p.yaml:41 workloads[2].days: stands on a job of kind post-train; only serve has it; delete it",
        "p.yaml:42 workloads[2].demand: stands on a job of kind post-train; only serve has it; delete it",
    ]


DEMAND = "output_tokens_per_s: 20000}"


@pytest.mark.parametrize(
    ("instead", "says"),
    [
        ("persons: 1}", "output_tokens_per_s: is missing; state it, or requests_per_s"),
        (
            "output_tokens_per_s: 5, requests_per_s: 1}",
            "requests_per_s: stands beside output_tokens_per_s; delete one of them",
        ),
        ("requests_per_s: 1, prompt_tokens: 9}", "answer_tokens: is missing beside prompt_tokens; state it"),
        ("requests_per_s: 1, latitude: 9}", "longitude: is missing beside latitude; state it"),
        (
            "requests_per_s: 1, lengths: azure-2023-code, prompt_tokens: 9, answer_tokens: 9}",
            "lengths: stands beside the means of lengths; delete one of them",
        ),
        (
            "requests_per_s: 1, lengths: azure-2023-code, input_tokens_per_output_token: 2}",
            "input_tokens_per_output_token: stands beside the lengths of requests, which say it; delete it",
        ),
        (
            "requests_per_s: 1, lengths: azure-2023-cod}",
            'lengths: "azure-2023-cod" is neither a distribution that ships nor a file; did you mean azure-2023-code?',
        ),
    ],
)
def test_a_demand_is_stated_once_and_its_lengths_are_known(lines_of, instead, says):
    assert lines_of((DEMAND, instead)) == [f"p.yaml:42 workloads[2].demand.{says}"]


def test_only_a_service_reads_prompts_apart_and_drafts(lines_of):
    begin = "id: pre, name: pre-train, party: lab, kind: pre-train"
    assert lines_of((begin, f"{begin}, prompts_apart: true, drafting: [1, 2, 3]")) == [
        "p.yaml:33 workloads[0].drafting: stands on a job of kind pre-train; only serve has it; delete it",
        "p.yaml:33 workloads[0].prompts_apart: stands on a job of kind pre-train; only serve has it; delete it",
    ]
    assert lines_of(("    days: 30", "    days: 30\n    drafting: [2, 1.5, 3]")) == [
        "p.yaml:42 workloads[2].drafting: [2.0, 1.5, 3.0] does not rise from above 0; write [low, likely, high]"
    ]


def test_lengths_of_a_file_count_from_the_folder_of_the_portfolio_and_are_checked_with_it(full, tmp_path):
    path = tmp_path / "p.yaml"
    path.write_text(full.replace(DEMAND, "requests_per_s: 1, lengths: mine.csv}"), encoding="utf-8")
    lengths = tmp_path / "mine.csv"
    lengths.write_text("prompt_tokens,answer_tokens\n100,20\n", encoding="utf-8")
    assert check(path) == ()
    assert read_portfolio(path).workloads[2].demand.lengths == str(lengths)
    other = tmp_path / "other.csv"
    other.write_text("prompt_tokens,answer_tokens\n100,none\n", encoding="utf-8")
    path.write_text(full.replace(DEMAND, "requests_per_s: 1, lengths: other.csv}"), encoding="utf-8")
    (mistake,) = check(path)
    where = f"{path}:42 workloads[2].demand.lengths: {other}:2 answer_tokens"
    assert str(mistake) == f'{where}: "none" is no number of tokens; write 1 or more'


def test_what_only_training_has_stands_on_training_alone(lines_of):
    begin = "id: pre, name: pre-train, party: lab, kind: pre-train"
    line = "p.yaml:33 workloads[0]"
    assert lines_of((begin, f"{begin}, method: lora")) == [
        (
            f"{line}.method: lora stands on a job of kind pre-train, which has no weights yet to stand beside; "
            "write method: full, or another kind"
        )
    ]
    assert lines_of((begin, f"{begin}, rollouts: {{tokens_per_s: 100}}")) == [
        f"{line}.rollouts: stands on a job of kind pre-train; only post-train has it; delete it"
    ]
    post = "id: pre, name: pre-train, party: lab, kind: post-train"
    assert lines_of((begin, f"{post}, rollouts: {{prompt_tokens: 100, chip_share: 1}}")) == [
        f"{line}.rollouts: states no speed; state prompt_tokens and answer_tokens, or tokens_per_s",
        f"{line}.rollouts.chip_share: 1 is out of range; write more than 0 and less than 1",
    ]
    assert lines_of(("id: home-copy,", "id: home-copy, precision: fp8,")) == [
        "p.yaml:34 workloads[1].precision: stands on a job of kind copy; only training has it; delete it"
    ]
    assert lines_of((begin, f"{begin}, precision: fp7")) == [
        f'{line}.precision: "fp7" is none of its choices; did you mean fp8?'
    ]


def test_a_region_may_not_be_named_as_a_site(lines_of):
    link = "  - {between: [johor, south-east Asia], round_trip_ms: 12}\n"
    assert lines_of(("region: south-east Asia", "region: johor"), (link, "")) == [
        'p.yaml:41 workloads[2].demand.region: "johor" is the id of a site; name the region otherwise'
    ]


def test_a_parent_of_a_parent_is_the_one_to_name(lines_of):
    changes = (
        ("SG, ultimate_parent: holding", "SG, ultimate_parent: lab"),
        ("headquarters: CN\n", "ultimate_parent: lab\n"),
    )
    assert lines_of(*changes) == [
        'p.yaml:9 parties[0].ultimate_parent: "holding" is not the ultimate one: its own is "lab"; write lab'
    ]


def test_a_copy_of_another_model_is_a_mistake(lines_of):
    other = "models:\n  - {id: small, name: Small, parameters: 1e9}\n"
    assert lines_of(("models:\n", other), ("kind: copy, model: big", "kind: copy, model: small")) == [
        'p.yaml:35 workloads[1].model: "small" is not the model of pre, whose weights are copied; write big'
    ]


def test_shares_that_are_not_held_on_one_day_do_not_add_up(lines_of):
    sold = "{owner: holding, percent: 60, held_until: 2025-03-01}"
    kept = "{owner: holding, percent: 20, held_from: 2025-03-01}, {owner: lab, percent: 80, held_from: 2025-03-01}"
    owners = "owners: [{owner: holding, percent: 60}, {owner: lab, percent: 40}]}"
    assert lines_of((owners, f"owners: [{sold}, {kept}]}}")) == []
    overlapping = kept.replace("percent: 20, held_from: 2025-03-01", "percent: 20, held_from: 2025-02-28")
    (line,) = lines_of((owners, f"owners: [{sold}, {overlapping}]}}"))
    assert '"holding" stands twice' in line


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
