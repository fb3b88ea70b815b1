#!/usr/bin/env python3
"""Writes checksums of what the image processors of today's libraries make of synthetic pictures, for
tests/image/preprocess_test.cpp.

usage: image_fit.py > tests/image/data/fit_references.txt

References: the Pillow back end of transformers' CLIPImageProcessor without its last two steps, and the first two steps of
OpenCLIP's image_transform. A line a case: reference, filter, mode, W, H, S, margin, CRC-32 of RGB rows.
"""
import sys
import zlib
from pathlib import Path

import numpy as np
import open_clip
import PIL
import transformers
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

sys.path.insert(0, str(Path(__file__).parent))
from image_resize import synthetic  # noqa: E402

FILTERS = {"lanczos": 1, "bilinear": 2, "bicubic": 3, "box": 4, "hamming": 5}
SIZES = [(90, 50, 32), (50, 91, 32), (65, 64, 32), (31, 77, 64), (333, 222, 63), (3, 40, 24), (200, 7, 24), (64, 64, 64), (57, 32, 32)]


def hugging_face(picture, number, mode, size, margin):
    edge = size + margin
    target = {"shortest_edge": edge} if mode == "shortest" else {"height": edge, "width": edge}
    processor = CLIPImageProcessorPil(size=target, crop_size={"height": size, "width": size}, resample=number, do_rescale=False,
                                      do_normalize=False)
    return processor(images=picture, return_tensors="np")["pixel_values"][0].transpose(1, 2, 0).astype(np.uint8)


def by_open_clip(picture, name, mode, size):
    steps = open_clip.image_transform(size, is_train=False, interpolation=name, resize_mode="squash" if mode == "stretch" else mode).transforms
    for step in steps[:1 if mode == "stretch" else 2]:
        picture = step(picture)
    return np.asarray(picture)


def main():
    print(f"# transformers {transformers.__version__}, OpenCLIP {open_clip.__version__}, Pillow {PIL.__version__}")

    def line(reference, name, mode, width, height, size, margin, pixels):
        assert pixels.shape == (size, size, 3)
        print(f"{reference} {name} {mode} {width} {height} {size} {margin} {zlib.crc32(pixels.tobytes()):08x}")
    for width, height, size in SIZES:
        picture = synthetic(width, height)
        for name, number in FILTERS.items():
            line("transformers", name, "shortest", width, height, size, 0, hugging_face(picture, number, "shortest", size, 0))
        for mode, margin in (("shortest", 5), ("stretch", 5), ("stretch", 0)):
            line("transformers", "bicubic", mode, width, height, size, margin, hugging_face(picture, 3, mode, size, margin))
        for mode in ("shortest", "longest", "stretch"):
            line("open_clip", "bicubic", mode, width, height, size, 0, by_open_clip(picture, "bicubic", mode, size))
        line("open_clip", "bilinear", "longest", width, height, size, 0, by_open_clip(picture, "bilinear", "longest", size))


if __name__ == "__main__":
    main()
