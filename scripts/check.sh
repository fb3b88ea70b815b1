#!/usr/bin/env bash
# The slower checks: scripts/check.sh asan|tsan|clang|tidy|fuzz|torch|packages|debian12|debian13|slurm|cuda|all
#   asan [CTEST ARGUMENT...]   the tests under the address and undefined-behaviour sanitizers
#   tsan [CTEST ARGUMENT...]   the tests of modules with threads under the thread sanitizer
#   clang [CTEST ARGUMENT...]  the tests, built with clang
#   tidy                       clang-tidy over every source file
#   fuzz [SECONDS]             each fuzz target for so long, 60 seconds unless told; what is new goes to build/fuzz/found
#   torch [CTEST ARGUMENT...]  the tests, built with the newest libtorch from PyPI (C++20)
#   packages                   the release's packages of Debian 12 and 13, each built in a bare root, then installed, run and
#                              purged in another, their systemd units, and the container's image (needs root, mmdebstrap,
#                              systemd-container and buildah)
#   debian12, debian13         the README's two commands in a bare root of that release (needs root and mmdebstrap)
#   slurm                      a job array on a real Slurm on this machine, a node of it killed (needs root)
#   cuda [FOLDER]              the networks on a GPU against the CPU, timed, on random checkpoints of known shapes;
#                              FOLDER is libtorch's, unless it is that of the Python in use
#   all                        the README's second command and all of these but cuda, and says at the end what failed
set -euo pipefail
cd "$(dirname "$0")/.."
threads=$(nproc)
not_built_for='^(readme|clang_format|packages)$'  # they look at the sources or at the release

build_and_test() {  # PRESET [CTEST ARGUMENT...]
  local preset=$1
  shift
  cmake --preset "$preset"
  cmake --build --preset "$preset"
  ctest --preset "$preset" --parallel "$threads" --exclude-regex "$not_built_for" "$@"
}

check_asan() {
  scripts/setup.sh test
  build_and_test asan "$@"
}

check_tsan() {
  # libtorch and its OpenMP are not built for this sanitizer: what they do looks like races.
  local tests=(base_test guided_scorer_test models_test pipeline_test shared_networks_test batch_test report_test client_test serve_test)
  scripts/setup.sh test
  cmake --preset tsan
  cmake --build --preset tsan --target "${tests[@]}"
  ctest --preset tsan --parallel "$threads" --tests-regex "^($(IFS='|' && echo "${tests[*]}"))\$" "$@"
}

check_clang() {
  scripts/setup.sh check
  build_and_test clang "$@"
}

check_tidy() {
  scripts/setup.sh check
  cmake --preset tidy
  cmake --build --preset tidy
}

check_fuzz() {
  local corpus name seeds
  scripts/setup.sh check
  cmake --preset fuzz
  for corpus in tests/fuzz/corpus/*; do
    name=$(basename "$corpus")
    cmake --build --preset fuzz --target "${name}_fuzz"
    mkdir -p "build/fuzz/found/$name"
    seeds=("$corpus")
    if [ "$name" = image ]; then seeds+=(tests/image/data); fi
    "build/fuzz/bin/${name}_fuzz" -max_total_time="${1:-60}" -artifact_prefix="build/fuzz/$name-" \
      "build/fuzz/found/$name" "${seeds[@]}"
  done
}

check_torch() {
  local python=build/torch-python cuda
  scripts/setup.sh check
  [ -d $python ] || python3 -m venv $python
  $python/bin/pip install --quiet --upgrade --no-deps torch
  # Of CUDA, which PyPI's torch is built with, a CPU needs these two libraries only.
  cuda=$(cat $python/lib/python3*/site-packages/torch-*.dist-info/METADATA |
    sed -n 's/^Requires-Dist: cuda-toolkit\[[^]]*\]\(==[0-9.]*\).*/\1/p')
  # pip tells at length what torch lacks for Python.
  $python/bin/pip install --quiet "cuda-toolkit[cudart,cupti]$cuda" 2> $python/pip.log || { cat $python/pip.log >&2; exit 1; }
  KILOWORD_TORCH=$(echo "$PWD"/$python/lib/python3*/site-packages/torch)
  export KILOWORD_TORCH
  build_and_test torch "$@"
}

check_debian() {
  scripts/bare_root.sh "$1" bash -c 'time scripts/try.sh && time scripts/test.sh'
}
check_debian12() { check_debian bookworm; }
check_debian13() { check_debian trixie; }

