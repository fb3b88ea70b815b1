"""Tensors and configs of official SigLIP and SigLIP 2 shapes, with Hugging Face's names."""
from random_checkpoint.tensors import linear, norm

CONTEXT = 64
# Image size, or for NaFlex the most patches of a picture; patch, vocabulary, then width, hidden, layers, heads of the
# image tower and of the text tower.
BASE, SO400M = (768, 3072, 12, 12), (1152, 4304, 27, 16)
MODELS = {
    "SigLIP-B/16": (224, 16, 32000, BASE, BASE),
    "SigLIP2-B/16-NaFlex": ("256 patches", 16, 256000, BASE, BASE),
    "SigLIP2-SO400M/14-384": (384, 14, 256000, SO400M, SO400M),
    "SigLIP2-SO400M/16-NaFlex": ("256 patches", 16, 256000, SO400M, SO400M),
    "SigLIP2-gopt/16-384": (384, 16, 256000, (1536, 6144, 40, 16), SO400M),
}
SHAPES = tuple(MODELS)


def block(prefix, width, hidden):
    tensors = {**norm(prefix + "layer_norm1", width), **norm(prefix + "layer_norm2", width),
               **linear(prefix + "mlp.fc1", hidden, width), **linear(prefix + "mlp.fc2", width, hidden)}
    for part in ("q", "k", "v", "out"):
        tensors.update(linear(f"{prefix}self_attn.{part}_proj", width, width))
    return tensors


def tower_settings(shape):
    return dict(zip(("hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads"), shape))


def image_tensors(patches, patch, naflex, shape):
    width, hidden, layers, _ = shape
    vision, head = "vision_model.", "vision_model.head."
    inputs = (3 * patch * patch,) if naflex else (3, patch, patch)
    tensors = {vision + "embeddings.patch_embedding.weight": ("matrix", width, *inputs),
               vision + "embeddings.patch_embedding.bias": ("bias", width),
               vision + "embeddings.position_embedding.weight": ("embedding", patches, width),
               **norm(vision + "post_layernorm", width), head + "probe": ("embedding", 1, 1, width),
               head + "attention.in_proj_weight": ("matrix", 3 * width, width),
               head + "attention.in_proj_bias": ("bias", 3 * width),
               **linear(head + "attention.out_proj", width, width), **norm(head + "layernorm", width),
               **linear(head + "mlp.fc1", hidden, width), **linear(head + "mlp.fc2", width, hidden)}
    for i in range(layers):
        tensors.update(block(f"{vision}encoder.layers.{i}.", width, hidden))
    return tensors


def text_tensors(vocabulary, joint, shape):
    width, hidden, layers, _ = shape
    text = "text_model."
    tensors = {text + "embeddings.token_embedding.weight": ("embedding", vocabulary, width),
               text + "embeddings.position_embedding.weight": ("embedding", CONTEXT, width),
               **norm(text + "final_layer_norm", width), **linear(text + "head", joint, width)}
    for i in range(layers):
        tensors.update(block(f"{text}encoder.layers.{i}.", width, hidden))
    return tensors


def describe(shape_name):
    """The tensors and the config of a shape."""
    size, patch, vocabulary, image, text = MODELS[shape_name]
    naflex = isinstance(size, str)
    patches = int(size.split()[0]) if naflex else (size // patch) ** 2
    tensors = {"logit_scale": ("scale", 1), "logit_bias": ("bias", 1),
               **image_tensors(patches, patch, naflex, image), **text_tensors(vocabulary, image[0], text)}
    sizes = {"num_patches": patches} if naflex else {"image_size": size}
    return tensors, {"model_type": "siglip2" if naflex else "siglip",
                     "text_config": {**tower_settings(text), "vocab_size": vocabulary, "projection_size": image[0]},
                     "vision_config": {**tower_settings(image), "patch_size": patch, **sizes}}
