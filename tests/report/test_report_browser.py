"""The report as a reader sees it: in Chromium, offline, from one file."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from lexloci.report.html import report_html

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
SECTIONS = ("map", "time", "plan", "matrix", "why", "date", "sources")

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def report(make, tmp_path_factory):
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(report_html(make.plan(), make.portfolio(), make.matrix(), make.comparison()), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def browser():
    if not CHROMIUM.exists():
        line = "Chromium is missing: apt-get update && apt-get install -y chromium fonts-noto-cjk"
        if os.environ.get("CI") == "true":
            pytest.fail(line)
        pytest.skip(line)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield opened
        opened.close()


def open_page(browser, report, width, *, scripts=True):
    page = browser.new_page(viewport={"width": width, "height": 900}, java_script_enabled=scripts)
    page.seen, page.problems = [], []
    page.on("request", lambda request: page.seen.append(request.url))
    page.on("console", lambda message: page.problems.append(message.text))
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    page.goto(report.as_uri())
    return page


@pytest.fixture
def desktop(browser, report):
    page = open_page(browser, report, 1280)
    yield page
    page.close()


@pytest.fixture
def phone(browser, report):
    page = open_page(browser, report, 375)
    yield page
    page.close()


def keep_picture(page, name):
    """A picture for people to look at, where LEXLOCI_SCREENSHOTS names a folder."""
    folder = os.environ.get("LEXLOCI_SCREENSHOTS")
    if folder:
        page.screenshot(path=Path(folder) / name, full_page=True)


def test_the_page_asks_for_nothing_but_itself_and_reports_no_error(desktop, report):
    keep_picture(desktop, "desktop.png")
    assert desktop.seen == [report.as_uri()]
    assert desktop.problems == []


def test_every_section_is_visible(desktop):
    for section in SECTIONS:
        box = desktop.locator(f"section#{section}").bounding_box()
        assert box["width"] > 500, section
        assert box["height"] > 80, section


def test_a_phone_needs_no_sideways_scroll_of_the_page(phone):
    keep_picture(phone, "phone.png")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 375
    assert phone.problems == []


def test_a_printed_plan_is_not_cut_at_the_edge_of_the_paper(browser, report):
    page = open_page(browser, report, 794)  # A4 at 96 px an inch
    page.emulate_media(media="print")
    assert page.evaluate("document.documentElement.scrollWidth") <= 794
    page.close()


def test_a_phone_still_shows_each_cell_of_the_matrix_with_the_name_of_its_pool(phone, make):
    label = phone.locator(".matrix tbody tr").first.locator("td").first
    shown = label.evaluate("node => getComputedStyle(node, '::before').content")
    assert next(iter(make.matrix().columns.values())) in shown


def test_a_cell_of_the_matrix_opens_its_why(desktop):
    link = desktop.locator(".matrix tbody a").nth(3)
    target = desktop.locator(link.get_attribute("href"))
    assert not target.locator(".why").is_visible()
    link.click()
    desktop.wait_for_function("document.querySelector('article:target details').open")
    assert target.locator(".why").is_visible()


def test_the_filter_leaves_the_rows_with_the_wanted_name(desktop):
    desktop.locator(".filter input").fill("fine-tune")
    assert desktop.locator(".matrix tbody tr:visible").count() == 1


def test_the_filter_leaves_the_rows_with_the_wanted_answer(desktop):
    rows = desktop.locator(".matrix tbody tr")
    wanted = rows.filter(has=desktop.locator("td .o-prohibited")).count()
    desktop.locator(".filter select").select_option("o-prohibited")
    assert 0 < desktop.locator(".matrix tbody tr:visible").count() == wanted < rows.count()


def test_without_scripts_the_why_opens_and_the_filter_is_not_offered(browser, report):
    page = open_page(browser, report, 1280, scripts=False)
    assert not page.locator(".filter").is_visible()
    summary = page.locator("section#why article summary").first
    summary.click()
    assert page.locator("section#why article .why").first.is_visible()
    page.close()


def test_labels_on_the_map_do_not_cover_each_other_as_drawn(desktop):
    boxes = desktop.locator("svg.map g.label").evaluate_all(
        "nodes => nodes.map(node => [...node.querySelectorAll('text')].map(text => text.getBoundingClientRect()))"
        ".map(texts => [Math.min(...texts.map(t => t.left)), Math.min(...texts.map(t => t.top)),"
        "Math.max(...texts.map(t => t.right)), Math.max(...texts.map(t => t.bottom))])"
    )
    assert len(boxes) >= 5
    for place, one in enumerate(boxes):
        for other in boxes[place + 1 :]:
            apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
            assert apart, (one, other)


def test_a_hostile_name_runs_nothing(browser, make, tmp_path):
    name = "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"
    path = tmp_path / "hostile.html"
    hostile = make.portfolio(workloads=(make.workload("train", name), make.workload("tune", "\u202eevil")))
    path.write_text(report_html(make.plan(name=name), hostile, make.matrix(), None), encoding="utf-8")
    page = open_page(browser, path, 1280)
    assert page.seen == [path.as_uri()]
    assert name in page.locator("h1").inner_text()
    assert not re.fullmatch("owned", page.title())
    page.close()
