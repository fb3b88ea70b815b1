#!/usr/bin/env bash
# Builds the Containerfile's image and tries it; run as root, with buildah:
#   scripts/check_container.sh ROOT
# ROOT is a bare root of Debian 12 (scripts/bare_root.sh bookworm true), which takes the place of the base image, so that no
# image registry is needed.
set -euo pipefail
bare=$1
cd "$(dirname "$0")/.."
store=$(mktemp -d)
trap 'rm -rf --one-file-system "$store"' EXIT
images() { buildah --log-level error --storage-driver vfs --root "$store/images" --runroot "$store/run" "$@"; }

container=$(images from scratch)
tar -C "$bare" -c --one-file-system --exclude ./root/kiloword . > "$store/base.tar"
images add --quiet "$container" "$store/base.tar" / > /dev/null
rm "$store/base.tar"
images commit --quiet "$container" docker.io/library/debian:bookworm-slim > /dev/null
images rm "$container" > /dev/null

git archive --prefix source/ HEAD | tar -x -C "$store"
cp -r towers "$store/source"
images bud --quiet --isolation chroot --format docker --pull-never --tag kiloword -f Containerfile "$store/source" > /dev/null
images inspect --type image --format '{{.Docker.Config.User}} {{.Docker.Config.Entrypoint}} {{.Docker.Config.Cmd}} {{.Docker.Config.Healthcheck}}' kiloword

container=$(images from --pull-never kiloword)
images run --isolation chroot "$container" sh -euc '
  test "$(id -u)" = 10001
  image=$(mktemp)
  printf "P3 2 2 255 250 10 10 10 250 10 10 10 250 250 250 10\n" > "$image"
  kiloword caption "$image"
  if kiloword serve --host 0.0.0.0; then exit 1; fi  # without a token
  KILOWORD_TOKEN=secret kiloword serve --host 0.0.0.0 --log-format json &
  for second in $(seq 60); do
    if curl -sSf -o /dev/null http://127.0.0.1:8421/readyz 2> /dev/null; then break; fi
    sleep 1
  done
  curl -sSf -H "Authorization: Bearer secret" --data-binary "@$image" http://127.0.0.1:8421/v1/caption
  kill $!
  wait $!
'
echo "the image builds, captions, serves and ends"
