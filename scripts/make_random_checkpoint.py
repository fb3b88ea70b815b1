#!/usr/bin/env python3
"""Writes a model of an official shape with seeded random weights: for timing and trying formats, not for captions.

usage: make_random_checkpoint.py SHAPE FOLDER [--format FORMAT] [--names hf|openai] [--type f16|f32]
                                 [--tokenizer PATH] [--seed N]

SHAPE is ViT-B/32, ViT-B/16, ViT-L/14, ViT-L/14-336, ViT-H/14 or RN50 (CLIP), SigLIP-B/16, SigLIP2-B/16-NaFlex,
SigLIP2-SO400M/14-384, SigLIP2-SO400M/16-NaFlex or SigLIP2-gopt/16-384, EfficientNet-Lite0, -Lite2 or -Lite-tiny, or
gpt2, distilgpt2, gpt2-medium, gpt2-large or gpt2-xl; with the package open_clip_torch MobileCLIP2-S2, PE-Core-B-16 or
coca_ViT-B-32, with transformers SmolLM2-360M, Qwen3-0.6B, Pythia-410m or OPT-125m, as those packages save them,
whatever --format, --names and --type. RN50 and the EfficientNets always have OpenAI's tensor names, SigLIP and GPT-2
have Hugging Face's. The network of an EfficientNet goes to a file of its own, NETWORK.pth, in the format safetensors.
FORMAT is safetensors, sharded (three files and an index), bin (a state dict saved by PyTorch), open-clip or script (a
TorchScript archive like OpenAI's, FOLDER/model.pt); the last two are CLIP's only. PATH is a folder with vocab.json and
merges.txt, or one tokenizer file (bpe_simple_vocab_16e6.txt.gz, *.model); it is copied.
"""
import argparse
import shutil
from pathlib import Path

import numpy

from random_checkpoint import clip, efficientnet, gpt2, packages, siglip
from random_checkpoint.formats import OPENAI_NAMES, WRITERS
from random_checkpoint.tensors import write_safetensors


def write(options):
    """A model of one of our own shapes."""
    if options.shape in gpt2.SHAPES:
        tensors, config = gpt2.describe(options.shape)
    elif options.shape in siglip.SHAPES:
        tensors, config = siglip.describe(options.shape)
    elif options.shape in efficientnet.SHAPES:
        tensors, config = efficientnet.describe(options.shape)
    else:
        openai = options.shape == "RN50" or options.format in OPENAI_NAMES
        tensors, config = clip.describe(options.shape, "openai" if openai else options.names)
    options.folder.mkdir(parents=True, exist_ok=True)
    random = numpy.random.default_rng(options.seed)
    WRITERS[options.format](options.folder, tensors, config, options.type.upper(), random)
    if options.shape in efficientnet.SHAPES:
        shape = efficientnet.SHAPES[options.shape]
        write_safetensors(options.folder / (shape["network"] + ".pth"), efficientnet.network_tensors(shape),
                          options.type.upper(), random)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shape", choices=[*clip.SHAPES, *siglip.SHAPES, *efficientnet.SHAPES, *gpt2.SHAPES,
                                          *packages.SHAPES])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--format", choices=WRITERS, default="safetensors")
    parser.add_argument("--names", choices=("hf", "openai"), default="hf")
    parser.add_argument("--type", choices=("f16", "f32"), default="f16")
    parser.add_argument("--tokenizer", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if options.shape not in clip.SHAPES and options.format in OPENAI_NAMES:
        parser.error(f"--format {options.format} is for CLIP's shapes")
    if options.shape in packages.SHAPES:
        packages.save(options.shape, options.folder, options.seed)
    else:
        write(options)
    if options.tokenizer is not None:
        files = [options.tokenizer]
        if options.tokenizer.is_dir():
            files = [options.tokenizer / "vocab.json", options.tokenizer / "merges.txt"]
        for file in files:
            shutil.copy(file, options.folder)


if __name__ == "__main__":
    main()
