"""Registers in every form are read as what they say; what is broken is told in a line, and never half taken."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lexloci.model.errors import InputError
from lexloci.parties.importers.file import MAX_ELEMENTS
from lexloci.parties.ownership.cascade import CAUGHT, REVIEW, judge
from lexloci.parties.ownership.graph import Register, graph_of, oversubscribed
from lexloci.parties.ownership.registers.read import read_register
from lexloci.parties.ownership.rules import EU, UK


def read(tmp_path: Path, content: Any, name: str = "g.json") -> Register:
    """A register written to a file and read from it."""
    file = tmp_path / name
    if isinstance(content, bytes):
        file.write_bytes(content)
    else:
        file.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return read_register(file)


def holdings(register: Register) -> list[tuple[Any, Any, float, float]]:
    """Owner, owned, least and most in per cent."""
    columns = zip(register.owner, register.owned, register.least, register.most, strict=True)
    return [(register.ids[a], register.ids[b], round(least, 9), round(most, 9)) for a, b, least, most in columns]


def test_shares_as_numbers_bounds_and_null(tmp_path: Path) -> None:
    register = read(tmp_path, {"edges": [["a", "b", 50], ["a", "c", [10, 20.5]], ["a", "d", None]], "seeds": ["a"]})
    assert holdings(register) == [("a", "b", 50, 50), ("a", "c", 10, 20.5), ("a", "d", 0, 100)]
    assert register.seeds == ["a"]
    assert register.warnings == []


def test_shares_none_of_which_is_above_one_are_fractions_and_it_says_so(tmp_path: Path) -> None:
    register = read(tmp_path, {"edges": [[1, 2, 0.5], [1, 3, [0.1, 1]], [2, 3, None]], "seeds": [1]})
    assert holdings(register) == [(1, 2, 50, 50), (1, 3, 10, 100), (2, 3, 0, 100)]
    assert "fractions" in register.warnings[0]


def test_a_stated_unit_is_taken_as_stated(tmp_path: Path) -> None:
    assert holdings(read(tmp_path, {"edges": [["a", "b", 0.5]], "unit": "percent"})) == [("a", "b", 0.5, 0.5)]
    assert holdings(read(tmp_path, {"edges": [["a", "b", 0.5]], "unit": "fraction"})) == [("a", "b", 50, 50)]


def test_small_shares_beside_large_ones_are_per_cent_and_it_says_so(tmp_path: Path) -> None:
    register = read(tmp_path, {"edges": [["a", "b", 0.5], ["a", "c", 60]]})
    assert holdings(register) == [("a", "b", 0.5, 0.5), ("a", "c", 60, 60)]
    assert "below 1 %" in register.warnings[0]


def test_edges_with_days_control_and_source(tmp_path: Path) -> None:
    edges = [
        ["a", "b", 50, {"from": "2024-01-01", "until": "2025-01-01", "source": "register of 2024"}],
        {"owner": "b", "owned": "c", "share": None, "control": True},
    ]
    register = read(tmp_path, {"edges": edges})
    assert register.held_from == {0: date(2024, 1, 1)}
    assert register.held_until == {0: date(2025, 1, 1)}
    assert register.control == {1}
    assert register.source == {0: "register of 2024"}
    assert [len(graph_of(register, date(y, 1, 1)).owner) for y in (2023, 2024, 2025)] == [1, 2, 1]


def test_notes_of_parties_keep_the_ids_of_the_edges(tmp_path: Path) -> None:
    note = {"name": "One", "headquarters": "CN", "lists": ["EL"], "licence_policy": "case by case"}
    register = read(tmp_path, {"edges": [[1, 2, 50]], "parties": {"1": note}})
    assert register.notes[1].lists == ("EL",)


def test_yaml_and_csv_say_the_same(tmp_path: Path) -> None:
    in_yaml = read(tmp_path, "edges:\n- [a, b, 50]\n- [a, c, [10, 20]]\n- [a, d, null]\nseeds: [a]\n", "g.yaml")
    in_csv = read(tmp_path, "owner,owned,share,least,most\na,b,50,,\na,c,,10,20\na,d,,,\n", "g.csv")
    assert holdings(in_yaml) == holdings(in_csv) == [("a", "b", 50, 50), ("a", "c", 10, 20), ("a", "d", 0, 100)]


BODS_2 = [
    {
        "statementID": "e1",
        "statementType": "entityStatement",
        "name": "Target Ltd",
        "incorporatedInJurisdiction": {"code": "GB"},
    },
    {"statementID": "p1", "statementType": "personStatement", "names": [{"fullName": "Ms Owner"}]},
    {
        "statementID": "o1",
        "statementType": "ownershipOrControlStatement",
        "subject": {"describedByEntityStatement": "e1"},
        "interestedParty": {"describedByPersonStatement": "p1"},
        "interests": [
            {
                "type": "shareholding",
                "share": {"minimum": 25, "maximum": 50, "exclusiveMinimum": True},
                "startDate": "2020-01-01",
            },
            {"type": "voting-rights", "share": {"minimum": 50, "exclusiveMinimum": True, "maximum": 75}},
        ],
    },
]


def test_bods_shares_are_bounds_and_votes_above_half_are_control(tmp_path: Path) -> None:
    register = read(tmp_path, BODS_2)
    assert holdings(register) == [("p1", "e1", 25, 50), ("p1", "e1", 0, 100)]
    assert register.control == {1}
    assert register.more_than == {0}
    assert register.held_from == {0: date(2020, 1, 1)}
    assert (register.notes["e1"].name, register.notes["e1"].headquarters) == ("Target Ltd", "GB")
    assert register.notes["p1"].name == "Ms Owner"
    assert register.source[0] == "BODS statement o1"


def bods_4(share: dict[str, float], **further: Any) -> list[dict[str, Any]]:
    """A company and its owner in the form of BODS 0.4."""
    interest = {"type": "shareholding", "directOrIndirect": "direct", "share": share, **further}
    details = {"subject": "rec-e", "interestedParty": "rec-p", "interests": [interest]}
    return [
        {"statementId": "s1", "recordId": "rec-e", "recordType": "entity", "recordDetails": {"name": "Target"}},
        {"statementId": "s2", "recordId": "rec-p", "recordType": "person", "recordDetails": {"names": []}},
        {
            "statementId": "s3",
            "recordId": "rec-r",
            "recordType": "relationship",
            "statementDate": "2024-01-01",
            "recordDetails": details,
        },
    ]


@pytest.mark.parametrize(
    ("share", "at_half", "above_half"),
    [
        ({"exact": 50}, "caught", "clear"),
        ({"exclusiveMinimum": 50, "maximum": 75}, "caught", "caught"),
        ({"minimum": 50, "maximum": 75}, "caught", "review"),
        ({"minimum": 25, "exclusiveMaximum": 50}, "clear", "clear"),
        ({"minimum": 25, "maximum": 50}, "review", "clear"),
        ({}, "review", "review"),
    ],
)
def test_open_bounds_of_bods_are_on_the_right_side_of_half(
    tmp_path: Path, share: dict[str, float], at_half: str, above_half: str
) -> None:
    register = read(tmp_path, bods_4(share))
    for rule, expected in ((EU, at_half), (UK, above_half)):
        judgement = judge(graph_of(register), ["rec-p"], rule)
        answer = judgement.answer[register.index["rec-e"]]
        assert {CAUGHT: "caught", REVIEW: "review"}.get(int(answer), "clear") == expected


def test_a_later_statement_of_a_record_replaces_the_earlier_and_a_closed_one_ends_it(tmp_path: Path) -> None:
    first, later = bods_4({"exact": 60}), bods_4({"exact": 20})
    later[2] |= {"statementId": "s4", "statementDate": "2025-01-01"}
    assert holdings(read(tmp_path, [*first, later[2]])) == [("rec-p", "rec-e", 20, 20)]
    closed = later[2] | {"recordStatus": "closed"}
    assert holdings(read(tmp_path, [*first, closed])) == []
    old = [BODS_2[2] | {"statementID": "o2", "replacesStatements": ["o1"]}, *BODS_2]
    assert len(holdings(read(tmp_path, old))) == 2


def test_indirect_shares_of_bods_do_not_count_beside_the_chain(tmp_path: Path) -> None:
    indirect = bods_4({"exact": 60}, directOrIndirect="indirect")
    chain = [{"recordType": "relationship", "statementId": f"c{place}", "recordDetails": {
        "subject": owned, "interestedParty": owner, "interests": [{"type": "shareholding", "share": {"exact": share}}],
    }} for place, (owner, owned, share) in enumerate([("rec-p", "middle", 40), ("middle", "rec-e", 90)])]  # fmt: skip
    assert holdings(read(tmp_path, [*indirect, *chain])) == [("rec-p", "middle", 40, 40), ("middle", "rec-e", 90, 90)]
    chain[0]["recordDetails"]["interests"][0]["endDate"] = "2020-01-01"
    assert ("rec-p", "rec-e", 0, 100) in holdings(read(tmp_path, [*indirect, *chain])), "the chain has ended"
    alone = read(tmp_path, indirect)
    assert holdings(alone) == [("rec-p", "rec-e", 0, 100)], "no chain tells what it is made of"
    assert judge(graph_of(alone), ["rec-p"]).parties(REVIEW) == ["rec-e"]


@pytest.mark.parametrize(
    ("kind", "share", "held"),
    [
        ("unpublishedInterest", {}, True),
        (None, {"exact": 10}, True),
        ("otherInfluenceOrControl", {}, True),
        ("votingRights", {"minimum": 25, "maximum": 75}, True),
        ("votingRights", {"minimum": 25, "maximum": 50}, False),
        ("seniorManagingOfficial", {}, False),
    ],
)
def test_what_may_be_a_share_or_control_is_open_and_not_left_out(
    tmp_path: Path, kind: str | None, share: dict[str, float], held: bool
) -> None:
    register = read(tmp_path, bods_4(share, type=kind))
    assert holdings(register) == ([("rec-p", "rec-e", 0, 100)] if held else [])
    assert register.control == set()


def test_a_share_that_is_a_truth_value_is_not_one_per_cent(tmp_path: Path) -> None:
    assert holdings(read(tmp_path, bods_4({"exact": True}))) == [("rec-p", "rec-e", 0, 100)]


FTM = [
    {"id": "o", "schema": "Company", "caption": "Owner", "properties": {"country": ["cn"], "topics": ["sanction"]}},
    {"id": "a", "schema": "Company", "properties": {"name": ["Asset"]}},
    {
        "id": "r",
        "schema": "Ownership",
        "properties": {
            "owner": ["o"],
            "asset": ["a"],
            "percentage": ["25-50%"],
            "startDate": ["2019"],
            "endDate": ["2024-06"],
        },
    },
]


@pytest.mark.parametrize("as_lines", [True, False])
def test_follow_the_money_as_a_list_and_as_lines(tmp_path: Path, as_lines: bool) -> None:
    text = "\n".join(map(json.dumps, FTM)) if as_lines else json.dumps(FTM)
    register = read(tmp_path, text)
    assert holdings(register) == [("o", "a", 25, 50)]
    assert register.possible_seeds == ["o"], "that somebody sanctions it does not say under which rule"
    assert register.held_from == {0: date(2019, 1, 1)}
    assert register.held_until == {0: date(2024, 7, 1)}, "it may have been held to the last day of June"
    assert register.notes["o"].headquarters == "CN"


def test_a_party_of_several_countries_has_no_headquarters_of_one(tmp_path: Path) -> None:
    """Under the Affiliates Rule a party of the United States is clear: one that is of China too is not."""
    owner, asset = FTM[0], FTM[1] | {"properties": {"country": ["us", "cn"]}}
    register = read(tmp_path, [owner, asset, FTM[2]])
    assert register.notes["a"].headquarters is None


def test_lines_are_cut_where_they_end_and_not_inside_a_name(tmp_path: Path) -> None:
    named = FTM[1] | {"properties": {"name": ["A\u2028B"]}}
    text = "\n".join(json.dumps(one, ensure_ascii=False) for one in (named, FTM[2]))
    assert read(tmp_path, text).notes["a"].name == "A\u2028B"


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("50", 50, 50),
        ("50.5 %", 50.5, 50.5),
        ("33,3", 33.3, 33.3),
        (">50", 50, 100),
        ("<25%", 0, 25),
        ("a lot", 0, 100),
        ("140", 0, 100),
    ],
)
def test_percentages_of_follow_the_money_are_text(tmp_path: Path, text: str, least: float, most: float) -> None:
    ownership = FTM[2] | {"properties": {"owner": ["o"], "asset": ["a"], "percentage": [text]}}
    assert holdings(read(tmp_path, [FTM[0], ownership])) == [("o", "a", least, most)]


def gleif(kind: str = "IS_DIRECTLY_CONSOLIDATED_BY", status: str = "ACTIVE", further: str = "") -> str:
    """One relationship record in the form of RR-CDF."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<rr:RelationshipData xmlns:rr="http://www.gleif.org/data/schema/rr/2016"><rr:RelationshipRecords><rr:RelationshipRecord>
