"""lexloci own: the answers, the proofs, the exit code of a question about one party, the picture."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET

import pytest

GRAPH = {
    "edges": [
        ["X", "A", 50],
        ["A", "B", [40, 60]],
        ["X", "C", 20],
        ["Q", "C", 80],
        ["Q", "R", 60],
    ],
    "seeds": ["X"],
    "parties": {"X": {"name": "Listed <Ltd> & Co"}, "Q": {"headquarters": "SG"}},
}


@pytest.fixture
def graph(tmp_path):
    """A file with a party of every answer."""
    file = tmp_path / "graph.json"
    file.write_text(json.dumps(GRAPH), encoding="utf-8")
    return str(file)


def test_every_party_has_one_answer_and_those_that_the_listed_touch_a_proof(call, graph):
    said = call("own", graph, "--json")
    assert said.code == 0
    assert (said.json["caught"], said.json["review"], said.json["clear"]) == (["X", "A"], ["B"], ["C", "Q", "R"])
    assert said.json["seeds"] == ["X"]
    proofs = said.json["proofs"]
    assert proofs.keys() == {"X", "A", "B", "C"}
    assert proofs["A"]["holdings"] == [{"owner": "X", "share_percent": [50.0, 50.0], "owner_is": "listed"}]
    assert proofs["B"]["held_percent"] == [40.0, 60.0]
    assert proofs["B"]["settled_by"] == {"shares": [["A", "B"]], "owners": []}
    assert proofs["C"]["held_percent"] == [20.0, 20.0]
    assert "governed_by" not in proofs["A"]


def test_ids_that_are_numbers_stay_numbers(call, tmp_path):
    file = tmp_path / "g.json"
    file.write_text('{"edges": [[0, 1, 0.5], [1, 2, 0.4], [0, 2, 0.1]], "seeds": [0]}', encoding="utf-8")
    said = call("own", str(file), "--json")
    assert said.json["caught"] == [0, 1, 2]
    assert "read as fractions" in said.err
    assert call("own", str(file), "--party", "2").code == 3


def test_the_table_tells_sums_and_counts_the_clear(call, graph):
    said = call("own", graph)
    rows = [line.split() for line in said.out.splitlines()]
    assert ["A", "caught", "50", "%", "X", "(Listed", "<Ltd>", "&", "Co)", "50", "%"] in rows
    assert ["B", "review", "40", "to", "60", "%", "A", "40", "to", "60", "%"] in rows
    assert "clear: 3" in said.out
    assert "6 parties, 5 holdings" in said.err


@pytest.mark.parametrize(("party", "code"), [("A", 3), ("B", 3), ("C", 0), ("R", 0)])
def test_a_question_about_one_party_is_answered_by_the_exit_code(call, graph, party, code):
    assert call("own", graph, "--party", party).code == code


def test_the_tree_follows_owners_up_and_says_what_would_settle_it(call, graph):
    said = call("own", graph, "--party", "B")
    assert "B: review, 40 to 60 %" in said.out
    assert "would settle it: share of A" in said.out
    assert "50 % held by X (Listed <Ltd> & Co): listed" in said.out
    assert "ultimate parent: B; open: may hold more than half of B: A" in said.out
    assert "headquarters: not stated; of the ultimate parent: SG" in call("own", graph, "--party", "R").out


def test_the_picture_shows_every_owner_once_and_escapes_names(call, graph, tmp_path):
    picture = tmp_path / "b.svg"
    assert call("own", graph, "--party", "B", "--svg", str(picture)).code == 3
    texts = [element.text for element in ET.parse(picture).iter("{http://www.w3.org/2000/svg}text")]
    assert texts.count("Listed <Ltd> & Co") == 1
    assert {"B", "A", "listed", "caught, 50 %", "review, 40 to 60 %"} <= set(texts)


def test_seeds_may_be_named_on_the_command_line(call, graph):
    said = call("own", graph, "--json", "--seed", "Q", "--possible-seed", "R")
    assert said.json["caught"] == ["X", "A", "C", "Q", "R"]
    assert call("own", graph, "--json", "--possible-seed", "Q").json["review"] == ["B", "C", "Q", "R"]


def test_the_bis_rule_names_the_owner_that_governs_and_how_it_stands(call, graph):
    said = call("own", graph, "--json", "--rule", "bis", "--as-of", "2025-10-01")
    assert said.json["rule"]["standing"] == "in force"
    assert said.json["proofs"]["A"]["governed_by"] == {"owner": "X", "licence_policy": None}
    stayed = call("own", graph, "--json", "--rule", "bis", "--as-of", "2026-01-01").json
    assert stayed["caught"] == ["X"]
    assert stayed["proofs"]["A"]["by_shares"] == "caught"
    assert "stayed" in stayed["proofs"]["A"]["note"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--party", "nobody"], "nobody holds nothing and is held by nobody"),
        (["--seed", "²"], "² holds nothing"),
        (["--party", "²"], "² holds nothing"),
        (["--seed", "nobody"], "nobody holds nothing and is held by nobody"),
        (["--svg", "x.svg"], "name it with --party"),
    ],
)
def test_wrong_questions_are_told_in_a_line(call, graph, arguments, words):
    said = call("own", graph, *arguments)
    assert (said.code, said.out) == (1, "")
    assert words in said.err
    assert said.err.count("\n") == 1


def test_dated_holdings_want_a_day_and_a_graph_wants_seeds(call, tmp_path):
    dated, bare = tmp_path / "dated.json", tmp_path / "bare.json"
    dated.write_text('{"edges": [["a", "b", 60, {"until": "2024-01-01"}]], "seeds": ["a"]}', encoding="utf-8")
    bare.write_text('{"edges": [["a", "b", 60]]}', encoding="utf-8")
    assert "--as-of" in call("own", str(dated)).err
    assert call("own", str(dated), "--as-of", "2024-01-01", "--json").json["clear"] == ["b"]
    assert "names nobody who is listed" in call("own", str(bare)).err


def test_a_seed_that_the_graph_does_not_know_is_told_and_no_seed_is_no_error_where_it_is_stated(call, tmp_path):
    file = tmp_path / "g.json"
    file.write_text('{"edges": [["a", "b", 60]], "seeds": ["A"]}', encoding="utf-8")
    said = call("own", str(file), "--json")
    assert (said.json["caught"], said.json["clear"]) == (["A"], ["a", "b"])
    assert f"A is listed, holds nothing and is held by nobody in {file}: check the id" in said.err
    file.write_text('{"edges": [["a", "b", 60]], "seeds": []}', encoding="utf-8")
    said = call("own", str(file), "--json")
    assert (said.code, said.json["caught"], said.json["clear"]) == (0, [], ["a", "b"])
    assert "nobody is listed" in said.err
