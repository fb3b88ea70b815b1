#!/usr/bin/env python3
"""Writes checksums of Pillow's resizing of synthetic pictures, for tests/image/preprocess_test.cpp.

usage: image_resize.py > tests/image/data/resize_pillow.txt

Made with Pillow 9.4.0 of Debian 12. A line a case: "resize IN_W IN_H OUT_W OUT_H CRC32" for
bicubic, "bilinear" likewise, or "crop IN_W IN_H S CRC32"
for torchvision's Resize(S, BICUBIC) on the shortest side followed by CenterCrop(S), spelled out with Pillow.
"""
import zlib

import numpy as np
from PIL import Image

RESIZES = [
    (1, 1, 1, 1), (1, 1, 5, 7), (2, 2, 3, 3), (3, 2, 224, 224), (7, 5, 7, 5), (7, 5, 7, 9), (7, 5, 3, 5), (16, 16, 8, 8),
    (17, 31, 5, 64), (100, 1, 10, 1), (1, 100, 1, 10), (100, 1, 33, 9), (640, 480, 224, 224), (640, 480, 298, 224),
    (480, 640, 224, 298), (224, 224, 224, 224), (223, 225, 224, 224), (1000, 3, 7, 3), (3, 1000, 3, 7),
    (2000, 2, 224, 224), (333, 777, 96, 41), (64, 64, 640, 3), (64, 64, 1, 1), (255, 257, 256, 256), (50, 40, 49, 41),
]
CROPS = [
    (640, 480, 224), (480, 640, 224), (224, 224, 224), (225, 224, 224), (227, 224, 224), (229, 224, 224),
    (224, 231, 224), (1, 1, 224), (1, 50, 32), (50, 1, 32), (3000, 10, 64), (10, 3000, 64), (65, 64, 64), (67, 64, 64),
    (100, 75, 31), (333, 777, 224), (800, 600, 336), (5, 4, 3), (1, 3, 2), (7, 3, 2),
]


def synthetic(width, height):
    """Pixel bytes in file order: a linear congruential generator's high bits, on a gradient, with a hard edge."""
    count = width * height * 3
    state = np.empty(count, np.uint32)
    value = width * 65537 + height
    for i in range(count):
        value = (value * 1664525 + 1013904223) & 0xFFFFFFFF
        state[i] = value
    i = np.arange(count)
    x = i // 3 % width
    pixels = np.where(x > width // 2, (state >> 24), (state >> 27) + i * 200 // count)
    return Image.frombytes("RGB", (width, height), pixels.astype(np.uint8).tobytes())


def fitted(picture, size):
    width, height = picture.size
    length = int(size * max(width, height) / min(width, height))
    picture = picture.resize((size, length) if width <= height else (length, size), Image.BICUBIC)
    left = int(round((picture.size[0] - size) / 2.0))
    top = int(round((picture.size[1] - size) / 2.0))
    return picture.crop((left, top, left + size, top + size))


def main():
    print(f"# Pillow {Image.__version__}: case, sizes, CRC-32 of RGB rows")
    for in_width, in_height, width, height in RESIZES:
        out = synthetic(in_width, in_height).resize((width, height), Image.BICUBIC)
        print(f"resize {in_width} {in_height} {width} {height} {zlib.crc32(out.tobytes()):08x}")
    for in_width, in_height, width, height in RESIZES:
        out = synthetic(in_width, in_height).resize((width, height), Image.BILINEAR)
        print(f"bilinear {in_width} {in_height} {width} {height} {zlib.crc32(out.tobytes()):08x}")
    for in_width, in_height, size in CROPS:
        out = fitted(synthetic(in_width, in_height), size)
        print(f"crop {in_width} {in_height} {size} {zlib.crc32(out.tobytes()):08x}")


if __name__ == "__main__":
    main()
