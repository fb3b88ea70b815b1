#!/usr/bin/env python3
"""Times an image tower of MobileCLIP in kiloword beside OpenCLIP's under PyTorch, its branches folded, in turn.

usage: mobile_bench.py --worker build/release/bin/kiloword_image_worker [--name MobileCLIP2-S0] [--threads 2] [--batch 8]
                       [--rounds 5]

Random weights in the published shape, fp32. Prints medians: images a second, and a second of processor time, which other
programs on the machine disturb less; the cosine of the first embeddings; the load.
"""
import argparse
import json
import os
import shutil
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

import numpy
import open_clip
import torch
from open_clip.factory import get_model_config
from safetensors.torch import save_file

torch.set_grad_enabled(False)


def write(model, name, folder):
    plain = {"mean": [0.0] * 3, "std": [1.0] * 3, "interpolation": "bilinear", "resize_mode": "shortest"}
    settings = {"model_cfg": get_model_config(name), "preprocess_cfg": plain}
    (folder / "open_clip_config.json").write_text(json.dumps(settings))
    save_file({key: value.contiguous() for key, value in model.state_dict().items()}, folder / "open_clip_model.safetensors")
    shutil.copy(open_clip.tokenizer.default_bpe(), folder)


def make_pixels(count, side):
    """The worker's."""
    values = numpy.arange(count * 3 * side * side) % 1009 / 504.0 - 1.0
    return torch.from_numpy(values.astype(numpy.float32).reshape(count, 3, side, side))


class Worker:
    def __init__(self, options, folder):
        command = [options.worker, "--model", folder, "--threads", str(options.threads)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.process.stdout.readline()  # it has loaded the model

    def encode(self, count):
        self.process.stdin.write(f"{count} 1\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


def measure(model, worker, count, rounds):
    pixels = make_pixels(count, model.visual.image_size[0])
    model.encode_image(pixels), worker.encode(count)
    rates = {"kiloword": [], f"OpenCLIP under PyTorch {torch.__version__}": []}
    ours, theirs = rates.values()
    for _ in range(rounds):
        answer = worker.encode(count)
        ours.append((count / answer["seconds"], count / answer["cpu_seconds"]))
        start, cpu_start = time.perf_counter(), time.process_time()
        expected = model.encode_image(pixels)[0].double().numpy()
        theirs.append((count / (time.perf_counter() - start), count / (time.process_time() - cpu_start)))
    cosine = numpy.dot(answer["embedding"], expected) / numpy.linalg.norm(expected) / numpy.linalg.norm(answer["embedding"])
    print(f"{count} at a time, cosine {cosine:.7f}, load {os.getloadavg()[0]:.1f}")
    for name, pairs in rates.items():
        wall, processor = (statistics.median(each) for each in zip(*pairs))
        print(f"  {name}: {wall:.2f} images/s, {processor:.2f} a second of processor time")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--worker", required=True)
    parser.add_argument("--name", default="MobileCLIP2-S0")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    model = open_clip.create_model(options.name).eval()
    with tempfile.TemporaryDirectory(prefix="kiloword-mobile-") as folder:
        write(model, options.name, Path(folder))
        worker = Worker(options, folder)
        for module in model.visual.modules():
            if hasattr(module, "reparameterize"):
                module.reparameterize()
        print(f"{options.name}, fp32, {options.threads} threads")
        for count in (1, options.batch):
            measure(model, worker, count, options.rounds)
        worker.process.stdin.close()
        worker.process.wait()


if __name__ == "__main__":
    main()
