"""The cached features with what is known of each picture: source, part, class and medium."""

import zlib
from dataclasses import dataclass

import numpy as np
import torch

import captions
from image_sets import read_rows
from label_sets import read_class_labels

PHOTO_SOURCES = ("flickr8k", "caltech101", "pacs", "miniplaces", "mini-imagenet")
PACS_MEDIA = {"art_painting": "painting", "cartoon": "cartoon", "sketch": "sketch", "photo": "photo"}
DRAWN_MEDIA = {
    "document": "text document", "screenshot": "screenshot", "chart": "chart", "diagram": "diagram",
    "noise": "noise", "pattern": "a pattern", "plain": "a plain colour",
}  # fmt: skip
# Caltech-101's classes that hold more drawings than photos: they say nothing of the medium.
DRAWN_CLASSES = {
    "BACKGROUND_Google", "anchor", "brontosaurus", "dollar_bill", "garfield", "snoopy", "stegosaurus", "wrench", "yin_yang",
}  # fmt: skip
MEASURED_EVERY = 8  # of drawn pictures, screenshots, clip art and emoji every eighth is kept for measuring


@dataclass
class Pictures:
    """Features [N, 1280] f16 of one source's pictures and their names without the source."""

    source: str
    features: torch.Tensor
    names: list

    def part(self, index):
        """Folder number `index` of each name."""
        return [name.split("/")[index] for name in self.names]

    def where(self, keep):
        kept = [number for number, flag in enumerate(keep) if flag]
        return Pictures(self.source, self.features[kept], [self.names[number] for number in kept])


def load(cache, variant, source, view="centre"):
    """All chunks of a source that are there."""
    features, names = [], []
    for path in sorted((cache / f"{variant}-{view}" / source).glob("????.npy")):
        features.append(np.load(path))
        names += path.with_suffix(".txt").read_text(encoding="utf-8").splitlines()
    joined = np.concatenate(features) if features else np.zeros((0, 1280), np.float16)
    return Pictures(source, torch.as_tensor(joined), [name.split("/", 1)[1] for name in names])


def left_out(cache):
    """Names of pictures that look like one that measures (find_duplicates.py)."""
    path = cache / "duplicates.txt"
    return set(path.read_text(encoding="utf-8").split("\n")) if path.exists() else set()


def medium(source, name):
    """The medium of a picture, or None where it is not known."""
    if source == "pacs":
        return PACS_MEDIA[name.split("/")[0]]
    if source == "drawn":
        return DRAWN_MEDIA[name.split("/")[0]]
    if source == "caltech101" and name.split("/")[0] in DRAWN_CLASSES:
        return None
    photos = ("flickr8k", "caltech101", "miniplaces", "mini-imagenet", "imagen", "imagenette", "tiny-imagenet-val")
    others = {"clipart": "drawing", "emoji": "emoji", "screenshot": "screenshot", "surface": "a pattern"}
    return others.get(source, "photo" if source in photos else None)


class Sets:
    """Training and measuring parts of every source. `views` are read for training; measured is the centre view."""

    def __init__(self, data, cache, variant, views=("centre", "part")):
        self.data, self.cache, self.variant, self.views = data, cache, variant, views
        self.duplicates = left_out(cache)
        self.held = {
            "caltech101": {label for _, _, label in read_rows(data, "caltech101-val")},
            "pacs": {label for _, _, label in read_rows(data, "pacs-val")},
            "miniplaces": {label for _, _, label in read_rows(data, "miniplaces-val")},
        }
        lines = (data / "flickr8k.captions.tsv").read_text(encoding="utf-8").splitlines()
        self.flickr_split = {line.split("\t")[1]: line.split("\t")[0] for line in lines}
        self.captions = {split: captions.flickr8k_by_image(data, split) for split in ("train", "dev", "test")}

    def is_measured(self, source, name):
        if source in self.held:
            return name in self.held[source]
        if source == "flickr8k":
            return self.flickr_split.get(name) != "train"
        if source in ("clipart", "emoji", "screenshot", "drawn", "surface", "stamps"):
            return hash_of(name) % MEASURED_EVERY == 0
        return source in ("tiny-imagenet-val", "imagen", "imagenette")

    def training(self, source, views=()):
        """Training pictures of these views together, else of all that are read for training."""
        parts = []
        for view in views or self.views:
            loaded = load(self.cache, self.variant, source, view)
            parts.append(
                loaded.where(
                    not self.is_measured(source, name) and f"{source}/{name}" not in self.duplicates
                    for name in loaded.names
                )
            )
        features = torch.cat([part.features for part in parts])
        return Pictures(source, features, [name for part in parts for name in part.names])

    def measured(self, source, split=None):
        loaded = load(self.cache, self.variant, source if source != "miniplaces" else "miniplaces-val")
        loaded.source = source
        if source == "flickr8k":
            return loaded.where(self.flickr_split.get(name) == split for name in loaded.names)
        return loaded.where(self.is_measured(source, name) for name in loaded.names)


def hash_of(name):
    return zlib.crc32(name.encode())


def class_names(pictures):
    """The label of each picture, None where its class is no label."""
    if pictures.source == "caltech101":
        classes = read_class_labels("lite-caltech101")
        return [classes.get(name) for name in pictures.part(0)]
    if pictures.source == "pacs":
        classes = read_class_labels("pacs")
        return [classes[name] for name in pictures.part(1)]
    if pictures.source == "miniplaces":
        classes = read_class_labels("miniplaces")
        return [classes[name] for name in pictures.part(0)]
    classes = read_class_labels("imagenet")
    if pictures.source in ("imagen", "imagenette"):
        parts = ["/".join(name.split("/")[1:]) if pictures.source == "imagenette" else name for name in pictures.names]
        return [classes.get(part[:9]) for part in parts]
    return [classes.get(name) for name in pictures.part(0)]