<rr:Relationship>
<rr:StartNode><rr:NodeID>CHILD</rr:NodeID><rr:NodeIDType>LEI</rr:NodeIDType></rr:StartNode>
<rr:EndNode><rr:NodeID>PARENT</rr:NodeID><rr:NodeIDType>LEI</rr:NodeIDType></rr:EndNode>
<rr:RelationshipType>{kind}</rr:RelationshipType>
<rr:RelationshipPeriods>
<rr:RelationshipPeriod><rr:StartDate>2017-01-01T00:00:00Z</rr:StartDate><rr:EndDate>2017-12-31T00:00:00Z</rr:EndDate>
<rr:PeriodType>ACCOUNTING_PERIOD</rr:PeriodType></rr:RelationshipPeriod>
<rr:RelationshipPeriod><rr:StartDate>2015-05-01T00:00:00Z</rr:StartDate>
<rr:PeriodType>RELATIONSHIP_PERIOD</rr:PeriodType></rr:RelationshipPeriod>
</rr:RelationshipPeriods><rr:RelationshipStatus>{status}</rr:RelationshipStatus>{further}
</rr:Relationship></rr:RelationshipRecord></rr:RelationshipRecords></rr:RelationshipData>"""


def test_gleif_consolidation_is_control_and_no_stated_share(tmp_path: Path) -> None:
    register = read(tmp_path, gleif(), "rr.xml")
    assert holdings(register) == [("PARENT", "CHILD", 0, 100)]
    assert register.control == {0}
    assert register.held_from == {0: date(2015, 5, 1)}
    assert register.held_until == {}
    graph = graph_of(register, date(2026, 1, 1))
    assert judge(graph, ["PARENT"]).parties(REVIEW) == ["CHILD"], "OFAC asks for a share (FAQ 398)"
    assert judge(graph, ["PARENT"], UK).parties(CAUGHT) == ["PARENT", "CHILD"], "the UK asks for a share or control"


def test_gleif_quantifiers_branches_funds_and_ended_relationships(tmp_path: Path) -> None:
    quantifier = (
        "<rr:RelationshipQuantifiers><rr:RelationshipQuantifier><rr:QuantifierAmount>75.5</rr:QuantifierAmount>"
        "<rr:QuantifierUnits>PERCENTAGE</rr:QuantifierUnits></rr:RelationshipQuantifier></rr:RelationshipQuantifiers>"
    )
    assert holdings(read(tmp_path, gleif(further=quantifier), "rr.xml"))[0][2:] == (75.5, 75.5)
    assert holdings(read(tmp_path, gleif("IS_INTERNATIONAL_BRANCH_OF"), "rr.xml"))[0][2:] == (100, 100)
    assert holdings(read(tmp_path, gleif("IS_FUND-MANAGED_BY"), "rr.xml")) == []
    assert len(graph_of(read(tmp_path, gleif(status="INACTIVE"), "rr.xml"), date(2026, 1, 1)).owner) == 0


def test_an_inactive_relationship_of_gleif_may_count_until_its_record_was_updated(tmp_path: Path) -> None:
    told = "<rr:Registration><rr:LastUpdateDate>2023-04-01T00:00:00Z</rr:LastUpdateDate></rr:Registration>"
    text = gleif(status="INACTIVE").replace("</rr:RelationshipRecord>", f"{told}</rr:RelationshipRecord>")
    register = read(tmp_path, text, "rr.xml")
    days = [date(2014, 1, 1), date(2022, 1, 1), date(2023, 4, 1)]
    assert [len(graph_of(register, day).owner) for day in days] == [0, 1, 0]


def test_each_period_of_gleif_is_a_holding_of_its_own(tmp_path: Path) -> None:
    earlier = """<rr:RelationshipPeriod><rr:StartDate>2008-01-01T00:00:00Z</rr:StartDate>
