#!/usr/bin/env python3
"""Writes the pictures that nano's statements are calibrated with and measured on: trees of a folder per label.

    scripts/quality/statement_images.py --data ../shared/data --photos FOLDER --out FOLDER

From the validation parts and from drawn pictures: FOLDER/fit and FOLDER/measure, halves of no common picture, each with
`objects`, `scene`, `medium` and `mascots` (a folder for each label) and, for each of these sets, pictures that nothing of
the set fits in folders whose names begin with "none". FOLDER/background holds unsorted photos, drawings and patterns.
The same seed gives the same pictures.
"""

import argparse
import io
import random
import sys
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter, ImageFont

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "train"))

from image_sets import flickr8k_photos, read_rows
from label_sets import read_class_labels

SIDE = 64
DRAWN = 60  # pictures of each drawn kind in each half
WORDS = "the of invoice total page error file open settings user name date report value table next menu save print".split()


class Pictures:
    """The files of one data set, shuffled."""

    def __init__(self, data, name, rng):
        self.blob = (data / f"{name}.bin").read_bytes()
        self.rows = list(read_rows(data, name))
        rng.shuffle(self.rows)

    def take(self, count, wanted=lambda label: True):
        """(label, bytes) of the next `count` pictures whose label is wanted; each is handed out once."""
        taken = [row for row in self.rows if wanted(row[2])][:count]
        gone = set(taken)
        self.rows = [row for row in self.rows if row not in gone]
        return [(label, self.blob[offset : offset + size]) for offset, size, label in taken]


def noise(rng):
    kind = rng.randrange(3)
    values = rng.randbytes(SIDE * SIDE * 3)
    if kind == 0:
        return Image.frombytes("RGB", (SIDE, SIDE), values)
    if kind == 1:
        return Image.frombytes("L", (SIDE, SIDE), values[: SIDE * SIDE])
    small = Image.frombytes("RGB", (8, 8), values[:192])
    return small.resize((SIDE, SIDE), rng.choice([Image.NEAREST, Image.BICUBIC]))


def text(rng):
    """What a screenshot of text looks like: lines of words, dark on light or light on dark."""
    light, dark = rng.randrange(220, 256), rng.randrange(0, 60)
    ground, ink = (light, dark) if rng.random() < 0.7 else (dark, light)
    side = rng.choice([128, 192, 256])
    picture = Image.new("RGB", (side, side), (ground,) * 3)
    draw, font, y = ImageDraw.Draw(picture), ImageFont.load_default(), rng.randrange(2, 20)
    while y < side - 10:
        if rng.random() < 0.88:
            draw.text((rng.randrange(3, 24), y), " ".join(rng.choices(WORDS, k=rng.randrange(2, 9))), (ink,) * 3, font)
        y += rng.randrange(11, 18)
    return picture.resize((SIDE, SIDE), Image.BICUBIC)


