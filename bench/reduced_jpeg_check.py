#!/usr/bin/env python3
"""Measures what decoding large JPEGs at a fraction of their size does to embeddings: cosine with those of `--exact`.

    bench/reduced_jpeg_check.py --kiloword build/release/bin/kiloword --photos "$(scripts/sample_photos.sh)" --model nano

Two kinds of pictures: every photo enlarged to 12 megapixels, and, with --shortest N, every photo that is larger scaled
down to a shortest side of N pixels, so that it has all the detail it can have. The exit code is 1 when a cosine is below
--least.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image

from large_photos import QUALITY, write_large_photos


def write_scaled(sources, folder, shortest):
    """Writes the photos larger than `shortest` scaled down to that shortest side."""
    paths = []
    for source in sources:
        with Image.open(source) as photo:
            scale = shortest / min(photo.size)
            if scale > 1:
                continue
            size = tuple(round(side * scale) for side in photo.size)
            paths.append(folder / (source.stem + ".jpg"))
            photo.convert("RGB").resize(size, Image.Resampling.LANCZOS).save(paths[-1], quality=QUALITY)
    return paths


def embeddings(program, model, paths, folder, extra):
    file = folder / "embeddings.npy"
    subprocess.run([program, "embed", "--model", model, "--npy", file, *extra, "--", *paths], check=True)
    return np.load(file)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kiloword", type=Path, required=True)
    parser.add_argument("--photos", type=Path, required=True, help="a folder of JPEG files")
    parser.add_argument("--model", nargs="+", default=["nano"])
    parser.add_argument("--shortest", type=int, nargs="+", default=[])
    parser.add_argument("--least", type=float, default=0.999)
    options = parser.parse_args()
    sources = sorted(options.photos.glob("*.jpg"))
    if not sources:
        raise SystemExit(f"no .jpg files in {options.photos}")
    good = True
    for shortest in [None, *options.shortest]:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            if shortest is None:
                paths, kind = write_large_photos(sources, folder, len(sources)), "enlarged to 12 megapixels"
            else:
                paths, kind = write_scaled(sources, folder, shortest), f"scaled to a shortest side of {shortest}"
            for model in options.model:
                run = (options.kiloword, model, paths, folder)
                cosines = (embeddings(*run, []) * embeddings(*run, ["--exact"])).sum(1)
                print(
                    f"{Path(model).name}: {len(cosines)} photos {kind}: cosine with exact decoding at least"
                    f" {cosines.min():.6f}, median {np.median(cosines):.6f}",
                    flush=True,
                )
                good = good and cosines.min() >= options.least
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
