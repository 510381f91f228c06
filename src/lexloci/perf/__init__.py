"""How long, how much energy, what cost, on which chips. It knows no law."""

from lexloci.perf.estimate import chips_needed, estimate
from lexloci.perf.job import ChipsNeeded, Infeasible, JobSpec
from lexloci.perf.table import measurement_tables

__all__ = ["ChipsNeeded", "Infeasible", "JobSpec", "chips_needed", "estimate", "measurement_tables"]