check_packages_of() {
  local roots=${KILOWORD_ROOTS:-$PWD/build/roots}
  local users=$roots/packages
  scripts/bare_root.sh "$1" bash -c 'scripts/setup.sh test && apt-get install -y -qq --no-install-recommends git > /dev/null && scripts/release.sh build/dist'
  KILOWORD_ROOTS=$users scripts/bare_root.sh "$1" rm -rf /root/packages
  cp -r "$roots/$1/root/kiloword/build/dist" "$users/$1/root/packages"
  KILOWORD_ROOTS=$users scripts/bare_root.sh "$1" scripts/check_packages.sh /root/packages
  scripts/check_service.sh "$users/$1" "$roots/$1/root/kiloword/build/dist"
}
check_packages() {
  check_packages_of bookworm
  check_packages_of trixie
  scripts/check_container.sh "${KILOWORD_ROOTS:-$PWD/build/roots}/packages/bookworm"
}

check_slurm() {
  local photos copy
  scripts/setup.sh slurm
  cmake --preset release
  cmake --build --preset release --target kiloword
  images=$(mktemp -d)
  trap 'rm -rf "$images"' EXIT
  photos=$(scripts/sample_photos.sh)
  for copy in $(seq 40); do
    mkdir "$images/$copy"
    cp "$photos"/*.jpg "$images/$copy"
  done
  scripts/slurm/test_on_one_machine.sh build/release/bin/kiloword "$images"
}

compare_on_cuda() {  # PROGRAM-OPTIONS... -- SHAPE...
  local options=() shape folder models='' language_models=''
  while [ "$1" != -- ]; do options+=("$1") && shift; done
  for shape in "${@:2}"; do
    folder=build/cuda/models/${shape/\//-}
    [ -d "$folder" ] || python3 scripts/make_random_checkpoint.py "$shape" "$folder"
    case $shape in
      gpt2* | SmolLM* | Qwen* | Pythia* | OPT*) language_models+=$folder, ;;
      *) models+=$folder, ;;
    esac
  done
  build/cuda/bin/kiloword_device_check --device cuda --model "$models" --lm "$language_models" "${options[@]}"
}

check_cuda() {
  local torch=${1:-} status=0
  [ -n "$torch" ] || torch=$(python3 -c 'import torch; print(torch.utils.cmake_prefix_path)')
  cmake -B build/cuda -D CMAKE_BUILD_TYPE=Release -D KILOWORD_NETWORKS_ONLY=ON -D CMAKE_PREFIX_PATH="$torch"
  cmake --build build/cuda --parallel "$threads"
  if [ -d towers/efficientnet-lite0 ]; then
    # What bf16 leaves of smooth patterns is little, and of photos enough (docs/performance-networks.md).
    build/cuda/bin/kiloword_device_check --device cuda --model models/lite --precisions fp32 || status=1
  else
    echo "without the image tower, which scripts/setup.sh fetches, lite is not compared"
  fi
  compare_on_cuda -- ViT-B/32 ViT-L/14 RN50 SigLIP-B/16 SigLIP2-B/16-NaFlex gpt2 gpt2-medium || status=1
  if python3 -c 'import open_clip, transformers'; then
    compare_on_cuda -- MobileCLIP2-S2 PE-Core-B-16 coca_ViT-B-32 Pythia-410m OPT-125m || status=1
    # The bf16 of transformers itself keeps less of its fp32 here (docs/platforms.md).
    compare_on_cuda --bf16-cosine 0.9995 -- SmolLM2-360M Qwen3-0.6B || status=1
  else
    echo "without the packages open_clip_torch and transformers: PE-Core, CoCa, MobileCLIP, Pythia, OPT, Llama, Qwen are not compared"
  fi
  return $status
}

check_all() {
  local word status=0 begin report=''
  for word in test asan tsan clang tidy torch packages debian12 debian13 fuzz slurm; do
    begin=$SECONDS
    if [ $word = test ]; then scripts/test.sh; else scripts/check.sh $word; fi &&
      report+="$word passed" || { report+="$word FAILED"; status=1; }
    report+=" in $((SECONDS - begin)) s"$'\n'
  done
  printf '%s' "$report"
  return $status
}

case "${1:-}" in
  asan | tsan | clang | tidy | fuzz | torch | packages | debian12 | debian13 | slurm | cuda | all) "check_$1" "${@:2}" ;;
  *)
    grep '^#   \|^# The slower' "$0" | cut -c3- >&2
    exit 2
    ;;
esac
