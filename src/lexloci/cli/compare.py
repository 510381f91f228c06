"""The command that compares: two days, two rulebooks or two portfolios, and what moved between their plans."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from lexloci.case import read_portfolio
from lexloci.cli.futures import rules_of_bills
from lexloci.cli.plans import planned_under, progress_line, show_comparison
from lexloci.cli.rulebooks import rulebook_at, supposed
from lexloci.cli.show import print_json
from lexloci.law.rule import Rulebook
from lexloci.model.errors import LexlociError
from lexloci.model.portfolio import Basis, Portfolio
from lexloci.plan.planner import with_question
from lexloci.plan.record_names import wrong_records
from lexloci.rulebook.book import bills
from lexloci.scenario.compare import compare
from lexloci.scenario.event import EventKind, Happened, Scenario
from lexloci.scenario.scenario_file import read_scenario
from lexloci.scenario.world import World
from lexloci.scenario.world_plan import first_days, plan_of_world


@dataclass(frozen=True, slots=True)
class Asked:
    """What is compared: a portfolio and perhaps another, days, rulebooks (before, after), bills supposed, the layer."""

    file: str
    other: str | None
    days: tuple[date | None, date | None]
    rulebooks: tuple[Path | None, Path | None]
    suppose: tuple[str, ...]
    scenario: tuple[str, tuple[str, ...]] | None
    basis: Basis | None

    @property
    def differs(self) -> bool:
        """Whether the two sides can differ at all."""
        return any((self.other, *self.days, *self.rulebooks, self.suppose, self.scenario))


def compare_sides(asked: Asked, time_limit_s: float, as_json: bool) -> bool:
    """Print what moved between the two plans; True when the second has a place for every workload."""
    if asked.suppose and asked.rulebooks[1] is not None:
        raise LexlociError("--suppose adds bills to the rulebook in use; give it or --rulebook, not both")
    files = (asked.file, asked.other or asked.file)
    if files == ("-", "-") and asked.other:
        raise LexlociError("standard input can be read once; name one of the two portfolios by its file")
    portfolios = _portfolios(asked, files)
    rulebooks = (rulebook_at(asked.rulebooks[0]), _second_rulebook(asked, portfolios[1]))
    labels = [_label(asked, place, portfolios[place], rulebooks[place]) for place in (0, 1)]
    happened = _what_happened(asked, portfolios[1], rulebooks[1])
    before = planned_under(portfolios[0], rulebooks[0], False, time_limit_s)
    if happened is None:
        after = planned_under(portfolios[1], rulebooks[1], False, time_limit_s)
    else:
        with progress_line() as tell:
            after = plan_of_world(*happened, time_limit_s=time_limit_s, progress=tell)
        labels = [", ".join(word for word in pair if word) for pair in zip(labels, _of_scenario(happened), strict=True)]
    made = (before, after)
    comparison = compare(made[0], made[1], labels[0], labels[1])
    if as_json:
        from lexloci.report.json_form import comparison_json

        print_json(comparison_json(comparison))
    else:
        show_comparison(comparison)
    return not made[1].plan.unplaced


def _what_happened(asked: Asked, portfolio: Portfolio, rulebook: Rulebook) -> tuple[World, Scenario, Happened] | None:
    """The world of the second side, the scenario and the events of it that happen there; None without a scenario."""
    if asked.scenario is None:
        return None
    file, names = asked.scenario
    scenario = read_scenario(file, portfolio, rulebook, bills())
    wanted = {event.thing for event in scenario.events if event.kind is EventKind.BILL_PASSES}
    return World(portfolio, rulebook, rules_of_bills(wanted)), scenario, first_days(scenario, names)


def _of_scenario(happened: tuple[World, Scenario, Happened]) -> tuple[str, str]:
    _, scenario, events = happened
    told = sorted(events, key=lambda one: (one[1], one[0]))
    return "as it is", f"{scenario.name}: {', '.join(f'{name} on {day}' for name, day in told)}"


def _portfolios(asked: Asked, files: tuple[str, str]) -> list[Portfolio]:
    read = {file: read_portfolio(file, further=wrong_records) for file in dict.fromkeys(files)}
    return [with_question(read[file], day, None, asked.basis) for file, day in zip(files, asked.days, strict=True)]


def _second_rulebook(asked: Asked, portfolio: Portfolio) -> Rulebook:
    return supposed(asked.suppose, portfolio.as_of) if asked.suppose else rulebook_at(asked.rulebooks[1])


def _label(asked: Asked, place: int, portfolio: Portfolio, rulebook: Rulebook) -> str:
    """How a side is called: by all in which the two differ."""
    words: list[str] = []
    if asked.other:
        words.append((asked.file, asked.other)[place])
    if any(asked.days):
        words.append(f"as of {portfolio.as_of}")
    if any(asked.rulebooks) or asked.suppose:
        words.append(f"rulebook {rulebook.version}")
    return ", ".join(words)
