#!/usr/bin/env python3
"""Draws pictures on which nothing is: noise, falls of colour, stripes, checks, tilings, text. Says what is said of them.

    scripts/quality/empty_pictures.py --out FOLDER [--each 30] [--seed 7]
    scripts/quality/empty_pictures.py --out FOLDER --kiloword build/release/bin/kiloword [--model lite]

The first line writes FOLDER/KIND/NUMBER.png. The second measures too: a row for each kind, with the share of its pictures
of which an object, a place or a medium is said by default. A page of text is a document, so that its medium is no fault.
None of these functions drew anything that a model or a calibration has learned from (patterns.py, lite_drawings.py and
lite_truth.py did), and seeds of lite_truth.py's pictures of this kind are others.
"""

import argparse
import json
import os
import subprocess
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

SIDES = (160, 240, 320, 480, 640)
FONTS = Path("/usr/share/fonts/truetype")
LETTERS = "etaoinshrdlucmfwypvbgk"


def colour(rng, low=0, high=256):
    return rng.integers(low, high, 3)


def two_colours(rng):
    """Two that can be told apart; a third of all pairs are grey."""
    while True:
        pair = np.repeat(rng.integers(0, 256, (2, 1)), 3, axis=1) if rng.random() < 0.33 else rng.integers(0, 256, (2, 3))
        if np.abs(pair[0] - pair[1]).sum() > 90:
            return pair


def mixed(share, pair):
    """Share [H, W] of the second colour to pixels."""
    return pair[0] + np.clip(share, 0, 1)[..., None] * (pair[1] - pair[0])


def grid(side):
    return np.mgrid[0:side, 0:side] / side


def smooth(side, cells, rng):
    """Values in 0..1 that change over side / cells pixels, [side, side]."""
    small = Image.fromarray(rng.integers(0, 256, (cells, cells), dtype=np.uint8))
    return np.asarray(small.resize((side, side), Image.Resampling.BICUBIC), float) / 255


