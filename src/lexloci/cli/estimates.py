"""The command ``estimate``: jobs of a portfolio on its pools, or a table of measurements."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lexloci.case import read_portfolio
from lexloci.case.input_file import read_text
from lexloci.catalogue.chips import chip as catalogue_chip
from lexloci.cli.show import print_json, show
from lexloci.model.chip import Chip
from lexloci.model.errors import LexlociError
from lexloci.model.estimate import Estimate
from lexloci.model.portfolio import Portfolio
from lexloci.model.site import Pool
from lexloci.model.workload import Workload, WorkloadKind
from lexloci.plan.electricity import with_grid
from lexloci.plan.paths import estimate_copy, estimate_over_sites, moves_told
from lexloci.plan.shares import estimates_of, job_spec

if TYPE_CHECKING:
    from lexloci.perf.anatomy import Anatomy
    from lexloci.perf.job import Infeasible

Job = tuple[Workload, Pool]
ROWS_AT_ONCE = 256


def estimate_file(
    file: str, which: str | None, chips: int | None, svg: Path | None, calibration: Path | None, *, as_json: bool
) -> bool:
    """Print the estimates of a portfolio's jobs, or of the rows of a table; True where each has a figure."""
    text = read_text(file, byte_order_mark=True)
    if _is_table(text, file):
        if which or chips or svg:
            raise LexlociError(f"{file}: WORKLOAD@POOL, --chips and --svg need a portfolio; this is a table of rows")
        return estimate_rows(text, calibration, as_json=as_json)
    portfolio = calibrated(read_portfolio(file, text=text), calibration)
    if which is None:
        if svg or chips:
            raise LexlociError("--svg and --chips are for one job; name it as WORKLOAD@POOL")
        return _show_all(portfolio, as_json=as_json)
    if "+" in which.partition("@")[2]:
        if chips or svg:
            raise LexlociError(f"{which}: --chips and --svg are for one pool; leave them out, or name one")
        return _show_across(portfolio, which, as_json=as_json)
    return _show_one(portfolio, job_named(portfolio, which), chips, svg, as_json=as_json)


def _is_table(text: str, file: str) -> bool:
    """Whether the text is a CSV: by its name, or by a first line of names parted by commas."""
    first = text.lstrip().split("\n", 1)[0]
    return Path(file).suffix.lower() == ".csv" or (
        "," in first and ":" not in first and not first.startswith(("[", "{"))
    )


def _show_all(portfolio: Portfolio, *, as_json: bool) -> bool:
    from lexloci.report.estimate_table import estimate_table, estimates_json

    first_at_site = list({pool.site: pool for pool in reversed(portfolio.pools)}.values())[::-1]
    jobs = [
        (workload, pool)
        for workload in portfolio.workloads
        for pool in (first_at_site if workload.kind is WorkloadKind.COPY else portfolio.pools)
        if workload.to_site != pool.site
    ]
    found = [_cheapest(_estimates(portfolio, *job)) for job in _with_progress(jobs, "estimates")]
    if as_json:
        print_json(estimates_json(found))
    else:
        show(estimate_table(f"{portfolio.name}: each workload on each pool, its cheapest number of chips", found))
    return all(one.feasible for one in found)


def _show_one(portfolio: Portfolio, job: Job, chips: int | None, svg: Path | None, *, as_json: bool) -> bool:
    found = [_on(portfolio, job, chips)] if chips else _estimates(portfolio, *job)
    _show_estimates(f"{job[0].id} on {job[1].id}", found, as_json=as_json)
    if svg is not None:
        _draw(portfolio, job, _cheapest(found), svg)
    return any(one.feasible for one in found)


def _show_across(portfolio: Portfolio, which: str, *, as_json: bool) -> bool:
    """One training on all the chips of several pools at several sites."""
    name, _, pools = which.partition("@")
    jobs = [job_named(portfolio, f"{name}@{pool}") for pool in pools.split("+")]
    workload = jobs[0][0]
    if not workload.kind.is_training:
        raise LexlociError(f"{name} does not train; only training is spread over sites: name one pool")
    specs = [job_spec(portfolio, workload, pool, chip_of(portfolio, pool), _whole_nodes(pool)) for _, pool in jobs]
    found = estimate_over_sites(portfolio, specs)
    _show_estimates(f"{workload.id} on {len(jobs)} sites", [found], as_json=as_json)
    return found.feasible


def _show_estimates(title: str, found: Sequence[Estimate], *, as_json: bool) -> None:
    """A table of estimates of one job with its notes, or JSON."""
    from lexloci.report.estimate_table import estimate_notes, estimate_table, estimates_json

    if as_json:
        print_json(estimates_json(found))
        return
    show(estimate_table(title, found))
    for note in estimate_notes(found):
        sys.stdout.write(f"{note}\n")


def _whole_nodes(pool: Pool) -> int:
    return pool.chips // pool.chips_per_node * pool.chips_per_node


