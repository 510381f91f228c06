"""Party screening beside its peers, on one list and one set of names, in one run.

usage: python benchmarks/parties.py [--queries FILE] [--pairs FILE ...] [--quick] [--seed N] [--only NAME ...]

Without --queries the names are made (screening/make_queries.py tells how; the seed is printed). FILE of queries has the
columns id,query,label,expected_list,expected_name,cls,as_of,note; FILE of pairs name1,name2,is_match. The first
entry that a contestant names is right if it is of the expected party: of a row with the expected name on the
expected list, or of a row that shares a name with it. Figures: recall@1; recall at 5 % and at 1 % of false alarms (of
the names that nobody listed); recall of the candidates; names per CPU-second and per second in batch; one name at a
time; index; memory. Run in an environment with nomenklatura and pytickersymbols: `make bench-parties` makes it.
"""

# ruff: noqa: INP001, T201 - a script, which speaks by printing
from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / "build/bench-parties/venv/bin/python"
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tools"), str(ROOT)]

NOT_US = frozenset(("CN-AL", "CN-UEL", "CN-ECL", "JP-EUL"))  # asked only where the queries name them
TARGETS = (
    # of docs/explanation/screening.md: name, class or figure, least (or most) value
    ("recall at 1 % FPR, all", "all", 3, 0.93),
    ("recall@1, exact", "exact", 1, 1.0),
    ("recall@1, legal form", "legal form", 1, 1.0),
    ("recall@1, reorder", "reorder", 1, 1.0),
    ("recall@1, two typos", "two typos", 1, 0.90),
    ("recall@1, extra words", "extra words", 1, 0.90),
    ("recall@1, han", "han", 1, 0.80),
)


def main() -> None:
    """Measures each contestant in a process of its own and prints the tables."""
    options = _options()
    if find_spec("nomenklatura") is None and VENV.exists() and Path(sys.prefix).resolve() != VENV.parents[1].resolve():
        os.execv(str(VENV), [str(VENV), *sys.argv])  # noqa: S606 - the same script in the benchmark's environment
    from benchmarks.screening.make_queries import QueriesError, own_queries, read_queries, unlisted_names

    from lexloci.parties.lists import current_lists, listed_parties
    from lexloci.parties.printed import bilingual_rows

    bilingual = bilingual_rows(current_lists())
    parties = [party for party in listed_parties() if party.list_code not in NOT_US]
    if options.queries:
        try:
            queries = read_queries(options.queries)
        except QueriesError as error:
            sys.exit(str(error))
        asked = {query.expected_list for query in queries}
        kept = [party for party in listed_parties() if party.list_code not in NOT_US or party.list_code in asked]
        parties = kept
        print(f"{options.queries}: {len(queries)} queries on {len(kept)} parties; Chinese names are read as shipped")
        _tell_who_is_on_no_list(queries, kept)
    else:
        of_each = 40 if options.quick else 200
        queries, kept = own_queries(parties, unlisted_names(), options.seed, of_each)
        print(
            f"made with seed {options.seed}: {len(queries)} queries on {len(kept)} parties; held-out aliases taken off"
        )
    names = options.only or ["lexloci", "rapidfuzz", "nomenklatura"]
    if "nomenklatura" in names and find_spec("nomenklatura") is None:
        print("nomenklatura is not installed here: make bench-parties makes its environment; it is left out")
        names.remove("nomenklatura")
    print("moov-io/watchman is a Go program that no Python package installs: it is not run")
    results = {}
    for name in names:
        begin = time.perf_counter()
        with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
            results[name] = pool.submit(_measure, name, kept, queries, options.pairs, parties, bilingual).result()
        print(f"{name}: measured in {time.perf_counter() - begin:.0f} s", flush=True)
    _print(results)


def _tell_who_is_on_no_list(queries, parties) -> None:  # noqa: ANN001
    """Prints how many queries expect an entry that nobody can find."""
    from benchmarks.screening.measure import Families

    families = Families(parties)
    lost = [query for query in queries if query.label and not families.expected(query)]
    if lost:
        one = f"{lost[0].expected_list}:{lost[0].expected_name}"
        print(f"{len(lost)} queries expect an entry that is on no list here, such as {one}: each counts as missed")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--queries", type=Path)
    parser.add_argument("--pairs", type=Path, action="append", default=[])
    parser.add_argument("--quick", action="store_true", help="40 queries of each class in place of 200")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--only", action="append", choices=("lexloci", "rapidfuzz", "nomenklatura"))
    return parser.parse_args()


def _measure(name, parties, queries, pairs, whole, bilingual):  # noqa: ANN001, ANN202 - runs in the contestant's own process
    from benchmarks.screening.measure import measure

    return measure(name, parties, queries, pairs, whole, bilingual)


def _print(results) -> None:  # noqa: ANN001
    classes = list(dict.fromkeys(cls for one in results.values() for cls in one.by_class if cls != "all"))
    classes.append("all")
    for column, title in enumerate(("recall@1", "recall at 5 % FPR", "recall at 1 % FPR", "candidate recall"), 1):
        print(f"\n{title:22}{'n':>6}" + "".join(f"{name:>14}" for name in results))
        for cls in classes:
            rows = [one.by_class.get(cls) for one in results.values()]
            count = next((row[0] for row in rows if row), 0)
            print(f"{cls:22}{count:6}" + "".join(f"{row[column]:14.3f}" if row else f"{'-':>14}" for row in rows))
    print(f"\n{'':30}" + "".join(f"{name:>14}" for name in results))
    for title, figure in (
        ("names per CPU-second", "names_per_cpu_s"), ("names per second, one process", "names_per_s"),
        ("names per second, all cores", "names_per_s_on_all_cores"),
        ("one name, p50 ms", "p50_ms"), ("one name, p95 ms", "p95_ms"), ("index s", "index_s"),
        ("memory MB", "memory_mb"), ("daily change s", "change_s"),
    ):  # fmt: skip
        values = [getattr(one, figure) for one in results.values()]
        print(f"{title:30}" + "".join(f"{value:14.3f}" if value is not None else f"{'-':>14}" for value in values))
    for what in next(iter(results.values())).pairs:
        print(f"{what:46}" + "".join(f"{one.pairs[what]:10.3f}" for one in results.values()))
    if "lexloci" in results:
        _print_targets(results["lexloci"])


def _print_targets(one) -> None:  # noqa: ANN001
    print("\ntargets (of speed: on 2 quiet cores)")
    figures = [
        (title, one.by_class[cls][column], least) for title, cls, column, least in TARGETS if cls in one.by_class
    ]
    figures += [
        ("names per CPU-second x 2", 2 * one.names_per_cpu_s, 5000),
        (f"names per second, {len(os.sched_getaffinity(0))} cores", one.names_per_s_on_all_cores, 5000),
    ]
    for title, value, least in figures:
        print(f"{title:32}{value:10.3f}  target >= {least:<8} {'met' if value >= least else 'NOT MET'}")
    for title, value, most in (
        ("one name, p95 ms", one.p95_ms, 5), ("index s", one.index_s, 2), ("daily change s", one.change_s, 0.2),
        ("memory MB", one.memory_mb, 400),
    ):  # fmt: skip
        print(f"{title:32}{value:10.3f}  target <= {most:<8} {'met' if value <= most else 'NOT MET'}")
    for what, value in one.pairs.items():
        if "name_bench" in what and "as it says" in what:
            print(
                f"{'F1 of the name bench':32}{value:10.3f}  target >= 0.82     {'met' if value >= 0.82 else 'NOT MET'}"
            )


if __name__ == "__main__":
    main()
