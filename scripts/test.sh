#!/usr/bin/env bash
# Sets up, builds what users run (as scripts/try.sh does) and runs all tests on it. Arguments go to ctest, e.g. scripts/test.sh -R image
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/setup.sh test
cmake --preset test
cmake --build --preset test
ctest --preset test --parallel "$(nproc)" "$@"
