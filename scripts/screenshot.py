#!/usr/bin/env python3
"""Makes docs/images/report.webp: a report of pictures that it draws, as a browser shows it.

    scripts/screenshot.py [--kiloword PROGRAM] [--out FILE.webp] [--pictures FOLDER]

Needs Chromium, rsvg-convert for the pictures, which are SVG, and tesseract for the words in them. Exits with 77 where
there is no Chromium. --pictures keeps the pictures.
"""

import argparse
import base64
import subprocess
import sys
import tempfile
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(SOURCE / "tests/support"))
from browser import Browser, find_browser  # noqa: E402

WIDTH, HEIGHT = 1000, 780
QUALITY = 85
MOST_BYTES = 150_000


def text(x, y, words, size=16, fill="#222", anchor="middle"):
    return f'<text x="{x}" y="{y}" font-family="DejaVu Sans" font-size="{size}" fill="{fill}" text-anchor="{anchor}">{words}</text>'


def chart():
    parts = ['<rect width="400" height="300" fill="white"/>']
    for series, colour in (((20, 32, 50, 58, 90, 120, 128, 160), "#3070b0"), ((90, 84, 88, 70, 74, 60, 52, 56), "#c04030")):
        points = " ".join(f"{50 + 46 * i},{260 - height}" for i, height in enumerate(series))
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="3"/>')
    for i in range(8):
        parts.append(text(50 + 46 * i, 282, str(2018 + i), 13))
    return parts + ['<path d="M50 40V260H380" fill="none" stroke="#222" stroke-width="2"/>']


def landscape():
    hills = (("#8fb8a0", "0 200 Q100 120 200 190 T400 170"), ("#5f946f", "0 240 Q120 170 240 230 T400 220"))
    parts = ['<rect width="400" height="300" fill="#bfe0f4"/>', '<circle cx="310" cy="70" r="34" fill="#ffd75e"/>']
    parts += [f'<path d="M{curve} V300 H0 Z" fill="{fill}"/>' for fill, curve in hills]
    for x, y in ((70, 250), (110, 262), (300, 256)):
        parts.append(f'<rect x="{x - 5}" y="{y - 10}" width="10" height="30" fill="#6b4a2e"/>')
        parts.append(f'<circle cx="{x}" cy="{y - 28}" r="26" fill="#2f6b45"/>')
    return parts + ['<rect x="180" y="210" width="70" height="50" fill="#f3e3c3"/>', '<path d="M170 212L215 175L260 212Z" fill="#a8452f"/>',
                    '<rect x="206" y="232" width="18" height="28" fill="#6b4a2e"/>']


def diagram():
    parts = ['<rect width="400" height="300" fill="white"/>']
    boxes = {"Order": (110, 50), "Payment": (290, 50), "Stock": (110, 150), "Delivery": (290, 150), "Archive": (200, 250)}
    for start, end in (("Order", "Payment"), ("Order", "Stock"), ("Payment", "Delivery"), ("Stock", "Delivery"),
                       ("Delivery", "Archive")):
        (x1, y1), (x2, y2) = boxes[start], boxes[end]
        parts.append(f'<path d="M{x1} {y1}L{x2} {y2}" stroke="#555" stroke-width="2"/>')
    for name, (x, y) in boxes.items():
        parts.append(f'<rect x="{x - 55}" y="{y - 24}" width="110" height="48" rx="6" fill="#d8ecd0" stroke="#375"/>')
        parts.append(text(x, y + 6, name))
    return parts


def document():
    lines = ["Minutes of the reading group", "", "Present: Ada, Grace, Mary and Emmy.", "The group met in the library at seven.",
             "Ada reported on the notes to the engine.", "Grace brought a nanosecond of wire.", "The next meeting is on Friday.",
             "", "Decisions", "The club buys a second copy of the atlas.", "Mary keeps the list of members."]
    parts = ['<rect width="300" height="400" fill="white"/>']
    return parts + [text(24, 40 + 30 * i, line, 17 if i in (0, 8) else 12, anchor="start") for i, line in enumerate(lines)]


def window():
    parts = ['<rect width="400" height="300" fill="#f4f4f6"/>', '<rect width="400" height="34" fill="#dcdce4"/>',
             text(14, 23, "Settings", 15, anchor="start"), '<rect y="34" width="110" height="266" fill="#e8e8ee"/>']
    for i, name in enumerate(("General", "Display", "Sound", "Network", "Users")):
        parts.append(text(14, 64 + 30 * i, name, 14, anchor="start"))
    for i, name in enumerate(("Start with the system", "Show notifications", "Check for updates")):
        parts.append(f'<rect x="130" y="{52 + 36 * i}" width="16" height="16" fill="white" stroke="#778"/>')
        parts.append(text(156, 66 + 36 * i, name, 14, anchor="start"))
    for x, name, fill, ink in ((200, "Cancel", "#ddd", "#222"), (300, "Save", "#3070b0", "white")):
        parts.append(f'<rect x="{x}" y="250" width="80" height="32" rx="4" fill="{fill}"/>')
        parts.append(text(x + 40, 271, name, 14, ink))
    return parts


def plain():
    return ['<rect width="400" height="300" fill="#7aa6c8"/>']


DRAWINGS = {"house": (landscape, 400, 300), "chart": (chart, 400, 300), "diagram": (diagram, 400, 300),
            "minutes": (document, 300, 400), "settings": (window, 400, 300), "sky": (plain, 400, 300)}


def draw(folder):
    files = []
    for name, (drawing, width, height) in DRAWINGS.items():
        files.append(f"{name}.svg")
        parts = "\n".join(drawing())
        (folder / files[-1]).write_text(
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">\n{parts}\n</svg>\n')
    return files


def shoot(page, out, scratch):
    browser = Browser(find_browser(), scratch / "browser")
    try:
        browser.call("Emulation.setDeviceMetricsOverride", width=WIDTH, height=HEIGHT, deviceScaleFactor=1, mobile=False)
        browser.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "light"}])
        browser.call("Emulation.setScrollbarsHidden", hidden=True)
        browser.call("Page.navigate", url=page.as_uri())
        browser.wait_for("document.readyState === 'complete' && document.getElementById('count')?.textContent")
        browser.wait_for("[...document.querySelectorAll('#list img')].every(image => image.naturalWidth > 0)")
        picture = browser.call("Page.captureScreenshot", format="webp", quality=QUALITY)["data"]
        out.write_bytes(base64.b64decode(picture))
    finally:
        browser.close()
    if out.stat().st_size > MOST_BYTES:
        raise SystemExit(f"{out} has more than {MOST_BYTES} bytes")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kiloword", type=Path, default=SOURCE / "build/release/bin/kiloword")
    parser.add_argument("--out", type=Path, default=SOURCE / "docs/images/report.webp")
    parser.add_argument("--pictures", type=Path)
    options = parser.parse_args()
    find_browser()
    with tempfile.TemporaryDirectory(prefix="kiloword-screenshot-") as name:
        scratch = Path(name)
        folder = (options.pictures or scratch / "pictures").resolve()
        folder.mkdir(exist_ok=True)
        kiloword, rows, page = options.kiloword.resolve(), scratch / "captions.jsonl", scratch / "report.html"
        records = subprocess.run([kiloword, "caption", "--format", "json", *draw(folder)], cwd=folder, check=True,
                                 stdout=subprocess.PIPE).stdout
        rows.write_bytes(records)
        subprocess.run([kiloword, "report", "-q", rows, "-o", page], cwd=folder, check=True)
        shoot(page, options.out.resolve(), scratch)


if __name__ == "__main__":
    main()
