"""What the image side of lite learns from: losses over cached features and the vectors of names and captions."""

from functools import lru_cache

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

import image_sets
import lite_things
from lite_classes import all_names, ancestors, hypernyms, is_kind_of

CAPTION_SCALE_LIMIT = 35.0
NAME_SCALE_LIMIT = 100.0
TEXT_HIDDEN = 256
OWN_VECTOR_DROPPED = 0.2  # share of the texts of a step that do without their own vector, so that the head learns


class TextSide(nn.Module):
    """Vectors of texts: a head on the teacher's embedding, and for each known name a vector of its own."""

    def __init__(self, names, embeddings, joint):
        super().__init__()
        self.index = {name: number for number, name in enumerate(names)}
        self.register_buffer("embeddings", embeddings)
        width = embeddings.shape[1]
        self.head = nn.Linear(width, joint)
        nn.init.eye_(self.head.weight)
        self.hidden = nn.Linear(width, TEXT_HIDDEN)
        self.output = nn.Linear(TEXT_HIDDEN, joint, bias=False)
        nn.init.zeros_(self.output.weight)
        self.own = nn.Parameter(torch.zeros(len(names), joint))

    def of_embeddings(self, embeddings):
        """Not yet of unit length, [L, D]."""
        return self.head(embeddings) + self.output(F.gelu(self.hidden(embeddings)))

    def names(self):
        """Unit vectors of all names, [L, D]."""
        own = self.own
        if self.training:
            own = own * (torch.rand(len(own), 1) >= OWN_VECTOR_DROPPED)
        return F.normalize(self.of_embeddings(self.embeddings) + own, dim=-1)

    def captions(self, embeddings):
        return F.normalize(self.of_embeddings(embeddings), dim=-1)


class Hierarchy:
    """Names of one category with random cuts: a cut lets some hypernyms stand for all their leaves."""

    def __init__(self, category, leaves):
        self.leaves = list(dict.fromkeys(leaves))
        self.chains = [[leaf, *ancestors(category, leaf)] for leaf in self.leaves]
        self.parents = sorted(set(hypernyms(category).values()))

    def cut(self, rng, share):
        """The name that stands for each leaf if every hypernym is taken with probability `share`."""
        if share == 0:
            return self.leaves
        taken = {name for name in self.parents if rng.random() < share}
        return [next((name for name in chain[1:] if name in taken), chain[0]) for chain in self.chains]


class Classifier:
    """The locked tower's own classifier, merged to names: what ImageNet has taught the tower."""

    def __init__(self, weight, bias, labels):
        self.weight, self.bias = weight, bias
        self.leaves = list(dict.fromkeys(labels))
        place = {name: number for number, name in enumerate(self.leaves)}
        self.owner = torch.tensor([place[label] for label in labels])

    def logits(self, features):
        return features @ self.weight.t() + self.bias

    def merged(self, logits, temperature):
        """Probabilities of the names, [B, leaves]."""
        shares = (logits / temperature).softmax(dim=-1)
        return torch.zeros(len(logits), len(self.leaves)).index_add_(1, self.owner, shares)


def synthetic(features, classifier, directions, rng, highest):
    """Features of pictures that nobody took: a mix of two, and a step that raises one class by 0 to `highest` logits.

    The step goes along the features' covariance times the class's row, the direction in which that logit changes most
    for the least unlikely change of features. Features are averages of ReLU6 outputs: never negative.
    """
    count = len(features)
    other = features[torch.randperm(count)]
    share = torch.as_tensor(rng.beta(0.6, 0.6, (count, 1))).float()
    mixed = share * features + (1 - share) * other
    classes = torch.as_tensor(rng.integers(len(directions), size=count))
    step = torch.as_tensor(rng.uniform(0, highest, (count, 1))).float()
    return (mixed + step * directions[classes]).clamp_(min=0)


def directions_of(classifier, covariance):
    """For each class the step that raises its logit, against the mean of all, by one: [classes, F]."""
    rows = classifier.weight - classifier.weight.mean(dim=0)
    steps = rows @ covariance
    return steps / (steps * rows).sum(dim=1, keepdim=True)


