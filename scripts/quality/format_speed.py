#!/usr/bin/env python3
"""Times decoding of every optional format beside the program that it is compared with, on one thread.

usage: format_speed.py IMAGE_TOOL PHOTO [--rounds 9]

PHOTO is scaled to 1600 x 1200 and encoded in each format; drawings and pages are made here. Each round decodes every file
once by either program, in turn, to a centre crop of 224 pixels; medians are printed. Needs Pillow with its AVIF,
pillow-heif, pillow-jxl-plugin and rawpy from PyPI, and cjxl.
"""
import argparse
import importlib.util
import io
import os
import statistics
import subprocess
import tempfile
import time

import numpy as np
import pillow_heif
import pillow_jxl  # noqa: F401, registers itself
import rawpy
from PIL import Image

pillow_heif.register_heif_opener()
SIZE = 224


def goldens():
    path = os.path.join(os.path.dirname(__file__), "..", "goldens", "image_formats.py")
    spec = importlib.util.spec_from_file_location("image_formats", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def fitted(picture):
    width, height = picture.size
    scale = SIZE / min(width, height)
    return np.asarray(picture.convert("RGB").resize((round(width * scale), round(height * scale)), Image.BICUBIC))


def by_pillow(path):
    return fitted(Image.open(path))


def by_rawpy(path):
    with rawpy.imread(path) as raw:
        return fitted(Image.fromarray(raw.postprocess(use_camera_wb=True, half_size=True)))


def by_program(*command):
    def run(path):
        with open(path, "rb") as file:
            out = subprocess.run(command, stdin=file, check=True, capture_output=True).stdout
        return fitted(Image.open(io.BytesIO(out)))
    return run


def files(photo, folder):
    """Path, name of the reference, its function."""
    made = goldens()
    for name, options in (("heic", {"quality": 80}), ("avif", {"quality": 70}),
                          ("tga", {})):
        path = os.path.join(folder, "photo." + name)
        photo.save(path, **options)
        yield path, "Pillow", by_pillow
    path = os.path.join(folder, "photo.jxl")
    with open(path, "wb") as file:
        file.write(made.run("cjxl", "-q", "85", picture=photo, suffix=".jxl"))
    yield path, "Pillow", by_pillow
    path = os.path.join(folder, "photo.dng")
    with open(path, "wb") as file:
        file.write(made.dng(1600, 1200, 1))
    yield path, "rawpy", by_rawpy
    for name, data, command in (("drawing.svg", made.SVG, ("rsvg-convert", "-w", "1024", "-h", "1024", "-a")),
                                ("page.pdf", made.pdf(), ("pdftoppm", "-cropbox", "-f", "1", "-l", "1", "-scale-to",
                                                          "1024", "-"))):
        path = os.path.join(folder, name)
        with open(path, "wb") as file:
            file.write(data)
        yield path, command[0], by_program(*command)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tool")
    parser.add_argument("photo")
    parser.add_argument("--rounds", type=int, default=9)
    arguments = parser.parse_args()
    tool = subprocess.Popen([arguments.tool], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def by_kiloword(path):
        tool.stdin.write(f"crop {SIZE} {path}\n".encode())
        tool.stdin.flush()
        head = tool.stdout.readline().split()
        if head[0] == b"error":
            raise SystemExit(b" ".join(head).decode())
        return tool.stdout.read(int(head[0]) * int(head[1]) * 3)

    with tempfile.TemporaryDirectory() as folder:
        photo = Image.open(arguments.photo).convert("RGB").resize((1600, 1200), Image.BICUBIC)
        chosen = list(files(photo, folder))
        times = {path: ([], []) for path, _, _ in chosen}
        for _ in range(arguments.rounds):
            for path, _, reference in chosen:
                for index, decode in enumerate((by_kiloword, reference)):
                    begin = time.perf_counter()
                    decode(path)
                    times[path][index].append(1000 * (time.perf_counter() - begin))
        for path, name, _ in chosen:
            ours, theirs = (statistics.median(values) for values in times[path])
            print(f"{os.path.splitext(path)[1][1:]}: {ours:.1f} ms, {name} {theirs:.1f} ms")
    tool.stdin.close()
    tool.wait()


if __name__ == "__main__":
    main()
