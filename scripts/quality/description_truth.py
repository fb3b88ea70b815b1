#!/usr/bin/env python3
"""Describes photos that are to be looked at one by one, and lays them out beside their descriptions.

    scripts/quality/description_truth.py --kiloword build/release/bin/kiloword --photos FOLDER --out FOLDER [--part choose]

Draws COUNT photos from each of Flickr8k test, Caltech-101 val and MiniPlaces val by --seed ("measure"), or of Flickr8k dev
and training photos of the other two ("choose": for settings), the same for the same seed. FOLDER is that of
scripts/train/README.md. Writes OUT/records.jsonl, OUT/sheet-N.png with twenty photos each and their descriptions, and
OUT/table.md, whose last column is for the verdict of whoever looks: right, mostly, wrong.
"""

import argparse
import json
import random
import subprocess
import sys
import textwrap
from pathlib import Path

from PIL import Image, ImageDraw

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "train"))

import lite_photos
from image_sets import flickr8k_photos, read_rows

COUNT = 20  # of each source
COLUMNS, CELL, TEXT = 5, 300, 92  # of a sheet; px


def candidates(source, part, photos, data):
    """[(id, path)] of the photos of a source that may be drawn."""
    if source == "flickr8k":
        return flickr8k_photos(data, photos / "flickr8k/data/images", {"measure": "test", "choose": "dev"}[part])
    measured = {label for _, _, label in read_rows(data, f"{source}-val")}
    listed = lite_photos.pictures(f"{source}-val" if (source, part) == ("miniplaces", "measure") else source, photos, data)
    named = [(name.split("/", 1)[1], loader.args[0]) for name, loader in listed]
    return [item for item in named if (item[0] in measured) == (part == "measure")]


def draw(part, seed, photos, data, seen=()):
    """[(id, path)], none of them among the ids `seen`."""
    result = []
    for source in ("flickr8k", "caltech101", "miniplaces"):
        listed = [item for item in sorted(candidates(source, part, photos, data)) if f"{source}/{item[0]}" not in seen]
        chosen = random.Random(f"{seed} {source} {part}").sample(listed, COUNT)
        result += [(f"{source}/{name}", path) for name, path in chosen]
    return result


def describe(program, paths, options):
    command = [program, "describe", "--format", "json", "--files-from", "-", *options.split()]
    listing = "".join(f"{path}\n" for path in paths).encode()
    done = subprocess.run(command, input=listing, stdout=subprocess.PIPE, check=False)
    return [json.loads(line) for line in done.stdout.decode("utf-8").splitlines()]


def evidence(record):
    words = " ".join(f"{word['word']} {word['support']:.2f}" for word in record.get("words", []))
    return f"{record['source']}: {words}"


def write_sheet(path, rows, first):
    sheet = Image.new("RGB", (COLUMNS * CELL, -(-len(rows) // COLUMNS) * (CELL + TEXT)), "white")
    pen = ImageDraw.Draw(sheet)
    for number, (_, photo, record) in enumerate(rows):
        left, top = number % COLUMNS * CELL, number // COLUMNS * (CELL + TEXT)
        image = Image.open(photo).convert("RGB")
        image.thumbnail((CELL - 6, CELL))
        if max(image.size) < CELL - 6:
            image = image.resize([side * (CELL - 6) // max(image.size) for side in image.size])
        sheet.paste(image, (left, top))
        lines = textwrap.wrap(f"{first + number}. {record['description']}", 46) + textwrap.wrap(evidence(record), 48)
        pen.multiline_text((left + 2, top + CELL + 2), "\n".join(lines[:7]), fill="black", spacing=1)
    sheet.save(path)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kiloword", required=True, metavar="PROGRAM")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--photos", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--part", choices=("measure", "choose"), default="measure")
    parser.add_argument("--seed", type=int, default=22)
    parser.add_argument("--seen", type=int, nargs="*", default=[], metavar="SEED", help="seeds whose photos are not drawn again")
    parser.add_argument("--options", default="", help="further options of kiloword describe, as one argument")
    options = parser.parse_args()
    seen = {name for seed in options.seen for name, _ in draw(options.part, seed, options.photos, options.data)}
    drawn = draw(options.part, options.seed, options.photos, options.data, seen)
    records = describe(options.kiloword, [path for _, path in drawn], options.options)
    rows = [(name, path, record) for (name, path), record in zip(drawn, records)]
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "records.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    for begin in range(0, len(rows), COUNT):
        write_sheet(options.out / f"sheet-{begin // COUNT}.png", rows[begin : begin + COUNT], begin + 1)
    lines = ["| | photo | description | from | verdict |", "|---|---|---|---|---|"]
    for number, (name, _, record) in enumerate(rows, 1):
        lines.append(f"| {number} | {name} | {record['description']} | {record['source']} | |")
    (options.out / "table.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