def _estimates(portfolio: Portfolio, workload: Workload, pool: Pool) -> list[Estimate]:
    chip = chip_of(portfolio, pool)
    if workload.kind is WorkloadKind.COPY:
        volume = portfolio.model_by_id[workload.model].weight_bytes
        return [estimate_copy(portfolio, workload, pool, chip, workload.to_site or pool.site, volume)]
    moves = moves_told(portfolio, workload, pool, chip)
    found = estimates_of(portfolio, workload, pool, chip)
    return [replace(one, warnings=(*one.warnings, *moves)) if one.feasible else one for one in found]


def _on(portfolio: Portfolio, job: Job, chips: int) -> Estimate:
    from lexloci.perf import estimate

    workload, pool = job
    if workload.kind is WorkloadKind.COPY:
        raise LexlociError(f"{workload.id} is a copy and uses no chips; leave --chips out")
    found = estimate(job_spec(portfolio, workload, pool, chip_of(portfolio, pool), chips))
    return with_grid(found, pool, portfolio.site_by_id[pool.site])


def _cheapest(found: list[Estimate]) -> Estimate:
    return min(found, key=lambda one: (not one.feasible, one.cost_usd.point))


def _draw(portfolio: Portfolio, job: Job, found: Estimate, path: Path) -> None:
    from lexloci.perf.anatomy import serving_anatomy, training_anatomy

    workload, pool = job
    if workload.kind is WorkloadKind.COPY:
        raise LexlociError(f"{workload.id} is a copy and uses no chips: there is nothing to draw; leave --svg out")
    spec = job_spec(portfolio, workload, pool, chip_of(portfolio, pool), found.chips)
    anatomy = training_anatomy(spec) if workload.kind.is_training else serving_anatomy(spec)
    draw(anatomy, f"{workload.id}@{pool.id}", path)


def draw(anatomy: Anatomy | Infeasible, which: str, path: Path) -> None:
    """Write the picture of a job's chip. LexlociError where there is nothing to draw."""
    from lexloci.cli.whole_file import whole_file
    from lexloci.perf.job import Infeasible
    from lexloci.report.svg_anatomy import anatomy_svg

    if isinstance(anatomy, Infeasible):
        raise LexlociError(f"{which}: there is nothing to draw: {anatomy.reason}")
    with whole_file(path) as file:
        file.write(anatomy_svg(anatomy))


def calibrated(portfolio: Portfolio, calibration: Path | None) -> Portfolio:
    """The portfolio with another file of the user's own runs, where one is named."""
    return portfolio if calibration is None else replace(portfolio, calibration=str(calibration.absolute()))


def job_named(portfolio: Portfolio, which: str) -> Job:
    """The workload and the pool of a text WORKLOAD@POOL. LexlociError where one of them is not in the portfolio."""
    workload_id, parted, pool_id = which.partition("@")
    if not parted:
        raise LexlociError(f'"{which}" names no job; write WORKLOAD@POOL')
    workload = portfolio.workload_by_id.get(workload_id)
    pool = portfolio.pool_by_id.get(pool_id)
    if workload is None or pool is None:
        known = portfolio.workload_by_id if workload is None else portfolio.pool_by_id
        wrong = workload_id if workload is None else pool_id
        kind = "workload" if workload is None else "pool"
        raise LexlociError(f'there is no {kind} "{wrong}"; known are {", ".join(known)}')
    return workload, pool


def chip_of(portfolio: Portfolio, pool: Pool) -> Chip:
    """The chip of a pool: the portfolio's own, else the catalogue's."""
    own = {chip.id: chip for chip in portfolio.chips}
    return own.get(pool.chip) or catalogue_chip(pool.chip)


# -- tables of rows ------------------------------------------------------------------------------------------------


def estimate_rows(text: str, calibration: Path | None, *, as_json: bool) -> bool:
    """Print a prediction for each row of a table, as CSV or JSON lines, as they are made; True where each has one."""
    from lexloci.perf.calibration import read_calibrations
    from lexloci.perf.row_estimates import FIELDS, row_estimates

    own = read_calibrations(calibration) if calibration else ()
    reader = csv.DictReader(io.StringIO(text))
    try:
        rows = [row | {"id": row.get("id") or f"row {number}"} for number, row in enumerate(reader, 1)]
    except csv.Error as error:
        raise LexlociError(f"line {reader.line_num + 1} is no row of a CSV file ({error}); mend it") from None
    out = None if as_json else csv.DictWriter(sys.stdout, FIELDS, lineterminator="\n")
    if out is not None:
        out.writeheader()
    complete = True
    for batch in _with_progress(list(_batches(rows, ROWS_AT_ONCE)), "rows"):
        for one in row_estimates(batch, reader.fieldnames or (), own):
            complete = complete and one["predicted"] != ""
            _write(one, out)
    return complete


def _write(one: dict[str, Any], out: csv.DictWriter[str] | None) -> None:
    if out is not None:
        out.writerow(one)
        return
    import json

    sys.stdout.write(json.dumps(one, ensure_ascii=False) + "\n")


def _batches(rows: Iterable[dict[str, str]], size: int) -> Iterator[list[dict[str, str]]]:
    pending = iter(rows)
    while batch := list(islice(pending, size)):
        yield batch


def _with_progress(parts: list[Any], what: str) -> Iterable[Any]:
    """The parts one by one, with a bar on standard error where that is a terminal."""
    from rich.console import Console
    from rich.progress import track

    return track(parts, what, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty())
