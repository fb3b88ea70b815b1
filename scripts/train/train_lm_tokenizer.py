"""Trains the SentencePiece vocabulary of the language model on its training captions; it keeps case."""

import argparse
from pathlib import Path

import captions
from train_tokenizer import train_vocabulary


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--output", type=Path, default=Path("models/nano-lm/tokenizer.model"))
    parser.add_argument("--size", type=int, default=5000, help="number of pieces")
    options = parser.parse_args()
    train_vocabulary(captions.for_language_model(options.data), options.output, options.size, "nmt_nfkc")


if __name__ == "__main__":
    main()
