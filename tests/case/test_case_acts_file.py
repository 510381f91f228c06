"""Bare acts are read from CSV, YAML and JSON alike, and every mistake in them is told at once."""

import csv
import io
import json
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from lexloci.case import read_acts
from lexloci.model.act import ActKind
from lexloci.model.errors import InputError
from lexloci.model.portfolio import Basis

# A busy machine is no mistake.
UNHURRIED = settings(deadline=None)

CSV = """\
id,kind,on,as_of,known_at,basis,given,authority,tenant.headquarters,chip,chips,signed,red_flags
a1,remote access,2026-03-01,2026-03-02,2026-03-03,text,closed,us cn,NO,h100-sxm,8,2026-01-01,false

a2,in-country transfer,2026-03-02,,,,,,,"a ""named"" chip",1.5e3,,
"""
YAML = """\
- {id: a1, kind: remote access, on: 2026-03-01, as_of: 2026-03-02, known_at: 2026-03-03, basis: text, given: closed,
   authority: [us, cn], tenant.headquarters: NO, chip: h100-sxm, chips: 8, signed: 2026-01-01, red_flags: false}

- {id: a2, kind: in-country transfer, on: 2026-03-02, chip: 'a "named" chip', chips: 1.5e3, signed: null}
"""


def lines(text: str, name: str) -> list[str]:
    with pytest.raises(InputError) as raised:
        read_acts(name, text=text)
    return [str(mistake) for mistake in raised.value.mistakes]


def essence(acts):
    return [{**vars(act), "file": "", "line": 0} for act in acts]


def test_a_csv_row_becomes_an_act():
    first, second = read_acts("a.csv", text=CSV)
    assert (first.id, first.kind, first.on) == ("a1", ActKind.REMOTE_ACCESS, date(2026, 3, 1))
    assert (first.as_of, first.known_at, first.basis) == (date(2026, 3, 2), date(2026, 3, 3), Basis.TEXT)
    assert (first.given, first.authority) == ("closed", ("us", "cn"))
    assert first.facts == {
        "tenant.headquarters": "NO",
        "chip": "h100-sxm",
        "chips": 8,
        "signed": date(2026, 1, 1),
        "red_flags": False,
    }
    assert (first.file, first.line, second.line) == ("a.csv", 2, 4)
    assert (second.as_of, second.known_at, second.basis, second.given, second.authority) == (
        None,
        None,
        None,
        "open",
        (),
    )
    assert second.facts == {"chip": 'a "named" chip', "chips": 1500.0}


def test_yaml_and_csv_and_json_say_the_same():
    from_csv, from_yaml = read_acts("a.csv", text=CSV), read_acts("a.yaml", text=YAML)
    rows = [
        {key: value for key, value in vars(act).items() if key not in ("facts", "file", "line") and value is not None}
        | dict(act.facts)
        for act in from_csv
    ]
    for row in rows:
        if not row["authority"]:
            del row["authority"]
    from_json = read_acts("a.json", text=json.dumps({"acts": rows}, default=str))
    assert essence(from_csv) == essence(from_yaml) == essence(from_json)
    assert [act.line for act in from_yaml] == [1, 4]


def test_standard_input_with_a_header_is_csv():
    assert essence(read_acts("-", text=CSV)) == essence(read_acts("a.csv", text=CSV))


def test_a_spreadsheet_may_begin_with_a_byte_order_mark(tmp_path):
    path = tmp_path / "acts.csv"
    path.write_bytes(b"\xef\xbb\xbf" + CSV.replace("\n", "\r\n").encode())
    assert essence(read_acts(path)) == essence(read_acts("a.csv", text=CSV))


def test_a_number_with_a_leading_zero_is_a_code():
    (act,) = read_acts("a.csv", text="id,kind,on,code\n007,use,2026-01-01,0123\n")
    assert act.id == "007"
    assert act.facts == {"code": "0123"}


def test_a_row_of_several_lines_has_the_line_of_its_beginning():
    acts = read_acts("a.csv", text='id,kind,on,note\na,use,2026-01-01,"two\nlines"\nb,use,2026-01-01,one\n')
    assert [act.line for act in acts] == [2, 4]


HEAD = "id,kind,on\n"
TABLE = yaml.safe_load((Path(__file__).parent / "data" / "act_mistakes.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("name", "text", "expected"), [(case["file"], case["text"], case["says"]) for case in TABLE])
def test_a_mistake_is_told_in_these_words(name, text, expected):
    assert lines(text, name) == expected


def test_the_number_of_cells_is_limited(monkeypatch):
    monkeypatch.setattr("lexloci.case.acts_file.MAX_NODES", 5)
    assert lines(HEAD + "a,use,2026-01-01\n" * 2, "a.csv")[-1] == "a.csv:3 holds more than 5 values; split it"


def test_a_table_of_mistakes_is_given_up_after_a_thousand():
    assert lines(HEAD + "a,uze,2026-01-01\n" * 5000, "a.csv")[0] == "a.csv has 1000 mistakes or more; mend these first"


def mistakes_or_none(text: str, name: str):
    try:
        return () if read_acts(name, text=text) else None
    except InputError as error:
        return error.mistakes


@UNHURRIED
@given(st.text(), st.sampled_from(["a.csv", "a.yaml"]))
def test_random_text_is_read_or_its_mistakes_name_the_file(text, name):
    assert all(mistake.file == name for mistake in mistakes_or_none(text, name))


CELLS = st.text(st.characters(codec="utf-8"), max_size=12) | st.sampled_from(
    ["use", "2026-01-01", "NO", "1e400", "open"]
)
COLUMNS = st.sampled_from(["id", "kind", "on", "basis", "given", "authority", "chip", "x.y", "Zz", ""])


@UNHURRIED
@given(st.lists(COLUMNS, min_size=1, max_size=6), st.lists(st.lists(CELLS, max_size=6), max_size=4))
def test_random_tables_are_read_or_their_mistakes_stay_on_one_line(header, rows):
    out = io.StringIO()
    csv.writer(out).writerows([header, *rows])
    assert all(str(mistake).isprintable() for mistake in mistakes_or_none(out.getvalue(), "a.csv"))
