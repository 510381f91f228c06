"""What an estimate is asked for: a workload, its model, and the chips, site and network it would use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from annotated_types import Ge, Gt

from lexloci.model.chip import Chip
from lexloci.model.doc import Doc
from lexloci.model.estimate import Range
from lexloci.model.site import Pool, Site
from lexloci.model.workload import Model, Workload
from lexloci.perf.calibration import Calibration
from lexloci.perf.copying import FULL_LINE, Streams


@dataclass(frozen=True, slots=True)
class JobSpec:
    """A workload on a number of chips of one pool; a copy uses no chips (``chips=0``) but a network path."""

    workload: Workload
    model: Model
    chip: Chip
    pool: Pool
    site: Site
    chips: Annotated[int, Ge(0), Doc("chips that the job uses at once", unit="chips")]
    electricity_usd_per_kwh: Annotated[float, Ge(0), Doc("tariff", unit="USD/kWh")]
    carbon_g_per_kwh: Annotated[float, Ge(0), Doc("carbon intensity", unit="gCO2e/kWh")]
    tokens: Annotated[float | None, Gt(0), Doc("tokens to train on; not stated: the workload's", unit="tokens")] = None
    bytes: Annotated[float | None, Ge(0), Doc("volume of a copy; not stated: the model's weights", unit="bytes")] = None
    gbps: Annotated[float | None, Gt(0), Doc("bandwidth that the copy may use", unit="Gbit/s")] = None
    round_trip_ms: Annotated[
        float | None, Ge(0), Doc("round trip of the path: between sites, or users to site", unit="ms")
    ] = None
    round_trip_estimated: Annotated[
        Range | None,
        Doc("where the round trip is not stated but follows from the distance: it, with its ends", unit="ms"),
    ] = None
    sent: Annotated[Streams, Doc("how a copy is sent: connections, window, loss")] = FULL_LINE
    usd_per_gb: Annotated[float | None, Ge(0), Doc("price of moving data", unit="USD/GB")] = None
    calibrations: Annotated[
        tuple[Calibration, ...], Doc("what the user's own measured runs say; see lexloci calibrate")
    ] = ()


@dataclass(frozen=True, slots=True)
class Infeasible:
    """Why there is no figure: one line that says what does not fit or is not stated, and how to mend it."""

    reason: str


@dataclass(frozen=True, slots=True)
class ChipsNeeded:
    """The smallest number of chips, in whole nodes, and what decided it: memory or demand."""

    chips: int
    limited_by: str
