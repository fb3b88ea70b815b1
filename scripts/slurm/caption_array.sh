#!/usr/bin/env bash
# A Slurm job array that captions many images, one shard a task:
#
#   sbatch --array=1-8 scripts/slurm/caption_array.sh OUTPUT-FOLDER INPUT... [OPTION...]
#   kiloword merge OUTPUT-FOLDER/shard-*.jsonl -o captions.jsonl        # when all have ended
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
status=0
srun --ntasks=1 "${KILOWORD:-kiloword}" batch "$@" --shard "$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT" \
  -o "$output/shard-$SLURM_ARRAY_TASK_ID.jsonl" --resume --threads "${SLURM_CPUS_PER_TASK:-1}" || status=$?
requeue() { exec scontrol requeue "${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID"; }
case $status in
  0 | 1) exit 0 ;;  # 1: some images failed
  130) requeue ;;   # the time was up
esac
# Killed, for want of memory or with its node: that may go better elsewhere, but not for ever.
if [ "$status" -gt 128 ] && [ "${SLURM_RESTART_COUNT:-0}" -lt 3 ]; then requeue; fi
exit "$status"
