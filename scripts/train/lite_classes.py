"""The names that `lite` learns: label sets, which class of a data set is which name, and what is a kind of what."""

from functools import lru_cache
from pathlib import Path

from label_sets import read_class_labels

LABELLED = ("objects", "places", "medium")
MEDIA = (
    "photo", "painting", "drawing", "cartoon", "sketch", "emoji", "screenshot", "text document", "chart", "diagram",
)  # fmt: skip
NOTHING = ("noise", "a pattern", "a plain colour")  # what is none of the media
MORE_OBJECTS = ("giraffe", "house", "man", "woman", "boy", "girl", "child", "baby", "crowd of people")
NOT_AN_OBJECT = {"human brain", "dollar bill"}  # measured, but no label of the shipped set


@lru_cache(maxsize=None)
def hypernyms(category):
    """{name: its hypernym} of "objects" or "places"."""
    path = Path(__file__).parent / "classes" / "lite-hypernyms.tsv"
    rows = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines())
    return {name: parent for kind, name, parent in rows if kind == category}


def ancestors(category, name):
    """The hypernyms of a name, nearest first."""
    parents, result = hypernyms(category), []
    while name in parents:
        name = parents[name]
        result.append(name)
    return result


@lru_cache(maxsize=None)
def all_names(category):
    """Every name of a category, leaves first, each once."""
    if category == "medium":
        return [*MEDIA, *NOTHING]
    classes = ("imagenet", "lite-caltech101") if category == "objects" else ("miniplaces",)
    names = [label for name in classes for label in read_class_labels(name).values()]
    names += MORE_OBJECTS if category == "objects" else ()
    parents = hypernyms(category)
    return list(dict.fromkeys([*names, *parents, *parents.values()]))


def is_kind_of(category, name, other):
    """Is `name` the same as `other`, or a kind of it?"""
    return name == other or other in ancestors(category, name)
