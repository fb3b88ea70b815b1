"""Runs describe_quality.py on three made-up images and a stand-in for kiloword."""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

# Guided, it repeats a caption, except that it fails on the third image; unguided, it says something else.
STAND_IN = f"""#!{sys.executable}
import json, sys
arguments = sys.argv[1:]
assert arguments[:3] == ["describe", "--format", "json"], arguments
guided = "--clip-weight" not in arguments
assert guided == ("--beams=3" in arguments), arguments
for path in sys.stdin.read().splitlines():
    content = open(path).read()
    if content == "third" and guided:
        print(json.dumps({{"path": path, "status": "error", "error": {{"kind": "input", "message": "bad"}}}}))
        continue
    text = {{"first": "A dog runs on grass.", "second": "Two men play music."}}[content] if guided else "It rains."
    print(json.dumps({{"path": path, "status": "ok", "description": text, "clip_cosine": 0.3 if guided else 0.1}}))
sys.exit(1 if guided else 0)
"""
IMAGES = {"0": "other", "1": "first", "2": "second", "3": "third"}
CAPTIONS = {"1": "A dog runs on grass .", "2": "Two men play music .", "3": "A cat ."}


class DescribeQuality(unittest.TestCase):
    def test_report(self):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            for image, content in IMAGES.items():
                (folder / f"{image}.jpg").write_text(content)
            captions = "".join(f"test\t{image}\t{text}\n" for image, text in CAPTIONS.items())
            (folder / "flickr8k.captions.tsv").write_text(captions)
            program = folder / "kiloword"
            program.write_text(STAND_IN)
            program.chmod(0o755)
            script = Path(__file__).with_name("describe_quality.py")
            command = [sys.executable, script, "--kiloword", program, "--data", folder, "--photos", folder]
            command += ["--extra-options=--beams=3"]
            lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
        self.assertEqual(lines[0], "images: 2 of 3")
        self.assertEqual(lines[1], "guided cosine above unguided: 100.0 % of images")
        table = {line[:20].strip(): line[20:].split() for line in lines[3:-1]}
        self.assertEqual(table["BLEU-4"], ["100", "0", "-"])
        self.assertEqual(table["CIDEr-D"], ["1000", "0", "-"])
        self.assertEqual(table["mean words"], ["4.5", "2", "2.25"])


if __name__ == "__main__":
    unittest.main()
