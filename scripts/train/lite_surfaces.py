"""Draws surfaces that show nothing: tilings, weaves, marble, confetti and the like, which lite learns to call "a pattern".

None is of a kind that scripts/quality/empty_pictures.py measures with: that tells whether a surface of a kind that the model
has never met is taken for a drawing or a thing.
"""

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

SIDE = 288


def colour(rng):
    return rng.integers(0, 256, 3)


def palette(rng, count):
    """Colours near each other, or any; [count, 3]."""
    near = rng.random() < 0.5
    base, spread = colour(rng), rng.uniform(15, 60)
    shades = base + rng.normal(0, spread, (count, 3)) if near else rng.integers(0, 256, (count, 3))
    if rng.random() < 0.2:
        shades = np.repeat(shades.mean(axis=1, keepdims=True), 3, axis=1)
    return np.clip(shades, 0, 255)


def grid(rng):
    """Coordinates y, x in 0..1, turned by any angle in half of the surfaces."""
    y, x = np.mgrid[0:SIDE, 0:SIDE] / SIDE
    if rng.random() < 0.5:
        angle = rng.uniform(0, 2 * np.pi)
        y, x = y * np.cos(angle) + x * np.sin(angle) + 2, x * np.cos(angle) - y * np.sin(angle) + 2
    return y, x


def shaded(index, shades):
    return shades[index.astype(int) % len(shades)]


def mixed(share, rng):
    near, far = palette(rng, 2)
    return near + np.clip(share, 0, 1)[..., None] * (far - near)


def fields(rng, octaves):
    """Smooth random values of several scales, about 0..1, [SIDE, SIDE]."""
    total = np.zeros((SIDE, SIDE))
    for octave in range(octaves):
        cells = int(rng.integers(2, 5)) * 2**octave
        small = Image.fromarray(rng.integers(0, 256, (cells, cells), dtype=np.uint8))
        total += np.asarray(small.resize((SIDE, SIDE), Image.Resampling.BICUBIC), float) / 255 / 2**octave
    return total / (2 - 2.0 ** (1 - octaves))


def canvas(rng):
    image = Image.new("RGB", (SIDE, SIDE), tuple(map(int, colour(rng))))
    return image, ImageDraw.Draw(image)


def ink(shades, rng):
    return tuple(map(int, shades[rng.integers(len(shades))]))


def honeycomb(rng):
    """Six-sided cells, each of a colour or with a wall."""
    y, x = grid(rng)
    count = rng.uniform(4, 18)
    q, r = count * (x - y / 3**0.5), count * 2 * y / 3**0.5
    cube = np.stack([q, r, -q - r])
    near = np.round(cube)
    wrong = np.abs(near - cube).argmax(axis=0)
    fixed = -(near.sum(axis=0) - np.take_along_axis(near, wrong[None], 0)[0])
    np.put_along_axis(near, wrong[None], fixed[None], 0)
    if rng.random() < 0.5:
        return shaded(np.abs(near[0] * 7 + near[1] * 13 + (near[0] * near[1]) % 5), palette(rng, int(rng.integers(3, 8))))
    return mixed(np.abs(cube - near).max(axis=0) > rng.uniform(0.3, 0.45), rng)


def triangles(rng):
    y, x = grid(rng)
    count = rng.uniform(3, 14)
    a, b = np.floor(count * y), np.floor(count * (x + y / 2))
    half = (count * y) % 1 > (count * (x + y / 2)) % 1
    return shaded(np.abs(a * 5 + b * 11 + half * 3 + (a * b) % 7), palette(rng, int(rng.integers(2, 8))))


def zigzag(rng):
    y, x = grid(rng)
    bend = np.abs((x * rng.uniform(2, 12)) % 1 - 0.5) * rng.uniform(0.05, 0.4)
    return shaded((y + bend) * rng.uniform(4, 25), palette(rng, int(rng.integers(2, 6))))


def scales(rng):
    """Rows of overlapping half discs."""
    y, x = grid(rng)
    count = rng.uniform(4, 16)
    row = np.floor(y * count * 2)
    across = (x * count + 0.5 * (row % 2)) % 1 - 0.5
    down = (y * count * 2) % 1 / 2
    distance = np.hypot(across, down)
    return mixed((distance * rng.uniform(1, 5)) % 1 if rng.random() < 0.6 else distance > 0.42, rng)


