#!/usr/bin/env bash
# Tries caption_array.sh on a real Slurm with one controller and two nodes, all on this machine: a node is killed in
# the middle, its tasks are requeued, and the merged output must equal that of a single run. Needs root (Slurm
# starts jobs for others) and a built kiloword; touches no Slurm that is configured already.
#   scripts/slurm/test_on_one_machine.sh KILOWORD FOLDER-OF-IMAGES
set -euo pipefail
kiloword=$(realpath "$1")
images=$(realpath "$2")
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
export SLURM_CONF=$work/slurm.conf KILOWORD=$kiloword XDG_CACHE_HOME=$work/cache
host=$(hostname -s)
started=()

stop_all() {
  for pid in "${started[@]}"; do
    disown "$pid" 2> /dev/null || true
    kill -9 "$pid" 2> /dev/null || true
  done
  rm -rf "$work"
}
trap stop_all EXIT

start() {  # runs a daemon in the foreground of the background, so that its id is known
  "$@" > "$work/$(basename "$1")-${#started[@]}.log" 2>&1 &
  started+=($!)
}

parents_called() {  # NAME PID...: ids of the processes of that name that started the given ones
  local name=$1 pid parent
  shift
  for pid in "$@"; do
    parent=$(ps -o ppid= -p "$pid" | tr -d ' ')
    if [ "$(ps -o comm= -p "${parent:-0}")" = "$name" ]; then echo "$parent"; fi
  done | sort -u
}

mkdir -p "$work"/{state,spool1,spool2,munge}
chmod 711 "$work"
# munged refuses folders that others may write, and /tmp is one.
head -c 128 /dev/urandom > "$work/munge/key"
chmod 700 "$work/munge" && chmod 600 "$work/munge/key"
start munged --foreground --force --key-file="$work/munge/key" --socket="$work/munge.socket" \
  --pid-file="$work/munge/pid" --log-file="$work/munge/log" --seed-file="$work/munge/seed"
cat > "$SLURM_CONF" <<CONF
ClusterName=test
SlurmctldHost=$host
AuthType=auth/munge
AuthInfo=socket=$work/munge.socket
SlurmUser=root
SlurmdUser=root
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool-%n
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd-%n.pid
SlurmctldPort=26817
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
ReturnToService=2
SlurmdTimeout=5
SlurmctldTimeout=5
InactiveLimit=0
KillWait=2
MinJobAge=600
MpiDefault=none
NodeName=n1 NodeHostname=$host Port=27001 CPUs=1 State=UNKNOWN
NodeName=n2 NodeHostname=$host Port=27002 CPUs=1 State=UNKNOWN
PartitionName=all Nodes=n1,n2 Default=YES MaxTime=INFINITE State=UP
CONF
start slurmctld -D
start slurmd -D -N n1
start slurmd -D -N n2
second_node=$!
for _ in $(seq 60); do
  [ "$(sinfo -h -N -t idle -o %N 2> /dev/null | wc -l)" = 2 ] && break
  sleep 1
done
sinfo -N -l

"$kiloword" batch -q "$images" -o "$work/single.jsonl" || [ $? = 1 ]
job=$(sbatch --parsable --array=1-4 --output="$work/task-%a.log" "$here/caption_array.sh" "$work/out" "$images")
echo "submitted job $job"
shard='' task=''
for _ in $(seq 300); do  # until a task on the second node has written some rows
  read -r shard task < <(squeue -h -t R -o '%K %A' -w n2 | head -1) || true
  [ -n "$shard" ] && [ -s "$work/out/shard-$shard.jsonl" ] && break
  sleep 0.1
done
# As a machine that fails: its daemon, the daemon of the task's step, and what that runs are gone, in this order.
step_pids=$(scontrol listpids "$task" n2 | awk 'NR > 1 && $1 > 1 { print $1 }')
[ -n "$step_pids" ] || { echo "the task on n2 has no processes" >&2; exit 1; }
step_daemons=$(parents_called slurmstepd $step_pids)
disown "$second_node"
kill -9 "$second_node"
kill -9 $step_daemons
kill -9 $step_pids 2> /dev/null || true  # some may have ended with their daemon
echo "killed node n2 with shard $shard (job $task) at $(wc -l < "$work/out/shard-$shard.jsonl") rows"
for _ in $(seq 120); do
  sinfo -h -N -n n2 -o %T | grep -q down && break
  sleep 1
done
sinfo -N
start slurmd -D -N n2
for _ in $(seq 600); do
  [ -z "$(squeue -h)" ] && break
  sleep 1
done
scontrol show job "$job" | grep -E "ArrayTaskId=|JobState|Restarts" || true
restarts=$(scontrol show job "$job" | grep -o "Restarts=[1-9]" | wc -l)
[ "$restarts" -ge 1 ] || { echo "no task was requeued" >&2; exit 1; }

"$kiloword" merge "$work"/out/shard-*.jsonl -o "$work/merged.jsonl" || [ $? = 1 ]
without_time() { python3 -c '
import json, sys
for line in sys.stdin:
    row = json.loads(line)
    row.pop("ms", None)
    print(json.dumps(row))'; }
cmp <(without_time < "$work/single.jsonl") <(without_time < "$work/merged.jsonl")
echo "$(wc -l < "$work/merged.jsonl") rows, equal to a single run; $restarts task(s) requeued"
