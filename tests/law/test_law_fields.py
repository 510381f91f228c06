"""The bits of fields say what counting the lines of each clause says."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from law_support import make_rule

from lexloci.law.clauses import Clause, Line
from lexloci.law.expression import Flag
from lexloci.law.fields import Fields, places_in

RULE = make_rule("r")


@st.composite
def clauses_and_lines(draw):
    """Clauses over a few lines, of which some are shared, some stand twice in a clause, and some are split."""
    lines = [Line(Flag(f"f.{number}"), ()) for number in range(draw(st.integers(1, 8)))]
    split = {
        id(line): draw(st.integers(0, 4)) for line in draw(st.lists(st.sampled_from(lines), max_size=3, unique_by=id))
    }
    chosen = draw(st.lists(st.lists(st.sampled_from(lines), max_size=5), max_size=6))
    clauses = [Clause(RULE, "", date.min, None, {}, tuple(some), ("",) * len(some)) for some in chosen]
    return clauses, [line for line in lines if any(line is one for some in chosen for one in some)], split


@given(clauses_and_lines(), st.data())
def test_clauses_are_judged_as_their_lines_are_counted(made, data):
    """Each line, and each alternative of a line that is split, fails, is in doubt, or neither."""
    clauses, lines, split = made
    fields = Fields(clauses, split)
    said, truths = 0, {}
    for line in lines:
        count = split.get(id(line))
        parts = [data.draw(st.sampled_from((True, False, None))) for _ in range(1 if count is None else count)]
        for number, truth in enumerate(parts):
            bits = fields.bits_of(line) if count is None else fields.bits_of_alternative(line, number, count)
            said |= 0 if truth else bits if truth is False else fields.doubted(bits)
        truths[id(line)] = True if True in parts else None if None in parts else False
    asked = data.draw(st.sets(st.sampled_from(range(len(clauses))))) if clauses else set()
    failing, certain, possible, fail_by_one = fields.judged(said, fields.mask(asked))
    of = [[truths[key] for key in {id(line) for line in clause.lines}] for clause in clauses]
    assert fields.places(certain) == [place for place in sorted(asked) if all(of[place])]
    assert fields.places(possible) == [place for place in sorted(asked) if False not in of[place]]
    assert fields.places(fail_by_one) == [place for place in sorted(asked) if of[place].count(False) == 1]
    for place, clause in enumerate(clauses):
        for line in clause.lines:
            is_set = bool(failing & fields.of_lines[place] & fields.bits_of(line))
            assert is_set is (truths[id(line)] is False)


@given(clauses_and_lines())
def test_no_two_fields_share_a_bit(made):
    clauses, _, split = made
    fields = Fields(clauses, split)
    every = [*fields.ends, *fields.fields]
    assert sum(every) == (1 << fields.size) - 1
    for place, end in enumerate(fields.ends):
        assert fields.of_lines[place] & ~fields.fields[place] == 0
        assert fields.of_lines[place].bit_count() == len({id(line) for line in clauses[place].lines})
        assert fields.places(end) == [place]


@pytest.mark.parametrize("places", [[], [0], [3, 70], [1, 2, 3]])
def test_the_places_of_bits_are_told_from_the_lowest(places):
    assert list(places_in(sum(1 << place for place in places))) == places
