"""What training minimises."""

import numpy as np
import torch
import torch.nn.functional as F

import texts
from patterns import NOTHING

# Share of each loss in the sum; the keys are also the names of the image sources where there is one.
WEIGHTS = {
    "tiny-imagenet": 1.0,
    "miniplaces": 0.8,
    "caltech101": 0.2,
    "pacs": 0.2,
    "medium": 0.6,
    "captions": 0.3,
    "mascots": 0.15,
    "emoji": 0.05,
    "nothing": 0.2,
}
PHOTO_SOURCES = ("tiny-imagenet", "miniplaces", "flickr8k")
PHOTOS_FOR_MEDIUM = 4  # of each photo source: they are photos, too
OTHER_CAPTIONS, OTHER_EMOJI = 24, 16  # texts that compete without an image in the batch
PAIRS_PER_SET, CAPTION_PAIRS = 128, 96  # of a step in which the text tower learns alone
LABEL_SMOOTHING = 0.05


class Heads(torch.nn.Module):
    """Linear classifiers on the image tower's raw output; they teach the image tower while the text tower is young.

    They are not part of the model, and their weight in the loss falls to zero.
    """

    def __init__(self, joint, label_sets):
        super().__init__()
        sizes = {name: len(label_set.labels) for name, label_set in label_sets.items()}
        self.sources = {"tiny-imagenet": "objects", "caltech101": "objects", "pacs": "objects", "miniplaces": "scene"}
        self.layers = torch.nn.ModuleDict(
            {name: torch.nn.Linear(joint, sizes[name]) for name in ("objects", "scene", "medium")}
        )

    def losses(self, raw, slices, targets):
        """{name: loss} for raw image tower outputs [B, D]."""

        def classify(head, rows, target):
            return F.cross_entropy(self.layers[head](rows), target.to(rows.device), label_smoothing=LABEL_SMOOTHING)

        result = {name: classify(head, raw[slices[name]], targets[name]) for name, head in self.sources.items()}
        result["medium"] = classify("medium", raw[slices["pacs"]], targets["medium"])
        return result


