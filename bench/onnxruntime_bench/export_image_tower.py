#!/usr/bin/env python3
"""Writes the image tower of a CLIP model folder as ONNX: pixels [B, 3, S, S] -> embeddings [B, D] of unit length.

usage: export_image_tower.py MODEL_FOLDER OUT.onnx

For vision transformers under Hugging Face's tensor names. Needs PyTorch with its ONNX exporter (Debian: python3-torch).
"""
import json
import math
import sys
from pathlib import Path

import numpy as np
import torch
from torch import nn


def read_safetensors(path):
    """name -> fp32 tensor."""
    data = Path(path).read_bytes()
    length = int.from_bytes(data[:8], "little")
    types = {"F16": np.float16, "F32": np.float32}
    tensors = {}
    for name, entry in json.loads(data[8 : 8 + length]).items():
        if name == "__metadata__":
            continue
        begin, end = (8 + length + offset for offset in entry["data_offsets"])
        values = np.frombuffer(data[begin:end], types[entry["dtype"]]).reshape(entry["shape"])
        tensors[name] = torch.from_numpy(values.astype(np.float32))
    return tensors


class Tower(nn.Module):
    """CLIP's vision transformer as its paper has it (Radford et al. 2021, section 2.4)."""

    def __init__(self, tensors, config):
        super().__init__()
        self.heads = config["num_attention_heads"]
        self.width = config["hidden_size"]
        self.patch = config["patch_size"]
        self.layers = config["num_hidden_layers"]
        self.quick = config["hidden_act"] == "quick_gelu"
        self.weights = nn.ParameterDict(
            {
                name.replace(".", "/"): nn.Parameter(value, requires_grad=False)
                for name, value in tensors.items()
                if name.startswith(("vision_model.", "visual_projection.")) and "position_ids" not in name
            }
        )

    def get(self, name):
        return self.weights[name.replace(".", "/")]

    def linear(self, x, name):
        return nn.functional.linear(x, self.get(name + ".weight"), self.get(name + ".bias"))

    def norm(self, x, name):
        return nn.functional.layer_norm(x, (self.width,), self.get(name + ".weight"), self.get(name + ".bias"))

    def attention(self, x, name):
        def split(part):
            rows = self.linear(x, f"{name}.{part}_proj")
            return rows.reshape(x.shape[0], x.shape[1], self.heads, self.width // self.heads).transpose(1, 2)

        logits = split("q") @ split("k").transpose(2, 3) / math.sqrt(self.width // self.heads)
        mixed = (logits.softmax(-1) @ split("v")).transpose(1, 2).reshape(x.shape)
        return self.linear(mixed, f"{name}.out_proj")

    def forward(self, pixels):
        embeddings = "vision_model.embeddings."
        patches = nn.functional.conv2d(pixels, self.get(embeddings + "patch_embedding.weight"), stride=self.patch)
        classes = self.get(embeddings + "class_embedding").expand(pixels.shape[0], 1, self.width)
        x = torch.cat([classes, patches.flatten(2).transpose(1, 2)], 1)
        x = self.norm(x + self.get(embeddings + "position_embedding.weight"), "vision_model.pre_layrnorm")
        for layer in range(self.layers):
            name = f"vision_model.encoder.layers.{layer}."
            x = x + self.attention(self.norm(x, name + "layer_norm1"), name + "self_attn")
            hidden = self.linear(self.norm(x, name + "layer_norm2"), name + "mlp.fc1")
            hidden = hidden * torch.sigmoid(1.702 * hidden) if self.quick else nn.functional.gelu(hidden)
            x = x + self.linear(hidden, name + "mlp.fc2")
        pooled = self.norm(x[:, 0], "vision_model.post_layernorm")
        joint = nn.functional.linear(pooled, self.get("visual_projection.weight"))
        return joint / joint.norm(dim=1, keepdim=True)


def main():
    folder, out = Path(sys.argv[1]), sys.argv[2]
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))["vision_config"]
    tower = Tower(read_safetensors(folder / "model.safetensors"), config).eval()
    side = config["image_size"]
    with torch.no_grad():
        torch.onnx.export(
            tower,
            torch.zeros(2, 3, side, side),
            out,
            opset_version=17,
            input_names=["pixels"],
            output_names=["embeddings"],
            dynamic_axes={"pixels": {0: "batch"}, "embeddings": {0: "batch"}},
        )


if __name__ == "__main__":
    main()
