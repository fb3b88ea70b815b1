"""Reads the index of an image set: NAME.tsv says where in NAME.bin each image lies."""


def read_rows(data, name):
    """(offset, bytes, label) of each image of a set."""
    for line in (data / f"{name}.tsv").read_text(encoding="utf-8").splitlines():
        offset, size, label = line.split("\t")
        yield int(offset), int(size), label


def flickr8k_photos(data, folder, split):
    """[(image, path)] of the photos of a split that are in `folder`, in the order of the caption file."""
    images = {}
    for line in (data / "flickr8k.captions.tsv").read_text(encoding="utf-8").splitlines():
        of_split, image, _ = line.split("\t", 2)
        if of_split == split:
            images[image] = folder / f"{image}.jpg"
    found = [(image, path) for image, path in images.items() if path.is_file()]
    if not found:
        raise SystemExit(f"{folder}: no photo of Flickr8k's {split} part")
    return found


def emoji_names(data):
    """{code point in hexadecimal: name} of the set `emoji`."""
    return dict(line.split("\t") for line in (data / "emoji.names.tsv").read_text(encoding="utf-8").splitlines())
