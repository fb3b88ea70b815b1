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


def main():
    for module in ("pybind11", "setuptools", "numpy", "pip"):
        if subprocess.run([sys.executable, "-c", f"import {module}"], stderr=subprocess.DEVNULL, check=False).returncode != 0:
            print(f"{module} is not there: the Python package is not tested")
            return SKIP
    cmake, build = sys.argv[1:3]
    with tempfile.TemporaryDirectory() as folder:
        prefix, target = Path(folder) / "prefix", Path(folder) / "python"
        subprocess.run([cmake, "--install", build, "--prefix", prefix], stdout=subprocess.DEVNULL, check=True)
        environment = {**os.environ, "KILOWORD_PREFIX": str(prefix), "XDG_CACHE_HOME": folder, "XDG_DATA_HOME": folder}
        source = Path(folder) / "source"
        subprocess.run(["cp", "-r", PACKAGE, source], check=True)
        subprocess.run(
            [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--no-build-isolation", "--target", target, source],
            env=environment,
            check=True,
        )
        environment["PYTHONPATH"] = str(target)
        tests = [sys.executable, "-m", "unittest", "discover", "-s", str(source / "tests")]
        return subprocess.run(tests, env=environment, cwd=folder, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
