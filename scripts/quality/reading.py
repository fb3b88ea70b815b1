#!/usr/bin/env python3
"""Measures how well words in images are read: recall, precision, false text, time.

usage: reading.py IMAGES PHOTOS [--program kiloword] [--modes auto,always] [--rounds 3]

IMAGES is a folder of text_images.py with its truth.tsv; PHOTOS a folder of photos (Debian's opencv-doc), of which the
program reads a few that have words. The times are medians of `ms` of the records, with words read and without, on one
thread, in interleaved runs.
"""
import argparse
import collections
import glob
import json
import os
import re
import statistics
import subprocess


def records(program, files, mode):
    command = [program, "caption", "--format", "json", "--threads", "1", "--read-text", mode, "--read-text-ms", "20000",
               *files]
    output = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    return [record for record in map(json.loads, output.splitlines()) if record["status"] == "ok"]


def words_of(text):
    return collections.Counter(re.sub(r"[^a-z0-9 ]", " ", text.lower()).split())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("images")
    parser.add_argument("photos")
    parser.add_argument("--program", default="kiloword")
    parser.add_argument("--modes", default="auto,always")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    with open(os.path.join(arguments.images, "truth.tsv"), encoding="utf-8") as file:
        truth = {name: (kind, words_of(words)) for name, kind, words in
                 (line.rstrip("\n").split("\t") for line in file)}
    images = [os.path.join(arguments.images, name) for name in truth]
    photos = sorted(glob.glob(os.path.join(arguments.photos, "*.[jp][pn]g")))
    times = collections.defaultdict(list)
    for mode in arguments.modes.split(","):
        counts = collections.defaultdict(lambda: [0, 0, 0])
        for record in records(arguments.program, images, mode):
            kind, wanted = truth[os.path.basename(record["path"])]
            read = words_of(" ".join(line["line"] for line in record.get("text", [])))
            for index, number in enumerate((sum((read & wanted).values()), wanted.total(), read.total())):
                counts[kind][index] += number
        for kind, (right, wanted, read) in counts.items():
            print(f"{mode}: {kind}: recall {right / wanted:.3f}, precision {right / max(read, 1):.3f}")
        with_text = [record for record in records(arguments.program, photos, mode) if record.get("text")]
        print(f"{mode}: {len(with_text)} of {len(photos)} photos with text:")
        for record in with_text:
            print("   ", os.path.basename(record["path"]), [line["line"] for line in record["text"]][:2])
    for _ in range(arguments.rounds):
        for mode in ["off", *arguments.modes.split(",")]:
            for group, files in (("rendered", images), ("photos", photos)):
                times[group, mode] += [record["ms"] for record in records(arguments.program, files, mode)]
    for (group, mode), values in times.items():
        print(f"{group}, {mode}: median {statistics.median(values):.1f} ms, mean {statistics.mean(values):.1f} ms")


if __name__ == "__main__":
    main()
