"""CLIP's image tower in plain PyTorch, for comparison: a vision transformer under Hugging Face's tensor names."""

import json
import struct

import numpy as np
import torch
from torch import nn

TYPES = {"F16": np.float16, "F32": np.float32}


def read_safetensors(path, prefixes):
    """{name: 32-bit tensor} of the tensors whose names begin with one of `prefixes`."""
    data = path.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    tensors = {}
    for name, entry in json.loads(data[8 : 8 + length]).items():
        if name.startswith(prefixes):
            begin, end = entry["data_offsets"]
            values = np.frombuffer(data[8 + length + begin : 8 + length + end], TYPES[entry["dtype"]])
            tensors[name] = torch.from_numpy(values.astype(np.float32).reshape(entry["shape"]))
    return tensors


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        for name in ("q_proj", "k_proj", "v_proj", "out_proj"):
            setattr(self, name, nn.Linear(width, width))

    def forward(self, x):
        batch, tokens, width = x.shape
        q, k, v = (
            project(x).view(batch, tokens, self.heads, -1).transpose(1, 2)  # [B, H, N, C / H]
            for project in (self.q_proj, self.k_proj, self.v_proj)
        )
        weights = (q @ k.transpose(-1, -2) * q.shape[-1] ** -0.5).softmax(-1)
        return self.out_proj((weights @ v).transpose(1, 2).reshape(batch, tokens, width))


class Mlp(nn.Module):
    def __init__(self, width, inner):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(width, inner), nn.Linear(inner, width)

    def forward(self, x):
        x = self.fc1(x)
        return self.fc2(x * torch.sigmoid(1.702 * x))  # quick_gelu


class Layer(nn.Module):
    def __init__(self, width, inner, heads):
        super().__init__()
        self.layer_norm1, self.layer_norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.self_attn, self.mlp = Attention(width, heads), Mlp(width, inner)

    def forward(self, x):
        x = x + self.self_attn(self.layer_norm1(x))
        return x + self.mlp(self.layer_norm2(x))


class ImageTower(nn.Module):
    """[B, 3, S, S] -> unit-length embeddings [B, D]."""

    def __init__(self, folder):
        super().__init__()
        config = json.loads((folder / "config.json").read_text())
        vision = config["vision_config"]
        width, patch = vision["hidden_size"], vision["patch_size"]
        self.size = vision["image_size"]
        self.class_embedding = nn.Parameter(torch.empty(width))
        self.patch_embedding = nn.Conv2d(3, width, patch, patch, bias=False)
        self.position_embedding = nn.Embedding((self.size // patch) ** 2 + 1, width)
        self.pre_layrnorm, self.post_layernorm = nn.LayerNorm(width), nn.LayerNorm(width)
        self.layers = nn.ModuleList(
            Layer(width, vision["intermediate_size"], vision["num_attention_heads"])
            for _ in range(vision["num_hidden_layers"])
        )
        self.visual_projection = nn.Linear(width, config["projection_dim"], bias=False)
        tensors = read_safetensors(folder / "model.safetensors", ("vision_model.", "visual_projection."))
        for part in ("vision_model.", "embeddings.", "encoder."):
            tensors = {name.replace(part, "", 1): tensor for name, tensor in tensors.items()}
        self.load_state_dict({name: tensor for name, tensor in tensors.items() if "position_ids" not in name})

    def forward(self, pixels):
        x = self.patch_embedding(pixels).flatten(2).transpose(1, 2)  # [B, N - 1, C]
        x = torch.cat([self.class_embedding.expand(len(x), 1, -1), x], 1) + self.position_embedding.weight  # [B, N, C]
        x = self.pre_layrnorm(x)
        for layer in self.layers:
            x = layer(x)
        x = self.visual_projection(self.post_layernorm(x[:, 0]))  # [B, D]
        return nn.functional.normalize(x, dim=-1)
