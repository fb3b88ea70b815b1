"""Accuracies of lite on the parts that are never trained on, from cached features."""

import torch

from label_sets import read_class_labels
from lite_classes import MEDIA, NOTHING
from lite_data import class_names, medium


def percent(flags):
    return round(100 * flags.float().mean().item(), 2) if len(flags) else float("nan")


def hits(cosines, targets, k):
    """Per picture: is the target among the k highest cosines?"""
    return (cosines.topk(k, dim=1).indices == targets[:, None]).any(dim=1)


def among(pictures, names, embed, of_names, k=(1,)):
    """Top-k of the pictures' classes among `names`; pictures whose class is not among them are left out."""
    place = {name: number for number, name in enumerate(names)}
    targets = torch.tensor([place.get(name, -1) for name in class_names(pictures)])
    known = targets >= 0
    if not known.any():
        return [float("nan")] * len(k)
    cosines = embed(pictures.features[known].float()) @ of_names(names).t()
    return [percent(hits(cosines, targets[known], count)) for count in k]


def retrieval(sets, split, embed, of_captions):
    """Of Flickr8k's captions, how many find their picture among the ten nearest, and pictures one of their captions."""
    pictures = sets.measured("flickr8k", split)
    images = embed(pictures.features.float())
    place = {name: number for number, name in enumerate(pictures.names)}
    texts, owners = [], []
    for name, group in sets.captions[split].items():
        if name in place:
            texts += group
            owners += [place[name]] * len(group)
    cosines = images @ of_captions(texts).t()
    owners = torch.tensor(owners)
    back = (owners[cosines.topk(10, dim=1).indices] == torch.arange(len(images))[:, None]).any(dim=1)
    return percent(hits(cosines.t(), owners, 10)), percent(back), percent(hits(cosines.t(), owners, 1))


def media(sets, embed, of_names):
    """{medium: share of its measured pictures that are called so}, among all media and what is none."""
    names = (*MEDIA, *NOTHING)
    vectors = of_names(names)
    flags = {}
    for source in ("flickr8k", "imagen", "miniplaces", "pacs", "clipart", "emoji", "screenshot", "drawn"):
        pictures = sets.measured(source, "test")
        if not pictures.names:
            continue
        called = (embed(pictures.features.float()) @ vectors.t()).argmax(dim=1).tolist()
        for name, number in zip(pictures.names, called):
            kind = medium(source, name)
            key = f"photo ({source})" if kind == "photo" else f"{kind} ({source})"
            flags.setdefault(key, []).append(names[number] == kind)
    return {key: percent(torch.tensor(values)) for key, values in sorted(flags.items())}


def measure(sets, embed, of_names, of_captions, split):
    """{what: percent}. `embed` maps features to unit vectors, `of_names` and `of_captions` texts."""
    imagenet = list(dict.fromkeys(read_class_labels("imagenet").values()))
    caltech = sorted(set(read_class_labels("lite-caltech101").values()))
    tiny = sets.measured("tiny-imagenet-val")
    tiny_names = sorted({name for name in class_names(tiny) if name})
    places = sorted(set(read_class_labels("miniplaces").values()))
    result = {}
    result["imagen_1000"], result["imagen_1000_top5"] = among(sets.measured("imagen"), imagenet, embed, of_names, (1, 5))
    (result["imagenette_1000"],) = among(sets.measured("imagenette"), imagenet, embed, of_names)
    result["places"], result["places_top5"] = among(sets.measured("miniplaces"), places, embed, of_names, (1, 5))
    (result["tiny_200"],) = among(tiny, tiny_names, embed, of_names) if tiny_names else (float("nan"),)
    (result["caltech_own"],) = among(sets.measured("caltech101"), caltech, embed, of_names)
    pacs = sorted(set(read_class_labels("pacs").values()))
    (result["pacs_own"],) = among(sets.measured("pacs"), pacs, embed, of_names)
    found = retrieval(sets, split, embed, of_captions)
    result[f"{split}_t2i_r10"], result[f"{split}_i2t_r10"], result[f"{split}_t2i_r1"] = found
    called = media(sets, embed, of_names)
    result["media"] = called
    return result
