#!/usr/bin/env python3
"""Writes which statements are true of photos of several sources: what lite is calibrated with and measured on.

    scripts/quality/lite_truth.py --data ../shared/data --photos FOLDER --out FOLDER

For each set of labels/lite: OUT/SET.map, and OUT/SET/SOURCE.tsv with lines PATH<TAB>CLASS, as `kiloword calibrate
--truth-list` and `kiloword eval --list` read them. No picture of a source called `train` or `dev` is in its other part.
FOLDER is that of scripts/train/README.md; packed and drawn pictures are written to OUT/pictures.

What is true of a photo: its class, where it has one; for Flickr8k what its five captions speak of, by the words of WORDS
and the names of the labels. A label that is there but that nobody mentions counts as false.
"""

import argparse
import re
import sys
import zlib
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "train"))

import numpy as np

import captions
import lite_photos
import lite_things
import plain_pictures
from image_sets import emoji_names, read_rows
from label_sets import read_class_labels, read_label_set
from lite_classes import ancestors, is_kind_of
from lite_data import DRAWN_CLASSES, DRAWN_MEDIA, MEASURED_EVERY, PACS_MEDIA, hash_of

TRAINED_PLACES = 62000  # photos of MiniPlaces that lite learned from
LIMIT = 1000  # pictures of a source, chosen by a hash of their names
SHAPES, TILINGS = 400, 500  # pictures of plain shapes, and of patterns
ABSENT = "-"
# Nobody has told what things are on the photos of places; but these are not, where the place is none of UNCLEAR.
NOT_THERE = {"indoor": ("animal", "musical instrument", "vehicle", "weapon"), "outdoor": ("animal", "musical instrument", "furniture")}
UNCLEAR = {  # animals, vehicles or instruments may well be there
    "aquarium", "corral", "chicken coop", "barn", "pasture", "coral reef", "pond", "swamp", "marsh", "stable", "zoo", "kennel",
    "beach", "coast", "park", "yard", "veterinarian's office", "field", "wild field", "music studio", "stage",
    "racecourse", "bus interior", "subway platform", "airport terminal", "fire station", "cockpit",
}  # fmt: skip
# Words of captions for labels that captions call otherwise.
WORDS = {
    "objects": {
        "person": "man|men|woman|women|boys?|girls?|person|people|child|children|kids?|lady|ladies|guys?|players?|baby|babies|"
        "toddlers?|crowd|someone|rider|climber|skier|surfer|swimmer|biker|cyclist|couple|teams?|family|friends|runners?|dancers?",
        "man": "man|men|guys?|gentleman", "woman": "woman|women|lady|ladies", "boy": "boys?", "girl": "girls?",
        "child": "child|children|kids?|toddlers?|boys?|girls?", "baby": "baby|babies|toddlers?|infant",
        "crowd of people": "crowd|audience|spectators",
        "dog": "dogs?|puppy|puppies|poodle|terrier|collie|retriever|greyhounds?|labrador|dalmatian|bulldog|beagle",
        "bicycle": "bicycles?|bikes?|bicyclists?|cyclists?|bikers?", "motorcycle": "motorcycles?|motorbikes?|dirt bikes?|dirtbikes?",
        "car": "cars?|suv|sedan|taxi|race car", "truck": "trucks?|pickup", "ball": "balls?|soccer|football|basketball|baseball|volleyball",
        "hat": "hats?|caps?|beanie", "boat": "boats?|canoes?|kayaks?|rafts?|sailboats?", "horse": "horses?|pony",
        "building": "buildings?|houses?|store|church|castle|skyscrapers?", "shirt": "shirts?|t-shirt|tshirt", "glasses": "glasses|goggles",
    },
    "places": {
        "indoors": "indoors?|inside|room|kitchen|couch|sofa|restaurant|bar|store|shop|gym|stage|office|bedroom|carpet|table|bed|floor|"
        "hallway|classroom|library|subway|basement",
        "outdoors": "outdoors?|outside|grass|grassy|field|beach|snow|snowy|street|sidewalk|road|park|mountains?|hill|lake|ocean|river|"
        "water|sand|sandy|trees?|woods|forest|sky|yard|backyard|garden|dirt|trail|rocks?|rocky|cliff|pond|stream|city|waves?|wave|"
        "track|stadium|soccer|baseball|fence|leaves|meadow|skateboards?|skateboarder|ramp|boat|bike|bicycle|surfer|surfboard",
        "street or road": "streets?|roads?|sidewalk|highway|alley|crosswalk|traffic|path|trail",
        "waterside": "beach|lake|ocean|river|sea|pond|shore|waves?|water|creek|stream|surf\\w*|pool|pier|dock|coast",
        "landscape": "mountains?|hills?|fields?|forest|desert|canyon|valley|snow|snowy|woods|meadow|cliff|rocky|rocks?|trail|grass|grassy",
        "nature": "mountains?|hills?|fields?|forest|desert|canyon|valley|snow|snowy|woods|meadow|cliff|rocky|rocks?|trail|grass|grassy|"
        "beach|lake|ocean|river|sea|pond|trees?|waves?",
        "open ground": "fields?|park|yard|grass|grassy|lawn|meadow|dirt|sand|playground|lot|desert|snow",
        "sports ground": "soccer|football|baseball|basketball|tennis|court|stadium|rugby|hockey|volleyball|field|track|arena|pitch|rink",
        "baseball field": "baseball|softball", "soccer field": "soccer", "football field": "football|rugby", "tennis court": "tennis",
        "building": "buildings?|houses?|church|castle|city|skyscrapers?|temple|tower", "swimming pool": "pool", "ski slope": "ski\\w*|snowboard\\w*",
        "crosswalk": "crosswalk|crossing", "playground": "playground|slide|swings?", "beach": "beach|shore", "coast": "coast|beach|shore|ocean|sea",
    },
}


