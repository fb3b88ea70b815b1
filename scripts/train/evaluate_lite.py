"""Measures an exported lite on the parts that it was not trained on, from the cached features of the centre view.

Writes MODEL/eval.json and prints a table. Names are embedded by the exported text tower under the templates of the
label sets; Flickr8k's test captions as they are.
"""

import argparse
import json
from pathlib import Path

import torch
import torch.nn.functional as F

from export import load_model
from label_sets import fill, read_class_labels
from lite_classes import all_names, ancestors
from lite_data import Sets, class_names, medium
from lite_measure import measure, percent
from texts import Tokenizer

TEMPLATES = ("{label}", "a photo of {a} {label}")
COVERAGES = (10, 20, 30, 40)
PHOTOS = ("caltech101", "pacs", "imagen", "imagenette")  # sources with a known object on each picture


class Encoder:
    """The exported model: unit vectors of features, names and texts."""

    def __init__(self, folder):
        self.model = load_model(folder)
        context = self.model.config["text_config"]["max_position_embeddings"]
        self.tokenizer = Tokenizer(Path(folder) / "tokenizer.model", context)

    @torch.no_grad()
    def features(self, features):
        return self.model.encode_image(features)

    @torch.no_grad()
    def texts(self, texts):
        return torch.cat([self.model.encode_text(self.tokenizer.batch(texts[i : i + 256])) for i in range(0, len(texts), 256)])

    def names(self, names):
        each = [self.texts([fill(template, name) for name in names]) for template in TEMPLATES]
        return F.normalize(sum(each), dim=-1)


class Hedger:
    """Probabilities of names and of their hypernyms, each the sum of its kinds', and the most specific sure name."""

    def __init__(self, encoder, negatives):
        places = set(all_names("places"))
        parents = {name for leaf in all_names("objects") for name in ancestors("objects", leaf)}
        self.leaves = [name for name in all_names("objects") if name not in places and name not in parents]
        self.leaves += ["person"]
        shown = [*self.leaves, *negatives]
        self.vectors = encoder.names(shown)
        self.scale = encoder.model.logit_scale.exp().item()
        self.names = [*self.leaves, *sorted(parents - {"person"})]
        place = {name: number for number, name in enumerate(self.names)}
        self.sums = torch.zeros(len(shown), len(self.names))
        for row, leaf in enumerate(self.leaves):
            for name in (leaf, *ancestors("objects", leaf)):
                self.sums[row, place[name]] = 1
        self.depth = torch.tensor([len(ancestors("objects", name)) for name in self.names])

    def statements(self, embedded, limit):
        """(name, its probability) of each picture: the deepest name of at least `limit`, None if no name has that."""
        shares = (self.scale * embedded @ self.vectors.t()).softmax(dim=-1) @ self.sums  # [B, names]
        rank = torch.where(shares >= limit, self.depth + shares, torch.tensor(-1.0))
        best = rank.argmax(dim=1)
        sure = rank.max(dim=1).values >= 0
        picked = shares[torch.arange(len(best)), best]
        return [(self.names[i], p.item()) if ok else (None, 0.0) for i, p, ok in zip(best.tolist(), picked, sure.tolist())]


def is_true(name, truth):
    return name == truth or name in ancestors("objects", truth) or truth in ancestors("objects", name)


def hedged(sets, encoder, source, limits):
    """Per limit: share of a source's photos that something is said of, share of that which is true, share of leaves."""
    pictures = sets.measured(source)
    pictures = pictures.where(medium(source, name) == "photo" for name in pictures.names)
    truths = class_names(pictures)
    places = set(all_names("places"))
    pictures = pictures.where(truth is not None and truth not in places for truth in truths)
    truths = [truth for truth in truths if truth is not None and truth not in places]
    negatives = ["noise", "a pattern", "a plain colour", "text document", "chart", "diagram"]
    negatives += [name for name in dict.fromkeys(read_class_labels("imagenet").values()) if name in places]
    hedger = Hedger(encoder, negatives)
    embedded = encoder.features(pictures.features.float())
    result = {}
    for limit in limits:
        said = [(name, truth) for (name, _), truth in zip(hedger.statements(embedded, limit), truths) if name]
        right = [is_true(name, truth) for name, truth in said]
        leaves = [name in set(hedger.leaves) for name, _ in said]
        result[str(limit)] = {
            "named": round(100 * len(said) / len(truths), 1),
            "true": percent(torch.tensor(right)),
            "leaves": percent(torch.tensor(leaves)),
        }
    return {"photos": len(truths), **result}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--cache", type=Path, required=True, help="the folder of extract_features.py")
    parser.add_argument("--model", type=Path, default=Path("models/lite"))
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    encoder = Encoder(options.model)
    variant = encoder.model.config["vision_config"]["image_tower"].removeprefix("efficientnet-")
    sets = Sets(options.data, options.cache, variant, views=("centre",))
    result = measure(sets, encoder.features, encoder.names, encoder.texts, split="test")
    result["hedged"] = {source: hedged(sets, encoder, source, (0.5, 0.7, 0.8, 0.9)) for source in PHOTOS}
    text = json.dumps({"versions": {"torch": torch.__version__}, **result}, indent=2) + "\n"
    (options.model / "eval.json").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
