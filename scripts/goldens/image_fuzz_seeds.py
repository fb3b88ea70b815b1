#!/usr/bin/env python3
"""Writes small image files of rarer kinds as seeds of the fuzz target of images.

usage: image_fuzz_seeds.py OUTPUT_FOLDER    (tests/fuzz/corpus/image)

Kinds that image_samples.py does not have: OS/2's BMP and run lengths, embedded ICC profiles, tiles, planes, inks, CIELab and
rare samples in TIFF, BigTIFF, interlaced PNG, Sun raster. Each is of a few pixels.
"""
import io
import os
import struct
import sys
import zlib

from PIL import Image

WIDTH, HEIGHT = 5, 4
PIXELS = WIDTH * HEIGHT


def ramp(count):
    return bytes(i * 11 % 256 for i in range(count))


def xyz(values):
    return b"XYZ " + bytes(4) + b"".join(struct.pack(">i", round(value * 65536)) for value in values)


def profile(space, tags):
    """An ICC profile, version 2.1, of the colour space `space`."""
    table = b""
    data = b""
    start = 128 + 4 + 12 * len(tags)
    for name, content in tags:
        table += name + struct.pack(">II", start + len(data), len(content))
        data += content + bytes(-len(content) % 4)
    size = start + len(data)
    header = struct.pack(">I4sI4s4s4s", size, bytes(4), 0x02100000, b"mntr", space, b"XYZ ") + bytes(12) + b"acsp"
    header += bytes(28) + struct.pack(">iii", 63190, 65536, 54061)
    return header + bytes(128 - len(header)) + struct.pack(">I", len(tags)) + table + data


GAMMA = b"curv" + bytes(4) + struct.pack(">IH", 1, 0x0180)
WHITE = (b"wtpt", xyz((0.9642, 1.0, 0.8249)))
RGB_PROFILE = profile(b"RGB ", [WHITE, (b"rXYZ", xyz((0.61, 0.31, 0.02))), (b"gXYZ", xyz((0.20, 0.63, 0.07))),
                                (b"bXYZ", xyz((0.15, 0.06, 0.73))), (b"rTRC", GAMMA), (b"gTRC", GAMMA), (b"bTRC", GAMMA)])
GREY_PROFILE = profile(b"GRAY", [WHITE, (b"kTRC", GAMMA)])


def bmp(header, bits, data, compression=None, palette=b""):
    if header == 12:
        info = struct.pack("<IHHHH", 12, WIDTH, HEIGHT, 1, bits)
    else:
        info = struct.pack("<IiiHHIIiiII", 40, WIDTH, HEIGHT, 1, bits, compression or 0, len(data), 0, 0, 0, 0)
        info = struct.pack("<I", header) + info[4:] + bytes(header - 40)
    start = 14 + len(info) + len(palette)
    return b"BM" + struct.pack("<IHHI", start + len(data), 0, 0, start) + info + palette + data


def tiff(tags, data, big=False):
    """`tags`: number -> (type, values); the pixels follow the directory, and {START} stands for where they do."""
    size = {1: 1, 3: 2, 4: 4, 7: 1}
    form = {1: "B", 3: "H", 4: "I", 7: "B"}
    room, entry, head = (8, 20, 16 + 8) if big else (4, 12, 8 + 2)
    start = head + entry * len(tags) + room
    out = b""
    extra = b""
    for number in sorted(tags):
        kind, values = tags[number]
        values = [start + value if number in (273, 324) else value for value in values]
        content = struct.pack("<" + form[kind] * len(values), *values)
        count = len(content) // size[kind]
        if len(content) > room:
            place = struct.pack("<Q" if big else "<I", start + len(data) + len(extra))
            extra += content + bytes(len(content) % 2)
        else:
            place = content + bytes(room - len(content))
        out += struct.pack("<HHQ" if big else "<HHI", number, kind, count) + place
    first = b"II+\0\x08\0\0\0" + struct.pack("<QQ", 16, len(tags)) if big else b"II*\0" + struct.pack("<IH", 8, len(tags))
    return first + out + bytes(room) + data + extra


def strips(bits, photometric, samples, data, compression=1, **more):
    tags = {256: (4, [WIDTH]), 257: (4, [HEIGHT]), 258: (3, [bits] * samples), 259: (3, [compression]),
            262: (3, [photometric]), 273: (4, [0]), 277: (3, [samples]), 278: (4, [HEIGHT]), 279: (4, [len(data)])}
    tags.update({int(key[1:]): value for key, value in more.items()})
    return tags, data


def tiled(samples, photometric, compression):
    tile = ramp(16 * 16 * samples)
    tile = zlib.compress(tile) if compression == 8 else tile
    tags = {256: (4, [WIDTH + 16]), 257: (4, [HEIGHT]), 258: (3, [8] * samples), 259: (3, [compression]),
            262: (3, [photometric]), 277: (3, [samples]), 322: (3, [16]), 323: (3, [16]), 324: (4, [0, len(tile)]),
            325: (4, [len(tile)] * 2)}
    return tiff(tags, tile * 2)


