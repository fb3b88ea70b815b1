"""Tensors and configs of official GPT-2 shapes, with Hugging Face's names."""
from random_checkpoint.tensors import norm

VOCAB, CONTEXT, END = 50257, 1024, 50256
#         layers, width, heads
MODELS = {
    "gpt2": (12, 768, 12),
    "distilgpt2": (6, 768, 12),
    "gpt2-medium": (24, 1024, 16),
    "gpt2-large": (36, 1280, 20),
    "gpt2-xl": (48, 1600, 25),
}
SHAPES = tuple(MODELS)


def conv1d(name, inputs, outputs):
    """A linear layer whose weight is stored [inputs, outputs]."""
    return {name + ".weight": ("input_major", inputs, outputs), name + ".bias": ("bias", outputs)}


def describe(shape_name):
    """The tensors and the config of a shape."""
    layers, width, heads = MODELS[shape_name]
    tensors = {"wte.weight": ("embedding", VOCAB, width), "wpe.weight": ("embedding", CONTEXT, width),
               **norm("ln_f", width)}
    for i in range(layers):
        prefix = f"h.{i}."
        tensors.update({**norm(prefix + "ln_1", width), **norm(prefix + "ln_2", width),
                        **conv1d(prefix + "attn.c_attn", width, 3 * width),
                        **conv1d(prefix + "attn.c_proj", width, width),
                        **conv1d(prefix + "mlp.c_fc", width, 4 * width),
                        **conv1d(prefix + "mlp.c_proj", 4 * width, width)})
    return tensors, {"model_type": "gpt2", "vocab_size": VOCAB, "n_positions": CONTEXT, "n_ctx": CONTEXT,
                     "n_embd": width, "n_layer": layers, "n_head": heads, "activation_function": "gelu_new",
                     "layer_norm_epsilon": 1e-5, "bos_token_id": END, "eos_token_id": END}