def herringbone(rng):
    y, x = grid(rng)
    count, length = rng.uniform(8, 26), int(rng.integers(2, 5))
    i, j = np.floor(y * count), np.floor(x * count)
    level = (i + j) % (2 * length) < length
    plank = np.where(level, i * 31 + np.floor((j + i) / (2 * length)), j * 17 + np.floor((i + j) / (2 * length)) + 5)
    edge = np.where(level, (y * count) % 1, (x * count) % 1) < rng.uniform(0, 0.2)
    image = shaded(np.abs(plank * 7), palette(rng, int(rng.integers(2, 7))))
    return np.where(edge[..., None], colour(rng), image)


def weave(rng):
    """Bands over and under each other."""
    y, x = grid(rng)
    count, over = rng.uniform(4, 24), int(rng.integers(1, 4))
    i, j = np.floor(y * count), np.floor(x * count)
    first = (i // over + j // over) % 2 == 0
    light = np.where(first, np.sin(np.pi * ((x * count) % 1)), np.sin(np.pi * ((y * count) % 1)))
    one, two = palette(rng, 2)
    return np.where(first[..., None], one, two) * (0.45 + 0.55 * light[..., None])


def diamonds(rng):
    y, x = grid(rng)
    count, narrow = rng.uniform(3, 12), rng.uniform(0.4, 1)
    a, b = count * (x + y * narrow), count * (x - y * narrow)
    image = shaded(np.floor(a) + 2 * np.floor(b) + 50, palette(rng, int(rng.integers(2, 5))))
    seam = np.minimum((a + 0.5) % 1, (b + 0.5) % 1) < 0.04
    return np.where(seam[..., None], colour(rng), image) if rng.random() < 0.6 else image


def arcs(rng):
    """Truchet's tiles: two quarter circles in each square, turned at random."""
    count, width = int(rng.integers(4, 18)), rng.uniform(0.06, 0.25)
    y, x = np.mgrid[0:SIDE, 0:SIDE] / SIDE * count
    turned = (rng.random((count, count)) < 0.5)[y.astype(int), x.astype(int)]
    across, down = np.where(turned, 1 - x % 1, x % 1), y % 1
    distance = np.minimum(np.abs(np.hypot(across, down) - 0.5), np.abs(np.hypot(1 - across, 1 - down) - 0.5))
    return mixed(distance < width, rng)


def halftone(rng):
    y, x = grid(rng)
    count = rng.uniform(8, 40)
    return mixed(np.hypot((x * count) % 1 - 0.5, (y * count) % 1 - 0.5) < 0.7 * fields(rng, 2), rng)


def rays(rng):
    y, x = np.mgrid[0:SIDE, 0:SIDE] / SIDE - rng.uniform(0, 1, 2).reshape(2, 1, 1)
    turns = np.arctan2(y, x) / (2 * np.pi) + 1 + rng.uniform(0, 1.5) * np.hypot(x, y)
    return shaded(turns * 2 * int(rng.integers(3, 30)), palette(rng, 2))


def spiral(rng):
    y, x = np.mgrid[0:SIDE, 0:SIDE] / SIDE - rng.uniform(0.2, 0.8, 2).reshape(2, 1, 1)
    radius = np.hypot(x, y) if rng.random() < 0.6 else np.log(np.hypot(x, y) + 1e-3)
    phase = radius * rng.uniform(3, 14) + int(rng.integers(1, 6)) * np.arctan2(y, x) / (2 * np.pi)
    return mixed(phase % 1 if rng.random() < 0.3 else phase % 1 < rng.uniform(0.3, 0.7), rng)


def kaleidoscope(rng):
    """Random colours mirrored in four or eight parts."""
    half = SIDE // 2
    quarter = np.dstack([fields(rng, int(rng.integers(2, 5))) for _ in range(3)])[:half, :half]
    if rng.random() < 0.6:
        quarter = np.floor(quarter * 5) / 4
    if rng.random() < 0.5:
        quarter = (quarter + quarter.transpose(1, 0, 2)) / 2
    right = np.concatenate([quarter, quarter[:, ::-1]], axis=1)
    return 255 * np.concatenate([right, right[::-1]])


def marble(rng):
    y, x = grid(rng)
    phase = (x * rng.uniform(1, 6) + fields(rng, 5) * rng.uniform(1, 8)) * np.pi
    return mixed(np.abs(np.sin(phase)) ** rng.uniform(0.3, 3), rng)


def wood(rng):
    y, x = grid(rng)
    phase = np.hypot(x - rng.uniform(0, 3), (y - rng.uniform(0, 3)) * rng.uniform(0.02, 0.3)) + 0.1 * fields(rng, 3)
    fibre = rng.normal(0, 0.08, (1, SIDE)) if rng.random() < 0.5 else 0
    return mixed((phase * rng.uniform(10, 50)) % 1 * 0.7 + fibre, rng)


def moire(rng):
    y, x = np.mgrid[0:SIDE, 0:SIDE] / SIDE
    waves = [np.sin(np.hypot(y - a, x - b) * rng.uniform(30, 200)) for a, b in rng.uniform(-0.5, 1.5, (int(rng.integers(2, 4)), 2))]
    return mixed(sum(waves) / len(waves) * 0.5 + 0.5 if rng.random() < 0.5 else np.prod(waves, axis=0) > 0, rng)


def maze(rng):
    """Each cell of a grid has a wall to one side."""
    image, draw = canvas(rng)
    count, shade, width = int(rng.integers(6, 30)), palette(rng, 1), int(rng.integers(1, 7))
    slanted, step = rng.random() < 0.4, SIDE / count
    for i in range(count):
        for j in range(count):
            x, y, first = i * step, j * step, rng.random() < 0.5
            end = (x + step, y + step) if slanted else (x + step, y) if first else (x, y + step)
            draw.line([x, y, *end] if first or not slanted else [x + step, y, x, y + step], ink(shade, rng), width)
    return np.asarray(image)


def terrazzo(rng):
    """Splinters of a few colours on a ground."""
    image, draw = canvas(rng)
    shades, size = palette(rng, int(rng.integers(2, 6))), rng.uniform(5, 40)
    for _ in range(int(rng.integers(40, 300))):
        middle, corners = rng.uniform(0, SIDE, 2), int(rng.integers(3, 7))
        turn = np.sort(rng.uniform(0, 2 * np.pi, corners))
        reach = rng.uniform(0.3, 1, corners) * size
        points = np.stack([middle[0] + reach * np.cos(turn), middle[1] + reach * np.sin(turn)], axis=1)
        draw.polygon([tuple(point) for point in points.tolist()], fill=ink(shades, rng))
    return np.asarray(image)


def confetti(rng):
    """Discs, squares or short strokes of like or unlike size, anywhere."""
    image, draw = canvas(rng)
    shades, kind = palette(rng, int(rng.integers(1, 7))), rng.integers(3)
    for _ in range(int(rng.integers(30, 400))):
        (x, y), size = rng.uniform(0, SIDE, 2), rng.pareto(3) * 12 + 2
        if kind == 0:
            draw.ellipse([x, y, x + size, y + size], fill=ink(shades, rng))
        elif kind == 1:
            draw.rectangle([x, y, x + size, y + size], fill=ink(shades, rng))
        else:
            angle = rng.uniform(0, 2 * np.pi)
            draw.line([x, y, x + 2 * size * np.cos(angle), y + 2 * size * np.sin(angle)], ink(shades, rng), int(rng.integers(2, 6)))
    return np.asarray(image)


def contours(rng):
    """Lines of equal height, as on a map."""
    heights = fields(rng, int(rng.integers(1, 5))) * rng.uniform(5, 25)
    return mixed(heights % 1 < rng.uniform(0.08, 0.3), rng)


def quilt(rng):
    """Squares cut in half along one of their diagonals."""
    count = int(rng.integers(3, 14))
    y, x = np.mgrid[0:SIDE, 0:SIDE] / SIDE * count
    i, j = y.astype(int), x.astype(int)
    turned = (rng.random((count, count)) < 0.5)[i, j]
    half = np.where(turned, y % 1 > x % 1, y % 1 + x % 1 > 1)
    return shaded(rng.integers(0, 9, (count, count, 2))[i, j, half.astype(int)], palette(rng, int(rng.integers(2, 7))))


def motif(rng):
    """One small polygon again and again, in rows."""
    image, draw = canvas(rng)
    corners, step = int(rng.integers(3, 12)), float(rng.uniform(18, 70))
    turn = np.arange(2 * corners) * np.pi / corners
    reach = np.where(np.arange(2 * corners) % 2, rng.uniform(0.3, 1), 1) * step * rng.uniform(0.2, 0.5)
    shades, shift = palette(rng, int(rng.integers(1, 4))), rng.random() < 0.5
    for row in range(int(SIDE / step) + 2):
        for column in range(-1, int(SIDE / step) + 2):
            x, y = (column + 0.5 * (row % 2) * shift) * step, row * step
            draw.polygon([(x + r * np.cos(t), y + r * np.sin(t)) for r, t in zip(reach, turn)], fill=ink(shades, rng))
    return np.asarray(image)


def hatching(rng):
    y, x = grid(rng)
    count, depth = rng.uniform(15, 60), fields(rng, 3)
    first = (x * count) % 1 < 0.6 * depth
    second = ((x + y) * count) % 1 < 0.6 * depth - 0.15
    return mixed(first | second if rng.random() < 0.7 else first, rng)


def fractal(rng):
    """Steps to escape under z = z * z + c."""
    y, x = np.mgrid[0:SIDE, 0:SIDE] / SIDE * rng.uniform(0.4, 3) - rng.uniform(0.2, 1.5)
    z, steps = x + 1j * y, np.zeros((SIDE, SIDE))
    c = 0.7885 * np.exp(1j * rng.uniform(0, 2 * np.pi))
    for _ in range(40):
        z = np.where(np.abs(z) < 4, z * z + c, 4)
        steps += np.abs(z) < 4
    return shaded(steps, palette(rng, 9)) if rng.random() < 0.5 else mixed((steps / 40) ** 0.5, rng)


def curves(rng):
    """Closed curves of two frequencies, many times."""
    image, draw = canvas(rng)
    shades, t = palette(rng, int(rng.integers(1, 4))), np.linspace(0, 2 * np.pi, 400)
    for _ in range(int(rng.integers(1, 12))):
        a, b = rng.integers(1, 12, 2)
        x, y = SIDE / 2 * (1 + np.sin(a * t + rng.uniform(0, 6))), SIDE / 2 * (1 + np.sin(b * t))
        draw.line(list(zip(x.tolist(), y.tolist())), ink(shades, rng), int(rng.integers(1, 6)))
    return np.asarray(image)


def ribbons(rng):
    """Wavy bands of many colours and widths beside each other."""
    y, x = grid(rng)
    along = y + rng.uniform(0.02, 0.2) * np.sin(2 * np.pi * (x * rng.uniform(0.5, 4) + rng.random())) + 0.2 * fields(rng, 2)
    edges = np.sort(rng.uniform(along.min(), along.max(), int(rng.integers(3, 30))))
    return palette(rng, len(edges) + 1)[np.searchsorted(edges, along)]


def threads(rng):
    """Long thin bows that cross each other."""
    image, draw = canvas(rng)
    shades, reach = palette(rng, int(rng.integers(1, 5))), SIDE * rng.uniform(0.2, 2)
    for _ in range(int(rng.integers(4, 70))):
        (x, y), (wide, high), start = rng.uniform(-SIDE / 2, SIDE, 2), rng.uniform(0.2, 1, 2) * reach, rng.uniform(0, 360)
        draw.arc([x, y, x + wide, y + high], start, start + rng.uniform(60, 300), ink(shades, rng), int(rng.integers(1, 6)))
    return np.asarray(image)


def folds(rng):
    """Falls of colour, each up to a crease, as in folded paper or a fan."""
    y, x = np.mgrid[0:SIDE, 0:SIDE] / SIDE - rng.uniform(-0.5, 1.5, 2).reshape(2, 1, 1)
    along = np.arctan2(y, x) / np.pi if rng.random() < 0.6 else x * np.cos(rng.uniform(0, 6)) + y
    along = along * rng.uniform(1, 12)
    return mixed(along % 1 if rng.random() < 0.6 else np.abs(along % 1 - 0.5) * 2, rng)


KINDS = {draw.__name__: draw for draw in (
    honeycomb, triangles, zigzag, scales, herringbone, weave, diamonds, arcs, halftone, rays, spiral, kaleidoscope, marble, wood,
    moire, maze, terrazzo, confetti, contours, quilt, motif, hatching, fractal, curves,
    ribbons, threads, folds,
)}  # fmt: skip


def surface(kind, rng):
    """A Pillow image of the kind of that name; some blurred, grainy, or only in part."""
    pixels = np.asarray(KINDS[kind](rng), float)
    if rng.random() < 0.3:
        pixels = pixels + rng.normal(0, rng.uniform(2, 15), pixels.shape)
    image = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
    if rng.random() < 0.5:
        edge = int(SIDE * rng.uniform(0.3, 1))
        left, top = (int(value) for value in rng.integers(0, SIDE - edge + 1, 2))
        image = image.crop((left, top, left + edge, top + edge))
    if rng.random() < 0.3:
        image = image.filter(ImageFilter.GaussianBlur(float(rng.uniform(0.4, 3))))
    return image
