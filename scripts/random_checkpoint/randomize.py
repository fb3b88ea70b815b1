"""Random weights for a network that a package has built."""
import torch


def randomize(model, seed=0, gain=1.0, layer_scale=None):
    """Weights with which every part of a network matters; the libraries' own start makes all inputs alike. `layer_scale`: the mean of
    what a block's result is multiplied with (`gamma`)."""
    generator = torch.Generator().manual_seed(seed)
    stored = model.state_dict()  # not what is computed, such as rotary positions
    for name, value in [*model.named_parameters(), *model.named_buffers()]:
        if name not in stored or not value.is_floating_point() or "mask" in name:
            continue
        last = name.rsplit(".", 1)[-1]
        noise = torch.randn(value.shape, generator=generator)
        if last == "logit_scale":
            noise = torch.full(value.shape, 2.5)
        elif last == "logit_bias":
            noise = torch.full(value.shape, -3.0)
        elif last == "running_var":
            noise = 0.7 + 0.3 * noise.abs()
        elif last == "gamma" and layer_scale is not None:
            noise = layer_scale * (1 + 0.2 * noise)
        elif value.dim() <= 1:
            noise = 1 + 0.2 * noise if last in ("weight", "gamma") else 0.1 * noise
        elif "embed" in name and "patch" not in name and "proj" not in last:
            noise = 0.4 * noise
        else:
            inputs = value.shape[0] if last in ("proj", "text_projection") else value[0].numel()
            noise = gain * noise * inputs ** -0.5
        value.data.copy_(noise.to(value.dtype))
    return model.eval()