def soft_cross_entropy(logits, targets):
    return -(targets * logits.log_softmax(dim=-1)).sum(dim=-1).mean()


def related(category, name, other):
    return is_kind_of(category, name, other) or is_kind_of(category, other, name)


class Competitors:
    """For each label of a data set: which names of the category may compete with it, [labels, names]."""

    def __init__(self, category, labels, names):
        allowed = np.ones((len(labels), len(names)), bool)
        for row, label in enumerate(labels):
            for column, name in enumerate(names):
                allowed[row, column] = name == label or not related(category, name, label)
        self.labels = {label: row for row, label in enumerate(labels)}
        self.columns = torch.tensor([names.index(label) for label in labels])
        self.blocked = torch.as_tensor(~allowed)

    def loss(self, cosines, rows, scale):
        """Cross-entropy of scaled cosines [B, names] of pictures whose labels are `rows`."""
        logits = (scale * cosines).masked_fill(self.blocked[rows], float("-inf"))
        return F.cross_entropy(logits, self.columns[rows])


class DrawnThings:
    """Drawings of openclipart and emoji whose names say what they show (lite_things.py), often several things."""

    def __init__(self, sets, names):
        emoji = image_sets.emoji_names(sets.data)
        features, self.labels, blocked = [], [], []
        relatives = lru_cache(maxsize=None)(lambda label: torch.tensor([related("objects", name, label) for name in names]))
        for source, labels_of in (("clipart", lite_things.of_clipart), ("emoji", lambda name: lite_things.of_emoji(emoji[name]))):
            part = sets.training(source)
            for row, name in enumerate(part.names):
                labels = [label for label in labels_of(name) if label in names]
                if labels:
                    features.append(part.features[row])
                    self.labels.append([names.index(label) for label in labels])
                    blocked.append(torch.stack([relatives(label) for label in labels]).any(dim=0))
        self.features, self.blocked = torch.stack(features), torch.stack(blocked)

    def take(self, count, rng):
        rows = torch.as_tensor(rng.integers(len(self.labels), size=count))
        return self.features[rows].float(), rows

    def loss(self, cosines, rows, scale, rng):
        """Cross-entropy with one of each drawing's labels; its other labels, and what is a kind of either, do not compete."""
        targets = torch.tensor([int(rng.choice(self.labels[row])) for row in rows.tolist()])
        blocked = self.blocked[rows].scatter(1, targets[:, None], False)
        return F.cross_entropy((scale * cosines).masked_fill(blocked, float("-inf")), targets)


class MorePlaces:
    """Places that only the tower's classifier knows (a beach, a library) compete with those that photos are named by,
    unless both are of one kind: a photo of a coast may well show a beach."""

    def __init__(self, leaves, classes):
        names, classes = all_names("places"), set(classes)
        kinds = set(hypernyms("places").values())
        blocked = torch.zeros(len(leaves), len(names), dtype=torch.bool)
        for row, leaf in enumerate(leaves):
            for column, name in enumerate(names):
                near = ancestors("places", name)[:1] == ancestors("places", leaf)[:1] or name not in classes
                blocked[row, column] = name != leaf and name not in leaves and near or name in kinds
        self.blocked = blocked
        self.columns = torch.tensor([names.index(leaf) for leaf in leaves])

    def loss(self, cosines, rows, scale):
        logits = (scale * cosines).masked_fill(self.blocked[rows], float("-inf"))
        return F.cross_entropy(logits, self.columns[rows])


def contrastive(images, texts, scale):
    """InfoNCE in both directions over matching rows."""
    logits = scale * images @ texts.t()
    targets = torch.arange(len(logits))
    return (F.cross_entropy(logits, targets) + F.cross_entropy(logits.t(), targets)) / 2


def known_names():
    """Names of all categories, each once, in a fixed order."""
    return list(dict.fromkeys(name for category in ("objects", "places", "medium") for name in all_names(category)))
