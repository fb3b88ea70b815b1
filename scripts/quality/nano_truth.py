#!/usr/bin/env python3
"""Writes which of nano's statements are true of full-size photos of several sources: what it is calibrated with and measured on.

    scripts/quality/nano_truth.py --data ../shared/data --photos FOLDER --out FOLDER

Like lite_truth.py, for the sets of labels/nano: OUT/SET.map and OUT/SET/SOURCE.tsv. Parts that nano was trained on are left
out: it is too sure of them. Where nobody has told what things are on a picture, whatever is said of it counts as false.
"""

import argparse
import zlib
from pathlib import Path

import lite_truth
import plain_pictures
from image_sets import read_rows
from label_sets import read_class_labels, read_label_set
from lite_data import DRAWN_CLASSES, DRAWN_MEDIA
from lite_photos import random_of
from lite_truth import ABSENT, Sources, flickr, measured, named, write
from PIL import Image

FIGURES, FIGURE_SHARE = 30, (0.25, 0.8)  # photos for each mascot's picture, and the figure's share of their shortest edge
HELD_OUT = {"fit": 4, "val": 9}  # last digit of the number of a mascot's picture that nano was not trained on
MEDIA = {"art_painting": "painting", "cartoon": "cartoon", "photo": "photo", "sketch": "sketch"}
WORDS = {
    "objects": {
        **{name: lite_truth.WORDS["objects"][name] for name in ("person", "dog", "car", "horse")},
        "motorbike": lite_truth.WORDS["objects"]["motorcycle"],
        "house": "houses?|cottage|cabin", "human face": lite_truth.WORDS["objects"]["person"],
        "seashore": lite_truth.WORDS["places"]["coast"], "lakeside": "lake|pond|river", "cliff": "cliff|rock face|mountain",
        "soccer ball": "soccer|ball", "swimming trunks": "trunks|shorts", "sunglasses": "sunglasses|shades",
    },
    "scene": {
        **lite_truth.WORDS["places"],
        "coast": lite_truth.WORDS["places"]["coast"], "ocean": "ocean|sea|waves?|surf\\w*", "mountain": "mountains?",
        "snowfield": "snow|snowy", "forest path": "forest|woods|trail|path", "playground": "playground|slide|swings?",
    },
}  # fmt: skip


def half(pairs, part):
    return [pair for pair in pairs if zlib.crc32(str(pair[0]).encode()) % 2 == part]


class NanoSources(Sources):
    def composites(self, part, photos):
        """(path, label) of a mascot's pictures on photos, at full size."""
        labels = read_class_labels("mascots")
        folder = self.out / "pictures" / f"mascots-{part}"
        folder.mkdir(parents=True, exist_ok=True)
        pack = self.data / "mascots.bin"
        for offset, size, name in read_rows(self.data, "mascots"):
            if int(name.split("/")[1]) % 10 != HELD_OUT[part]:
                continue
            for number, photo in enumerate(photos[:FIGURES]):
                path = folder / f"{name.replace('/', '_')}_{number:02}.jpg"
                if not path.exists():
                    composite(pack, offset, size, photo, random_of(path.name)).save(path, quality=92)
                yield path, labels[name.split("/")[0]]


def composite(pack, offset, size, photo, rng):
    """A figure with transparency, somewhere on a photo."""
    with open(pack, "rb") as blob:
        blob.seek(offset)
        figure = Image.open(blob).convert("RGBA")
        figure.load()
    ground = Image.open(photo).convert("RGB")
    scale = min(ground.size) * rng.uniform(*FIGURE_SHARE) / max(figure.size)
    figure = figure.resize([max(1, round(edge * scale)) for edge in figure.size], Image.Resampling.BICUBIC)
    corner = [int(rng.integers(whole - part + 1)) for whole, part in zip(ground.size, figure.size)]
    ground.paste(figure, corner, figure)
    return ground


def flickr_scenes(sources, split, labels):
    """Of photos of which the captions tell whether they were taken indoors."""
    for path, truth in flickr(sources, split, "scene", [*labels, "indoors", "outdoors"]):
        known = [label for label in truth.split("|") if label not in ("indoors", "outdoors")]
        yield path, "|".join(known) or ABSENT


def absent(pairs):
    return [(path, ABSENT) for path, *_ in pairs]


def objects(sources, lists, labels, parts):
    caltech, pacs = read_class_labels("caltech101"), read_class_labels("pacs")
    imagenet = {**{wnid: None for wnid in read_class_labels("imagenet")}, **read_class_labels("tiny-imagenet")}
    caltech_val = named(parts["caltech101"], lambda name: caltech.get(name.split("/")[0]))
    photos = [item for item in parts["pacs"] if item[0].startswith("photo/")]
    lists["objects/caltech101-val"] = [pair for pair in caltech_val if pair[1] in labels]
    lists["objects/pacs-val"] = named(photos, lambda name: pacs[name.split("/")[1]])
    for source in ("imagen", "imagenette"):
        lists[f"objects/{source}"] = [(path, imagenet.get(wnid) or ABSENT) for wnid, path in parts[source]]
    for part in (0, 1):
        lists[f"objects/miniplaces-{('fit', 'val')[part]}"] = absent(half(parts["places"], part))


