"""Writes a training checkpoint's averaged weights as model.safetensors (F16) into a model folder."""

import argparse
from pathlib import Path

import torch

import safetensors_file
from clip_model import Clip, read_config


def export_weights(state, path):
    """Writes a state dict; BatchNorm's batch counters, which inference does not need, stay out."""
    names = [name for name in state if not name.endswith("num_batches_tracked")]
    safetensors_file.write(path, {name: state[name].float().numpy() for name in names})


def load_model(folder):
    """The exported model in float32, ready for inference; names and shapes must match exactly."""
    folder = Path(folder)
    model = Clip(read_config(folder / "config.json")).eval()
    arrays = safetensors_file.read(folder / "model.safetensors")
    state = {name: torch.from_numpy(array) for name, array in arrays.items()}
    counters = {name: value for name, value in model.state_dict().items() if name.endswith("num_batches_tracked")}
    model.load_state_dict({**state, **counters})
    return model


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", type=Path, required=True, help="checkpoint.pt of train_clip.py")
    parser.add_argument("--model", type=Path, default=Path("models/nano"), help="folder to write model.safetensors to")
    options = parser.parse_args()
    checkpoint = torch.load(options.checkpoint, map_location="cpu")
    export_weights(checkpoint["average"], options.model / "model.safetensors")


if __name__ == "__main__":
    main()
