"""Stage 1 of lite: trains the projection of the locked tower's features, and the vectors that texts should have.

Needs the caches of extract_features.py and teacher_texts.py. Writes WORK/stage1.pt, and losses to WORK/stage1.tsv.
"""

import argparse
import hashlib
import re
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from clip_model import FeatureProjection
from evaluate_lite import Encoder
from export import load_model
from label_sets import read_class_labels
from lite_classes import MEDIA, NOTHING, all_names
from lite_data import PHOTO_SOURCES, Sets, class_names, medium
from lite_measure import measure
from lite_objective import (
    CAPTION_SCALE_LIMIT, NAME_SCALE_LIMIT, Classifier, Competitors, DrawnThings, Hierarchy, TextSide, contrastive, directions_of,
    MorePlaces, known_names, soft_cross_entropy, synthetic,
)  # fmt: skip
from lite_tower import classifier, default_weights
from teacher_texts import TeacherTexts
from training import append_row, learning_rate, save_checkpoint

JOINT = 384
HIGHEST_STEP = 14.0  # logits
COUNTS = {
    "imagenet": 512, "caltech101": 128, "pacs": 64, "places": 384, "medium": 256, "captions": 384, "person": 96,
    "caltech101-cut": 64, "mini-imagenet-cut": 64, "drawn_things": 64,
}  # fmt: skip
CUT_SOURCES = ("caltech101", "mini-imagenet")  # things cut out of their photos, still photos of them
LABELLED_THINGS = ("caltech101", "pacs", "caltech101-cut", "mini-imagenet-cut")
PERSON = re.compile(
    r"\b(man|men|woman|women|boy|boys|girl|girls|person|people|child|children|kid|kids|lady|guy|player|players|baby|toddler)\b"
)
PEOPLE_NAMES = {"person", "man", "woman", "boy", "girl", "child", "baby", "crowd of people", "human face"}
SEEN = 0.01  # a name that the classifier gives more than this may be on the photo beside the person
STD_FLOOR = 0.02


class Draw:
    """Rows of a table, every row once per round."""

    def __init__(self, count, rng):
        self.count, self.rng, self.queue = count, rng, np.zeros(0, np.int64)

    def __call__(self, size):
        while len(self.queue) < size:
            self.queue = np.concatenate([self.queue, self.rng.permutation(self.count)])
        drawn, self.queue = self.queue[:size], self.queue[size:]
        return torch.as_tensor(drawn)


