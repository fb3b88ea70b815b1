#!/usr/bin/env python3
"""Opens the page of `kiloword serve` in a real browser and uses it.

    browser_check.py KILOWORD [--screenshots DIR]

Exits with 77 where there is no Chromium.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
from browser import Browser, find_browser  # noqa: E402
from serve_process import start_server  # noqa: E402


PHOTO = Path("/usr/share/doc/opencv-doc/examples/data/butterfly.jpg")  # of Debian's opencv-doc
INDEXED = 6  # images of the index that is searched
NOTHING = "No description available."  # of stripes, which no word is said of


def use_page(browser, address, picture, junk, screenshots):
    def shoot(name, width=1100, dark=False):
        if screenshots:
            browser.screenshot(screenshots / f"{name}.png", width, dark)

    browser.call("Page.navigate", url=address)
    browser.wait_for("document.querySelectorAll('#labels option').length > 3")
    shoot("empty")
    browser.value("""window.seen = new Set();
        new MutationObserver(() => seen.add(document.getElementById('description').textContent))
            .observe(document.getElementById('description'), {childList: true});
        window.candidates = 0;
        const body = document.getElementById('candidates').tBodies[0];
        new MutationObserver(() => { candidates = Math.max(candidates, body.rows.length); }).observe(body, {childList: true})""")
    browser.upload(picture)
    browser.wait_for("document.getElementById('caption').textContent.startsWith('[Image Attached: ')")
    browser.wait_for("document.querySelectorAll('#sets progress').length > 4")
    browser.wait_for("document.querySelectorAll('.set.said').length === document.querySelectorAll('.set:has(.bar.said)').length")
    browser.wait_for("document.getElementById('status').textContent.startsWith('Described')")
    if not browser.value("window.candidates"):
        raise SystemExit("no candidates were shown")
    described = browser.value("document.getElementById('description').textContent")
    if browser.value("seen.size") < 2 and described != NOTHING:
        raise SystemExit(f"the description did not grow: {described}")
    for name, width, dark in (("light", 1100, False), ("dark", 1100, True), ("phone", 390, False), ("phone_dark", 390, True)):
        shoot(name, width, dark)
        if browser.value("document.documentElement.scrollWidth > innerWidth"):
            raise SystemExit(f"wider than the window: {name}")
    browser.value("""document.getElementById('author').value = 'Ada';
                     document.getElementById('author').dispatchEvent(new Event('change'))""")
    browser.wait_for("document.getElementById('caption').textContent.startsWith('Ada: [Image')")
    browser.upload(junk)
    browser.wait_for("!document.getElementById('error').hidden")
    shoot("error")
    unnamed = "[...document.querySelectorAll('input,select,button')].filter(e => !e.labels?.length && !e.textContent).length"
    if browser.value(unnamed):
        raise SystemExit("a control has no name")


def use_search(browser, picture, screenshots):
    """Searches by text, and for images like the chosen one."""
    browser.wait_for("!document.getElementById('search').hidden")
    browser.value("""document.getElementById('terms').value = 'stripes - people';
                     document.getElementById('query').requestSubmit()""")
    browser.wait_for("document.getElementById('search-status').textContent.endsWith('best first')")
    browser.wait_for("[...document.querySelectorAll('#found img')].every(image => image.naturalWidth > 0)")
    shown = browser.value("document.querySelectorAll('#found img').length")
    if shown != INDEXED:
        raise SystemExit(f"{shown} thumbnails")
    if screenshots:
        for name, width, dark in (("search", 1100, False), ("search_dark_phone", 390, True)):
            browser.screenshot(screenshots / f"{name}.png", width, dark)
            if browser.value("document.documentElement.scrollWidth > innerWidth"):
                raise SystemExit(f"wider than the window: {name}")
    browser.upload(picture)
    browser.value("document.getElementById('like').click()")
    browser.wait_for("document.querySelector('#found .numbers')?.textContent.startsWith('1, cosine ')")
    browser.wait_for("document.getElementById('search-status').textContent.endsWith('best first')")


def make_index(kiloword, folder, picture, cache):
    """An index of the picture and some drawn ones; returns its folder."""
    folder.mkdir()
    shutil.copy(picture, folder)
    for number in range(1, INDEXED):
        pixels = bytes((x * number + y) % 256 for y in range(48) for x in range(192))
        (folder / f"a <b> & {number}.ppm").write_bytes(b"P6 64 48 255\n" + pixels)
    environment = {**os.environ, "XDG_CACHE_HOME": str(cache)}
    subprocess.run([kiloword, "index", "-q", folder], check=True, env=environment)
    return folder


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kiloword")
    parser.add_argument("--screenshots", type=Path)
    parser.add_argument("--picture", type=Path, help="default: PHOTO, where it is, else one of stripes")
    options = parser.parse_args()
    program = find_browser()
    scratch = Path(tempfile.mkdtemp(prefix="kiloword-browser-"))
    server = browser = None
    try:
        picture = options.picture or (PHOTO if PHOTO.exists() else scratch / "stripes.ppm")
        if not picture.exists():
            picture.write_bytes(b"P6 64 48 255\n" + bytes((x * y) % 256 for y in range(48) for x in range(192)))
        junk = scratch / "junk.jpg"
        junk.write_bytes(b"no picture")
        indexed = make_index(options.kiloword, scratch / "indexed", picture, scratch / "cache")
        server, address = start_server(options.kiloword, scratch / "cache", options=("--index", str(indexed)))
        browser = Browser(program, scratch / "profile")
        use_page(browser, address, picture.resolve(), junk, options.screenshots)
        use_search(browser, picture.resolve(), options.screenshots)
        print("the page works")
    finally:
        if browser:
            browser.close()
        if server:
            server.terminate()
            server.wait()
        shutil.rmtree(scratch, ignore_errors=True)


if __name__ == "__main__":
    main()
