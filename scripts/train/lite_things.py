"""What is shown by cut-out drawings whose names say it: openclipart's files and emoji.

No photo set has many of these things (a cow, a deer, the moon), and none shows things without a background.
"""

import re
from functools import lru_cache
from pathlib import Path

from lite_classes import all_names, ancestors

# What lies in a folder of openclipart, and in the folders below it.
FOLDERS = {
    "animals/birds": "bird", "animals/bugs": "insect", "animals/dinosaurs": "dinosaur", "animals/fish": "fish",
    "animals/mammals/dogs": "dog", "animals/mammals/bears": "bear",
    "buildings/furniture": "furniture", "buildings/homes": "house", "food/fruit": "fruit", "food/vegetables": "vegetable",
    "food/beverages": "drink", "food/desserts": "dessert", "food/breads_and_carbs": "bread", "plants/flowers": "flower",
    "plants/trees": "tree", "recreation/music": "musical instrument", "transportation/vehicles": "vehicle",
    "transportation/boating": "boat",
}  # fmt: skip
WORD_FILE = Path(__file__).parent / "classes" / "lite-object-words.tsv"
# Emoji of faces, hands, persons and signs: their names speak of things that they do not show.
NO_THING = re.compile(r"\b(face with|sign|symbol|squared|letter|tile|indicator|ideograph|clock face|button|input|no|without|"
                      r"smiling|grinning|crying|pouting|kissing|weary|hand|finger|gesturing|arrow|emoji|modifier|style|mens|womens)\b")  # fmt: skip


@lru_cache(maxsize=1)
def words():
    """[(expression, label)], the longest words first; a label stands for itself."""
    rows = [line.split("\t") for line in WORD_FILE.read_text(encoding="utf-8").splitlines()]
    known = {name.lower(): name for name in all_names("objects")}
    known.update(rows)
    return [
        (re.compile(rf"(?<![a-z-]){re.escape(word)}(s|es)?(?![a-z-])"), known[word]) for word in sorted(known, key=len, reverse=True)
    ]


def labels_in(text):
    """Labels that a name's words speak of. A word counts for the longest label that it is part of: a hot dog is no dog."""
    text, found = " ".join(re.findall("[a-z0-9-]+", text.lower().replace("'", ""))), []
    for expression, label in words():
        text, count = expression.subn(" ", text)
        if count and label and label not in found:
            found.append(label)
    return most_specific(found)


def most_specific(labels):
    """Without the labels that another one of them is a kind of."""
    above = {name for label in labels for name in ancestors("objects", label)}
    return [label for label in labels if label not in above]


def of_clipart(name):
    """Labels of the drawing `folder/file`."""
    folder, _, file = name.rpartition("/")
    if folder.startswith(("computer/icons", "signs_and_symbols", "shapes", "logos", "special", "transportation/roadsigns")):
        return []
    labels = labels_in(re.sub("[-_0-9]", " ", file))
    labels += [label for place, label in FOLDERS.items() if (folder + "/").startswith(place + "/")]
    return most_specific(list(dict.fromkeys(labels)))


def family(name):
    """What copies of a drawing in other folders, in black and white or with another number have in common."""
    return re.sub(r"[^a-z]*(_bw)?[^a-z]*$", "", name.rpartition("/")[2].lower())


def of_emoji(name):
    """Labels of an emoji by its name ("cow face")."""
    return [] if NO_THING.search(name.replace("'", "")) else labels_in(name)
