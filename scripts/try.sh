#!/usr/bin/env bash
# Sets up, builds and captions: the images given as arguments, or a few sample photos.
set -euo pipefail
here=$(dirname "$0")

"$here/setup.sh" build
(
  cd "$here/.."
  mkdir -p build
  if ! { cmake --preset release &&
         cmake --build --preset release --target kiloword kiloword_library; } > build/try.log 2>&1; then
    cat build/try.log >&2
    exit 1
  fi
)
kiloword=$here/../build/release/bin/kiloword

if [ $# -gt 0 ]; then
  exec "$kiloword" caption "$@"
fi
photos=$("$here/sample_photos.sh")
for name in home.jpg fruits.jpg butterfly.jpg building.jpg starry_night.jpg orange.jpg; do
  echo "$name"
  "$kiloword" caption "$photos/$name"
done
