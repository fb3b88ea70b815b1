"""Trains the SentencePiece vocabulary on captions, label texts and emoji names."""

import argparse
import gzip
import itertools
import tempfile
from pathlib import Path

import sentencepiece

from label_sets import read_label_folder

LABEL_REPEATS = 5  # label texts are few; repeated so that their words get pieces of their own


def captions(data):
    """Flickr8k training captions, then Multi30k captions without those of Flickr8k's dev and test images."""
    held_out = set()
    for line in (data / "flickr8k.captions.tsv").read_text(encoding="utf-8").splitlines():
        split, _, caption = line.split("\t", 2)
        if split == "train":
            yield caption
        elif split in ("dev", "test"):
            held_out.add(normalised(caption))
    with gzip.open(data / "captions-multi30k-train.txt.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            if normalised(line) not in held_out:
                yield line.strip()


def normalised(caption):
    return "".join(character for character in caption.lower() if character.isalnum())


def label_texts(folder):
    for label_set in read_label_folder(folder).values():
        yield from label_set.negatives
        for index, label in enumerate(label_set.labels):
            yield label
            for template in label_set.templates:
                yield label_set.text(index, template)


def emoji_names(data):
    for line in (data / "emoji.names.tsv").read_text(encoding="utf-8").splitlines():
        yield line.split("\t")[1]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--labels", type=Path, default=Path("labels/nano"))
    parser.add_argument("--output", type=Path, default=Path("models/nano/tokenizer.model"))
    parser.add_argument("--size", type=int, default=4000, help="number of pieces")
    options = parser.parse_args()
    repeated = list(itertools.chain(label_texts(options.labels), emoji_names(options.data))) * LABEL_REPEATS
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus.txt"
        corpus.write_text("\n".join(itertools.chain(captions(options.data), repeated)) + "\n", encoding="utf-8")
        sentencepiece.SentencePieceTrainer.train(
            input=str(corpus),
            model_prefix=str(Path(folder) / "tokenizer"),
            model_type="unigram",
            vocab_size=options.size,
            normalization_rule_name="nmt_nfkc_cf",
            byte_fallback=True,
            pad_id=0,
            unk_id=1,
            bos_id=2,
            eos_id=3,
            num_threads=2,
        )
        options.output.write_bytes((Path(folder) / "tokenizer.model").read_bytes())


if __name__ == "__main__":
    main()
