"""The text embeddings of a training step."""

import math

import numpy as np
import torch

FRESH_SHARE = 0.2  # of class texts are encoded in a step; the rest compete with the embedding of their last turn
TEXT_BATCHES = 4  # texts of similar length are encoded together


class TextBank:
    """Embeddings of all texts of a step, by group name.

    Encoding every class text in every step would cost more than the images. Groups given to `add_classes` are
    encoded in part, with gradient; their other rows are the (detached) embeddings of an earlier step.
    """

    def __init__(self, model, tokenizer, device, rng):
        self.model, self.tokenizer, self.device, self.rng = model, tokenizer, device, rng
        self.clear()

    def clear(self):
        self.rows, self.places, self.kept, self.embeddings = {}, {}, {}, {}

    def add(self, name, group):
        self.rows[name] = [self.tokenizer.encode(text) for text in group]

    def add_classes(self, name, group):
        if name in self.kept:
            chosen = self.rng.choice(len(group), math.ceil(FRESH_SHARE * len(group)), replace=False)
            self.places[name] = torch.from_numpy(chosen).to(self.device)
            group = [group[index] for index in chosen]
        else:
            self.kept[name] = None
        self.add(name, group)

    def encode(self):
        """Encodes what was added, in batches of similar length."""
        rows = [row for group in self.rows.values() for row in group]
        order = np.argsort([len(row) for row in rows], kind="stable")
        embedded = []
        for chunk in np.array_split(order, TEXT_BATCHES):
            tokens = self.tokenizer.pad([rows[index] for index in chunk])
            embedded.append(self.model.encode_text(tokens.to(self.device)).float())
        back = torch.from_numpy(np.argsort(order, kind="stable")).to(self.device)
        parts = torch.cat(embedded)[back].split([len(group) for group in self.rows.values()])
        self.embeddings = dict(zip(self.rows, parts))
        for name in self.kept:
            if name in self.places:
                self.embeddings[name] = self.kept[name].index_copy(0, self.places[name], self.embeddings[name])
            self.kept[name] = self.embeddings[name].detach()

    def __getitem__(self, name):
        return self.embeddings[name]
