"""GPT-2 with the tensor names and shapes of openai-community/gpt2; the head is the transposed embedding.

Radford et al. 2019, "Language Models are Unsupervised Multitask Learners".
Dimensions: B batch, T tokens, C width, H heads, V vocabulary.
"""

import math
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

import safetensors_file
from clip_model import read_config

INITIAL_STD = 0.02


class Conv1D(nn.Module):
    """A linear layer whose weight is stored input-major, as GPT-2's checkpoints have it."""

    def __init__(self, inputs, outputs):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(inputs, outputs))
        self.bias = nn.Parameter(torch.zeros(outputs))

    def forward(self, x):
        return F.linear(x, self.weight.t(), self.bias)


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.c_attn = Conv1D(width, 3 * width)
        self.c_proj = Conv1D(width, width)

    def forward(self, x, dropout):
        batch, length, width = x.shape
        q, k, v = (
            part.view(batch, length, self.heads, -1).transpose(1, 2)  # [B, H, T, C/H]
            for part in self.c_attn(x).split(width, dim=2)
        )
        future = torch.ones(length, length, dtype=torch.bool, device=x.device).triu(1)
        scores = (q @ k.transpose(2, 3) / math.sqrt(width // self.heads)).masked_fill(future, float("-inf"))
        weights = F.dropout(scores.softmax(dim=-1), dropout, self.training)
        return self.c_proj((weights.to(v.dtype) @ v).transpose(1, 2).reshape(batch, length, width))


def gelu_new(x):
    """GPT-2's tanh approximation, written as x sigmoid(2z): four times as fast on processors in bfloat16."""
    return x * torch.sigmoid(2 * math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x))


class Mlp(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.c_fc = Conv1D(width, 4 * width)
        self.c_proj = Conv1D(4 * width, width)

    def forward(self, x):
        return self.c_proj(gelu_new(self.c_fc(x)))


class Block(nn.Module):
    def __init__(self, config):
        super().__init__()
        width, epsilon = config["n_embd"], config["layer_norm_epsilon"]
        self.ln_1 = nn.LayerNorm(width, epsilon)
        self.attn = Attention(width, config["n_head"])
        self.ln_2 = nn.LayerNorm(width, epsilon)
        self.mlp = Mlp(width)

    def forward(self, x, dropout):
        x = x + F.dropout(self.attn(self.ln_1(x), dropout), dropout, self.training)
        return x + F.dropout(self.mlp(self.ln_2(x)), dropout, self.training)


class Gpt2(nn.Module):
    """`config` is the parsed config.json of a model folder; dropout acts only while training."""

    def __init__(self, config, dropout=0.0):
        super().__init__()
        self.config, self.dropout = config, dropout
        width = config["n_embd"]
        self.wte = nn.Embedding(config["vocab_size"], width)
        self.wpe = nn.Embedding(config["n_positions"], width)
        self.h = nn.ModuleList(Block(config) for _ in range(config["n_layer"]))
        self.ln_f = nn.LayerNorm(width, config["layer_norm_epsilon"])
        for name, parameter in self.named_parameters():
            if parameter.ndim == 2:
                # What adds to the residual stream starts smaller, the more layers add to it.
                residual = name.endswith("c_proj.weight")
                nn.init.normal_(parameter, std=INITIAL_STD / (math.sqrt(2 * len(self.h)) if residual else 1))

    def hidden(self, tokens):
        """Ids [B, T] to the states that the head reads, [B, T, C]."""
        x = self.wte(tokens) + self.wpe.weight[: tokens.shape[1]]
        x = F.dropout(x, self.dropout, self.training)
        for block in self.h:
            x = block(x, self.dropout)
        return self.ln_f(x)

    def logits(self, hidden):
        """[..., C] to [..., V]."""
        return F.linear(hidden, self.wte.weight)

    def forward(self, tokens):
        return self.logits(self.hidden(tokens))


def load_language_model(folder):
    """An exported folder's model in float32, ready for inference; names and shapes must match exactly."""
    model = Gpt2(read_config(Path(folder) / "config.json")).eval()
    arrays = safetensors_file.read(Path(folder) / "model.safetensors")
    model.load_state_dict({name: torch.from_numpy(array) for name, array in arrays.items()})
    return model
