#!/usr/bin/env bash
# The slower checks: scripts/check.sh asan|tidy
set -euo pipefail
cd "$(dirname "$0")/.."

case "${1:-}" in
  asan)
    cmake --preset asan
    cmake --build --preset asan
    ctest --preset asan --parallel "$(nproc)" --exclude-regex '^(readme|clang_format)$' "${@:2}"
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
