"""Tensors and configs of official CLIP shapes."""
from random_checkpoint.tensors import linear, norm

VOCAB, CONTEXT = 49408, 77
#           image, patch, width, layers, heads, joint, text width, text heads, text layers, activation
VISION_TRANSFORMERS = {
    "ViT-B/32": (224, 32, 768, 12, 12, 512, 512, 8, 12, "quick_gelu"),
    "ViT-B/16": (224, 16, 768, 12, 12, 512, 512, 8, 12, "quick_gelu"),
    "ViT-L/14": (224, 14, 1024, 24, 16, 768, 768, 12, 12, "quick_gelu"),
    "ViT-L/14-336": (336, 14, 1024, 24, 16, 768, 768, 12, 12, "quick_gelu"),
    "ViT-H/14": (224, 14, 1280, 32, 16, 1024, 1024, 16, 24, "gelu"),
}
RN50 = {"image": 224, "width": 64, "layers": [3, 4, 6, 3], "joint": 1024, "text_width": 512, "text_heads": 8}
RN50_TEXT_LAYERS = 12


def openai_block(prefix, width):
    return {**norm(prefix + "ln_1", width), **norm(prefix + "ln_2", width),
            prefix + "attn.in_proj_weight": ("matrix", 3 * width, width),
            prefix + "attn.in_proj_bias": ("bias", 3 * width), **linear(prefix + "attn.out_proj", width, width),
            **linear(prefix + "mlp.c_fc", 4 * width, width), **linear(prefix + "mlp.c_proj", width, 4 * width)}


def hf_block(prefix, width):
    tensors = {**norm(prefix + "layer_norm1", width), **norm(prefix + "layer_norm2", width),
               **linear(prefix + "mlp.fc1", 4 * width, width), **linear(prefix + "mlp.fc2", width, 4 * width)}
    for part in ("q", "k", "v", "out"):
        tensors.update(linear(f"{prefix}self_attn.{part}_proj", width, width))
    return tensors


def text_tensors(names, width, joint, layers):
    tensors = {"logit_scale": ("scale",)}
    if names == "openai":
        tensors.update({"token_embedding.weight": ("embedding", VOCAB, width),
                        "positional_embedding": ("embedding", CONTEXT, width),
                        "text_projection": ("matrix", width, joint), **norm("ln_final", width)})
    else:
        tensors.update({"text_model.embeddings.token_embedding.weight": ("embedding", VOCAB, width),
                        "text_model.embeddings.position_embedding.weight": ("embedding", CONTEXT, width),
                        "text_projection.weight": ("matrix", joint, width),
                        **norm("text_model.final_layer_norm", width)})
    for i in range(layers):
        if names == "openai":
            tensors.update(openai_block(f"transformer.resblocks.{i}.", width))
        else:
            tensors.update(hf_block(f"text_model.encoder.layers.{i}.", width))
    return tensors


