"""Draws pictures of media that no photo set has: documents, screenshots, charts, diagrams, and pictures of nothing."""

from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

import patterns

KINDS = ("document", "screenshot", "chart", "diagram", "noise", "pattern", "plain")
FONTS = Path("/usr/share/fonts/truetype")
SYLLABLES = "ba co di fer gan hol in ka lor men no per qui ra sen ti un ver wil ze the an of to and est al or".split()
MENUS = "File Edit View Insert Format Tools Window Help Search Options Run Image Layer Select Home Settings".split()
NOTHING_SIDE = 256


@lru_cache(maxsize=256)
def font(name, size):
    return ImageFont.truetype(str(FONTS / name), size)


@lru_cache(maxsize=1)
def font_names():
    found = sorted(path.relative_to(FONTS).as_posix() for path in FONTS.glob("**/*.ttf"))
    names = [name for name in found if "dejavu" in name.lower() or "liberation" in name.lower()]
    if not names:
        raise SystemExit("no fonts: apt-get install fonts-dejavu fonts-liberation")
    return names


def any_font(rng, low, high):
    return font(str(rng.choice(font_names())), int(rng.integers(low, high + 1)))


def word(rng):
    return "".join(rng.choice(SYLLABLES, rng.integers(1, 4)))


def line(rng, count):
    words = [word(rng) for _ in range(count)]
    words[0] = words[0].capitalize()
    return " ".join(words) + str(rng.choice([".", ",", "", ":", " 12", " 2019"]))


def colour(rng, low=0, high=256):
    return tuple(int(value) for value in rng.integers(low, high, 3))


def paper_and_ink(rng, dark_share):
    paper, ink = int(rng.integers(235, 256)), int(rng.integers(0, 70))
    tint = rng.integers(-12, 1, 3)
    pair = tuple(int(value) for value in paper + tint), (ink, ink, ink)
    return pair[::-1] if rng.random() < dark_share else pair


def paragraph(draw, box, rng, face, ink, spacing):
    """Lines of words in `box`, ragged or cut at its right edge, now and then a gap between paragraphs."""
    left, top, right, bottom = box
    y, step = top, int(face.size * spacing)
    while y + face.size < bottom:
        share = rng.uniform(0.3, 1.0) if rng.random() < 0.15 else 1.0
        text = line(rng, 24)
        limit = max(1, int(len(text) * share * (right - left) / max(1.0, draw.textlength(text, font=face))))
        draw.text((left, y), text[:limit], ink, font=face)
        y += step * (2 if share < 1 else 1)


