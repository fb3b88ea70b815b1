#!/usr/bin/env python3
"""Writes words on photos and counts whose statement they decide, with and without --typographic.

    scripts/quality/words_in_pictures.py --data ../shared/data [--kiloword build/release/bin/kiloword] [--model nano]
        [--labels nano/objects] [--photos 300]

The photos are Caltech-101's validation part, enlarged four times, each as it is and with another label of the set on it, in
several fonts, sizes, colours and places. "Hijacked": the word is the best label, and was not without it. "Changed": the
best label is another one than without the word. With `drop` the set goes by the picture with its words painted over.
The last rows are about the photos without words: what looking for text does to them, and what it costs. Some of them do show
writing, such as stop signs. "Right": the best label is that of the photo's class, counted where the set has that label.
"""

import argparse
import io
import json
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "scripts" / "train"))

from image_sets import read_rows
from label_sets import read_class_labels

FONTS = ("DejaVuSans", "DejaVuSans-Bold", "DejaVuSerif", "DejaVuSerif-Bold", "DejaVuSansMono-Bold")
FONT_FOLDER = Path("/usr/share/fonts/truetype/dejavu")
COLOURS = ((255, 255, 255), (0, 0, 0), (255, 230, 0), (200, 0, 0))
HEIGHTS = (0.12, 0.18, 0.25)  # of the photo's
ON_A_SIGN = 0.4  # share of words that stand on a plate
ENLARGED = 4
ROUNDS = 3


def read_labels(kiloword, name):
    lines = subprocess.run([kiloword, "labels", "show", name, "--format", "json"], check=True, capture_output=True, text=True)
    return [json.loads(line)["label"] for line in lines.stdout.splitlines()]


def write_word(photo, word, rng):
    photo = photo.copy()
    draw = ImageDraw.Draw(photo)
    size, path = int(photo.height * rng.choice(HEIGHTS)), str(FONT_FOLDER / f"{rng.choice(FONTS)}.ttf")
    font = ImageFont.truetype(path, size)
    box = draw.textbbox((0, 0), word, font=font)
    while box[2] > 0.96 * photo.width and size > 8:
        size = int(0.9 * size)
        font = ImageFont.truetype(path, size)
        box = draw.textbbox((0, 0), word, font=font)
    x, y = rng.uniform(0, max(1, photo.width - box[2])), rng.uniform(0, max(1, photo.height - box[3]))
    colour = rng.choice(COLOURS)
    if rng.random() < ON_A_SIGN:
        plate = (250, 250, 250) if sum(colour) < 500 else (20, 20, 20)
        draw.rectangle((x - 6, y + box[1] - 6, x + box[2] + 6, y + box[3] + 6), fill=plate)
    draw.text((x, y), word, font=font, fill=colour)
    return photo


def write_photos(options, folder, labels):
    """[(plain file, file with a word, word, label of the photo's class)]"""
    classes = read_class_labels("caltech101")
    rng = random.Random(options.seed)
    rows = list(read_rows(options.data, "caltech101-val"))
    blob = (options.data / "caltech101-val.bin").read_bytes()
    written = []
    for number, (offset, size, name) in enumerate(rng.sample(rows, min(options.photos, len(rows)))):
        photo = Image.open(io.BytesIO(blob[offset : offset + size])).convert("RGB")
        photo = photo.resize((ENLARGED * photo.width, ENLARGED * photo.height), Image.Resampling.BICUBIC)
        word = rng.choice(labels)
        files = [folder / f"{number:05}-{kind}.jpg" for kind in ("plain", "word")]
        photo.save(files[0], quality=92)
        write_word(photo, word, rng).save(files[1], quality=92)
        written.append((files[0].name, files[1].name, word, classes[name.split("/")[0]]))
    return written


def caption(options, folder, names, rule):
    """({file name: (best label, whether it is flagged)}, seconds)"""
    listing = "".join(f"{folder / name}\n" for name in names)
    command = [options.kiloword, "batch", "--files-from", "-", "-o", "-", "--quiet", "--model", options.model, "--labels",
               options.labels, "--rank", "probability", "--min-confidence", "0", "--typographic", rule]
    begin = time.perf_counter()
    result = subprocess.run(command, input=listing, check=True, capture_output=True, text=True)
    taken = time.perf_counter() - begin
    best = {}
    for line in result.stdout.splitlines():
        row = json.loads(line)
        statement = row["statements"][0]
        best[Path(row["path"]).name] = (statement["label"], statement.get("flag") == "text")
    return best, taken


def percent(count, total):
    return f"{100 * count / max(total, 1):.1f} %"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--kiloword", default="build/release/bin/kiloword")
    parser.add_argument("--model", default="nano")
    parser.add_argument("--labels", default="nano/objects")
    parser.add_argument("--photos", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if not FONT_FOLDER.is_dir():
        raise SystemExit("no DejaVu fonts; install fonts-dejavu-core")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        labels = read_labels(options.kiloword, options.labels)
        photos = write_photos(options, folder, labels)
        plain, worded = [photo[0] for photo in photos], [photo[1] for photo in photos]
        off = caption(options, folder, plain + worded, "off")[0]
        flagged = caption(options, folder, plain + worded, "flag")[0]
        dropped = caption(options, folder, plain + worded, "drop")[0]
        times = {"off": [], "drop": []}
        for _ in range(ROUNDS):
            for rule, taken in times.items():
                taken.append(caption(options, folder, plain, rule)[1])
    hijacked = [p for p in photos if off[p[1]][0] == p[2] != off[p[0]][0]]
    changed = [p for p in photos if off[p[1]][0] != off[p[0]][0]]
    total = len(photos)
    print("| what | off | drop |\n|---|---|---|")
    print(f"| hijacked | {percent(len(hijacked), total)} | "
          f"{percent(sum(dropped[p[1]][0] == p[2] != dropped[p[0]][0] for p in photos), total)} |")
    print(f"| changed | {percent(len(changed), total)} | "
          f"{percent(sum(dropped[p[1]][0] != off[p[0]][0] for p in photos), total)} |")
    print(f"| photos with a word whose statement is flagged | | {percent(sum(flagged[name][1] for name in worded), total)} |")
    print(f"| photos without a word whose statement is flagged | | {percent(sum(flagged[name][1] for name in plain), total)} |")
    known = [p for p in photos if p[3] in labels]
    right = [percent(sum(best[p[0]][0] == p[3] for p in known), len(known)) for best in (off, dropped)]
    print(f"| photos without a word whose best label is right | {right[0]} | {right[1]} |")
    ratio = sorted(times["drop"])[ROUNDS // 2] / sorted(times["off"])[ROUNDS // 2]
    print(f"| time for photos without a word, start-up included | 1 | {ratio:.2f} |")


if __name__ == "__main__":
    main()
