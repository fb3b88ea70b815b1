#!/usr/bin/env python3
"""Writes small image files of every format, and what Pillow makes of them, for tests/image and tests/fuzz.

usage: image_samples.py OUTPUT_FOLDER    (tests/image/data)

Made with Pillow 9.4.0 of Debian 12 (libjpeg-turbo 2.1.5, libwebp 1.2.4, openjpeg 2.5.0, libtiff 4.5.0). The pictures
are formulas. decode_pillow.txt holds a line a file: name, width, height, CRC-32 of the upright RGB over white.
"""
import io
import os
import sys
import zlib

import numpy as np
from PIL import Image, ImageOps

WIDTH, HEIGHT = 24, 16


def picture():
    """Gradients with an edge: [HEIGHT, WIDTH, 3]."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    pixels = np.stack([x * 10, y * 15, (x * y) % 256], -1).astype(np.uint8)
    pixels[5:9, 8:16] = (250, 240, 30)
    return Image.fromarray(pixels)


def over_white(image):
    if image.mode in ("RGBA", "LA") or "transparency" in image.info:
        rgba = image.convert("RGBA")
        white = Image.new("RGB", rgba.size, (255, 255, 255))
        white.paste(rgba, mask=rgba.getchannel("A"))
        return white
    return image.convert("RGB")


def encoded(image, form, **options):
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def ycck(data):
    """Relabels the inks of an Adobe CMYK JPEG as YCCK."""
    at = data.index(b"Adobe") + 11
    return data[:at] + b"\2" + data[at + 1:]


def samples():
    rgb = picture()
    grey, palette = rgb.convert("L"), rgb.quantize(16)
    rgba = rgb.copy()
    rgba.putalpha(Image.fromarray((np.arange(WIDTH * HEIGHT).reshape(HEIGHT, WIDTH) % 256).astype(np.uint8)))
    exif = Image.Exif()
    exif[0x0112] = 6
    sixteen = Image.fromarray((np.arange(WIDTH * HEIGHT, dtype=np.uint16) * 170).reshape(HEIGHT, WIDTH))
    cmyk = encoded(rgb.convert("CMYK"), "JPEG", quality=80)
    yield "rgb.jpg", encoded(rgb, "JPEG", quality=80)
    yield "progressive.jpg", encoded(rgb, "JPEG", quality=80, progressive=True)
    yield "grey.jpg", encoded(grey, "JPEG", quality=80)
    yield "cmyk.jpg", cmyk
    yield "ycck.jpg", ycck(cmyk)
    yield "turned.jpg", encoded(rgb, "JPEG", quality=80, exif=exif)
    yield "rgb.png", encoded(rgb, "PNG")
    yield "rgba.png", encoded(rgba, "PNG")
    yield "grey.png", encoded(grey, "PNG")
    yield "palette.png", encoded(palette, "PNG")
    yield "palette_alpha.png", encoded(palette, "PNG", transparency=bytes(range(0, 256, 16)))
    yield "grey_key.png", encoded(grey, "PNG", transparency=grey.getpixel((0, 0)))
    yield "turned.png", encoded(rgb, "PNG", exif=exif)
    yield "sixteen.png", encoded(sixteen, "PNG")
    yield "interlaced.gif", encoded(palette, "GIF", interlace=1)
    yield "flat.gif", encoded(palette, "GIF", interlace=0)
    yield "key.gif", encoded(palette, "GIF", transparency=3)
    yield "lossy.webp", encoded(rgb, "WEBP", quality=80)
    yield "lossless.webp", encoded(rgba, "WEBP", lossless=True, exact=True)
    yield "animated.webp", encoded(rgba, "WEBP", save_all=True, append_images=[rgb.rotate(180)], lossless=True)
    yield "turned.webp", encoded(rgb, "WEBP", quality=80, exif=exif)
    yield "rgb.bmp", encoded(rgb, "BMP")
    yield "palette.bmp", encoded(palette, "BMP")
    yield "lzw.tif", encoded(rgb, "TIFF", compression="tiff_lzw")
    yield "rgba.tif", encoded(rgba, "TIFF")
    yield "turned.tif", encoded(rgb, "TIFF", tiffinfo={274: 6})
    yield "float.tif", encoded(Image.fromarray(np.ones((HEIGHT, WIDTH), np.float32)), "TIFF")
    yield "rgb.jp2", encoded(rgb, "JPEG2000")
    yield "rgb.j2k", encoded(rgb, "JPEG2000", no_jp2=True)
    yield "rgba.jp2", encoded(rgba, "JPEG2000")
    yield "grey_alpha.jp2", encoded(Image.merge("LA", (grey, rgba.getchannel("A"))), "JPEG2000")
    yield "ycc.jp2", encoded(rgb.convert("YCbCr"), "JPEG2000")
    yield "rgb.ppm", encoded(rgb, "PPM")
    yield "bilevel.pbm", encoded(rgb.convert("1"), "PPM")


def main():
    folder = sys.argv[1]
    lines = [f"# Pillow {Image.__version__}: name width height CRC-32 of RGB rows"]
    for name, data in samples():
        with open(os.path.join(folder, name), "wb") as out:
            out.write(data)
        if name in ("sixteen.png", "float.tif", "ycc.jp2"):
            continue  # Pillow clips the first two instead of scaling them, and rounds YCbCr in another way
        expected = ImageOps.exif_transpose(over_white(Image.open(io.BytesIO(data))))
        if name == "turned.webp":  # by its EXIF data, that Pillow loses on the way to RGB
            expected = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
        lines.append(f"{name} {expected.size[0]} {expected.size[1]} {zlib.crc32(expected.tobytes()):08x}")
    with open(os.path.join(folder, "decode_pillow.txt"), "w") as out:
        out.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
