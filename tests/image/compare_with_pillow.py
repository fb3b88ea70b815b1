#!/usr/bin/env python3
"""Compares the image module with Pillow, live: decoding, EXIF rotation, resizing and cropping.

usage: compare_with_pillow.py IMAGE_TOOL [PHOTO_FOLDER]

Pictures are made here, in every format and mode that Pillow writes; photos of PHOTO_FOLDER (Debian's opencv-doc)
are added where it exists. Exit status: 0 all within tolerance, 1 not, 77 Pillow is not installed.
Checked with Pillow 9.4.0 (Debian 12); other versions decode alike but may be built with other codec libraries.
"""
import glob
import io
import os
import random
import struct
import subprocess
import sys
import tempfile

try:
    import numpy as np
    from PIL import Image, ImageCms, ImageOps
except ImportError:
    print("skipped: Pillow and numpy are not installed")
    sys.exit(77)


class Tool:
    """The program under test, one command a line."""

    def __init__(self, path):
        self.process = subprocess.Popen([path], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def __call__(self, *command):
        self.process.stdin.write((" ".join(map(str, command)) + "\n").encode())
        self.process.stdin.flush()
        head = self.process.stdout.readline().decode()
        if head.startswith("error") or not head:
            return head.strip() or "died"
        width, height = map(int, head.split())
        pixels = self.process.stdout.read(width * height * 3)
        return np.frombuffer(pixels, np.uint8).reshape(height, width, 3)


def in_srgb(picture):
    """The picture with the colours of its ICC profile brought to sRGB."""
    profile = picture.info.get("icc_profile")
    if not profile:
        return picture
    source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    return ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode="RGB")


def over_white(picture):
    """Any Pillow picture as upright RGB over white."""
    picture = in_srgb(picture)
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        rgba = picture.convert("RGBA")
        white = Image.new("RGB", rgba.size, (255, 255, 255))
        white.paste(rgba, mask=rgba.getchannel("A"))
        return white
    return picture.convert("RGB")


def fitted(picture, size):
    """torchvision's Resize(size, BICUBIC) and CenterCrop(size), spelled out."""
    width, height = picture.size
    length = int(size * max(width, height) / min(width, height))
    picture = picture.resize((size, length) if width <= height else (length, size), Image.BICUBIC)
    left = int(round((picture.size[0] - size) / 2.0))
    top = int(round((picture.size[1] - size) / 2.0))
    return picture.crop((left, top, left + size, top + size))


