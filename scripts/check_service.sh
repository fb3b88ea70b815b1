#!/usr/bin/env bash
# Tries the systemd units of the package under a real systemd, in a container that systemd-nspawn boots; run as root:
#   scripts/check_service.sh ROOT PACKAGES
# ROOT is a bare root of the Debian release that the packages in the folder PACKAGES are for (scripts/release.sh,
# scripts/bare_root.sh); it is copied, not changed.
set -euo pipefail
bare=$1
packages=$2
root=$(mktemp -d)
# The container's files belong to the process that still has them mounted, for a moment.
trap 'umount -q "$root/proc" || true; rm -rf --one-file-system "$root"' EXIT

cp -a "$bare/." "$root"
cp "$packages"/kiloword_*.deb "$root/root/"
mount -t proc proc "$root/proc"
env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive chroot "$root" sh -c \
  'apt-get update -qq && apt-get install -y -qq --no-install-recommends systemd-sysv curl procps /root/kiloword_*.deb > /dev/null'
umount "$root/proc"

cat > "$root/root/try.sh" << 'EOF'
#!/bin/bash
set -euxo pipefail
address=http://127.0.0.1:8421
property() { systemctl show --property "$1" --value kiloword.service; }
wait_until_ready() {
  for _ in $(seq 120); do
    if curl -sf -o /dev/null $address/readyz; then return; fi
    sleep 1
  done
  return 1
}
printf 'P3 2 2 255 250 10 10 10 250 10 10 10 250 250 250 10\n' > /tmp/tiny.ppm

# The socket starts the service at the first request, which waits for it.
systemctl start kiloword.socket
test "$(systemctl is-active kiloword.service || true)" = inactive
curl -sSf --max-time 60 $address/livez
wait_until_ready
test "$(systemctl is-active kiloword.service)" = active
curl -sSf --data-binary @/tmp/tiny.ppm $address/v1/caption
main=$(property MainPID)
test "$(ps -o uid= -p "$main")" -ge 61184  # the first of systemd's dynamic users
test -n "$(ls /var/cache/private/kiloword)"
property StatusText

# Killed, it comes back; stopped, it has ended well.
kill -9 "$main"
sleep 2
wait_until_ready
test "$(property MainPID)" != "$main"
systemctl stop kiloword.socket kiloword.service
test "$(property Result)" = success

# Without the socket it is started by itself, and reads its settings.
echo 'KILOWORD_TOKEN=secret' > /etc/default/kiloword
systemctl start kiloword.service
wait_until_ready
test "$(curl -s -o /dev/null -w '%{http_code}' --data-binary @/tmp/tiny.ppm $address/v1/caption)" = 401
curl -sSf -H 'Authorization: Bearer secret' --data-binary @/tmp/tiny.ppm $address/v1/caption
journalctl --no-pager -o cat -u kiloword.service | grep '^{' | tail -2
systemd-analyze security --no-pager kiloword.service | tail -1
systemctl stop kiloword.service
test "$(property Result)" = success
echo 'the units work'
EOF
chmod 755 "$root/root/try.sh"
cat > "$root/etc/systemd/system/try.service" << 'EOF'
[Unit]
After=multi-user.target
SuccessAction=poweroff-force
FailureAction=poweroff-force
[Service]
Type=oneshot
ExecStart=/root/try.sh
StandardOutput=append:/root/result
StandardError=append:/root/result
EOF
mkdir -p "$root/etc/systemd/system/default.target.wants"
ln -s ../try.service "$root/etc/systemd/system/default.target.wants/try.service"

timeout 600 systemd-nspawn --quiet --directory "$root" --private-network --register=no --keep-unit --boot > /dev/null < /dev/null || true
cat "$root/root/result"
tail -1 "$root/root/result" | grep -qx 'the units work'