def document(rng):
    """A page, a part of one or a sign-like notice: headings, one to three columns, sometimes a table."""
    width, height = (int(edge) for edge in rng.integers(280, 900, 2))
    paper, ink = paper_and_ink(rng, 0.08)
    image = Image.new("RGB", (width, height), paper)
    draw = ImageDraw.Draw(image)
    margin, face = int(rng.integers(4, 60)), any_font(rng, 8, 30)
    y = margin
    if rng.random() < 0.6:
        head = any_font(rng, 20, 54)
        draw.text((margin, y), line(rng, int(rng.integers(2, 6))), ink, font=head)
        y += int(head.size * 1.6)
    columns, spacing = int(rng.choice([1, 1, 1, 2, 3])), rng.uniform(1.1, 1.9)
    for column in range(columns):
        left = margin + column * (width - margin) // columns
        right = margin + (column + 1) * (width - margin) // columns - margin // 2 - 6
        end = height - margin if rng.random() < 0.8 else int(rng.integers(height // 2, height))
        paragraph(draw, (left, y, max(left + 40, right), end), rng, face, ink, spacing)
    if rng.random() < 0.15:
        step = int(face.size * 1.6)
        for row in range(y, height, step):
            draw.line([margin, row, width - margin, row], ink)
    return image


def window(draw, box, rng, light):
    """A window: title bar, menu or tabs, then text, buttons, a list or a picture."""
    left, top, right, bottom = box
    body = colour(rng, 225, 256) if light else colour(rng, 20, 70)
    ink = (20, 20, 20) if light else (225, 225, 225)
    draw.rectangle(box, body, outline=colour(rng, 60, 190))
    face = any_font(rng, 10, 15)
    bar = int(rng.integers(18, 34))
    draw.rectangle([left, top, right, top + bar], colour(rng))
    draw.text((left + 8, top + 3), line(rng, int(rng.integers(1, 4))), (255, 255, 255), font=face)
    for number in range(3):
        x = right - 16 - number * 20
        draw.rectangle([x, top + 5, x + 10, top + 15], outline=(255, 255, 255))
    y = top + bar + 4
    if rng.random() < 0.7:
        x = left + 6
        for name in rng.choice(MENUS, rng.integers(3, 9), replace=False):
            draw.text((x, y), str(name), ink, font=face)
            x += int(draw.textlength(str(name), font=face)) + 14
        y += face.size + 8
    side = left + int((right - left) * rng.uniform(0.15, 0.35)) if rng.random() < 0.5 else left
    if side > left:
        draw.rectangle([left, y, side, bottom], colour(rng, 200, 250) if light else colour(rng, 30, 90))
        for row in range(y + 4, bottom - face.size, face.size + 8):
            draw.rectangle([left + 5, row + 2, left + 13, row + 10], colour(rng))
            draw.text((left + 18, row), word(rng)[:10], ink, font=face)
    controls(draw, (side + 8, y + 4, right - 8, bottom - 6), rng, face, ink)


def controls(draw, box, rng, face, ink):
    left, top, right, bottom = box
    y, step = top, face.size + int(rng.integers(6, 16))
    code = rng.random() < 0.25
    while y + step < bottom:
        kind = "code" if code else rng.choice(["text", "text", "field", "check", "buttons", "slider"])
        if kind == "code":
            draw.text((left + 14 * int(rng.integers(0, 4)), y), line(rng, int(rng.integers(1, 6))), colour(rng), font=face)
        elif kind == "text":
            draw.text((left, y), line(rng, int(rng.integers(2, 9))), ink, font=face)
        elif kind == "field":
            draw.text((left, y), word(rng), ink, font=face)
            draw.rectangle([left + 80, y - 2, max(left + 90, right - 20), y + face.size + 3], outline=ink)
        elif kind == "check":
            draw.rectangle([left, y + 2, left + 9, y + 11], outline=ink)
            draw.text((left + 16, y), line(rng, 3), ink, font=face)
        elif kind == "slider":
            draw.line([left, y + 7, right - 30, y + 7], ink)
            x = left + int(rng.integers(0, max(1, right - 30 - left)))
            draw.rectangle([x, y + 1, x + 6, y + 13], colour(rng))
        else:
            for x in range(left, right - 70, 84):
                draw.rectangle([x, y, x + 72, y + step - 4], colour(rng, 150, 240), outline=ink)
                draw.text((x + 6, y + 2), word(rng)[:9], (20, 20, 20), font=face)
        y += step


def screenshot(rng):
    """A screen with one to three windows, a single dialog, or a telephone's screen."""
    size = [(640, 400), (800, 500), (420, 300), (300, 560), (500, 420)][rng.integers(5)]
    ground = np.asarray(patterns.plain(64, rng).clip(0, 255), np.uint8)
    image = Image.fromarray(ground).resize(size, Image.Resampling.BICUBIC)
    draw, light = ImageDraw.Draw(image), rng.random() < 0.7
    if rng.random() < 0.5:
        window(draw, (0, 0, size[0] - 1, size[1] - 1), rng, light)
    else:
        for _ in range(rng.integers(1, 4)):
            width, height = int(size[0] * rng.uniform(0.4, 0.8)), int(size[1] * rng.uniform(0.4, 0.8))
            left, top = int(rng.integers(size[0] - width)), int(rng.integers(size[1] - height))
            window(draw, (left, top, left + width, top + height), rng, light)
    if rng.random() < 0.4:
        draw.rectangle([0, size[1] - 24, size[0], size[1]], colour(rng, 10, 90))
        for x in range(6, int(size[0] * rng.uniform(0.2, 0.9)), 28):
            draw.rectangle([x, size[1] - 20, x + 16, size[1] - 5], colour(rng))
    return image


def chart(rng):
    """Bars, lines, points or a pie, with axes, ticks and a legend."""
    width, height = (int(edge) for edge in rng.integers(300, 700, 2))
    paper, ink = paper_and_ink(rng, 0.1)
    image = Image.new("RGB", (width, height), paper)
    draw, face = ImageDraw.Draw(image), any_font(rng, 10, 16)
    left, top, right, bottom = 50, 40, width - 20, height - 40
    kind = rng.choice(["bars", "lines", "points", "pie"])
    draw.text((width // 4, 8), line(rng, 4), ink, font=face)
    if kind == "pie":
        radius, start = min(width, height) // 2 - 45, 0.0
        box = [width // 2 - radius, height // 2 - radius, width // 2 + radius, height // 2 + radius]
        for share in rng.dirichlet(np.ones(rng.integers(2, 8))):
            draw.pieslice(box, start, start + 360 * share, colour(rng, 40, 240), outline=paper)
            start += 360 * share
        return image
    draw.line([left, top, left, bottom, right, bottom], ink, 1)
    for share in np.linspace(0, 1, rng.integers(3, 8)):
        y, x = bottom - int(share * (bottom - top)), left + int(share * (right - left))
        draw.text((8, y - 6), f"{share * 100:.0f}", ink, font=face)
        draw.text((x, bottom + 6), f"{share * 10:.0f}", ink, font=face)
        if rng.random() < 0.6:
            draw.line([left, y, right, y], tuple((value + 127) // 2 for value in paper))
    count = int(rng.integers(4, 40))
    for _ in range(rng.integers(1, 5)):
        shade, values = colour(rng, 0, 230), rng.random(count) if kind == "bars" else walk(count, rng)
        xs = np.linspace(left + 4, right - 8, count)
        ys = bottom - values * (bottom - top) * 0.95
        if kind == "bars":
            for x, y in zip(xs, ys):
                draw.rectangle([x, y, x + max(2, 0.6 * (right - left) / count), bottom], shade)
            break
        if kind == "lines":
            draw.line(list(zip(xs, ys)), shade, int(rng.integers(1, 4)))
        for x, y in zip(xs, ys) if kind == "points" or count < 12 else ():
            draw.ellipse([x - 3, y - 3, x + 3, y + 3], shade)
    return image


def walk(count, rng):
    values = np.cumsum(rng.normal(0, 1, count))
    return (values - values.min()) / max(np.ptp(values), 1e-6)


def diagram(rng):
    """Boxes and ellipses with words, joined by lines and arrows."""
    width, height = (int(edge) for edge in rng.integers(320, 700, 2))
    paper, ink = paper_and_ink(rng, 0.1)
    image = Image.new("RGB", (width, height), paper)
    draw, face = ImageDraw.Draw(image), any_font(rng, 10, 18)
    columns, rows = int(rng.integers(2, 5)), int(rng.integers(2, 5))
    centres = [
        (int((i + 0.5) * width / columns), int((j + 0.5) * height / rows))
        for i in range(columns) for j in range(rows) if rng.random() < 0.75
    ]  # fmt: skip
    for first, second in zip(centres, centres[1:]):
        draw.line([first, (first[0], second[1]), second] if rng.random() < 0.5 else [first, second], ink, int(rng.integers(1, 3)))
        x, y = second
        draw.polygon([(x - 8, y - 26), (x + 8, y - 26), (x, y - 14)], ink)
    fill = paper if rng.random() < 0.4 else colour(rng, 150, 256)
    for x, y in centres:
        text = word(rng)
        half, tall = int(draw.textlength(text, font=face) / 2 + 10), face.size
        shape = draw.rectangle if rng.random() < 0.7 else draw.ellipse
        shape([x - half, y - tall, x + half, y + tall], fill, outline=ink)
        draw.text((x - half + 8, y - tall // 2), text, (10, 10, 10) if sum(fill) > 380 else (240, 240, 240), font=face)
    return image


def plain(side, rng):
    """A plain colour or a fall from one to another, [side, side, 3] u8."""
    return patterns.plain(side, rng).clip(0, 255).astype(np.uint8)


def picture(kind, rng):
    if kind in ("noise", "pattern", "plain"):
        pixels = getattr(patterns, kind)(NOTHING_SIDE, rng)
        return Image.fromarray(pixels.clip(0, 255).astype(np.uint8))
    return {"document": document, "screenshot": screenshot, "chart": chart, "diagram": diagram}[kind](rng)
