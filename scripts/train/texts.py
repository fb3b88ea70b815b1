"""Texts of one training step: class texts under random templates, and tokenisation."""

import numpy as np
import sentencepiece
import torch

from label_sets import fill

# Used in training beside the templates of the label files, so that the text tower depends on no single wording.
MORE_TEMPLATES = {
    "objects": (
        "{label}",
        "a bad photo of {a} {label}",
        "a blurry photo of {a} {label}",
        "a photo of the {label}",
        "there is {a} {label} in the picture",
        "it shows {a} {label}",
        "{a} {label} in a photo",
    ),
    "scene": (
        "{label}",
        "a photo of the {label}",
        "a picture of {a} {label}",
        "the place is {a} {label}",
        "a photo that was taken in {a} {label}",
        "it shows {a} {label}",
    ),
    "medium": ("{label}", "the picture is {a} {label}", "it is {a} {label}", "an image in the form of {a} {label}"),
    "mascots": ("{label}", "it shows {a} {label}", "{a} {label} in a photo", "the mascot {label}"),
}
MEDIUM_OF_OBJECT = (
    "{medium} of {object}",
    "a picture of {object}, {medium}",
    "{medium} that shows {object}",
    "{object}, {medium}",
)
EMOJI_TEMPLATES = ("{label}", "an emoji: {label}", "the emoji {label}", "an emoji of {label}")
PLAIN_LABEL_SHARE = 0.2  # of class texts use the label itself instead of its match text
SAME_TEMPLATE_SHARE = 0.5  # of steps use one template for a whole set


class Tokenizer:
    """SentencePiece ids between begin and end, cut to `context` tokens with the end kept."""

    def __init__(self, path, context):
        self.pieces = sentencepiece.SentencePieceProcessor(model_file=str(path))
        self.context = context

    def encode(self, text):
        ids = self.pieces.encode(text)[: self.context - 2]
        return [self.pieces.bos_id(), *ids, self.pieces.eos_id()]

    def pad(self, rows):
        """Ids [B, T], padded to the longest row."""
        rows = [torch.tensor(row) for row in rows]
        return torch.nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_value=self.pieces.pad_id())

    def batch(self, texts):
        """Ids [B, T] of texts, padded to the longest."""
        return self.pad([self.encode(text) for text in texts])


def class_texts(label_set, rng):
    """One text per label of a set, each under a random template."""
    templates = [*label_set.templates, *MORE_TEMPLATES[label_set.name]]
    count = len(label_set.labels)
    if rng.random() < SAME_TEMPLATE_SHARE:
        chosen = [int(rng.integers(len(templates)))] * count
    else:
        chosen = rng.integers(len(templates), size=count)
    plain = rng.random(count) < PLAIN_LABEL_SHARE
    words = np.where(plain, label_set.labels, label_set.match_texts)
    return [fill(templates[chosen[i]], str(words[i]), label_set.articles[i]) for i in range(count)]


def medium_of_object_texts(media, objects, object_indices, rng):
    """Texts such as "a sketch of a dog": every medium with every given object, media outermost."""
    result = []
    for medium in media.labels:
        for index in object_indices:
            template = MEDIUM_OF_OBJECT[int(rng.integers(len(MEDIUM_OF_OBJECT)))]
            text = template.replace("{object}", objects.text(index, "{a} {label}"))
            result.append(text.replace("{medium}", fill("{a} {label}", medium)))
    return result


def emoji_texts(names, rng):
    return [EMOJI_TEMPLATES[int(rng.integers(len(EMOJI_TEMPLATES)))].replace("{label}", name) for name in names]
