"""An accelerator model, and the two figures of the law that follow from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Annotated

from annotated_types import Ge, Gt

from lexloci.model.doc import Doc
from lexloci.model.party import CountryCode, Sources


@dataclass(frozen=True, slots=True)
class Chip:
    """An accelerator model; figures are dense (without sparsity) and the maker's highest claim."""

    id: Annotated[str, Doc("short name, such as h100-sxm")]
    name: Annotated[str, Doc("name for people")]
    designer: Annotated[str, Doc("company that designed it")]
    designer_headquarters: Annotated[CountryCode | None, Doc("country of the designer's headquarters")] = None
    released: Annotated[date | None, Doc("first delivery")] = None
    bf16_tflops: Annotated[float | None, Gt(0), Doc("dense BF16 or FP16", unit="TFLOP/s")] = None
    fp8_tflops: Annotated[float | None, Gt(0), Doc("dense FP8, or INT8 where the chip has no FP8", unit="TFLOP/s")] = (
        None
    )
    fp4_tflops: Annotated[float | None, Gt(0), Doc("dense FP4", unit="TFLOP/s")] = None
    memory_gb: Annotated[float | None, Gt(0), Doc("memory on the package", unit="GB (1e9 bytes)")] = None
    memory_gb_per_s: Annotated[float | None, Gt(0), Doc("memory bandwidth", unit="GB/s")] = None
    interconnect_gb_per_s: Annotated[
        float | None, Ge(0), Doc("to other chips in the node, both directions added", unit="GB/s")
    ] = None
    scale_up_chips: Annotated[int, Gt(0), Doc("chips in one scale-up domain", unit="chips")] = 8
    die_area_mm2: Annotated[float | None, Gt(0), Doc("logic die area on a non-planar node, all dies", unit="mm2")] = (
        None
    )
    power_w: Annotated[float | None, Gt(0), Doc("thermal design power", unit="W")] = None
    for_data_centres: Annotated[bool | None, Doc("whether designed or marketed for data centres")] = None
    subject_to_ear: Annotated[
        bool | None, Doc("whether the item is subject to the US Export Administration Regulations; not stated: unknown")
    ] = None
    stated_total_processing_performance: Annotated[
        float | None,
        Gt(0),
        Doc("TPP that the maker or the source states; wins over the derived figure", unit="TOPS x bits"),
    ] = None
    verification: Annotated[str, Doc("how far the figures were checked; low: never decides a determination")] = ""
    sources: Sources = field(default_factory=dict)

    @property
    def total_processing_performance(self) -> float | None:
        """TPP: the highest of TOPS x bit length over the precisions, dense; None where no figure is known.

        Source: Notes to ECCN 3A090, Supplement 1 to 15 CFR Part 774 (TPP = 2 x MacTOPS x bit length;
        a TOPS counts a multiply-accumulate as two operations, so the factor 2 is in it).
        """
        if self.stated_total_processing_performance is not None:
            return self.stated_total_processing_performance
        figures = ((self.bf16_tflops, 16), (self.fp8_tflops, 8), (self.fp4_tflops, 4))
        known = [tflops * bits for tflops, bits in figures if tflops is not None]
        return max(known, default=None)

    @property
    def performance_density(self) -> float | None:
        """PD: TPP over the logic die area in mm2; None where either is unknown. Source as for TPP."""
        performance = self.total_processing_performance
        if performance is None or self.die_area_mm2 is None:
            return None
        return performance / self.die_area_mm2
