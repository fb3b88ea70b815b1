"""Tensors and settings of EfficientNet-Lite (Tan and Le 2019): the network, under the names of the PyPI package
efficientnet_lite_pytorch, and the projection that a model of kiloword has behind it."""
import math

from random_checkpoint import clip
from random_checkpoint.tensors import linear, norm, values

FEATURES = 1280
SHAPES = {
    "EfficientNet-Lite0": {"network": "efficientnet-lite0", "width": 1.0, "depth": 1.0, "image": 224, "classes": 1000,
                           "hidden": 256},
    "EfficientNet-Lite2": {"network": "efficientnet-lite2", "width": 1.1, "depth": 1.2, "image": 260, "classes": 1000,
                           "hidden": 256},
    # Odd sides (36, 18, 9, 5, 3, 2) have the paddings that even ones have not.
    "EfficientNet-Lite-tiny": {"network": "efficientnet-lite-tiny", "width": 0.1, "depth": 0.5, "image": 36,
                               "classes": 2, "hidden": 24},
}
#         blocks, kernel, stride, expansion, width
STAGES = ((1, 3, 1, 1, 16), (2, 3, 2, 6, 24), (2, 5, 2, 6, 40), (3, 3, 2, 6, 80), (3, 5, 1, 6, 112), (4, 5, 2, 6, 192),
          (1, 3, 1, 6, 320))
STEM = 32


def scaled_width(width, coefficient):
    exact = width * coefficient
    rounded = max(8, int(exact + 4) // 8 * 8)
    return rounded + 8 if rounded < 0.9 * exact else rounded


def convolution(name, bn, *shape):
    return {name + ".weight": ("matrix", *shape), **norm(bn, shape[0]), bn + ".running_mean": ("bias", shape[0]),
            bn + ".running_var": ("norm", shape[0])}


def network_tensors(shape):
    tensors = convolution("_conv_stem", "_bn0", STEM, 3, 3, 3)
    inputs, number = STEM, 0
    for i, (blocks, kernel, _, expansion, width) in enumerate(STAGES):
        width = scaled_width(width, shape["width"])
        for _ in range(blocks if i in (0, len(STAGES) - 1) else math.ceil(blocks * shape["depth"])):
            name, wide = f"_blocks.{number}.", inputs * expansion
            if expansion > 1:
                tensors.update(convolution(name + "_expand_conv", name + "_bn0", wide, inputs, 1, 1))
            tensors.update(convolution(name + "_depthwise_conv", name + "_bn1", wide, 1, kernel, kernel))
            tensors.update(convolution(name + "_project_conv", name + "_bn2", width, wide, 1, 1))
            inputs, number = width, number + 1
    tensors.update(convolution("_conv_head", "_bn1", FEATURES, inputs, 1, 1))
    tensors.update(linear("_fc", shape["classes"], FEATURES))
    return tensors


def projection_tensors(shape, joint):
    return {"visual.feature_mean": ("bias", FEATURES), "visual.feature_std": ("norm", FEATURES),
            **linear("visual.linear", joint, FEATURES), **linear("visual.hidden", shape["hidden"], FEATURES),
            "visual.output.weight": ("matrix", joint, shape["hidden"])}


def vision_config(shape):
    config = {"model_type": "clip_efficientnet_lite", "image_tower": shape["network"], "image_size": shape["image"],
              "feature_dim": FEATURES, "hidden_dim": shape["hidden"]}
    if shape["network"] == "efficientnet-lite-tiny":
        config.update({"width_coefficient": shape["width"], "depth_coefficient": shape["depth"]})
    return config


def describe(shape_name):
    """The tensors and the config of a model with a network of this shape behind CLIP's small text tower."""
    _, config = clip.describe("ViT-B/32", "openai")
    text, joint = config["text_config"], config["projection_dim"]
    tensors = {**projection_tensors(SHAPES[shape_name], joint),
               **clip.text_tensors("openai", text["hidden_size"], joint, text["num_hidden_layers"])}
    return tensors, {**config, "vision_config": vision_config(SHAPES[shape_name])}


def values_of(tensors, random, dtype):
    """name -> seeded random values."""
    return {name: values(kind, size, random).astype(dtype) for name, (kind, *size) in sorted(tensors.items())}


def normalize_batches(network, run):
    """Gives every batch normalisation the statistics that `run` meets: with random ones all images end in nearly the
    same place."""
    import torch
    norms = [module for module in network.modules() if isinstance(module, torch.nn.BatchNorm2d)]
    for module in norms:
        module.reset_running_stats()
        module.momentum = None
        module.train()
    with torch.no_grad():
        run()
    network.eval()
