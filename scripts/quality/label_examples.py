#!/usr/bin/env python3
"""Measures labels by example: what a few pictures do for a label whose name says nothing, or one that the model knows.

    scripts/quality/label_examples.py --data ../shared/data --photos FOLDER [--kiloword build/release/bin/kiloword]

The set is nano/objects. Some of its labels, drawn anew for each draw, are the subject; with `neutral` names ("thing one")
the text gives nothing. They get 1, 2, 4 and 8 pictures of Tiny-ImageNet's validation part, with photos of Flickr8k's dev
part as background; measured are the other pictures, of the subjects and of other labels. Needs the packs
`tiny-imagenet-val` and `flickr8k` that scripts/train/README.md describes.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "scripts" / "train"))

from image_sets import flickr8k_photos, read_rows
from label_sets import read_class_labels

NUMBERS = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen".split()
STEPS = (0, 1, 2, 4, 8)
BACKGROUND = 800
OTHERS = 4  # pictures of each other class


def pictures_by_class(data):
    label_of = read_class_labels("tiny-imagenet")
    blob = (data / "tiny-imagenet-val.bin").read_bytes()
    classes = {}
    for offset, size, name in read_rows(data, "tiny-imagenet-val"):
        classes.setdefault(label_of[name.split("/")[0]], []).append(blob[offset : offset + size])
    return classes


def write_all(folder, pictures):
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{number:04}.webp" for number in range(len(pictures))]
    for path, picture in zip(paths, pictures):
        path.write_bytes(picture)
    return [str(path) for path in paths]


def write_set(path, renamed):
    """nano/objects with other names for the labels in `renamed`."""
    lines = (ROOT / "labels/nano/objects.txt").read_text(encoding="utf-8").splitlines()
    start = lines.index("---") + 1
    labels = []
    for line in lines[start:]:
        name = line.split(" | ")[0].strip()
        labels.append(renamed[name] if renamed.get(name, name) != name else line)
    path.write_text("\n".join(lines[:start] + labels) + "\n", encoding="utf-8")


class Draw:
    """One draw of subjects and pictures in a folder with a data folder of its own."""

    def __init__(self, options, classes, photos, number, neutral, scratch):
        rng = random.Random(number)
        self.kiloword, self.scratch = options.kiloword, scratch
        self.environment = {**os.environ, "XDG_DATA_HOME": str(scratch / "data"), "XDG_CACHE_HOME": str(scratch / "cache")}
        subjects = rng.sample(sorted(name for name, of_class in classes.items() if len(of_class) >= 2 * STEPS[-1]), options.labels)
        renamed = {name: f"thing {NUMBERS[i]}" if neutral else name for i, name in enumerate(subjects)}
        self.names, self.set, self.examples = sorted(renamed.values()), scratch / "set.txt", {}
        write_set(self.set, renamed)
        write_all(scratch / "background", rng.sample(photos, min(BACKGROUND, len(photos))))
        for name, of_class in classes.items():
            shuffled = rng.sample(of_class, len(of_class))
            if name in renamed:
                self.examples[renamed[name]] = write_all(scratch / "examples" / name, shuffled[: STEPS[-1]])
                write_all(scratch / "measure" / renamed[name], shuffled[STEPS[-1] :])
            else:
                write_all(scratch / "measure" / name, shuffled[:OTHERS])

    def run(self, *arguments):
        command = [self.kiloword, *map(str, arguments)]
        return subprocess.run(command, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)

    def grow(self, first, last):
        for name, paths in self.examples.items():
            background = ["--background", self.scratch / "background"] if first == 0 else []
            self.run("labels", "add-example", self.set, name, *paths[first:last], *background)

    def measure(self):
        """Shares: subjects' pictures that are right, others' that are right, others' that are taken for a subject."""
        details = self.scratch / "details.jsonl"
        self.run("eval", "--set", self.set, self.scratch / "measure", "--details", details)
        rows = [json.loads(line) for line in details.read_text(encoding="utf-8").splitlines()]
        of_subjects = [row for row in rows if row["class"] in self.names]
        others = [row for row in rows if row["class"] not in self.names]
        right = lambda some: sum(row["label"] == row["class"] for row in some) / len(some)
        return right(of_subjects), right(others), sum(row["label"] in self.names for row in others) / len(others)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--photos", type=Path, required=True, help="folder with Flickr8k's photos, IMAGE.jpg")
    parser.add_argument("--kiloword", default=str(ROOT / "build/release/bin/kiloword"))
    parser.add_argument("--labels", type=int, default=10, choices=range(1, len(NUMBERS) + 1), metavar="N", help="subjects (%(default)s)")
    parser.add_argument("--draws", type=int, default=3, help="draws of subjects and pictures (%(default)s)")
    options = parser.parse_args()
    classes = pictures_by_class(options.data)
    photos = [path.read_bytes() for _, path in flickr8k_photos(options.data, options.photos, "dev")]
    print("names    examples  right   others right   others taken for a subject")
    for neutral in (True, False):
        sums = {count: [0.0, 0.0, 0.0] for count in STEPS}
        for number in range(options.draws):
            with tempfile.TemporaryDirectory() as scratch:
                draw = Draw(options, classes, photos, number, neutral, Path(scratch))
                for before, count in zip((0,) + STEPS, STEPS):
                    if count:
                        draw.grow(before, count)
                    sums[count] = [total + share for total, share in zip(sums[count], draw.measure())]
        for count in STEPS:
            right, others, taken = (total / options.draws for total in sums[count])
            print(f"{'neutral' if neutral else 'known':9}{count:7}{right:8.1%}{others:14.1%}{taken:14.1%}", flush=True)


if __name__ == "__main__":
    main()
