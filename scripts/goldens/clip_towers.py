#!/usr/bin/env python3
"""Writes the goldens of tests/clip: small random CLIP models and what OpenAI's published code makes of them.

usage: clip_towers.py CLIP_CHECKOUT tests/clip/data

Reference: github.com/openai/CLIP at commit d05afc436d78f1c48dc0dbf8e5980a9d471f35f6, file clip/model.py, run in
float32 with Debian 12's python3-torch 1.13.1. Weights are rounded to F16 before the reference sees them.
GELU is OpenAI's model with its QuickGELU class replaced by torch.nn.GELU, on the same weights.

Pixels of image i, channel c, row y, column x: (((7 + 5i)x + (13 - 3i)y + 29c + ixy) mod 64) / 32 - 1.
Token ids of a text: the start id, for each of its words the ids of the letters (the last one's + 256), the end id;
the vocabulary has no merges, ids 0 to 255 are the byte-level alphabet, 256 to 511 the same with `</w>`.
"""
import importlib.util
import json
import struct
import sys
from pathlib import Path

import torch
from torch import nn

VOCAB, CONTEXT, TEXT_WIDTH, TEXT_LAYERS, TEXT_HEADS, JOINT = 514, 24, 24, 2, 3, 16
START, END = 512, 513
TEXTS = ["a", "a dog", "the cat sat", "photo of a tree", "x y z", "a sentence that is too long for the context"]
IMAGES = 4


def load_reference(checkout):
    spec = importlib.util.spec_from_file_location("clip_model", Path(checkout) / "clip" / "model.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def randomize(model, seed):
    """Weights that keep activations near one, so that every part of the network matters for the result."""
    generator = torch.Generator().manual_seed(seed)
    for name, value in model.state_dict().items():
        noise = torch.randn(value.shape, generator=generator)
        if name.endswith("num_batches_tracked"):
            continue
        if name == "logit_scale":
            noise = torch.tensor(3.25)
        elif name.endswith("running_var"):
            noise = 0.5 + noise.abs()
        elif value.dim() == 1 and name.endswith("weight"):  # norms
            noise = 1 + 0.3 * noise
        elif value.dim() == 1:
            noise = (0.05 if "attnpool" in name else 0.3) * noise
        elif "embedding" in name:
            noise = noise * (0.1 if "attnpool" in name else 0.5)
        elif name in ("visual.proj", "text_projection"):
            noise = noise * value.shape[0] ** -0.5
        else:
            noise = noise * 1.3 * value[0].numel() ** -0.5
        value.copy_(noise.half().float())


def build(reference, kind):
    layers = (1, 2, 1, 1) if kind == "resnet" else 2
    model = reference.CLIP(JOINT, 64, layers, 64, 32, CONTEXT, VOCAB, TEXT_WIDTH, TEXT_HEADS, TEXT_LAYERS)
    if kind == "resnet":  # the class asks for at least 64 channels a head, too many for a test
        model.visual = reference.ModifiedResNet(layers, JOINT, heads=4, input_resolution=64, width=2)
    else:
        model.visual = reference.VisionTransformer(32, 8, 24, 2, 3, JOINT)
    model.eval()
    with torch.no_grad():
        randomize(model, 7 if kind == "resnet" else 3)
        if kind == "resnet":
            normalize_batches(model.visual)
    return model


def normalize_batches(tower):
    """Statistics of the pictures themselves: with random ones all pictures end in nearly the same place."""
    norms = [module for module in tower.modules() if isinstance(module, nn.BatchNorm2d)]
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None
    tower.train()
    tower(pixels(64))
    tower.eval()
    for norm in norms:
        norm.running_mean.copy_(norm.running_mean.half().float())
        norm.running_var.copy_(norm.running_var.half().float())


def write_script(reference, folder):
    """A model in the form of OpenAI's own files: TorchScript, F16, heads 64 wide, sizes among the buffers."""
    model = reference.CLIP(JOINT, 32, 1, 64, 16, CONTEXT, VOCAB, 64, 1, 1).eval()
    with torch.no_grad():
        randomize(model, 11)
        for name, value in (("input_resolution", 32), ("context_length", CONTEXT), ("vocab_size", VOCAB)):
            model.__dict__.pop(name, None)
            model.register_buffer(name, torch.tensor(value))
        golden = embeddings(model, 32)
        ids = torch.tensor([padded(token_ids(TEXTS[0]))])
        traced = torch.jit.trace(model, (pixels(32)[:1], ids), check_trace=False)
        traced.half().save(str(folder / "openai.pt"))
    return golden


def with_gelu(model, reference):
    """The model with every QuickGELU replaced."""
    for module in list(model.modules()):
        for name, child in list(module.named_children()):
            if isinstance(child, reference.QuickGELU):
                setattr(module, name, nn.GELU())
    return model


def pixels(size):
    i, c, y, x = torch.meshgrid(*(torch.arange(n) for n in (IMAGES, 3, size, size)), indexing="ij")
    return (((7 + 5 * i) * x + (13 - 3 * i) * y + 29 * c + i * x * y) % 64).float() / 32 - 1


def byte_alphabet():
    """The printable character that stands for each byte, in the order of OpenAI's vocabulary."""
    kept = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in kept]
    return [chr(byte) for byte in kept] + [chr(256 + n) for n in range(len(others))]


def token_ids(text):
    alphabet = byte_alphabet()
    ids = [START]
    for word in text.split(" "):
        letters = [alphabet.index(letter) for letter in word]
        ids += letters[:-1] + [letters[-1] + 256]
    return ids[: CONTEXT - 1] + [END]


def padded(ids):
    return ids + [0] * (CONTEXT - len(ids))


