#!/usr/bin/env python3
"""Times decoding of every optional format beside the program that it is compared with, and a folder of all of them.

usage: format_speed.py BUILD PHOTO [--rounds 9] [--copies 8]

BUILD is a build folder with bin/image_tool and bin/kiloword. PHOTO is scaled to 1600 x 1200 and encoded in each format;
drawings and pages are made here. Each round decodes every file to a centre crop of 224 pixels by either program, in turn: one by
one, and by two at once, each a process of its own. Medians are printed, with the peak memory of kiloword's decoding and its
child processes. In the end `batch` captions --copies of every file. Needs Pillow with its AVIF, pillow-heif, pillow-jxl-plugin and
rawpy from PyPI, and cjxl.
"""
import argparse
import functools
import importlib.util
import io
import multiprocessing
import os
import shutil
import statistics
import subprocess
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

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


def by_program(command, path):
    with open(path, "rb") as file:
        out = subprocess.run(command, stdin=file, check=True, capture_output=True).stdout
    return fitted(Image.open(io.BytesIO(out)))


def files(photo, folder):
    """Path, name of the reference, its function."""
    made = goldens()
    for name, options in (("heic", {"quality": 80}), ("avif", {"quality": 70}), ("tga", {}), ("gif", {}),
                          ("ico", {"sizes": [(256, 192)], "bitmap_format": "bmp"})):
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
        yield path, command[0], functools.partial(by_program, command)


class Tool:
    """image_tool, which decodes a file for every line."""

    def __init__(self, program):
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def decode(self, path):
        self.process.stdin.write(f"crop {SIZE} {path}\n".encode())
        self.process.stdin.flush()
        head = self.process.stdout.readline().split()
        if head[0] == b"error":
            raise SystemExit(b" ".join(head).decode())
        return self.process.stdout.read(int(head[0]) * int(head[1]) * 3)

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def seconds_of(function):
    begin = time.perf_counter()
    function()
    return time.perf_counter() - begin


def peak_of(program, path):
    """Memory of the process, or of a child if that is larger, in MB."""
    # Through a small process: Linux counts what a process was before it became the program.
    small = "import os, sys, subprocess; tool = subprocess.Popen(sys.argv[1], stdin=0, stdout=subprocess.DEVNULL); "
    small += "print(os.wait4(tool.pid, 0)[2].ru_maxrss)"
    line = f"crop {SIZE} {path}\n"
    return int(subprocess.run(["python3", "-S", "-c", small, program], input=line, text=True, check=True,
                              stdout=subprocess.PIPE).stdout) / 1000


def measure(program, chosen, rounds):
    """Path -> the seconds of each round: kiloword, the reference; then for a pair of files at once."""
    tools = [Tool(program) for _ in range(2)]
    times = {path: ([], [], [], []) for path, _, _ in chosen}
    with ThreadPoolExecutor(2) as threads, ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as processes:
        ways = (
            lambda path, _: tools[0].decode(path),
            lambda path, decode: decode(path),
            lambda path, _: list(threads.map(lambda tool: tool.decode(path), tools)),
            lambda path, decode: list(processes.map(decode, [path] * 2)),
        )
        for turn in range(rounds + 1):
            for path, _, reference in chosen:
                for index, way in enumerate(ways):
                    seconds = seconds_of(lambda: way(path, reference))
                    if turn > 0:  # the first starts processes
                        times[path][index].append(seconds)
    for tool in tools:
        tool.close()
    return times


def caption_all(program, chosen, copies, folder):
    """Images a second of `batch` over `copies` of each file, start-up included."""
    mixed = os.path.join(folder, "mixed")
    os.mkdir(mixed)
    for path, _, _ in chosen:
        for copy in range(copies):
            shutil.copy(path, os.path.join(mixed, f"{copy}-{os.path.basename(path)}"))
    command = [program, "batch", "-q", "--overwrite", mixed, "-o", os.path.join(folder, "out.jsonl")]
    seconds = [seconds_of(lambda: subprocess.run(command, check=True)) for _ in range(4)]
    return len(chosen) * copies / statistics.median(seconds[1:])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build")
    parser.add_argument("photo")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--copies", type=int, default=8)
    arguments = parser.parse_args()
    tool = os.path.join(arguments.build, "bin", "image_tool")
    with tempfile.TemporaryDirectory() as folder:
        photo = Image.open(arguments.photo).convert("RGB").resize((1600, 1200), Image.BICUBIC)
        chosen = list(files(photo, folder))
        times = measure(tool, chosen, arguments.rounds)
        print("format: images/s one by one, of two at once, peak memory; the reference's")
        for path, name, _ in chosen:
            ours, theirs, our_pair, their_pair = (statistics.median(values) for values in times[path])
            print(f"{os.path.splitext(path)[1][1:]}: {1 / ours:.0f}, {2 / our_pair:.0f}, {peak_of(tool, path):.0f} MB; "
                  f"{name} {1 / theirs:.0f}, {2 / their_pair:.0f}")
        rate = caption_all(os.path.join(arguments.build, "bin", "kiloword"), chosen, arguments.copies, folder)
        print(f"batch of {arguments.copies} of each: {rate:.1f} images/s, start-up included")


if __name__ == "__main__":
    main()
