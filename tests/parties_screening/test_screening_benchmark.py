"""The benchmark asks what it says it asks, and counts as it says it counts."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import pytest
from benchmarks.parties import _tell_who_is_on_no_list
from benchmarks.screening.contestants import NOBODY, Best
from benchmarks.screening.make_queries import (
    COLUMNS,
    PRINTED,
    UNKNOWN,
    QueriesError,
    Query,
    held_out,
    known_names,
    own_queries,
    read_queries,
)
from benchmarks.screening.measure import Families, Measured, _f1, _recall, measure

from lexloci.parties.han import HAN, whole_form
from lexloci.parties.listing import ListedParty
from lexloci.parties.lists import current_lists, listed_parties
from lexloci.parties.printed import bilingual_rows

LISTED = [party for party in listed_parties() if party.list_code in {"EL", "MEU"}]
UNLISTED = [f"Ordinary Company {number}" for number in range(200)]
TWO = [
    ListedParty("EL", ("Alphabetic Photon Ltd", "APL")),
    ListedParty("SDN", ("ALPHABETIC PHOTON LIMITED",)),
    ListedParty("EL", ("Betamax Quarry",)),
]


def test_the_same_seed_asks_the_same_and_another_seed_otherwise() -> None:
    one, again, other = (own_queries(LISTED, UNLISTED, seed, 5) for seed in (1, 1, 2))
    assert one == again
    assert one[0] != other[0]


def test_a_held_out_alias_is_taken_off_the_list() -> None:
    queries, kept = own_queries(LISTED, UNLISTED, 3, 10)
    assert len(kept) == len(LISTED)
    for query in queries:
        if query.cls == "held-out alias":
            rows = [party for party in kept if query.expected_name in party.names]
            assert any(query.query not in party.names for party in rows)


def test_each_class_is_asked_and_half_is_not_listed() -> None:
    queries, _ = own_queries(LISTED, UNLISTED, 3, 10)
    assert sum(not query.label for query in queries) == 80
    assert {query.cls for query in queries} >= {"exact", "two typos", "reorder", "legal form", "cyrillic", "han"}


def test_a_file_of_queries_is_read_as_its_columns_say(tmp_path: Path) -> None:
    file = tmp_path / "queries.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        table = csv.writer(out)
        table.writerow(COLUMNS)
        table.writerow(("1", "Sugon", "1", "EL", "Sugon", "exact", "2026-07-31", ""))
        table.writerow(("2", "Meta", "0", "", "", "unlisted", "", ""))
    assert read_queries(file) == [
        Query("1", "Sugon", True, "EL", "Sugon", "exact"),
        Query("2", "Meta", False, "", "", "unlisted"),
    ]


def test_a_label_in_other_words_is_read_and_one_that_says_neither_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "queries.csv"
    labels = {"True": True, "match": True, "1.0": True, "No match": False, "no_match": False, "0": False, "hit": True}
    rows = [f"{label},{label},EL,Sugon,x" for label in labels] + ["nobody,perhaps,,,x"]
    file.write_text("query,label,expected_list,expected_name,cls\n" + "\n".join(rows), encoding="utf-8")
    assert {query.query: query.label for query in read_queries(file)} == labels | {"nobody": False}
    assert "2 labels, such as 'hit', say neither 1 (listed) nor 0 (not listed)" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"id,query,label\n1,Sugon,1\n", "no column expected_list, expected_name, cls; write the columns id,query,"),
        (",".join(COLUMNS).encode(), "holds no query"),
        (b"query\xff\n", "cannot be read"),
        (None, "cannot be read"),
    ],
)
def test_a_file_of_queries_that_cannot_be_asked_is_told_in_a_line(
    tmp_path: Path, content: bytes | None, words: str
) -> None:
    file = tmp_path / "queries.csv"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(QueriesError) as caught:
        read_queries(file)
    assert words in str(caught.value)
    assert str(file) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_expected_entry_that_is_on_no_list_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    known = [Query("1", "Betamax", True, "EL", "Betamax Quarry", "x"), Query("2", "Meta", False, "", "", "x")]
    _tell_who_is_on_no_list(known, TWO)
    assert not capsys.readouterr().out
    _tell_who_is_on_no_list([*known, Query("3", "Gammavit", True, "EL", "Gammavit Ltd", "x")], TWO)
    assert capsys.readouterr().out.startswith("1 queries expect an entry that is on no list here, such as EL:Gammavit")


def test_rows_that_share_a_name_are_one_party_and_others_are_not() -> None:
    families = Families(TWO)
    assert families.root(0) == families.root(1)
    assert families.root(2) != families.root(0)
    assert families.expected(Query("", "", True, "SDN", "ALPHABETIC PHOTON LIMITED", "")) == {families.root(0)}
    assert families.expected(Query("", "", True, "Other", "Betamax Quarry", "")) == {families.root(2)}


def test_recall_counts_the_right_first_entry_above_the_threshold_of_false_alarms() -> None:
    queries = [Query(str(n), "", n < 4, "EL", "Betamax Quarry", "x") for n in range(24)]
    found = [Best((2,), 9.0), Best((2,), 1.0), Best((0, 2), 9.0), NOBODY, *[Best((0,), n / 10) for n in range(20)]]
    measured = Measured("x")
    _recall(measured, queries, found, Families(TWO))
    assert measured.thresholds == (1.8, 1.9)
    assert measured.by_class["x"] == (4, 0.5, 0.25, 0.25, 0.75)


def test_f1_is_the_harmonic_mean() -> None:
    assert _f1([True, True, False, False], [0.9, 0.1, 0.8, 0.2], 0.5) == pytest.approx(0.5)


def test_the_engine_is_measured(tmp_path: Path) -> None:
    pairs = tmp_path / "pairs.csv"
    pairs.write_text("name1,name2,is_match\nSugon Ltd,Sugon Limited,1\nSugon,Betamax Quarry,0\n", encoding="utf-8")
    queries = [Query("1", party.name, True, party.list_code, party.name, "exact") for party in LISTED[:50]]
    measured = measure("lexloci", LISTED, queries, [pairs])
    assert measured.by_class["exact"][1] == 1.0
    assert measured.pairs["pairs.csv, F1 as it says"] == 1.0
    assert measured.change_s is not None


def test_names_in_han_are_asked_only_where_a_document_prints_the_pair() -> None:
    parties = [party for party in listed_parties() if party.list_code in {"EL", "MEU", "SDN", "CMIC"}]
    queries, _ = own_queries(parties, UNLISTED, 3, 5)
    asked = {query.query: query.expected_name for query in queries if query.cls == "han"}
    printed = {name for party in listed_parties() if party.list_code == "JP-EUL" for name in party.names}
    assert len(asked) > 60
    assert set(asked) <= printed
    assert asked["北京理工大学"] == "Beijing Institute of Technology"
    again = {query.query: query.expected_name for query in queries if query.cls == PRINTED}
    assert again == asked


def test_the_chinese_names_that_are_asked_are_held_out_of_what_lists_print_and_no_others() -> None:
    queries, _ = own_queries(LISTED, UNLISTED, 3, 5)
    rows = bilingual_rows(current_lists())
    kept = held_out(rows, queries)
    asked = {whole_form(query.query) for query in queries if query.cls == "han"}
    printed = {whole_form(name) for row in rows for name in row.party.names if HAN.search(name)}
    left = {whole_form(name) for row in kept for name in row.party.names if HAN.search(name)}
    assert asked <= printed
    assert left == printed - asked
    assert not known_names(kept) & (asked - known_names([]))


def test_the_class_of_printed_names_is_asked_with_them_and_counts_in_no_other() -> None:
    queries, _ = own_queries(LISTED, UNLISTED, 3, 5)
    han = [query for query in queries if query.cls in {"han", PRINTED} or not query.label]
    measured = measure("lexloci", LISTED, han, [], bilingual=bilingual_rows(current_lists()))
    count, held, *_ = measured.by_class["han"]
    assert measured.by_class["all"][0] == count
    assert measured.by_class[PRINTED][0] == count
    assert measured.by_class[PRINTED][1] > max(held, 0.95)
    assert 0 < measured.by_class[UNKNOWN][0] < count


def test_the_pairs_that_the_scorer_is_trained_on_are_here_and_of_listed_names() -> None:
    with gzip.open(Path(__file__).parents[2] / "tools" / "alias_pairs.csv.gz", "rt", encoding="utf-8") as lines:
        pairs = list(csv.DictReader(lines))
    listed = {name for party in listed_parties() for name in party.names}
    assert {(pair["is_match"], pair["split"]) for pair in pairs} == {("0", "dev"), ("1", "dev")}
    assert sum(pair["name1"] in listed and pair["name2"] in listed for pair in pairs) > 0.95 * len(pairs)
