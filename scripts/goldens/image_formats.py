#!/usr/bin/env python3
"""Writes small HEIC, AVIF, JPEG XL, DNG, ICO, TGA, PAM, SVG and PDF files, and what other programs make of them.

usage: image_formats.py OUTPUT_FOLDER    (tests/image/data/formats)

reference.txt holds a line a file: name, tolerance in levels, width, height, and the mean red, green and blue of each
of 8 x 8 cells of the upright picture in sRGB over white. Made with Pillow 13.0.0 (with its own AVIF), pillow-heif
1.8.1 (libheif 1.23.6), pillow-jxl-plugin 1.3.8 and rawpy 0.28.0 (LibRaw 0.22.2) from PyPI, and with Debian 12's
avifenc 0.11.1, heif-enc 1.15.1, rsvg-convert 2.54.7 and pdftoppm 22.12.0. The pictures are formulas.
"""
import io
import os
import struct
import subprocess
import sys
import tempfile

import numpy as np
import pillow_heif
import pillow_jxl  # noqa: F401, registers itself
import rawpy
from PIL import Image, ImageCms, ImageOps

pillow_heif.register_heif_opener()
WIDTH, HEIGHT = 64, 48


def formula(width=WIDTH, height=HEIGHT):
    """Smooth gradients with an edge, which lossy coders keep: [height, width, 3]."""
    y, x = np.mgrid[0:height, 0:width]
    pixels = np.stack([x * 255 // (width - 1), y * 255 // (height - 1), 255 - x * 255 // (width - 1)], -1)
    pixels[height // 4:height // 2, width // 4:width // 2] = (250, 240, 30)
    return pixels.astype(np.uint8)


def with_alpha():
    alpha = np.tile(np.linspace(0, 255, WIDTH), (HEIGHT, 1)).astype(np.uint8)
    return Image.fromarray(np.dstack([formula(), alpha]))


def encoded(image, form, **options):
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def run(program, *arguments, picture=None, options=(), suffix):
    """What a command-line encoder writes of a PNG file."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = os.path.join(folder, "in.png"), os.path.join(folder, "out" + suffix)
        picture.save(source, **dict(options))
        subprocess.run([program, *arguments, source, *(("-o",) if program == "heif-enc" else ()), target],
                       check=True, capture_output=True)
        with open(target, "rb") as file:
            return file.read()


def avif(*arguments, picture=None):
    return run("avifenc", "-s", "6", "--min", "0", "--max", "4", *arguments,
               picture=picture or Image.fromarray(formula()), suffix=".avif")


def in_srgb(image):
    profile = image.info.get("icc_profile")
    if not profile:
        return image
    source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    if source.profile.xcolor_space.strip() == "GRAY":  # of sRGB's curve, with samples that are RGB by now
        return image
    return ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode=image.mode)


def seen(data):
    """The picture as Pillow and its plug-ins show it."""
    image = ImageOps.exif_transpose(in_srgb(Image.open(io.BytesIO(data))))
    rgba = image.convert("RGBA")
    white = Image.new("RGB", rgba.size, (255, 255, 255))
    white.paste(rgba, mask=rgba.getchannel("A"))
    return np.asarray(white)


def srgb_light(level):
    return np.where(level <= 0.04045, level / 12.92, ((level + 0.055) / 1.055) ** 2.4)


def srgb_level(light):
    light = np.clip(light, 0, 1)
    return np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)


def pq_light(level):
    power = level ** (1 / 78.84375)
    return (np.maximum(power - 0.8359375, 0) / (18.8515625 - 18.6875 * power)) ** (1 / 0.1593017578125) * 10000 / 203


def from_primaries(matrix, pixels, light=srgb_light):
    """Levels of other primaries (both of D65) to sRGB's."""
    linear = np.minimum(light(pixels / 255.0), 1) @ np.array(matrix).T
    return np.round(srgb_level(linear) * 255)


# To BT.709's primaries: of P3 (SMPTE EG 432-1) and of BT.2020, from their chromaticities.
P3 = [[1.22494, -0.22494, 0], [-0.04206, 1.04206, 0], [-0.01964, -0.07864, 1.09827]]
BT2020 = [[1.66049, -0.58764, -0.07285], [-0.12455, 1.13290, -0.00835], [-0.01815, -0.10058, 1.11873]]


def tiff_value(tag, kind, values):
    sizes = {1: "B", 2: "s", 3: "H", 4: "I", 5: "II", 10: "ii"}
    if kind == 2:
        data, count = values, len(values)
    else:
        flat = [part for value in values for part in (value if isinstance(value, tuple) else (value,))]
        data, count = struct.pack("<" + sizes[kind][0] * len(flat), *flat), len(values)
    return tag, kind, count, data


def dng(width, height, orientation):
    """An uncompressed Bayer mosaic of 14 bits."""
    picture = formula(width, height).astype(np.uint32)
    y, x = np.mgrid[0:height, 0:width]
    mosaic = picture[y, x, (y % 2) + (x % 2)] * 60 + 512
    entries = [tiff_value(254, 4, [0]), tiff_value(256, 4, [width]), tiff_value(257, 4, [height]),
               tiff_value(258, 3, [16]), tiff_value(259, 3, [1]), tiff_value(262, 3, [32803]),
               tiff_value(271, 2, b"Kiloword\0"), tiff_value(272, 2, b"Formula\0"),
               tiff_value(273, 4, [0]), tiff_value(274, 3, [orientation]), tiff_value(277, 3, [1]),
               tiff_value(278, 4, [height]), tiff_value(279, 4, [width * height * 2]),
               tiff_value(33421, 3, [2, 2]), tiff_value(33422, 1, [0, 1, 1, 2]),
               tiff_value(50706, 1, [1, 4, 0, 0]), tiff_value(50708, 2, b"Kiloword Formula\0"),
               tiff_value(50714, 4, [512]), tiff_value(50717, 4, [16383]),
               tiff_value(50721, 10, [(31339, 10000), (-16169, 10000), (-4906, 10000), (-9788, 10000), (19161, 10000),
                                      (335, 10000), (719, 10000), (-2290, 10000), (14052, 10000)]),
               tiff_value(50728, 5, [(1, 1), (1, 1), (1, 1)]), tiff_value(50778, 3, [21])]
    at = 8 + 2 + len(entries) * 12 + 4
    body, directory = b"", b""
    for tag, kind, count, data in entries:
        if tag == 273:
            strip = len(directory)
        if len(data) > 4:
            directory += struct.pack("<HHII", tag, kind, count, at + len(body))
            body += data + b"\0" * (len(data) % 2)
        else:
            directory += struct.pack("<HHI", tag, kind, count) + data.ljust(4, b"\0")
    directory = directory[:strip + 8] + struct.pack("<I", at + len(body)) + directory[strip + 12:]
    return (b"II*\0" + struct.pack("<IH", 8, len(entries)) + directory + struct.pack("<I", 0) + body +
            mosaic.astype("<u2").tobytes())


def developed(data):
    with rawpy.imread(io.BytesIO(data)) as raw:
        return raw.postprocess(use_camera_wb=True)


def icon(bits, mask):
    """An icon of one picture without compression, in which `mask` hides the pixels of the left half."""
    pixels = formula(16, 16)[::-1]
    hidden = np.zeros((16, 32), bool)
    hidden[:, :8] = mask
    if bits == 8:
        body = b"".join(bytes([b, g, r, 0]) for r, g, b in formula(16, 16).reshape(-1, 3))
        body += np.arange(256, dtype=np.uint8).reshape(16, 16)[::-1].tobytes()
    elif bits == 24:
        body = pixels[..., ::-1].tobytes()
    else:
        alpha = np.full((16, 16, 1), 255, np.uint8)
        alpha[:, 8:] = 128
        body = np.dstack([pixels[..., ::-1], alpha]).tobytes()
    header = struct.pack("<IiiHHIIiiII", 40, 16, 32, 1, bits, 0, 0, 0, 0, 0, 0)
    picture = header + body + np.packbits(hidden, axis=1).tobytes()
    return struct.pack("<HHHBBBBHHII", 0, 1, 1, 16, 16, 0, 0, 1, bits, len(picture), 22) + picture


def pam(pixels, kind):
    height, width = pixels.shape[:2]
    depth = 1 if pixels.ndim == 2 else pixels.shape[2]
    head = f"P7\n# a comment\nWIDTH {width}\nHEIGHT {height}\nDEPTH {depth}\nMAXVAL 255\nTUPLTYPE {kind}\nENDHDR\n"
    return head.encode() + pixels.tobytes()


SVG = b"""<?xml version="1.0"?>
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20">
<rect x="0" y="0" width="20" height="20" fill="#c03020"/><circle cx="30" cy="10" r="8" fill="#2050c0"/></svg>
"""


def pdf():
    """Two pages of 200 x 100 points: a red one and a blue one, half covered."""
    def page_of(color):
        return f"{color} rg 0 0 100 100 re f".encode()
    pages = [page_of("0.8 0.2 0.1"), page_of("0.1 0.3 0.8")]
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2>>"]
    for index in range(2):
        objects.append(b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Contents %d 0 R>>" % (5 + index))
    objects += [b"<</Length %d>>stream\n%s\nendstream" % (len(page), page) for page in pages]
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + (b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
                  % (len(objects) + 1, table, len(objects) + 1, len(out)))


def drawn(data, *command):
    out = subprocess.run(command, input=data, check=True, capture_output=True).stdout
    return seen(out)


def samples():
    """Name, file, reference picture, tolerance in levels."""
    rgb = Image.fromarray(formula())
    exif = Image.Exif()
    exif[0x0112] = 6
    swapped = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = swapped.replace(b"rXYZ", b"????").replace(b"gXYZ", b"rXYZ").replace(b"????", b"gXYZ")
    heic = encoded(rgb, "HEIF", quality=90)
    yield "rgb.heic", heic, seen(heic), 3
    for name, picture, options in (("alpha.heic", with_alpha(), {}), ("grey.heic", rgb.convert("L"), {}),
                                   ("odd.heic", Image.fromarray(formula(61, 43)), {}),
                                   ("profile.heic", rgb, {"icc_profile": swapped})):
        data = encoded(picture, "HEIF", quality=90, **options)
        yield name, data, seen(data), 4
    yield "ten.heic", run("heif-enc", "-b", "10", "-q", "90", picture=rgb, suffix=".heic"), formula(), 6
    plain = avif()
    yield "rgb.avif", plain, seen(plain), 3
    for name, arguments in (("ten.avif", ("-d", "10")), ("twelve.avif", ("-d", "12", "-y", "444")),
                            ("irot.avif", ("--irot", "1")), ("imir.avif", ("--imir", "1")),
                            ("irot-imir.avif", ("--irot", "3", "--imir", "0"))):
        data = avif(*arguments)
        yield name, data, seen(data), 4
    yield "crop.avif", avif("--crop", "8,4,40,30"), formula()[4:34, 8:48], 4
    data = avif(picture=with_alpha())
    yield "alpha.avif", data, seen(data), 4
    # EXIF that repeats a property turns nothing.
    with tempfile.NamedTemporaryFile(suffix=".exif") as block:
        block.write(exif.tobytes()[6:])
        block.flush()
        # avifenc makes a property of the orientation in EXIF, and keeps the EXIF.
        yield "exif.avif", avif("--exif", block.name), np.rot90(formula(), 3), 4
    yield "p3.avif", avif("--cicp", "12/13/1", "-y", "444"), from_primaries(P3, formula()), 5
    yield "pq.avif", avif("--cicp", "9/16/9", "-y", "444", "-d", "10"), from_primaries(BT2020, formula(), pq_light), 10
    for name, picture, options in (("lossless.jxl", rgb, {"lossless": True}), ("lossy.jxl", rgb, {"quality": 90}),
                                   ("alpha.jxl", with_alpha(), {"lossless": True}),
                                   ("grey.jxl", rgb.convert("L"), {"lossless": True})):
        data = encoded(picture, "JXL", **options)
        yield name, data, seen(data), 3
    turned = run("cjxl", "-q", "90", picture=rgb, options={"exif": exif}, suffix=".jxl")
    yield "turned.jxl", turned, seen(turned), 3
    for orientation in (1, 6):
        data = dng(WIDTH, HEIGHT, orientation)
        yield f"raw-{orientation}.dng", data, developed(data), 3
    for bits in (8, 24, 32):
        data = icon(bits, mask=bits != 32)
        yield f"icon-{bits}.ico", data, seen(data), 0
    data = encoded(Image.fromarray(formula(48, 48)), "ICO", sizes=[(16, 16), (48, 48)])
    yield "png.ico", data, seen(data), 0
    for name, picture, options in (("rgb.tga", rgb, {}), ("rle.tga", rgb, {"compression": "tga_rle"}),
                                   ("grey.tga", rgb.convert("L"), {}), ("palette.tga", rgb.quantize(16), {}),
                                   ("alpha.tga", with_alpha(), {"orientation": 1})):
        data = encoded(picture, "TGA", **options)
        yield name, data, seen(data), 1
    yield "rgb.pam", pam(formula(), "RGB"), formula(), 0
    yield "grey.pam", pam(np.asarray(rgb.convert("L")), "GRAYSCALE"), np.asarray(rgb.convert("L").convert("RGB")), 0
    rgba = pam(np.asarray(with_alpha()), "RGB_ALPHA")
    yield "alpha.pam", rgba, seen(encoded(with_alpha(), "PNG")), 0
    yield "drawing.svg", SVG, drawn(SVG, "rsvg-convert", "-w", "1024", "-h", "1024", "-a"), 1
    yield "pages.pdf", pdf(), drawn(pdf(), "pdftoppm", "-cropbox", "-f", "1", "-l", "1", "-scale-to", "1024", "-"), 1


def cells(pixels):
    """Means of 8 x 8 cells."""
    pixels = np.asarray(pixels, float)
    height, width = pixels.shape[:2]
    rows = [pixels[height * i // 8:height * (i + 1) // 8] for i in range(8)]
    return [row[:, width * i // 8:width * (i + 1) // 8].mean((0, 1)) for row in rows for i in range(8)]


def main():
    folder = sys.argv[1]
    os.makedirs(folder, exist_ok=True)
    lines = ["# Made by scripts/goldens/image_formats.py, which names the programs and their versions."]
    for name, data, reference, tolerance in samples():
        with open(os.path.join(folder, name), "wb") as out:
            out.write(data)
        height, width = np.asarray(reference).shape[:2]
        means = " ".join(f"{value:.1f}" for cell in cells(reference) for value in cell)
        lines.append(f"{name} {tolerance} {width} {height} {means}")
    with open(os.path.join(folder, "reference.txt"), "w", encoding="utf-8") as out:
        out.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
