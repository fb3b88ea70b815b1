"""Reads the caption files, and chooses what may be trained on."""

import gzip
import re
from collections import defaultdict


def flickr8k_by_image(data, *splits):
    """{image: its captions} of Flickr8k as written in the file, punctuation apart from its word."""
    result = defaultdict(list)
    for line in (data / "flickr8k.captions.tsv").read_text(encoding="utf-8").splitlines():
        split, image, caption = line.split("\t", 2)
        if split in splits:
            result[image].append(caption)
    return result


def flickr8k(data, *splits):
    """All captions of the splits."""
    return [caption for group in flickr8k_by_image(data, *splits).values() for caption in group]


def multi30k(data, part):
    """Captions of Multi30k's "train" or "val"."""
    with gzip.open(data / f"captions-multi30k-{part}.txt.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            yield line.strip()


def key(caption):
    """What two captions share that differ only in case, punctuation and spaces."""
    return "".join(character for character in caption.lower() if character.isalnum())


def spelled(caption):
    """Flickr8k's spaced punctuation in normal spelling: `a dog 's " ball " .` becomes `a dog's "ball".`"""
    caption = re.sub(r'" ?([^"]*?) ?"', r'"\1"', caption)
    caption = re.sub(r" +('s|'n'|n't|[.,;:!?])(?=[ \"]|$)", r"\1", caption)
    return re.sub(r"\s+", " ", caption).strip()


def for_vocabulary(data):
    """Flickr8k training captions, then Multi30k captions without those of Flickr8k's dev and test images."""
    yield from flickr8k(data, "train")
    held_out = {key(caption) for caption in flickr8k(data, "dev", "test")}
    for caption in multi30k(data, "train"):
        if key(caption) not in held_out:
            yield caption


def for_language_model(data):
    """Every caption once, normally spelled: both sources without what stands in a part that measures or chooses."""
    seen = {key(caption) for caption in flickr8k(data, "dev", "test")}
    seen.update(key(caption) for caption in multi30k(data, "val"))
    seen.add("")
    result = []
    # Multi30k first: of two captions that differ in spelling the better spelled one stays.
    for caption in (*multi30k(data, "train"), *flickr8k(data, "train")):
        if key(caption) not in seen:
            seen.add(key(caption))
            result.append(spelled(caption))
    return result
