#!/usr/bin/env bash
# Prints the folder that holds the sample photos of Debian's package opencv-doc. Where the package's documentation
# is not installed (slim systems leave it out), the package is fetched and unpacked below build/ instead.
set -euo pipefail
cd "$(dirname "$0")/.."

inside=usr/share/doc/opencv-doc/examples/data
if [ -e "/$inside/fruits.jpg" ]; then
  echo "/$inside"
  exit 0
fi
aside=$PWD/build/opencv-doc
if [ ! -e "$aside/$inside/fruits.jpg" ]; then
  mkdir -p "$aside"
  (
    cd "$aside"
    apt-get download -qq -o APT::Sandbox::User=root opencv-doc >&2
    dpkg-deb --fsys-tarfile opencv-doc_*.deb | tar -x "./$inside"
    rm opencv-doc_*.deb
  )
fi
echo "$aside/$inside"
