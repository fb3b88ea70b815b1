#!/usr/bin/env python3
"""Draws what kiloword_scoring_bench prints (read from standard input) as an SVG picture on standard output.

Both axes are logarithmic: labels against milliseconds an image; the line across is the cost of encoding the image.
"""

import csv
import math
import sys

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 640, 400, 70, 50, 50, 50


def main():
    rows = list(csv.DictReader(sys.stdin, delimiter="\t"))
    points = [(float(row["labels"]), float(row["scoring_ms"]), float(row["percent"])) for row in rows]
    encoding = sorted(float(row["encoding_ms"]) for row in rows)[len(rows) // 2]
    values = [ms for _, ms, _ in points] + [encoding]
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    first, last = math.log10(points[0][0]), math.log10(points[-1][0])

    def x(labels):
        return LEFT + (math.log10(labels) - first) / (last - first) * (WIDTH - LEFT - RIGHT)

    def y(ms):
        return HEIGHT - BOTTOM - (math.log10(ms) - low) / (high - low) * (HEIGHT - TOP - BOTTOM)

    def text(left, top, words, anchor="middle", fill="#333"):
        return f'<text x="{left:.1f}" y="{top:.1f}" text-anchor="{anchor}" fill="{fill}">{words}</text>'

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="13">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        text(WIDTH / 2, 22, "Scoring an image against labels, one core"),
        text(WIDTH / 2, HEIGHT - 10, "labels"),
        text(8, TOP - 14, "ms an image", "start"),
    ]
    for power in range(low, high + 1):
        top = y(10**power)
        parts.append(f'<line x1="{LEFT}" y1="{top:.1f}" x2="{WIDTH - RIGHT}" y2="{top:.1f}" stroke="#ddd"/>')
        parts.append(text(LEFT - 8, top + 4, f"{10.0 ** power:g}", "end"))
    for labels, _, _ in points:
        parts.append(text(x(labels), HEIGHT - BOTTOM + 20, f"{labels:,.0f}"))
    top = y(encoding)
    parts.append(f'<line x1="{LEFT}" y1="{top:.1f}" x2="{WIDTH - RIGHT}" y2="{top:.1f}" stroke="#c33" stroke-dasharray="6 4"/>')
    parts.append(text(LEFT + 6, top - 6, f"encoding: {encoding:.0f} ms", "start", "#c33"))
    line = " ".join(f"{x(labels):.1f},{y(ms):.1f}" for labels, ms, _ in points)
    parts.append(f'<polyline points="{line}" fill="none" stroke="#236" stroke-width="2"/>')
    for labels, ms, percent in points:
        parts.append(f'<circle cx="{x(labels):.1f}" cy="{y(ms):.1f}" r="4" fill="#236"/>')
        side, shift = ("start", 8) if labels < points[-1][0] else ("end", -8)
        parts.append(text(x(labels) + shift, y(ms) + 16, f"{percent:.3g} %", side, "#236"))
    print("\n".join([*parts, "</svg>"]))


if __name__ == "__main__":
    main()
