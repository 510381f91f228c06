"""Parts of the benchmark of estimates; ``benchmarks/perf.py`` is its door."""
