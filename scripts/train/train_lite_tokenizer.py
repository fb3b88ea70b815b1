"""Trains lite's SentencePiece vocabulary on captions, the names of its label sets and words for things."""

import argparse
import itertools
from pathlib import Path

import captions
from lite_classes import LABELLED, all_names
from teacher_texts import nouns
from train_tokenizer import train_vocabulary

NAME_REPEATS = 20  # a name is one line, but should be few pieces


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--output", type=Path, default=Path("scripts/train/lite_model/tokenizer.model"))
    parser.add_argument("--size", type=int, default=8000, help="number of pieces")
    options = parser.parse_args()
    names = [name for category in LABELLED for name in all_names(category)] * NAME_REPEATS
    lines = itertools.chain(captions.for_vocabulary(options.data), names, nouns())
    options.output.parent.mkdir(parents=True, exist_ok=True)
    train_vocabulary(lines, options.output, options.size, "nmt_nfkc_cf")


if __name__ == "__main__":
    main()
