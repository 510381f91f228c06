"""The look-up that is written out says what the loop over the tables says, and is written when it pays."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from law_rulebooks import DAYS, randoms, rulebooks, some_acts
from law_support import DAY, make_act, make_rule, make_rulebook

from lexloci.law import lookups, straight
from lexloci.law.asked import roles_of
from lexloci.law.explain import explain
from lexloci.law.expression import Flag
from lexloci.law.program import program_of
from lexloci.law.rule import Condition
from lexloci.law.scan import codes_of, scan
from lexloci.model.act import ActKind, Question
from lexloci.model.fact import ABSENT, UNKNOWN
from lexloci.model.portfolio import Basis

QUESTION = Question(DAY, DAY, Basis.TEXT)


def looked_up(program, act):
    """What the loop says of an act, and what the function says that is written out."""
    found, roles = program.lookups, roles_of(act) if program.asks_roles else frozenset()
    own = found.roles.get(roles) or found.made_roles(roles)
    said = own.said
    for table in own.tables:
        said |= table.look(codes_of(program, act, roles))
    written = straight.written_out(program.slots, own.tables, own.said, roles)
    return said, written(act.facts.get, act.closed)


@pytest.mark.parametrize("most_prepared", [0, 64])
@settings(max_examples=60)
@given(rulebook=rulebooks(), random=randoms, known_at=st.sampled_from(DAYS))
def test_what_is_written_out_says_what_the_tables_say(most_prepared, rulebook, random, known_at):
    with mock.patch.object(straight, "MOST_PREPARED", most_prepared):
        for act in some_acts(random, 4):
            said, written = looked_up(program_of(rulebook, act.kind, known_at), act)
            assert written == said


class Text(str):
    """A text of a kind of its own, which compares with no other."""

    __slots__ = ()


NUMBERS = (-1.0, 0.0, 0.5, 1.0, 2.0, 2.5, 3.0, 4.0, 5.0, 9.0, 1e30, math.inf, -math.inf, math.nan)
ODD = (UNKNOWN, ABSENT, True, False, 2, 10**30, "2", Text("AA"), date(2030, 1, 1))


@pytest.mark.parametrize("most_prepared", [0, 64])
@pytest.mark.parametrize("count", [1, 2, 3, 4, 5])
def test_a_number_is_found_among_any_number_of_limits(count, most_prepared):
    rules = [make_rule(f"r{limit}", [f"n.x >= {limit}", f"n.x != {limit + 0.5}"]) for limit in range(count)]
    program = program_of(make_rulebook(rules), ActKind.EXPORT, DAY)
    with mock.patch.object(straight, "MOST_PREPARED", most_prepared):
        for value in (*NUMBERS, *ODD):
            said, written = looked_up(program, make_act({"n.x": value}))
            assert written == said, value


@pytest.mark.parametrize("most_prepared", [0, 64])
@pytest.mark.parametrize("name", ["f.a", "t.x", "n.y"])
def test_a_value_of_any_kind_is_read_as_the_loop_reads_it(name, most_prepared):
    lines = {"f.a": ["f.a"], "t.x": ['t.x in ["AA", "BB"]', "t.x != t.y"], "n.y": ["n.y < 2", "n.x < n.y"]}
    rules = [make_rule(f"r{number}", [line]) for number, line in enumerate(lines[name])]
    program = program_of(make_rulebook(rules), ActKind.EXPORT, DAY)
    with mock.patch.object(straight, "MOST_PREPARED", most_prepared):
        for other in ("AA", 2.0, UNKNOWN):
            for value in ("AA", "BB", "CC", "", *NUMBERS, *ODD):
                act = make_act({name: value, "t.y": other, "n.x": other})
                said, written = looked_up(program, act)
                assert written == said, (value, other)


def test_it_is_written_out_after_so_many_acts_with_the_same_roles():
    program = program_of(make_rulebook([make_rule("r", ["f.a"])]), ActKind.EXPORT, DAY)
    act = make_act({"f.a": True})
    for _ in range(lookups.LOOPS):
        scan(program, act)
        assert program.lookups.roles[frozenset()].look is None
    scan(program, act)
    assert program.lookups.roles[frozenset()].look is not None


def test_only_what_the_roles_that_take_part_may_meet_is_looked_at():
    """A fact of a role that takes no part costs no look-up, and no other rule of that role does."""
    rules = [
        make_rule("r", ["party.listed", "f.a"], for_any=("consignee", "end_user", "operator")),
        make_rule("of_operators", ["party.listed", "f.b"], for_any=("operator",)),
        make_rule("any", ["end_user.listed", "f.c"]),
    ]
    program = program_of(make_rulebook(rules), ActKind.EXPORT, DAY)
    roles = frozenset({"consignee"})
    own = program.lookups.made_roles(roles)
    asked: list[str] = []
    straight.written_out(program.slots, own.tables, own.said, roles)(asked.append, False)
    assert sorted(asked) == ["consignee.listed", "f.a", "f.c"]


def test_no_table_grows_with_the_acts_that_are_asked():
    """Texts that no condition names, and numbers between two limits, share the entries of their tables."""
    rules = [make_rule("r", ['t.x == "AA" || n.x >= 5']), make_rule("s", ["t.x != t.y"])]
    rulebook = make_rulebook(rules)

    def entries() -> int:
        program = program_of(rulebook, ActKind.EXPORT, DAY)
        tables = sum(len(table.entries) for table in program.lookups.tables)
        return tables + sum(len(line.verdicts) for line, _ in program.lines)

    counts = []
    for number in range(300):
        explain(rulebook, make_act({"t.x": f"text {number}", "n.x": 6.0 + number, "t.y": f"other {number}"}), QUESTION)
        counts.append(entries())
    assert counts[-1] == counts[lookups.LOOPS + 1]


def test_the_name_of_a_fact_is_never_taken_for_python():
    """Facts come from files: whatever they are called, their name is a text."""
    name = "'); raise SystemExit('"
    rule = replace(make_rule("r"), when=(Condition(name, Flag(name)),))
    program = program_of(make_rulebook([rule]), ActKind.EXPORT, DAY)
    for value in (True, False):
        said, written = looked_up(program, make_act({name: value}))
        assert written == said
