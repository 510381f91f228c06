"""What stands against a plan is shown wherever the plan is: in the terminal and in the page."""

from __future__ import annotations

import io
from dataclasses import replace

from rich.console import Console

from lexloci.model.citation import Citation
from lexloci.model.determination import Conflict, FindingStatus
from lexloci.model.outcome import Outcome
from lexloci.report.html import report_html
from lexloci.report.set_aside import set_aside
from lexloci.report.tables import set_aside_table


def exposed(make):
    """A plan whose placements rest on a finding that was set aside, and on a clash of laws."""
    placement = make.plan().placements[0]
    finding = placement.determination.findings[0]
    exposure = replace(
        finding,
        status=FindingStatus.EXPOSURE,
        title="A far <prohibition>",
        outcome=Outcome.PROHIBITED,
        citation=Citation("Act 1"),
    )
    clash = Conflict(("a.one", "b.two"), "one against two", (Citation("Act 1"), Citation("Act 2")))
    answer = replace(placement.determination, exposures=(exposure, exposure), conflicts=(clash,), signals=())
    first = replace(placement, determination=answer)
    second = replace(first, workload="serve")
    return replace(make.plan(), placements=(first, second))


def test_what_several_workloads_share_stands_once(make):
    plan = exposed(make)
    exposure, clash = set_aside(plan)
    assert exposure.kind == "exposure"
    assert exposure.words.startswith("A far <prohibition> (Act 1;")
    assert "prohibited" in exposure.words
    assert exposure.workloads == tuple(placement.workload for placement in plan.placements)
    assert (clash.kind, clash.words) == ("clash of laws", "Act 1 against Act 2")


def test_a_plan_on_which_nothing_stands_apart_says_nothing(make):
    plan = make.plan()
    bare = [
        replace(one, determination=replace(one.determination, exposures=(), conflicts=(), signals=()))
        for one in plan.placements
    ]
    assert set_aside(replace(plan, placements=tuple(bare))) == ()


def test_the_terminal_names_finding_and_workloads(make):
    paper = io.StringIO()
    Console(file=paper, width=300, color_system=None).print(set_aside_table(exposed(make)))
    line = next(line for line in paper.getvalue().splitlines() if "A far <prohibition>" in line)
    assert "exposure" in line
    assert "serve" in line


def test_the_page_shows_it_beside_the_plan_and_escapes_it(make):
    page = report_html(exposed(make), make.portfolio(), make.matrix(), None)
    section = page[page.index('<section id="plan">') :]
    section = section[: section.index("</section>")]
    assert "A far &lt;prohibition&gt;" in section
    assert "<strong>exposure</strong>" in section