class Data:
    """Everything that a step draws from."""

    def __init__(self, options, rng):
        self.sets = Sets(options.data, options.cache, options.variant, options.views)
        self.rng = rng
        self.photos = {source: self.sets.training(source) for source in PHOTO_SOURCES}
        self.photos.update({f"{source}-cut": self.sets.training(source, ("cut",)) for source in CUT_SOURCES})
        self.draw = {source: Draw(len(part.names), rng) for source, part in self.photos.items()}
        everything = torch.cat([part.features for part in self.photos.values()]).float()
        self.mean, self.std = everything.mean(dim=0), everything.std(dim=0).clamp(min=STD_FLOOR)
        self.covariance = torch.cov(everything[:: max(1, len(everything) // 40000)].t())
        self.all_features, self.draw_any = everything.half(), Draw(len(everything), rng)
        self.teacher_texts = None if options.refit else TeacherTexts(options.cache)
        self._read_media()
        self._read_captions()

    def _read_media(self):
        """Pictures by medium; "photo" is drawn from all photo sources, so only the others are listed."""
        self.media = {}
        for source in ("pacs", "drawn", "surface", "clipart", "emoji", "screenshot"):
            part = self.photos.get(source) or self.sets.training(source)
            for row, name in enumerate(part.names):
                kind = medium(source, name)
                if kind and kind != "photo":
                    self.media.setdefault(kind, []).append(part.features[row])
        self.media = {kind: torch.stack(rows) for kind, rows in self.media.items()}
        photos = [name for name in PHOTO_SOURCES if name != "mini-imagenet"]
        rows = []
        for source in photos:
            part = self.photos[source]
            flags = [medium(source, name) == "photo" for name in part.names]
            rows.append(part.features[torch.tensor(flags, dtype=torch.bool)])
        self.media["photo"] = torch.cat(rows)

    def _read_captions(self):
        flickr = self.photos["flickr8k"]
        self.captions = [self.sets.captions["train"][name] for name in flickr.names]
        counts = np.array([sum(bool(PERSON.search(text)) for text in group) for group in self.captions])
        self.with_person = torch.as_tensor(np.flatnonzero(counts >= 4))

    def take(self, source, count):
        rows = self.draw[source](count)
        return self.photos[source].features[rows].float(), rows

    def media_batch(self, count):
        """Half photos, the other half shared by the other media."""
        kinds = [kind for kind in (*MEDIA, *NOTHING) if kind in self.media]
        others = [kind for kind in kinds if kind != "photo"]
        picked = ["photo"] * (count // 2) + [str(self.rng.choice(others)) for _ in range(count - count // 2)]
        rows = [self.media[kind][int(self.rng.integers(len(self.media[kind])))] for kind in picked]
        return torch.stack(rows).float(), picked


class Trainer:
    def __init__(self, options):
        self.options, self.rng = options, np.random.default_rng(options.seed)
        self.weights = {**WEIGHTS, **dict(options.weight)}
        self.counts = {name: count * options.batch_scale for name, count in COUNTS.items()}
        torch.manual_seed(options.seed)
        self.data = Data(options, self.rng)
        weight, bias = classifier(options.weights or default_weights(options.variant))
        labels = list(read_class_labels("imagenet").values())
        self.classifier = Classifier(weight, bias, labels)
        self.directions = directions_of(self.classifier, self.data.covariance)
        self.names = known_names()
        self.column = {name: number for number, name in enumerate(self.names)}
        self.image = FeatureProjection({"feature_dim": weight.shape[1], "hidden_dim": options.hidden}, JOINT)
        if options.refit:
            self.texts = self.data.teacher_texts = TowerTexts(options.refit, self.names, options.cache)
            self.image.load_state_dict(load_model(options.refit).visual.state_dict())
        else:
            texts = self.data.teacher_texts
            embeddings = F.normalize(texts.of(self.names) + texts.of([photo_text(name) for name in self.names]), dim=-1)
            self.texts = TextSide(self.names, embeddings, JOINT)
            self._initialise(weight, labels)
        self.scales = torch.nn.Parameter(torch.tensor([30.0, 20.0]).log())
        self._targets()

    def _initialise(self, weight, labels):
        """The linear map starts from the singular vectors of the classifier's rows, names from their coordinates."""
        self.image.feature_mean.copy_(self.data.mean)
        self.image.feature_std.copy_(self.data.std)
        rows = (weight - weight.mean(dim=0)) * self.data.std
        left, values, right = torch.linalg.svd(rows, full_matrices=False)
        roots = values[:JOINT].sqrt()
        start = F.normalize(left[:, :JOINT] * roots, dim=-1)
        with torch.no_grad():
            self.image.linear.weight.copy_(roots[:, None] * right[:JOINT])
            self.image.linear.bias.zero_()
            self.image.output.weight.zero_()
            for label, vector in zip(labels, start):
                self.texts.own[self.column[label]] = 2 * vector

    def _targets(self):
        self.object_columns = torch.tensor([self.column[name] for name in all_names("objects")])
        self.hierarchy = Hierarchy("objects", self.classifier.leaves)
        objects = all_names("objects")
        self.targets, self.competitors = {}, {}
        for source in LABELLED_THINGS:
            found = class_names(self.data.photos[source])
            labels = sorted({name for name in found if name})
            self.competitors[source] = Competitors("objects", labels, objects)
            place = self.competitors[source].labels
            self.targets[source] = torch.tensor([place.get(name, -1) for name in found])
        self.drawn_things = DrawnThings(self.data.sets, objects)
        self.chain_of_leaf = torch.zeros(len(self.hierarchy.leaves), len(self.names))
        for leaf, chain in enumerate(self.hierarchy.chains):
            self.chain_of_leaf[leaf, [self.column[name] for name in chain]] = 1
        self.never_against_person = torch.ones(len(self.names), dtype=torch.bool)
        self.never_against_person[[self.column[name] for name in objects if name not in PEOPLE_NAMES]] = False
        self.places = Hierarchy("places", read_class_labels("miniplaces").values())
        place = {name: number for number, name in enumerate(self.places.leaves)}
        self.place_columns = torch.tensor([self.column[name] for name in all_names("places")])
        self.more_places = MorePlaces(self.places.leaves, self.classifier.leaves)
        self.place_targets = torch.tensor([place[name] for name in class_names(self.data.photos["miniplaces"])])
        self.media_columns = torch.tensor([self.column[name] for name in (*MEDIA, *NOTHING)])

    def embed(self, features):
        """Unit vectors [B, D]; in training with a little noise on the features."""
        noise = self.options.noise * self.data.std * torch.randn_like(features)
        return F.normalize(self.image(features + noise), dim=-1)

    def cut_loss(self, hierarchy, probabilities, cosines, scale, share):
        """Soft cross-entropy over the names of a random cut; `cosines` are [B, all names]."""
        stands = hierarchy.cut(self.rng, share)
        names = list(dict.fromkeys(stands))
        place = {name: number for number, name in enumerate(names)}
        owner = torch.tensor([place[name] for name in stands])
        targets = torch.zeros(len(probabilities), len(names)).index_add_(1, owner, probabilities)
        columns = torch.tensor([self.column[name] for name in names])
        return soft_cross_entropy(scale * cosines[:, columns], targets)

    def losses(self):
        data, rng = self.data, self.rng
        scale = self.scales[0].exp().clamp(max=NAME_SCALE_LIMIT)
        texts = self.texts.names()  # [names, D]
        result = {}

        features = data.all_features[data.draw_any(self.counts["imagenet"])].float()
        half = len(features) // 2
        features[half:] = synthetic(features[half:], self.classifier, self.directions, rng, HIGHEST_STEP)
        logits = self.classifier.logits(features)
        cosines = self.embed(features) @ texts.t()
        share = 0.0 if rng.random() < 0.5 else rng.choice([0.15, 0.3, 0.6])
        result["imagenet"] = sum(
            self.cut_loss(self.hierarchy, self.classifier.merged(logits, temperature), cosines, scale / temperature, share)
            for temperature in (1.0, 2.0)
        )

        for source in LABELLED_THINGS:
            features, rows = data.take(source, self.counts[source])
            labels = self.targets[source][rows]
            known = labels >= 0
            cosines = self.embed(features[known]) @ texts[self.object_columns].t()
            result[source] = self.competitors[source].loss(cosines, labels[known], scale)
        features, rows = self.drawn_things.take(self.counts["drawn_things"], rng)
        cosines = self.embed(features) @ texts[self.object_columns].t()
        result["drawn_things"] = self.drawn_things.loss(cosines, rows, scale, rng)

        features, rows = data.take("miniplaces", self.counts["places"])
        targets = F.one_hot(self.place_targets[rows], len(self.places.leaves)).float()
        cosines = self.embed(features) @ texts.t()
        share = 0.0 if rng.random() < 0.75 else 0.5
        result["places"] = self.cut_loss(self.places, targets, cosines, scale, share)
        result["more_places"] = self.more_places.loss(cosines[:, self.place_columns], self.place_targets[rows], scale)

        features, kinds = data.media_batch(self.counts["medium"])
        embedded = self.embed(features)
        place = {name: number for number, name in enumerate((*MEDIA, *NOTHING))}
        targets = torch.tensor([place[kind] for kind in kinds])
        result["medium"] = F.cross_entropy(scale * embedded @ texts[self.media_columns].t(), targets)
        result["nothing"] = self.nothing_loss(embedded, kinds, texts, scale)

        result["person"] = self.person_loss(texts, scale)
        rows = data.draw["flickr8k"](self.counts["captions"])
        chosen = [str(rng.choice(data.captions[row])) for row in rows.tolist()]
        features = data.photos["flickr8k"].features[rows].float()
        vectors = self.texts.captions(data.teacher_texts.of(chosen))
        caption_scale = self.scales[1].exp().clamp(max=CAPTION_SCALE_LIMIT)
        result["captions"] = contrastive(self.embed(features), vectors, caption_scale)
        return result

    def nothing_loss(self, embedded, kinds, texts, scale):
        """Noise, patterns, plain colours, pages and charts are nothing that an object or place is called."""
        dull = {*NOTHING, "text document", "chart", "diagram"}
        rows = [row for row, kind in enumerate(kinds) if kind in dull]
        targets = torch.tensor([self.column[kinds[row]] for row in rows])
        logits = scale * embedded[rows] @ texts.t()
        media = torch.tensor([self.column[kind] for kind in MEDIA if kind not in dull])
        logits[:, media] = float("-inf")
        return F.cross_entropy(logits, targets)

    def person_loss(self, texts, scale):
        """Photos whose captions speak of people show a person, whatever else the classifier finds on them."""
        rows = self.data.with_person[torch.as_tensor(self.rng.integers(len(self.data.with_person), size=self.counts["person"]))]
        features = self.data.photos["flickr8k"].features[rows].float()
        seen = (self.classifier.merged(self.classifier.logits(features), 1.0) > SEEN).float()
        cosines = self.embed(features) @ texts.t()
        blocked = (seen @ self.chain_of_leaf > 0) | self.never_against_person
        blocked[:, self.column["person"]] = False
        logits = (scale * cosines).masked_fill(blocked, float("-inf"))
        return F.cross_entropy(logits, torch.full((len(rows),), self.column["person"]))

    def run(self):
        options = self.options
        options.work.mkdir(parents=True, exist_ok=True)
        heavy = [parameter for parameter in self.parameters() if parameter.ndim > 1]
        light = [parameter for parameter in self.parameters() if parameter.ndim <= 1]
        groups = [{"params": heavy, "weight_decay": options.decay}, {"params": light, "weight_decay": 0.0}]
        optimizer = torch.optim.AdamW(groups, lr=options.rate, betas=(0.9, 0.98))
        sums, begin = {}, time.monotonic()
        for step in range(options.steps):
            for group in optimizer.param_groups:
                group["lr"] = learning_rate(step / options.steps, options.rate, 0.05)
            losses = self.losses()
            total = sum(self.weights[name] * loss for name, loss in losses.items())
            optimizer.zero_grad()
            total.backward()
            optimizer.step()
            for name, loss in losses.items():
                sums[name] = sums.get(name, 0.0) + loss.item()
            if (step + 1) % options.report == 0:
                row = {name: round(value / options.report, 4) for name, value in sums.items()}
                sums = {}
                found = self.measured(full=step + 1 == options.steps)
                append_row(options.work / "stage1.tsv", ("step", *row, *found), (step + 1, *row.values(), *found.values()))
                print(step + 1, f"{time.monotonic() - begin:.0f} s", row, found, flush=True)
        self.save()
        if self.options.refit:
            self.texts.keep()

    def parameters(self):
        return [*self.image.parameters(), *self.texts.parameters(), self.scales]

    @torch.no_grad()
    def measured(self, full):
        self.texts.eval()
        names, texts = self.texts.names(), self.data.teacher_texts
        result = measure(
            self.data.sets,
            lambda features: F.normalize(self.image(features), dim=-1),
            lambda wanted: names[[self.column[name] for name in wanted]],
            lambda wanted: self.texts.captions(texts.of(wanted)),
            split="test" if full else "dev",
        )
        self.texts.train()
        return result

    @torch.no_grad()
    def save(self):
        self.texts.eval()
        state = {
            "visual": self.image.state_dict(),
            "texts": self.texts.state_dict(),
            "names": self.names,
            "vectors": self.texts.names(),
            "scales": self.scales.detach(),
            "variant": self.options.variant,
        }
        save_checkpoint(state, self.options.work / "stage1.pt")


class TowerTexts(torch.nn.Module):
    """The vectors that an exported text tower gives, in place of those that it learned from: nothing to train."""

    def __init__(self, folder, names, cache):
        super().__init__()
        self.encoder = Encoder(folder)
        weights = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()[:16]
        self.file = cache / f"texts-{weights}.pt"  # texts take minutes: several refits share them
        self.known = torch.load(self.file, map_location=torch.get_default_device()) if self.file.exists() else {}
        self.register_buffer("embeddings", self.encoder.names(names))

    def names(self):
        return self.embeddings

    def of(self, texts):
        """[texts, D]; a text is encoded once."""
        new = [text for text in dict.fromkeys(texts) if text not in self.known]
        if new:
            self.known.update(zip(new, self.encoder.texts(new)))
        return torch.stack([self.known[text] for text in texts])

    def captions(self, vectors):
        return vectors

    def keep(self):
        """Writes the vectors of texts for the next refit."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        torch.save({text: vector.clone() for text, vector in self.known.items()}, self.file)


WEIGHTS = {
    "imagenet": 1.0, "caltech101": 0.5, "pacs": 0.3, "places": 1.0, "more_places": 0.3, "medium": 0.5, "nothing": 0.3, "person": 0.2,
    "captions": 1.0, "caltech101-cut": 0.3, "mini-imagenet-cut": 0.3, "drawn_things": 0.3,
}  # fmt: skip


def photo_text(name):
    from label_sets import fill

    return fill("a photo of {a} {label}", name)


def loss_weight(text):
    name, _, weight = text.partition("=")
    if name not in WEIGHTS:
        raise argparse.ArgumentTypeError(f"{name}: no loss; there are {', '.join(WEIGHTS)}")
    return name, float(weight)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--cache", type=Path, required=True, help="the folder of extract_features.py")
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--variant", default="lite0")
    parser.add_argument("--views", nargs="+", default=["centre", "part"])
    parser.add_argument("--weights", type=Path, help="the tower's .pth; default: that of the installed package")
    parser.add_argument("--steps", type=int, default=450)
    parser.add_argument("--report", type=int, default=100, help="steps between two measurements")
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--decay", type=float, default=0.05)
    parser.add_argument("--hidden", type=int, default=256, help="width of the hidden layer beside the linear map")
    parser.add_argument("--batch-scale", type=int, default=1, help="times the pictures of a step")
    parser.add_argument("--noise", type=float, default=0.4, help="added in training, in a feature's deviations")
    parser.add_argument("--refit", type=Path, help="an exported model: only its image side learns, its text tower is as it is")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--weight", type=loss_weight, nargs="+", default=[], metavar="LOSS=WEIGHT", help="in place of WEIGHTS")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.set_default_device(options.device)
    Trainer(options).run()


if __name__ == "__main__":
    main()