def hugging_face_names(state):
    """The same weights under the names of transformers.CLIPModel."""
    renamed = {}
    layer = {"ln_1": "layer_norm1", "ln_2": "layer_norm2", "attn.out_proj": "self_attn.out_proj",
             "mlp.c_fc": "mlp.fc1", "mlp.c_proj": "mlp.fc2"}
    whole = {"visual.class_embedding": "vision_model.embeddings.class_embedding",
             "visual.conv1.weight": "vision_model.embeddings.patch_embedding.weight",
             "visual.positional_embedding": "vision_model.embeddings.position_embedding.weight",
             "token_embedding.weight": "text_model.embeddings.token_embedding.weight",
             "positional_embedding": "text_model.embeddings.position_embedding.weight", "logit_scale": "logit_scale"}
    norms = {"visual.ln_pre": "vision_model.pre_layrnorm", "visual.ln_post": "vision_model.post_layernorm",
             "ln_final": "text_model.final_layer_norm"}
    for name, value in state.items():
        if name in whole:
            renamed[whole[name]] = value
        elif name == "visual.proj":
            renamed["visual_projection.weight"] = value.t()
        elif name == "text_projection":
            renamed["text_projection.weight"] = value.t()
        elif "resblocks" in name:
            tower = "vision_model" if name.startswith("visual.") else "text_model"
            number, rest = name.split("resblocks.")[1].split(".", 1)
            prefix = f"{tower}.encoder.layers.{number}."
            if "in_proj" in rest:
                for part, rows in zip("qkv", value.chunk(3)):
                    renamed[f"{prefix}self_attn.{part}_proj.{rest.rsplit('_', 1)[1]}"] = rows
            else:
                part, kind = rest.rsplit(".", 1)
                renamed[f"{prefix}{layer[part]}.{kind}"] = value
        else:
            part, kind = name.rsplit(".", 1)
            renamed[f"{norms[part]}.{kind}"] = value
    for tower, count in (("text_model", CONTEXT), ("vision_model", 17)):  # a buffer that old checkpoints carry
        renamed[f"{tower}.embeddings.position_ids"] = torch.arange(count).unsqueeze(0)
    return renamed


def write_safetensors(path, state):
    header, data = {"__metadata__": {"format": "pt"}}, b""
    for name, value in sorted(state.items()):
        value = value.contiguous() if value.dtype == torch.int64 else value.half().contiguous()
        raw = value.numpy().tobytes()
        dtype = "I64" if value.dtype == torch.int64 else "F16"
        header[name] = {"dtype": dtype, "shape": list(value.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header, separators=(",", ":")).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def config(kind):
    if kind == "resnet":
        vision = {"model_type": "clip_modified_resnet", "image_size": 64, "width": 2, "layers": [1, 2, 1, 1],
                  "num_attention_heads": 4}
    else:
        vision = {"image_size": 32, "patch_size": 8, "hidden_size": 24, "intermediate_size": 96,
                  "num_hidden_layers": 2, "num_attention_heads": 3, "hidden_act": "quick_gelu"}
    text = {"vocab_size": VOCAB, "hidden_size": TEXT_WIDTH, "intermediate_size": 4 * TEXT_WIDTH,
            "num_hidden_layers": TEXT_LAYERS, "num_attention_heads": TEXT_HEADS, "max_position_embeddings": CONTEXT,
            "hidden_act": "quick_gelu", "eos_token_id": 2}
    return {"model_type": "clip", "projection_dim": JOINT, "text_config": text, "vision_config": vision}


def write_json(path, value):
    path.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def unit_rows(x):
    return [[round(v, 8) for v in row] for row in (x / x.norm(dim=1, keepdim=True)).tolist()]


def embeddings(model, size):
    with torch.no_grad():
        ids = torch.tensor([padded(token_ids(text)) for text in TEXTS])
        return {"images": unit_rows(model.encode_image(pixels(size))), "texts": unit_rows(model.encode_text(ids))}


def main():
    checkout, folder = sys.argv[1], Path(sys.argv[2])
    torch.set_num_threads(1)
    reference = load_reference(checkout)
    golden = {"made_by": {"script": "scripts/goldens/clip_towers.py", "reference": "github.com/openai/CLIP",
                          "commit": "d05afc436d78f1c48dc0dbf8e5980a9d471f35f6", "torch": torch.__version__},
              "texts": [{"text": text, "ids": token_ids(text)} for text in TEXTS]}
    for kind in ("vit", "resnet"):
        model = build(reference, kind)
        target = folder / kind
        target.mkdir(parents=True, exist_ok=True)
        state = {name: value for name, value in model.state_dict().items() if "num_batches" not in name}
        write_safetensors(target / "model.safetensors", state)
        write_json(target / "config.json", config(kind))
        golden[kind] = embeddings(model, 64 if kind == "resnet" else 32)
        if kind == "vit":
            write_safetensors(folder / "vit_hugging_face.safetensors", hugging_face_names(state))
            golden["vit_gelu"] = embeddings(with_gelu(model, reference), 32)
    golden["openai.pt"] = write_script(reference, folder)
    write_json(folder / "golden.json", golden)
    alphabet = byte_alphabet()
    pieces = alphabet + [letter + "</w>" for letter in alphabet] + ["<|startoftext|>", "<|endoftext|>"]
    (folder / "tokenizer").mkdir(exist_ok=True)
    write_json(folder / "tokenizer" / "vocab.json", {piece: number for number, piece in enumerate(pieces)})
    (folder / "tokenizer" / "merges.txt").write_text("#version: 0.2\n", encoding="utf-8")


if __name__ == "__main__":
    main()
