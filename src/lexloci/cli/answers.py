"""The commands that ask the law: determine and explain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TypeVar

from lexloci.case import read_acts, read_portfolio
from lexloci.case.acts_file import ActInput
from lexloci.case.input_file import read_text
from lexloci.cli.kind import is_portfolio
from lexloci.model.determination import Determination
from lexloci.model.errors import CatalogueError, InputError, Mistake
from lexloci.model.portfolio import Basis
from lexloci.plan.planner import with_question
from lexloci.plan.questions import determine_act, determine_portfolio, explained
from lexloci.plan.record_names import wrong_records
from lexloci.rulebook.book import bundled_rulebook

T = TypeVar("T")
STDIN = "-"


def determine_file(file: str, as_of: date | None, known_at: date | None, basis: Basis | None, as_json: bool) -> bool:
    """Print every determination of a portfolio or of a file of acts; True when all are permitted."""
    text = _text(file)
    if is_portfolio(text, file):
        portfolio = with_question(read_portfolio(file, text=text, further=wrong_records), as_of, known_at, basis)
        answers = determine_portfolio(portfolio, bundled_rulebook())
        determinations = [answer.determination for answer in answers]
        if not as_json:
            from lexloci.cli.show import show
            from lexloci.report.matrix_of import matrix_of_answers
            from lexloci.report.tables import matrix_table

            show(matrix_table(matrix_of_answers(portfolio, answers)))
    else:
        determinations = _acts(read_acts(file, text=text), as_of, known_at, basis)
        if not as_json:
            from lexloci.cli.show import show
            from lexloci.report.tables import determinations_table

            show(determinations_table(determinations))
    if as_json:
        _print_json(determinations)
    return all(one.outcome.is_placeable for one in determinations)


def explain_one(
    file: str, which: str, as_of: date | None, known_at: date | None, basis: Basis | None, as_json: bool
) -> bool:
    """Print one determination as a tree; True when it is permitted."""
    text = _text(file)
    if is_portfolio(text, file):
        portfolio = with_question(read_portfolio(file, text=text, further=wrong_records), as_of, known_at, basis)
        answers = {answer.determination.id: answer for answer in determine_portfolio(portfolio, bundled_rulebook())}
        determination = explained(portfolio, bundled_rulebook(), _chosen(answers, which, file))
    else:
        acts = {act.id: act for act in read_acts(file, text=text)}
        determination = _acts([_chosen(acts, which, file)], as_of, known_at, basis, with_levers=True)[0]
    if as_json:
        _print_json([determination])
    else:
        from lexloci.cli.show import show
        from lexloci.report.why_text import why_text

        show(why_text(determination))
    return determination.outcome.is_placeable


def _chosen(found: Mapping[str, T], which: str, file: str) -> T:
    """What was found under an id; InputError with the closest one where nothing was."""
    if which not in found:
        from difflib import get_close_matches

        close = get_close_matches(which, found, 1)
        mend = f"did you mean {close[0]}?" if close else f"lexloci determine {file} --json lists them all"
        raise InputError([Mistake(file, 0, "", f"no determination {which!r}", mend)])
    return found[which]


def _acts(
    acts: Sequence[ActInput],
    as_of: date | None,
    known_at: date | None,
    basis: Basis | None,
    *,
    with_levers: bool = False,
) -> list[Determination]:
    rulebook = bundled_rulebook()
    found: list[Determination] = []
    mistakes: list[Mistake] = []
    for act in acts:
        try:
            answer = determine_act(act, rulebook, as_of=as_of, known_at=known_at, basis=basis, with_levers=with_levers)
            found.append(answer)
        except InputError as error:
            mistakes.extend(error.mistakes)
        except CatalogueError as error:
            mistakes.append(Mistake(act.file, act.line, "", str(error)))
    if mistakes:
        raise InputError(mistakes)
    return found


def _text(file: str) -> str:
    return read_text(file, byte_order_mark=Path(file).suffix.lower() == ".csv")


def _print_json(determinations: Sequence[Determination]) -> None:
    from lexloci.cli.show import print_json
    from lexloci.report.json_form import determination_json

    print_json([determination_json(one) for one in determinations])
