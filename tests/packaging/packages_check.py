#!/usr/bin/env python3
"""Makes the Debian packages of a build folder and looks at what is in them.

    packages_check.py CPACK BUILD_FOLDER

Exits with 77 where dpkg-deb, dpkg-shlibdeps or file, which CPack asks, is missing.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")

IN_KILOWORD = [
    r"usr/bin/kiloword", r"usr/lib/kiloword/kiloword-engine", r"usr/lib/kiloword/kiloword_sentencepiece\.so",
    r"usr/lib/(.*/)?libkiloword\.so\.\d+\.\d+\.\d+", r"usr/share/kiloword/models/nano/.+", r"usr/share/kiloword/models/lite/.+",
    r"usr/share/kiloword/models/nano-lm/.+", r"usr/share/kiloword/labels/lite/.+\.txt", r"usr/lib/systemd/system/kiloword\.service",
    r"usr/lib/systemd/system/kiloword\.socket", r"usr/share/doc/kiloword/copyright", r"usr/share/doc/kiloword/changelog\.Debian\.gz",
    r"usr/share/man/man1/kiloword\.1\.gz", r"usr/share/bash-completion/completions/kiloword",
    r"usr/share/doc/kiloword/README\.md", r"usr/share/doc/kiloword/docs/serve\.md",
]
WITH_TOWER = [rf"usr/share/kiloword/towers/efficientnet-lite0/{name}" for name in (r".+\.pth", "LICENSE", "NOTICE")]
IN_DEV = [
    r"usr/include/kiloword/engine/c_api\.h", r"usr/include/kiloword/base/version\.h", r"usr/lib/(.*/)?libkiloword\.so",
    r"usr/lib/(.*/)?cmake/kiloword/kilowordConfig\.cmake", r"usr/lib/(.*/)?pkgconfig/kiloword\.pc",
    r"usr/share/doc/libkiloword-dev/copyright",
]


def expect(is_right, what):
    if not is_right:
        raise SystemExit(f"wrong: {what}")


def field(package, name):
    return subprocess.run(["dpkg-deb", "-f", str(package), name], capture_output=True, text=True, check=True).stdout.strip()


def unpacked(package, folder):
    """The package's files, relative to the root, which is `folder`; owner and mode are those of every file in a package."""
    listing = subprocess.run(["dpkg-deb", "-c", str(package)], capture_output=True, text=True, check=True).stdout
    for line in listing.splitlines():
        mode, owner = line.split()[:2]
        is_safe = mode[0] == "l" or (mode[5] != "w" and mode[8] != "w" and "s" not in mode)
        expect(owner == "root/root" and is_safe, line)
    subprocess.run(["dpkg-deb", "-x", str(package), str(folder)], check=True)
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir()}


def expect_files(files, patterns, name):
    for pattern in patterns:
        expect(any(re.fullmatch(pattern, file) for file in files), f"{name} lacks {pattern}")


def expect_licences(package, copyright_text):
    """Each library that the package depends on has a line with its licence."""
    told = re.findall(r"^  ([\w.+-]+): \S", copyright_text, re.MULTILINE)
    for dependency in field(package, "Depends").split(","):
        library = dependency.split()[0]
        expect(any(library.startswith(name) for name in told), f"copyright has no word about {library}")


def expect_links(documentation):
    """What one installed page says about another is there."""
    for page in documentation.rglob("*.md"):
        for target in LINK.findall(page.read_text()):
            expect((page.parent / target).exists(), f"{page.relative_to(documentation)} refers to {target}, which is not installed")


def main():
    cpack, build = sys.argv[1:]
    missing = [program for program in ("dpkg-deb", "dpkg-shlibdeps", "file") if not shutil.which(program)]
    if missing:
        print(f"skipped: without {', '.join(missing)}")
        sys.exit(77)
    with tempfile.TemporaryDirectory(prefix="kiloword-packages-") as scratch:
        folder = Path(scratch)
        made = subprocess.run([cpack, "-G", "DEB", "-B", str(folder / "made"), "-D", "CPACK_DEBIAN_COMPRESSION_TYPE=gzip"],
                              cwd=build, capture_output=True, text=True, check=False)
        expect(made.returncode == 0, made.stdout + made.stderr)
        packages = {field(package, "Package"): package for package in (folder / "made").glob("*.deb")}
        expect(set(packages) == {"kiloword", "libkiloword-dev"}, packages)

        files = unpacked(packages["kiloword"], folder / "kiloword")
        has_tower = (ROOT / "towers" / "efficientnet-lite0").is_dir()
        expect_files(files, IN_KILOWORD + (WITH_TOWER if has_tower else []), "kiloword")
        expect(not any(file.startswith("usr/include") for file in files), "headers in kiloword")
        expect("libtorch" in field(packages["kiloword"], "Depends"), field(packages["kiloword"], "Depends"))
        expect_licences(packages["kiloword"], (folder / "kiloword/usr/share/doc/kiloword/copyright").read_text())
        expect_links(folder / "kiloword/usr/share/doc/kiloword")

        expect_files(unpacked(packages["libkiloword-dev"], folder / "dev"), IN_DEV, "libkiloword-dev")
        version = field(packages["kiloword"], "Version")
        expect(field(packages["libkiloword-dev"], "Depends") == f"kiloword (= {version})", "the version that libkiloword-dev needs")
        print(f"{len(files)} files in kiloword {version}{'' if has_tower else ', without the image tower, which is not here'}")


if __name__ == "__main__":
    main()
