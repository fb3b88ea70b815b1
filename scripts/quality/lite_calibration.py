#!/usr/bin/env python3
"""Calibrates lite's sets, and measures them on every source: one row each, calibrated without that source and with all.

    scripts/quality/lite_calibration.py --truth FOLDER [--kiloword build/release/bin/kiloword] [--set objects]

FOLDER is what lite_truth.py wrote. The calibration of all sources goes to models/lite/calibration/lite/SET.json. The rows
"left out" are of the sources that calibrate (FIT), each measured under a calibration that has not seen it; the others are of
sources that never calibrate (MEASURE). A statement is said where its confidence passes the set's threshold.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

FIT = {
    "objects": ("caltech101-train", "pacs-train", "flickr8k-dev", "imagen", "imagenette", "miniplaces-train", "nothing", "shapes"),
    "places": ("miniplaces-train", "flickr8k-dev", "imagenette", "nothing", "shapes", "drawings"),
    "medium": ("caltech101-train", "pacs-train", "flickr8k-dev", "imagen", "clipart", "emoji", "screenshot", "drawn", "nothing"),
}
MEASURE = {
    "objects": ("caltech101-val", "pacs-val", "flickr8k-test", "miniplaces-val"),
    "places": ("miniplaces-val", "flickr8k-test"),
    "medium": ("caltech101-val", "pacs-val", "flickr8k-test", "miniplaces-val"),
}
TRUE_SHARE = {"objects": "0.95", "places": "0.88", "medium": "0.95"}


class Runner:
    def __init__(self, options, folder):
        self.options, self.folder = options, Path(folder)
        self.environment = {**os.environ, "XDG_DATA_HOME": str(self.folder)}

    def kiloword(self, *arguments):
        command = [self.options.kiloword, *arguments]
        return subprocess.run(command, check=True, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE).stdout

    def calibrate(self, category, sources, output=()):
        listed = self.folder / "fit.tsv"
        listed.write_text("".join((self.options.truth / category / f"{source}.tsv").read_text() for source in sources))
        share = ("--true-share", self.options.true_share or TRUE_SHARE[category])
        truth = ("--truth-list", str(listed), "--map", str(self.options.truth / f"{category}.map"))
        self.kiloword("calibrate", "--model", "lite", "--set", f"lite/{category}", *share, *truth, *output)

    def row(self, category, source, note):
        truth = ("--list", str(self.options.truth / category / f"{source}.tsv"), "--map", str(self.options.truth / f"{category}.map"))
        found = json.loads(self.kiloword("eval", "--model", "lite", "--set", f"lite/{category}", "--format", "json", *truth))
        said, images = found["said"], found["images"]
        true = f"{100 * found['said_true'] / said:.1f} %" if said else "-"
        leaves = f"{100 * (said - found.get('said_hypernyms', 0)) / said:.0f} %" if said else "-"
        print(f"| {source} | {note} | {images} | {100 * said / images:.1f} % | {true} | {leaves} | {found['min_confidence']:.2f} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--truth", type=Path, required=True)
    parser.add_argument("--kiloword", default="build/release/bin/kiloword")
    parser.add_argument("--model", type=Path, default=Path("models/lite"))
    parser.add_argument("--set", choices=FIT, nargs="+", default=list(FIT))
    parser.add_argument("--true-share", help="in place of each set's own")
    parser.add_argument("--no-left-out", action="store_true", help="only the calibration of all sources")
    options = parser.parse_args()
    for category in options.set:
        print(f"\n{category}\n\n| source | | images | said | true | of these exact | threshold |\n|---|---|---|---|---|---|---|")
        with tempfile.TemporaryDirectory() as folder:
            runner = Runner(options, folder)
            for source in () if options.no_left_out else FIT[category]:
                runner.calibrate(category, [other for other in FIT[category] if other != source])
                runner.row(category, source, "left out")
        with tempfile.TemporaryDirectory() as folder:
            runner = Runner(options, folder)
            target = options.model / "calibration" / "lite" / f"{category}.json"
            target.parent.mkdir(parents=True, exist_ok=True)
            runner.calibrate(category, FIT[category], ("-o", str(target)))
            for source in MEASURE[category]:
                runner.row(category, source, "never seen")


if __name__ == "__main__":
    sys.exit(main())
