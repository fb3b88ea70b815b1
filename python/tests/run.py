#!/usr/bin/env python3
"""Installs kiloword and its Python package to a temporary folder and runs the package's tests there.

    run.py CMAKE BUILD

Exit code 77 where pybind11, setuptools or NumPy is not there.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

SKIP = 77
PACKAGE = Path(__file__).resolve().parent.parent
NEEDED = ("pybind11", "setuptools", "numpy", "pip")


def has(python, module):
    try:
        return subprocess.run([python, "-c", f"import {module}"], stderr=subprocess.DEVNULL, check=False).returncode == 0
    except OSError:
        return False


def main():
    # The distribution's packages are seen by its own interpreter alone, which need not be the first on the path.
    for python in (sys.executable, "/usr/bin/python3"):
        absent = [module for module in NEEDED if not has(python, module)]
        if not absent:
            break
    else:
        print(f"{', '.join(absent)} is not there: the Python package is not tested")
        return SKIP
    cmake, build = sys.argv[1:3]
    with tempfile.TemporaryDirectory() as folder:
        prefix, target = Path(folder) / "prefix", Path(folder) / "python"
        subprocess.run([cmake, "--install", build, "--prefix", prefix], stdout=subprocess.DEVNULL, check=True)
        environment = {**os.environ, "KILOWORD_PREFIX": str(prefix), "XDG_CACHE_HOME": folder, "XDG_DATA_HOME": folder}
        source = Path(folder) / "source"
        subprocess.run(["cp", "-r", PACKAGE, source], check=True)
        subprocess.run(
            [python, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--no-build-isolation", "--target", target, source],
            env=environment,
            check=True,
        )
        environment["PYTHONPATH"] = str(target)
        tests = [python, "-m", "unittest", "discover", "-s", str(source / "tests")]
        return subprocess.run(tests, env=environment, cwd=folder, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
