#!/usr/bin/env python3
"""Writes the goldens of tests/checkpoint: small checkpoints as PyTorch saves them, and the values they hold.

usage: torch_archives.py tests/checkpoint/data

Reference: Debian 12's python3-torch 1.13.1 (torch.save, torch.jit.save).
"""
import argparse
import json
import sys
from collections import OrderedDict
from pathlib import Path

import torch
from torch import nn


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.in_proj_weight = nn.Parameter(torch.arange(12.0).reshape(6, 2) / 8)
        self.out_proj = nn.Linear(2, 2)

    def forward(self, x):
        return self.out_proj(x @ self.in_proj_weight.t())


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.blocks = nn.Sequential(Attention(), Attention())
        self.norm = nn.BatchNorm1d(2)
        self.scale = nn.Parameter(torch.tensor(1.5))
        self.register_buffer("input_resolution", torch.tensor(224))

    def forward(self, x):
        return self.norm(self.blocks(x)) * self.scale


def tensors():
    whole = torch.arange(24.0).reshape(4, 6) - 7
    return OrderedDict([
        ("f32", torch.tensor([[1.5, -2.0], [0.25, 1e-3]])), ("f16", torch.tensor([0.5, -65504.0]).half()),
        ("bf16", torch.tensor([1.0, -3.0]).bfloat16()), ("i64", torch.tensor([-5, 2**40])),
        ("scalar", torch.tensor(2.5)), ("empty", torch.zeros(0, 3)), ("parameter", nn.Parameter(torch.ones(3))),
        ("transposed", whole.t()), ("rows", whole[1:3]), ("columns", whole[:, 2:5]), ("whole", whole)])


def values(state):
    return {name: {"shape": list(value.shape), "values": value.detach().double().flatten().tolist()}
            for name, value in state.items()}


def main():
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(1)
    golden = {"made_by": {"script": "scripts/goldens/torch_archives.py", "torch": torch.__version__}}
    plain = tensors()
    torch.save(plain, folder / "state_dict.pt")
    golden["state_dict.pt"] = values(plain)
    parallel = {"module." + name: plain[name] for name in ("f32", "transposed")}
    torch.save({"epoch": 3, "state_dict": parallel, "optimizer": {"state": {0: {"step": 1, "m": plain["rows"]}}},
                "loss": 0.5, "arguments": argparse.Namespace(rate=0.1)}, folder / "training.pt")
    golden["training.pt"] = values({name: plain[name] for name in ("f32", "transposed")})
    network = Network().half().eval()
    torch.jit.script(network).save(str(folder / "script.pt"))
    golden["script.pt"] = values(network.state_dict())
    torch.save(plain, folder / "legacy.pt", _use_new_zipfile_serialization=False)
    golden["legacy.pt"] = values(plain)
    (folder / "golden.json").write_text(json.dumps(golden, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
