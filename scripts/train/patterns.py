"""Pictures of nothing that the label sets name: plain colours, noise, patterns and pages of text.

nano learns to tell them by the texts in NOTHING, which stand in the label files as negatives. They are drawn by other
rules than the pictures that statements are measured with (scripts/quality/statement_images.py), so that what is
measured is more than the memory of one drawing program.
"""

import numpy as np
from PIL import Image, ImageDraw, ImageFont

NOTHING = ("a plain colour", "noise", "a pattern", "a page of text")
PLAIN, NOISE, PATTERN, PAGE = range(len(NOTHING))


def colour(rng):
    return rng.uniform(0, 255, 3)


def soft(values, side, rng):
    """Small numbers [h, w, 3] blown up to a picture, in blocks or smoothly."""
    image = Image.fromarray(values.clip(0, 255).astype(np.uint8))
    kind = Image.Resampling.NEAREST if rng.random() < 0.4 else Image.Resampling.BILINEAR
    return np.asarray(image.resize((side, side), kind), np.float64)


def plain(side, rng):
    """One colour, or a fall from one to another; sometimes with a little grain."""
    near = colour(rng)
    far = near if rng.random() < 0.4 else near + rng.normal(0, 50, 3)
    y, x = np.mgrid[0:side, 0:side] / side - rng.uniform(0, 1, 2).reshape(2, 1, 1)
    angle = rng.uniform(0, 2 * np.pi)
    fall = np.hypot(x, y) if rng.random() < 0.4 else (x * np.cos(angle) + y * np.sin(angle) + 1) / 2
    image = near + fall[..., None] * (far - near)
    return image + rng.normal(0, rng.choice([0, 1, 4]), image.shape)


def noise(side, rng):
    """Grain of 1 to 12 pixels around one colour, in colours or in grey, sometimes several grains at once."""
    image = np.zeros((side, side, 3)) + colour(rng)
    for _ in range(rng.integers(1, 4)):
        cells = max(2, round(side / rng.choice([1, 1, 2, 3, 6, 12])))
        channels = 3 if rng.random() < 0.6 else 1
        values = rng.normal(0, 1, (cells, cells, channels)) if rng.random() < 0.5 else rng.uniform(-1.7, 1.7, (cells, cells, channels))
        image += soft(127 + rng.uniform(20, 75) * np.broadcast_to(values, (cells, cells, 3)), side, rng) - 127
    return image


def pattern(side, rng):
    """One or two waves, straight or in rings, soft or hard-edged, mix two colours: stripes, checks, dots, rings."""
    y, x = np.mgrid[0:side, 0:side] / side - rng.uniform(-0.2, 1.2, 2).reshape(2, 1, 1)
    angle, turn = rng.uniform(0, np.pi), rng.choice([np.pi / 2, np.pi / 3, rng.uniform(0, np.pi)])
    waves = []
    for direction in (angle, angle + turn):
        along = np.hypot(x, y) if rng.random() < 0.1 else x * np.cos(direction) + y * np.sin(direction)
        waves.append(np.cos(2 * np.pi * (rng.uniform(2, 18) * along + rng.random())))
    mixed = [waves[0], waves[0] * waves[1], waves[0] + waves[1], np.maximum(*waves)][rng.integers(4)]
    if rng.random() < 0.7:
        mixed = np.tanh(rng.uniform(3, 20) * (mixed - rng.uniform(-0.6, 0.6)))
    share = (mixed - mixed.min()) / max(np.ptp(mixed), 1e-6)
    first, second = colour(rng), colour(rng)
    return first + share[..., None] * (second - first) + rng.normal(0, rng.choice([0, 5]), (side, side, 3))


def words(draw, place, width, ink, captions, rng):
    """A line of words from captions, or strokes as long as words where letters would be too small to read."""
    x, y = place
    if rng.random() < 0.5:
        draw.text((x, y), str(rng.choice(captions))[: max(1, int(width / 6))], ink, ImageFont.load_default())
        return
    height = rng.integers(4, 9)
    while x < place[0] + width:
        end = x + rng.integers(6, 40)
        for left in range(int(x), int(end), 4):
            draw.line([left, y + rng.integers(height), left + rng.integers(4), y + rng.integers(height)], ink, 1)
        x = end + 6


def page(side, rng, captions):
    """One or two columns of lines on paper of a pale or a dark colour, with headings and boxes."""
    size = int(rng.integers(96, 320))
    paper, ink = rng.uniform(215, 256, 3), rng.uniform(0, 110, 3)
    if rng.random() < 0.3:
        paper, ink = ink * 0.6, paper
    image = Image.new("RGB", (size, size), tuple(paper.astype(int)))
    draw, ink = ImageDraw.Draw(image), tuple(ink.astype(int))
    columns, margin, step = int(rng.integers(1, 3)), int(rng.integers(0, 30)), int(rng.integers(10, 20))
    for column in range(columns):
        left, width = margin + column * size // columns, size // columns - margin
        y = int(rng.integers(0, 40))
        while y < size:
            if rng.random() < 0.06:
                draw.rectangle([left, y, left + rng.integers(8, width + 9), y + 8], tuple(colour(rng).astype(int)))
            elif rng.random() < 0.9:
                words(draw, (left, y), width * rng.choice([1, 1, 1, rng.uniform(0.2, 1)]), ink, captions, rng)
            y += step
    return np.asarray(image.resize((side, side), Image.Resampling.BICUBIC), np.float64)


def draw(kind, side, rng, captions):
    """A picture of NOTHING[kind], [side, side, 3] u8."""
    image = page(side, rng, captions) if kind == PAGE else (plain, noise, pattern)[kind](side, rng)
    return image.clip(0, 255).astype(np.uint8)
