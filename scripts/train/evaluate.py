"""Measures an exported model folder, zero-shot through the shipped label sets, on the validation parts.

Writes MODEL/eval.json and prints a table. Images are resized with Pillow's bicubic; weights are the exported F16 ones.
"""

import argparse
import io
import json
from pathlib import Path

import numpy as np
import PIL
import torch
from PIL import Image

import captions
from image_sets import read_rows
from label_sets import read_classes, read_label_folder
from sources import HELD_OUT_EVERY, HELD_OUT_REST
from zero_shot import Encoder

COMPOSITES_PER_MASCOT = 10  # backgrounds for each held-out mascot picture
FIGURE_SHARE = (0.5, 0.9)  # of the photo's side
BACKGROUND_SIDE = 96


def read_images(data, name, keep=lambda label: True):
    """([Pillow images], [labels]) of the rows whose label is kept."""
    blob = (data / f"{name}.bin").read_bytes()
    images, labels = [], []
    for offset, size, label in read_rows(data, name):
        if keep(label):
            images.append(Image.open(io.BytesIO(blob[offset : offset + size])))
            labels.append(label)
    return images, labels


def hits(cosines, targets, k):
    """Per image: is the target among the k highest cosines?"""
    return (cosines.topk(k, dim=1).indices == targets[:, None]).any(dim=1)


def percent(flags):
    return round(100 * flags.float().mean().item(), 2)


def classification(encoder, label_set, embeddings, classes, labels, part=0):
    """Top-1 and top-5 among the classes' own labels, and top-1 and top-5 among the whole set."""
    targets = torch.tensor([classes[label.split("/")[part]] for label in labels])
    text = encoder.labels(label_set)
    cosines = embeddings @ text.t()
    own = torch.tensor(sorted(set(classes.values())))
    among = torch.full_like(cosines, -2.0)
    among[:, own] = cosines[:, own]
    result = {"images": len(labels), "classes": len(own), "top1": percent(hits(among, targets, 1))}
    if len(own) > 5:
        result["top5"] = percent(hits(among, targets, 5))
    if len(own) < len(label_set.labels):
        result["whole_set"] = len(label_set.labels)
        result["top1_whole_set"] = percent(hits(cosines, targets, 1))
        if len(own) > 5:
            result["top5_whole_set"] = percent(hits(cosines, targets, 5))
    return result


def retrieval(encoder, data):
    """Flickr8k test: recall at 1 and 10, captions to images and images to captions."""
    images, labels = read_images(data, "flickr8k", lambda label: label.startswith("test/"))
    order = {label.split("/")[1]: index for index, label in enumerate(labels)}
    texts, owners = [], []
    for image, group in captions.flickr8k_by_image(data, "test").items():
        texts += group
        owners += [order[image]] * len(group)
    cosines = encoder.images(images) @ encoder.texts(texts).t()  # [images, captions]
    owners = torch.tensor(owners)
    best = cosines.topk(10, dim=1).indices
    own = owners[best] == torch.arange(len(images))[:, None]
    return {
        "images": len(images),
        "captions": len(texts),
        "text_to_image_r1": percent(hits(cosines.t(), owners, 1)),
        "text_to_image_r10": percent(hits(cosines.t(), owners, 10)),
        "image_to_text_r1": percent(own[:, 0]),
        "image_to_text_r10": percent(own.any(dim=1)),
    }


def composite(figure, photo, rng):
    """The figure at random scale and place on the photo."""
    photo = photo.convert("RGB").resize((BACKGROUND_SIDE, BACKGROUND_SIDE), Image.Resampling.BICUBIC)
    scale = BACKGROUND_SIDE * rng.uniform(*FIGURE_SHARE) / max(figure.size)
    size = [max(1, round(edge * scale)) for edge in figure.size]
    figure = figure.convert("RGBA").resize(size, Image.Resampling.BICUBIC)
    left, top = (int(rng.integers(BACKGROUND_SIDE - edge + 1)) for edge in figure.size)
    photo.paste(figure, (left, top), figure)
    return photo


def is_held_out(label):
    return int(label.split("/")[1]) % HELD_OUT_EVERY == HELD_OUT_REST


def mascots(encoder, data, label_set, photos):
    """Held-out mascot pictures on unseen photos, against the other mascots and the negatives, and photos without."""
    classes = read_classes("mascots", label_set)
    figures, labels = read_images(data, "mascots", is_held_out)
    rng = np.random.default_rng(0)
    pictures, targets = [], []
    for figure, label in zip(figures, labels):
        for _ in range(COMPOSITES_PER_MASCOT):
            pictures.append(composite(figure, photos[int(rng.integers(len(photos)))], rng))
            targets.append(classes[label.split("/")[0]])
    text = torch.cat([encoder.labels(label_set), encoder.texts(label_set.negatives)])
    targets = torch.tensor(targets)
    right = hits(encoder.images(pictures) @ text.t(), targets, 1)
    by_kind = {label_set.labels[kind]: percent(right[targets == kind]) for kind in sorted(set(targets.tolist()))}
    plain = (encoder.images(photos[:1000]) @ text.t()).argmax(dim=1) < len(label_set.labels)
    return {
        "pictures_held_out": len(figures),
        "composites": len(pictures),
        "top1_with_negatives": percent(right),
        "top1_by_mascot": by_kind,
        "photos_without_mascot_called_mascot": percent(plain),
    }


def evaluate(encoder, data, sets):
    result = {}
    images, labels = read_images(data, "pacs-val")
    embeddings = encoder.images(images)
    media = read_classes("pacs-medium", sets["medium"])
    result["medium"] = classification(encoder, sets["medium"], embeddings, media, labels)
    classes = read_classes("pacs", sets["objects"])
    result["pacs_objects"] = classification(encoder, sets["objects"], embeddings, classes, labels, part=1)
    photos = []
    for name, set_name in (("tiny-imagenet", "objects"), ("caltech101", "objects"), ("miniplaces", "scene")):
        images, labels = read_images(data, f"{name}-val")
        photos = images
        classes = read_classes(name, sets[set_name])
        result[name] = classification(encoder, sets[set_name], encoder.images(images), classes, labels)
    result["mascots"] = mascots(encoder, data, sets["mascots"], photos)
    result["flickr8k_test"] = retrieval(encoder, data)
    return result


def print_table(result):
    for name, numbers in result.items():
        for key, value in numbers.items():
            print(f"{name:16} {key:40} {json.dumps(value)}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--model", type=Path, default=Path("models/nano"))
    parser.add_argument("--labels", type=Path, default=Path("labels/nano"))
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    result = evaluate(Encoder(options.model), options.data, read_label_folder(options.labels))
    versions = {"torch": torch.__version__, "pillow": PIL.__version__, "numpy": np.__version__}
    text = json.dumps({"versions": versions, **result}, indent=2) + "\n"
    (options.model / "eval.json").write_text(text, encoding="utf-8")
    print_table(result)


if __name__ == "__main__":
    main()
