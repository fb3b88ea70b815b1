#!/usr/bin/env python3
"""Times the image tower of a NaFlex SigLIP 2 in kiloword beside transformers' under PyTorch, in turn.

usage: naflex_bench.py --worker build/release/bin/kiloword_image_worker --model FOLDER [--threads 2] [--batch 8]
                       [--rounds 5] [--precision fp32|bf16]

Both see the same square pictures, of as many patches as a picture may have; transformers gets them cut into patches, with
the mask that its processor makes. Prints medians: images a second, and a second of processor time, which other programs on
the machine disturb less; the cosine of the first embeddings; the load.
"""
import argparse
import json
import os
import statistics
import subprocess
import time

import numpy
import torch
from transformers import Siglip2Model
from transformers.models.siglip2.image_processing_pil_siglip2 import convert_image_to_patches

torch.set_grad_enabled(False)


def make_reference(options):
    """A function that encodes the worker's pictures, and how many values one has."""
    precision = torch.bfloat16 if options.precision == "bf16" else torch.float32
    model = Siglip2Model.from_pretrained(options.model, dtype=precision).eval()
    grid = int(model.config.vision_config.num_patches ** 0.5)
    patch = model.config.vision_config.patch_size
    side = grid * patch
    values = numpy.arange(options.batch * 3 * side * side) % 1009 / 504.0 - 1.0
    pictures = values.astype(numpy.float32).reshape(options.batch, 3, side, side)
    patches = torch.from_numpy(numpy.stack([convert_image_to_patches(picture, patch) for picture in pictures])).to(precision)
    mask = torch.ones(options.batch, grid * grid, dtype=torch.int32)
    shapes = torch.full((options.batch, 2), grid)
    return lambda: model.get_image_features(pixel_values=patches, pixel_attention_mask=mask, spatial_shapes=shapes).pooler_output


class Worker:
    def __init__(self, options):
        command = [options.worker, "--model", options.model, "--threads", str(options.threads), "--precision", options.precision]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.process.stdout.readline()  # it has loaded the model
        self.batch = options.batch

    def encode(self):
        self.process.stdin.write(f"{self.batch} 1\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


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
    reference, worker = make_reference(options), Worker(options)
    reference(), worker.encode()
    ours, theirs, answer, expected = [], [], None, None
    for _ in range(options.rounds):
        answer = worker.encode()
        ours.append((options.batch / answer["seconds"], options.batch / answer["cpu_seconds"]))
        start, cpu_start = time.perf_counter(), time.process_time()
        expected = reference()
        theirs.append((options.batch / (time.perf_counter() - start), options.batch / (time.process_time() - cpu_start)))
    worker.process.stdin.close()
    worker.process.wait()
    expected = expected[0].float().numpy().astype(numpy.float64)
    cosine = numpy.dot(answer["embedding"], expected) / numpy.linalg.norm(expected) / numpy.linalg.norm(answer["embedding"])
    print(f"{options.precision}, {options.threads} threads, batches of {options.batch}, cosine {cosine:.7f}, load {os.getloadavg()[0]:.1f}")
    for name, rates in (("kiloword", ours), (f"transformers under PyTorch {torch.__version__}", theirs)):
        wall, processor = (statistics.median(each) for each in zip(*rates))
        print(f"  {name}: {wall:.2f} images/s, {processor:.2f} a second of processor time")


if __name__ == "__main__":
    main()
