"""The user's one input: everything that exists, what is asked, and what is on record."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Annotated, TypeVar

from lexloci.model.chip import Chip
from lexloci.model.doc import Doc
from lexloci.model.party import Party
from lexloci.model.record import Attestation, Authorisation, Reading
from lexloci.model.site import Link, Pool, Site
from lexloci.model.workload import Dataset, Model, Workload


class Basis(StrEnum):
    """Which layer of the law governs: the text of the code, or the posture that the authority announced."""

    TEXT = "text"
    ENFORCEMENT = "enforcement"

    @property
    def other(self) -> Basis:
        """The other layer."""
        return Basis.TEXT if self is Basis.ENFORCEMENT else Basis.ENFORCEMENT


@dataclass(frozen=True)
class Portfolio:
    """Organisations, sites, chips, leases, data and jobs, with the two clocks and the basis."""

    name: Annotated[str, Doc("title of the portfolio")]
    as_of: Annotated[date, Doc("the day on which the plan is made")]
    basis: Annotated[Basis, Doc("layer of the law that governs: text or enforcement")]
    horizon_until: Annotated[date, Doc("first day after the planning horizon")]
    known_at: Annotated[date | None, Doc("law and lists count as published by this day; not stated: as_of")] = None
    sources: Annotated[dict[str, str], Doc("key -> source (title, address, date) for the figures below")] = field(
        default_factory=dict
    )
    parties: Annotated[tuple[Party, ...], Doc("organisations and persons")] = ()
    sites: Annotated[tuple[Site, ...], Doc("data centres")] = ()
    chips: Annotated[tuple[Chip, ...], Doc("chips that the catalogue lacks, or corrections of it")] = ()
    pools: Annotated[tuple[Pool, ...], Doc("chips at sites")] = ()
    links: Annotated[tuple[Link, ...], Doc("networks between sites and to users")] = ()
    datasets: Annotated[tuple[Dataset, ...], Doc("data")] = ()
    models: Annotated[tuple[Model, ...], Doc("models")] = ()
    workloads: Annotated[tuple[Workload, ...], Doc("jobs")] = ()
    calibration: Annotated[
        str | None,
        Doc("file that `lexloci calibrate` wrote, its path from this file: estimates follow your own measured runs"),
    ] = None
    readings: Annotated[tuple[Reading, ...], Doc("choices on contested points")] = ()
    attestations: Annotated[tuple[Attestation, ...], Doc("facts that named persons vouch for")] = ()
    authorisations: Annotated[tuple[Authorisation, ...], Doc("licences, approvals and filings that are held")] = ()

    @property
    def knowledge_date(self) -> date:
        """The day by which law and lists must have been published to count: known_at, else as_of."""
        return self.known_at or self.as_of

    @cached_property
    def party_by_id(self) -> dict[str, Party]:
        """Parties by id."""
        return _by_id(self.parties)

    @cached_property
    def site_by_id(self) -> dict[str, Site]:
        """Sites by id."""
        return _by_id(self.sites)

    @cached_property
    def pool_by_id(self) -> dict[str, Pool]:
        """Pools by id."""
        return _by_id(self.pools)

    @cached_property
    def dataset_by_id(self) -> dict[str, Dataset]:
        """Datasets by id."""
        return _by_id(self.datasets)

    @cached_property
    def model_by_id(self) -> dict[str, Model]:
        """Models by id."""
        return _by_id(self.models)

    @cached_property
    def workload_by_id(self) -> dict[str, Workload]:
        """Workloads by id."""
        return _by_id(self.workloads)

    def link(self, one: str, other: str) -> Link | None:
        """The link between two sites or regions, in either direction; None where none is stated."""
        return self._link_by_ends.get(frozenset((one, other)))

    @cached_property
    def _link_by_ends(self) -> dict[frozenset[str], Link]:
        return {frozenset(link.between): link for link in self.links}


_Named = TypeVar("_Named", Party, Site, Pool, Dataset, Model, Workload)


def _by_id(things: tuple[_Named, ...]) -> dict[str, _Named]:
    return {thing.id: thing for thing in things}
