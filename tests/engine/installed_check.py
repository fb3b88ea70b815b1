#!/usr/bin/env python3
"""Installs kiloword to a temporary folder, builds examples/ against it as a stranger would, and captions a photo.

    installed_check.py CMAKE BUILD SOURCE

By find_package and by pkg-config; the photo is drawn here. The headers that are installed must be enough by themselves,
in C++17 and C++20, and the library must show its interface alone and call nothing that ends or prints.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

FORBIDDEN = re.compile(r"^(abort|exit|_exit|_Exit|quick_exit|printf|vprintf|puts|putchar|__printf_chk|stdout|_ZSt4cout)(@|$)")
SHOWN = re.compile(r"^(kw_\w+|kiloword::(Engine|Captioner|Describer|Error)::.*|kiloword::(to_json|error_kind).*|.* for kiloword::Error)$")


def run(*command, **options):
    result = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)
    if result.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}\n{result.stdout}{result.stderr}")
    return result.stdout


def draw_photo(path):
    """A round thing on a table, in plain-text PPM."""
    rows = []
    for y in range(96):
        for x in range(128):
            inside = (x - 64) ** 2 + (y - 52) ** 2 < 900
            rows.append(f"{220 - y if inside else 90 + y} {90 + x // 4 if inside else 110} {60 if inside else 200 - y}")
    path.write_text("P3 128 96 255\n" + "\n".join(rows) + "\n")


def check_symbols(library):
    if shutil.which("nm") is None:
        return print("nm is not there: symbols are not looked at")
    for line in run("nm", "-D", "--undefined-only", library).splitlines():
        name = line.split()[-1]
        if FORBIDDEN.match(name):
            sys.exit(f"{library} uses {name}")
    defined = [line.split(maxsplit=2) for line in run("nm", "-DC", "--defined-only", library).splitlines()]
    shown = [name for _, kind, name in defined if not kind.islower() or kind in "uvw"]  # others are local
    strangers = [name for name in shown if not SHOWN.match(name)]
    if strangers or not any(name == "kw_open" for name in shown):
        sys.exit(f"{library} shows {strangers[:10]}")


def check_headers(prefix):
    """Every installed header compiles by itself, with nothing but the installed ones beside it."""
    headers = sorted((prefix / "include" / "kiloword").rglob("*.h"))
    for header in headers:
        name = header.relative_to(prefix / "include")
        for standard in ("c++17", "c++20"):
            run("c++", f"-std={standard}", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", "-x", "c++", "-I", prefix / "include", "-", input=f"#include <{name}>\n")
    run("cc", "-std=c99", "-Wall", "-Wextra", "-pedantic", "-Werror", "-fsyntax-only", "-x", "c", "-I", prefix / "include", "-", input="#include <kiloword/engine/c_api.h>\n")


def main():
    cmake, build, source = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        prefix = folder / "prefix"
        run(cmake, "--install", build, "--prefix", prefix)
        library = next(prefix.rglob("libkiloword.so"))
        check_symbols(library)
        check_headers(prefix)
        photo = folder / "photo.ppm"
        draw_photo(photo)
        environment = {**os.environ, "XDG_CACHE_HOME": str(folder / "cache"), "XDG_DATA_HOME": str(folder / "data")}
        environment.pop("KILOWORD_DATA", None)

        examples = folder / "examples"
        run(cmake, "-G", "Ninja", "-S", source / "examples", "-B", examples, f"-DCMAKE_PREFIX_PATH={prefix}")
        run(cmake, "--build", examples)
        caption = run(examples / "caption_cpp", photo, env=environment).strip()
        if not caption.startswith("[Image Attached: "):
            sys.exit(f"no caption: {caption}")
        record = json.loads(run(examples / "caption_c", photo, env=environment))
        if record["status"] != "ok" or not record["caption"].startswith("[Image Attached: "):
            sys.exit(f"no record: {record}")
        program = run(prefix / "bin" / "kiloword", "caption", photo, env=environment).strip()
        if program != caption:
            sys.exit(f"the program says {program}, the library {caption}")
        failed = subprocess.run([examples / "caption_c", folder / "absent.png"], env=environment, capture_output=True, text=True, check=False)
        if failed.returncode != 1 or "no such file or directory" not in failed.stderr:
            sys.exit(f"an absent image: {failed}")

        if shutil.which("pkg-config") is None:
            print("pkg-config is not there: not tried")
        else:
            environment["PKG_CONFIG_PATH"] = str(next(prefix.rglob("kiloword.pc")).parent)
            flags = run("pkg-config", "--cflags", "--libs", "kiloword", env=environment).split()
            run("c++", "-std=c++17", source / "examples" / "caption.cpp", "-o", folder / "by_pkg_config", *flags)
            environment["LD_LIBRARY_PATH"] = str(library.parent)
            if run(folder / "by_pkg_config", photo, env=environment).strip() != caption:
                sys.exit("another caption by pkg-config")
    print("the installed library captions as the program does")
    return 0


if __name__ == "__main__":
    sys.exit(main())
