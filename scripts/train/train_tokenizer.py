"""Trains the SentencePiece vocabulary of the CLIP model on captions, label texts and emoji names."""

import argparse
import itertools
import tempfile
from pathlib import Path

import sentencepiece

import captions
from image_sets import emoji_names
from label_sets import read_label_folder

LABEL_REPEATS = 5  # label texts are few; repeated so that their words get pieces of their own


def label_texts(folder):
    for label_set in read_label_folder(folder).values():
        yield from label_set.negatives
        for index, label in enumerate(label_set.labels):
            yield label
            for template in label_set.templates:
                yield label_set.text(index, template)


def train_vocabulary(lines, output, size, normalisation):
    """Writes a unigram model with byte fallback; ids 0 to 3 are padding, unknown, begin, end."""
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus.txt"
        corpus.write_text("\n".join(lines) + "\n", encoding="utf-8")
        sentencepiece.SentencePieceTrainer.train(
            input=str(corpus),
            model_prefix=str(Path(folder) / "tokenizer"),
            model_type="unigram",
            vocab_size=size,
            normalization_rule_name=normalisation,
            byte_fallback=True,
            pad_id=0,
            unk_id=1,
            bos_id=2,
            eos_id=3,
            num_threads=2,
        )
        output.write_bytes((Path(folder) / "tokenizer.model").read_bytes())


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--labels", type=Path, default=Path("labels/nano"))
    parser.add_argument("--output", type=Path, default=Path("models/nano/tokenizer.model"))
    parser.add_argument("--size", type=int, default=4000, help="number of pieces")
    options = parser.parse_args()
    repeated = list(itertools.chain(label_texts(options.labels), emoji_names(options.data).values())) * LABEL_REPEATS
    lines = itertools.chain(captions.for_vocabulary(options.data), repeated)
    train_vocabulary(lines, options.output, options.size, "nmt_nfkc_cf")


if __name__ == "__main__":
    main()
