"""Finds pictures of mini-ImageNet that are also in Tiny-ImageNet's validation part: both are cut from ImageNet.

Compares small grey pictures. Writes CACHE/duplicates.txt, one name a line, which training leaves out.
"""

import argparse
from pathlib import Path

import numpy as np
from PIL import Image

from lite_photos import pictures

SIDE = 12
NEAR = 0.97  # correlation of the grey pictures; different photos of one class stay below 0.95
PARTS = 1000  # rows compared at once


def grey(image):
    """Centre square, small, grey, with mean 0 and length 1."""
    edge = min(image.size)
    left, top = (image.width - edge) // 2, (image.height - edge) // 2
    box = (left, top, left + edge, top + edge)
    small = np.asarray(image.convert("L").resize((SIDE, SIDE), Image.Resampling.BOX, box=box), np.float32).ravel()
    small -= small.mean()
    return small / max(np.linalg.norm(small), 1e-6)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--photos", type=Path, required=True, help="folder with the unpacked sets")
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--count", type=int, default=20000, help="the first pictures of mini-ImageNet")
    options = parser.parse_args()
    measured = np.stack([grey(load()) for _, load in pictures("tiny-imagenet-val", options.photos, options.data)])
    listed = pictures("mini-imagenet", options.photos, options.data)[: options.count]
    found = []
    for begin in range(0, len(listed), PARTS):
        part = listed[begin : begin + PARTS]
        nearest = (np.stack([grey(load()) for _, load in part]) @ measured.T).max(axis=1)
        found += [name for (name, _), value in zip(part, nearest) if value > NEAR]
    (options.cache / "duplicates.txt").write_text("".join(f"{name}\n" for name in found), encoding="utf-8")
    print(f"{len(found)} of {len(listed)} pictures left out")


if __name__ == "__main__":
    main()