class Objective:
    """The sum of all losses of a batch that tie images to texts."""

    def __init__(self, sources, label_sets):
        self.sources, self.label_sets = sources, label_sets
        self.pacs_objects = np.unique(sources.targets["pacs"])
        known = np.concatenate([sources.targets["tiny-imagenet"], sources.targets["caltech101"]])
        # Names such as "dog" compete only within PACS: Tiny-ImageNet's dogs have breeds.
        self.photo_objects = np.unique(known)

    def encode_texts(self, bank, targets):
        rng, sets = self.sources.rng, self.label_sets
        for name in ("objects", "scene"):
            bank.add_classes(name, texts.class_texts(sets[name], rng))
        for name in ("medium", "mascots"):
            bank.add(name, texts.class_texts(sets[name], rng))
        bank.add("no mascot", sets["mascots"].negatives)
        bank.add("no scene", [text for text in sets["scene"].negatives if text not in NOTHING])
        bank.add("nothing", NOTHING)
        bank.add_classes("pacs", texts.medium_of_object_texts(sets["medium"], sets["objects"], self.pacs_objects, rng))
        emoji = list(dict.fromkeys(targets["emoji"]))
        emoji += self.sources.other_emoji(OTHER_EMOJI, emoji)
        self.emoji_targets = torch.tensor([emoji.index(name) for name in targets["emoji"]])
        bank.add("emoji", texts.emoji_texts(emoji, rng))
        bank.add("captions", targets["captions"] + self.sources.other_captions(OTHER_CAPTIONS))
        bank.encode()

    def text_pairs(self):
        """Two lists of texts that mean the same, row by row: a label under two templates, two captions of an image."""
        rng, first, second = self.sources.rng, [], []
        for name, label_set in self.label_sets.items():
            chosen = rng.permutation(len(label_set.labels))[:PAIRS_PER_SET]
            for side in (first, second):
                group = texts.class_texts(label_set, rng)
                side.extend(group[index] for index in chosen)
        for _ in range(CAPTION_PAIRS):
            one, other = self.sources.caption_pair()
            first.append(one)
            second.append(other)
        return first, second

    def losses(self, images, text, scale, slices, targets):
        """{name: loss} for image embeddings [B, D] and the step's text embeddings."""

        def classify(rows, embedded, target):
            return F.cross_entropy(scale * rows @ embedded.t(), target.to(rows.device), label_smoothing=LABEL_SMOOTHING)

        scenes = torch.cat([text["scene"], text["no scene"], text["nothing"]])
        result = {"miniplaces": classify(images[slices["miniplaces"]], scenes, targets["miniplaces"])}
        photo_objects = torch.cat([text["objects"][torch.from_numpy(self.photo_objects)], text["nothing"]])
        for name in ("tiny-imagenet", "caltech101"):
            target = torch.from_numpy(np.searchsorted(self.photo_objects, targets[name].numpy()))
            result[name] = classify(images[slices[name]], photo_objects, target)
        place = torch.from_numpy(np.searchsorted(self.pacs_objects, targets["pacs"].numpy()))
        target = targets["medium"] * len(self.pacs_objects) + place
        result["pacs"] = classify(images[slices["pacs"]], text["pacs"], target)
        result["medium"] = self._medium(images, text, classify, slices, targets)
        result["emoji"] = classify(images[slices["emoji"]], text["emoji"], self.emoji_targets)
        result["mascots"] = self._mascots(images, text, scale, slices, targets)
        result["nothing"] = self._nothing(images, text, scenes, classify, slices, targets)
        logits = scale * images[slices["flickr8k"]] @ text["captions"].t()
        own = torch.arange(len(logits), device=logits.device)
        result["captions"] = (F.cross_entropy(logits, own) + F.cross_entropy(logits[:, : len(own)].t(), own)) / 2
        return result

    def _medium(self, images, text, classify, slices, targets):
        media = self.label_sets["medium"].labels
        rows, target = [images[slices["pacs"]]], [targets["medium"]]
        for name in PHOTO_SOURCES:
            rows.append(images[slices[name]][:PHOTOS_FOR_MEDIUM])
            target.append(torch.full((PHOTOS_FOR_MEDIUM,), media.index("photo")))
        plain = targets["emoji_plain"]
        rows.append(images[slices["emoji"]][plain])
        target.append(torch.full((int(plain.sum()),), media.index("emoji")))
        return classify(torch.cat(rows), torch.cat([text["medium"], text["nothing"]]), torch.cat(target))

    def _nothing(self, images, text, scenes, classify, slices, targets):
        """Patterns against every label of every set, drawings against the places: neither is any of them."""
        everything = torch.cat([text["objects"], text["mascots"], text["medium"], scenes])
        patterns = classify(images[slices["nothing"]], everything, targets["nothing"] + len(everything) - len(NOTHING))
        drawn = targets["medium"] != self.label_sets["medium"].labels.index("photo")
        drawings = images[slices["pacs"]][drawn.to(images.device)]
        no_scene = torch.full((len(drawings),), len(text["scene"]))
        return patterns + classify(drawings, scenes, no_scene)

    def _mascots(self, images, text, scale, slices, targets):
        """Mascots against each other and the negatives; for other pictures any negative is right."""
        embedded = torch.cat([text["mascots"], text["no mascot"]]).t()
        known = F.cross_entropy(scale * images[slices["mascots"]] @ embedded, targets["mascots"].to(images.device))
        others = [images[slices[name]][:PHOTOS_FOR_MEDIUM] for name in (*PHOTO_SOURCES, "pacs", "emoji", "nothing")]
        logprobs = (scale * torch.cat(others) @ embedded).log_softmax(dim=1)
        return known - logprobs[:, len(text["mascots"]) :].logsumexp(dim=1).mean()
