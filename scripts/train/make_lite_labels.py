"""Writes lite's label sets, labels/lite/*.txt, from the names that lite is taught (lite_classes.py)."""

import argparse
from pathlib import Path

from label_sets import read_class_labels
from lite_classes import MEDIA, MORE_OBJECTS, NOT_AN_OBJECT, all_names, hypernyms

HEADS = {
    "objects": (
        "# Animals, plants, food, vehicles, tools and other things that the bundled model lite was taught, and their kinds.\n"
        "# What is a place (a bakery, a lighthouse) is in places.txt only. Made by scripts/train/make_lite_labels.py.\n"
        "category: objects\n"
        "description: {count} things, from beagle to dog to animal\n"
        "statement: There is {{a}} {{label}} in this image.\n"
        "match: {{label}}\n"
        "match: a photo of {{a}} {{label}}\n"
        "negative: noise\nnegative: a pattern\nnegative: a plain colour\nnegative: text document\nnegative: chart\n"
        "negative: diagram\n"
        "{places}"
        "min-confidence: 0.5\n"
    ),
    "places": (
        "# Places, indoors and outdoors, that the bundled model lite was taught. Made by scripts/train/make_lite_labels.py.\n"
        "category: scene\n"
        "description: {count} places, indoors and outdoors\n"
        "statement: This image depicts {{a}} {{label}}.\n"
        "match: {{label}}\n"
        "match: a photo of {{a}} {{label}}\n"
        "negative: noise\nnegative: a pattern\nnegative: a plain colour\nnegative: text document\nnegative: chart\n"
        "negative: diagram\n"
        "min-confidence: 0.5\n"
    ),
    "medium": (
        "# How a picture was made, as far as the bundled model lite can tell. Made by scripts/train/make_lite_labels.py.\n"
        "category: medium\n"
        "description: photo, painting, drawing, cartoon, sketch, emoji, screenshot, document, chart, diagram\n"
        "statement: This is {{a}} {{label}}.\n"
        "match: {{label}}\n"
        "match: this is {{a}} {{label}}\n"
        "negative: noise\nnegative: a pattern\nnegative: a plain colour\n"
        "min-confidence: 0.5\n"
    ),
}
# Nouns without an article, and pairs.
NO_ARTICLE = {
    "cattle", "furniture", "clothing", "food", "bread", "fruit", "jewelry", "corn", "sweet corn", "broccoli",
    "cauliflower", "guacamole", "mashed potatoes", "pasta carbonara", "chocolate sauce", "dough", "red wine", "eggnog",
    "hay", "wool yarn", "velvet", "lotion", "sunscreen", "face powder", "chain mail", "armor", "tights", "hairspray",
    "toilet paper", "paper", "clear soup", "water polo", "railroad car", "sports equipment", "cabbage",
} - {"railroad car", "water polo", "jewelry"}  # fmt: skip
PAIRS = {"binoculars", "jeans", "sunglasses", "scissors", "headphones", "mittens", "pajamas", "swim trunks"}
SAY = {
    "indoors": "indoor scene", "outdoors": "outdoor scene", "nature": "scene in nature", "open ground": "open space",
    "waterside": "place by the water", "parallel bars": "set of parallel bars", "standing stones": "group of standing stones",
    # The only ones of their kind in the source that they come from, which others look like: other flowers, trees, birds ...
    "lotus flower": "flower", "water lily": "flower", "bonsai tree": "tree", "Joshua tree": "tree", "pigeon": "bird",
    "gerenuk": "antelope", "schooner": "sailboat", "ewer": "pitcher",
}  # fmt: skip
WITH_TEXT = {"screenshot", "chart", "diagram"}
ARTICLES = {"unicycle": "a", "hourglass": "an", "Eskimo dog": "an", "euphonium": "a"}


def line(name, is_a):
    options = ""
    if name in PAIRS:
        options = f" | say: pair of {name}"
    elif name in SAY:
        options = f" | say: {SAY[name]}"
    elif name in NO_ARTICLE:
        options = " | article: none"
    elif name in ARTICLES:
        options = f" | article: {ARTICLES[name]}"
    if name in WITH_TEXT:
        options += f" | with-text: {name} with text"
    return f"{name}{options}{f' | is-a: {is_a}' if is_a else ''}\n"


def objects_and_places():
    """Names of the two sets: a name that is both is a place."""
    places = set(all_names("places"))
    objects = [name for name in all_names("objects") if name not in places and name not in NOT_AN_OBJECT]
    return objects, all_names("places")


def write(path, category, names, hierarchy, extra=""):
    head = HEADS[category].format(count=len(names), places=extra)
    parents = hypernyms(category) if hierarchy and category != "medium" else {}
    known = set(names)
    lines = [line(name, parents.get(name) if parents.get(name) in known else None) for name in names]
    path.write_text(head + "---\n" + "".join(sorted(lines, key=str.lower)), encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=Path("labels/lite"))
    parser.add_argument("--hierarchy", action="store_true", help="hypernyms too, and `is-a:` for each kind")
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    objects, places = objects_and_places()
    if not options.hierarchy:
        kinds = set(hypernyms("objects").values()) - set(read_class_labels("lite-caltech101").values()) - {"person"}
        objects = [name for name in objects if name not in kinds and name not in MORE_OBJECTS[2:]]
        places = [name for name in places if name not in set(hypernyms("places").values())]
    negatives = [name for name in read_class_labels("imagenet").values() if name in set(all_names("places"))]
    extra = "".join(f"negative: {name}\n" for name in dict.fromkeys(negatives))
    write(options.output / "objects.txt", "objects", objects, options.hierarchy, extra)
    write(options.output / "places.txt", "places", places, options.hierarchy)
    write(options.output / "medium.txt", "medium", list(MEDIA), options.hierarchy)


if __name__ == "__main__":
    main()
