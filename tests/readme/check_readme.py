#!/usr/bin/env python3
"""Runs every command of README.md and of pages of docs/ and compares what it prints with what the pages show.

    check_readme.py README.md [PAGE.md...] --photos DIR [--update | --installed]

Commands are run by bash with HOME a new folder, page after page, in the order of each:
- a block ```console``` holds `$ command` lines, each followed by exactly what it prints (stdout and stderr);
- a block ```sh``` holds commands whose output is not shown; each must succeed;
- a block ```python``` after the words "Save this as `NAME`" becomes that file; others are left alone.
With --update pages get the output that was printed instead; read the difference before you keep it.
With --installed the program is that of the system, and commands that build or install in the source tree are left out.
`photos/` in commands is the folder of sample photos. The line that runs all tests is not run from within the tests.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

NOT_FROM_WITHIN = {"scripts/test.sh"}
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SAVE_AS = re.compile(r"Save this as `([\w.]+)`")


def is_for_source_tree(command):
    return command.startswith(("scripts/", "cmake "))


class Shell:
    """Runs what builds or installs in the source tree, everything else in a scratch folder with the photos."""

    def __init__(self, source, photos, scratch, installed):
        self.source = source
        self.installed = installed
        self.photos = photos
        self.folder = scratch / "work"
        home = scratch / "home"
        home.mkdir()
        built = "" if installed else f"{home}/.local/bin:{source}/build/release/bin:"
        path = built + os.environ["PATH"]
        self.environment = {**os.environ, "HOME": str(home), "PATH": path}
        for name in ("XDG_CACHE_HOME", "XDG_DATA_HOME", "HF_HOME", "HF_HUB_CACHE"):
            self.environment.pop(name, None)

    def begin_page(self):
        """No page finds what another one wrote."""
        shutil.rmtree(self.folder, ignore_errors=True)
        (self.folder / "photos").mkdir(parents=True)
        # Debian 13's package has one more, in a folder below, than Debian 12's, of which the README speaks.
        for photo in self.photos.iterdir():
            if photo.is_file():
                shutil.copy(photo, self.folder / "photos")

    def run(self, command):
        result = subprocess.run(
            ["bash", "-o", "pipefail", "-c", command],
            cwd=self.source if is_for_source_tree(command) else self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=1500,
            check=False,
        )
        return result.returncode, result.stdout.decode()

    def save(self, name, content):
        (self.folder / name).write_text(content)


def console_steps(block):
    """Splits a console block into (command, expected output)."""
    steps = []
    for line in block.splitlines():
        if line.startswith("$ "):
            steps.append([line[2:], ""])
        elif steps and steps[-1][0].endswith("\\"):
            steps[-1][0] += "\n" + line
        else:
            steps[-1][1] += line + "\n"
    return steps


def run_block(language, content, shell, failures):
    """Runs the commands of one block; returns the block as it should be, and how many commands ran."""
    if language == "sh":
        steps = [(command, None) for command in content.replace("\\\n", " ").splitlines()]
    else:
        steps = console_steps(content)
    printed, ran = "", 0
    for command, expected in steps:
        command_alone = command.split(" #")[0].strip()
        if not command_alone or command_alone in NOT_FROM_WITHIN or (shell.installed and is_for_source_tree(command)):
            continue
        status, output = shell.run(command)
        ran += 1
        printed += f"$ {command}\n{output}"
        if expected is None and status != 0:
            failures.append(f"$ {command}\nexit status {status}:\n{output}")
        elif expected is not None and output != expected:
            failures.append(f"$ {command}\nthe page shows:\n{expected}printed:\n{output}")
    return (content if language == "sh" else printed), ran


def build(shell):
    """Examples stand before the line that builds what they run."""
    status, output = shell.run("scripts/try.sh")
    if status != 0:
        raise SystemExit(f"scripts/try.sh failed:\n{output}")


def check(page, shell):
    """Returns the failures, the number of commands, and the page with the printed output."""
    failures, ran, updated, end = [], 0, "", 0
    for match in BLOCK.finditer(page):
        language, content = match.groups()
        if language == "python":
            names = SAVE_AS.findall(page[end : match.start()])
            if names:
                shell.save(names[-1], content)
        elif language in ("sh", "console"):
            content, count = run_block(language, content, shell, failures)
            ran += count
        updated += page[end : match.start(2)] + content
        end = match.end(2)
    return failures, ran, updated + page[end:]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", type=Path, nargs="+", metavar="PAGE")
    parser.add_argument("--photos", type=Path, required=True)
    way = parser.add_mutually_exclusive_group()
    way.add_argument("--update", action="store_true")
    way.add_argument("--installed", action="store_true")
    options = parser.parse_args()
    scratch = Path(tempfile.mkdtemp(prefix="kiloword-readme-"))
    failed, idle = 0, False
    try:
        shell = Shell(Path(__file__).resolve().parents[2], options.photos, scratch, options.installed)
        shell.begin_page()
        if not options.installed:
            build(shell)
        for page in options.pages:
            shell.begin_page()
            failures, ran, updated = check(page.read_text(), shell)
            if options.update:
                page.write_text(updated)
            print("\n".join(failures + [f"{page}: {ran} commands run, {len(failures)} failed"]), flush=True)
            failed += len(failures)
            idle = idle or (ran == 0 and not options.installed)
    finally:
        shutil.rmtree(scratch)
    sys.exit(1 if failed or idle else 0)


if __name__ == "__main__":
    main()
