#!/usr/bin/env python3
"""Times the image tower of a NaFlex SigLIP 2 in kiloword beside transformers' under PyTorch, in turn.

usage: naflex_bench.py --worker build/release/bin/kiloword_image_worker --model FOLDER [--threads 2] [--batch 8]
                       [--rounds 5] [--precision fp32|bf16]

Both see the same square pictures, of as many patches as a picture may have; transformers gets them cut into patches, with
the mask that its processor makes. Prints medians: images a second, and a second of processor time, which other programs on
the machine disturb less; the cosine of the first embeddings; the load.
"""
import argparse
import os
import time

import numpy
import torch
from transformers import Siglip2Model
from transformers.models.siglip2.image_processing_pil_siglip2 import convert_image_to_patches
from workers import Worker, cosine, measure, worker_pixels

torch.set_grad_enabled(False)


def make_reference(options):
    """A function that encodes the worker's pictures, and how many values one has."""
    precision = torch.bfloat16 if options.precision == "bf16" else torch.float32
    model = Siglip2Model.from_pretrained(options.model, dtype=precision).eval()
    grid = int(model.config.vision_config.num_patches ** 0.5)
    patch = model.config.vision_config.patch_size
    side = grid * patch
    pictures = worker_pixels(options.batch, side)
    patches = torch.from_numpy(numpy.stack([convert_image_to_patches(picture, patch) for picture in pictures])).to(precision)
    mask = torch.ones(options.batch, grid * grid, dtype=torch.int32)
    shapes = torch.full((options.batch, 2), grid)
    return lambda: model.get_image_features(pixel_values=patches, pixel_attention_mask=mask, spatial_shapes=shapes).pooler_output


class Reference:
    """transformers' network, asked as a Worker is."""

    def __init__(self, options):
        self.encode_pictures = make_reference(options)

    def encode(self, _):
        start, cpu_start = time.perf_counter(), time.process_time()
        embeddings = self.encode_pictures()
        seconds, cpu_seconds = time.perf_counter() - start, time.process_time() - cpu_start
        return {"seconds": seconds, "cpu_seconds": cpu_seconds, "embedding": embeddings[0].float().tolist()}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--worker", required=True)
    parser.add_argument("--model", required=True)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--precision", choices=("fp32", "bf16"), default="fp32")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    worker = Worker(options.worker, options.model, options.threads, options.precision)
    peer = f"transformers under PyTorch {torch.__version__}"
    results = measure({"kiloword": worker, peer: Reference(options)}, options.batch, options.rounds)
    worker.close()
    agreement = cosine(results["kiloword"]["embedding"], results[peer]["embedding"])
    print(f"{options.precision}, {options.threads} threads, batches of {options.batch}, cosine {agreement:.7f}, load {os.getloadavg()[0]:.1f}")
    for name, result in results.items():
        print(f"  {name}: {options.batch / result['seconds']:.2f} images/s, "
              f"{options.batch / result['cpu_seconds']:.2f} a second of processor time")


if __name__ == "__main__":
    main()
