#!/usr/bin/env python3
"""Times how long kiloword takes to load models, against reading their files, and how much memory it takes at most.

usage: load_bench.py --kiloword PROGRAM [--rounds 3] MODEL...

Each MODEL is a folder or a file of weights: GPT-2's by its config.json, CLIP's else. "cold": the files are dropped from
the page cache before each run, so that they come from the disk; "warm": they are in it. Reading and loading take
turns; times are medians. The program's own start (libtorch's libraries) is not part of a load, but is of the memory:
its peak with the bundled models alone is subtracted in the last column, which is then compared with the weights in
32-bit floats.
"""
import argparse
import json
import os
import re
import statistics
import subprocess
import time
from pathlib import Path


def weight_files(model):
    if model.is_file():
        return [model]
    return sorted(file for file in model.iterdir() if file.suffix in (".safetensors", ".bin", ".pt"))


def is_language_model(model):
    config = model / "config.json"
    return config.is_file() and json.loads(config.read_text())["model_type"] == "gpt2"


def evict(files):
    for file in files:
        with open(file, "rb") as opened:
            os.posix_fadvise(opened.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def read_seconds(files):
    start = time.perf_counter()
    for file in files:
        with open(file, "rb", buffering=0) as opened:
            while opened.read(1 << 22):
                pass
    return time.perf_counter() - start


def run(program, options):
    """Seconds that the load took by the program's own word, and its peak memory in bytes."""
    process = subprocess.Popen([program, "doctor", "-v", *options], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                               text=True)
    words = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"{program} doctor {' '.join(options)} failed: {words}")
    wanted = "loaded language model" if "--lm" in options else "loaded model"
    return float(re.search(wanted + r" .* in ([0-9.]+) s", words)[1]), usage.ru_maxrss * 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kiloword", required=True)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("models", nargs="+", type=Path)
    options = parser.parse_args()
    _, base = run(options.kiloword, ["--lm", "nano-lm"])
    print(f"with the bundled models alone: peak {base / 1e6:.0f} MB")
    for model in options.models:
        files = weight_files(model)
        size = sum(file.stat().st_size for file in files)
        load = ["--lm" if is_language_model(model) else "--model", str(model)]
        times = {name: [] for name in ("cold read", "cold load", "warm read", "warm load")}
        peaks = []
        for _ in range(options.rounds):
            for step in times:
                if step.startswith("cold"):
                    evict(files)
                if step.endswith("read"):
                    times[step].append(read_seconds(files))
                else:
                    seconds, peak = run(options.kiloword, load)
                    times[step].append(seconds)
                    peaks.append(peak)
        medians = {name: statistics.median(values) for name, values in times.items()}
        print(f"{model}: {size / 1e6:.0f} MB; " + ", ".join(f"{name} {value:.2f} s" for name, value in medians.items()) +
              f"; peak {max(peaks) / 1e6:.0f} MB, {(max(peaks) - base) / 1e6:.0f} MB more than the bundled models")


if __name__ == "__main__":
    main()
