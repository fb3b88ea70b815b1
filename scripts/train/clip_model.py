"""CLIP with OpenAI's tensor names: ModifiedResNet image tower, causal transformer text tower.

Radford et al. 2021, "Learning Transferable Visual Models From Natural Language Supervision".
One extension: `stem_pool: false` leaves out the average pooling that ends the stem, for small inputs.

Dimensions: B batch, S image side, T tokens, C width, H heads, D joint, V vocabulary.
"""

import json
import math
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

EXPANSION = 4
IMAGE_MEAN = (0.48145466, 0.4578275, 0.40821073)
IMAGE_STD = (0.26862954, 0.26130258, 0.27577711)


class Bottleneck(nn.Module):
    """1x1, 3x3, 1x1; a stride is an average pooling in front of the last convolution (anti-aliased)."""

    def __init__(self, inputs, planes, stride):
        super().__init__()
        self.stride = stride
        self.conv1 = nn.Conv2d(inputs, planes, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(planes)
        self.conv2 = nn.Conv2d(planes, planes, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(planes)
        self.conv3 = nn.Conv2d(planes, planes * EXPANSION, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(planes * EXPANSION)
        self.downsample = None
        if stride > 1 or inputs != planes * EXPANSION:
            self.downsample = nn.Sequential(
                nn.Conv2d(inputs, planes * EXPANSION, 1, bias=False),
                nn.BatchNorm2d(planes * EXPANSION),
            )

    def forward(self, x):
        out = F.relu(self.bn1(self.conv1(x)), inplace=True)
        out = F.relu(self.bn2(self.conv2(out)), inplace=True)
        if self.stride > 1:
            out = F.avg_pool2d(out, self.stride)
            x = F.avg_pool2d(x, self.stride)
        out = self.bn3(self.conv3(out))
        shortcut = x if self.downsample is None else self.downsample(x)
        return F.relu(out + shortcut, inplace=True)


class AttentionPool(nn.Module):
    """One query, the mean position, attends over all positions and itself."""

    def __init__(self, side, width, heads, joint):
        super().__init__()
        self.heads = heads
        self.positional_embedding = nn.Parameter(torch.randn(side * side + 1, width) / width**0.5)
        self.q_proj = nn.Linear(width, width)
        self.k_proj = nn.Linear(width, width)
        self.v_proj = nn.Linear(width, width)
        self.c_proj = nn.Linear(width, joint)

    def positions(self, side):
        """Positional embedding for a side x side grid, [side*side+1, C]; interpolated while training at other sizes."""
        rows = self.positional_embedding
        own = math.isqrt(rows.shape[0] - 1)
        if own == side:
            return rows
        grid = rows[1:].t().reshape(1, -1, own, own)
        grid = F.interpolate(grid, size=(side, side), mode="bilinear", align_corners=False)
        return torch.cat([rows[:1], grid.flatten(2)[0].t()])

    def forward(self, x):
        side = x.shape[-1]
        x = x.flatten(2).transpose(1, 2)  # [B, N, C]
        x = torch.cat([x.mean(dim=1, keepdim=True), x], dim=1) + self.positions(side)  # [B, N+1, C]
        batch, count, width = x.shape
        q = self.q_proj(x[:, :1]).view(batch, 1, self.heads, -1).transpose(1, 2)  # [B, H, 1, C/H]
        k = self.k_proj(x).view(batch, count, self.heads, -1).transpose(1, 2)  # [B, H, N+1, C/H]
        v = self.v_proj(x).view(batch, count, self.heads, -1).transpose(1, 2)  # [B, H, N+1, C/H]
        weights = (q @ k.transpose(2, 3) / math.sqrt(width // self.heads)).softmax(dim=-1)
        return self.c_proj((weights @ v).transpose(1, 2).reshape(batch, width))  # [B, D]


class ModifiedResNet(nn.Module):
    """Image tower: normalised pixels [B, 3, S, S] to embeddings [B, D] (not yet unit length)."""

    def __init__(self, config, joint):
        super().__init__()
        width = config["width"]
        self.stem_pool = config["stem_pool"]
        self.conv1 = nn.Conv2d(3, width // 2, 3, stride=2, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(width // 2)
        self.conv2 = nn.Conv2d(width // 2, width // 2, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(width // 2)
        self.conv3 = nn.Conv2d(width // 2, width, 3, padding=1, bias=False)
        self.bn3 = nn.BatchNorm2d(width)
        inputs = width
        for stage, blocks in enumerate(config["layers"]):
            planes = width << stage
            layer = []
            for block in range(blocks):
                layer.append(Bottleneck(inputs, planes, 2 if stage > 0 and block == 0 else 1))
                inputs = planes * EXPANSION
            setattr(self, f"layer{stage + 1}", nn.Sequential(*layer))
        side = config["image_size"] // (32 if self.stem_pool else 16)
        self.attnpool = AttentionPool(side, inputs, config["num_attention_heads"], joint)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)), inplace=True)
        x = F.relu(self.bn2(self.conv2(x)), inplace=True)
        x = F.relu(self.bn3(self.conv3(x)), inplace=True)
        if self.stem_pool:
            x = F.avg_pool2d(x, 2)
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.attnpool(x)


class FeatureProjection(nn.Module):
    """Image side on pooled features [B, F] of a locked tower: a linear map and a small hidden layer beside it.

    The tower itself (`config["image_tower"]`) is not part of the model.
    """

    def __init__(self, config, joint):
        super().__init__()
        features, hidden = config["feature_dim"], config["hidden_dim"]
        self.register_buffer("feature_mean", torch.zeros(features))
        self.register_buffer("feature_std", torch.ones(features))
        self.linear = nn.Linear(features, joint)
        self.hidden = nn.Linear(features, hidden)
        self.output = nn.Linear(hidden, joint, bias=False)

    def forward(self, features):
        x = (features - self.feature_mean) / self.feature_std  # [B, F]
        return self.linear(x) + self.output(F.gelu(self.hidden(x)))  # [B, D]


class QuickGelu(nn.Module):
    def forward(self, x):
        return x * torch.sigmoid(1.702 * x)


class TextBlock(nn.Module):
    def __init__(self, width, heads, hidden):
        super().__init__()
        self.attn = nn.MultiheadAttention(width, heads, batch_first=True)
        self.ln_1 = nn.LayerNorm(width)
        self.mlp = nn.Sequential()
        self.mlp.add_module("c_fc", nn.Linear(width, hidden))
        self.mlp.add_module("gelu", QuickGelu())
        self.mlp.add_module("c_proj", nn.Linear(hidden, width))
        self.ln_2 = nn.LayerNorm(width)

    def forward(self, x, mask):
        y = self.ln_1(x)
        x = x + self.attn(y, y, y, need_weights=False, attn_mask=mask)[0]
        return x + self.mlp(self.ln_2(x))


class Transformer(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.resblocks = nn.ModuleList(
            TextBlock(config["hidden_size"], config["num_attention_heads"], config["intermediate_size"])
            for _ in range(config["num_hidden_layers"])
        )


class Clip(nn.Module):
    """Both towers. `config` is the parsed config.json of an exported model."""

    def __init__(self, config):
        super().__init__()
        self.config = config
        text = config["text_config"]
        joint, width = config["projection_dim"], text["hidden_size"]
        self.eos_id = text["eos_token_id"]
        self.on_features = config["vision_config"]["model_type"] == "clip_efficientnet_lite"
        image_side = FeatureProjection if self.on_features else ModifiedResNet
        self.visual = image_side(config["vision_config"], joint)
        self.transformer = Transformer(text)
        self.token_embedding = nn.Embedding(text["vocab_size"], width)
        self.positional_embedding = nn.Parameter(torch.empty(text["max_position_embeddings"], width))
        self.ln_final = nn.LayerNorm(width)
        self.text_projection = nn.Parameter(torch.empty(width, joint))
        self.logit_scale = nn.Parameter(torch.tensor(math.log(1 / 0.07)))
        self._initialise(width)

    def _initialise(self, width):
        nn.init.normal_(self.token_embedding.weight, std=0.02)
        nn.init.normal_(self.positional_embedding, std=0.01)
        nn.init.normal_(self.text_projection, std=width**-0.5)
        blocks = self.transformer.resblocks
        for block in blocks:
            nn.init.normal_(block.attn.in_proj_weight, std=width**-0.5)
            nn.init.normal_(block.attn.out_proj.weight, std=width**-0.5 * (2 * len(blocks)) ** -0.5)
            nn.init.normal_(block.mlp.c_fc.weight, std=(2 * width) ** -0.5)
            nn.init.normal_(block.mlp.c_proj.weight, std=width**-0.5 * (2 * len(blocks)) ** -0.5)
        if self.on_features:
            nn.init.zeros_(self.visual.output.weight)
            return
        pool = self.visual.attnpool
        for name, parameter in self.visual.named_parameters():
            if name.startswith("layer") and name.endswith("bn3.weight"):
                nn.init.zeros_(parameter)
        for layer in (pool.q_proj, pool.k_proj, pool.v_proj, pool.c_proj):
            nn.init.normal_(layer.weight, std=layer.in_features**-0.5)
            nn.init.zeros_(layer.bias)

    def encode_image(self, pixels):
        """Normalised pixels [B, 3, S, S], or a locked tower's features [B, F], to unit-length embeddings [B, D]."""
        return F.normalize(self.visual(pixels), dim=-1)

    def encode_text(self, tokens, projected=True):
        """Token ids [B, T], each row with one end token, to unit-length embeddings [B, D].

        Without the projection: the end token's state [B, C].
        """
        length = tokens.shape[1]
        mask = torch.full((length, length), float("-inf"), device=tokens.device).triu(1)
        x = self.token_embedding(tokens) + self.positional_embedding[:length]  # [B, T, C]
        for block in self.transformer.resblocks:
            x = block(x, mask)
        ends = (tokens == self.eos_id).int().argmax(dim=1)
        x = self.ln_final(x[torch.arange(len(x), device=x.device), ends])  # [B, C]
        if not projected:
            return x
        return F.normalize(x @ self.text_projection, dim=-1)  # [B, D]


def read_config(path):
    return json.loads(Path(path).read_text(encoding="utf-8"))
