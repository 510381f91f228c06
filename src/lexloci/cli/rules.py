"""The commands about the rulebook itself: run decided cases against it, show one rule, count what is in it."""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer(help="Look into the rulebook: run decided cases, show one rule, count what is in it.")

EXIT_DISAGREES = 3


@app.command(name="test")
def run_decided_cases(
    places: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="FILE-OR-FOLDER",
            help="Decided cases as YAML or JSON (docs/reference/rulebook.md); default: those of the package; "
            "- reads standard input.",
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON (docs/reference/output.md).")] = False,
) -> None:
    """Run decided cases, and show each answer that is not what its case expects; ends with 3 where there is one."""
    from lexloci.cli.rule_answers import run_cases

    raise typer.Exit(0 if run_cases(places or [], json) else EXIT_DISAGREES)


@app.command(name="show")
def show_one(
    rule: Annotated[str, typer.Argument(metavar="RULE", help="The id of a rule, such as us_ear.gp10_prc_chips.")],
    json: Annotated[bool, typer.Option("--json", help="Print JSON (docs/reference/output.md).")] = False,
) -> None:
    """Show one rule for a lawyer: provision, text, since when, conditions, outcome, duties, contested points, cases."""
    from lexloci.cli.rule_answers import show_rule

    show_rule(rule, json)


@app.command()
def coverage() -> None:
    """Count what is in the rulebook: for each folder its rules, cases, levels of verification and kinds of effect."""
    from lexloci.cli.rule_answers import show_coverage

    show_coverage()
