#!/usr/bin/env bash
# The slower checks: scripts/check.sh asan|tidy
set -euo pipefail
cd "$(dirname "$0")/.."

case "${1:-}" in
  asan)
    cmake --preset asan
    cmake --build --preset asan
    # libtorch keeps its global state until the process ends; leaks of our own code show in the torch-free tests.
    LSAN_OPTIONS="suppressions=$PWD/tests/support/lsan.supp:print_suppressions=0" \
      ctest --preset asan --parallel "$(nproc)" "${@:2}"
    ;;
  tidy)
    cmake --preset tidy
    cmake --build --preset tidy
    ;;
  *)
    echo "usage: scripts/check.sh asan|tidy" >&2
    exit 2
    ;;
esac