def synthetic(width, height, seed):
    """Gradients, an edge and noise: [height, width, 3]."""
    y, x = np.mgrid[0:height, 0:width]
    noise = np.random.RandomState(seed).randint(0, 64, (height, width, 3))
    base = np.stack([x * 255 // max(width - 1, 1), y * 255 // max(height - 1, 1), (x + y) % 256], -1)
    base[(x > width // 2) & (y > height // 3)] //= 3
    return np.clip(base + noise - 32, 0, 255).astype(np.uint8)


class Comparison:
    def __init__(self, tool, folder):
        self.tool, self.folder = tool, folder
        self.worst, self.failures, self.count = {}, [], 0

    def check(self, group, name, actual, expected, tolerance):
        self.count += 1
        expected = np.asarray(expected)
        if isinstance(actual, str) or actual.shape != expected.shape:
            self.failures.append(f"{group}: {name}: {actual if isinstance(actual, str) else actual.shape}")
            return
        levels = int(np.abs(actual.astype(int) - expected).max())
        self.worst[group] = max(self.worst.get(group, 0), levels)
        if levels > tolerance:
            self.failures.append(f"{group}: {name}: {levels} levels, {tolerance} allowed")

    def file(self, group, name, data, tolerance, expected=None):
        path = os.path.join(self.folder, name)
        with open(path, "wb") as out:
            out.write(data)
        if expected is None:
            expected = ImageOps.exif_transpose(over_white(Image.open(io.BytesIO(data))))
        self.check(group, name, self.tool("decode", path), expected, tolerance)
        return path


def encoded(picture, form, **options):
    out = io.BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()


def exif_block(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif


def compare_formats(comparison):
    rgb = Image.fromarray(synthetic(61, 43, 1))
    noise = np.random.RandomState(2).randint(0, 256, (43, 61), dtype=np.uint8)
    rgba = rgb.copy()
    rgba.putalpha(Image.fromarray(noise))
    grey, bilevel, palette, cmyk = rgb.convert("L"), rgb.convert("1"), rgb.convert("P"), rgb.convert("CMYK")
    grey_alpha = rgba.convert("LA")
    file = comparison.file
    for quality, subsampling in ((95, 0), (80, 1), (50, 2), (10, 2)):
        for progressive in (False, True):
            options = dict(quality=quality, subsampling=subsampling, progressive=progressive)
            file("JPEG", f"rgb-{quality}-{progressive}.jpg", encoded(rgb, "JPEG", **options), 0)
            file("JPEG", f"grey-{quality}-{progressive}.jpg", encoded(grey, "JPEG", **options), 0)
            file("CMYK JPEG", f"cmyk-{quality}-{progressive}.jpg", encoded(cmyk, "JPEG", **options), 0)
    for picture in (rgb, rgba, grey, grey_alpha, bilevel, palette):
        file("PNG", f"{picture.mode}.png", encoded(picture, "PNG"), 0)
    file("PNG", "grey-key.png", encoded(grey, "PNG", transparency=int(noise[0, 0])), 0)
    file("PNG", "rgb-key.png", encoded(rgb, "PNG", transparency=rgb.getpixel((3, 3))), 0)
    file("PNG", "palette-key.png", encoded(palette, "PNG", transparency=7), 0)
    file("PNG", "palette-alpha.png", encoded(palette, "PNG", transparency=bytes(range(0, 256))), 0)
    for bits in (1, 2, 4):
        few = rgb.quantize(2 ** bits)
        file("PNG", f"palette-{bits}.png", encoded(few, "PNG", bits=bits), 0)
        file("BMP", f"palette-{bits}.bmp", encoded(few, "BMP"), 0)
    for picture in (rgb, grey, bilevel, palette):
        file("BMP", f"{picture.mode}.bmp", encoded(picture, "BMP"), 0)
    for picture in (rgb, rgba):
        file("WebP", f"{picture.mode}-lossless.webp", encoded(picture, "WEBP", lossless=True, exact=True), 0)
        file("WebP", f"{picture.mode}-lossy.webp", encoded(picture, "WEBP", quality=70), 0)
    for picture in (rgb, grey, rgba):
        file("JPEG 2000", f"{picture.mode}.jp2", encoded(picture, "JPEG2000"), 0)
        file("JPEG 2000", f"{picture.mode}-lossy.jp2",
             encoded(picture, "JPEG2000", irreversible=True, quality_layers=[20]), 0)
    for picture in (grey, palette, rgb.quantize(3)):
        file("GIF", f"{picture.mode}-{len(picture.getcolors())}.gif", encoded(picture, "GIF"), 0)
        file("GIF", f"{picture.mode}-{len(picture.getcolors())}-flat.gif", encoded(picture, "GIF", interlace=0), 0)
    file("GIF", "key.gif", encoded(palette, "GIF", transparency=7), 0)
    file("GIF", "animated.gif", encoded(palette, "GIF", save_all=True, append_images=[rgb.rotate(90)]), 0)
    for picture in (rgb, grey, bilevel):
        file("PNM", f"{picture.mode}.pnm", encoded(picture, "PPM"), 0)
    file("PNM", "max100.ppm", b"P6 # comment\n61 43\n100\n" + np.minimum(synthetic(61, 43, 3), 100).tobytes(), 1)
    plain = " ".join(map(str, synthetic(61, 43, 4).reshape(-1))).encode()
    file("PNM", "plain.ppm", b"P3\n61 43 255\n" + plain, 0)
    file("PNM", "plain.pbm", b"P1\n4 2\n1010\n0 1 0 1", 0)
    for compression in (None, "tiff_lzw", "tiff_adobe_deflate", "packbits"):
        for picture in (rgb, grey, bilevel, palette):
            file("TIFF", f"{picture.mode}-{compression}.tif", encoded(picture, "TIFF", compression=compression), 0)
        # libtiff multiplies by the opacity in 8 bits before the picture is laid over white.
        file("TIFF alpha", f"RGBA-{compression}.tif", encoded(rgba, "TIFF", compression=compression), 1)
    file("TIFF", "group4.tif", encoded(bilevel, "TIFF", compression="group4"), 0)
    file("TIFF CMYK", "cmyk.tif", encoded(cmyk, "TIFF"), 1)
    file("TIFF YCbCr", "jpeg.tif", encoded(rgb, "TIFF", compression="jpeg"), 2)


def bmp(width, height, bits, compression, masks, pixels):
    """A BMP from its raw rows, bottom first; `masks` are those of BI_BITFIELDS."""
    header = struct.pack("<IiiHHIIiiII", 40, width, height, 1, bits, compression, len(pixels), 0, 0, 0, 0)
    mask_bytes = struct.pack(f"<{len(masks)}I", *masks)
    offset = 14 + len(header) + len(mask_bytes)
    return struct.pack("<2sIII", b"BM", offset + len(pixels), 0, offset) + header + mask_bytes + pixels


def compare_handmade(comparison):
    """Variants that Pillow reads but does not write."""
    noise = np.random.RandomState(9).bytes(16 * 10 * 4)
    # OpenCV fills the missing bits with zeros instead of stretching 31 to 255.
    comparison.file("BMP of 16 bits", "555.bmp", bmp(16, 10, 16, 0, (), noise[:320]), 7)
    comparison.file("BMP of 16 bits", "565.bmp", bmp(16, 10, 16, 3, (0xF800, 0x7E0, 0x1F), noise[:320]), 7)
    comparison.file("BMP", "32.bmp", bmp(16, 10, 32, 0, (), noise), 0)
    comparison.file("BMP", "top-down.bmp", bmp(16, -10, 24, 0, (), noise[:480]), 0)
    for red, green, blue in ((0xFF0000, 0xFF00, 0xFF), (0xFF000000, 0xFF0000, 0xFF00)):
        comparison.file("BMP", f"bitfields-{red}.bmp", bmp(16, 10, 32, 3, (red, green, blue), noise), 0)
    header = struct.pack("<IiiHHIIiiII", 108, 16, 10, 1, 32, 3, 640, 0, 0, 0, 0)
    header += struct.pack("<4I", 0xFF0000, 0xFF00, 0xFF, 0xFF000000) + bytes(108 - 56)
    comparison.file("BMP", "alpha.bmp", struct.pack("<2sIII", b"BM", 762, 0, 122) + header + noise, 0)
    sun = struct.pack(">8I", 0x59A66A95, 16, 10, 24, 480, 1, 0, 0) + noise[:480]
    comparison.file("Sun raster", "24.ras", sun, 0)
    rle = bytearray()
    for value in range(10):
        rle += bytes([9, value * 20, 7, 255 - value, 0, 0])
    grey = np.repeat(np.arange(256, dtype=np.uint8), 4).tobytes()
    data = bytearray(bmp(16, 10, 8, 1, (), grey + bytes(rle) + b"\0\1"))
    data[10:14] = struct.pack("<I", 14 + 40 + 1024)
    comparison.file("BMP", "rle8.bmp", bytes(data), 0)


def compare_sixteen_bits(comparison):
    """16-bit samples keep their high byte; Pillow itself does so for RGB only, so numpy says what is expected."""
    samples = np.random.RandomState(5).randint(0, 65536, (20, 30)).astype(np.uint16)
    grey = Image.fromarray(samples)
    expected = np.repeat((samples >> 8).astype(np.uint8)[..., None], 3, -1)
    comparison.file("16 bits", "grey.png", encoded(grey, "PNG"), 0, expected)
    comparison.file("16 bits", "grey.jp2", encoded(grey, "JPEG2000"), 0, expected)
    comparison.file("16 bits", "grey.pgm", b"P5 30 20 65535\n" + samples.astype(">u2").tobytes(), 0, expected)
    # libtiff rounds to nearest instead.
    comparison.file("16 bits", "grey.tif", encoded(grey, "TIFF"), 1, expected)
    ten_bits = samples >> 6
    comparison.file("16 bits", "ten.pgm", b"P5 30 20 1023\n" + ten_bits.astype(">u2").tobytes(), 1,
                    np.repeat((ten_bits * (255 / 1023))[..., None], 3, -1).round())


def ycck(data):
    """A CMYK JPEG re-labelled as YCCK: another picture, but one that both programs must read alike."""
    at = data.index(b"Adobe") + 11
    return data[:at] + b"\2" + data[at + 1:]


def compare_inks(comparison):
    cmyk = Image.fromarray(synthetic(40, 30, 6)).convert("CMYK")
    data = encoded(cmyk, "JPEG", quality=90)
    comparison.file("CMYK JPEG", "ycck.jpg", ycck(data), 0)
    start = data.index(b"\xff\xee")
    length = struct.unpack(">H", data[start + 2:start + 4])[0]
    comparison.file("CMYK JPEG", "no-adobe.jpg", data[:start] + data[start + 2 + length:], 0)


def compare_orientations(comparison):
    for size in ((37, 23), (130, 201)):
        picture = Image.fromarray(synthetic(*size, 7))
        for orientation in range(1, 9):
            exif = exif_block(orientation)
            name = f"{size[0]}-{orientation}"
            comparison.file("EXIF", name + ".jpg", encoded(picture, "JPEG", exif=exif), 0)
            upright = ImageOps.exif_transpose(Image.open(io.BytesIO(encoded(picture, "PNG", exif=exif))))
            comparison.file("EXIF", name + ".png", encoded(picture, "PNG", exif=exif), 0, upright)
            comparison.file("EXIF", name + ".webp", encoded(picture, "WEBP", exif=exif, lossless=True), 0, upright)
            comparison.file("EXIF", name + ".tif", encoded(picture, "TIFF", tiffinfo={274: orientation}), 0, upright)


def compare_resizing(comparison, path, picture, sizes, tolerance=0):
    name = os.path.basename(path)
    for width, height in sizes:
        comparison.check("resize", f"{name} {width}x{height}", comparison.tool("resize", width, height, path),
                         picture.resize((width, height), Image.BICUBIC), tolerance)
    for size in (224, 64, 31):
        comparison.check("crop", f"{name} {size}", comparison.tool("crop", size, path), fitted(picture, size),
                         tolerance)
    comparison.check("stretch", name, comparison.tool("stretch", 96, path),
                     picture.resize((96, 96), Image.BICUBIC), tolerance)


def compare_shapes(comparison):
    for width, height in ((1, 1), (2, 3), (1, 700), (900, 1), (3000, 7), (5, 2000), (224, 224), (223, 225),
                          (64, 333), (640, 480), (1023, 767)):
        picture = Image.fromarray(synthetic(width, height, width * 31 + height))
        path = comparison.file("PNG", f"{width}x{height}.png", encoded(picture, "PNG"), 0)
        sizes = [(1, 1), (width, height), (width, 17), (19, height), (300, 40), (width * 2, height * 3)]
        compare_resizing(comparison, path, picture, sizes)


def mirrored_box(box, size, orientation):
    """Where `box` of a picture of `size` lies once the picture is turned by its EXIF orientation."""
    left, top, right, bottom = box
    if orientation in (2, 3, 7, 8):
        left, right = size[0] - right, size[0] - left
    if orientation in (3, 4, 6, 7):
        top, bottom = size[1] - bottom, size[1] - top
    return (top, left, bottom, right) if orientation >= 5 else (left, top, right, bottom)


def fitted_reduced(data, size, crop):
    """As Pillow's draft() and resize(box=...), then the crop: libjpeg decodes at 1/2, 1/4 or 1/8."""
    picture = Image.open(io.BytesIO(data))
    orientation = picture.getexif().get(0x0112, 1)
    reduction = max([r for r in (2, 4, 8) if min(picture.size) >= 3 * size * r], default=1)
    full = [picture.size[0], picture.size[1]]
    _, box = picture.draft("RGB", (full[0] // reduction, full[1] // reduction))
    box = mirrored_box(box, picture.size, orientation)
    full = full[::-1] if orientation >= 5 else full
    picture = ImageOps.exif_transpose(picture).convert("RGB")
    if not crop:
        return picture.resize((size, size), Image.BICUBIC, box)
    width, height = (size * side // min(full) for side in full)
    left, top = round((width - size) / 2), round((height - size) / 2)
    return picture.resize((width, height), Image.BICUBIC, box).crop((left, top, left + size, top + size))


def compare_reduced(comparison):
    """JPEGs decoded at a fraction of their size, whose sides it does not divide, in every orientation."""
    for orientation in range(1, 9):
        for width, height, mode in ((333, 261, "RGB"), (262, 519, "L"), (519, 259, "CMYK")):
            picture = Image.fromarray(synthetic(width, height, 11)).convert(mode)
            options = dict(quality=85, progressive=orientation % 2 == 0, exif=exif_block(orientation))
            data = encoded(picture, "JPEG", **options)
            path = os.path.join(comparison.folder, f"reduced-{mode}-{orientation}.jpg")
            with open(path, "wb") as out:
                out.write(data)
            for size in (10, 11, 16, 40, 65):
                for crop in (True, False):
                    actual = comparison.tool("reduced-crop" if crop else "reduced-stretch", size, path)
                    name = f"{os.path.basename(path)} {size} {crop}"
                    comparison.check("reduced", name, actual, fitted_reduced(data, size, crop), 0)


def compare_photos(comparison, folder):
    chooser = random.Random(8)
    photos = sorted(glob.glob(os.path.join(folder, "*.[jp][pn]g")))
    for path in photos:
        stored = Image.open(path)
        tolerance = 1 if "icc_profile" in stored.info else 0  # what is sRGB to a level is left as it is
        picture = ImageOps.exif_transpose(over_white(stored))
        comparison.check("photos", path, comparison.tool("decode", path), picture, tolerance)
        sizes = [(224, 224), (chooser.randint(1, 900), chooser.randint(1, 900))]
        compare_resizing(comparison, path, picture, sizes, tolerance)
    print(f"{len(photos)} photos in {folder}")


def main():
    tool = Tool(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        comparison = Comparison(tool, folder)
        compare_formats(comparison)
        compare_handmade(comparison)
        compare_sixteen_bits(comparison)
        compare_inks(comparison)
        compare_orientations(comparison)
        compare_shapes(comparison)
        compare_reduced(comparison)
        if len(sys.argv) > 2:
            compare_photos(comparison, sys.argv[2])
    print(f"{comparison.count} comparisons with Pillow {Image.__version__}; largest difference in levels of 255:")
    for group, levels in sorted(comparison.worst.items()):
        print(f"  {group}: {levels}")
    for failure in comparison.failures:
        print("FAILED", failure)
    return 1 if comparison.failures else 0


if __name__ == "__main__":
    sys.exit(main())