def scenes(sources, lists, parts):
    for part in (0, 1):
        lists[f"scene/miniplaces-{('fit', 'val')[part]}"] = half(parts["places"], part)
    lists["scene/drawings"] = absent(parts["clipart"] + parts["emoji"])


def media(sources, lists, parts):
    pacs = named(parts["pacs"], lambda name: MEDIA[name.split("/")[0]])
    for part in (0, 1):
        lists[f"medium/pacs-{('fit', 'val')[part]}"] = half(pacs, part)
    caltech = [item for item in parts["caltech101"] if item[0].split("/")[0] not in DRAWN_CLASSES]
    lists["medium/caltech101-val"] = [(path, "photo") for _, path in caltech]
    for source in ("imagen", "imagenette"):
        lists[f"medium/{source}"] = [(path, "photo") for _, path in parts[source]]
    lists["medium/miniplaces-val"] = [(path, "photo") for path, _ in half(parts["places"], 1)]
    lists["medium/emoji"] = [(path, "emoji") for path, _ in parts["emoji"]]
    lists["medium/clipart"] = [(path, "clipart") for path, _ in parts["clipart"]]


def mascots(sources, lists, parts):
    for part, split in (("fit", "dev"), ("val", "test")):
        photos = [path for path, _ in lists[f"objects/flickr8k-{split}"]]
        lists[f"mascots/figures-{part}"] = list(sources.composites(part, photos))
        lists[f"mascots/flickr8k-{split}"] = absent(lists[f"objects/flickr8k-{split}"])
    lists["mascots/imagen"] = absent(lists["objects/imagen"])
    lists["mascots/drawings"] = absent(parts["clipart"] + parts["emoji"])
    for source in ("caltech101-val", "miniplaces-val", "pacs-val"):
        lists[f"mascots/{source}"] = absent(lists[f"medium/{source}"])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--photos", type=Path, required=True)
    parser.add_argument("--labels", type=Path, default=Path("labels/nano"))
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    sources = NanoSources(options.data, options.photos.resolve(), options.out.resolve())
    labels = {name: set(read_label_set(options.labels / f"{name}.txt").labels) for name in ("objects", "scene", "medium", "mascots")}
    lite_truth.WORDS.update(WORDS)
    place = read_class_labels("miniplaces")
    drawn = list(sources.written("drawn", measured))
    parts = {
        **{source: list(sources.split(source))[1] for source in ("caltech101", "pacs")},  # what nano was not trained on
        "imagen": [(name[:9], path) for name, path in sources.files("imagen")],
        "imagenette": [(path.parent.name, path) for _, path in sources.files("imagenette")],
        "places": named(sources.files("miniplaces-val"), lambda name: place[name.split("/")[0]]),
        "clipart": [(path, ABSENT) for name, path in sources.files("clipart") if measured(name)],
        "emoji": [(path, ABSENT) for _, path in sources.written("emoji", measured)],
    }
    lists = {}
    objects(sources, lists, labels["objects"], parts)
    for split in ("dev", "test"):
        lists[f"objects/flickr8k-{split}"] = list(flickr(sources, split, "objects", sorted(labels["objects"])))
        lists[f"scene/flickr8k-{split}"] = list(flickr_scenes(sources, split, sorted(labels["scene"])))
        lists[f"medium/flickr8k-{split}"] = [(path, "photo") for path, _ in lists[f"objects/flickr8k-{split}"]]
    scenes(sources, lists, parts)
    media(sources, lists, parts)
    mascots(sources, lists, parts)
    # Of all that is drawn nothing has a label of nano's but for documents and the like, which are no medium of it either.
    screenshots = [(path, ABSENT) for name, path in sources.files("screenshot") if measured(name)]
    patterns = [(path, ABSENT) for name, path in drawn if DRAWN_MEDIA[name.split("/")[0]]]
    tilings = [(path, ABSENT) for path in sources.plain("tilings", plain_pictures.TILINGS, lite_truth.TILINGS)]
    shapes = [(path, ABSENT) for path in sources.plain("shapes", [plain_pictures.shapes], lite_truth.SHAPES)]
    for category in labels:
        lists[f"{category}/nothing"] = [*patterns, *screenshots, *tilings, *(shapes if category != "medium" else [])]

    for name, pairs in lists.items():
        write(options.out / f"{name}.tsv", pairs, 2000 if name.endswith("/nothing") else lite_truth.LIMIT)
        print(f"{name}: {len(pairs)}")
    for category in labels:
        classes = {truth for name, pairs in lists.items() if name.startswith(category) for _, truth in pairs}
        known = {ABSENT: "", "clipart": "cartoon|sketch"}
        rows = "".join(f"{truth}\t{known.get(truth, truth)}\n" for truth in sorted(classes))
        (options.out / f"{category}.map").write_text(rows, encoding="utf-8")


if __name__ == "__main__":
    main()
