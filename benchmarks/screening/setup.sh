#!/usr/bin/env bash
# Makes the environment of the benchmark, build/bench-parties/venv: the peers in exact versions, and lexloci, editable.
set -euo pipefail
cd "$(dirname "$0")/../.."

folder=build/bench-parties/venv
python=${PYTHON:-python3}

if ! [ -x "$folder/bin/python" ] || ! "$folder/bin/python" -c 'import nomenklatura, pytickersymbols, lexloci' 2>/dev/null; then
    "$python" -m venv --clear "$folder"
    "$folder/bin/python" -m pip install --quiet --disable-pip-version-check -r benchmarks/screening/requirements.txt
    "$folder/bin/python" -m pip install --quiet --disable-pip-version-check --editable .
fi
