"""Trains the word head of lite: which words people would use for a picture, from the locked tower's cached features.

One linear layer, 1,280 features to the words of lite_model/word_classes.txt that stand in the captions of enough training
photos. A photo's target for a word is 1 if two of its five captions hold it, 0.5 for one, 0 for none. Captions show what
people photograph: other sets say what is not there. Each word's probability is 1 / (1 + exp(-logit)).

Writes words.safetensors (F16) and words.txt, one "word<TAB>class" a line, in the order of the rows.
"""

import argparse
import functools
import re
from collections import Counter
from pathlib import Path

import torch
from torch.nn import functional as F

import safetensors_file
from lite_data import Sets, class_names, hash_of

LEAST_PHOTOS = 40
STEPS, BATCH, RATE, DECAY, DROPOUT = 400, 768, 1e-3, 0.3, 0.3
OTHER_WEIGHT = 0.5  # of a photo without captions, beside one with them
OTHER_PHOTOS = 4_000  # of each other source, one view each
VALIDATION_EVERY = 10  # of these every tenth is kept for choosing

# Words that are as true as any of others: whoever sees a man sees a person, and who leaps jumps.
ONE = "man woman boy girl person child kid guy lady baby toddler adult player skateboarder biker rider cyclist bicyclist climber hiker surfer skier snowboarder male female"
MANY = "people children men girls boys women kids guys couple crowd players adults family spectators group audience team band friends dancers"
GENERAL = {name: words.split() for name, words in {
    "person": ONE, "people": MANY, "child": "boy girl kid toddler baby children kids boys girls",
    "man": "guy gentleman", "woman": "lady", "men": "guys",
    "animal": "dog dogs horse horses bird birds animals puppy cat cow sheep", "animals": "dogs horses birds",
    "dog": "dogs puppy poodle greyhound terrier collie retriever", "bicycle": "bike bikes bicycles bicyclist cyclist biker bmx",
    "motorcycle": "motorbike dirtbike", "car": "cars", "boat": "boats canoe kayak raft sailboat",
    "running": "run runs ran races racing sprinting", "jumping": "jump jumps leap leaps leaping midair airborne",
    "sitting": "sit sits seated", "standing": "stand stands", "walking": "walk walks", "swimming": "swim swims", "climbing": "climb climbs climber",
    "riding": "ride rides rider biker cyclist bicyclist", "playing": "play plays", "skateboarding": "skateboarder skateboard skateboards",
    "surfing": "surfer surfs surfboard", "skiing": "skier skis skiers ski", "snowboarding": "snowboarder snowboard snowboards",
    "water": "lake ocean sea river pool pond stream creek waves wave waterfall surf", "snow": "snowy", "beach": "shore seashore",
    "grass": "grassy lawn", "rocks": "rocky boulders rock", "rock": "boulder", "mountain": "mountains", "trees": "forest woods wooded tree",
    "sand": "sandy beach", "street": "sidewalk", "road": "highway", "ball": "football basketball baseball volleyball", "pool": "poolside",
    "building": "buildings",
}.items()}  # fmt: skip

# Caltech-101's faces are those of adults.
CHILDREN = "boy boys girl girls child children kid kids baby toddler little".split()

