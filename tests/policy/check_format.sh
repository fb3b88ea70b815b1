#!/usr/bin/env bash
# check_format.sh CLANG_FORMAT SOURCE_DIR: fails when a C++ file is not formatted as .clang-format says; skipped for
# another version than 14, which would format otherwise.
set -euo pipefail
cd "$2"
if ! "$1" --version 2> /dev/null | grep -q 'version 14\.'; then
  echo "skipped: no clang-format 14"
  exit 77
fi
find include src tests bench -name '*.cpp' -o -name '*.h' | sort | xargs "$1" --dry-run --Werror