<rr:EndDate>2010-01-01T00:00:00Z</rr:EndDate><rr:PeriodType>RELATIONSHIP_PERIOD</rr:PeriodType></rr:RelationshipPeriod>
</rr:RelationshipPeriods>"""
    for text in (gleif().replace("</rr:RelationshipPeriods>", earlier),):
        register = read(tmp_path, text, "rr.xml")
        days = [date(2009, 1, 1), date(2012, 1, 1), date(2026, 1, 1)]
        assert [len(graph_of(register, day).owner) for day in days] == [1, 0, 1]


def test_a_holding_of_a_register_that_ends_before_it_begins_counts_and_is_told(tmp_path: Path) -> None:
    wrong = FTM[2] | {"properties": {**FTM[2]["properties"], "endDate": ["2018-01-01"]}}  # type: ignore[dict-item]
    register = read(tmp_path, [wrong])
    assert (register.held_from, register.held_until) == ({}, {})
    assert register.warnings == ["1 holdings end before they begin, and count on every day, such as that of o in a"]


def test_a_list_that_is_not_known_may_be_one_that_the_rule_counts(tmp_path: Path) -> None:
    def answer(lists: list[str]) -> tuple[list[Any], list[str]]:
        document = {"edges": [["S", "A", 60]], "seeds": ["S"], "parties": {"S": {"lists": lists}}}
        register = read(tmp_path, document)
        return judge(graph_of(register), register.seeds, notes=register.notes).parties(CAUGHT), register.warnings

    assert answer(["SDN"]) == (["S", "A"], [])
    assert answer(["EL"]) == ([], [])
    assert answer([]) == (["S", "A"], [])
    caught, warnings = answer(["SDN List"])
    assert caught == ["S", "A"]
    assert 'parties.S.lists: "SDN List" is no code of a list' in warnings[0]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"edges": [["a", "b", 150]]}, "edges[0]: a share of 150"),
        ({"edges": [["a", "b", -1]]}, "a share of -1"),
        ({"edges": [["a", "b", [60, 40]]]}, "edges[0][2]: the least, 60, is above the most, 40"),
        ({"edges": [["a", "b"]]}, "edges[0]: a list is no edge"),
        ({"edges": [["a", 2.5, 50]]}, "edges[0].owned: 2.5 names no party"),
        ({"edges": [["a", "b", "50"]]}, 'edges[0][2]: "50" is no share'),
        ({"edges": [["a", "b", True]]}, "is no share"),
        ('{"edges": [["a", "b", NaN]]}', "NaN is no share"),
        ({"edges": [["", "b", 50]]}, "a party has an empty id"),
        ({"edges": [["a", "b", 50, {"since": "2024-01-01"}]]}, "edges[0].since: is no field"),
        ({"edges": [["a", "b", 50, {"from": "January"}]]}, '"January" is no day'),
        ({"edges": [["a", "b", 50]], "seed": ["a"]}, "is no field of a register"),
        ({"edges": [["a", "b", 50]], "seeds": "a"}, "seeds: "),
        ({"edges": [["a", "b", 50]], "unit": "shares"}, "is no unit"),
        ({"edges": [["a", "b", 50]], "unit": ["percent"]}, "is no unit"),
        ({"edges": [["a", "b", 50, {"control": []}]]}, "is no truth value"),
        ({"edges": [["a", "b", 50, {"from": "2025-01-01", "until": "2024-01-01"}]]}, "edges[0].until: comes before"),
        ({"edges": [["1", "2", 60], [2, "3", 60]], "seeds": ["1"]}, '2 is written as a number and as the text "2"'),
        ({"edges": [["1", "2", 60]], "seeds": [1]}, '1 is written as a number and as the text "1"'),
        ("owner,owned,share\nS,A,49,9\n", ":2 has 4 cells, and the header 3"),
        ("owner,owned,share,share\nS,A,60,10\n", 'has the column "share" twice'),
        ({"owners": []}, "has no list of edges"),
        ('{"edges": [["S", "A", 60]], "seeds": ["S"], "edges": []}', 'has the field "edges" twice in one object'),
        (
            '{"id": "a", "schema": "Company", "properties": {}}\n{"id": "b", "schema": "Company", "id": "c"}\n',
            ':2 has the field "id" twice in one object',
        ),
        ('{"edges": [', "is no JSON"),
        ("[" * 200_000, "nested too deeply"),
        ("", "is empty"),
        ('{"edges": [["a", "b\\ud800", 50]]}', "the escape \\ud800 alone"),
        ('{"edges": [["a", "b", 50]], "parties": {"a": {"name": "\\udfff"}}}', "the escape \\udfff alone"),
        ('{"edges": [["a", "b", 1' + "0" * 400 + "]]}", "too large for a share"),
        ('{"edges": [["a", "b", [1' + "0" * 400 + ", null]]]}", "too large for a share"),
        ('{"edges": [["a", "b", 1' + "0" * 5000 + "]]}", "more digits than any share"),
        (b"owner,owned,share\na,b,\xff\n", "0xFF is no UTF-8"),
        ("owner,owned,stake\na,b,50\n", 'has the column "stake"'),
        ("owner,owned,share\na,b,half\n", '"half" is no number'),
        ("owner,owned,share\na,,50\n", "names no owner or no party owned"),
        ("<rr:RelationshipData", "it is no XML"),
        ('<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>', "declares a document type or entities"),
        ([{"id": "r", "schema": "Ownership", "properties": {"owner": ["o"]}}], "names no owner or no asset"),
    ],
)
def test_what_is_broken_is_told_in_a_line_each(tmp_path: Path, content: Any, words: str) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, content)
    assert words in str(caught.value)
    assert all(str(mistake).startswith(str(tmp_path)) and "\n" not in str(mistake) for mistake in caught.value.mistakes)


def test_reading_stops_after_twenty_mistakes(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, {"edges": [["a", "b"]] * 1000})
    assert len(caught.value.mistakes) == 20


@pytest.mark.parametrize("document", [BODS_2, FTM, {"edges": [["a", "b", 50]], "seeds": ["a"]}, gleif()])
def test_a_file_cut_anywhere_is_read_or_refused(tmp_path: Path, document: Any) -> None:
    text = document if isinstance(document, str) else json.dumps(document)
    for end in range(1, len(text), 7):
        with suppress(InputError):
            read(tmp_path, text[:end], "cut")


def test_a_total_above_a_hundred_is_named(tmp_path: Path) -> None:
    register = read(tmp_path, {"edges": [["a", "c", 70], ["b", "c", 60], ["a", "d", 100]]})
    assert oversubscribed(graph_of(register)) == [("c", 130.0)]


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-200, 200) | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
FORMS = st.fixed_dictionaries(
    {
        "edges": st.lists(st.tuples(ANYTHING, ANYTHING, ANYTHING) | ANYTHING, max_size=4) | ANYTHING,
        "seeds": st.lists(st.text(max_size=2), max_size=2) | ANYTHING,
        "parties": st.dictionaries(st.text(max_size=2), ANYTHING, max_size=2),
    }
)
STATEMENTS = st.lists(
    st.fixed_dictionaries(
        {
            "recordType": st.sampled_from(["relationship", "entity", "person"]) | ANYTHING,
            "recordId": ANYTHING,
            "recordDetails": st.fixed_dictionaries(
                {"subject": ANYTHING, "interestedParty": ANYTHING, "interests": ANYTHING, "names": ANYTHING}
            ),
        }
    ),
    min_size=1,
    max_size=3,
)
FTM_ENTITIES = st.lists(
    st.fixed_dictionaries(
        {
            "id": ANYTHING,
            "schema": st.just("Ownership") | ANYTHING,
            "properties": st.fixed_dictionaries({"owner": ANYTHING, "asset": ANYTHING, "percentage": ANYTHING})
            | ANYTHING,
        }
    ),
    min_size=1,
    max_size=3,
)


@pytest.mark.slow
@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(document=FORMS | STATEMENTS | FTM_ENTITIES | ANYTHING)
def test_whatever_json_holds_is_read_or_refused(tmp_path: Path, document: Any) -> None:
    with suppress(InputError):
        graph_of(read(tmp_path, json.dumps(document), "any"))


@pytest.mark.slow
def test_a_file_of_gleif_with_many_records_is_read_whole(tmp_path: Path) -> None:
    """The golden copy has some 470,000 records; the limit of elements is of each alone."""
    whole = gleif()
    start = whole.index("<rr:RelationshipRecord>")
    end = whole.index("</rr:RelationshipRecord>") + len("</rr:RelationshipRecord>")
    many = 8_000
    file = tmp_path / "rr.xml"
    file.write_text(whole[:start] + whole[start:end] * many + whole[end:], encoding="utf-8")
    assert whole[start:end].count("<rr:") * many > MAX_ELEMENTS
    assert len(read_register(file).owner) == many
