#!/usr/bin/env bash
# Runs commands in a bare root of a Debian release, on a fresh clone of this tree's last commit: what the README
# promises to somebody with a new machine. Needs root and mmdebstrap.
#   scripts/bare_root.sh bookworm|trixie COMMAND [ARGUMENT...]
# The root is made below build/roots, or in the folder that KILOWORD_ROOTS names, unless it is there already; what was
# installed and built in it stays. Its clone is brought to the last commit each time.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ $# -lt 2 ]; then
  echo "usage: scripts/bare_root.sh bookworm|trixie COMMAND [ARGUMENT...]" >&2
  exit 2
fi
suite=$1
shift
root=${KILOWORD_ROOTS:-$PWD/build/roots}/$suite

make_root() {
  local mirror options=()
  # The machine's own mirror and download settings, whatever they are.
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' | grep -v security | head -1)
  for file in $(grep -ls '^ *Acquire::' /etc/apt/apt.conf /etc/apt/apt.conf.d/*); do
    options+=("--aptopt=$file")
  done
  mmdebstrap --quiet --variant=apt --mode=root --include=ca-certificates "${options[@]}" "$suite" "$root.new" "$mirror"
  mv "$root.new" "$root"
}

copy_settings() {
  cp -L /etc/resolv.conf "$root/etc/"
  for file in /etc/pip.conf /etc/ssl/certs/ca-certificates.crt; do
    if [ -e "$file" ]; then install -m 644 -D "$file" "$root$file"; fi
  done
}

leave_root() {
  for folder in dev/shm dev/pts dev proc; do
    if mountpoint -q "$root/$folder"; then umount "$root/$folder"; fi
  done
}

mkdir -p "$(dirname "$root")"
exec 9> "$root.lock"
flock 9  # another run in the same root would unmount what this one needs

[ -d "$root" ] || make_root
copy_settings
trap leave_root EXIT
mount -t proc proc "$root/proc"
mount --bind /dev "$root/dev"
mount --bind /dev/pts "$root/dev/pts"
mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"

clone=$root/root/kiloword
if [ ! -d "$clone" ]; then git clone -q --no-hardlinks . "$clone"; fi
git -C "$clone" fetch -q "$PWD" HEAD
git -C "$clone" reset -q --hard FETCH_HEAD
env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 \
  chroot "$root" sh -c 'cd /root/kiloword && exec "$@"' sh "$@"
