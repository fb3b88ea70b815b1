"""The forms in which checkpoints are published. PyTorch's own need Python with PyTorch."""
import json

import numpy

from random_checkpoint.clip import open_clip_config
from random_checkpoint.tensors import values, write_safetensors

SHARDS = 3


def write_config(folder, config, name="config.json"):
    (folder / name).write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")


def write_single(folder, tensors, config, dtype, random):
    write_safetensors(folder / "model.safetensors", tensors, dtype, random)
    write_config(folder, config)


def write_sharded(folder, tensors, config, dtype, random):
    names = sorted(tensors)
    weight_map = {}
    for shard in range(SHARDS):
        file = f"model-{shard + 1:05}-of-{SHARDS:05}.safetensors"
        part = names[shard * len(names) // SHARDS:(shard + 1) * len(names) // SHARDS]
        write_safetensors(folder / file, {name: tensors[name] for name in part}, dtype, random)
        weight_map.update(dict.fromkeys(part, file))
    write_config(folder, {"metadata": {}, "weight_map": weight_map}, "model.safetensors.index.json")
    write_config(folder, config)


def torch_tensors(tensors, dtype, random):
    import torch
    wanted = {"F16": numpy.float16, "F32": numpy.float32}[dtype]
    for name, (kind, *shape) in sorted(tensors.items()):
        yield name, torch.from_numpy(numpy.asarray(values(kind, shape, random), dtype=wanted).reshape(shape))


def write_state_dict(folder, tensors, config, dtype, random):
    import torch
    torch.save(dict(torch_tensors(tensors, dtype, random)), folder / "pytorch_model.bin")
    write_config(folder, config)


def write_open_clip(folder, tensors, config, dtype, random):
    write_safetensors(folder / "open_clip_model.safetensors", tensors, dtype, random)
    write_config(folder, open_clip_config(config), "open_clip_config.json")


def write_script(folder, tensors, config, dtype, random):
    """A TorchScript archive as OpenAI's: modules named as the tensors, and no configuration."""
    import torch
    root = torch.nn.Module()
    for name, tensor in torch_tensors(tensors, dtype, random):
        *path, last = name.split(".")
        module = root
        for part in path:
            if part not in dict(module.named_children()):
                module.add_module(part, torch.nn.Module())
            module = getattr(module, part)
        module.register_parameter(last, torch.nn.Parameter(tensor, requires_grad=False))
    root.register_buffer("input_resolution", torch.tensor(config["vision_config"]["image_size"]))
    torch.jit.script(root).save(str(folder / "model.pt"))


WRITERS = {"safetensors": write_single, "sharded": write_sharded, "bin": write_state_dict, "open-clip": write_open_clip,
           "script": write_script}
OPENAI_NAMES = ("open-clip", "script")  # forms that only come with OpenAI's tensor names
