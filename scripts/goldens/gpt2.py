#!/usr/bin/env python3
"""Writes the goldens of tests/lm: a small random GPT-2 and what nanoGPT, an independent implementation, makes of it.

usage: gpt2.py NANOGPT_CHECKOUT tests/lm/data

Reference: github.com/karpathy/nanoGPT at commit 3adf61e154c3fe3fca428ad6bc3818b27a3b8291, file model.py, run in
float32 with Debian 12's python3-torch 1.13.1. Weights are rounded to F16 before the reference sees them. nanoGPT
computes the exact GELU ("gelu" of the goldens); "gelu_new" is the same model with its nn.GELU modules replaced by
torch.nn.GELU(approximate="tanh").

The vocabulary has no merges: ids 0 to 255 are the byte-level alphabet, 256 is <|endoftext|>.
"""
import importlib.util
import json
import struct
import sys
from pathlib import Path

import torch
from torch import nn

VOCAB, CONTEXT, WIDTH, LAYERS, HEADS, END = 257, 32, 24, 2, 3, 256
TRANSPOSED = ("attn.c_attn.weight", "attn.c_proj.weight", "mlp.c_fc.weight", "mlp.c_proj.weight")
SEQUENCES = [[END], [7, 77, 200, 7, 31, 0, 255], [(37 * i + 11) % VOCAB for i in range(CONTEXT)]]


def load_reference(checkout):
    spec = importlib.util.spec_from_file_location("nanogpt_model", Path(checkout) / "model.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # its dataclass looks itself up there
    spec.loader.exec_module(module)
    return module


def build(reference):
    config = reference.GPTConfig(block_size=CONTEXT, vocab_size=VOCAB, n_layer=LAYERS, n_head=HEADS, n_embd=WIDTH)
    model = reference.GPT(config).eval()
    generator = torch.Generator().manual_seed(11)
    with torch.no_grad():
        for name, value in model.named_parameters():
            noise = torch.randn(value.shape, generator=generator)
            if "ln_" in name and name.endswith("weight"):
                noise = 1 + 0.3 * noise
            elif value.dim() == 1:
                noise = 0.3 * noise
            elif "wte" in name or "wpe" in name:
                noise = 0.5 * noise
            else:
                noise = 1.3 * noise * value.shape[1] ** -0.5
            value.copy_(noise.half().float())
    return model


def with_tanh_gelu(model):
    for block in model.transformer.h:
        block.mlp.gelu = nn.GELU(approximate="tanh")
    return model


def hugging_face_state(model):
    """The weights under the names and in the layout of transformers.GPT2Model, as openai-community/gpt2 has them."""
    state = {}
    for name, value in model.state_dict().items():
        if name == "lm_head.weight" or name.endswith(".attn.bias") and value.dim() == 4:
            continue
        name = name.replace("transformer.", "", 1)
        state[name] = value.t() if name.endswith(TRANSPOSED) else value
    return state


def write_safetensors(path, state):
    header, data = {"__metadata__": {"format": "pt"}}, b""
    for name, value in sorted(state.items()):
        raw = value.half().contiguous().numpy().tobytes()
        header[name] = {"dtype": "F16", "shape": list(value.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header, separators=(",", ":")).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def rounded(rows):
    return [[round(value, 6) for value in row] for row in rows.tolist()]


def run(model, ids):
    """Hidden states behind the final norm [T, C] and logits [T, V] at every token."""
    hidden = []
    hook = model.transformer.ln_f.register_forward_hook(lambda module, inputs, output: hidden.append(output[0]))
    with torch.no_grad():
        logits, _ = model(torch.tensor([ids]), targets=torch.tensor([ids]))  # with targets it gives every position
    hook.remove()
    positions = sorted({0, len(ids) // 2, len(ids) - 1})
    return {"ids": ids, "positions": positions, "hidden": rounded(hidden[0][positions]),
            "logits": rounded(logits[0][positions])}


def byte_alphabet():
    """The printable character that stands for each byte, in the order of GPT-2's vocabulary."""
    kept = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in kept]
    return [chr(byte) for byte in kept] + [chr(256 + n) for n in range(len(others))]


def write_json(path, value):
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def main():
    checkout, folder = sys.argv[1], Path(sys.argv[2])
    torch.set_num_threads(1)
    model = build(load_reference(checkout))
    target = folder / "gpt2"
    target.mkdir(parents=True, exist_ok=True)
    write_safetensors(target / "model.safetensors", hugging_face_state(model))
    write_json(target / "config.json",
               {"model_type": "gpt2", "vocab_size": VOCAB, "n_positions": CONTEXT, "n_ctx": CONTEXT, "n_embd": WIDTH,
                "n_layer": LAYERS, "n_head": HEADS, "activation_function": "gelu_new", "layer_norm_epsilon": 1e-5,
                "bos_token_id": END, "eos_token_id": END})
    pieces = [*byte_alphabet(), "<|endoftext|>"]
    write_json(target / "vocab.json", {piece: number for number, piece in enumerate(pieces)})
    (target / "merges.txt").write_text("#version: 0.2\n", encoding="utf-8")
    golden = {"made_by": {"script": "scripts/goldens/gpt2.py", "reference": "github.com/karpathy/nanoGPT",
                          "commit": "3adf61e154c3fe3fca428ad6bc3818b27a3b8291", "torch": torch.__version__},
              "gelu": [run(model, ids) for ids in SEQUENCES]}
    golden["gelu_new"] = [run(with_tanh_gelu(model), ids) for ids in SEQUENCES]
    (folder / "golden.json").write_text(json.dumps(golden, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
