"""The training images of one step, drawn from all data sets, with their targets."""

from collections import defaultdict
from pathlib import Path

import numpy as np
import torch

import augment
import captions
import patterns
from image_sets import emoji_names
from label_sets import read_classes

HELD_OUT_EVERY, HELD_OUT_REST = 5, 4  # mascot pictures with number % 5 == 4 are never trained on
PLAIN_SHARE = 0.35  # of figures stand on one plain colour instead of a photo


class ArraySet:
    """A decoded data set: images [N, s, s, channels] u8 (memory-mapped) and one label string per image."""

    def __init__(self, cache, name):
        self.images = np.load(cache / f"{name}.npy", mmap_mode="r")
        self.labels = Path(cache / f"{name}.labels.txt").read_text(encoding="utf-8").splitlines()

    def take(self, indices):
        return torch.from_numpy(self.images[np.asarray(indices)])


class Shuffled:
    """Endless stream of the numbers of `items`, every item once per round."""

    def __init__(self, items, rng):
        self.items, self.rng, self.queue = np.asarray(items), rng, []

    def draw(self, count):
        while len(self.queue) < count:
            self.queue.extend(self.rng.permutation(self.items))
        drawn, self.queue = self.queue[:count], self.queue[count:]
        return np.array(drawn)


class Sources:
    """Draws batches. `counts` says how many images of each source a batch holds, in order of concatenation."""

    def __init__(self, data, cache, label_sets, counts, seed):
        self.rng = np.random.default_rng(seed)
        self.counts = counts
        names = ("tiny-imagenet", "miniplaces", "pacs", "caltech101")
        self.sets = {name: ArraySet(cache, f"{name}-train") for name in names}
        for name in ("flickr8k", "emoji", "mascots"):
            self.sets[name] = ArraySet(cache, name)
        self._read_targets(label_sets)
        self._read_texts(data)
        self.streams = {name: Shuffled(np.arange(len(self.sets[name].labels)), self.rng) for name in (*names, "emoji")}
        train = [i for i, label in enumerate(self.sets["flickr8k"].labels) if label.startswith("train/")]
        self.streams["flickr8k"] = Shuffled(train, self.rng)
        self.medium_streams = [
            Shuffled(np.flatnonzero(self.pacs_medium == medium), self.rng) for medium in np.unique(self.pacs_medium)
        ]

    def _read_targets(self, label_sets):
        self.targets = {}
        for name in ("tiny-imagenet", "miniplaces", "caltech101", "pacs"):
            classes = read_classes(name, label_sets["scene" if name == "miniplaces" else "objects"])
            part = 1 if name == "pacs" else 0
            self.targets[name] = np.array([classes[label.split("/")[part]] for label in self.sets[name].labels])
        media = read_classes("pacs-medium", label_sets["medium"])
        self.pacs_medium = np.array([media[label.split("/")[0]] for label in self.sets["pacs"].labels])
        mascots = read_classes("mascots", label_sets["mascots"])
        self.mascot_pictures = defaultdict(list)
        for index, label in enumerate(self.sets["mascots"].labels):
            kind, number = label.split("/")
            if int(number) % HELD_OUT_EVERY != HELD_OUT_REST:
                self.mascot_pictures[mascots[kind]].append(index)

    def _read_texts(self, data):
        by_image = captions.flickr8k_by_image(data, "train")
        by_label = {f"train/{image}": group for image, group in by_image.items()}
        self.captions = [by_label.get(label, []) for label in self.sets["flickr8k"].labels]
        self.caption_groups = list(by_image.values())
        self.all_captions = [caption for group in by_image.values() for caption in group]
        names = emoji_names(data)
        self.emoji_names = [names[label] for label in self.sets["emoji"].labels]

    def _draw_pacs(self, count):
        """As many images of each medium, whatever their share in the set."""
        each = count // len(self.medium_streams)
        return np.concatenate([stream.draw(each) for stream in self.medium_streams])

    def _draw_mascots(self, count):
        """Rare mascots more often than their share: weight is the square root of their number."""
        kinds = list(self.mascot_pictures)
        weights = np.sqrt([len(self.mascot_pictures[kind]) for kind in kinds])
        drawn = self.rng.choice(kinds, count, p=weights / weights.sum())
        return np.array([self.rng.choice(self.mascot_pictures[kind]) for kind in drawn]), drawn

    def _figures(self, figures, side, min_area):
        """Figures on photos or plain colours. Also returns which of them stand on a plain colour."""
        count = len(figures)
        photos = self.sets["miniplaces"].take(self.rng.integers(len(self.sets["miniplaces"].labels), size=count))
        backgrounds = augment.random_crop(photos, side, min_area)
        plain = torch.from_numpy(self.rng.random(count) < PLAIN_SHARE)
        backgrounds[plain] = augment.plain_backgrounds(int(plain.sum()), side)
        return augment.composite(figures, backgrounds, side), plain

    def _patterns(self, kinds, side):
        """Pictures of nothing, [B, 3, S, S], of the given kinds."""
        drawn = [patterns.draw(kind, side, self.rng, self.all_captions) for kind in kinds]
        return torch.from_numpy(np.stack(drawn)).permute(0, 3, 1, 2).float().div_(255)

    def batch(self, side, min_area):
        """(normalised pixels [B, 3, S, S], {source: slice of the batch}, {name: targets})."""
        parts, targets = {}, {}
        for name in ("tiny-imagenet", "miniplaces", "caltech101", "pacs", "flickr8k"):
            count = self.counts[name]
            drawn = self._draw_pacs(count) if name == "pacs" else self.streams[name].draw(count)
            parts[name] = augment.random_crop(self.sets[name].take(drawn), side, min_area)
            if name in self.targets:
                targets[name] = torch.from_numpy(self.targets[name][drawn])
            if name == "pacs":
                targets["medium"] = torch.from_numpy(self.pacs_medium[drawn])
            if name == "flickr8k":
                targets["captions"] = [str(self.rng.choice(self.captions[index])) for index in drawn]
        drawn, kinds = self._draw_mascots(self.counts["mascots"])
        parts["mascots"], _ = self._figures(self.sets["mascots"].take(drawn), side, min_area)
        targets["mascots"] = torch.from_numpy(kinds)
        drawn = self.streams["emoji"].draw(self.counts["emoji"])
        parts["emoji"], targets["emoji_plain"] = self._figures(self.sets["emoji"].take(drawn), side, min_area)
        targets["emoji"] = [self.emoji_names[index] for index in drawn]
        kinds = self.rng.permutation(np.arange(self.counts["nothing"]) % len(patterns.NOTHING))
        parts["nothing"], targets["nothing"] = self._patterns(kinds, side), torch.from_numpy(kinds)
        ends = np.cumsum([len(part) for part in parts.values()])
        slices = {name: slice(end - len(part), end) for (name, part), end in zip(parts.items(), ends)}
        pixels = augment.normalise(augment.jitter_colours(torch.cat(list(parts.values()))))
        return pixels.contiguous(memory_format=torch.channels_last), slices, targets

    def caption_pair(self):
        """Two captions of one training image."""
        group = self.caption_groups[int(self.rng.integers(len(self.caption_groups)))]
        return [str(text) for text in self.rng.choice(group, 2, replace=False)]

    def other_captions(self, count):
        return [str(text) for text in self.rng.choice(self.all_captions, count)]

    def other_emoji(self, count, taken):
        names = (str(name) for name in self.rng.choice(self.emoji_names, count, replace=False))
        return [name for name in names if name not in taken]