def texture(rng):
    """Stripes, checks, dots and weaves in two colours."""
    colours = [tuple(rng.randrange(256) for _ in range(3)) for _ in range(2)]
    picture = Image.new("RGB", (SIDE * 2, SIDE * 2), colours[0])
    draw, kind, step = ImageDraw.Draw(picture), rng.randrange(4), rng.randrange(4, 24)
    for i in range(0, SIDE * 2, step):
        if kind in (0, 3):
            draw.rectangle([i, 0, i + step // 2, SIDE * 2], colours[1])
        if kind == 3:
            draw.rectangle([0, i, SIDE * 2, i + step // 3], colours[0])
        for j in range(0, SIDE * 2, step):
            if kind == 1 and (i // step + j // step) % 2:
                draw.rectangle([i, j, i + step - 1, j + step - 1], colours[1])
            if kind == 2:
                draw.ellipse([i, j, i + step // 2, j + step // 2], colours[1])
    return picture.rotate(rng.uniform(0, 90), Image.BICUBIC).crop((32, 32, 96, 96)).filter(ImageFilter.GaussianBlur(rng.random()))


def plain(rng):
    """One colour, or a gradient."""
    ends = [tuple(rng.randrange(256) for _ in range(3)) for _ in range(2)]
    ramp = Image.linear_gradient("L").resize((SIDE, SIDE)).rotate(90 * rng.randrange(4))
    return Image.composite(*(Image.new("RGB", (SIDE, SIDE), end) for end in ends), ramp) if rng.random() < 0.5 else Image.new("RGB", (SIDE, SIDE), ends[0])


DRAWERS = {"none-noise": noise, "none-text": text, "none-texture": texture, "none-plain": plain}


def png(picture):
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()


def on_photo(figure, photo, rng):
    """A figure with transparency, somewhere on a photo."""
    figure, photo = Image.open(io.BytesIO(figure)).convert("RGBA"), Image.open(io.BytesIO(photo)).convert("RGB").resize((96, 96))
    side = rng.randrange(48, 97)
    figure = figure.resize((side, side), Image.BICUBIC)
    photo.paste(figure, (rng.randint(0, 96 - side), rng.randint(0, 96 - side)), figure)
    return png(photo.resize((SIDE, SIDE), Image.BICUBIC))


def write(folder, pictures, suffix):
    folder.mkdir(parents=True, exist_ok=True)
    first = len(list(folder.iterdir()))
    for number, content in enumerate(pictures, first):
        (folder / f"{number:04}.{suffix}").write_bytes(content)


def write_labelled(folder, labelled, label_of):
    by_label = {}
    for label, content in labelled:
        by_label.setdefault(label_of(label), []).append(content)
    for label, contents in by_label.items():
        write(folder / label, contents, "webp")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--photos", type=Path, required=True, help="folder with Flickr8k's photos, IMAGE.jpg")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    sets = {
        name: Pictures(options.data, name, rng)
        for name in ("tiny-imagenet-val", "caltech101-val", "miniplaces-val", "pacs-val", "emoji", "mascots")
    }
    maps = {name: read_class_labels(name) for name in ("tiny-imagenet", "caltech101", "miniplaces", "pacs", "pacs-medium", "mascots")}
    held_out = {"fit": 4, "measure": 9}  # last digit of a mascot picture's number: of those never trained on
    for half in ("fit", "measure"):
        root = options.out / half
        write_labelled(root / "objects", sets["tiny-imagenet-val"].take(1400), lambda label: maps["tiny-imagenet"][label.split("/")[0]])
        caltech = sets["caltech101-val"].take(500)
        write_labelled(root / "objects", caltech, lambda label: maps["caltech101"][label.split("/")[0]])
        places = sets["miniplaces-val"].take(1200)
        write_labelled(root / "scene", places, lambda label: maps["miniplaces"][label.split("/")[0]])
        pacs = sets["pacs-val"].take(800)
        write_labelled(root / "medium", pacs, lambda label: maps["pacs-medium"][label.split("/")[0]])
        photos = [content for _, content in sets["tiny-imagenet-val"].take(250)]
        write(root / "medium" / "photo", photos, "webp")
        # Drawings show an object, and no place that a photo would.
        sketches = [content for label, content in pacs if label.startswith("sketch/")]
        write(root / "scene" / "none-sketch", sketches[:150], "webp")
        emoji = [on_photo(content, png(plain(rng)), rng) for _, content in sets["emoji"].take(150)]
        write(root / "scene" / "none-emoji", emoji, "png")
        write(root / "medium" / "emoji", emoji, "png")
        photos = [content for _, content in sets["miniplaces-val"].take(300)]
        for label, figure in sets["mascots"].take(100, lambda label: int(label.split("/")[1]) % 10 == held_out[half]):
            composites = [on_photo(figure, rng.choice(photos), rng) for _ in range(8)]
            write(root / "mascots" / maps["mascots"][label.split("/")[0]], composites, "png")
        write(root / "mascots" / "none-photo", photos, "webp")
        write(root / "mascots" / "none-drawing", [content for label, content in pacs if not label.startswith("photo/")][:200], "webp")
        write(root / "mascots" / "none-emoji", emoji, "png")
        for name, draw in DRAWERS.items():
            drawn = [png(draw(rng)) for _ in range(DRAWN)]
            for of_set in ("objects", "scene", "medium", "mascots"):
                write(root / of_set / name, drawn, "png")
    background = options.out / "background"
    dev = flickr8k_photos(options.data, options.photos, "dev")
    write(background, [path.read_bytes() for _, path in rng.sample(dev, 400)], "jpg")
    for name, count in (("tiny-imagenet-val", 200), ("caltech101-val", 100), ("miniplaces-val", 0), ("pacs-val", 100)):
        write(background, [content for _, content in sets[name].take(count)], "webp")
    write(background, [png(draw(rng)) for draw in DRAWERS.values() for _ in range(25)], "png")


if __name__ == "__main__":
    main()
