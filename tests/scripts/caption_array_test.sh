#!/usr/bin/env bash
# Checks without a Slurm what number of shards caption_array.sh hands to kiloword: srun and kiloword are stubs.
#   caption_array_test.sh SOURCE-FOLDER
set -euo pipefail
script=$1/scripts/slurm/caption_array.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin"
printf '#!/bin/sh\nshift\nexec "$@"\n' > "$work/bin/srun"
# Prints the I/N of --shard I/N.
printf '#!/bin/sh\nwhile [ "$1" != --shard ]; do shift; done\necho "$2"\n' > "$work/bin/kiloword"
chmod +x "$work/bin/srun" "$work/bin/kiloword"

task() {  # OUTPUT ID MIN MAX COUNT: what the script prints, or "exit CODE"
  env PATH="$work/bin:$PATH" KILOWORD="$work/bin/kiloword" SLURM_ARRAY_TASK_ID="$2" SLURM_ARRAY_TASK_MIN="$3" \
    SLURM_ARRAY_TASK_MAX="$4" SLURM_ARRAY_TASK_COUNT="$5" "$script" "$work/$1" photos 2> /dev/null || echo "exit $?"
}
expect() {
  [ "$1" = "$2" ] || { echo "expected '$1', got '$2'" >&2; exit 1; }
}

expect 1/4 "$(task out 1 1 4 4)"
expect 4/4 "$(task out 4 1 4 4)"
expect 1/4 "$(task out 1 1 2 2)"  # --array=1-2 over a run of four
expect 3/4 "$(task out 3 2 3 2)"  # --array=2,3
expect "exit 2" "$(task out 5 1 8 8)"
expect "exit 2" "$(KILOWORD_SHARDS=8 task out 1 1 4 4)"
expect "exit 2" "$(task partial 2 2 3 2)"  # of how many?
expect 2/9 "$(KILOWORD_SHARDS=9 task partial 2 2 3 2)"
expect 7/9 "$(task partial 7 7 7 1)"
expect "4 $work/out/shards 9 $work/partial/shards" "$(cd "$work" && for o in out partial; do printf '%s %s ' "$(cat "$o/shards")" "$work/$o/shards"; done | sed 's/ $//')"
expect "" "$(find "$work/out" "$work/partial" -name '.*shards*')"