def by_hash(pairs, limit=LIMIT):
    return sorted(pairs, key=lambda pair: zlib.crc32(str(pair[0]).encode()))[:limit]


def patterns(category, labels):
    """{label: expression that finds it in a caption}."""
    known = WORDS[category]
    return {label: re.compile(rf"\b(?:{known.get(label, re.escape(label.lower()) + '(?:s|es)?')})\b") for label in labels}


class Sources:
    def __init__(self, data, photos, out):
        self.data, self.photos, self.out = data, photos, out
        self.held = {name: {label for _, _, label in read_rows(data, f"{name}-val")} for name in ("caltech101", "pacs", "miniplaces")}

    def files(self, source):
        """[(name, path)] of a source that is files."""
        listed = lite_photos.pictures(source, self.photos, self.data)
        return [(name.split("/", 1)[1], loader.args[0]) for name, loader in listed]

    def split(self, source):
        """(training part, validation part)."""
        listed = self.files(source)
        return ([item for item in listed if (item[0] in self.held[source]) == held] for held in (False, True))

    def plain(self, name, drawers, count):
        """Pictures of nothing, as files."""
        folder = self.out / "pictures" / name
        folder.mkdir(parents=True, exist_ok=True)
        for number in range(count):
            path = folder / f"{number:03}.png"
            if not path.exists():
                drawers[number % len(drawers)](np.random.default_rng(number)).save(path)
            yield path

    def written(self, source, keep):
        """Pictures of a pack or drawn ones, as files."""
        listed = lite_photos.pictures(source, self.photos, self.data)
        return self._save(source, ((name, load) for name, load in listed if keep(name.split("/", 1)[1])))

    def cut_out(self, source):
        """Things cut out of photos, as files; without those that could not be cut out."""
        listed = lite_photos.pictures(source, self.photos, self.data)
        return self._save(f"{source}-cut", ((name, partial(cut_out_of, name, load)) for name, load in listed))

    def _save(self, folder, listed):
        folder = self.out / "pictures" / folder
        folder.mkdir(parents=True, exist_ok=True)
        for name, load in listed:
            name = name.split("/", 1)[1]
            path = folder / f"{name.replace('/', '_')}.png"
            if not path.exists():
                image = load()
                if image is None:
                    continue
                image.save(path)
            yield name, path


