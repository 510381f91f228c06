"""A report tells each thing once: a rule's words, a leg that other answers share, a change of law."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from lexloci.model.determination import FindingStatus
from lexloci.model.outcome import Outcome
from lexloci.plan.late import days_late, late_work
from lexloci.report.answer_line import answer_brief, answer_line
from lexloci.report.changes import changes_by_rule
from lexloci.report.html import report_html
from lexloci.report.html_rules import rules_section
from lexloci.report.names import Names
from lexloci.report.next_best import next_best
from lexloci.report.told import Told
from lexloci.report.why_html import why_html
from lexloci.scenario.compare_types import OutcomeChange


def test_a_rule_is_quoted_once_and_every_finding_links_to_it(make):
    told = Told()
    answer = make.determination()
    html = why_html(answer, told) + why_html(replace(answer, id="other"), told)
    rules = rules_section(told)
    anchors = set(re.findall(r'href="#(rule-\w+)"', html))
    assert anchors
    assert anchors == set(re.findall(r'id="(rule-\w+)"', rules))
    assert "<blockquote>" not in html
    for finding in answer.findings:
        assert finding.citation.url in rules


def test_without_a_page_an_answer_quotes_its_rules_itself(make):
    answer = make.determination()
    assert any(finding.text for finding in answer.findings)
    assert "<blockquote>" in why_html(answer)
    assert "the same answer as above" not in why_html(answer)


def test_a_leg_that_two_answers_share_stands_once_and_is_linked(make):
    told = Told()
    answer = make.determination(legs=(make.determination(id="leg", subject="the supply of the chips", legs=()),))
    first, second = why_html(answer, told), why_html(replace(answer, id="other"), told)
    (anchor,) = re.findall(r'<details class="leg" id="(leg-\w+)">', first)
    assert f'href="#{anchor}">the same answer as above' in second
    assert 'class="leg" id=' not in second
    assert "the supply of the chips" in second


def test_a_leg_that_differs_in_its_outcome_is_told_again(make):
    told = Told()
    leg = make.determination(id="leg", legs=())
    other = replace(leg, outcome=Outcome.PROHIBITED)
    why_html(make.determination(legs=(leg,)), told)
    assert "the same answer as above" not in why_html(make.determination(id="b", legs=(other,)), told)


def test_every_link_of_a_report_leads_to_a_place_in_it(make):
    html = report_html(make.plan(), make.portfolio(), make.matrix(), make.comparison())
    anchors = set(re.findall(r' id="?([\w-]+)', html))
    assert set(re.findall(r'href="?#([\w-]+)', html)) <= anchors


def test_a_page_without_answers_says_that_no_rule_was_met():
    assert "No rule was met." in rules_section(Told())


def test_work_that_ends_after_its_deadline_is_named_with_its_days(make):
    plan, portfolio = make.plan(), make.portfolio()
    placement = plan.placements[0]
    day = placement.end - timedelta(days=3)
    workloads = tuple(
        replace(one, deadline=day if one.id == placement.workload else None) for one in portfolio.workloads
    )
    late = replace(portfolio, workloads=workloads)
    assert late_work(plan, late) == {placement.workload: 3}
    page = report_html(plan, late, make.matrix(), None)
    assert "After its deadline: " in page
    assert page.count("3 days late") == 2


def test_work_that_ends_on_the_day_before_or_has_no_deadline_is_not_late(make):
    plan, portfolio = make.plan(), make.portfolio()
    on_time = tuple(replace(one, deadline=max(each.end for each in plan.placements)) for one in portfolio.workloads)
    assert late_work(plan, replace(portfolio, workloads=on_time)) == {}
    endless = tuple(replace(one, deadline=None) for one in portfolio.workloads)
    assert late_work(plan, replace(portfolio, workloads=endless)) == {}
    assert (days_late(1), days_late(1200)) == ("1 day late", "1,200 days late")


def test_a_copy_says_where_it_comes_from_and_no_number_of_chips(make):
    names = Names(make.portfolio())
    placement = make.plan().placements[0]
    pool = names.portfolio.pool_by_id[placement.pool]
    assert names.chips(replace(placement, chips=0)) == f"copy from {names.site(pool.site)}"
    assert names.chips(replace(placement, chips=2048)).startswith("2,048 × ")


def test_one_change_of_law_stands_once_with_all_that_it_meets():
    before, after = Outcome.PERMITTED, Outcome.PROHIBITED
    changes = [
        OutcomeChange("a", "p", before, after, "rule"),
        OutcomeChange("b", "p", before, after, "rule"),
        OutcomeChange("a", "q", before, after, "rule"),
        OutcomeChange("a", "p", after, before, "rule"),
    ]
    assert changes_by_rule(changes) == {
        (before, after, "rule"): {"p": ["a", "b"], "q": ["a"]},
        (after, before, "rule"): {"p": ["a"]},
    }


def test_the_next_best_place_is_the_cheapest_that_has_a_cost(make):
    placement = make.plan().placements[0]
    other = placement.alternatives[0]
    several = (replace(other, pool="dear", cost_usd=5.0), replace(other, pool="cheap", cost_usd=2.0))
    unlawful = replace(other, pool="closed", cost_usd=None)
    best = next_best(replace(placement, alternatives=(*several, unlawful)))
    assert best is not None
    assert best.pool == "cheap"
    assert next_best(replace(placement, alternatives=(unlawful,))) is None


def test_duties_of_one_body_of_law_are_counted_and_a_lone_one_is_named(make):
    duty = make.determination(outcome=Outcome.PERMITTED_WITH_DUTIES).duties[0]
    duties = tuple(replace(duty, rule=rule) for rule in ("us_ear.a", "us_ear.b", "us_ear.a", "sg.advisory"))
    answer = make.determination(outcome=Outcome.PERMITTED_WITH_DUTIES, duties=duties, contested=())
    assert answer_line(answer) == "duties of us_ear (2 rules), sg.advisory"
    assert answer_brief(answer) == "4 duties"


def test_the_brief_of_a_human_review_counts_what_it_waits_for(make):
    answer = make.determination(outcome=Outcome.HUMAN_REVIEW)
    assert answer_brief(answer).startswith("needs ")
    assert answer_brief(make.determination(outcome=Outcome.PERMITTED, duties=(), contested=())) == ""


def test_the_brief_of_a_refusal_is_the_title_of_the_rule_that_decided(make):
    answer = make.determination(outcome=Outcome.PROHIBITED)
    deciding = replace(
        answer.findings[0], outcome=Outcome.PROHIBITED, status=FindingStatus.FIRED, title="The rule that decided"
    )
    assert answer_brief(replace(answer, findings=(deciding,))) == "The rule that decided"
    assert answer_brief(replace(answer, findings=())) == ""


def test_readings_stand_in_one_order_so_that_equal_answers_share_a_line(make):
    point = make.determination().contested[0]
    adopted = tuple(replace(point, point=name, reading="yes") for name in ("b.two", "a.one"))
    line = answer_line(make.determination(outcome=Outcome.PERMITTED, duties=(), contested=adopted))
    assert line == "rests on readings of a.one, b.two"