# What can be seen on nearly every photo of a place of MiniPlaces. Only words of OUTDOOR_WORDS, which photos of rooms are
# without: a word that is taught where it is true and nowhere where it is not becomes a word for photos of places.
SHOWN = {name: set(words.split()) for name, words in {
    "coast": "water ocean", "harbor": "water", "river": "water river", "swamp": "water trees", "dam": "water", "swimming_pool_outdoor": "water pool",
    "iceberg": "water", "hot_spring": "water", "fountain": "water", "rainforest": "trees forest", "campsite": "trees", "yard": "grass trees",
    "cemetery": "grass trees", "ski_slope": "snow", "mountain": "mountain mountains", "volcano": "mountain", "valley": "mountain mountains",
    "canyon": "rocks rocky", "badlands": "rocks rocky", "rock_arch": "rocks", "desert_sand": "sand", "golf_course": "grass trees",
    "baseball_field": "field grass", "stadium_football": "field grass", "corn_field": "field", "highway": "road",
    "bamboo_forest": "trees forest", "botanical_garden": "trees",
}.items()}  # fmt: skip
INDOORS = {
    "butchers_shop", "bookstore", "bakery_shop", "bar", "ballroom", "bathroom", "bowling_alley", "bedroom", "bus_interior", "beauty_salon",
    "banquet_hall", "martial_arts_gym", "museum_indoor", "office", "kitchen", "kindergarden_classroom", "hospital_room", "food_court",
    "corridor", "coffee_shop", "clothing_store", "classroom", "candy_store", "cockpit", "conference_room", "lobby", "locker_room",
    "laundromat", "living_room", "shower", "supermarket", "stage_indoor", "auditorium", "assembly_line", "art_gallery", "restaurant", "dining_room",
}  # fmt: skip
DRY = {
    "railroad_track", "corn_field", "highway", "parking_lot", "cemetery", "racecourse", "track_outdoor", "baseball_field", "stadium_football",
    "amphitheater", "skyscraper", "badlands", "desert_sand", "gas_station", "fire_station", "phone_booth", "church_outdoor", "construction_site",
    "market_outdoor", "playground", "trench", "slum", "runway", "driveway", "bamboo_forest", "rock_arch", "amusement_park", "abbey",
    "monastery_outdoor", "temple_east_asia", "shed", "courtyard", "forest_path",
}  # fmt: skip
WATER_WORDS = "water ocean lake river beach waves wave pool pond stream".split()
FAR_WORDS = [*WATER_WORDS, "snow", "snowy", "mountain", "mountains", "sand", "sandy", "field", "hill"]  # on no picture of a lamp
OUTDOOR_THINGS = {
    "lotus flower", "water lily", "Joshua tree", "minaret", "pagoda", "pyramid", "nautilus", "starfish", "anchor", "stop sign", "cannon",
    "sunflower", "airplane", "helicopter",
}  # fmt: skip
WARM = {
    "rainforest", "bamboo_forest", "corn_field", "swimming_pool_outdoor", "baseball_field", "golf_course", "desert_sand", "coast", "botanical_garden",
}  # fmt: skip
OUTDOOR_WORDS = (
    "snow snowy beach ocean mountain mountains hill lake forest woods wooded field sand sandy grass grassy river road street sidewalk rocks "
    "rocky cliff trees waves wave pool water dirt trail mud yard shore slope"
).split()  # fmt: skip
INDOOR_WORDS = "room bed floor couch kitchen".split()

# Places that are mostly photographed without people in them.
EMPTY_PLACES = {
    "abbey", "aqueduct", "badlands", "bamboo_forest", "basilica", "bathroom", "bedroom", "boathouse", "bridge", "building_facade",
    "butte", "canyon", "castle", "cemetery", "chalet", "coast", "corridor", "courtyard", "dam", "desert_sand", "dining_room",
    "driveway", "fire_station", "forest_path", "gas_station", "highway", "hospital_room", "iceberg", "islet", "kitchen", "lighthouse",
    "living_room", "mansion", "marsh", "mountain", "ocean", "office", "palace", "parking_lot", "pagoda", "pond", "rainforest",
    "reception", "residential_neighborhood", "rice_paddy", "ruin", "shed", "shower", "skyscraper", "staircase", "swamp",
    "temple_east_asia", "topiary_garden", "tower", "train_railway", "trench", "valley", "volcano", "watering_hole", "wheat_field",
    "wind_farm", "windmill", "yard", "closet", "pantry", "rock_arch", "sandbar", "snowfield", "hot_spring", "corn_field",
    "coral_reef", "sea_cliff", "promontory", "monastery_outdoor",
}  # fmt: skip


def read_classes(path):
    """{word: class}; a word that is listed twice belongs to the first."""
    classes = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name, words = line.split(":", 1)
            for word in words.split():
                classes.setdefault(word, name)
    return classes


def caption_words(group):
    """In how many captions of one photo each word stands, or one that makes it true."""
    counts = Counter()
    for caption in group:
        words = set(re.findall(r"[a-z]+", caption.lower()))
        counts.update(words | {general for general, exact in GENERAL.items() if not words.isdisjoint(exact)})
    return counts


