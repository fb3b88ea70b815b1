"""The pictures that `lite` learns from and is measured on: one list for each source, and how a picture is read.

A picture is (name, loader). The name says where it comes from and what it shows (`caltech101/anchor/image_0003`), and
is what everything else goes by. Layout of the folder `photos`: scripts/train/README.md.
"""

import io
import zlib
from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image

import lite_cutouts
import lite_drawings
import lite_surfaces
from image_sets import read_rows

STAMPS = Path("/usr/share/tuxpaint/stamps")
CLIPART = Path("/usr/share/openclipart/png")
SCREENSHOTS = Path("/usr/share/gimp/2.0/help/en/images")
PAGES = 6000  # drawn pictures: documents, screenshots, diagrams, patterns
SURFACES = 5400
ON_WHITE_SHARE = 0.7  # of cut-out figures stand on white, the others on one colour or on a photo
FIGURE_SHARE = (0.45, 1.0)  # of the picture's side is a figure's longest edge
FIGURE_SIDE = 256


def random_of(name):
    """A generator that depends on the picture's name only, so that a picture is the same whenever it is made."""
    return np.random.default_rng(zlib.crc32(name.encode()))


def over_white(image):
    """RGB; what is transparent becomes white, as kiloword reads pictures."""
    if image.mode in ("RGBA", "LA", "PA", "RGBa") or "transparency" in image.info:
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, (255, 255, 255, 255))
        return Image.alpha_composite(white, image).convert("RGB")
    return image.convert("RGB")


def read_file(path):
    with Image.open(path) as image:
        return over_white(image)


def read_packed(path, offset, size):
    with open(path, "rb") as blob:
        blob.seek(offset)
        return over_white(Image.open(io.BytesIO(blob.read(size))))


def read_figure(name, path, offset=0, size=-1):
    with open(path, "rb") as blob:
        blob.seek(offset)
        return on_ground(name, Image.open(io.BytesIO(blob.read(size))).convert("RGBA"))


def cut_out(name, photo):
    """The thing on the photo of that name without its background; None where it could not be cut out."""
    figure = lite_cutouts.cut_out(photo)
    return figure and on_ground(name.replace("/", "-cut/", 1), figure)


def on_ground(name, figure):
    """A cut-out figure (RGBA) on white, on a plain colour or on a fall of colour, at random size and place."""
    rng = random_of(name)
    if rng.random() < ON_WHITE_SHARE:
        ground = Image.new("RGB", (FIGURE_SIDE, FIGURE_SIDE), (255, 255, 255))
    else:
        ground = Image.fromarray(lite_drawings.plain(FIGURE_SIDE, rng))
    scale = FIGURE_SIDE * rng.uniform(*FIGURE_SHARE) / max(figure.size)
    figure = figure.resize([max(1, round(edge * scale)) for edge in figure.size], Image.Resampling.BICUBIC)
    left, top = (int(rng.integers(FIGURE_SIDE - edge + 1)) for edge in figure.size)
    ground.paste(figure, (left, top), figure)
    return ground


def files(prefix, folder, pattern="**/*.*"):
    """(prefix/path below folder without suffix, path) of all pictures of a folder, in order."""
    paths = sorted(path for path in folder.glob(pattern) if path.suffix.lower() in (".jpg", ".jpeg", ".png"))
    return [(f"{prefix}/{path.relative_to(folder).with_suffix('').as_posix()}", path) for path in paths]


def miniplaces(photos):
    """`miniplaces/SCENE/NUMBER`; a scene may be two folders deep (`bakery/shop` is bakery_shop)."""
    root = photos / "miniplaces/data/images/train"
    result = []
    for path in sorted(root.glob("*/**/*.jpg"), key=lambda path: (path.stem, str(path))):  # all scenes in turn
        scene = "_".join(path.relative_to(root).parent.parts[1:])
        result.append((f"miniplaces/{scene}/{path.stem}", path))
    return result


def packed(data, name, prefix, read=None):
    path = data / f"{name}.bin"
    for offset, size, label in read_rows(data, name):
        label = f"{prefix}/{label}"
        yield label, partial(read, label, path, offset, size) if read else partial(read_packed, path, offset, size)


def screenshots():
    """GIMP's manual: windows and dialogs. The examples of filters and tools are edited photos and stay out."""
    for name, path in files("screenshot", SCREENSHOTS):
        with Image.open(path) as image:
            large = min(image.size) >= 100 and max(image.size) <= 4 * min(image.size)
        if large and "dialog" in name or "/menus/" in name and large and "example" not in name:
            yield name, partial(read_file, path)


def pictures(source, photos, data):
    """List of (name, loader) of one of SOURCES."""
    folders = {
        "flickr8k": "flickr8k/data/images",
        "caltech101": "caltech101/101_ObjectCategories",
        "pacs": "pacs/PACS",
        "imagen": "imagen/imagen",
        "imagenette": "imagenette",
        "mini-imagenet": "mini-imagenet/train",
    }
    if source in folders:
        listed = files(source, photos / folders[source])
        if source == "mini-imagenet":  # all classes in turn, so that the first part of it is balanced
            listed.sort(key=lambda item: (zlib.crc32(item[0].encode()), item[0]))
        return [(name, partial(read_file, path)) for name, path in listed]
    if source in ("miniplaces", "miniplaces-val"):
        measured = {f"miniplaces/{label}" for _, _, label in read_rows(data, "miniplaces-val")}
        listed = [item for item in miniplaces(photos) if (item[0] in measured) == (source == "miniplaces-val")]
        return [(name, partial(read_file, path)) for name, path in listed]
    if source == "tiny-imagenet-val":
        return list(packed(data, source, source))
    if source in ("emoji", "mascots"):
        return list(packed(data, source, source, read_figure))
    if source == "clipart":
        return [(name, partial(read_file, path)) for name, path in files(source, CLIPART)]
    if source == "stamps":
        listed = [(name, path) for name, path in files(source, STAMPS) if "/alphabets/" not in name]
        return [(name, partial(read_figure, name, path)) for name, path in listed]
    if source == "screenshot":
        return list(screenshots())
    if source == "surface":
        kinds = list(lite_surfaces.KINDS)
        names = [f"surface/{kinds[i % len(kinds)]}/{i:04}" for i in range(SURFACES)]
        return [(name, partial(lite_surfaces.surface, name.split("/")[1], random_of(name))) for name in names]
    names = [f"drawn/{lite_drawings.KINDS[i % len(lite_drawings.KINDS)]}/{i:05}" for i in range(PAGES)]
    return [(name, partial(lite_drawings.picture, name.split("/")[1], random_of(name))) for name in names]


SOURCES = (
    "flickr8k", "caltech101", "pacs", "imagen", "imagenette", "miniplaces-val", "miniplaces", "clipart", "stamps", "screenshot",
    "emoji", "mascots", "drawn", "surface", "tiny-imagenet-val", "mini-imagenet",
)  # fmt: skip