def cut_out_of(name, load):
    return lite_photos.cut_out(name, load())


def named(listed, class_of):
    """[(path, label)] of (name, path); pictures whose class is no label are left out."""
    return [(path, label) for name, path in listed if (label := class_of(name))]


def flickr(sources, split, category, labels):
    """[(path, labels that the captions speak of)]."""
    found = patterns(category, labels)
    for image, texts in captions.flickr8k_by_image(sources.data, split).items():
        path = sources.photos / "flickr8k/data/images" / f"{image}.jpg"
        text = " . ".join(texts).lower()
        truth = [label for label, pattern in found.items() if pattern.search(text)]
        if path.is_file() and (category == "objects" or "indoors" in truth or "outdoors" in truth):
            yield path, "|".join(truth) or ABSENT


def measured(name):
    return hash_of(name) % MEASURED_EVERY == 0


def write(path, pairs, limit=LIMIT):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{picture}\t{truth}\n" for picture, truth in by_hash(pairs, limit)), encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--photos", type=Path, required=True)
    parser.add_argument("--labels", type=Path, default=Path("labels/lite"))
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    sources = Sources(options.data, options.photos.resolve(), options.out.resolve())
    labels = {name: set(read_label_set(options.labels / f"{name}.txt").labels) for name in ("objects", "places", "medium")}

    caltech, pacs = list(sources.split("caltech101")), list(sources.split("pacs"))
    caltech_class, pacs_class, imagenet = (read_class_labels(name) for name in ("lite-caltech101", "pacs", "imagenet"))
    imagen = [(name[:9], path) for name, path in sources.files("imagen")]
    imagenette = [(path.parent.name, path) for _, path in sources.files("imagenette")]
    drawn = list(sources.written("drawn", measured))
    screenshots = [item for item in sources.files("screenshot") if measured(item[0])]
    clipart = sources.files("clipart")
    emoji = list(sources.written("emoji", measured))
    surfaces = [(path, ABSENT) for _, path in sources.written("surface", measured)]
    miniplaces = sources.files("miniplaces")[TRAINED_PLACES:]
    place = read_class_labels("miniplaces")
    lists = {}

    def in_set(category, pairs):
        return [(path, label) for path, label in pairs if label in labels[category]]

    nothing = [(path, ABSENT) for _, path in (*drawn, *screenshots)]
    for part, listed in zip(("train", "val"), caltech):
        lists[f"objects/caltech101-{part}"] = in_set("objects", named(listed, lambda name: caltech_class.get(name.split("/")[0])))
    for part, listed in zip(("train", "val"), pacs):
        photos = [item for item in listed if item[0].startswith("photo/")]
        lists[f"objects/pacs-{part}"] = in_set("objects", named(photos, lambda name: pacs_class[name.split("/")[1]]))
        others = [item for item in listed if not item[0].startswith("photo/")]
        lists[f"objects/pacs-drawn-{part}"] = in_set("objects", named(others, lambda name: pacs_class[name.split("/")[1]]))
        lists[f"medium/pacs-{part}"] = named(listed, lambda name: PACS_MEDIA[name.split("/")[0]])
    for source, listed in (("imagen", imagen), ("imagenette", imagenette)):
        known = named(listed, imagenet.get)
        lists[f"objects/{source}"] = in_set("objects", known)
        lists[f"places/{source}"] = in_set("places", known)
        lists[f"medium/{source}"] = [(path, "photo") for path, _ in known]
    lists["medium/imagen-cut"] = [(path, "photo") for _, path in sources.cut_out("imagen")]
    things = {}
    for kind, absent in NOT_THERE.items():
        kept = [name for name in sorted(labels["objects"]) if not any(is_kind_of("objects", name, other) for other in absent)]
        things[kind] = "|".join(kept)
    for part, listed in (("train", miniplaces), ("val", sources.files("miniplaces-val"))):
        pairs = [(path, label) for path, label in named(listed, lambda name: place[name.split("/")[0]]) if label not in UNCLEAR]
        lists[f"objects/miniplaces-{part}"] = [
            (path, "indoor" if "indoors" in ancestors("places", label) else "outdoor") for path, label in pairs
        ]
    for split in ("dev", "test"):
        for category in ("objects", "places"):
            lists[f"{category}/flickr8k-{split}"] = list(flickr(sources, split, category, sorted(labels[category])))
        lists[f"medium/flickr8k-{split}"] = [(path, "photo") for path, _ in lists[f"objects/flickr8k-{split}"]]
    lists["places/miniplaces-train"] = named(miniplaces, lambda name: place[name.split("/")[0]])
    lists["places/miniplaces-val"] = named(sources.files("miniplaces-val"), lambda name: place[name.split("/")[0]])
    shapes = [(path, ABSENT) for path in sources.plain("shapes", [plain_pictures.shapes], SHAPES)]
    tilings = [(path, ABSENT) for path in sources.plain("tilings", plain_pictures.TILINGS, TILINGS)]
    for category in ("objects", "places"):
        lists[f"{category}/nothing"] = nothing
        lists[f"{category}/shapes"] = shapes
    lists["objects/tilings"] = tilings
    lists["objects/surfaces"] = lists["medium/surfaces"] = surfaces
    for part, listed in zip(("train", "val"), caltech):
        lists[f"medium/caltech101-{part}"] = [(path, "photo") for name, path in listed if name.split("/")[0] not in DRAWN_CLASSES]
    lists["medium/miniplaces-val"] = [(path, "photo") for path, _ in lists["places/miniplaces-val"]]
    lists["medium/clipart"] = [(path, "drawing") for name, path in clipart if measured(name)]
    lists["medium/emoji"] = [(path, "emoji") for _, path in emoji]
    name_of = emoji_names(options.data)
    trained = {lite_things.family(name) for name, _ in clipart if not measured(name)}
    unseen = [(name, path) for name, path in clipart if measured(name) and lite_things.family(name) not in trained]
    drawings = [(path, lite_things.of_clipart(name)) for name, path in unseen]
    drawings += [(path, lite_things.of_emoji(name_of[name])) for name, path in emoji]
    lists["objects/drawn-things"] = [(path, "|".join(sorted(found))) for path, names in drawings if (found := labels["objects"] & set(names))]
    lists["medium/screenshot"] = [(path, "screenshot") for _, path in screenshots]
    lists["places/drawings"] = [(path, ABSENT) for path, _ in (*lists["medium/clipart"], *lists["medium/emoji"])]
    for name, path in drawn:
        kind = DRAWN_MEDIA[name.split("/")[0]]
        key = "medium/drawn" if kind in labels["medium"] else "medium/nothing"
        lists.setdefault(key, []).append((path, kind if key == "medium/drawn" else ABSENT))

    for name, pairs in lists.items():
        write(options.out / f"{name}.tsv", pairs)
        print(f"{name}: {min(len(pairs), LIMIT)}")
    for category in labels:
        classes = {truth for name, pairs in lists.items() if name.startswith(category) for _, truth in pairs}
        known = {ABSENT: "", **things} if category == "objects" else {ABSENT: ""}
        rows = "".join(f"{truth}\t{known.get(truth, truth)}\n" for truth in sorted(classes))
        (options.out / f"{category}.map").write_text(rows, encoding="utf-8")


if __name__ == "__main__":
    main()
