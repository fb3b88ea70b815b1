#!/usr/bin/env bash
# Installs packages as a user would, tries them, and purges them; run as root where nothing of kiloword is installed, e.g. in a
# bare root:
#   scripts/check_packages.sh FOLDER
# FOLDER is where scripts/release.sh has put the packages. The commands of the README and of the pages that show some are run too.
set -euo pipefail
packages=$1
source=$(cd "$(dirname "$0")/.." && pwd)
export DEBIAN_FRONTEND=noninteractive
list_files() { { find /etc /opt /srv /usr /var/cache /var/lib -xdev -name '*kiloword*' 2> /dev/null || true; } | sort; }

apt-get update -qq
# A check that failed may have left the package of an earlier commit.
apt-get install -y -qq --no-install-recommends --reinstall "$packages"/kiloword_*.deb > /dev/null
cd /tmp
printf 'P3 2 2 255 250 10 10 10 250 10 10 10 250 250 250 10\n' > tiny.ppm
kiloword caption tiny.ppm
kiloword describe tiny.ppm
kiloword doctor
test -e /usr/share/kiloword/towers/efficientnet-lite0/NOTICE
test -e /usr/share/doc/kiloword/copyright
test -e /usr/share/doc/kiloword/labels/README.md || test ! -e /usr/share/doc/kiloword/README.md  # slim systems leave pages out

apt-get install -y -qq --no-install-recommends opencv-doc curl jq python3 > /dev/null
pages=(README.md)
for page in cli install labels guided batch search; do pages+=("docs/$page.md"); done
(cd "$source" && tests/readme/check_readme.py "${pages[@]}" --installed --photos "$(scripts/sample_photos.sh)")

apt-get install -y -qq --no-install-recommends "$packages"/libkiloword*.deb g++ pkg-config > /dev/null
cat > version.cpp << 'EOF'
#include <kiloword/base/version.h>
#include <cstdio>
int main() { std::puts(kiloword::kVersion); }
EOF
g++ -std=c++17 version.cpp $(pkg-config --cflags --libs kiloword) -o version
./version

apt-get purge -y -qq kiloword 'libkiloword*' > /dev/null
left=$(list_files)
if [ -n "$left" ]; then
  printf 'left after purging:\n%s\n' "$left" >&2
  exit 1
fi
echo "packages install, run and leave nothing"
