"""Large JPEG files made from small photos, for measurements: enlarged crops with grain, all different.

Enlarging alone makes pictures without fine detail, whose files are a third of a camera's and are decoded sooner. Grain
of a few levels gives files of a camera's size.
"""

import random

import numpy as np
from PIL import Image

SIZE = (4000, 3000)
QUALITY = 90
GRAIN_LEVELS = 3.0


class Grain:
    """Noise of one picture's size, made once and shifted for every picture."""

    def __init__(self, size, seed):
        generator = np.random.Generator(np.random.PCG64(seed))
        self.levels = np.rint(GRAIN_LEVELS * generator.standard_normal((size[1], size[0], 1))).astype(np.int16)

    def over(self, picture, chooser):
        shift = (chooser.randrange(self.levels.shape[0]), chooser.randrange(self.levels.shape[1]))
        grainy = np.asarray(picture, np.int16) + np.roll(self.levels, shift, (0, 1))
        return Image.fromarray(np.clip(grainy, 0, 255).astype(np.uint8))


def enlarged_crop(photo, size, chooser):
    """At least half of `photo`, of the shape of `size`, scaled to it."""
    shape = min(photo.width / size[0], photo.height / size[1]) * chooser.uniform(0.71, 1.0)
    width, height = shape * size[0], shape * size[1]
    left, top = chooser.uniform(0, photo.width - width), chooser.uniform(0, photo.height - height)
    return photo.resize(size, Image.Resampling.BICUBIC, (left, top, left + width, top + height))


def write_large_photos(sources, folder, count, size=SIZE, seed=1):
    """Writes `count` JPEG files made of the photos `sources` in turn; returns their paths in order."""
    chooser, grain = random.Random(seed), Grain(size, seed)
    paths = []
    for i in range(count):
        with Image.open(sources[i % len(sources)]) as photo:
            picture = enlarged_crop(photo.convert("RGB"), size, chooser)
        paths.append(folder / f"{i:05d}.jpg")
        grain.over(picture, chooser).save(paths[-1], quality=QUALITY)
    return paths
