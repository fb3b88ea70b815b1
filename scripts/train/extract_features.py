"""Runs every picture once through the locked EfficientNet-Lite tower and keeps the pooled features.

Writes CACHE/VIEW/SOURCE/CHUNK.npy, [pictures, features] f16, and CHUNK.txt with one name a line. A chunk that is there
is not made again, so that a run that was ended goes on where it stopped.
"""

import argparse
import os
import time
from pathlib import Path

import numpy as np
import openvino
import torch
from PIL import Image

from lite_photos import SOURCES, cut_out, pictures, random_of
from lite_tower import SIDES, default_weights, load_tower

CROP = 0.875  # the centre crop's share of the resized picture's shortest edge
MEAN, SCALE = 127.0, 128.0
CHUNK, BATCH = 1000, 8
PART_AREA = (0.5, 1.0)  # share of the picture that the view "part" shows


def centre(image, side):
    """Shortest edge to side / CROP (Pillow's bicubic), then the centre square."""
    edge = int(side / CROP)
    scale = edge / min(image.size)
    size = [max(edge, round(length * scale)) for length in image.size]
    image = image.resize(size, Image.Resampling.BICUBIC)
    left, top = round((image.width - side) / 2), round((image.height - side) / 2)  # half to even, as the reference
    return image.crop((left, top, left + side, top + side))


def part(image, side, rng):
    """A random part of the picture, mirrored: what the tower sees if the photographer stood elsewhere."""
    area, aspect = rng.uniform(*PART_AREA), np.exp(rng.uniform(-0.29, 0.29))
    width = min(image.width, round((image.width * image.height * area * aspect) ** 0.5))
    height = min(image.height, round((image.width * image.height * area / aspect) ** 0.5))
    left, top = rng.integers(image.width - width + 1), rng.integers(image.height - height + 1)
    box = (int(left), int(top), int(left + width), int(top + height))
    image = image.resize((side, side), Image.Resampling.BICUBIC, box=box)
    return image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)


class Tower:
    """The tower compiled for the processor."""

    def __init__(self, variant, weights, threads, precision):
        self.side = SIDES[variant]
        pooled = load_tower(variant, weights or default_weights(variant))
        example = torch.zeros(1, 3, self.side, self.side)
        model = openvino.convert_model(pooled, example_input=example, input=[(-1, 3, self.side, self.side)])
        settings = {"INFERENCE_NUM_THREADS": threads, "INFERENCE_PRECISION_HINT": precision}
        self.compiled = openvino.Core().compile_model(model, "CPU", settings)

    def features(self, squares):
        """Pillow images of the tower's side to pooled features [B, 1280]."""
        pixels = np.stack([np.asarray(square, np.float32) for square in squares])
        pixels = (pixels.transpose(0, 3, 1, 2) - MEAN) / SCALE
        return self.compiled(np.ascontiguousarray(pixels))[0]


def square_of(view, name, image, side):
    """What the tower sees of a picture in a view; None where nothing could be cut out (lite_cutouts.py)."""
    if view == "part":
        return part(image, side, random_of(name))
    if view == "cut":
        image = cut_out(name, image)
    return image and centre(image, side)


def extract(tower, listed, view, path):
    """Features of the pictures of one chunk; a picture that cannot be read is left out and named."""
    names, squares, rows = [], [], []

    def flush():
        if squares:
            rows.append(tower.features(squares))
            squares.clear()

    for name, load in listed:
        try:
            image = load()
        except (OSError, ValueError, Image.DecompressionBombError) as error:
            print(f"{name}: {error}", flush=True)
            continue
        square = square_of(view, name, image, tower.side)
        if square is None:
            continue
        squares.append(square)
        names.append(name)
        if len(squares) == BATCH:
            flush()
    flush()
    partial = path.with_suffix(".part.npy")
    np.save(partial, np.concatenate(rows).astype(np.float16))
    path.with_suffix(".txt").write_text("".join(f"{name}\n" for name in names), encoding="utf-8")
    os.replace(partial, path)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--photos", type=Path, required=True, help="folder with the unpacked sets")
    parser.add_argument("--cache", type=Path, required=True, help="folder for the features (3 kB a picture)")
    parser.add_argument("--variant", choices=SIDES, default="lite0")
    parser.add_argument("--weights", type=Path, help="the .pth; default: that of the installed package")
    parser.add_argument("--view", choices=("centre", "part", "cut"), default="centre")
    parser.add_argument("--sources", nargs="+", default=SOURCES, help="SOURCE or SOURCE:COUNT, the first COUNT pictures")
    parser.add_argument("--precision", choices=("f32", "bf16"), default="f32")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    tower = Tower(options.variant, options.weights, options.threads, options.precision)
    for item in options.sources:
        source, _, count = item.partition(":")
        folder = options.cache / f"{options.variant}-{options.view}" / source
        folder.mkdir(parents=True, exist_ok=True)
        listed = pictures(source, options.photos, options.data)[: int(count) if count else None]
        for begin in range(0, len(listed), CHUNK):
            path = folder / f"{begin // CHUNK:04}.npy"
            if path.exists():
                continue
            start = time.monotonic()
            extract(tower, listed[begin : begin + CHUNK], options.view, path)
            chunk = min(CHUNK, len(listed) - begin)
            print(f"{source} {begin + chunk}/{len(listed)}: {chunk / (time.monotonic() - start):.0f} a second", flush=True)


if __name__ == "__main__":
    main()
