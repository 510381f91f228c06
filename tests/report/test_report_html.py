"""The report as a file: whole, self-contained, linked within itself, harmless."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lexloci.model.outcome import Outcome
from lexloci.report.html import NOT_LEGAL_ADVICE, report_html
from lexloci.report.html_why import Anchors
from lexloci.report.matrix import Cell, Matrix
from lexloci.report.plain import plain

VOID = {"br", "meta", "input"}
LOADS = {"src", "srcset", "data", "poster", "background", "action", "formaction", "xlink:href", "ping"}


class Page(HTMLParser):
    """Tags, attributes and words of a page; an unbalanced tag is an error."""

    def __init__(self, html):
        super().__init__()
        self.nodes, self.words, self.open = [], [], []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.nodes.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.nodes.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag

    def handle_data(self, data):
        self.words.append(data)

    def tags(self):
        return [tag for tag, _ in self.nodes]

    def all(self, name):
        return [attributes[name] for _, attributes in self.nodes if name in attributes]

    def text(self):
        return " ".join("".join(self.words).split())


@pytest.fixture(scope="module")
def html(make):
    return report_html(make.plan(), make.portfolio(), make.matrix(), make.comparison())


@pytest.fixture(scope="module")
def page(html):
    return Page(html)


def test_ids_are_unique(page):
    ids = page.all("id")
    assert len(ids) == len(set(ids)) > 20


def test_every_link_within_the_page_has_its_target(page):
    inner = [link[1:] for link in page.all("href") if link.startswith("#")]
    assert len(inner) > 20
    assert set(inner) <= set(page.all("id"))


def test_every_label_of_a_picture_exists(page):
    named = {name for value in page.all("aria-labelledby") for name in value.split()}
    assert named <= set(page.all("id"))


def test_nothing_is_loaded_from_anywhere(page, html):
    assert not [(tag, set(attributes) & LOADS) for tag, attributes in page.nodes if set(attributes) & LOADS]
    assert {"link", "iframe", "img", "object", "embed", "image", "use", "base"}.isdisjoint(page.tags())
    assert "@import" not in html
    assert set(re.findall(r"url\(([^)]*)\)", html)) <= {f"#{name}" for name in page.all("id")}


def test_only_a_link_to_read_points_outside(page):
    outside = [
        (tag, name)
        for tag, attributes in page.nodes
        for name, value in attributes.items()
        if value and re.match(r"(https?:)?//", value) and name != "xmlns"
    ]
    assert {(tag, name) for tag, name in outside} == {("a", "href")}


def test_the_policy_forbids_every_request_and_knows_the_script(html):
    script = re.search(r"<script>(.*?)</script>", html, re.DOTALL).group(1)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html).group(1)
    assert policy.startswith("default-src 'none';")
    assert f"script-src 'sha256-{digest}'" in policy
    assert "http" not in policy


@pytest.mark.parametrize(
    "promised",
    [
        "Half-year plan",
        "2026-01-15",
        "enforcement: the posture that the authority announced",
        "2026.1",
        NOT_LEGAL_ADVICE,
        "4 of 5",
        "workloads with a place; 1 conditional on a licence",
        "cost, late days and work left out; no plan is below 5,800,000",
        "gap to that bound (feasible)",
        "USD 5,728,400",
        "Without a place in this plan: 1 of 5 workloads.",
        "Past their limit of age: price table",
        "Natural Earth",
        "not on the map: Undisclosed",
        "Example price list, 2025-12-01",
        "published run A, MFU 0.38",
        "important data may not leave without an assessment",
        "2026-01-15 against 2026-04-01: cost USD 5,728,400 against 6,296,300 (+567,900)",
        "licence needed from 2026-04-01",
    ],
)
def test_the_report_says(page, promised):
    assert promised in page.text()


def test_every_answer_of_the_matrix_can_be_read_in_full(page, make):
    answers = [cell.determination for cell in make.matrix().cells.values() if cell.determination is not None]
    assert page.text().count("the answer in full") == len(answers) == 18


def test_every_placement_links_to_its_why_from_plan_and_matrix(html, make):
    anchor = Anchors().of(make.plan().placements[0].determination)
    assert html.count(f'href="#{anchor}"') == 2
    assert html.count(f'id="{anchor}"') == 1


def test_a_pair_that_was_not_asked_says_so_and_shows_no_outcome(make):
    unasked = Cell(Outcome.PERMITTED, Outcome.PERMITTED, "does not fit the memory")
    matrix = Matrix({"w": "Work"}, {"p": "P", "q": "Q"}, {("w", "p"): unasked})
    html = report_html(make.plan(placements=(), unplaced=()), make.portfolio(), matrix, None)
    table = html[html.index('<table class="matrix') : html.index("</table>", html.index('<table class="matrix'))]
    assert table.count("not asked") == 2
    assert "permitted" not in table


def test_two_answers_with_one_id_have_two_places(make):
    anchors = Anchors()
    one, other = make.determination("same"), make.determination("same", outcome=Outcome.PROHIBITED)
    assert anchors.of(one) != anchors.of(other)
    assert anchors.of(one) == anchors.of(make.determination("same"))


def test_an_answer_that_two_placements_share_is_shown_once_and_linked(make):
    answer = make.determination("shared")
    twice = (make.placement(determination=answer), make.placement("tune", determination=answer))
    page = Page(report_html(make.plan(placements=twice), make.portfolio(), Matrix({}, {}), None))
    assert len(page.all("id")) == len(set(page.all("id")))
    assert "Same answer as above" in page.text()


def test_a_comparison_that_was_not_asked_for_is_named_as_such(make):
    page = Page(report_html(make.plan(), make.portfolio(), make.matrix(), None))
    assert "No second date or event was asked for." in page.text()


def test_a_portfolio_without_coordinates_has_no_map_and_says_why(make):
    nowhere = make.portfolio(sites=(make.site("johor", "Johor A", "MY", None, None),))
    page = Page(report_html(make.plan(), nowhere, make.matrix(), None))
    assert "No map: the portfolio states no coordinates for any site." in page.text()


def test_a_plan_without_anything_is_still_a_report(make):
    empty = make.plan(placements=(), unplaced=(), cost_usd=0.0, objective=0.0, bound=0.0, gap=0.0)
    page = Page(report_html(empty, make.portfolio(workloads=(), pools=()), Matrix({}, {}), None))
    assert "No workload has a place." in page.text()
    assert "0 of 0" in page.text()


def test_a_lost_workload_and_an_unknown_pool_in_a_comparison_are_shown_by_id(make):
    lost = replace(make.comparison().moves[0], before="gone-pool", after="", cost_after=None)
    text = Page(report_html(make.plan(), make.portfolio(), make.matrix(), make.comparison(moves=(lost,)))).text()
    assert "gone-pool" in text
    assert "no place" in text


def test_the_same_plan_gives_the_same_file(make, html):
    assert html == report_html(make.plan(), make.portfolio(), make.matrix(), make.comparison())


@pytest.mark.parametrize(
    "name",
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "' onmouseover='alert(1)",
        "</style><script>alert(1)</script>",
        "阿里云 · 数据中心",
        "شركة المثال",
        "\u202egnp.exe",
        "&lt;b&gt;",
    ],
)
def test_a_name_is_shown_as_it_was_written_and_nothing_else(make, page, name):
    changed = Page(hostile_report(make, name))
    assert changed.tags() == Page(hostile_report(make, "calm")).tags()
    assert changed.text().count(plain(name)) >= 5


@settings(max_examples=15, deadline=None)
@given(name=st.text(min_size=1, max_size=30))
def test_no_name_changes_the_structure_of_the_page(make, name):
    changed = Page(hostile_report(make, name))
    ids = changed.all("id")
    assert len(ids) == len(set(ids))
    assert sum(tag == "script" for tag in changed.tags()) == 1


def hostile_report(make, name):
    """A report in which everything that a user names has the one name."""
    placed = make.placement(
        conditional_on=(name,), determination=make.determination(subject=name, levers=(name,)), site="johor"
    )
    portfolio = make.portfolio(
        name=name,
        workloads=(make.workload("train", name), make.workload("lost", "lost")),
        sites=(make.site("johor", name, "MY", 1.5, 103.6),),
        sources={name: name},
    )
    matrix = Matrix(
        {"train": name},
        {"johor-h200": name},
        {("train", "johor-h200"): Cell(placed.outcome, placed.outcome, name, placed.determination)},
    )
    return report_html(
        make.plan(name=name, placements=(placed,)), portfolio, matrix, make.comparison(before_label=name)
    )
