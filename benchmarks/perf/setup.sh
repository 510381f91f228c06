#!/usr/bin/env bash
# Makes the environment of the benchmark's peers, build/bench-perf/venv. lexloci itself runs in .venv.
set -euo pipefail
cd "$(dirname "$0")/../.."

folder=build/bench-perf/venv
python=${PYTHON:-python3}

if ! [ -x "$folder/bin/python" ] || ! "$folder/bin/python" -c '' 2>/dev/null; then
    "$python" -m venv --clear "$folder"
fi
# llm-analysis asks for transformers, which it needs only to fetch models by name: the rows bring their own.
"$folder/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps -r benchmarks/perf/requirements.txt
