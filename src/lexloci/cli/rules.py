"""The commands about the rulebook itself: run decided cases against it, show one rule, count what is in it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="Look into the rulebook: run decided cases, show one rule, count what is in it.")


class Layer(StrEnum):
    """The layer of the law that governs (lexloci.model.portfolio.Basis, which the help does not load)."""

    TEXT = "text"
    ENFORCEMENT = "enforcement"


EXIT_MISTAKES = 1
EXIT_DISAGREES = 3


class Engine(StrEnum):
    """The engines that an export is written for (lexloci.law.export.files.Target)."""

    CEL = "cel"
    REGO = "rego"
    CEDAR = "cedar"


class AnalysisPart(StrEnum):
    """The questions of ``analyse``."""

    GAPS = "gaps"
    DEAD = "dead"
    REDUNDANT = "redundant"
    OVERLAPS = "overlaps"
    INVARIANTS = "invariants"


_DAY = {"formats": ["%Y-%m-%d"], "metavar": "YYYY-MM-DD"}
ActOption = Annotated[str | None, typer.Option("--kind", metavar="ACT", help="One kind of act alone; default: all.")]
BasisOption = Annotated[Layer, typer.Option("--basis", help="Which layer of the law governs.")]


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


@app.command(name="check")
def check_one(
    folder: Annotated[
        str | None,
        typer.Argument(
            metavar="FOLDER", help="A rulebook's folder, or one that a package adds; default: the rulebook in use."
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON (docs/reference/output.md).")] = False,
) -> None:
    """Read a rulebook and report every mistake at once, by line and column, with the mend; CEL is asked too."""
    from lexloci.cli.rule_check import check_rules

    raise typer.Exit(0 if check_rules(folder, json) else EXIT_MISTAKES)


@app.command()
def coverage(
    json: Annotated[bool, typer.Option("--json", help="Print JSON (docs/reference/output.md).")] = False,
) -> None:
    """Show what is modelled, in part and not at all, since when it is verified, and what each folder counts."""
    from lexloci.cli.rule_coverage import show_coverage

    show_coverage(json)


@app.command(name="audit")
def audit_sources(
    known_at: Annotated[datetime, typer.Option("--known-at", help="The day to which age is counted.", **_DAY)],
    json: Annotated[bool, typer.Option("--json", help="Print JSON (docs/reference/output.md).")] = False,
) -> None:
    """List what must be read again and by whom it was read last; ends with 3 where something is past its review."""
    from lexloci.cli.rule_audit import audit

    raise typer.Exit(0 if audit(known_at.date(), json) else EXIT_DISAGREES)


@app.command(name="compile")
def compile_one(
    output: Annotated[str, typer.Option("--output", "-o", metavar="FILE", help="The file to write.")],
    folder: Annotated[
        str | None, typer.Argument(metavar="FOLDER", help="A rulebook's folder; default: the one of the package.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON (docs/reference/output.md).")] = False,
) -> None:
    """Compile a rulebook into one file that loads in milliseconds, and print its version and digest."""
    from lexloci.cli.rule_compiled import compile_to_file

    compile_to_file(folder, output, json)


@app.command(name="version")
def version_of_one(
    place: Annotated[
        str | None,
        typer.Argument(metavar="FILE", help="A compiled rulebook, or a rulebook's folder; default: the one in use."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON (docs/reference/output.md).")] = False,
) -> None:
    """Say which law a rulebook is: its version, the digest of its content, its rules, and until when it may be used."""
    from lexloci.cli.rule_compiled import show_version

    show_version(place, json)


@app.command(name="export")
def export_for_an_engine(
    to: Annotated[Engine, typer.Option("--to", help="The engine: cel (with Kubernetes' policy), rego or cedar.")],
    as_of: Annotated[datetime, typer.Option("--as-of", help="A day of the epoch that is exported.", **_DAY)],
    basis: Annotated[Layer, typer.Option("--basis", help="Which layer of the law governs.")],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FOLDER", help="The folder to write.")],
    kind: Annotated[
        list[str] | None, typer.Option("--kind", metavar="ACT", help="A kind of act, again for more; default: all.")
    ] = None,
    known_at: Annotated[
        datetime | None,
        typer.Option("--known-at", help="Law counts as published by this day; default: as --as-of.", **_DAY),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON (docs/reference/output.md).")] = False,
) -> None:
    """Write the law of one epoch for another engine, with the days on which it must be issued again."""
    from lexloci.cli.rule_export import export_rulebook, kinds_named
    from lexloci.law.export.files import Target
    from lexloci.model.portfolio import Basis

    export_rulebook(
        Target(to.value),
        kinds_named(kind or []),
        as_of.date(),
        known_at.date() if known_at else None,
        Basis(basis.value),
        output,
        as_json=json,
    )


@app.command()
def analyse(
    kind: ActOption = None,
    as_of: Annotated[
        datetime | None,
        typer.Option("--as-of", help="The day of both clocks; default: the newest source of the rulebook.", **_DAY),
    ] = None,
    basis: BasisOption = Layer.TEXT,
    only: Annotated[AnalysisPart | None, typer.Option("--only", help="Answer one question alone.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON (docs/reference/output.md).")] = False,
) -> None:
    """Find gaps, dead and redundant rules, and overlaps; prove the invariants (ends with 3 where one is not proved)."""
    from lexloci.cli.rule_analysis import analyse as analyse_rulebook
    from lexloci.cli.rule_analysis import kind_named
    from lexloci.model.portfolio import Basis

    day = as_of.date() if as_of else None
    holds = analyse_rulebook(kind_named(kind), day, Basis(basis.value), only.value if only else None, as_json=json)
    raise typer.Exit(0 if holds else EXIT_DISAGREES)


@app.command()
def diff(
    before: Annotated[str, typer.Argument(metavar="BEFORE", help="A day, YYYY-MM-DD, or a rulebook's folder or file.")],
    after: Annotated[str, typer.Argument(metavar="AFTER", help="Another of the same.")],
    kind: ActOption = None,
    basis: BasisOption = Layer.TEXT,
    most: Annotated[int, typer.Option("--most", min=1, help="Most differences of a body for a kind of act.")] = 5,
    json: Annotated[bool, typer.Option("--json", help="Print JSON (docs/reference/output.md).")] = False,
) -> None:
    """Find acts that two days, or two rulebooks, answer differently, and the rules behind it; or prove that none is."""
    from lexloci.cli.rule_analysis import diff as diff_rulebooks
    from lexloci.cli.rule_analysis import kind_named
    from lexloci.model.portfolio import Basis

    diff_rulebooks(before, after, kind_named(kind), Basis(basis.value), most, as_json=json)


@app.command()
def firing(
    kind: ActOption = None,
    basis: BasisOption = Layer.TEXT,
    most: Annotated[int, typer.Option("--most", min=1, help="Most patterns of a body for a kind of act.")] = 50,
    json: Annotated[bool, typer.Option("--json", help="Print JSON (docs/reference/output.md).")] = False,
) -> None:
    """Find the sets of rules that can fire together, the smallest first, and which of them no decided case has."""
    from lexloci.cli.rule_analysis import firing as fire_rulebook
    from lexloci.cli.rule_analysis import kind_named
    from lexloci.model.portfolio import Basis

    fire_rulebook(kind_named(kind), Basis(basis.value), most, as_json=json)


@app.command(name="chips")
def classify_chips(
    as_of: Annotated[
        datetime | None,
        typer.Option("--as-of", help="The day; default: the newest source of the rulebook.", **_DAY),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON (docs/reference/output.md).")] = False,
) -> None:
    """Show in which class of ECCN 3A090 each chip of the catalogue is on a day, by its figures, and what is open."""
    from lexloci.cli.rule_chips import show_chips

    show_chips(as_of.date() if as_of else None, json)


@app.command()
def atlas(
    basis: Annotated[Layer, typer.Option("--basis", help="Which layer of the law governs.")],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write all answers here: a .csv or .json file."),
    ] = None,
    svg: Annotated[
        Path | None, typer.Option("--svg", metavar="FILE", help="Draw a few sites and headquarters over time here.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON (docs/reference/output.md).")] = False,
) -> None:
    """Decide the supply of every chip to every site for every headquarters, on every day of change from 2022-08 on."""
    from lexloci.cli.rule_atlas import show_atlas
    from lexloci.model.portfolio import Basis

    show_atlas(Basis(basis.value), output, svg, json)
