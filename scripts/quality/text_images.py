#!/usr/bin/env python3
"""Renders screenshots, memes and signs whose words are known, for measuring how well words are read.

usage: text_images.py OUTPUT_FOLDER [COUNT]

Fonts are those that fontconfig finds (DejaVu and Liberation in Debian). Sizes, colours, backgrounds, JPEG quality and
rotation are drawn at random, with a fixed seed. truth.tsv holds a line an image: file, kind, words.
"""
import os
import random
import subprocess
import sys

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

WORDS = """open closed coffee market street station garden music summer winter school library please do not enter
sale today only fresh bread best price welcome home every day good morning world peace exit parking free water hotel
restaurant happy birthday thank you for waiting keep calm and carry on big news tonight live concert warning danger
slippery floor wet paint private property no smoking mind the gap platform message settings account password search
install update cancel continue download print share edit view help new folder delete photo video number seven eleven
question answer because people always never again when nobody looks monday friday problem solution cat dog train""".split()


def fonts():
    names = subprocess.run(["fc-list", ":lang=en", "file"], capture_output=True, text=True, check=True).stdout
    paths = sorted(line.rstrip(": ") for line in names.split("\n") if line)
    return [path for path in paths if ("DejaVu" in path or "Liberation" in path) and "Math" not in path]


def phrase(draw, low, high):
    return " ".join(draw.choice(WORDS) for _ in range(draw.randint(low, high)))


def backdrop(draw, width, height):
    """Smooth noise of a few colours, like an out-of-focus photo."""
    grid = np.array([[[draw.randint(0, 255) for _ in range(3)] for _ in range(6)] for _ in range(5)], np.uint8)
    image = Image.fromarray(grid).resize((width, height), Image.BICUBIC)
    noise = np.random.RandomState(draw.randint(0, 2 ** 31)).normal(0, 6, (height, width, 3))
    return Image.fromarray(np.clip(np.asarray(image) + noise, 0, 255).astype(np.uint8))


def screenshot(draw, paths):
    dark = draw.random() < 0.4
    back, ink = ((30, 32, 36), (225, 225, 225)) if dark else ((250, 250, 250), (30, 30, 30))
    width, height = draw.choice([(1280, 800), (1080, 1920), (800, 600), (1920, 1080)])
    image = Image.new("RGB", (width, height), back)
    canvas, size = ImageDraw.Draw(image), draw.randint(14, 26)
    font = ImageFont.truetype(draw.choice(paths), size)
    canvas.rectangle([0, 0, width, size * 2], fill=(60, 90, 160))
    words, y = [], size * 3
    for _ in range(draw.randint(3, 10)):
        line = phrase(draw, 2, 7)
        if canvas.textlength(line, font) > width - 80:
            continue
        canvas.text((40, y), line, font=font, fill=ink)
        words.append(line)
        y += int(size * draw.choice([1.5, 1.8, 3]))
    return image, words


def meme(draw, paths):
    width, height = draw.choice([(600, 600), (800, 600), (500, 700)])
    image = backdrop(draw, width, height)
    canvas, size = ImageDraw.Draw(image), draw.randint(34, 56)
    bold = [path for path in paths if "Bold" in path and "Oblique" not in path and "Italic" not in path]
    font = ImageFont.truetype(draw.choice(bold), size)
    words = []
    for y in (20, height - size - 30):
        line = phrase(draw, 2, 4).upper()
        while canvas.textlength(line, font) > width - 30:
            line = line.rsplit(" ", 1)[0]
        x = (width - canvas.textlength(line, font)) / 2
        canvas.text((x, y), line, font=font, fill=(255, 255, 255), stroke_width=3, stroke_fill=(0, 0, 0))
        words.append(line)
    return image, words


def sign(draw, paths):
    """A board of one colour with a few words, turned a little, in front of a backdrop."""
    width, height = draw.choice([(1000, 750), (1600, 1200), (750, 1000)])
    image = backdrop(draw, width, height)
    size = draw.randint(28, 90)
    font = ImageFont.truetype(draw.choice(paths), size)
    words = [phrase(draw, 1, 3) for _ in range(draw.randint(1, 3))]
    if draw.random() < 0.5:
        words = [line.upper() for line in words]
    measure = ImageDraw.Draw(image)
    board_width = int(max(measure.textlength(line, font) for line in words) + size * 2)
    if board_width > width - 40:
        return sign(draw, paths)
    back, ink = draw.choice([((200, 30, 30), (255, 255, 255)), ((250, 250, 245), (20, 20, 20)),
                             ((20, 80, 40), (240, 240, 230)), ((240, 200, 40), (10, 10, 10)),
                             ((40, 60, 140), (255, 255, 255))])
    board = Image.new("RGBA", (board_width, int(size * 1.4 * len(words) + size)), back + (255,))
    canvas = ImageDraw.Draw(board)
    for row, line in enumerate(words):
        canvas.text((size, size * 0.4 + row * size * 1.4), line, font=font, fill=ink)
    board = board.rotate(draw.uniform(-6, 6), Image.BICUBIC, expand=True)
    if board.width > width or board.height > height:
        return sign(draw, paths)
    place = draw.randint(0, width - board.width), draw.randint(0, height - board.height)
    image.paste(board, place, board)
    return image.filter(ImageFilter.GaussianBlur(draw.uniform(0, 1.2))), words


def main():
    folder, count = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 60
    os.makedirs(folder, exist_ok=True)
    draw, paths, lines = random.Random(4), fonts(), []
    for index in range(count):
        kind = (screenshot, meme, sign)[index % 3]
        image, words = kind(draw, paths)
        quality = draw.choice([0, 90, 75, 50, 30])
        name = f"{kind.__name__}-{index}." + ("jpg" if quality else "png")
        image.save(os.path.join(folder, name), **({"quality": quality} if quality else {}))
        lines.append(f"{name}\t{kind.__name__}\t{' '.join(words)}")
    with open(os.path.join(folder, "truth.tsv"), "w", encoding="utf-8") as out:
        out.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
