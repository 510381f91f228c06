"""An epoch holds the days on which the exported law is the same, and tells when to issue again."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from export_random import rulebook_of
from law_support import DAY, make_rule

from lexloci.law.export.epoch import epoch_of
from lexloci.law.export.selection import select
from lexloci.law.rule import RulebookSource, Standing, Turn
from lexloci.model.act import ActKind
from lexloci.model.portfolio import Basis
from lexloci.rulebook.book import bundled_rulebook

FIRST = date(2029, 5, 1)
SECOND = date(2030, 2, 1)
THIRD = date(2030, 4, 1)
REVIEW_BY = DAY + timedelta(days=180)


def epoch(turns=(), lines=(), on=DAY, known_at=DAY, basis=Basis.TEXT, sources=()):
    rule = make_rule("rule", list(lines), turns=tuple(turns) or (Turn(FIRST, Standing.IN_FORCE, FIRST),))
    rulebook = rulebook_of([rule])
    if sources:
        rulebook = type(rulebook)(
            **{name: getattr(rulebook, name) for name in rulebook.__dataclass_fields__} | {"sources": sources}
        )
    return epoch_of(rulebook, [rule], on, known_at, basis)


def test_it_begins_with_the_last_change_and_ends_with_the_next():
    turns = [Turn(FIRST, Standing.IN_FORCE, FIRST), Turn(SECOND, Standing.STAYED, FIRST)]
    found = epoch([*turns, Turn(THIRD, Standing.IN_FORCE, FIRST)])
    assert (found.begin, found.end) == (FIRST, SECOND)
    assert found.changes == (SECOND, THIRD)
    assert found.issue_again_on == (SECOND, THIRD, REVIEW_BY + timedelta(days=1))


def test_a_change_that_was_not_yet_published_does_not_end_it():
    turns = [Turn(FIRST, Standing.IN_FORCE, FIRST), Turn(SECOND, Standing.STAYED, SECOND)]
    assert epoch(turns).changes == ()
    assert epoch(turns, known_at=SECOND).changes == (SECOND,)


def test_a_change_on_the_other_layer_does_not_end_it():
    turns = [Turn(FIRST, Standing.IN_FORCE, FIRST), Turn(SECOND, Standing.NOT_ENFORCED, FIRST, Basis.ENFORCEMENT)]
    assert epoch(turns).changes == ()
    assert epoch(turns, basis=Basis.ENFORCEMENT).changes == (SECOND,)


@pytest.mark.parametrize("line", ["n.x < parameter.late", "t.x in set.late", "defined.late"])
def test_a_later_version_of_a_name_that_is_read_ends_it(line):
    assert epoch(lines=["f.a"]).changes == ()
    assert epoch(lines=[line]).changes == (date(2031, 1, 1),)


def test_it_ends_when_the_rulebook_is_past_its_limit_of_age():
    found = epoch()
    assert (found.review_by, found.end) == (REVIEW_BY, REVIEW_BY + timedelta(days=1))
    assert found.holds(REVIEW_BY)
    assert not found.holds(REVIEW_BY + timedelta(days=1))


def test_the_oldest_of_several_rulebooks_decides():
    added = RulebookSource("added", "1", DAY, 30)
    assert epoch(sources=(added,)).review_by == DAY + timedelta(days=30)


def test_a_day_far_ahead_is_judged_by_the_law_known_now():
    found = epoch(on=date(2035, 1, 1))
    assert found.end is None
    assert not found.is_stale
    assert found.holds(date(2040, 1, 1))
    assert epoch(on=date(2035, 1, 1), known_at=date(2035, 1, 1)).is_stale


def test_before_every_change_it_has_no_beginning():
    found = epoch(on=date(2020, 1, 1), known_at=DAY)
    assert (found.begin, found.end) == (None, FIRST)
    assert found.holds(date(1990, 1, 1))


def shape(selection):
    return [(one.id, one.holds, one.refuted, one.decides, one.fired_level) for one in selection.rules]


@pytest.mark.parametrize("basis", list(Basis))
def test_the_real_law_is_the_same_on_both_ends_of_its_epoch_and_another_behind_them(basis):
    day = date(2025, 6, 1)
    found = select(bundled_rulebook(), (), day, day, basis)
    first, last = found.epoch.begin, found.epoch.end - timedelta(days=1)
    for inside in (first, last):
        assert shape(select(bundled_rulebook(), (), inside, day, basis)) == shape(found)
    for outside in (first - timedelta(days=1), found.epoch.end):
        assert shape(select(bundled_rulebook(), (), outside, day, basis)) != shape(found)


def test_only_the_rules_of_the_kinds_asked_for_are_exported():
    day = date(2026, 11, 22)
    found = select(bundled_rulebook(), (ActKind.PROCUREMENT,), day, day, Basis.TEXT)
    assert {one.id.partition(".")[0] for one in found.rules} >= {"us_procurement"}
    assert all(ActKind.PROCUREMENT in one.rule.acts for one in found.rules)
    assert len(found.rules) < len(select(bundled_rulebook(), (), day, day, Basis.TEXT).rules)
