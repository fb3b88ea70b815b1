#!/usr/bin/env python3
"""Captions damaged images with kiloword and checks what it does about them.

Takes the small images of tests/image/data and tests/fuzz/corpus/image, damages them in ways drawn at random (cut,
bits and bytes changed, sizes overwritten, parts moved, left out, doubled, exchanged with another file of the format),
and gives them to `kiloword caption`, some dozens at a time. Checked are: the program ends by itself, in time, with
exit code 0 or 1; every image has a record, every record of an error one line on stderr that names the file; and the
peak of memory is at most 6 bytes for each of --max-pixels and 64 MB above that of a run over sound images.

    scripts/reliability/mutated_images.py build/release/bin/kiloword --images 3000
"""
import argparse
import collections
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
MEGABYTE = 1 << 20


def seeds():
    """The images to damage, by format as far as their first bytes tell it; sound ones more often than others."""
    by_format = collections.defaultdict(list)
    for folder, weight in (("tests/image/data", 8), ("tests/fuzz/corpus/image", 1)):
        for path in sorted(path for path in (ROOT / folder).rglob("*") if path.is_file()):
            content = path.read_bytes()
            if path.suffix != ".txt" and content and (weight > 1 or content[:2] in by_format):
                by_format[content[:2]] += [(path.name, content)] * weight
    return by_format


def cut(content, _, rng):
    return content[: rng.randrange(len(content))]


def change_bits(content, _, rng):
    out = bytearray(content)
    for _ in range(rng.choice((1, 1, 2, 5, 20))):
        out[rng.randrange(len(out))] ^= 1 << rng.randrange(8)
    return bytes(out)


def change_bytes(content, _, rng):
    out = bytearray(content)
    start = rng.randrange(len(out))
    for i in range(start, min(len(out), start + rng.choice((1, 2, 4, 16, 64)))):
        out[i] = rng.choice((0, 255, rng.randrange(256)))
    return bytes(out)


def overwrite_number(content, _, rng):
    """A large or odd number of 2, 4 or 8 bytes, near the start, where sizes are."""
    width = rng.choice((2, 4, 8))
    value = rng.choice((0, 1, (1 << 8 * width) - 1, 1 << 8 * width - 1, rng.randrange(1 << 8 * width), 65520))
    at = rng.randrange(min(len(content), 256))
    return content[:at] + value.to_bytes(8, rng.choice(("big", "little")))[:width] + content[at + width :]


def leave_out(content, _, rng):
    at = rng.randrange(len(content))
    return content[:at] + content[at + rng.randrange(1, 100) :]


def double(content, _, rng):
    at = rng.randrange(len(content))
    part = content[at : at + rng.randrange(1, 200)]
    return content[:at] + part * rng.choice((2, 3, 50)) + content[at + len(part) :]


def move(content, _, rng):
    a, b = sorted(rng.randrange(len(content)) for _ in range(2))
    c = rng.randrange(len(content))
    part, rest = content[a:b], content[:a] + content[b:]
    return rest[:c] + part + rest[c:]


def exchange(content, others, rng):
    other = rng.choice(others)[1]
    return content[: rng.randrange(len(content))] + other[rng.randrange(len(other)) :]


DAMAGES = (cut, change_bits, change_bytes, overwrite_number, leave_out, double, move, exchange)


def damaged_images(folder, count, rng):
    """Writes `count` files of all formats in turn and returns their paths and kinds."""
    by_format = seeds()
    formats = sorted(by_format)
    paths = []
    kinds = collections.Counter()
    for number in range(count):
        sources = by_format[formats[number % len(formats)]]
        name, content = rng.choice(sources)
        for _ in range(rng.choice((1, 1, 1, 2, 3))):
            damage = rng.choice(DAMAGES)
            content = damage(content, sources, rng) or b"\0"
        path = folder / f"{number:05}-{name}"
        path.write_bytes(content)
        paths.append(str(path))
        kinds[formats[number % len(formats)]] += 1
    return paths, kinds


