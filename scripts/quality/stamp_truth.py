#!/usr/bin/env python3
"""Writes which objects are true of the stamps of Tux Paint: cut-out photos and drawings, used in no training or calibration.

    scripts/quality/stamp_truth.py --out FOLDER [--stamps /usr/share/tuxpaint/stamps]
    kiloword eval --set lite/objects --list FOLDER/stamps.tsv --map FOLDER/stamps.map

The stamps are those of Debian's package tuxpaint-stamps-default, without letters, coins, shapes and other symbols. True of
one are the labels that its English description or its file's name holds, what its folder is called, and what WORDS says of
its words; where a label is only said as its kind ("pigeon" as "bird"), the kind decides.
"""

import argparse
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# What lies in a folder, and in the folders below it.
FOLDERS = {
    "animals": "animal", "animals/birds": "bird", "animals/fish": "fish", "animals/insects": "insect", "animals/lizards": "lizard",
    "animals/shellfish": "shellfish|food", "food": "food", "food/fruit": "fruit", "food/vegetables": "vegetable",
    "plants/flowers": "flower", "plants/trees": "tree", "plants/mushrooms": "mushroom", "clothes": "clothing", "clothes/hats": "hat",
    "hobbies/music": "musical instrument", "hobbies/music/string": "string instrument", "hobbies/music/wind": "wind instrument",
    "hobbies/music/brass": "wind instrument", "household/tools": "tool", "household/dishes/utensils": "kitchen utensil",
    "vehicles": "vehicle", "vehicles/auto": "car", "vehicles/flight": "aircraft", "vehicles/flight/planes": "airplane",
    "vehicles/ship": "boat", "military/vehicles": "vehicle", "sports": "sports equipment", "town/roadsigns": "sign",
    "town/houses": "house", "town/monuments": "monument",
}  # fmt: skip
# Words of descriptions that labels call otherwise.
WORDS = {
    "hen": "chicken", "chick": "bird", "drake": "duck", "gander": "goose", "cow": "cattle", "bull": "cattle", "yak": "cattle",
    "zebu": "cattle", "gnu": "antelope", "blackbuck": "antelope", "ram": "sheep", "lamb": "sheep", "boar": "pig",
    "chimpanzee": "ape", "tamarin": "monkey", "peahen": "peacock", "lorikeet": "parrot", "rosella": "parrot", "raptor": "airplane",
    "plane": "airplane", "747": "airplane", "cep": "bolete mushroom", "firetruck": "fire truck", "cupcake": "dessert", "cake": "dessert",
    "pie": "dessert", "pudding": "dessert", "jacket": "coat", "t shirt": "shirt", "cup of coffee": "cup", "apc": "armored vehicle",
    "stryker": "armored vehicle", "paratrooper": "parachute", "sail boat": "sailboat", "pumpkin": "vegetable", "tomato": "fruit",
    "mandarin orange": "orange", "yellow pepper": "bell pepper", "green pepper": "bell pepper", "roast turkey": "food",
    "american football": "ball", "woodlouse": "pill bug", "mine": "house", "pitcher": "pitcher", "squirrel": "rodent", "rat": "rodent",
    "capybara": "rodent", "marmot": "rodent", "balloon": "balloon", "dingo": "dog", "wrench": "tool", "mallet": "tool",
    "hammer": "tool", "shrimp": "crustacean", "apple": "apple", "compost bin": "waste container", "astronaut": "person",
    "rag doll": "doll", "palm": "tree", "oak": "tree", "pine": "tree", "fir": "tree", "rose": "flower", "tulip": "flower",
    "hibiscus": "flower", "stoplight": "traffic light", "uniform": "clothing",
}  # fmt: skip


def read_labels():
    """Label -> what is said in its place, or itself."""
    said = {}
    for line in (ROOT / "labels/lite/objects.txt").read_text(encoding="utf-8").split("---\n")[1].splitlines():
        name, *options = (part.strip() for part in line.split("|"))
        said[name] = next((option[4:].strip() for option in options if option.startswith("say:")), name)
    return said


def labels_of(stamp, folder, said):
    place = stamp.relative_to(folder).parent
    true = set()
    for part in [place, *place.parents]:
        true.update(FOLDERS.get(str(part), "").split("|"))
    described = stamp.with_suffix(".txt")
    text = described.read_text(encoding="utf-8", errors="replace").splitlines()[0] if described.exists() else ""
    words = " " + " ".join(re.findall("[a-z0-9]+", (text + " " + re.sub("[-_0-9]", " ", stamp.stem)).lower())) + " "
    for word, label in [*((name.lower(), name) for name in said), *WORDS.items()]:
        if re.search(f" {re.escape(word)}(s|es)? ", words):
            true.add(label)
    true.update(label for label, name in said.items() if name != label and name in true)
    return sorted(true & set(said))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stamps", type=Path, default=Path("/usr/share/tuxpaint/stamps"))
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    said = read_labels()
    stamps = [path for path in sorted(options.stamps.rglob("*")) if path.suffix in (".png", ".svg") and "symbols" not in path.parts]
    if not stamps:
        sys.exit(f"no stamps in {options.stamps}")
    options.out.mkdir(parents=True, exist_ok=True)
    names = [str(path.relative_to(options.stamps)) for path in stamps]
    (options.out / "stamps.tsv").write_text("".join(f"{path}\t{name}\n" for path, name in zip(stamps, names)), encoding="utf-8")
    lines = (f"{name}\t{'|'.join(labels_of(path, options.stamps, said))}\n" for path, name in zip(stamps, names))
    (options.out / "stamps.map").write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
