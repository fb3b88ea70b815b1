#!/usr/bin/env python3
"""Opens a report of many rows in a real browser, uses it, and measures it.

    browser_check.py KILOWORD [--rows N] [--pictures DIR] [--thumbnails N]
    browser_check.py --page REPORT.html [--screenshots DIR]

Exits with 77 where there is no Chromium.
"""

import argparse
import itertools
import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
from browser import Browser, find_browser  # noqa: E402

# Each of these would set window.hacked, or break the page, where rows were taken for markup or program.
ATTACKS = ["</script><script>window.hacked = 1</script>", "<img src=x onerror='window.hacked = 1'>",
           "<!--<script>", "\u2028window.hacked = 1\u2029", "\"];window.hacked = 1;[\"", "${window.hacked = 1}", "javascript:hacked"]
LABELS = ["photo", "sketch", "painting", "emoji"]


def row(number, picture):
    def statement(name, label, confidence, said):
        return {"set": name, "label": label, "text": f"This is a {label}.", "cosine": 0.2, "probability": 0.5,
                "confidence": confidence, "said": said}

    record = {"schema": 1, "path": str(picture), "status": "ok"}
    if number % 100 == 7:
        return {**record, "status": "error", "error": {"kind": "input", "message": "truncated JPEG"}}
    attack = ATTACKS[number // 100 % len(ATTACKS)] if number % 100 == 9 else ""
    label = LABELS[number % len(LABELS)] + attack
    said = number % 3 == 0
    statements = [statement("medium", label, (number % 1000) / 1000, said)]
    statements += [statement(name + attack, "thing", 0.1, False) for name in ("objects", "scene", "people")]
    text = f"This is a {label}." if said else "No description available."
    if attack:
        record["path"] += attack
    return {**record, "caption": f"[Image Attached: {text}]", "statements": statements, "width": 64, "height": 48,
            "model": "nano" + attack, "ms": 1.0, "index": number, "run": "0"}


def make_report(options, scratch):
    if options.pictures:
        pictures = sorted(file for file in options.pictures.iterdir() if file.suffix in (".jpg", ".png"))
    else:
        pictures = [scratch / f"{i}.ppm" for i in range(20)]
        for i, picture in enumerate(pictures):
            picture.write_bytes(b"P6 64 48 255\n" + bytes((x * (y + i)) % 256 for y in range(48) for x in range(192)))
    rows = scratch / "rows.jsonl"
    with rows.open("w") as file:
        for number, picture in zip(range(options.rows), itertools.cycle(pictures)):
            file.write(json.dumps(row(number, picture), ensure_ascii=False) + "\n")
    page = scratch / "report.html"
    start = time.monotonic()
    subprocess.run([options.kiloword, "report", "-q", rows, "-o", page, "--thumbnails", str(options.thumbnails)], check=True)
    print(f"{options.rows} rows, {page.stat().st_size / 1e6:.1f} MB, made in {time.monotonic() - start:.1f} s")
    return page


class Page:
    def __init__(self, browser, file):
        self.browser = browser
        browser.call("Emulation.setDeviceMetricsOverride", width=1100, height=900, deviceScaleFactor=1, mobile=False)
        browser.call("Page.navigate", url=file.as_uri())
        browser.wait_for("document.readyState === 'complete' && document.getElementById('count')?.textContent")

    def value(self, expression):
        return self.browser.value(expression)

    def expect(self, expression, expected):
        found = self.value(expression)
        if found != expected:
            raise SystemExit(f"{expression}\ngives    {found!r}\ninstead of {expected!r}")

    def set(self, field, value, event="input"):
        self.value(f"""{{ const field = document.getElementById({json.dumps(field)});
            if (field.type === 'checkbox') field.checked = {json.dumps(value)}; else field.value = {json.dumps(value)};
            field.dispatchEvent(new Event({json.dumps(event)}, {{ bubbles: true }})); }}""")

    def count(self):
        return self.value("document.getElementById('count').textContent")

    def reset(self):
        self.value("document.getElementById('reset').click()")
        self.browser.wait_for("document.getElementById('text').value === '' && !count.textContent.includes(' of ')")

    def key(self, name):
        for kind in ("keyDown", "keyUp"):
            self.browser.call("Input.dispatchKeyEvent", type=kind, key=name, code=name)


def check_lists(page, rows):
    page.expect("document.getElementById('count').textContent", f"{rows:,} images")
    page.expect("document.querySelectorAll('#list li').length < 60", True)
    page.expect("document.querySelector('#list li .path').textContent.endsWith('0.ppm')", True)
    page.browser.wait_for("[...document.querySelectorAll('#list img')].some(image => image.naturalWidth > 0)")
    page.expect("document.querySelector('#list li').getAttribute('aria-setsize')", str(rows))
    page.value("scrollTo(0, document.documentElement.scrollHeight)")
    page.browser.wait_for(f"document.querySelector('#list li[aria-posinset=\"{rows}\"] img')?.naturalWidth > 0")
    page.value("scrollTo(0, 0)")


def check_filters(page, rows):
    numbers = [number for number in range(rows) if number % 100 != 7]
    plain = [number for number in numbers if number % 100 != 9]

    def expect_count(expected):
        found = page.count()
        if found != f"{expected:,} of {rows:,} images":
            raise SystemExit(f"{found!r} instead of {expected:,}")

    page.set("label", "sketch")
    expect_count(sum(1 for number in plain if number % 4 == 1 and number % 3 == 0))
    page.set("said", False)
    expect_count(sum(1 for number in plain if number % 4 == 1))
    page.set("least", "90")
    expect_count(sum(1 for number in plain if number % 4 == 1 and number % 1000 >= 900))
    page.set("order", "most")
    page.expect("document.querySelector('#list li .number').textContent", "100 %")
    page.reset()
    page.set("show", "errors")
    expect_count(rows // 100)
    page.expect("document.querySelector('#list li .open').textContent", "truncated JPEG")
    page.reset()
    page.set("set", "objects")
    expect_count(0)
    page.expect("document.getElementById('nothing').hidden", False)
    page.reset()
    page.set("text", "TRUNCATED  jpeg")
    expect_count(rows // 100)
    page.reset()


def check_keys(page):
    page.value("document.querySelector('#list .open').focus()")
    for key in ("ArrowDown", "ArrowDown", "End"):
        page.key(key)
    page.expect("document.activeElement.closest('li').getAttribute('aria-posinset') === document.querySelector('#list li').getAttribute('aria-setsize')", True)
    page.key("Home")
    page.expect("document.activeElement.closest('li').getAttribute('aria-posinset')", "1")
    page.value("document.activeElement.click()")
    page.expect("document.getElementById('details').open", True)
    page.key("ArrowRight")
    page.value("document.getElementById('close').click()")
    page.browser.wait_for("document.activeElement.closest('li')?.getAttribute('aria-posinset') === '2'")
    unnamed = "[...document.querySelectorAll('input,select,button')].filter(e => !e.labels?.length && !e.textContent && !e.getAttribute('aria-label')).length"
    page.expect(unnamed, 0)


def check_attacks(page):
    """Looks at every row with an attack, in the list and in its details; nothing of it may run."""
    for attack in ATTACKS:
        page.set("text", attack)
        page.value(f"""var attacked = [...document.querySelectorAll('#list li')].find(
            (item) => item.querySelector('.path').textContent.endsWith({json.dumps(attack)}))""")
        page.expect("attacked !== undefined", True)
        page.value("attacked.querySelector('.open').click()")
        page.expect(f"document.getElementById('details-path').textContent.endsWith({json.dumps(attack)})", True)
        page.value("document.getElementById('details').close()")
    page.reset()
    page.expect("typeof window.hacked", "undefined")
    page.expect("document.querySelectorAll('main img:not([src^=\"data:image/jpeg;base64,\"]), main script').length", 0)
    page.expect("performance.getEntriesByType('resource').filter(entry => !entry.name.startsWith('data:')).length", 0)
    # The policy holds even where a text became an element, which none does.
    page.expect("""new Promise((done) => {
        const script = document.createElement('script');
        script.textContent = 'window.hacked = 1';
        document.body.append(script);
        document.body.insertAdjacentHTML('beforeend', '<img src=x onerror="window.hacked = 1">');
        setTimeout(() => done(typeof window.hacked), 200);
    })""", "undefined")


def measure(page):
    loaded = page.value("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd")
    frames = page.value("""new Promise((done) => {
        const times = [];
        let last = performance.now();
        const step = (now) => {
            times.push(now - last);
            last = now;
            scrollBy(0, 700);
            if (times.length < 200) requestAnimationFrame(step);
            else done(times.slice(1).sort((a, b) => a - b));
        };
        requestAnimationFrame(step);
    })""")
    script = page.value("""(() => {
        const times = [];
        for (let i = 0; i < 200; ++i) {
            scrollTo(0, i * 5003);
            const start = performance.now();
            render();
            times.push(performance.now() - start);
        }
        return times.sort((a, b) => a - b);
    })()""")
    start = time.monotonic()
    page.set("text", "sketch")
    searched = time.monotonic() - start
    page.reset()
    print(f"DOMContentLoaded after {loaded:.0f} ms; frames while scrolling: median {frames[len(frames) // 2]:.1f} ms, "
          f"95 % below {frames[len(frames) * 95 // 100]:.1f} ms; rendering a screen of new rows: median {script[100]:.1f} ms, "
          f"95 % below {script[190]:.1f} ms; first search {1000 * searched:.0f} ms")


def shoot(page, folder):
    def picture(name, width, dark):
        page.browser.screenshot(folder / f"{name}.png", width, dark, whole=False)
        if page.value("document.documentElement.scrollWidth > innerWidth"):
            raise SystemExit(f"wider than the window: {name}")

    folder.mkdir(parents=True, exist_ok=True)
    for name, width, dark in (("light", 1280, False), ("dark", 1280, True), ("phone", 390, False), ("phone_dark", 390, True)):
        picture(name, width, dark)
        page.value("document.querySelector('#list .open').click()")
        picture(f"{name}_details", width, dark)
        page.value("document.getElementById('details').close()")
    page.value("document.getElementById('more').click()")
    picture("phone_filters", 390, False)
    page.set("show", "errors")
    picture("phone_errors", 390, False)
    picture("errors", 1280, False)


def check_widths(page):
    for width in (1280, 800, 390, 320):
        page.browser.call("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=width < 600)
        page.browser.wait_for("rowHeight === document.querySelector('#list li').offsetHeight")
        if page.value("document.documentElement.scrollWidth > innerWidth"):
            raise SystemExit(f"wider than a window of {width} pixels")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kiloword", nargs="?")
    parser.add_argument("--rows", type=int, default=10000)
    parser.add_argument("--pictures", type=Path, help="a folder of photos for thumbnails; default: made ones")
    parser.add_argument("--thumbnails", type=int, default=128)
    parser.add_argument("--page", type=Path, help="a report to measure, or to take pictures of")
    parser.add_argument("--screenshots", type=Path)
    options = parser.parse_args()
    program = find_browser()
    scratch = Path(tempfile.mkdtemp(prefix="kiloword-browser-"))
    browser = None
    try:
        file = options.page.resolve() if options.page else make_report(options, scratch)
        browser = Browser(program, scratch / "profile")
        page = Page(browser, file)
        if options.screenshots:
            shoot(page, options.screenshots)
            return
        measure(page)
        if options.page:
            return
        if not options.pictures:
            check_lists(page, options.rows)
        check_filters(page, options.rows)
        check_keys(page)
        check_widths(page)
        check_attacks(page)
        print("the page works")
    finally:
        if browser:
            browser.close()
        shutil.rmtree(scratch, ignore_errors=True)


if __name__ == "__main__":
    main()
