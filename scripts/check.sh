#!/usr/bin/env bash
# The slower checks: scripts/check.sh asan|tidy|fuzz|slurm
#   asan [CTEST ARGUMENT...]  the tests under the address and undefined-behaviour sanitizers
#   tidy                      clang-tidy over every source file
#   slurm                     a job array on a real Slurm on this machine, a node of it killed (needs root)
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
  slurm)
    scripts/setup.sh slurm
    cmake --preset release
    cmake --build --preset release --target kiloword
    images=$(mktemp -d)
    trap 'rm -rf "$images"' EXIT
    photos=$(scripts/sample_photos.sh)
    for copy in $(seq 40); do
      mkdir "$images/$copy"
      cp "$photos"/*.jpg "$images/$copy"
    done
    scripts/slurm/test_on_one_machine.sh build/release/bin/kiloword "$images"
    ;;
  *)
    echo "usage: scripts/check.sh asan|tidy|fuzz|slurm" >&2
    exit 2
    ;;
esac
