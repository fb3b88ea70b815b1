"""Builds the extension against an installed kiloword: the one that pkg-config finds, or that KILOWORD_PREFIX names."""

import os
import subprocess
from pathlib import Path

from pybind11.setup_helpers import Pybind11Extension, build_ext
from setuptools import setup


def installation():
    """The folders of its headers and of its library."""
    prefix = os.environ.get("KILOWORD_PREFIX")
    if prefix:
        library = next(Path(prefix).resolve().rglob("libkiloword.so"), None)
        if library is None:
            raise SystemExit(f"no libkiloword.so below {prefix}: run 'cmake --install BUILD --prefix {prefix}' first")
        return str(Path(prefix).resolve() / "include"), str(library.parent)
    try:
        read = lambda name: subprocess.check_output(["pkg-config", f"--variable={name}", "kiloword"], text=True).strip()
        return read("includedir"), read("libdir")
    except (OSError, subprocess.CalledProcessError):
        raise SystemExit("kiloword is not installed, or pkg-config does not find it: set KILOWORD_PREFIX") from None


headers, libraries = installation()
extension = Pybind11Extension(
    "kiloword._kiloword",
    ["kiloword/_kiloword.cpp"],
    include_dirs=[headers],
    library_dirs=[libraries],
    runtime_library_dirs=[libraries],
    libraries=["kiloword"],
    cxx_std=17,
)
setup(ext_modules=[extension], cmdclass={"build_ext": build_ext})
