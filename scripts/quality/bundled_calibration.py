#!/usr/bin/env python3
"""Calibrates the sets of a bundled model, and measures them on every source: each calibrated without it, and with all.

    scripts/quality/bundled_calibration.py --truth FOLDER [--model lite] [--kiloword build/release/bin/kiloword] [--set objects]

FOLDER is what lite_truth.py or nano_truth.py wrote. The calibration of all sources goes to models/MODEL/calibration/MODEL.
The rows "left out" are of the sources that calibrate (`fit`), each measured under a calibration that has not seen it; the
others are of sources that never calibrate (`measure`). A statement is said where its confidence passes the set's threshold.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple


class Plan(NamedTuple):
    """Which sources a set is calibrated with and measured on, and the share of true statements that it is asked for."""

    true_share: float
    fit: tuple
    measure: tuple


NEEDED = {"figures-fit"}  # without it nothing of the set would be true of any picture
NO_FIGURE = ("flickr8k-test", "caltech101-val", "miniplaces-val", "pacs-val")
PLANS = {
    "lite": {
        "objects": Plan(
            0.95,
            ("caltech101-train", "pacs-train", "pacs-drawn-train", "flickr8k-dev", "imagen", "imagenette", "drawn-things",
             "miniplaces-train", "nothing", "shapes", "tilings", "surfaces"),
            ("caltech101-val", "pacs-val", "pacs-drawn-val", "flickr8k-test", "miniplaces-val"),
        ),
        "places": Plan(
            0.88,
            ("miniplaces-train", "flickr8k-dev", "imagenette", "nothing", "shapes", "drawings"),
            ("miniplaces-val", "flickr8k-test"),
        ),
        "medium": Plan(
            0.95,
            ("caltech101-train", "pacs-train", "flickr8k-dev", "imagen", "imagen-cut", "clipart", "emoji", "screenshot", "drawn", "nothing",
             "surfaces"),
            ("caltech101-val", "pacs-val", "flickr8k-test", "miniplaces-val"),
        ),
    },
    "nano": {
        "objects": Plan(
            0.9,
            ("imagen", "imagenette", "flickr8k-dev", "miniplaces-fit", "nothing"),
            ("caltech101-val", "pacs-val", "flickr8k-test", "miniplaces-val"),
        ),
        "scene": Plan(0.9, ("miniplaces-fit", "flickr8k-dev", "drawings", "nothing"), ("miniplaces-val", "flickr8k-test")),
        "medium": Plan(
            0.9,
            ("pacs-fit", "imagen", "flickr8k-dev", "emoji", "clipart", "nothing"),
            ("pacs-val", "caltech101-val", "flickr8k-test", "miniplaces-val"),
        ),
        "mascots": Plan(0.9, ("figures-fit", "flickr8k-dev", "imagen", "drawings", "nothing"), ("figures-val", *NO_FIGURE)),
    },
}  # fmt: skip


def photos_of(source):
    """The source of the photos; things cut out of them are no other one."""
    return source.removesuffix("-cut")


class Runner:
    def __init__(self, options, folder):
        self.options, self.folder = options, Path(folder)
        self.environment = {**os.environ, "XDG_DATA_HOME": str(self.folder)}

    def kiloword(self, *arguments):
        command = [self.options.kiloword, *arguments]
        return subprocess.run(command, check=True, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE).stdout

    def subject(self, category):
        return "--model", self.options.model, "--set", f"{self.options.model}/{category}"

    def calibrate(self, category, sources, output=()):
        listed = self.folder / "fit.tsv"
        listed.write_text("".join((self.options.truth / category / f"{source}.tsv").read_text() for source in sources))
        share = ("--true-share", self.options.true_share or str(PLANS[self.options.model][category].true_share))
        truth = ("--truth-list", str(listed), "--map", str(self.options.truth / f"{category}.map"))
        self.kiloword("calibrate", *self.subject(category), *share, *truth, *output)

    def row(self, category, source, note):
        truth = ("--list", str(self.options.truth / category / f"{source}.tsv"), "--map", str(self.options.truth / f"{category}.map"))
        found = json.loads(self.kiloword("eval", *self.subject(category), "--format", "json", *truth))
        said, images = found["said"], found["images"]
        true = f"{100 * found['said_true'] / said:.1f} %" if said else "-"
        leaves = f"{100 * (said - found.get('said_hypernyms', 0)) / said:.0f} %" if said else "-"
        print(f"| {source} | {note} | {images} | {100 * said / images:.1f} % | {true} | {leaves} | {found['min_confidence']:.2f} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--truth", type=Path, required=True)
    parser.add_argument("--kiloword", default="build/release/bin/kiloword")
    parser.add_argument("--model", choices=PLANS, default="lite")
    parser.add_argument("--set", nargs="+", help="default: all of the model's")
    parser.add_argument("--true-share", help="in place of each set's own")
    parser.add_argument("--no-left-out", action="store_true", help="only the calibration of all sources")
    options = parser.parse_args()
    plans = PLANS[options.model]
    for category in options.set or plans:
        print(f"\n{category}\n\n| source | | images | said | true | of these exact | threshold |\n|---|---|---|---|---|---|---|")
        with tempfile.TemporaryDirectory() as folder:
            runner = Runner(options, folder)
            for source in () if options.no_left_out else plans[category].fit:
                if source in NEEDED:
                    continue
                runner.calibrate(category, [other for other in plans[category].fit if photos_of(other) != photos_of(source)])
                runner.row(category, source, "left out")
        with tempfile.TemporaryDirectory() as folder:
            runner = Runner(options, folder)
            target = Path("models") / options.model / "calibration" / options.model / f"{category}.json"
            target.parent.mkdir(parents=True, exist_ok=True)
            runner.calibrate(category, plans[category].fit, ("-o", str(target)))
            for source in plans[category].measure:
                runner.row(category, source, "never seen")


if __name__ == "__main__":
    sys.exit(main())
