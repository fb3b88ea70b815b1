#!/usr/bin/env python3
"""Runs every command of two builds of kiloword in turn and compares time and peak memory.

    bench/builds.py --before OLD/bin/kiloword --after NEW/bin/kiloword --model ViT-B-32 [--rounds 5] [--only batch embed]

--model is a folder of scripts/make_random_checkpoint.py ViT-B/32; the commands that write texts use nano and nano-lm,
which every build carries. Whole processes are timed, with label embeddings made before. Options that an older build does
not know (reading text, grounding) are switched off in the newer one, so that both do the same work. Prints the medians,
the ratio of times (below 1: the newer build is quicker) and peak memory of both.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

LABELS = "dog cat horse bird butterfly flower tree mountain beach river city street house church bridge car bus train".split()
NANO = ("--model", "nano")


def measured(command, environment):
    """Runs a command to its end; returns (seconds, peak megabytes of it and of what it started)."""
    start = time.monotonic()
    child = subprocess.Popen([str(part) for part in command], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    message = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        sys.exit(f"{' '.join(str(part) for part in command)}: exit {child.returncode}\n{message.decode()}")
    return time.monotonic() - start, usage.ru_maxrss / 1000


class Build:
    """One program, with a cache and a place for outputs of its own."""

    def __init__(self, program, folder):
        self.program = program
        self.folder = folder
        folder.mkdir()
        self.environment = {**os.environ, "XDG_CACHE_HOME": str(folder / "cache"), "XDG_DATA_HOME": str(folder / "data")}
        self.knows = subprocess.run([program, "caption", "--help"], stdout=subprocess.PIPE, text=True, check=True).stdout

    def newer(self, *options):
        """`options` where this build knows them."""
        return options if "--read-text" in self.knows else ()

    def run(self, *arguments):
        return measured([self.program, *arguments], self.environment)


def commands(options, photos, folder):
    """Name -> function of a build that runs the command once."""
    labels = folder / "labels.txt"
    labels.write_text("\n".join(["category: objects", "statement: This is {a} {label}.", "match: a photo of {a} {label}", "---", *LABELS]) + "\n")
    classes = folder / "classes"
    truth = folder / "classes.map"  # half of the labels are true of each class: about half of the best labels are right
    truth.write_text("".join(f"{LABELS[i]}\t{'|'.join(LABELS[i::2])}\n" for i in range(2)))
    many = [str(path) for path in photos]
    for number, path in enumerate(photos):
        (classes / LABELS[number % 2]).mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, classes / LABELS[number % 2] / path.name)
    model = ("--model", options.model)
    sets = ("--labels", labels)
    texts = [part for label in LABELS for part in ("--text", f"a photo of a {label}")]
    off = ("--read-text", "off")

    def batch(build, *more):
        return build.run("batch", "-q", classes, "-o", build.folder / "records.jsonl", "--overwrite", *sets, *more)

    return {
        "caption, one photo, nano": lambda build: build.run("caption", "-q", *NANO, *build.newer(*off), many[0]),
        f"caption, {len(many)} photos": lambda build: build.run("caption", "-q", *model, *sets, *build.newer(*off), *many),
        f"batch, {len(many)} photos": lambda build: batch(build, *model),
        f"batch, {len(many)} photos, int8": lambda build: batch(build, *model, "--precision", "int8"),
        f"batch, {len(many)} photos, bf16": lambda build: batch(build, *model, "--precision", "bf16"),
        f"batch, {len(many)} photos, nano": lambda build: batch(build, *NANO),
        "describe, 8 photos, nano": lambda build: build.run("describe", "-q", *NANO, *build.newer("--ground", "off"), *many[:8]),
        f"score, {len(many)} photos": lambda build: build.run("score", "-q", *model, *texts, *many),
        f"embed, {len(many)} photos": lambda build: build.run("embed", "-q", *model, *many),
        f"embed, {len(texts) // 2} texts": lambda build: build.run("embed", "-q", *model, *texts),
        f"eval, {len(many)} photos": lambda build: build.run("eval", "-q", *model, "--set", labels, "--map", truth, classes),
        f"calibrate, {len(many)} photos": lambda build: build.run(
            *("calibrate", "-q", *model, "--set", labels, "--map", truth, "--truth", classes, "-o", build.folder / "calibration.json")
        ),
        f"report, {len(many)} records": lambda build: build.run(
            *("report", "-q", build.folder / "records.jsonl", "-o", build.folder / "report.html", "--overwrite")
        ),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--before", type=Path, required=True)
    parser.add_argument("--after", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--photos", type=Path, default=Path("/usr/share/doc/opencv-doc/examples/data"))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", nargs="+", default=[""], help="commands whose names begin so")
    options = parser.parse_args()
    photos = sorted(options.photos.glob("*.jpg"))
    if not photos:
        sys.exit(f"no .jpg in {options.photos}")
    print("| command | before, s | after, s | ratio | before, MB | after, MB |\n|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        builds = [Build(options.before, folder / "before"), Build(options.after, folder / "after")]
        for command, run in commands(options, photos, folder).items():
            if not command.startswith(tuple(options.only)):
                continue
            for build in builds:
                run(build)  # fills caches
            seconds, megabytes = ([], []), ([], [])
            for _ in range(options.rounds):
                for number, build in enumerate(builds):
                    taken, peak = run(build)
                    seconds[number].append(taken)
                    megabytes[number].append(peak)
            before, after = (statistics.median(values) for values in seconds)
            peaks = [statistics.median(values) for values in megabytes]
            print(f"| {command} | {before:.2f} | {after:.2f} | {after / before:.2f} | {peaks[0]:.0f} | {peaks[1]:.0f} |", flush=True)


if __name__ == "__main__":
    main()
