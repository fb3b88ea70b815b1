#!/usr/bin/env python3
"""Times an image tower in kiloword beside OpenCLIP's under PyTorch, in turn; MobileCLIP's with its branches folded.

usage: open_clip_bench.py --worker build/release/bin/kiloword_image_worker [--name MobileCLIP2-S0] [--threads 2] [--batch 8]
                          [--rounds 5]

NAME is one of OpenCLIP's: MobileCLIP2-S2, PE-Core-B-16, coca_ViT-B-32, ViT-L-14-worldwide-quickgelu (MetaCLIP 2). Where its texts have
another tokenizer than CLIP's own, a small text tower of CLIP's stands in for its own: only images are timed.

Random weights in the published shape, fp32. Prints medians: images a second, and a second of processor time, which other
programs on the machine disturb less; the cosine of the first embeddings; the load.
"""
import argparse
import json
import os
import shutil
import tempfile
from pathlib import Path

import open_clip
import torch
from open_clip.factory import get_model_config
from safetensors.torch import save_file
from workers import Timed, Worker, cosine, measure

torch.set_grad_enabled(False)


def build(name):
    """The model with random weights, and its configuration."""
    config = get_model_config(name)
    if "hf_tokenizer_name" not in config["text_cfg"]:
        return open_clip.create_model(name).eval(), config
    config["text_cfg"] = {"context_length": 77, "vocab_size": 49408, "width": 512, "heads": 8, "layers": 1}
    config.pop("custom_text", None)
    return open_clip.CLIP(**config).eval(), config


def write(model, config, folder):
    plain = {"mean": [0.0] * 3, "std": [1.0] * 3, "interpolation": "bilinear", "resize_mode": "shortest"}
    settings = {"model_cfg": config, "preprocess_cfg": plain}
    (folder / "open_clip_config.json").write_text(json.dumps(settings))
    save_file({key: value.contiguous() for key, value in model.state_dict().items()}, folder / "open_clip_model.safetensors")
    shutil.copy(open_clip.tokenizer.default_bpe(), folder)


def compare(model, worker, count, rounds):
    peer = f"OpenCLIP under PyTorch {torch.__version__}"
    reference = Timed(lambda pixels: model.encode_image(torch.from_numpy(pixels)), model.visual.image_size[0])
    results = measure({"kiloword": worker, peer: reference}, count, rounds)
    agreement = cosine(results["kiloword"]["embedding"], results[peer]["embedding"])
    print(f"{count} at a time, cosine {agreement:.7f}, load {os.getloadavg()[0]:.1f}")
    for name, result in results.items():
        print(f"  {name}: {count / result['seconds']:.2f} images/s, {count / result['cpu_seconds']:.2f} a second of processor time")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--worker", required=True)
    parser.add_argument("--name", default="MobileCLIP2-S0")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    model, config = build(options.name)
    with tempfile.TemporaryDirectory(prefix="kiloword-bench-") as folder:
        write(model, config, Path(folder))
        worker = Worker(options.worker, folder, options.threads)
        for module in model.visual.modules():
            if hasattr(module, "reparameterize"):
                module.reparameterize()
        print(f"{options.name}, fp32, {options.threads} threads")
        for count in (1, options.batch):
            compare(model, worker, count, options.rounds)
        worker.close()


if __name__ == "__main__":
    main()
