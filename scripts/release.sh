#!/usr/bin/env bash
# Makes what a release consists of, from the last commit: the source archive, the Debian packages for the system that this
# runs on, and their SHA-256 checksums. Stops where the image tower that the packages carry is missing.
#   scripts/release.sh [FOLDER]   to FOLDER, build/dist unless told
set -euo pipefail
cd "$(dirname "$0")/.."
folder=${1:-build/dist}

stop() {
  echo "release.sh: $1" >&2
  exit 1
}

tower=towers/efficientnet-lite0
for file in efficientnet-lite0.pth LICENSE NOTICE; do
  [ -f "$tower/$file" ] || stop "$tower/$file is missing; scripts/setup.sh fetches the image tower"
done
scripts/fetch_tower.py > /dev/null || stop "$tower is not what models/towers.json says; remove it and run scripts/setup.sh"
for program in dpkg-shlibdeps file; do
  command -v "$program" > /dev/null || stop "$program is missing: apt-get install dpkg-dev file"
done
git diff --quiet HEAD || stop "there are changes that are not committed"

version=$(sed -n 's/^project(kiloword VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)  # the same commit gives the same packages
export SOURCE_DATE_EPOCH
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
rm -f "$folder"/*.deb "$folder"/kiloword-*.tar.gz "$folder/SHA256SUMS"

git archive --format tar --prefix "kiloword-$version/" HEAD | gzip -9n > "$folder/kiloword-$version.tar.gz"
cmake --preset package
cmake --build --preset package
(cd build/package && cpack -G DEB)
cp build/package/packages/*.deb "$folder"
if command -v lintian > /dev/null; then lintian --allow-root --fail-on error "$folder"/*.deb; fi
(cd "$folder" && sha256sum ./*.deb "kiloword-$version.tar.gz" > SHA256SUMS)
echo "The release is in $folder:"
cat "$folder/SHA256SUMS"
