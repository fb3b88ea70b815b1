"""Draws pictures of nothing that calibrations learn from: a few plain shapes, tilings, scribbles, swatches.

empty_pictures.py draws other ones, which only measure.
"""

import numpy as np
from PIL import Image, ImageDraw

SIDE = 320


def colour(rng):
    """Any, or black or white."""
    return tuple(int(value) for value in rng.integers(256, size=3)) if rng.random() < 0.6 else (int(rng.choice([0, 255])),) * 3


def blank(rng):
    image = Image.new("RGB", (SIDE, SIDE), colour(rng))
    return image, ImageDraw.Draw(image)


def shapes(rng):
    """A few plain shapes, filled or in outline, on one colour."""
    image, draw = blank(rng)
    for _ in range(int(rng.integers(1, 9))):
        left, top = rng.integers(-20, SIDE - 40, size=2)
        width, height = rng.integers(20, SIDE * 3 // 4, size=2)
        line = {"outline": colour(rng), "width": int(rng.integers(1, 12))} if rng.random() < 0.5 else {"fill": colour(rng)}
        kind = rng.integers(4)
        if kind == 0:
            draw.ellipse((left, top, left + width, top + height), **line)
        elif kind == 1:
            draw.rectangle((left, top, left + width, top + height), **line)
        else:
            corners = int(rng.integers(3, 8))
            around = np.sort(rng.uniform(0, 2 * np.pi, corners))
            points = zip(left + width * (1 + np.cos(around)) / 2, top + height * (1 + np.sin(around)) / 2)
            draw.polygon([(float(x), float(y)) for x, y in points], **line)
    if rng.random() < 0.3:
        image = image.convert("L").convert("RGB")
    return image


def facets(rng):
    """A grid of moved points, each cell two triangles of like or unlike colours."""
    image, draw = blank(rng)
    count = int(rng.integers(3, 12))
    y, x = np.mgrid[0 : count + 1, 0 : count + 1] * SIDE / count
    x, y = (axis + rng.normal(0, SIDE / count / 4, axis.shape) for axis in (x, y))
    base, spread = rng.integers(0, 256, 3), rng.choice([20, 60, 150])
    for i in range(count):
        for j in range(count):
            corners = [(x[a, b], y[a, b]) for a, b in ((i, j), (i, j + 1), (i + 1, j + 1), (i + 1, j))]
            for triangle in (corners[:3], [*corners[2:], corners[0]]):
                shade = np.clip(base + rng.normal(0, spread, 3), 0, 255).astype(int)
                draw.polygon([(float(a), float(b)) for a, b in triangle], fill=tuple(shade.tolist()))
    return image


def blocks(rng):
    """Rectangles that divide the picture, with or without lines between."""
    image, draw = blank(rng)
    boxes, width, ink = [(0, 0, SIDE, SIDE)], int(rng.integers(0, 9)), colour(rng)
    palette = [colour(rng) for _ in range(int(rng.integers(2, 9)))]
    for _ in range(int(rng.integers(3, 40))):
        left, top, right, bottom = boxes.pop(int(rng.integers(len(boxes))))
        share = rng.uniform(0.2, 0.8)
        middle_x, middle_y = int(left + share * (right - left)), int(top + share * (bottom - top))
        boxes += [(left, top, middle_x, bottom), (middle_x, top, right, bottom)] if rng.random() < 0.5 else [
            (left, top, right, middle_y), (left, middle_y, right, bottom)
        ]  # fmt: skip
    for box in boxes:
        draw.rectangle(box, fill=palette[int(rng.integers(len(palette)))], outline=ink, width=width)
    return image


def scribbles(rng):
    """Curves that wander."""
    image, draw = blank(rng)
    ink = colour(rng)
    for _ in range(int(rng.integers(1, 12))):
        steps = np.cumsum(rng.normal(0, 1, (int(rng.integers(10, 200)), 2)), axis=0) * rng.uniform(3, 15)
        points = steps + rng.integers(0, SIDE, 2)
        draw.line([(float(a), float(b)) for a, b in points], fill=ink, width=int(rng.integers(1, 7)))
        ink = colour(rng) if rng.random() < 0.3 else ink
    return image


def swatches(rng):
    """A table of colours."""
    image, draw = blank(rng)
    rows, columns, gap = (int(value) for value in rng.integers((1, 1, 0), (9, 9, 12)))
    for row in range(rows):
        for column in range(columns):
            box = (column * SIDE // columns + gap, row * SIDE // rows + gap)
            draw.rectangle((*box, max(box[0], (column + 1) * SIDE // columns - gap - 1), max(box[1], (row + 1) * SIDE // rows - gap - 1)), colour(rng))
    return image


def arcs(rng):
    """Quarter circles in the cells of a grid, turned at random."""
    image, draw = blank(rng)
    ink, step = colour(rng), int(rng.integers(20, 100))
    width = int(rng.integers(2, step // 3))
    for top in range(0, SIDE, step):
        for left in range(0, SIDE, step):
            for side in (0, step) if rng.random() < 0.5 else (step, 0):
                other = side if rng.random() < 0.5 else step - side
                centre = (left + side, top + other)
                box = [centre[0] - step // 2, centre[1] - step // 2, centre[0] + step // 2, centre[1] + step // 2]
                start = {(0, 0): 0, (step, 0): 90, (step, step): 180, (0, step): 270}[(side, other)]
                draw.arc(box, start, start + 90, ink, width)
    return image


def rays(rng):
    """Wedges around a point."""
    image, draw = blank(rng)
    centre, count = rng.integers(0, SIDE, 2), int(rng.integers(4, 40))
    palette = [colour(rng) for _ in range(int(rng.integers(1, 4)))]
    for number in range(0, 2 * count, 2):
        angles = np.pi * (np.array([number, number + 1]) + rng.uniform(-0.2, 0.2)) / count
        ends = centre + 2 * SIDE * np.stack([np.cos(angles), np.sin(angles)], axis=1)
        draw.polygon([tuple(map(float, point)) for point in (centre, *ends)], fill=palette[number // 2 % len(palette)])
    return image


def confetti(rng):
    """Many small marks of one kind."""
    image, draw = blank(rng)
    size, kind = int(rng.integers(2, 24)), rng.integers(3)
    for left, top in rng.integers(-size, SIDE, (int(rng.integers(30, 400)), 2)).tolist():
        box = (left, top, left + size, top + size // (1 + int(kind == 2)))
        (draw.ellipse if kind == 0 else draw.rectangle)(box, fill=colour(rng))
    return image


def hatching(rng):
    """Grey or coloured lines of unequal brightness, as on brushed metal, cloth or wood."""
    grain = rng.normal(0, 1, (SIDE, 1)) * rng.uniform(10, 60) + rng.normal(0, 1, (SIDE, SIDE)) * rng.uniform(0, 25)
    if rng.random() < 0.5:
        grain = grain + rng.normal(0, 1, (1, SIDE)) * rng.uniform(5, 40)
    pixels = rng.integers(0, 256, 3) + grain[..., None] * rng.uniform(0.5, 1, 3)
    image = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
    return image.rotate(float(rng.choice([0, 90, rng.uniform(0, 90)])), Image.Resampling.BICUBIC).crop((60, 60, 260, 260))


def honeycomb(rng):
    """Six-sided cells, with or without lines between, in a few colours or in any."""
    image, draw = blank(rng)
    radius, ink, width = float(rng.uniform(8, 60)), colour(rng), int(rng.integers(0, 7))
    palette = [colour(rng) for _ in range(int(rng.choice([2, 3, 60])))]
    around = np.pi / 3 * np.arange(6) + np.pi / 6
    for row in range(int(SIDE / (1.5 * radius)) + 2):
        for column in range(int(SIDE / (1.73 * radius)) + 2):
            x, y = 1.732 * radius * (column + 0.5 * (row % 2)), 1.5 * radius * row
            points = [(x + radius * float(np.cos(angle)), y + radius * float(np.sin(angle))) for angle in around]
            draw.polygon(points, fill=palette[int(rng.integers(len(palette)))], outline=ink, width=width)
    return image


def blots(rng):
    """Spots of two or three colours that run into each other, as on a hide or on a uniform."""
    image, draw = blank(rng)
    palette = [colour(rng) for _ in range(int(rng.integers(1, 4)))]
    size = rng.uniform(10, 60)
    for _ in range(int(rng.integers(20, 120))):
        left, top = (float(value) for value in rng.uniform(-size, SIDE, 2))
        width, height = (float(value) for value in size * rng.uniform(0.4, 1.6, 2))
        draw.ellipse((left, top, left + width, top + height), fill=palette[int(rng.integers(len(palette)))])
    return image


TILINGS = (facets, blocks, scribbles, swatches, arcs, rays, confetti, hatching, honeycomb, blots)
