#!/usr/bin/env python3
"""Times GPT-2's steps in kiloword beside ONNX Runtime's, in turn, with the same weights in fp32.

    pip install torch onnx onnxruntime
    scripts/make_random_checkpoint.py gpt2 gpt2 --tokenizer FOLDER   # with GPT-2's vocab.json and merges.txt
    bench/lm_peers.py --model gpt2 --bench build/release/bin/kiloword_lm_bench [--threads 2] [--rounds 5]

A step is one token after 32 others, whose keys and values are there, to the log-probabilities of the next. Each
round runs kiloword_lm_bench once, which tells the median of 15 steps, and as many steps of ONNX Runtime. Prints the medians over the
rounds.
"""
import argparse
import json
import os
import re
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from torch import nn
from torch_clip import read_safetensors

PROMPT_TOKENS = 32
STEPS = 15


class Gpt2(nn.Module):
    """One step of GPT-2 (Radford et al. 2019): a token, and the keys and values of those before, [L, 1, H, T, D] each."""

    def __init__(self, folder):
        super().__init__()
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        self.layers, self.heads, self.width = config["n_layer"], config["n_head"], config["n_embd"]
        for name, value in read_safetensors(folder / "model.safetensors", ("h.", "w", "ln_f")).items():
            self.register_buffer(name.replace(".", "_"), value)

    def get(self, name):
        return self.get_buffer(name.replace(".", "_"))

    def affine(self, x, name):
        return x @ self.get(name + ".weight") + self.get(name + ".bias")

    def norm(self, x, name):
        return nn.functional.layer_norm(x, (self.width,), self.get(name + ".weight"), self.get(name + ".bias"))

    def forward(self, token, keys, values):
        x = self.get("wte.weight")[token] + self.get("wpe.weight")[keys.shape[3]].unsqueeze(0)  # [1, 1, C]
        new_keys, new_values = [], []
        for layer in range(self.layers):
            name = f"h.{layer}."
            qkv = self.affine(self.norm(x, name + "ln_1"), name + "attn.c_attn").chunk(3, -1)
            q, k, v = (part.view(1, 1, self.heads, -1).transpose(1, 2) for part in qkv)
            k, v = torch.cat([keys[layer], k], 2), torch.cat([values[layer], v], 2)
            weights = (q @ k.transpose(-1, -2) / (self.width // self.heads) ** 0.5).softmax(-1)
            mixed = (weights @ v).transpose(1, 2).reshape(1, 1, self.width)
            x = x + self.affine(mixed, name + "attn.c_proj")
            hidden = nn.functional.gelu(self.affine(self.norm(x, name + "ln_2"), name + "mlp.c_fc"), approximate="tanh")
            x = x + self.affine(hidden, name + "mlp.c_proj")
            new_keys.append(k)
            new_values.append(v)
        logits = self.norm(x, "ln_f") @ self.get("wte.weight").t()
        return logits.log_softmax(-1), torch.stack(new_keys), torch.stack(new_values)


def onnxruntime_step(model, state, threads):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    names = ["token", "keys", "values"]
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "step.onnx")
        torch.onnx.export(model, state, path, input_names=names, output_names=["logprobs", "new_keys", "new_values"],
                          dynamic_axes={"keys": {3: "past"}, "values": {3: "past"}}, opset_version=20, dynamo=False)
        session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    inputs = {name: value.numpy() for name, value in zip(names, state)}
    return lambda: session.run(None, inputs)[0]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True, type=Path)
    parser.add_argument("--bench", required=True, type=Path)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    torch.set_grad_enabled(False)
    model = Gpt2(options.model).eval()
    shape = (model.layers, 1, model.heads, PROMPT_TOKENS, model.width // model.heads)
    state = (torch.tensor([[11]]), torch.randn(shape), torch.randn(shape))
    step = onnxruntime_step(model, state, options.threads)
    difference = np.abs(step() - model(*state)[0].numpy()).max()
    ours, theirs = [], []
    for _ in range(options.rounds):
        command = [options.bench, "--model", options.model, "--threads", str(options.threads), "--repeat", str(STEPS)]
        printed = subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE).stdout
        ours.append(float(re.search(r"one token: ([\d.]+) ms", printed)[1]))
        times = []
        for _ in range(STEPS):
            start = time.perf_counter()
            step()
            times.append(1e3 * (time.perf_counter() - start))
        theirs.append(statistics.median(times))
    print(f"{options.model.name}, {options.threads} threads, {options.rounds} rounds, load {os.getloadavg()[0]:.1f}; "
          f"ONNX Runtime {onnxruntime.__version__}, its largest difference from PyTorch {difference:.1e}")
    for name, values in (("kiloword", ours), ("ONNX Runtime", theirs)):
        print(f"{name}: {statistics.median(values):.1f} ms a token, {1e3 / statistics.median(values):.0f} tokens/s")


if __name__ == "__main__":
    main()
