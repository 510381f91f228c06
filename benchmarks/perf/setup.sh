#!/usr/bin/env bash
# Makes the environments of the benchmark's peers under build/bench-perf, one each: they ask for different versions of
# the same libraries. lexloci itself runs in .venv.
set -euo pipefail
cd "$(dirname "$0")/../.."

python=${PYTHON:-python3}

# peer FOLDER MODULE PIP-ARGUMENT...: nothing where the module can be imported already.
peer() {
    local folder=build/bench-perf/$1 module=$2
    shift 2
    if "$folder/bin/python" -c "import $module" 2>/dev/null; then return; fi
    "$python" -m venv --clear "$folder"
    "$folder/bin/python" -m pip install --quiet --disable-pip-version-check "$@"
}

# llm-analysis asks for transformers, which it needs only to fetch models by name: the rows bring their own.
peer venv llm_analysis --no-deps -r benchmarks/perf/requirements.txt
peer aiconfigurator aiconfigurator -r benchmarks/perf/requirements-aiconfigurator.txt
