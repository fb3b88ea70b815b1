"""Trains the SentencePiece vocabulary of the language model on what it learns from; it keeps case."""

import argparse
from pathlib import Path

import captions
from lm_frames import frames
from train_tokenizer import train_vocabulary


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--labels", type=Path, default=Path("labels/lite"), help="sets whose labels it learns sentences about")
    parser.add_argument("--output", type=Path, default=Path("models/nano-lm/tokenizer.model"))
    parser.add_argument("--size", type=int, default=5000, help="number of pieces")
    options = parser.parse_args()
    texts = [*captions.for_language_model(options.data), *frames(options.labels)]
    train_vocabulary(texts, options.output, options.size, "nmt_nfkc")


if __name__ == "__main__":
    main()
