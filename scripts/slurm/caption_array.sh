#!/usr/bin/env bash
# A Slurm job array that captions many images, one shard a task:
#
#   sbatch --array=1-8 scripts/slurm/caption_array.sh OUTPUT-FOLDER INPUT... [OPTION...]
#   kiloword merge OUTPUT-FOLDER/shard-*.jsonl -o captions.jsonl        # when all have ended
#
# The number of shards is that of tasks, and is kept in OUTPUT-FOLDER/shards: a later job over some of them, such as
# --array=2,5, does these again and leaves the others alone. KILOWORD_SHARDS gives the number where the first job is
# to do only some of them.
#
# Inputs and options are those of `kiloword batch`; folders must be visible under the same path on every node.
# A task that is requeued, because its node failed or its time was up, goes on where it was. Images that cannot
# be read have their error rows and do not fail the task.
#SBATCH --job-name=kiloword
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --signal=TERM@60
set -euo pipefail
[ $# -ge 2 ] || { echo "usage: sbatch --array=1-N $0 OUTPUT-FOLDER INPUT... [OPTION...]" >&2; exit 2; }

output=$1
shift
mkdir -p "$output"
tasks=0
if [ "${SLURM_ARRAY_TASK_MIN:-1}" = 1 ] && [ "${SLURM_ARRAY_TASK_MAX:-$SLURM_ARRAY_TASK_COUNT}" = "$SLURM_ARRAY_TASK_COUNT" ]; then
  tasks=$SLURM_ARRAY_TASK_COUNT  # 1-N
fi
if [ ! -e "$output/shards" ]; then
  shards=${KILOWORD_SHARDS:-$tasks}
  [ "$shards" != 0 ] || { echo "some tasks only: give the number of all shards as KILOWORD_SHARDS" >&2; exit 2; }
  echo "$shards" > "$output/.shards-$SLURM_ARRAY_TASK_ID"
  # The first task to get here decides, in one step.
  ln "$output/.shards-$SLURM_ARRAY_TASK_ID" "$output/shards" 2> /dev/null || [ -e "$output/shards" ]
  rm "$output/.shards-$SLURM_ARRAY_TASK_ID"
fi
shards=$(cat "$output/shards")
if [ "${KILOWORD_SHARDS:-$shards}" != "$shards" ]; then
  echo "$output has $shards shards, not $KILOWORD_SHARDS: use another folder" >&2
  exit 2
fi
if [ "$SLURM_ARRAY_TASK_ID" -gt "$shards" ]; then
  echo "$output has $shards shards, and no shard $SLURM_ARRAY_TASK_ID: use another folder for more" >&2
  exit 2
fi
status=0
srun --ntasks=1 "${KILOWORD:-kiloword}" batch "$@" --shard "$SLURM_ARRAY_TASK_ID/$shards" \
  -o "$output/shard-$SLURM_ARRAY_TASK_ID.jsonl" --resume --errors-ok --threads "${SLURM_CPUS_PER_TASK:-1}" || status=$?
requeue() { exec scontrol requeue "${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID"; }
case $status in
  0) exit 0 ;;
  130) requeue ;;  # the time was up
esac
# Killed, for want of memory or with its node: that may go better elsewhere, but not for ever.
if [ "$status" -gt 128 ] && [ "${SLURM_RESTART_COUNT:-0}" -lt 3 ]; then requeue; fi
exit "$status"
