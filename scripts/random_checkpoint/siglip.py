"""Tensors and configs of official SigLIP shapes, with Hugging Face's names."""
from random_checkpoint.clip import hf_block
from random_checkpoint.tensors import linear, norm

VOCAB, CONTEXT = 32000, 64
#         image, patch, width, hidden, layers, heads
MODELS = {"SigLIP-B/16": (224, 16, 768, 3072, 12, 12)}
SHAPES = tuple(MODELS)


def describe(shape_name):
    """The tensors and the config of a shape."""
    image, patch, width, hidden, layers, heads = MODELS[shape_name]
    vision, text, head = "vision_model.", "text_model.", "vision_model.head."
    tensors = {"logit_scale": ("scale", 1), "logit_bias": ("bias", 1),
               vision + "embeddings.patch_embedding.weight": ("matrix", width, 3, patch, patch),
               vision + "embeddings.patch_embedding.bias": ("bias", width),
               vision + "embeddings.position_embedding.weight": ("embedding", (image // patch) ** 2, width),
               **norm(vision + "post_layernorm", width), head + "probe": ("embedding", 1, 1, width),
               head + "attention.in_proj_weight": ("matrix", 3 * width, width),
               head + "attention.in_proj_bias": ("bias", 3 * width),
               **linear(head + "attention.out_proj", width, width), **norm(head + "layernorm", width),
               **linear(head + "mlp.fc1", hidden, width), **linear(head + "mlp.fc2", width, hidden),
               text + "embeddings.token_embedding.weight": ("embedding", VOCAB, width),
               text + "embeddings.position_embedding.weight": ("embedding", CONTEXT, width),
               **norm(text + "final_layer_norm", width), **linear(text + "head", width, width)}
    for tower in (vision, text):
        for i in range(layers):
            tensors.update(hf_block(f"{tower}encoder.layers.{i}.", width))
    shape = {"hidden_size": width, "intermediate_size": hidden, "num_hidden_layers": layers, "num_attention_heads": heads}
    return tensors, {"model_type": "siglip", "text_config": {**shape, "vocab_size": VOCAB},
                     "vision_config": {**shape, "image_size": image, "patch_size": patch}}
