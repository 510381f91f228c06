#!/usr/bin/env bash
# Makes the environment of the benchmark, build/bench-law/venv: the peers in exact versions, and lexloci, editable.
set -euo pipefail
cd "$(dirname "$0")/../.."

folder=build/bench-law/venv
python=${PYTHON:-python3}

if ! [ -x "$folder/bin/python" ] || ! "$folder/bin/python" -c '' 2>/dev/null; then
    "$python" -m venv --clear "$folder"
fi
"$folder/bin/python" -m pip install --quiet --disable-pip-version-check -r benchmarks/law/requirements.txt
"$folder/bin/python" -m pip install --quiet --disable-pip-version-check --editable .