def vision_transformer_tensors(names, image, patch, width, layers, joint):
    positions = (image // patch) ** 2 + 1
    if names == "openai":
        tensors = {"visual.class_embedding": ("embedding", width), "visual.proj": ("matrix", width, joint),
                   "visual.conv1.weight": ("matrix", width, 3, patch, patch),
                   "visual.positional_embedding": ("embedding", positions, width),
                   **norm("visual.ln_pre", width), **norm("visual.ln_post", width)}
    else:
        tensors = {"vision_model.embeddings.class_embedding": ("embedding", width),
                   "vision_model.embeddings.patch_embedding.weight": ("matrix", width, 3, patch, patch),
                   "vision_model.embeddings.position_embedding.weight": ("embedding", positions, width),
                   "visual_projection.weight": ("matrix", joint, width),
                   **norm("vision_model.pre_layrnorm", width), **norm("vision_model.post_layernorm", width)}
    for i in range(layers):
        if names == "openai":
            tensors.update(openai_block(f"visual.transformer.resblocks.{i}.", width))
        else:
            tensors.update(hf_block(f"vision_model.encoder.layers.{i}.", width))
    return tensors


def batch_norm(name, width):
    return {**norm(name, width), name + ".running_mean": ("bias", width), name + ".running_var": ("norm", width)}


def resnet_tensors(image, width, layers, joint):
    tensors, inputs = {}, 3
    for i, outputs in enumerate((width // 2, width // 2, width), start=1):
        tensors.update({f"visual.conv{i}.weight": ("matrix", outputs, inputs, 3, 3),
                        **batch_norm(f"visual.bn{i}", outputs)})
        inputs = outputs
    for stage, blocks in enumerate(layers):
        planes = width << stage
        for block in range(blocks):
            prefix = f"visual.layer{stage + 1}.{block}."
            shapes = ((planes, inputs, 1, 1), (planes, planes, 3, 3), (4 * planes, planes, 1, 1))
            for i, shape in enumerate(shapes, start=1):
                tensors.update({f"{prefix}conv{i}.weight": ("matrix", *shape),
                                **batch_norm(f"{prefix}bn{i}", shape[0])})
            if block == 0:
                tensors.update({prefix + "downsample.0.weight": ("matrix", 4 * planes, inputs, 1, 1),
                                **batch_norm(prefix + "downsample.1", 4 * planes)})
            inputs = 4 * planes
    tensors["visual.attnpool.positional_embedding"] = ("embedding", (image // 32) ** 2 + 1, inputs)
    for part, outputs in (("q", inputs), ("k", inputs), ("v", inputs), ("c", joint)):
        tensors.update(linear(f"visual.attnpool.{part}_proj", outputs, inputs))
    return tensors


SHAPES = (*VISION_TRANSFORMERS, "RN50")


def describe(shape_name, names):
    """The tensors and the config of a shape."""
    if shape_name == "RN50":
        joint, text_width, text_heads = RN50["joint"], RN50["text_width"], RN50["text_heads"]
        text_layers, activation = RN50_TEXT_LAYERS, "quick_gelu"
        tensors = resnet_tensors(RN50["image"], RN50["width"], RN50["layers"], joint)
        vision = {"model_type": "clip_modified_resnet", "image_size": RN50["image"], "width": RN50["width"],
                  "layers": RN50["layers"], "num_attention_heads": RN50["width"] * 32 // 64}
    else:
        (image, patch, width, layers, heads, joint, text_width, text_heads, text_layers,
         activation) = VISION_TRANSFORMERS[shape_name]
        tensors = vision_transformer_tensors(names, image, patch, width, layers, joint)
        vision = {"model_type": "clip_vision_model", "image_size": image, "patch_size": patch, "hidden_size": width,
                  "intermediate_size": 4 * width, "num_hidden_layers": layers, "num_attention_heads": heads,
                  "hidden_act": activation}
    tensors.update(text_tensors(names, text_width, joint, text_layers))
    text = {"model_type": "clip_text_model", "vocab_size": VOCAB, "hidden_size": text_width,
            "intermediate_size": 4 * text_width, "num_hidden_layers": text_layers, "num_attention_heads": text_heads,
            "max_position_embeddings": CONTEXT, "hidden_act": activation, "bos_token_id": 49406,
            "eos_token_id": 49407}
    return tensors, {"model_type": "clip", "projection_dim": joint, "text_config": text, "vision_config": vision}


def open_clip_config(config):
    """The same settings as OpenCLIP writes them."""
    vision, text = config["vision_config"], config["text_config"]
    if vision["model_type"] == "clip_modified_resnet":
        vision_cfg = {"image_size": vision["image_size"], "layers": vision["layers"], "width": vision["width"]}
    else:
        vision_cfg = {"image_size": vision["image_size"], "patch_size": vision["patch_size"], "width": vision["hidden_size"],
                      "layers": vision["num_hidden_layers"],
                      "head_width": vision["hidden_size"] // vision["num_attention_heads"]}
    return {"model_cfg": {"embed_dim": config["projection_dim"], "quick_gelu": text["hidden_act"] == "quick_gelu",
                          "vision_cfg": vision_cfg,
                          "text_cfg": {"context_length": CONTEXT, "vocab_size": VOCAB, "width": text["hidden_size"],
                                       "heads": text["num_attention_heads"], "layers": text["num_hidden_layers"]}}}
