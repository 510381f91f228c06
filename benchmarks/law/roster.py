"""Who takes part, in which form, and what its answer to a single decision tells beside the outcome."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

OURS = "lexloci"
_PEERS = "benchmarks.law.peers"
_FIRED = "rules that fired"
_ALL = "rules, facts, near misses, both layers, what is missing, levers"


@dataclass(frozen=True)
class Contestant:
    """One engine in one form. ``tells`` is empty where the single answer is the outcome alone.

    ``shows_why``: beside the outcome it shows how it came about, by a trace or by the policies that decided; a list of
    the rules that fired is none of these. ``tells_all`` is False where the rules that it names are not all that fired.
    ``most_rules`` is the largest rulebook on which it is asked. Forms of one engine share ``engine``: the fastest
    counts.
    """

    engine: str
    name: str
    module: str
    tells: str = ""
    shows_why: bool = False
    tells_all: bool = True
    most_rules: int = 960

    @property
    def is_ours(self) -> bool:
        """Whether it is this engine."""
        return self.engine.startswith(OURS)


SINGLE = (
    Contestant("lexloci", "lexloci explain", f"{_PEERS}.lexloci_engine", _ALL, shows_why=True),
    Contestant(
        "lexloci decide", "lexloci decide, in words", f"{_PEERS}.lexloci_engine", f"{_ALL}, in words", shows_why=True
    ),
    Contestant("lexloci reference", "lexloci reference", f"{_PEERS}.lexloci_engine", _ALL, shows_why=True),
    Contestant("CEL", "CEL, a bit a rule", f"{_PEERS}.cel_expressions", _FIRED),
    Contestant("CEL", "CEL, an expression a rule", f"{_PEERS}.cel_expressions", _FIRED),
    Contestant("Rego", "Rego (regorus), compiled", f"{_PEERS}.rego_rules", _FIRED),
    Contestant("Rego", "Rego (regorus)", f"{_PEERS}.rego_rules", _FIRED),
    Contestant(
        "zen-engine", "zen-engine table, with trace", f"{_PEERS}.zen_table", "trace of the table", shows_why=True
    ),
    Contestant(
        "Cedar", "Cedar (cedarpy)", f"{_PEERS}.cedar_policies", "policies that decided", shows_why=True, tells_all=False
    ),
    Contestant(
        "OpenFisca-core",
        "OpenFisca-core, with trace",
        f"{_PEERS}.openfisca_formulas",
        "trace of variables",
        shows_why=True,
    ),
    Contestant("CEL", "CEL, outcome alone", f"{_PEERS}.cel_expressions"),
    Contestant("zen-engine", "zen-engine table", f"{_PEERS}.zen_table", _FIRED),
    Contestant("NumPy", "NumPy chunked masks", f"{_PEERS}.numpy_masks", most_rules=32),
    Contestant("Polars", "Polars", f"{_PEERS}.polars_chain", most_rules=32),
    Contestant("DuckDB", "DuckDB CASE", f"{_PEERS}.duckdb_case", most_rules=32),
)

VECTOR = (
    Contestant("lexloci NumPy", "lexloci NumPy", f"{_PEERS}.lexloci_engine"),
    Contestant("lexloci Numba", "lexloci Numba", f"{_PEERS}.lexloci_engine"),
    Contestant("Polars", "Polars chain, streaming", f"{_PEERS}.polars_chain"),
    Contestant("Polars", "Polars chain, in memory", f"{_PEERS}.polars_chain"),
    Contestant("Polars", "Polars highest, streaming", f"{_PEERS}.polars_chain", most_rules=32),
    Contestant("NumPy", "NumPy chunked masks", f"{_PEERS}.numpy_masks"),
    Contestant("OpenFisca-core", "OpenFisca-core", f"{_PEERS}.openfisca_formulas"),
    Contestant("DuckDB", "DuckDB CASE", f"{_PEERS}.duckdb_case", most_rules=320),
)


def asked_about(contestants: Sequence[Contestant], rules: int) -> list[Contestant]:
    """Those that are asked on a rulebook of that size."""
    return [one for one in contestants if rules <= one.most_rules]