def pillow(image, form, **options):
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def sun_raster(depth, kind, data, color_map=b""):
    return struct.pack(">8I", 0x59A66A95, WIDTH, HEIGHT, depth, len(data), kind, bool(color_map), len(color_map)) + color_map + data


def interlaced_png():
    rows = b""
    for x, y, step_x, step_y in ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)):
        columns = len(range(x, WIDTH, step_x))
        for row in range(y, HEIGHT, step_y) if columns else ():
            rows += bytes([row % 5]) + ramp(columns * 3)

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 1)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def seeds():
    rgb = Image.frombytes("RGB", (WIDTH, HEIGHT), ramp(PIXELS * 3))
    grey = Image.frombytes("L", (WIDTH, HEIGHT), ramp(PIXELS))
    inks = Image.frombytes("CMYK", (WIDTH, HEIGHT), ramp(PIXELS * 4))
    yield "bmp_os2_24_bits", bmp(12, 24, ramp(16 * HEIGHT))
    yield "bmp_os2_palette", bmp(12, 4, ramp(4 * HEIGHT), palette=ramp(3 * 16))
    yield "bmp_os2_2_64_bytes", bmp(64, 24, ramp(16 * HEIGHT))
    yield "bmp_run_lengths_8", bmp(40, 8, b"\5\1\0\0\0\3\1\2\3\0\0\2\1\1\2\7\0\1", 1, ramp(4 * 256))
    yield "bmp_run_lengths_4", bmp(40, 4, b"\5\x12\0\0\0\5\x12\x34\x50\0\0\1", 2, ramp(4 * 16))
    yield "bmp_masks", bmp(56, 32, ramp(4 * PIXELS), 3)
    yield "png_profile", pillow(rgb, "PNG", icc_profile=RGB_PROFILE)
    yield "png_grey_profile", pillow(grey, "PNG", icc_profile=GREY_PROFILE)
    yield "png_interlaced", interlaced_png()
    yield "jpeg_profile", pillow(rgb, "JPEG", icc_profile=RGB_PROFILE)
    yield "jpeg_inks", pillow(inks, "JPEG")
    yield "webp_profile", pillow(rgb, "WEBP", icc_profile=RGB_PROFILE)
    yield "webp_opacity", pillow(rgb.convert("RGBA"), "WEBP", lossless=False, alpha_quality=50)
    yield "tiff_profile", tiff(*strips(8, 2, 3, ramp(PIXELS * 3), t34675=(7, list(RGB_PROFILE))))
    yield "tiff_inks", tiff(*strips(8, 5, 4, ramp(PIXELS * 4)))
    yield "tiff_inks_and_opacity", tiff(*strips(8, 5, 5, ramp(PIXELS * 5), t338=(3, [2])))
    yield "tiff_lab", tiff(*strips(8, 8, 3, ramp(PIXELS * 3)))
    yield "tiff_grey_and_opacity", tiff(*strips(8, 1, 2, ramp(PIXELS * 2), t338=(3, [2])))
    yield "tiff_planes", tiff(*strips(8, 2, 3, ramp(PIXELS * 3), t284=(3, [2]), t273=(4, [0, PIXELS, 2 * PIXELS]),
                                      t279=(4, [PIXELS] * 3)))
    yield "tiff_12_bits", tiff(*strips(12, 1, 1, ramp(8 * HEIGHT)))
    yield "tiff_floats", tiff(*strips(32, 1, 1, struct.pack("<20f", *range(-4, 16)), t339=(3, [3])))
    yield "tiff_signed_32_bits", tiff(*strips(32, 1, 1, struct.pack("<20i", *range(-4, 16)), t339=(3, [2])))
    yield "tiff_palette", tiff(*strips(4, 3, 1, ramp(3 * HEIGHT), t320=(3, list(range(0, 48 * 256, 256)))))
    yield "tiff_tiles", tiled(3, 2, 1)
    yield "tiff_tiles_deflated", tiled(1, 1, 8)
    yield "tiff_big", tiff(*strips(8, 2, 3, ramp(PIXELS * 3)), big=True)
    yield "tiff_jpeg_ycbcr", pillow(rgb, "TIFF", compression="jpeg")
    yield "tiff_fax", pillow(rgb.convert("1"), "TIFF", compression="group4")
    yield "jpeg_2000_grey_opacity", pillow(Image.merge("LA", (grey, grey)), "JPEG2000")
    yield "jpeg_2000_ycc", pillow(rgb.convert("YCbCr"), "JPEG2000")
    yield "sun_raster_rgb", sun_raster(24, 3, ramp(16 * HEIGHT))
    yield "sun_raster_run_lengths", sun_raster(8, 2, b"\x80\4\7" + ramp(18) + b"\x80\0", ramp(3 * 256))
    yield "sun_raster_bits", sun_raster(1, 1, ramp(2 * HEIGHT))


def main():
    for name, content in seeds():
        with open(os.path.join(sys.argv[1], name), "wb") as out:
            out.write(content)


if __name__ == "__main__":
    main()
