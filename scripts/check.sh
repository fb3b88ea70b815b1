#!/usr/bin/env bash
# The slower checks: scripts/check.sh asan|tidy|fuzz
#   asan [CTEST ARGUMENT...]  the tests under the address and undefined-behaviour sanitizers
#   tidy                      clang-tidy over every source file
#   fuzz [SECONDS]            each fuzz target for so long, 60 seconds unless told; what is new goes to build/fuzz/found
set -euo pipefail
cd "$(dirname "$0")/.."

case "${1:-}" in
  asan)
    scripts/setup.sh test
    cmake --preset asan
    cmake --build --preset asan
    ctest --preset asan --parallel "$(nproc)" --exclude-regex '^(readme|clang_format)$' "${@:2}"
    ;;
  tidy)
    scripts/setup.sh check
    cmake --preset tidy
    cmake --build --preset tidy
    ;;
  fuzz)
    scripts/setup.sh check
    cmake --preset fuzz
    for corpus in tests/fuzz/corpus/*; do
      name=$(basename "$corpus")
      cmake --build --preset fuzz --target "${name}_fuzz"
      mkdir -p "build/fuzz/found/$name"
      "build/fuzz/bin/${name}_fuzz" -max_total_time="${2:-60}" -artifact_prefix="build/fuzz/$name-" \
        "build/fuzz/found/$name" "$corpus"
    done
    ;;
  *)
    echo "usage: scripts/check.sh asan|tidy|fuzz" >&2
    exit 2
    ;;
esac
