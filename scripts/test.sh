#!/usr/bin/env bash
# Sets up, builds and runs all tests. Arguments go to ctest, e.g. scripts/test.sh -R image
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/setup.sh test
cmake --preset dev
cmake --build --preset dev
ctest --preset dev --parallel "$(nproc)" "$@"
