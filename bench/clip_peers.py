#!/usr/bin/env python3
"""Times the image tower of a CLIP vision transformer in kiloword, ONNX Runtime and OpenVINO, in turn.

    pip install torch onnx onnxruntime openvino nncf
    scripts/make_random_checkpoint.py ViT-B/32 ViT-B-32 --tokenizer bpe_simple_vocab_16e6.txt.gz
    bench/clip_peers.py --model ViT-B-32 --worker build/release/bin/kiloword_image_worker [--threads 2] [--batch 32]

The model has Hugging Face's tensor names. Each program computes in fp32, and in bf16 and int8 where it can: all the layers'
products in 8 bits, weights and activations. A round asks each of them once, in random order; medians over the rounds
are printed, how many times the better peer of the same precision kiloword is, and the cosine of each first embedding with
PyTorch's in fp32.
"""
import argparse
import os
from pathlib import Path

import torch
from runtimes import onnxruntime_function, openvino_function, versions
from torch_clip import ImageTower
from workers import Timed, Worker, cosine, measure, worker_pixels

PRECISIONS = ("fp32", "bf16", "int8")


def make_peers(tower, count, threads, precisions):
    """(name, precision) -> worker"""
    example = worker_pixels(count, tower.size)
    makers = {
        ("ONNX Runtime", "fp32"): lambda: onnxruntime_function(tower, example, threads),
        ("ONNX Runtime", "int8"): lambda: onnxruntime_function(tower, example, threads, int8=True),
        ("OpenVINO", "fp32"): lambda: openvino_function(tower, example, threads, "f32"),
        ("OpenVINO", "bf16"): lambda: openvino_function(tower, example, threads, "bf16"),
        ("OpenVINO", "int8"): lambda: openvino_function(tower, example, threads, "int8"),
    }
    return {case: Timed(make(), tower.size) for case, make in makers.items() if case[1] in precisions}


def report(results, count, expected, precisions):
    print(f"\n{count} a call            {'ms':>8} {'images/s':>9} {'CPU ms':>8} {'cosine':>10}")
    for (name, precision), result in sorted(results.items(), key=lambda item: (PRECISIONS.index(item[0][1]), item[0])):
        print(f"{name + ' ' + precision:20} {1e3 * result['seconds']:8.1f} {count / result['seconds']:9.2f} "
              f"{1e3 * result['cpu_seconds']:8.1f} {cosine(result['embedding'], expected):10.7f}")
    for precision in precisions:
        best = min(result["seconds"] for (name, kind), result in results.items()
                   if kind == precision and name != "kiloword")
        print(f"kiloword {precision}: {best / results['kiloword', precision]['seconds']:.2f} times the better peer")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True, type=Path)
    parser.add_argument("--worker", required=True, type=Path)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--precision", nargs="+", choices=PRECISIONS, default=PRECISIONS)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.set_grad_enabled(False)
    tower = ImageTower(options.model).eval()
    ours = {("kiloword", precision): Worker(options.worker, options.model, options.threads, precision)
            for precision in options.precision}
    print(f"{options.model.name}, {options.threads} threads, {options.rounds} rounds; {versions()}; "
          f"load {os.getloadavg()[0]:.1f}")
    for count in (1, options.batch):
        expected = tower(torch.from_numpy(worker_pixels(count, tower.size)))[0].tolist()
        peers = make_peers(tower, count, options.threads, options.precision)
        report(measure({**peers, **ours}, count, options.rounds), count, expected, options.precision)
    for worker in ours.values():
        worker.close()


if __name__ == "__main__":
    main()
