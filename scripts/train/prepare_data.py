"""Decodes every image once into uint8 arrays, so that training does not wait for image decoding.

Writes CACHE/NAME.npy, [images, side, side, 3] (or 4 channels, premultiplied alpha), and CACHE/NAME.labels.txt.
"""

import argparse
import io
from pathlib import Path

import numpy as np
from PIL import Image

from image_sets import read_rows

# Side of the stored squares: the source's own size, or a little more than the model's 64 pixels.
OPAQUE = {
    "tiny-imagenet-train": 64,
    "tiny-imagenet-val": 64,
    "miniplaces-train": 64,
    "miniplaces-val": 64,
    "flickr8k": 80,
    "pacs-train": 72,
    "pacs-val": 72,
    "caltech101-train": 72,
    "caltech101-val": 72,
}
TRANSPARENT = {"emoji": 72, "mascots": 64}


def centre_square(image, side):
    """Shortest edge to `side` (Pillow's bicubic), then the centre square."""
    width, height = image.size
    scale = side / min(width, height)
    image = image.resize((max(side, round(width * scale)), max(side, round(height * scale))), Image.Resampling.BICUBIC)
    left, top = (image.width - side) // 2, (image.height - side) // 2
    return image.crop((left, top, left + side, top + side))


def padded_square(image, side):
    """Longest edge to `side`, centred on a transparent square, colours premultiplied by alpha."""
    scale = side / max(image.size)
    size = [max(1, round(edge * scale)) for edge in image.size]
    image = image.convert("RGBa").resize(size, Image.Resampling.BILINEAR)
    pixels = np.zeros((side, side, 4), np.uint8)
    top, left = (side - image.height) // 2, (side - image.width) // 2
    raw = np.frombuffer(image.tobytes(), np.uint8).reshape(image.height, image.width, 4)
    pixels[top : top + image.height, left : left + image.width] = raw
    return pixels


def decode_set(data, cache, name, side, transparent):
    blob = (data / f"{name}.bin").read_bytes()
    rows = list(read_rows(data, name))
    channels = 4 if transparent else 3
    array = np.lib.format.open_memmap(cache / f"{name}.npy", "w+", np.uint8, (len(rows), side, side, channels))
    for index, (offset, size, _) in enumerate(rows):
        image = Image.open(io.BytesIO(blob[offset : offset + size]))
        if transparent:
            array[index] = padded_square(image.convert("RGBA"), side)
        else:
            array[index] = np.asarray(centre_square(image.convert("RGB"), side))
    array.flush()
    labels = "".join(f"{label}\n" for _, _, label in rows)
    (cache / f"{name}.labels.txt").write_text(labels, encoding="utf-8")
    print(f"{name}: {len(rows)} images")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder with NAME.bin and NAME.tsv")
    parser.add_argument("--cache", type=Path, required=True, help="folder to write the arrays to (2 GB)")
    options = parser.parse_args()
    options.cache.mkdir(parents=True, exist_ok=True)
    for sides, transparent in ((OPAQUE, False), (TRANSPARENT, True)):
        for name, side in sides.items():
            decode_set(options.data, options.cache, name, side, transparent)


if __name__ == "__main__":
    main()