def run(program, arguments, paths, timeout_s):
    """Exit status, records, lines of stderr, peak in bytes, seconds."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        start = time.monotonic()
        process = subprocess.Popen([program, *arguments, *paths], stdin=subprocess.DEVNULL, stdout=out, stderr=err)
        while True:
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            if time.monotonic() - start > timeout_s:
                process.kill()
            time.sleep(0.02)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.monotonic() - start
        texts = []
        for stream in (out, err):
            stream.seek(0)
            texts.append(stream.read().decode(errors="replace").splitlines())
    return process.returncode, texts[0], texts[1], usage.ru_maxrss * 1024, seconds


def faults_of(paths, exit_code, out, err, over, bound, outcomes):
    """What is wrong with one run, as lines; counts what became of the images."""
    faults = []
    if exit_code not in (0, 1):
        faults.append(f"exit code {exit_code}: {err[-1:]}")
    try:
        records = [json.loads(line) for line in out]
    except ValueError:
        return faults + ["a line of stdout is no record"]
    if [record["path"] for record in records] != paths:
        faults.append(f"{len(records)} records of {len(paths)} images")
    failed = [record for record in records if record["status"] == "error"]
    outcomes["captioned"] += len(records) - len(failed)
    outcomes["refused"] += len(failed)
    if exit_code != (1 if failed else 0):
        faults.append(f"exit code {exit_code} with {len(failed)} errors")
    if [line.split(": ")[:2] for line in err] != [["kiloword", record["path"]] for record in failed]:
        faults.append(f"{len(err)} lines on stderr for {len(failed)} errors")
    if over > bound:
        faults.append(f"{over // MEGABYTE} MB, more than {bound // MEGABYTE}")
    return faults


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program", help="the kiloword to try")
    parser.add_argument("--images", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--max-pixels", type=int, default=20_000_000)
    parser.add_argument("--per-run", type=int, default=50)
    parser.add_argument("--timeout", type=float, default=300, help="seconds that a run over --per-run images may take")
    arguments = parser.parse_args()
    options = ["caption", "--model", "nano", "--format", "json", "--threads", "1", "--max-pixels", str(arguments.max_pixels), "--"]
    sound = [str(ROOT / "tests/image/data" / name) for name in ("rgb.jpg", "rgb.png", "rgb.ppm")]
    bound = 6 * arguments.max_pixels + 64 * MEGABYTE
    outcomes = collections.Counter()
    bad_runs = 0
    with tempfile.TemporaryDirectory() as name:
        paths, kinds = damaged_images(pathlib.Path(name), arguments.images, random.Random(arguments.seed))
        baseline = max(run(arguments.program, options, sound, arguments.timeout)[3] for _ in range(2))
        highest = slowest = 0
        pieces = [paths[i : i + arguments.per_run] for i in range(0, len(paths), arguments.per_run)]
        for piece in pieces:
            exit_code, out, err, peak, seconds = run(arguments.program, options, piece, arguments.timeout)
            highest, slowest = max(highest, peak - baseline), max(slowest, seconds)
            faults = faults_of(piece, exit_code, out, err, peak - baseline, bound, outcomes)
            bad_runs += bool(faults)
            for fault in faults:
                print(f"{piece[0]} to {piece[-1]}: {fault}", file=sys.stderr)
    print(
        f"{arguments.images} damaged images of {len(kinds)} kinds, seed {arguments.seed}: "
        f"{outcomes['captioned']} captioned, {outcomes['refused']} refused; {bad_runs} of {len(pieces)} runs with "
        f"faults; at most {highest / 1e6:.0f} MB above sound images, {bound / 1e6:.0f} are allowed; "
        f"slowest run of {arguments.per_run}: {slowest:.1f} s"
    )
    return 1 if bad_runs else 0


if __name__ == "__main__":
    sys.exit(main())
