#!/usr/bin/env python3
"""Opens the page of `kiloword serve` in a real browser and uses it.

    browser_check.py KILOWORD [--screenshots DIR]

Exits with 77 where there is no Chromium. Talks the DevTools protocol over a pair of pipes.
"""

import argparse
import base64
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PATIENCE_S = 120


class Browser:
    def __init__(self, program, folder):
        to_read, self.write_end = os.pipe()
        self.read_end, to_write = os.pipe()
        arguments = [program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                     "--remote-debugging-pipe", f"--user-data-dir={folder}", "about:blank"]
        shell = f"exec 3<&{to_read} 4>&{to_write}; exec \"$@\""
        self.process = subprocess.Popen(["bash", "-c", shell, "bash", *arguments], pass_fds=(to_read, to_write),
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_read)
        os.close(to_write)
        self.waiting, self.number, self.session = b"", 0, None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]

    def call(self, method, **params):
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.write_end, json.dumps(message).encode() + b"\0")
        while True:
            while b"\0" not in self.waiting:
                piece = os.read(self.read_end, 1 << 20)
                if not piece:
                    raise SystemExit("the browser has ended")
                self.waiting += piece
            text, self.waiting = self.waiting.split(b"\0", 1)
            answer = json.loads(text)
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise SystemExit(f"{method}: {answer['error']}")
                return answer["result"]

    def value(self, expression):
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        return result["result"].get("value")

    def wait_for(self, expression):
        end = time.monotonic() + PATIENCE_S
        while not self.value(expression):
            if time.monotonic() > end:
                raise SystemExit(f"not in {PATIENCE_S} s: {expression}\n{self.value('document.body.innerText')}")
            time.sleep(0.02)

    def upload(self, file):
        root = self.call("DOM.getDocument")["root"]["nodeId"]
        node = self.call("DOM.querySelector", nodeId=root, selector="#file")["nodeId"]
        self.call("DOM.setFileInputFiles", files=[str(file)], nodeId=node)

    def screenshot(self, file, width, dark):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=width < 600)
        self.call("Emulation.setEmulatedMedia",
                  features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])
        picture = self.call("Page.captureScreenshot", captureBeyondViewport=True)["data"]
        file.write_bytes(base64.b64decode(picture))

    def close(self):
        os.close(self.write_end)
        self.process.terminate()
        self.process.wait()


def start_server(kiloword, folder):
    environment = {**os.environ, "XDG_CACHE_HOME": str(folder)}
    server = subprocess.Popen([kiloword, "serve", "--port", "0"], stderr=subprocess.PIPE, text=True, env=environment)
    for line in server.stderr:
        if "listening on " in line:
            return server, line.split("listening on ")[1].strip()
    raise SystemExit("the server did not start")


def use_page(browser, address, picture, junk, screenshots):
    def shoot(name, width=1100, dark=False):
        if screenshots:
            browser.screenshot(screenshots / f"{name}.png", width, dark)

    browser.call("Page.navigate", url=address)
    browser.wait_for("document.querySelectorAll('#labels option').length > 3")
    shoot("empty")
    browser.value("""window.seen = new Set();
        new MutationObserver(() => seen.add(document.getElementById('description').textContent))
            .observe(document.getElementById('description'), {childList: true})""")
    browser.upload(picture)
    browser.wait_for("document.getElementById('caption').textContent.startsWith('[Image Attached: ')")
    browser.wait_for("document.querySelectorAll('#sets progress').length > 4")
    browser.wait_for("document.getElementById('candidates').tBodies[0].rows.length > 0")
    browser.wait_for("document.getElementById('status').textContent.startsWith('Described')")
    if browser.value("seen.size") < 4:
        raise SystemExit("the description did not grow")
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


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kiloword")
    parser.add_argument("--screenshots", type=Path)
    parser.add_argument("--picture", type=Path, help="default: one of stripes")
    options = parser.parse_args()
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if not program:
        print("skipped: no chromium")
        sys.exit(77)
    scratch = Path(tempfile.mkdtemp(prefix="kiloword-browser-"))
    server = browser = None
    try:
        picture = options.picture or scratch / "stripes.ppm"
        if not options.picture:
            picture.write_bytes(b"P6 64 48 255\n" + bytes((x * y) % 256 for y in range(48) for x in range(192)))
        junk = scratch / "junk.jpg"
        junk.write_bytes(b"no picture")
        server, address = start_server(options.kiloword, scratch / "cache")
        browser = Browser(program, scratch / "profile")
        use_page(browser, address, picture.resolve(), junk, options.screenshots)
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
