#!/usr/bin/env python3
"""Kills runs of `kiloword batch` at random moments, resumes them, and checks that nothing is lost.

Lays out a folder of small images, some of them broken, and keeps killing (SIGKILL) and resuming a run over it. Every few
kills the run is left to end; then a third of the images get another time of modification, so that the next runs have
rows to make again and the output to rewrite. Half of the kills come at any moment, the others as soon as a
temporary file appears, that is, within the rewriting. Checked are, after each kill: every whole line is a row of
an image of the folder, and no row is gone that was there before and still holds; after each end: the output is
that of an uninterrupted run (without the times that images took), and no other file lies beside it. Every second round
makes two shards, which are merged.

    scripts/reliability/killed_runs.py build/release/bin/kiloword --kills 200
"""
import argparse
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import time

KILLS_PER_ROUND = 8


def make_images(folder, count):
    side = 16
    for number in range(count):
        path = folder / str(number % 7) / f"{number:05}.ppm"
        path.parent.mkdir(parents=True, exist_ok=True)
        pixels = bytes((i * (number % 97 + 1) + number * 31) % 251 for i in range(side * side * 3))
        path.write_bytes(b"broken" if number % 50 == 49 else b"P6 %d %d 255\n" % (side, side) + pixels)


def rows_of(path):
    """The rows of an output, without times taken; a torn end is left out."""
    rows = []
    for line in path.read_bytes().split(b"\n")[:-1] if path.exists() else []:
        row = json.loads(line)
        row.pop("ms", None)
        rows.append(row)
    return rows


def stamp(path):
    status = os.stat(path)
    return [status.st_size, status.st_mtime_ns]


class Trial:
    def __init__(self, arguments, folder):
        self.program = arguments.program
        self.rng = random.Random(arguments.seed)
        self.folder = folder
        self.images = folder / "images"
        self.out = folder / "out"
        self.out.mkdir()
        make_images(self.images, arguments.images)
        self.faults = []
        self.kills = self.in_rewriting = self.rounds = 0
        self.run_seconds = 1.0

    def command(self, output, shard, *more):
        return [self.program, "batch", "-q", "--model", "nano", "--threads", "1", str(self.images), "-o", str(output), "--shard", shard, *more]

    def run_to_end(self, output, shard):
        start = time.monotonic()
        code = subprocess.run(self.command(output, shard, "--resume"), stderr=subprocess.DEVNULL).returncode
        self.run_seconds = time.monotonic() - start
        if code != 1:  # some images are broken
            self.faults.append(f"a resumed run ended with exit code {code}")

    def kill_once(self, output, shard):
        before = {row["path"]: row for row in rows_of(output)}
        process = subprocess.Popen(self.command(output, shard, "--resume"), stderr=subprocess.DEVNULL)
        end = time.monotonic() + self.rng.uniform(0, 1.1 * self.run_seconds)
        wait_for_rewriting = self.rng.random() < 0.5
        while process.poll() is None:
            if wait_for_rewriting and any(self.out.glob("*.kiloword-*")):
                time.sleep(self.rng.uniform(0, 0.004))
                break
            if not wait_for_rewriting and time.monotonic() >= end:
                break
            time.sleep(0.0005)
        process.kill()
        if process.wait() >= 0:
            return  # it was faster
        self.kills += 1
        self.in_rewriting += wait_for_rewriting
        self.check_after_kill(output, before)

    def check_after_kill(self, output, before):
        rows = rows_of(output)
        self.faults += [f"foreign row {row['path']}" for row in rows if not os.path.exists(row["path"])]
        there = {row["path"]: row for row in rows}
        for path, row in before.items():
            if path not in there:
                self.faults.append(f"the row of {path} is gone")

    def touch_some(self):
        for path in sorted(self.images.glob("*/*.ppm")):
            if self.rng.random() < 1 / 3:
                when = self.rng.randrange(1_500_000_000, 1_700_000_000)
                os.utime(path, (when, when))

    def compare(self, output, shard, *more):
        fresh = self.folder / "fresh.jsonl"
        subprocess.run(self.command(fresh, shard, "--overwrite"), stderr=subprocess.DEVNULL)
        (self.folder / "fresh.jsonl.done").unlink(missing_ok=True)
        if rows_of(output) != rows_of(fresh):
            self.faults.append(f"{output.name} is not what an uninterrupted run makes")

    def round(self, kills):
        self.rounds += 1
        shards = ["1/2", "2/2"] if self.rounds % 2 == 0 else ["1/1"]
        outputs = [self.out / f"{shard.replace('/', '-of-')}.jsonl" for shard in shards]
        wanted = self.kills + kills
        while self.kills < wanted:
            which = self.rng.randrange(len(shards))
            if self.rng.random() < 0.2:  # there is something to rewrite only where a run has ended
                self.run_to_end(outputs[which], shards[which])
                self.touch_some()
            self.kill_once(outputs[which], shards[which])
        for output, shard in zip(outputs, shards):
            self.run_to_end(output, shard)
            self.compare(output, shard)
        if len(shards) > 1:
            merged = self.out / "merged.jsonl"
            code = subprocess.run([self.program, "merge", "-q", *map(str, outputs), "-o", str(merged)]).returncode
            if code != 1:
                self.faults.append(f"merge ended with exit code {code}")
            self.compare(merged, "1/1")
        expected = {path.name for path in outputs} | ({f"{path.name}.done" for path in outputs} if len(shards) > 1 else set())
        left = {path.name for path in self.out.iterdir()} - expected - {"merged.jsonl"}
        self.faults += [f"left behind: {name}" for name in sorted(left)]
        for path in self.out.iterdir():
            path.unlink()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program", help="the kiloword to try")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--images", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        trial = Trial(arguments, pathlib.Path(name))
        while trial.kills < arguments.kills:
            trial.round(min(KILLS_PER_ROUND, arguments.kills - trial.kills))
    for fault in trial.faults:
        print(fault, file=sys.stderr)
    print(
        f"{trial.kills} runs killed over {arguments.images} images, {trial.in_rewriting} of them while the output was "
        f"rewritten, in {trial.rounds} rounds, seed {arguments.seed}: {len(trial.faults)} faults"
    )
    return 1 if trial.faults else 0


if __name__ == "__main__":
    sys.exit(main())
