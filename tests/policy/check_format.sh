#!/usr/bin/env bash
# check_format.sh CLANG_FORMAT SOURCE_DIR: fails when a C++ file is not formatted as .clang-format says.
set -euo pipefail
cd "$2"
find include src tests bench -name '*.cpp' -o -name '*.h' | sort | xargs "$1" --dry-run --Werror