def white_noise(side, rng):
    channels = int(rng.choice([1, 3]))
    values = rng.normal(rng.uniform(60, 200), rng.uniform(20, 100), (side, side, channels))
    return np.repeat(values, 3 // channels, axis=2)


def speckle(side, rng):
    pair = two_colours(rng)
    return mixed(rng.random((side, side)) < rng.uniform(0.02, 0.5), pair)


def coarse_noise(side, rng):
    cells = int(rng.integers(3, 40))
    blocks = rng.integers(0, 256, (cells, cells, int(rng.choice([1, 3]))), dtype=np.uint8)
    image = Image.fromarray(np.repeat(blocks, 3 // blocks.shape[2], axis=2))
    return np.asarray(image.resize((side, side), [Image.Resampling.NEAREST, Image.Resampling.BILINEAR][rng.integers(2)]))


def clouds(side, rng):
    octaves = range(2, 7)
    return mixed(sum(smooth(side, 2**k, rng) / 2**k for k in octaves) / sum(2.0**-k for k in octaves), two_colours(rng))


def television(side, rng):
    rows = rng.random((side, 1)) * rng.uniform(0.2, 0.8) + rng.random((side, side)) * 0.5
    return mixed(rows, two_colours(rng))


def plain(side, rng):
    return np.zeros((side, side, 1)) + colour(rng)


def linear_fall(side, rng):
    y, x = grid(side)
    angle = rng.uniform(0, 2 * np.pi)
    return mixed((x - 0.5) * np.cos(angle) + (y - 0.5) * np.sin(angle) + 0.5, two_colours(rng))


def round_fall(side, rng):
    y, x = grid(side)
    centre = rng.uniform(0.2, 0.8, 2)
    return mixed(np.hypot(y - centre[0], x - centre[1]) * rng.uniform(1, 3), two_colours(rng))


def turning_fall(side, rng):
    y, x = grid(side) - 0.5
    return mixed((np.arctan2(y, x) / (2 * np.pi) + rng.random()) % 1, two_colours(rng))


def stripes(side, rng):
    y, x = grid(side)
    angle, count = rng.choice([0, np.pi / 2, rng.uniform(0, np.pi)]), rng.uniform(2, 40)
    wave = np.sin(2 * np.pi * count * (x * np.cos(angle) + y * np.sin(angle)))
    return mixed(wave * 0.5 + 0.5 if rng.random() < 0.3 else wave > rng.uniform(-0.6, 0.6), two_colours(rng))


def bars(side, rng):
    """Stripes of many colours and widths."""
    edges = np.sort(rng.integers(0, side, rng.integers(2, 24)))
    colours = rng.integers(0, 256, (len(edges) + 1, 3))
    row = colours[np.searchsorted(edges, np.arange(side), side="right")][None].repeat(side, axis=0)
    return row.transpose(1, 0, 2) if rng.random() < 0.5 else row


def checks(side, rng):
    count = int(rng.integers(2, 30))
    y, x = (grid(side) * count).astype(int)
    return mixed((y + x) % 2, two_colours(rng))


def tartan(side, rng):
    rows, columns = (np.repeat(rng.integers(0, 256, (40, 3)) * (rng.random((40, 1)) < 0.5), 20, axis=0)[:side] for _ in range(2))
    rows, columns = (np.resize(part, (side, 3)) for part in (rows, columns))
    return (rows[:, None] + columns[None]) / 2


def dots(side, rng):
    count, radius = rng.uniform(3, 25), rng.uniform(0.15, 0.48)
    y, x = grid(side) * count
    x = x + 0.5 * (y.astype(int) % 2) if rng.random() < 0.5 else x
    return mixed(np.hypot(y % 1 - 0.5, x % 1 - 0.5) < radius, two_colours(rng))


def rings(side, rng):
    y, x = grid(side)
    centre = rng.uniform(-0.2, 1.2, 2)
    return mixed(np.sin(np.hypot(y - centre[0], x - centre[1]) * rng.uniform(20, 300)) > 0, two_colours(rng))


def bricks(side, rng):
    rows, gap = rng.uniform(4, 20), rng.uniform(0.05, 0.2)
    y, x = grid(side) * rows
    x = x / rng.uniform(1, 2.5) + 0.5 * (y.astype(int) % 2)
    return mixed((y % 1 < gap) | (x % 1 < gap * 0.6), two_colours(rng))


def mosaic(side, rng):
    """Cells around random points."""
    points, y_x = rng.random((int(rng.integers(8, 60)), 2)), grid(side)
    nearest = ((y_x[:, :, :, None] - points.T[:, None, None, :]) ** 2).sum(0).argmin(-1)
    shades = rng.integers(0, 256, (len(points), 3))
    return shades[nearest]


def camouflage(side, rng):
    values, shades = smooth(side, int(rng.integers(5, 20)), rng), rng.integers(0, 256, (4, 3))
    return shades[np.clip((values * 4).astype(int), 0, 3)]


def waves(side, rng):
    y, x = grid(side)
    bend = np.sin(2 * np.pi * x * rng.uniform(1, 8)) * rng.uniform(0.01, 0.1)
    return mixed(np.sin(2 * np.pi * (y + bend) * rng.uniform(4, 40)) > 0, two_colours(rng))


def lines(side, rng):
    """Random straight lines."""
    pair = two_colours(rng)
    image = Image.new("RGB", (side, side), tuple(map(int, pair[0])))
    draw = ImageDraw.Draw(image)
    for _ in range(int(rng.integers(3, 60))):
        draw.line([int(v) for v in rng.integers(0, side, 4)], tuple(map(int, pair[1])), int(rng.integers(1, 6)))
    return np.asarray(image)


def modules(side, rng):
    """Squares in two colours at random, as in a code for scanners."""
    count = int(rng.integers(12, 60))
    y, x = (grid(side) * count).astype(int)
    return mixed((rng.random((count, count)) < 0.5)[y, x], np.array([[0] * 3, [255] * 3]) if rng.random() < 0.7 else two_colours(rng))


def blurred(side, rng):
    """Blots without an edge."""
    values = np.dstack([smooth(side, int(rng.integers(2, 6)), rng) for _ in range(3)]) * 255
    return values


def page(side, rng):
    """Lines of letters, as of an unknown language; one to two columns; dark on light or light on dark."""
    faces = sorted(path for path in FONTS.glob("**/*.ttf") if "Mono" in path.name or "Serif" in path.name or "Sans" in path.name)
    face = ImageFont.truetype(str(rng.choice(faces)), int(rng.integers(9, 40)))
    light, dark = int(rng.integers(215, 256)), int(rng.integers(0, 90))
    ground, ink = (light, dark) if rng.random() < 0.8 else (dark, light)
    width, height = int(side * rng.uniform(0.8, 1.6)), int(side * rng.uniform(0.8, 1.6))
    image = Image.new("RGB", (width, height), (ground,) * 3)
    draw, y = ImageDraw.Draw(image), int(rng.integers(4, 30))
    while y < height - face.size:
        words = ["".join(rng.choice(list(LETTERS), rng.integers(2, 10))) for _ in range(30)]
        if rng.random() < 0.9:
            draw.text((int(rng.integers(4, 14)), y), " ".join(words), (ink,) * 3, font=face)
        y += int(face.size * rng.uniform(1.2, 1.5))
    return np.asarray(image)


KINDS = (
    white_noise, speckle, coarse_noise, clouds, television, plain, linear_fall, round_fall, turning_fall, stripes, bars, checks,
    tartan, dots, rings, bricks, mosaic, camouflage, waves, lines, modules, blurred, page,
)  # fmt: skip


def picture(draw, rng):
    pixels = draw(int(rng.choice(SIDES)), rng)
    image = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
    return image.filter(ImageFilter.GaussianBlur(float(rng.uniform(0.5, 2)))) if rng.random() < 0.2 else image


def write(folder, each, seed):
    """[(kind, path)] of `each` pictures of every kind."""
    written = []
    for place, draw in enumerate(KINDS):
        (folder / draw.__name__).mkdir(parents=True, exist_ok=True)
        for number in range(each):
            path = folder / draw.__name__ / f"{number:03}.png"
            picture(draw, np.random.default_rng((seed, place, number))).save(path)
            written.append((draw.__name__, path))
    return written


def said(options, written):
    """{path: {set: label}} of what is said by default."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "XDG_DATA_HOME": folder}
        command = [options.kiloword, "batch", "--model", options.model, "--files-from", "-", "-o", f"{folder}/rows.jsonl", "-q"]
        listed = "".join(f"{path}\n" for _, path in written)
        subprocess.run(command, input=listed.encode(), check=True, env=environment)
        rows = [json.loads(line) for line in Path(folder, "rows.jsonl").read_text().splitlines()]
    return {row["path"]: {item["set"].split("/")[-1]: item["label"] for item in row["statements"] if item["said"]} for row in rows}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--each", type=int, default=30)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--kiloword", help="measures with this program")
    parser.add_argument("--model", default="lite")
    options = parser.parse_args()
    written = write(options.out.resolve(), options.each, options.seed)
    if not options.kiloword:
        return
    found = said(options, written)
    sets = sorted({name for row in found.values() for name in row})
    print(f"| kind | pictures | {' | '.join(sets)} |\n|---|---|{'---|' * len(sets)}")
    for kind in (*(draw.__name__ for draw in KINDS), "all"):
        rows = [found[str(path)] for name, path in written if kind in (name, "all")]
        cells = []
        for name in sets:
            labels = [row[name] for row in rows if name in row]
            most = ", ".join(sorted(set(labels), key=labels.count, reverse=True)[:3]) if kind != "all" else ""
            cells.append(f"{100 * len(labels) / len(rows):.1f} %" + (f" ({most})" if most else ""))
        print(f"| {kind.replace('_', ' ')} | {len(rows)} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
