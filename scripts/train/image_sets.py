"""Reads the index of an image set: NAME.tsv says where in NAME.bin each image lies."""


def read_rows(data, name):
    """(offset, bytes, label) of each image of a set."""
    for line in (data / f"{name}.tsv").read_text(encoding="utf-8").splitlines():
        offset, size, label = line.split("\t")
        yield int(offset), int(size), label
