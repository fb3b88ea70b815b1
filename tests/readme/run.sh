#!/usr/bin/env bash
# run.sh PYTHON: checks README.md and the pages of docs/ that hold commands for the sample photos; skipped where the sample photos or the image tower of the default model cannot be had.
set -euo pipefail
cd "$(dirname "$0")/../.."

photos=$(scripts/sample_photos.sh) || { echo "skipped: no sample photos"; exit 77; }
[ -f towers/efficientnet-lite0/efficientnet-lite0.pth ] || { echo "skipped: no image tower, which scripts/setup.sh fetches"; exit 77; }
exec "$1" tests/readme/check_readme.py README.md docs/{cli,install,labels,guided,batch,search}.md --photos "$photos"
