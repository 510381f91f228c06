"""Files that a portfolio names: their paths count from its folder, and what is in them is checked with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from lexloci.case.entry import Entry
from lexloci.case.wording import FieldPath, nearest
from lexloci.model.errors import LexlociError
from lexloci.model.portfolio import Portfolio
from lexloci.model.workload import Workload


def folder_of(path: str | Path) -> Path:
    """The folder from which paths in a portfolio count: its own; for standard input the one where the program runs."""
    return Path.cwd() if str(path) == "-" else Path(path).absolute().parent


def check_lengths(portfolio: Entry, folder: Path) -> Iterator[tuple[FieldPath, str, str]]:
    """The lengths of a demand's requests are a distribution that ships, or a file that can be read."""
    from lexloci.catalogue import bundled_lengths, request_lengths

    for job in portfolio.entries("workloads"):
        for demand in job.entries("demand"):
            named = demand["lengths"]
            if named is None or named in bundled_lengths():
                continue
            path = Path(_located(named, folder))
            if not _is_file(path):
                near = nearest(named, bundled_lengths())
                known = f"did you mean {near}?" if near else f"write one of {', '.join(bundled_lengths())}, or a path"
                yield (*demand.path, "lengths"), f'"{named}" is neither a distribution that ships nor a file', known
                continue
            try:
                request_lengths(str(path))
            except LexlociError as error:
                message, _, mend = str(error).rpartition("; ")
                yield (*demand.path, "lengths"), message, mend


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name that no file can have, such as a very long one
        return False


def with_paths(portfolio: Portfolio, folder: Path) -> Portfolio:
    """The portfolio with every file that it names as a whole path."""
    workloads = tuple(_with_paths(workload, folder) for workload in portfolio.workloads)
    own = portfolio.calibration
    calibration = None if own is None else _located(own, folder)
    if (workloads, calibration) == (portfolio.workloads, own):
        return portfolio
    return replace(portfolio, workloads=workloads, calibration=calibration)


def _with_paths(workload: Workload, folder: Path) -> Workload:
    from lexloci.catalogue import bundled_lengths

    demand = workload.demand
    if demand is None or demand.lengths is None or demand.lengths in bundled_lengths():
        return workload
    return replace(workload, demand=replace(demand, lengths=_located(demand.lengths, folder)))


def _located(name: str, folder: Path) -> str:
    return str(folder / name)
