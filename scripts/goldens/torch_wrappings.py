#!/usr/bin/env python3
"""Writes a small state dict as trainers wrap it, and a network that was saved whole, for tests/checkpoint.

usage: torch_wrappings.py tests/checkpoint/data

Reference: torch.save, whose version stands in wrapped.json beside the values.
"""
import json
import sys
from pathlib import Path

import torch
from torch import nn

SMALL = {"blocks.0.weight": torch.tensor([[1.5, -2.0], [0.25, 1e-3]]), "scale": torch.tensor([0.5, -3.0])}


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.blocks = nn.Sequential(nn.Linear(2, 2, bias=False))
        self.scale = nn.Parameter(SMALL["scale"].clone())
        self.register_buffer("places", torch.arange(3))


def under(prefix):
    return {prefix + name: value for name, value in SMALL.items()}


def main():
    folder = Path(sys.argv[1])
    network = Network()
    network.blocks[0].weight.data.copy_(SMALL["blocks.0.weight"])
    untied = {"model.layers.weight": SMALL["scale"], "lm_head.weight": SMALL["scale"] + 1}
    files = {
        "lightning": ({"epoch": 3, "state_dict": under("model."), "optimizer_states": [{"m": torch.zeros(2)}]}, SMALL),
        "compiled": (under("module._orig_mod."), SMALL),
        "part": ({"model_state_dict": SMALL, "ema": {name: value + 1 for name, value in SMALL.items()}}, SMALL),
        "untied": (untied, untied),
        "whole": (network, network.state_dict()),
    }
    golden = {"made_by": {"script": "scripts/goldens/torch_wrappings.py", "torch": torch.__version__}}
    for name, (saved, state) in files.items():
        torch.save(saved, folder / f"{name}.pt")
        golden[f"{name}.pt"] = {key: {"shape": list(value.shape), "values": value.detach().double().flatten().tolist()} for key, value in state.items()}
    (folder / "wrapped.json").write_text(json.dumps(golden, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
