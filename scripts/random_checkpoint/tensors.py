"""Checkpoints by kind of tensor: {name: (kind, *shape)} with seeded random values of that kind."""
import json
import struct

import numpy


def norm(name, width):
    return {name + ".weight": ("norm", width), name + ".bias": ("bias", width)}


def linear(name, outputs, inputs):
    return {name + ".weight": ("matrix", outputs, inputs), name + ".bias": ("bias", outputs)}


def values(kind, shape, random):
    if kind == "scale":
        return numpy.full(shape, numpy.log(100.0))
    noise = random.standard_normal(shape, dtype=numpy.float32)
    if kind == "norm":
        return 1 + 0.1 * noise.clip(-3, 3)
    if kind == "input_major":
        return noise * shape[0] ** -0.5
    scale = {"bias": 0.02, "embedding": 0.1, "matrix": numpy.prod(shape[1:]) ** -0.5}[kind]
    return noise * scale


def write_safetensors(path, tensors, dtype, random):
    size = {"F16": 2, "F32": 4}[dtype]
    header, offset = {"__metadata__": {"format": "pt"}}, 0
    for name, (_, *shape) in sorted(tensors.items()):
        end = offset + size * int(numpy.prod(shape))
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [offset, end]}
        offset = end
    text = json.dumps(header, separators=(",", ":")).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for _, (kind, *shape) in sorted(tensors.items()):
            file.write(values(kind, shape, random).astype(f"<f{size}").tobytes())
