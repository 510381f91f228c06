#!/bin/sh
# Installs SkyPilot into an environment of its own, build/bench-plan/venv; nothing is done where it is there.
set -eu
cd "$(dirname "$0")/../.."
[ -x build/bench-plan/venv/bin/sky ] && exit 0
python3 -m venv build/bench-plan/venv
build/bench-plan/venv/bin/python -m pip install -q skypilot==0.14.1