def captioned(sets, split, words):
    """Features, targets [N, W] of Flickr8k's photos of a split."""
    pictures = sets.training("flickr8k") if split == "train" else sets.measured("flickr8k", split)
    place = {word: number for number, word in enumerate(words)}
    targets = torch.zeros(len(pictures.names), len(words))
    for row, name in enumerate(pictures.names):
        for word, count in caption_words(sets.captions[split][name]).items():
            if word in place:
                targets[row, place[word]] = min(1.0, count / 2)
    return pictures.features, targets


def absent_classes(source, name, label):
    """The classes of words that a photo without captions certainly does not ask for."""
    if source == "miniplaces":
        absent = {"animal", "size"}
        return absent | {"person", "clothing", "action"} if name.split("/")[0] in EMPTY_PLACES else absent
    if source == "caltech101":
        if name.split("/")[0] in ("Faces", "Faces_easy", "BACKGROUND_Google"):
            return {"animal"} if "Faces" in name else set()
        return {"person", "clothing", "action"} | (set() if label in ANIMALS else {"animal"}) | (set() if label in VEHICLES else {"vehicle"})
    return {"person", "clothing", "vehicle"} if label in ANIMALS else set()


def shown_words(source, name):
    """The words that are true of nearly every photo of its kind."""
    kind = name.split("/")[0]
    if source == "caltech101":
        return {"person"} if "Faces" in kind else set()
    return SHOWN.get(kind, set()) if source == "miniplaces" else set()


def absent_words(source, name, label):
    """The words that are true of none of its kind, whatever their class."""
    kind = name.split("/")[0]
    if source == "caltech101":
        if "Faces" in kind:
            return set(CHILDREN)
        return set(FAR_WORDS) if label and label not in ANIMALS | VEHICLES | OUTDOOR_THINGS else set()
    if source != "miniplaces":
        return set()
    absent = set(OUTDOOR_WORDS if kind in INDOORS else INDOOR_WORDS) | set(WATER_WORDS if kind in DRY else ())
    absent -= SHOWN.get(kind, set())
    return absent | {"snow", "snowy"} if kind in WARM else absent


ANIMALS, VEHICLES = set(), set()


def read_kinds(labels):
    """Names of labels/lite/objects.txt that are kinds of animals and of vehicles."""
    above = {}
    for line in labels.read_text(encoding="utf-8").splitlines():
        name, *options = (part.strip() for part in line.split(" | "))
        above[name] = next((option[5:].strip() for option in options if option.startswith("is-a:")), None)

    def is_a(name, kind):
        while name is not None and name != kind:
            name = above.get(name)
        return name == kind

    ANIMALS.update(name for name in above if is_a(name, "animal"))
    VEHICLES.update(name for name in above if is_a(name, "vehicle"))


