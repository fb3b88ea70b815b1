#!/usr/bin/env python3
"""Writes a model folder of an official shape with seeded random weights: for timing, not for captions.

usage: make_random_checkpoint.py SHAPE FOLDER [--names hf|openai] [--type f16|f32] [--tokenizer PATH] [--seed N]

SHAPE is ViT-B/32, ViT-B/16, ViT-L/14, ViT-L/14-336 or RN50 (CLIP), or gpt2, distilgpt2, gpt2-medium, gpt2-large or
gpt2-xl. RN50 always has OpenAI's tensor names, GPT-2 Hugging Face's. PATH is a folder with vocab.json and merges.txt,
or OpenAI's bpe_simple_vocab_16e6.txt.gz; it is copied.
"""
import argparse
import json
import shutil
from pathlib import Path

from random_checkpoint import clip, gpt2
from random_checkpoint.tensors import write_safetensors


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shape", choices=[*clip.SHAPES, *gpt2.SHAPES])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--names", choices=("hf", "openai"), default="hf")
    parser.add_argument("--type", choices=("f16", "f32"), default="f16")
    parser.add_argument("--tokenizer", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if options.shape in gpt2.SHAPES:
        tensors, config = gpt2.describe(options.shape)
    else:
        tensors, config = clip.describe(options.shape, "openai" if options.shape == "RN50" else options.names)
    options.folder.mkdir(parents=True, exist_ok=True)
    write_safetensors(options.folder / "model.safetensors", tensors, options.type.upper(), options.seed)
    (options.folder / "config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    if options.tokenizer is not None:
        files = [options.tokenizer]
        if options.tokenizer.is_dir():
            files = [options.tokenizer / "vocab.json", options.tokenizer / "merges.txt"]
        for file in files:
            shutil.copy(file, options.folder)


if __name__ == "__main__":
    main()
