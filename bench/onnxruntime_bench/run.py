#!/usr/bin/env python3
"""Times a CLIP image tower in kiloword and in ONNX Runtime, in turn, on the same machine.

    scripts/make_random_checkpoint.py ViT-B/32 ViT-B-32 --tokenizer bpe_simple_vocab_16e6.txt.gz
    cmake --preset release && cmake --build --preset release
    bench/onnxruntime_bench/run.py --model ViT-B-32 --worker build/release/bin/kiloword_image_worker [--threads 2]

Exports the tower to ONNX and installs npm's onnxruntime-node in a temporary folder (--work keeps and reuses one). All
workers stay loaded; a round asks each of them once, in random order; medians over the rounds are printed. The first
embedding of every worker is compared with ONNX Runtime's. On a busy machine take --threads 1 and look at the processor
time: of several threads some burn it waiting.
"""
import argparse
import json
import math
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
REST_SECONDS = 0.1  # until the threads of the worker before have stopped waiting for work


class Worker:
    """A program that answers lines with JSON."""

    def __init__(self, command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.read()

    def read(self):
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"{self.process.args[0]} ended with {self.process.wait()}")
        return json.loads(line)

    def ask(self, question):
        self.process.stdin.write(question + "\n")
        self.process.stdin.flush()
        return self.read()


def prepare(options, work):
    """Exports the tower and installs ONNX Runtime, unless `work` has them; returns the tower."""
    tower = work / "tower.onnx"
    if not tower.exists():
        subprocess.run([options.python, HERE / "export_image_tower.py", options.model, tower], check=True)
    if not (work / "node_modules" / "onnxruntime-node").exists():
        # Its install script would download GPU libraries; those for the CPU are in the package.
        install = ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", work, "onnxruntime-node"]
        subprocess.run(install, check=True, stdout=subprocess.DEVNULL)
    return tower


def cosine(a, b):
    return sum(x * y for x, y in zip(a, b)) / math.sqrt(sum(x * x for x in a) * sum(y * y for y in b))


def measure(cases, rounds):
    """cases: name -> (worker, question); returns name -> (median seconds, median processor seconds, first embedding)."""
    seconds = {name: [] for name in cases}
    cpu_seconds = {name: [] for name in cases}
    embeddings = {}
    for turn in range(rounds + 1):
        for name in random.sample(list(cases), len(cases)):
            worker, question = cases[name]
            time.sleep(REST_SECONDS)
            answer = worker.ask(question)
            embeddings[name] = answer["embedding"]
            if turn > 0:  # the first is for warming up
                seconds[name].append(answer["seconds"])
                cpu_seconds[name].append(answer["cpu_seconds"])
        print(f"round {turn} of {rounds}", file=sys.stderr)
    median = statistics.median
    return {name: (median(seconds[name]), median(cpu_seconds[name]), embeddings[name]) for name in cases}


def report(results, counts, reference):
    print(f"{'':30} {'ms':>8} {'images/s':>9} {'times ORT':>9} {'CPU ms':>8} {'times ORT':>9} {'cosine':>9}")
    for name, (seconds, cpu_seconds, embedding) in results.items():
        base_seconds, base_cpu_seconds, base_embedding = results[reference.format(counts[name])]
        print(
            f"{name:30} {1000 * seconds:8.1f} {counts[name] / seconds:9.2f} {base_seconds / seconds:9.2f} "
            f"{1000 * cpu_seconds:8.1f} {base_cpu_seconds / cpu_seconds:9.2f} {cosine(embedding, base_embedding):9.6f}"
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True, type=Path)
    parser.add_argument("--worker", required=True, type=Path)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--work", type=Path, help="folder for ONNX Runtime and the exported tower")
    parser.add_argument("--python", default=sys.executable, help="a Python with PyTorch, for the export")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        work = (options.work or Path(temporary)).resolve()
        work.mkdir(parents=True, exist_ok=True)
        tower = prepare(options, work)
        side = json.loads((options.model / "config.json").read_text(encoding="utf-8"))["vision_config"]["image_size"]
        start = ["node", HERE / "onnxruntime_worker.js", work, tower, str(side), str(options.threads)]
        onnxruntime = Worker(start)
        cases, counts = {}, {}

        def add(name, count, worker, question):
            name = f"{name}, batch {count}"
            cases[name], counts[name] = (worker, question), count

        for count in (1, options.batch):
            add("ONNX Runtime fp32", count, onnxruntime, str(count))
        for precision in ("fp32", "int8"):
            command = [options.worker, "--model", options.model, "--threads", str(options.threads)]
            worker = Worker([*command, "--precision", precision])
            for count in (1, options.batch):
                add(f"kiloword {precision}", count, worker, f"{count} 1")
            if options.threads > 1:
                name = f"kiloword {precision}, {options.threads} workers"
                add(name, options.batch, worker, f"{options.batch} {options.threads}")
        report(measure(cases, options.rounds), counts, "ONNX Runtime fp32, batch {}")


if __name__ == "__main__":
    main()