def without_captions(sets, words, classes, validation):
    """Features, mask [N, W] of the words of which it is known whether they are true, targets [N, W]."""
    features, masks, targets = [], [], []

    @functools.cache
    def columns_of(absent, others, shown):
        known = torch.tensor([classes[word] in absent or word in others or word in shown for word in words])
        return known, torch.tensor([float(word in shown) for word in words])

    for source in ("miniplaces", "caltech101", "mini-imagenet"):
        pictures = sets.training(source)
        every = max(1, len(pictures.names) // OTHER_PHOTOS)
        pictures = pictures.where(hash_of(name) // VALIDATION_EVERY % every == 0 for name in pictures.names)
        pictures = pictures.where((hash_of(name) % VALIDATION_EVERY == 0) == validation for name in pictures.names)
        features.append(pictures.features)
        for name, label in zip(pictures.names, class_names(pictures)):
            absent = frozenset(absent_classes(source, name, label))
            known, target = columns_of(absent, frozenset(absent_words(source, name, label)), frozenset(shown_words(source, name)))
            masks.append(known)
            targets.append(target)
    return torch.cat(features), torch.stack(masks), torch.stack(targets)


def train(features, targets, others, masks, other_targets, seed):
    """Weight [W, 1280] and bias [W] on features as the tower gives them."""
    torch.manual_seed(seed)
    mean, std = features.float().mean(0), features.float().std(0).clamp_min(1e-3)
    layer = torch.nn.Linear(features.shape[1], targets.shape[1])
    torch.nn.init.zeros_(layer.weight)
    with torch.no_grad():
        layer.bias.copy_(torch.logit(targets.mean(0).clamp(1e-4, 0.9)))
    optimizer = torch.optim.AdamW(layer.parameters(), RATE, weight_decay=DECAY)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, STEPS)
    scaled, others_scaled = (features.float() - mean) / std, (others.float() - mean) / std
    for _ in range(STEPS):
        own, other = torch.randint(len(features), (BATCH,)), torch.randint(len(others), (BATCH // 2,))
        loss = F.binary_cross_entropy_with_logits(layer(F.dropout(scaled[own], DROPOUT)), targets[own])
        logits = layer(F.dropout(others_scaled[other], DROPOUT))
        known = F.binary_cross_entropy_with_logits(logits, other_targets[other], reduction="none") * masks[other]
        loss = loss + OTHER_WEIGHT * known.mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    with torch.no_grad():
        weight = layer.weight / std
        return weight, layer.bias - weight @ mean


def calibrate(words, classes, weight, bias, sets):
    """Platt scaling (1999), one scale and offset for each class of words, on Flickr8k dev: does a caption hold the word?"""
    features, targets = captioned(sets, "dev", words)
    logits, spoken = features.float() @ weight.t() + bias, (targets > 0).float()
    for name in sorted(set(classes.values())):
        columns = [number for number, word in enumerate(words) if classes[word] == name]
        scale, offset = torch.ones((), requires_grad=True), torch.zeros((), requires_grad=True)
        solver = torch.optim.LBFGS([scale, offset], max_iter=30)

        def closure():
            solver.zero_grad()
            loss = F.binary_cross_entropy_with_logits(logits[:, columns] * scale + offset, spoken[:, columns])
            loss.backward()
            return loss

        solver.step(closure)
        with torch.no_grad():
            weight[columns] *= scale
            bias[columns] = bias[columns] * scale + offset
        print(f"{name:9} scale {scale.item():.2f} offset {offset.item():+.2f}")


def report(words, classes, weight, bias, sets, others, masks, other_targets):
    """Precision at 0.5 on Flickr8k dev, by class: the share of words that stand in a caption of the photo."""
    features, targets = captioned(sets, "dev", words)
    with torch.no_grad():
        own = torch.sigmoid(features.float() @ weight.t() + bias)
        other = torch.sigmoid(others.float() @ weight.t() + bias)
    for name in sorted(set(classes.values())):
        columns = [number for number, word in enumerate(words) if classes[word] == name]
        said = own[:, columns] >= 0.5
        true = (targets[:, columns] > 0)[said].float().mean()
        wrong = ((other >= 0.5) & masks & (other_targets == 0))[:, columns].any(1).float().mean()
        shown = (masks & (other_targets > 0))[:, columns]
        found = f", of what is shown {100 * (other[:, columns] >= 0.5)[shown].float().mean():.0f} % said" if shown.any() else ""
        print(f"{name:9} {len(columns):4} words, {said.float().sum(1).mean():.2f} a photo at 0.5, {100 * true:.0f} % true; absent ones said on {100 * wrong:.1f} % of other photos{found}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--cache", type=Path, required=True, help="folder of extract_features.py")
    parser.add_argument("--classes", type=Path, default=Path("scripts/train/lite_model/word_classes.txt"))
    parser.add_argument("--labels", type=Path, default=Path("labels/lite/objects.txt"))
    parser.add_argument("--model", type=Path, default=Path("models/lite"))
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    classes = read_classes(options.classes)
    read_kinds(options.labels)
    sets = Sets(options.data, options.cache, "lite0", views=("centre",))
    photos = Counter(word for group in sets.captions["train"].values() for word in caption_words(group))
    words = [word for word in classes if photos[word] >= LEAST_PHOTOS]
    features, targets = captioned(sets, "train", words)
    others, masks, other_targets = without_captions(sets, words, classes, validation=False)
    weight, bias = train(features, targets, others, masks, other_targets, options.seed)
    calibrate(words, classes, weight, bias, sets)
    report(words, classes, weight, bias, sets, *without_captions(sets, words, classes, validation=True))
    safetensors_file.write(options.model / "words.safetensors", {"words.weight": weight.numpy(), "words.bias": bias.numpy()})
    (options.model / "words.txt").write_text("".join(f"{word}\t{classes[word]}\n" for word in words), encoding="utf-8")


if __name__ == "__main__":
    main()
