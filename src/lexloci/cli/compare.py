"""The command that compares: two days, two rulebooks or two portfolios, and what moved between their plans."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from lexloci.case import read_portfolio
from lexloci.cli.plans import planned_under, show_comparison
from lexloci.cli.rulebooks import rulebook_at, supposed
from lexloci.cli.show import print_json
from lexloci.law.rule import Rulebook
from lexloci.model.errors import LexlociError
from lexloci.model.portfolio import Basis, Portfolio
from lexloci.plan.planner import with_question
from lexloci.plan.record_names import wrong_records
from lexloci.scenario.compare import compare


@dataclass(frozen=True, slots=True)
class Asked:
    """What is compared: a portfolio and perhaps another, days, rulebooks (before, after), bills supposed, the layer."""

    file: str
    other: str | None
    days: tuple[date | None, date | None]
    rulebooks: tuple[Path | None, Path | None]
    suppose: tuple[str, ...]
    basis: Basis | None

    @property
    def differs(self) -> bool:
        """Whether the two sides can differ at all."""
        return any((self.other, *self.days, *self.rulebooks, self.suppose))


def compare_sides(asked: Asked, time_limit_s: float, as_json: bool) -> bool:
    """Print what moved between the two plans; True when the second has a place for every workload."""
    if asked.suppose and asked.rulebooks[1] is not None:
        raise LexlociError("--suppose adds bills to the rulebook in use; give it or --rulebook, not both")
    files = (asked.file, asked.other or asked.file)
    if files == ("-", "-") and asked.other:
        raise LexlociError("standard input can be read once; name one of the two portfolios by its file")
    portfolios = _portfolios(asked, files)
    rulebooks = (rulebook_at(asked.rulebooks[0]), _second_rulebook(asked, portfolios[1]))
    made = [
        planned_under(portfolio, rulebook, False, time_limit_s)
        for portfolio, rulebook in zip(portfolios, rulebooks, strict=True)
    ]
    labels = [_label(asked, place, portfolios[place], rulebooks[place]) for place in (0, 1)]
    comparison = compare(made[0], made[1], labels[0], labels[1])
    if as_json:
        from lexloci.report.json_form import comparison_json

        print_json(comparison_json(comparison))
    else:
        show_comparison(comparison)
    return not made[1].plan.unplaced


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
